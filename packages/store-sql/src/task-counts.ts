import type { Verdict } from '@sealift/core'

/** Counts of one task. `bigint`, because the bytes of a long task may pass 2^53. */
export interface TaskCounts {
  readonly totalObjects: bigint
  /** bytes of the source objects (the destination's size where the source gave none) */
  readonly totalBytes: bigint
  readonly verified: bigint
  /** `mismatch`, `unverified` and `failed`: had to be proved and were not */
  readonly failed: bigint
  readonly mismatches: bigint
}

/** What one row adds to its task's counts. */
export interface CountedRow {
  readonly verdict: Verdict
  readonly sizeBytes: bigint
}

export const NO_COUNTS: TaskCounts = { totalObjects: 0n, totalBytes: 0n, verified: 0n, failed: 0n, mismatches: 0n }

/** Adds the new rows and takes away the rows that they replace. */
export function adjustCounts(counts: TaskCounts, added: readonly CountedRow[], replaced: readonly CountedRow[]): TaskCounts {
  let { totalObjects, totalBytes, verified, failed, mismatches } = counts
  const apply = (row: CountedRow, sign: bigint): void => {
    totalObjects += sign
    totalBytes += sign * row.sizeBytes
    if (row.verdict === 'verified') verified += sign
    if (row.verdict === 'mismatch') mismatches += sign
    if (row.verdict === 'mismatch' || row.verdict === 'unverified' || row.verdict === 'failed') failed += sign
  }
  for (const row of added) apply(row, 1n)
  for (const row of replaced) apply(row, -1n)
  return { totalObjects, totalBytes, verified, failed, mismatches }
}

/**
 * Percent with two decimals of the objects that had to be proved (verified, mismatch, unverified, failed) and were; null where there were none.
 * Rounded to the nearest hundredth, except that 100.00 is said only when every one was verified (and 0.00 only when none was).
 */
export function integrityRate(counts: Pick<TaskCounts, 'verified' | 'failed'>): number | null {
  const proved = counts.verified + counts.failed
  if (proved === 0n) return null
  if (counts.failed === 0n) return 100
  if (counts.verified === 0n) return 0
  const hundredths = Number((counts.verified * 20_000n + proved) / (2n * proved))
  return Math.min(Math.max(hundredths, 1), 9_999) / 100
}
