import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CoveringRow, coveringArray } from './covering-array.ts'

function allRows(sizes: readonly number[]): number[][] {
  return sizes.reduce<number[][]>((rows, size) => rows.flatMap((row) => Array.from({ length: size }, (_, value) => [...row, value])), [[]])
}

function pairs(row: CoveringRow): string[] {
  return row.flatMap((a, f) => row.slice(f + 1).map((b, after) => `${f}=${a},${f + 1 + after}=${b}`))
}

describe('coveringArray', () => {
  it('covers three factors of two values by four rows', () => {
    expect(coveringArray([2, 2, 2], () => true)).toHaveLength(4)
  })

  it('holds every pair that an allowed row can hold, and no row that is not allowed', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 4 }), fc.integer({ min: 2, max: 7 }), (sizes, divisor) => {
        const isAllowed = (row: CoveringRow): boolean => row.reduce((sum, value, factor) => sum + value * (factor + 1), 0) % divisor !== 1
        const rows = coveringArray(sizes, isAllowed)
        const wanted = new Set(allRows(sizes).filter(isAllowed).flatMap(pairs))
        expect(new Set(rows.flatMap(pairs))).toEqual(wanted)
        expect(rows.every(isAllowed)).toBe(true)
      }),
      { numRuns: 100, seed: 4 },
    )
  })

  it('gives the same rows for the same input', () => {
    expect(coveringArray([5, 4, 3, 2], (row) => row[0] !== row[1])).toEqual(coveringArray([5, 4, 3, 2], (row) => row[0] !== row[1]))
  })
})
