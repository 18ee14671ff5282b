import { ObjectStoreError } from '../object-store-error.ts'
import type { ObjectLockState, ObjectRef } from '../ports/object-store.ts'
import type { CopyJob } from './copy-job.ts'
import { withRetries } from './retry.ts'

type LockPart = 'retention' | 'legal-hold'

/**
 * Looks whether the written object has the retention and legal hold that went with its write, and sets what is missing: stores are known to drop them on
 * CreateMultipartUpload and CopyObject (Ceph, moto) without a word. What does not hold in the end is not carried; it never fails the object.
 */
export async function setLockAfterWrite(job: CopyJob, wanted: ObjectLockState | undefined, ref: ObjectRef): Promise<void> {
  if (wanted === undefined) return
  const lose = (parts: readonly LockPart[], reason: string): void => {
    for (const what of parts) job.notCarried.push({ what, name: null, reason })
  }
  const first = await missing(job, wanted, ref)
  if (first.parts.length === 0) return
  const refused = new Map<LockPart, string>()
  for (const part of first.parts) {
    const reason = await setPart(job, wanted, ref, part)
    if (reason !== null) refused.set(part, reason)
  }
  for (const [part, reason] of refused) lose([part], reason)
  const set = first.parts.filter((part) => !refused.has(part))
  if (set.length === 0) return
  const { parts, reason } = await missing(job, wanted, ref)
  lose(
    parts.filter((part) => set.includes(part)),
    reason,
  )
}

/** What a HEAD does not show of the lock; all of it where there is no HEAD. */
async function missing(job: CopyJob, wanted: ObjectLockState, ref: ObjectRef): Promise<{ readonly parts: readonly LockPart[]; readonly reason: string }> {
  try {
    const { lock } = await withRetries(job, 'destination', () => job.destination.head(ref, { signal: job.signal }))
    return { parts: missingOf(wanted, lock), reason: 'the destination does not show it' }
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw error
    return { parts: missingOf(wanted, null), reason: `it cannot be seen at the destination (${error.reason})` }
  }
}

/** A longer retention than the source's is what a bucket's default may add; it holds what was asked for. Pure. */
function missingOf(wanted: ObjectLockState, held: ObjectLockState | null): LockPart[] {
  const parts: LockPart[] = []
  const until = (lock: ObjectLockState | null): number => (lock?.retainUntil == null ? Number.NaN : Date.parse(lock.retainUntil))
  // dates come back in whole seconds
  const retained = held !== null && held.mode === wanted.mode && until(held) >= Math.floor(until(wanted) / 1000) * 1000
  if (wanted.mode !== null && !retained) parts.push('retention')
  if (wanted.legalHold && held?.legalHold !== true) parts.push('legal-hold')
  return parts
}

/** @returns why it was not set; null: the store said yes */
async function setPart(job: CopyJob, wanted: ObjectLockState, ref: ObjectRef, part: LockPart): Promise<string | null> {
  const { destination, signal } = job
  try {
    if (part === 'legal-hold') {
      if (destination.putLegalHold === undefined) return 'the destination dropped it, and the store adapter cannot set it'
      await withRetries(job, 'destination', async () => destination.putLegalHold?.(ref, true, { signal }))
      return null
    }
    const { mode, retainUntil } = wanted
    if (destination.putRetention === undefined || mode === null || retainUntil === null)
      return 'the destination dropped it, and the store adapter cannot set it'
    await withRetries(job, 'destination', async () => destination.putRetention?.(ref, { mode, retainUntil }, { signal }))
    return null
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw error
    return `the destination refused it (${error.reason})`
  }
}
