import { VERDICTS } from '@sealift/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { adjustCounts, type CountedRow, integrityRate, type TaskCounts } from '../src/task-counts.ts'

const NOTHING: TaskCounts = { totalObjects: 0n, totalBytes: 0n, verified: 0n, failed: 0n, mismatches: 0n }
const row = fc.record({ key: fc.integer({ min: 0, max: 9 }), verdict: fc.constantFrom(...VERDICTS), sizeBytes: fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }) })

describe('adjustCounts', () => {
  it('gives the same as counting all rows anew, whatever was replaced', () => {
    fc.assert(
      fc.property(fc.array(fc.uniqueArray(row, { selector: (entry) => entry.key })), (batches) => {
        const rows = new Map<number, CountedRow>()
        let counts = NOTHING
        for (const batch of batches) {
          const replaced = batch.flatMap((entry) => rows.get(entry.key) ?? [])
          counts = adjustCounts(counts, batch, replaced)
          for (const entry of batch) rows.set(entry.key, entry)
        }
        const all = [...rows.values()]
        expect(counts).toEqual({
          totalObjects: BigInt(all.length),
          totalBytes: all.reduce((sum, entry) => sum + entry.sizeBytes, 0n),
          verified: BigInt(all.filter((entry) => entry.verdict === 'verified').length),
          failed: BigInt(all.filter((entry) => ['mismatch', 'unverified', 'failed'].includes(entry.verdict)).length),
          mismatches: BigInt(all.filter((entry) => entry.verdict === 'mismatch').length),
        })
      }),
    )
  })
})

describe('integrityRate', () => {
  const known: readonly (readonly [bigint, bigint, number | null])[] = [
    [0n, 0n, null],
    [1n, 0n, 100],
    [0n, 1n, 0],
    [2n, 1n, 66.67],
    [1n, 2n, 33.33],
    [1n, 1n, 50],
    [1n, 7n, 12.5],
    [12_345n, 1n, 99.99],
    [10n ** 15n, 1n, 99.99],
    [1n, 10n ** 15n, 0.01],
    [10n ** 15n, 0n, 100],
  ]
  it.each(known)('%s verified and %s not: %s', (verified, failed, rate) => expect(integrityRate({ verified, failed })).toBe(rate))
})
