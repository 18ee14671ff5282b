import type { ObjectStat } from '../ports/object-store.ts'

/** HTTP dates are whole seconds, and a store may stamp an object a moment before it answers. */
const TOLERANCE_MS = 2_000

/**
 * Whether an object was written no earlier than `elapsedMs` ago, by the server's own clock (its `Date` in the same reply).
 * False where the reply gives no time to judge by.
 */
export function writtenWithin(stat: Pick<ObjectStat, 'lastModified' | 'serverDate'>, elapsedMs: number): boolean {
  if (stat.lastModified === null) return false
  const now = stat.serverDate?.getTime() ?? Date.now()
  return stat.lastModified.getTime() >= now - elapsedMs - TOLERANCE_MS
}
