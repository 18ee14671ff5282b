import { ObjectStoreError } from '../object-store-error.ts'
import type { CopyObjectOptions, CopySource } from '../ports/object-store.ts'
import type { CopyJob } from './copy-job.ts'
import { headWritten, isOurs, mayBeOurs } from './destination-identity.ts'
import { checkAbsent, existsError } from './overwrite-check.ts'
import { isRetryable, MAX_TRIES, mayBeDone, pauseBeforeRetry } from './retry.ts'
import { copySupport } from './server-side-choice.ts'
import type { WriteOutcome } from './write-outcome.ts'

/**
 * One CopyObject, at most four times, with lost replies settled as those of a PUT are: it makes the same object each time, so that it is sent again, and a
 * HEAD decides after the last.
 * @param outcome - what every outcome of this copy has in common
 * @throws `ERR_DESTINATION_EXISTS` where `overwrite: 'never'` meets somebody else's object
 */
export async function copyWhole(
  job: CopyJob,
  source: CopySource,
  options: Omit<CopyObjectOptions, 'signal' | 'ifNoneMatch'>,
  outcome: Omit<WriteOutcome, 'receipt' | 'ambiguous' | 'head'>,
): Promise<WriteOutcome> {
  const copy = job.destination.copyObject?.bind(job.destination)
  if (copy === undefined) throw new TypeError('the store adapter cannot copy')
  const conditional = job.settings.overwrite === 'never' && copySupport(job.destination.profile).ifNoneMatch === 'yes'
  const lost: WriteOutcome = { ...outcome, receipt: null, ambiguous: true, head: null }
  const looksFirst = !conditional && job.settings.overwrite === 'never'
  let ambiguous = job.lostWrite.sinceMs !== null
  for (let tryNumber = 1; ; tryNumber++) {
    if (looksFirst) {
      // what is there may be what an earlier try made without getting a reply
      const earlier = ambiguous ? await lookForCopy(job, lost) : null
      if (earlier !== null) return earlier
      await checkAbsent(job)
    }
    try {
      const receipt = await copy(source, job.destinationRef, { ...options, signal: job.signal, ifNoneMatch: conditional ? '*' : undefined })
      return { ...outcome, receipt, ambiguous: ambiguous || receipt.attempts > 1, head: null }
    } catch (error) {
      if (!(error instanceof ObjectStoreError) || job.signal.aborted) throw error
      ambiguous ||= mayBeDone(error)
      if (ambiguous) job.lostWrite.sinceMs ??= outcome.startedAtMs
      const last = tryNumber >= MAX_TRIES || !isRetryable(error)
      if (ambiguous && last) {
        const found = await findCopy(job, lost)
        if (found !== null) return found
      }
      // 412 may speak of either condition: of the source's where nothing is there
      if (error.reason === 'precondition-failed' && conditional && (await headWritten(job, job.destinationRef)) !== null) throw existsError(job, error)
      if (last) throw error
      await pauseBeforeRetry(job, 'destination', tryNumber, error)
    }
  }
}

/** As {@link lookForCopy}, where the error of the copy says more than one of the look at it. */
async function findCopy(job: CopyJob, outcome: WriteOutcome): Promise<WriteOutcome | null> {
  return await lookForCopy(job, outcome).catch((error: unknown) => {
    if (error instanceof ObjectStoreError) return null
    throw error
  })
}

async function lookForCopy(job: CopyJob, outcome: WriteOutcome): Promise<WriteOutcome | null> {
  const stat = await headWritten(job, job.destinationRef)
  if (stat === null || !(isOurs(outcome, stat) || mayBeOurs(outcome, stat))) return null
  return { ...outcome, head: stat }
}
