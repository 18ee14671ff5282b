import { ObjectStoreError } from '../object-store-error.ts'
import type { Evidence } from '../verify/evidence.ts'
import type { CopyJob } from './copy-job.ts'
import { headWritten, isOurs } from './destination-identity.ts'
import { withRetries } from './retry.ts'
import type { WriteOutcome } from './write-outcome.ts'

/**
 * Removes a destination object that was proved wrong, and only that one (design: "delete only what is ours"): the version that our write's reply named;
 * else, while a HEAD still shows that reply's ETag (Ceph answers Complete without one: the predicted ETag, the size and the time), DELETE with If-Match. Without a reply nothing is deleted.
 * @returns what was done, as evidence for the record
 */
export async function discardMismatch(job: CopyJob, outcome: WriteOutcome): Promise<Evidence> {
  const note = (reason: string): Evidence => ({
    leg: 'destination',
    method: 'read-back',
    algorithm: null,
    type: null,
    expected: null,
    actual: null,
    outcome: 'not-comparable',
    reason,
    trust: 'self',
  })
  const { receipt } = outcome
  if (receipt === null) return note('kept: no reply of our own write names it')
  const versionId = receipt.versionId !== null && receipt.versionId !== 'null' ? receipt.versionId : null
  try {
    if (versionId !== null) {
      await withRetries(job, 'destination', () => job.destination.delete({ ...job.destinationRef, versionId }, { signal: job.signal }))
      return note('deleted: the version that our write made')
    }
    const stat = await headWritten(job, job.destinationRef)
    if (stat === null) return note('gone already')
    if (!isOurs(receipt.etag === null ? outcome : { ...outcome, predictedEtag: null }, stat)) return note('kept: another object is there by now')
    const honoured = job.destination.profile.writes.deleteIfMatch
    const ifMatch = honoured === 'no' ? undefined : (stat.etag ?? undefined)
    await withRetries(job, 'destination', () => job.destination.delete(job.destinationRef, { signal: job.signal, ifMatch }))
    return note(
      honoured === 'yes'
        ? 'deleted: by If-Match'
        : 'deleted: the provider does not promise If-Match, so that a write between HEAD and DELETE would have been lost',
    )
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw error
    return note(error.reason === 'access-denied' ? 'kept: it is locked, retained, or may not be deleted' : `kept: DELETE failed (${error.reason})`)
  }
}
