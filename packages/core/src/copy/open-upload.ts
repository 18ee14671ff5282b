import type { CopyWork } from './copy-attempt.ts'
import type { CopyJob } from './copy-job.ts'
import type { PartLayout } from './part-plan.ts'
import type { SourceSession } from './source-session.ts'
import { UploadSession } from './upload-session.ts'

/** Begins the upload, and has it recorded before its first part goes out. */
export async function openUpload(job: CopyJob, session: SourceSession, work: CopyWork, layout: PartLayout): Promise<UploadSession> {
  const { metadata: support } = job.destination.profile
  const [checksum] = work.plan.sendChecksums
  const upload = await UploadSession.create(
    job,
    {
      ...work.write,
      tags: support.tagsOnCreateUpload === 'yes' ? work.write.tags : undefined,
      checksum:
        checksum === undefined
          ? undefined
          : { algorithm: checksum, type: job.destination.profile.checksums.multipartComposite.includes(checksum) ? 'COMPOSITE' : 'FULL_OBJECT' },
    },
    { contentMd5: work.plan.sendContentMd5, checksums: work.plan.sendChecksums },
  )
  work.upload = upload
  const partSizeBytes = layout.kind === 'uniform' ? layout.partSizeBytes : (layout.sizes[0] ?? 0)
  await job.observer.uploadOpened({ uploadId: upload.uploadId, sourceEtag: session.stat.etag, partSizeBytes, parts: layout.count })
  return upload
}
