import type { StoredResult, TaskRecord, Verdict } from '@sealift/core'

const TO_PROVE: ReadonlySet<Verdict> = new Set<Verdict>(['verified', 'mismatch', 'unverified', 'failed'])

/** The counts of a task, from all of its results. */
export function countResults(results: Iterable<StoredResult>): Partial<TaskRecord> {
  let totalObjects = 0
  let totalBytes = 0
  let verified = 0
  let toProve = 0
  let mismatches = 0
  for (const result of results) {
    totalObjects += 1
    totalBytes += result.source.sizeBytes ?? result.destination.sizeBytes ?? 0
    if (result.verdict === 'verified') verified += 1
    if (result.verdict === 'mismatch') mismatches += 1
    if (TO_PROVE.has(result.verdict)) toProve += 1
  }
  return {
    totalObjects,
    totalBytes,
    verifiedObjects: verified,
    failedObjects: toProve - verified,
    integrityVerified: verified,
    integrityRate: rate(verified, toProve),
    integrityErrors: mismatches,
  }
}

// rounded to the hundredth, but 100 only when all, and 0 only when none, were verified
function rate(verified: number, toProve: number): number | null {
  if (toProve === 0) return null
  if (verified === 0 || verified === toProve) return verified === 0 ? 0 : 100
  return Math.min(Math.max(Math.round((verified * 10_000) / toProve), 1), 9_999) / 100
}
