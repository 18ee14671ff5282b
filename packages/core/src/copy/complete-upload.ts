import { ObjectStoreError } from '../object-store-error.ts'
import type { ObjectStat, WriteReceipt } from '../ports/object-store.ts'
import type { Written } from '../verify/destination-evidence.ts'
import type { CopyJob } from './copy-job.ts'
import { headWritten, isOurs, mayBeOurs } from './destination-identity.ts'
import { checkAbsent } from './overwrite-check.ts'
import { isRetryable, MAX_TRIES, mayBeDone, pauseBeforeRetry } from './retry.ts'
import type { UploadSession } from './upload-session.ts'
import type { WriteOutcome } from './write-outcome.ts'

/** Codes that say that the upload was not completed and will not be by asking again. */
const REFUSED: ReadonlySet<string> = new Set([
  'access-denied',
  'credentials',
  'invalid-part',
  'too-large',
  'invalid-request',
  'not-implemented',
  'no-such-bucket',
  'bad-digest',
])

/**
 * Completes an upload and finds out what became of it (design: "Complete is ambiguous"): after a lost or failed Complete, ListParts; an upload that is
 * still listed is completed again, one that is gone is looked for by HEAD. Rejects where the object was not made; the caller aborts the session then.
 */
export async function completeUpload(job: CopyJob, session: UploadSession, written: Written, predictedEtag: string | null): Promise<WriteOutcome> {
  const conditional = job.settings.overwrite === 'never' && job.destination.profile.writes.ifNoneMatchOnComplete === 'yes'
  const outcome = (receipt: WriteReceipt | null, head: ObjectStat | null, ambiguous: boolean): WriteOutcome => ({
    written,
    receipt,
    ambiguous,
    head,
    startedAtMs: session.startedAtMs,
    predictedEtag,
    opaqueWith: job.destination.profile.etag.opaqueWith,
  })
  let ambiguous = job.lostWrite.sinceMs !== null
  for (let tryNumber = 1; ; tryNumber++) {
    try {
      const receipt = await job.destination.completeUpload(job.destinationRef, session.uploadId, session.parts, {
        signal: job.signal,
        sizeBytes: written.sizeBytes,
        ifNoneMatch: conditional ? '*' : undefined,
      })
      await session.completed()
      return outcome(receipt, null, ambiguous || receipt.attempts > 1)
    } catch (error) {
      if (!(error instanceof ObjectStoreError) || job.signal.aborted) throw error
      ambiguous ||= mayBeDone(error)
      if (ambiguous) job.lostWrite.sinceMs ??= session.startedAtMs
      if (REFUSED.has(error.reason) && !ambiguous) throw error
      // 412 is answered also to a repetition of our own Complete, and NoSuchUpload after one that succeeded
      if (ambiguous || error.reason === 'no-such-upload' || error.reason === 'not-found') {
        // ListParts may be denied; a Complete that does not find its upload says the same
        const gone = error.reason === 'no-such-upload' || (await uploadIsGone(job, session.uploadId))
        if (gone) {
          const done = await findCompleted(job, outcome(null, null, true))
          if (done === null) throw error
          await session.completed()
          return done
        }
      }
      if (tryNumber >= MAX_TRIES || !isRetryable(error)) throw error
      await pauseBeforeRetry(job, 'destination', tryNumber, error)
      // the caller looked before the first try; a server that is busy may have us wait for minutes
      if (!conditional) await checkAbsent(job)
    }
  }
}

/** True where the server no longer knows the upload; an answer that does not come counts as "still there". */
async function uploadIsGone(job: CopyJob, uploadId: string): Promise<boolean> {
  for (let tryNumber = 1; tryNumber <= MAX_TRIES; tryNumber++) {
    try {
      for await (const _part of job.destination.listParts(job.destinationRef, uploadId, { signal: job.signal })) return false
      return false
    } catch (error) {
      if (!(error instanceof ObjectStoreError)) throw error
      if (error.reason === 'no-such-upload') return true
      if (!isRetryable(error)) return false
      await pauseBeforeRetry(job, 'destination', tryNumber, error)
    }
  }
  return false
}

async function findCompleted(job: CopyJob, outcome: WriteOutcome): Promise<WriteOutcome | null> {
  const stat = await headWritten(job, job.destinationRef)
  if (stat === null) return null
  if (isOurs(outcome, stat)) return { ...outcome, head: stat }
  // the parts were checked, but whether this is what they became is not known: the bytes have to tell
  return mayBeOurs(outcome, stat) ? { ...outcome, head: stat, written: { ...outcome.written, checked: { contentMd5: false, checksums: [] } } } : null
}
