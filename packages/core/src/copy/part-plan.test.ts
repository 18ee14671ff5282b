import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GIB, MIB, MIN_PART_BYTES } from '../limits.ts'
import type { PartLimits } from '../ports/provider-profile.ts'
import { choosePartSize, explicitLayout, layoutPermitted, type PartLayout, partRange, partRanges, planParts, uniformLayout } from './part-plan.ts'

const LIMITS: PartLimits = {
  minPartBytes: 5 * MIB,
  maxPartBytes: 5 * GIB,
  maxParts: 10_000,
  maxObjectBytes: null,
  maxSinglePutBytes: 5 * GIB,
  equalParts: false,
  maxKeyBytes: 1024,
  maxMetadataBytes: null,
  maxMetadataValueBytes: null,
}

/** Every byte once, in order, without a gap. */
function expectCoversOnce(layout: PartLayout, sizeBytes: number): void {
  let next = 0
  let count = 0
  for (const part of partRanges(layout)) {
    count += 1
    expect(part.partNumber).toBe(count)
    expect(part.start).toBe(next)
    expect(part.sizeBytes).toBe(part.endInclusive - part.start + 1)
    expect(part.sizeBytes).toBeGreaterThanOrEqual(sizeBytes === 0 || layout.kind === 'explicit' ? 0 : 1)
    expect(partRange(layout, count)).toEqual(part)
    next += part.sizeBytes
  }
  expect(next).toBe(sizeBytes)
  expect(count).toBe(layout.count)
  expect(layout.sizeBytes).toBe(sizeBytes)
}

const refused = expect.objectContaining({ code: 'ERR_INVALID_OPTION' })

describe('uniformLayout', () => {
  it('covers any object exactly once', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.integer({ min: 1, max: 500 }), fc.integer({ min: -1, max: 1 }), (sizeBytes, split, nudge) => {
        expectCoversOnce(uniformLayout(sizeBytes, Math.max(1, Math.floor(sizeBytes / split) + nudge)), sizeBytes)
      }),
    )
  })

  it.each([
    [16, 8, [8, 8]],
    [17, 8, [8, 8, 1]],
    [15, 8, [8, 7]],
    [8, 8, [8]],
    [1, 8, [1]],
    [0, 8, [0]],
  ])('cuts %d bytes at %d into %j', (sizeBytes, partSizeBytes, sizes) => {
    expect([...planParts(sizeBytes, partSizeBytes)].map((part) => part.sizeBytes)).toEqual(sizes)
    expect(planParts(sizeBytes, partSizeBytes).layout).toEqual(uniformLayout(sizeBytes, partSizeBytes))
  })

  it('gives an empty object one part that ends before it starts', () => {
    expect(partRange(uniformLayout(0, 8), 1)).toEqual({ partNumber: 1, start: 0, endInclusive: -1, sizeBytes: 0 })
  })

  it('is lazy: a plan of 2^53 - 1 parts costs nothing until it is read', () => {
    const layout = uniformLayout(Number.MAX_SAFE_INTEGER, 1)
    expect(partRange(layout, 2 ** 52)).toEqual({ partNumber: 2 ** 52, start: 2 ** 52 - 1, endInclusive: 2 ** 52 - 1, sizeBytes: 1 })
    for (const part of planParts(Number.MAX_SAFE_INTEGER, 1)) if (part.partNumber === 3) break
  })

  it('refuses sizes that are none, and part numbers out of range', () => {
    for (const [size, part] of [
      [-1, 5],
      [5, 0],
      [5, -1],
      [1.5, 5],
      [5, 1.5],
      [2 ** 53, 5],
      [5, Number.NaN],
    ] as const) {
      expect(() => uniformLayout(size, part)).toThrowError(refused)
      expect(() => choosePartSize(size, part, LIMITS)).toThrowError(refused)
    }
    for (const partNumber of [0, 4, -1, 1.5, Number.NaN]) expect(() => partRange(uniformLayout(17, 8), partNumber)).toThrowError(refused)
  })
})

describe('explicitLayout', () => {
  it('covers the object exactly once for any sizes', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { minLength: 1, maxLength: 30 }), (sizes) => {
        const layout = explicitLayout(sizes)
        expectCoversOnce(
          layout,
          sizes.reduce((sum, size) => sum + size, 0),
        )
        expect([...partRanges(layout)].map((part) => part.sizeBytes)).toEqual(sizes)
      }),
    )
  })

  it('is the uniform layout where the sizes are uniform, and only there', () => {
    expect(explicitLayout([8, 8, 3])).toEqual(uniformLayout(19, 8))
    expect(explicitLayout([8])).toEqual(uniformLayout(8, 8))
    for (const sizes of [[8, 8, 9], [8, 3, 8], [3, 8], [8, 8, 0], [0], [0, 8]]) expect(explicitLayout(sizes).kind).toBe('explicit')
  })

  it('survives structured cloning and JSON', () => {
    const layout = explicitLayout([5, 25, 125])
    expect(structuredClone(layout)).toEqual(layout)
    expect(JSON.parse(JSON.stringify(layout))).toEqual(layout)
  })

  it('refuses an empty list and sizes that are none', () => {
    for (const sizes of [[], [-1], [1.5], [Number.MAX_SAFE_INTEGER, 1], undefined, 'x']) {
      expect(() => explicitLayout(sizes as number[])).toThrowError(refused)
    }
  })
})

