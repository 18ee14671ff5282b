import type { ChecksumAlgorithm } from '../checksum/algorithm.ts'
import type { CopyWork } from './copy-attempt.ts'
import type { CopyJob } from './copy-job.ts'
import type { PartLayout } from './part-plan.ts'
import type { SourceSession } from './source-session.ts'
import { UploadSession } from './upload-session.ts'

/**
 * Begins the upload, and has it recorded before its first part goes out.
 * @param sendChecksums - that will go with each part
 */
export async function openUpload(
  job: CopyJob,
  session: SourceSession,
  work: CopyWork,
  layout: PartLayout,
  sendChecksums: readonly ChecksumAlgorithm[] = work.plan.sendChecksums,
): Promise<UploadSession> {
  const { metadata: support, checksums } = job.destination.profile
  const [checksum] = sendChecksums
  const type = work.kept !== null && work.kept.algorithm === checksum ? work.kept.type : null
  const upload = await UploadSession.create(
    job,
    {
      ...work.write,
      tags: support.tagsOnCreateUpload === 'yes' ? work.write.tags : undefined,
      checksum:
        checksum === undefined
          ? undefined
          : { algorithm: checksum, type: type ?? (checksums.multipartComposite.includes(checksum) ? 'COMPOSITE' : 'FULL_OBJECT') },
    },
    { contentMd5: work.plan.sendContentMd5, checksums: sendChecksums },
  )
  work.upload = upload
  const partSizeBytes = layout.kind === 'uniform' ? layout.partSizeBytes : (layout.sizes[0] ?? 0)
  await job.observer.uploadOpened({ uploadId: upload.uploadId, sourceEtag: session.stat.etag, partSizeBytes, parts: layout.count })
  return upload
}
