import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FEASIBLE, UPLOADER_PART_SIZES } from '../../test/vectors.ts'
import { feasiblePartSizes, MAX_RANKED_PART_SIZES, rankedPartSizes } from './part-size.ts'
import { UPLOADER_RULES } from './uploader-part-sizes.ts'

const MIB = 1024 * 1024
const TIB = MIB * MIB

/** Counted, not computed by the formula under test. */
function countParts(sizeBytes: number, partSizeBytes: number): number {
  return Number((BigInt(sizeBytes) + BigInt(partSizeBytes) - 1n) / BigInt(partSizeBytes)) || 1
}

describe('feasiblePartSizes', () => {
  it.each(FEASIBLE)('gives the known range of $sizeBytes bytes in $partCount parts', ({ sizeBytes, partCount, minBytes, maxBytes }) => {
    expect(feasiblePartSizes(sizeBytes, partCount)).toEqual({ minBytes, maxBytes })
  })

  it('agrees with trying every part size, for every small object', () => {
    let empty = 0
    for (let sizeBytes = 1; sizeBytes <= 120; sizeBytes += 1) {
      for (let partCount = 2; partCount <= sizeBytes + 2; partCount += 1) {
        const fitting: number[] = []
        for (let part = 1; part <= sizeBytes; part += 1) if (Math.ceil(sizeBytes / part) === partCount) fitting.push(part)
        const range = feasiblePartSizes(sizeBytes, partCount)
        if (fitting.length === 0) {
          empty += 1
          expect(range).toBeNull()
        } else {
          expect(range).toEqual({ minBytes: fitting[0], maxBytes: fitting.at(-1) })
        }
      }
    }
    expect(empty).toBeGreaterThan(100)
  })

  it('gives any size from the object on for one part', () => {
    expect(feasiblePartSizes(20, 1)).toEqual({ minBytes: 20, maxBytes: Number.MAX_SAFE_INTEGER })
    expect(feasiblePartSizes(0, 1)).toEqual({ minBytes: 0, maxBytes: Number.MAX_SAFE_INTEGER })
  })

  it('gives null where the parts cannot have been equal', () => {
    expect(feasiblePartSizes(10, 7)).toBeNull()
    expect(feasiblePartSizes(0, 2)).toBeNull()
    expect(feasiblePartSizes(1, 2)).toBeNull()
  })

  it('always holds the true part size, up to the largest safe integer', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: -2, max: 2 }), (sizeBytes, split, nudge) => {
        const partSizeBytes = Math.min(Math.max(1, Math.floor(sizeBytes / split) + nudge), Number.MAX_SAFE_INTEGER)
        const partCount = countParts(sizeBytes, partSizeBytes)
        const range = feasiblePartSizes(sizeBytes, partCount)
        expect(range).not.toBeNull()
        if (partCount > 1 || partSizeBytes >= sizeBytes) {
          expect(range?.minBytes).toBeLessThanOrEqual(partSizeBytes)
          expect(range?.maxBytes).toBeGreaterThanOrEqual(partSizeBytes)
        }
        // both ends fit, their neighbours outside do not
        if (range !== null && partCount > 1) {
          expect(countParts(sizeBytes, range.minBytes)).toBe(partCount)
          expect(countParts(sizeBytes, range.maxBytes)).toBe(partCount)
          expect(countParts(sizeBytes, range.maxBytes + 1)).toBeLessThan(partCount)
          if (range.minBytes > 1) expect(countParts(sizeBytes, range.minBytes - 1)).toBeGreaterThan(partCount)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    [-1, 1, 'sizeBytes'],
    [1.5, 1, 'sizeBytes'],
    [2 ** 53, 1, 'sizeBytes'],
    [Number.NaN, 1, 'sizeBytes'],
    ['5', 1, 'sizeBytes'],
    [5, 0, 'partCount'],
    [5, -1, 'partCount'],
    [5, 1.5, 'partCount'],
    [5, undefined, 'partCount'],
  ])('refuses size %j with count %j', (sizeBytes, partCount, option) => {
    const refused = expect.objectContaining({ code: 'ERR_INVALID_OPTION', context: expect.objectContaining({ option }) })
    expect(() => feasiblePartSizes(sizeBytes as number, partCount as number)).toThrowError(refused)
    expect(() => rankedPartSizes(sizeBytes as number, partCount as number)).toThrowError(refused)
  })
})

