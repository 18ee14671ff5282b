import { sleep } from '../abort.ts'
import { parseETag } from '../etag.ts'
import { ObjectStoreError } from '../object-store-error.ts'
import type { ObjectRef, ObjectStat } from '../ports/object-store.ts'
import type { CopyJob } from './copy-job.ts'
import { withRetries } from './retry.ts'
import { writtenWithin } from './server-clock.ts'
import type { WriteOutcome } from './write-outcome.ts'

const POLL_MS = 500

/** The destination object as our write named it: its version where there is one. */
export function writtenRef(job: CopyJob, outcome: WriteOutcome): ObjectRef {
  const versionId = outcome.receipt?.versionId ?? outcome.head?.versionId ?? null
  // 'null' names no version of our own: it is what an unversioned or suspended bucket has, and some servers refuse to be asked for it
  return versionId === null || versionId === 'null' ? job.destinationRef : { ...job.destinationRef, versionId }
}

/** HEAD of what was written; null where there is no such object. */
export async function headWritten(job: CopyJob, ref: ObjectRef): Promise<ObjectStat | null> {
  try {
    return await withRetries(job, 'destination', () => job.destination.head(ref, { signal: job.signal }))
  } catch (error) {
    if (error instanceof ObjectStoreError && error.reason === 'not-found') return null
    throw error
  }
}

/**
 * Whether a reply of the destination shows the object that our own write named: its versionId, else its ETag, else the ETag that the
 * provider's rule predicts (design: verdict rule 7). Where the write had no reply, or the ETag cannot be predicted, the time must fit, too.
 */
export function isOurs(outcome: WriteOutcome, stat: ObjectStat): boolean {
  const { receipt } = outcome
  const versionId = receipt?.versionId ?? null
  if (versionId !== null && versionId !== 'null' && stat.versionId !== null) return stat.versionId === versionId
  const etag = stat.etag === null ? null : parseETag(stat.etag)
  // equal weak ETags do not promise equal bytes: they name nothing
  if (etag === null || etag.weak) return false
  if (strongEtag(receipt) === etag.value) return true
  return predicted(outcome, stat) === etag.value && fits(outcome, stat)
}

/** The ETag that a HEAD should show; null under an encryption that makes it opaque. */
function predicted(outcome: WriteOutcome, stat: ObjectStat): string | null {
  return outcome.opaqueWith?.includes(stat.encryption) === true ? null : outcome.predictedEtag
}

/**
 * Whether the write's own reply shows that the store took the object: by a version, or an ETag, and by the very ETag that it must have where that is known.
 * Anybody on the way can answer 200, before the body was sent even: then the checks that went with the write were perhaps made by nobody. Pure.
 */
export function isNamedByReply(outcome: WriteOutcome): boolean {
  const { receipt } = outcome
  if (receipt === null) return false
  const expected = outcome.opaqueWith?.includes(receipt.encryption) === true ? null : outcome.predictedEtag
  if (receipt.etag === null) return receipt.versionId !== null && receipt.versionId !== 'null'
  return expected === null || parseETag(receipt.etag).value === expected
}

function strongEtag(receipt: WriteOutcome['receipt']): string | null {
  const etag = receipt?.etag == null ? null : parseETag(receipt.etag)
  return etag === null || etag.weak ? null : etag.value
}

function fits(outcome: WriteOutcome, stat: ObjectStat): boolean {
  return stat.sizeBytes === outcome.written.sizeBytes && writtenWithin(stat, performance.now() - outcome.startedAtMs)
}

/** A reply that may show our object though nothing names it: size and time fit, and no strong ETag is known. A read-back has to decide. */
export function mayBeOurs(outcome: WriteOutcome, stat: ObjectStat): boolean {
  if (!fits(outcome, stat)) return false
  const { receipt } = outcome
  const named = (receipt?.versionId ?? null) !== null || strongEtag(receipt) !== null || predicted(outcome, stat) !== null
  if (!named) return true
  // some stores have no ETag for some objects: neither the reply of the write nor this one names anything then
  if (stat.etag === null) return (receipt?.versionId ?? null) === null && strongEtag(receipt) === null
  // a proxy may have made a strong ETag weak
  const etag = parseETag(stat.etag)
  return etag.weak && (etag.value === strongEtag(receipt) || etag.value === predicted(outcome, stat))
}

/** Asks until the destination shows our object, at most for `settleMs` (eventually consistent stores). `stat` is the last one seen. */
export async function settle(job: CopyJob, outcome: WriteOutcome): Promise<{ readonly ours: boolean; readonly stat: ObjectStat | null }> {
  const until = performance.now() + job.settings.settleMs
  const ref = writtenRef(job, outcome)
  for (;;) {
    const stat = await headWritten(job, ref)
    if (stat !== null && !stat.fromCache && (isOurs(outcome, stat) || mayBeOurs(outcome, stat))) return { ours: true, stat }
    if (performance.now() + POLL_MS >= until) return { ours: false, stat }
    await sleep(POLL_MS, job.signal)
  }
}
