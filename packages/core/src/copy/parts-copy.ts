import { SealiftError } from '../errors.ts'
import { copyBufferedParts, partSlots } from './buffered-parts.ts'
import { completeUpload } from './complete-upload.ts'
import { type AttemptResult, type CopyWork, describeWritten, isOnlyRead, mayCommit, sameLayout } from './copy-attempt.ts'
import type { CopyJob } from './copy-job.ts'
import { predictedEtag } from './destination-check.ts'
import { loseChecksum } from './kept-checksum.ts'
import { openUpload } from './open-upload.ts'
import { checkAbsent } from './overwrite-check.ts'
import { PartDigests } from './part-digests.ts'
import { type PartLayout, partRanges } from './part-plan.ts'
import { type ReadDigests, ReadHasher } from './read-hasher.ts'
import { candidatesForRead } from './source-layout.ts'
import type { SourceSession } from './source-session.ts'
import { streamPart } from './stream-part.ts'
import type { UploadSession } from './upload-session.ts'

/**
 * Reads the source once and writes it in parts of a layout that is fixed beforehand. A further read of the same source (a second read, or
 * one after a difference) goes over the same upload: only parts whose bytes differ are sent again.
 */
export async function copyInParts(job: CopyJob, session: SourceSession, work: CopyWork, fresh: boolean): Promise<AttemptResult> {
  const { layout } = work
  if (layout === null) throw new SealiftError('ERR_INVALID_STATE', 'an object is written in parts of a layout')
  if (work.upload === null) await checkAbsent(job)
  const slots = partSlots(layout, job.settings.memoryBytes)
  // a stream's checksum is known at its end only, and an upload that announced one wants it with every part
  if (slots < 1) loseChecksum(job.notCarried, work.kept, 'its parts are too large to be held, and go out as they are read')
  const sendChecksums = slots < 1 && work.kept !== null ? [] : work.plan.sendChecksums
  const upload = work.upload ?? (await openUpload(job, session, work, layout, sendChecksums))
  const tried = work.known === null ? candidatesForRead(work.candidates, session.reads.length, isOnlyRead(job)) : [work.known.layout]
  const others = tried.filter((candidate) => !sameLayout(candidate, layout))
  const hasher = new ReadHasher(job.engine, work.plan.algorithms, others, work.plan.partAlgorithms)
  const parts = new PartDigests(job.engine, work.plan.partAlgorithms)
  let digests: ReadDigests
  try {
    if (slots >= 1) await copyBufferedParts(job, session, { layout, upload, hasher, parts, fresh }, slots)
    else await streamedParts(job, session, work, layout, upload, hasher, parts, fresh)
    digests = hasher.finish()
  } catch (error) {
    hasher.abandon()
    throw error
  }
  const combined = parts.combine()
  const overKnown = work.known !== null && sameLayout(work.known.layout, layout)
  const judged: ReadDigests = overKnown ? { ...digests, composites: combined.composites } : digests
  const overTried = tried.some((candidate) => sameLayout(candidate, layout))
  const judgement = session.judge(judged, work.known !== null, overTried ? [combined.etag] : [])
  if (!mayCommit(job, session, judgement)) return { kind: 'held-back', judgement, digests }
  const written = describeWritten(digests, combined, upload.checked)
  await checkAbsent(job)
  const outcome = await completeUpload(job, upload, written, predictedEtag(written, job.destination.profile))
  work.upload = null
  return { kind: 'written', judgement, digests, outcome, route: 'multipart' }
}

async function streamedParts(
  job: CopyJob,
  session: SourceSession,
  work: CopyWork,
  layout: PartLayout,
  upload: UploadSession,
  hasher: ReadHasher,
  parts: PartDigests,
  fresh: boolean,
): Promise<void> {
  // the reply that opened the session is of the whole object; parts are read by range
  session.close()
  // a further read is held to what a reply of its own offers, as ranges offer no digest of the whole
  if (session.reads.length > 0) (await session.reader.open(0, session.sizeBytes - 1, true)).discard()
  for (const range of partRanges(layout)) parts.set(range.partNumber, await streamPart(job, session, upload, range, hasher, work.plan.partAlgorithms, fresh))
}