describe('rankedPartSizes', () => {
  it.each(UPLOADER_PART_SIZES)('has what $uploader makes of $sizeBytes bytes', ({ sizeBytes, partSizeBytes, partCount }) => {
    expect(countParts(sizeBytes, partSizeBytes)).toBe(partCount)
    expect(rankedPartSizes(sizeBytes, partCount)).toContain(partSizeBytes)
  })

  it.each([
    // aws-cli and boto3 before all
    [100 * MIB, 13, 8 * MIB],
    [100 * MIB, 20, 5 * MIB],
    [100 * MIB, 7, 16 * MIB],
    [64 * 1024 * MIB, 8192, 8 * MIB],
    [100 * MIB, 2, 50 * MIB],
    [1024 * MIB, 11, 100 * MIB],
    [30 * MIB + 1, 3, 15 * MIB],
  ])('puts the likeliest first: %d bytes in %d parts are parts of %d', (sizeBytes, partCount, first) => {
    expect(rankedPartSizes(sizeBytes, partCount)[0]).toBe(first)
  })

  it.each(FEASIBLE)('has every whole MiB that fits $sizeBytes bytes in $partCount parts', ({ sizeBytes, partCount, wholeMib }) => {
    expect(rankedPartSizes(sizeBytes, partCount, 100)).toEqual(expect.arrayContaining(wholeMib.map((mib) => mib * MIB)))
  })

  it('has the byte-exact size of the rules that split into 10,000', () => {
    expect(rankedPartSizes(100_000_000_000, 10_000)[0]).toBe(10_000_000)
    // the Go SDK adds a byte where the division has no rest
    expect(rankedPartSizes(100_000_000_000, 10_000).slice(0, 3)).toContain(10_000_001)
  })

  it('has the sizes that people configure', () => {
    expect(rankedPartSizes(300 * MIB, 2, 8)).toEqual(expect.arrayContaining([256 * MIB, 200 * MIB]))
    expect(rankedPartSizes(1_000_000_000, 40)).toContain(25_000_000)
    expect(rankedPartSizes(20 * MIB, 2)).toContain(17_179_870)
  })

  it('ranks the size of every known uploader among the first eight', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...UPLOADER_RULES),
        fc.oneof(fc.integer({ min: 0, max: 100_000 * MIB }), fc.integer({ min: 0, max: 48 * TIB })),
        (rule, sizeBytes) => {
          const partSizeBytes = rule.partSizeBytes(sizeBytes)
          const partCount = countParts(sizeBytes, partSizeBytes)
          fc.pre(partCount > 1 && partCount <= 10_000)
          expect(rankedPartSizes(sizeBytes, partCount)).toContain(partSizeBytes)
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('gives distinct feasible sizes, as many as asked for, and more of the same list for a larger limit', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 5 * TIB })),
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 0, max: 60 }),
        (sizeBytes, partCount, limit) => {
          const sizes = rankedPartSizes(sizeBytes, partCount, limit)
          expect(sizes.length).toBeLessThanOrEqual(limit)
          expect(new Set(sizes).size).toBe(sizes.length)
          for (const size of sizes) expect(countParts(sizeBytes, size)).toBe(partCount)
          expect(rankedPartSizes(sizeBytes, partCount, limit + 20).slice(0, limit)).toEqual(sizes)
          if (feasiblePartSizes(sizeBytes, partCount) === null) expect(sizes).toEqual([])
          else if (limit > 0) expect(sizes.length).toBeGreaterThan(0)
        },
      ),
    )
  })

  it('is bounded whatever the limit', () => {
    const started = performance.now()
    expect(rankedPartSizes(5 * TIB, 2, Number.MAX_SAFE_INTEGER).length).toBe(MAX_RANKED_PART_SIZES)
    expect(rankedPartSizes(0, 1, Number.MAX_SAFE_INTEGER).length).toBe(MAX_RANKED_PART_SIZES)
    expect(rankedPartSizes(Number.MAX_SAFE_INTEGER, 2, 8).length).toBe(8)
    expect(rankedPartSizes(Number.MAX_SAFE_INTEGER, 1, 8).length).toBe(1)
    expect(performance.now() - started).toBeLessThan(1000)
  })

  it('refuses a limit that is no count', () => {
    for (const limit of [-1, 1.5, Number.NaN, null]) {
      expect(() => rankedPartSizes(5, 1, limit as number)).toThrowError(expect.objectContaining({ code: 'ERR_INVALID_OPTION' }))
    }
  })
})