describe('choosePartSize', () => {
  it.each([
    ['keeps what was wanted', 100 * MIB, 16 * MIB, {}, 16 * MIB],
    ['keeps odd sizes too', 100 * MIB, 7_000_001, {}, 7_000_001],
    ['raises what is below the smallest part', 100 * MIB, 1, {}, 5 * MIB],
    ['lowers what is above the largest part', 100 * GIB, 6 * GIB, {}, 5 * GIB],
    ['scales to 10,000 parts in whole MiB', 1024 * GIB, 16 * MIB, {}, 105 * MIB],
    ['scales to 1,000 parts', 100 * GIB, 16 * MIB, { maxParts: 1000 }, 103 * MIB],
    ['keeps the wanted size at exactly 10,000 parts', 160_000 * MIB, 16 * MIB, {}, 16 * MIB],
    ['scales one byte beyond', 160_000 * MIB + 1, 16 * MIB, {}, 17 * MIB],
    ['takes the exact size where a whole MiB is too large', 10_000 * (5 * GIB - 5), 16 * MIB, { maxPartBytes: 5 * GIB - 5 }, 5 * GIB - 5],
    ['has a part size for an empty object', 0, 16 * MIB, {}, 16 * MIB],
  ])('%s', (_what, sizeBytes, wanted, limits, expected) => {
    expect(choosePartSize(sizeBytes, wanted, { ...LIMITS, ...limits })).toBe(expected)
  })

  it.each([
    ['more than all parts can hold', 10_000 * 5 * GIB + 1, {}],
    ['more than the store takes', 5 * GIB + 1, { maxObjectBytes: 5 * GIB }],
  ])('refuses %s', (_what, sizeBytes, limits) => {
    expect(() => choosePartSize(sizeBytes, 16 * MIB, { ...LIMITS, ...limits })).toThrowError(expect.objectContaining({ code: 'ERR_OBJECT_TOO_LARGE' }))
  })

  it('always chooses a layout that is permitted', () => {
    const limits = fc.record({
      minPartBytes: fc.constantFrom(1, 100_000, 5 * MIB),
      maxPartBytes: fc.constantFrom(5 * MIB, 5 * GIB - 1, 5 * GIB),
      maxParts: fc.constantFrom(1, 1000, 10_000),
      equalParts: fc.boolean(),
    })
    fc.assert(
      fc.property(limits, fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 6 * GIB }), (some, fraction, wanted) => {
        const all = { ...LIMITS, ...some }
        const sizeBytes = Math.floor(fraction * all.maxParts * all.maxPartBytes)
        expect(layoutPermitted(uniformLayout(sizeBytes, choosePartSize(sizeBytes, wanted, all)), all)).toEqual({ permitted: true })
      }),
      { numRuns: 500 },
    )
  })
})

describe('layoutPermitted', () => {
  it.each([
    ['a small last part', explicitLayout([5 * MIB, 1]), {}, true],
    ['one small part', explicitLayout([1]), {}, true],
    ['an empty object', uniformLayout(0, 5 * MIB), {}, true],
    ['exactly the most parts', uniformLayout(50_000 * MIB, 5 * MIB), {}, true],
    ['unequal parts where they may be', explicitLayout([5 * MIB, 6 * MIB, 5 * MIB]), {}, true],
    ['equal parts where they must be', uniformLayout(11 * MIB, 5 * MIB), { equalParts: true }, true],
    ['one part above the part size it was planned with', uniformLayout(6 * GIB, 7 * GIB), {}, false],
    ['one part of the largest size', uniformLayout(5 * GIB, 7 * GIB), {}, true],
    ['a part too many', uniformLayout(50_000 * MIB + 1, 5 * MIB), {}, false],
    ['a small part in the middle', explicitLayout([6 * MIB, MIN_PART_BYTES - 1, 6 * MIB]), {}, false],
    ['small equal parts', uniformLayout(10 * MIB, MIB), {}, false],
    ['small equal parts where they may be', uniformLayout(10 * MIB, MIB), { minPartBytes: MIB }, true],
    ['a part too large', explicitLayout([5 * MIB, 5 * GIB + 1]), {}, false],
    ['unequal parts where they must be equal', explicitLayout([6 * MIB, 5 * MIB, 6 * MIB]), { equalParts: true }, false],
    ['a last part that is the larger one where they must be equal', explicitLayout([6 * MIB, 7 * MIB]), { equalParts: true }, false],
    ['an object too large', uniformLayout(11 * MIB, 5 * MIB), { maxObjectBytes: 10 * MIB }, false],
  ])('judges %s', (_what, layout, limits, permitted) => {
    const judged = layoutPermitted(layout, { ...LIMITS, ...limits })
    expect(judged.permitted).toBe(permitted)
    if (!judged.permitted) expect(judged.reason).toMatch(/\w/)
  })
})
