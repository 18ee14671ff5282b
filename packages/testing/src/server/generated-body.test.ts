import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GeneratedBody } from './generated-body.ts'

const GIB = 1024 ** 3
const read = (body: GeneratedBody, start: number, end: number): Buffer => Buffer.concat([...body.read(start, end)])

describe('GeneratedBody', () => {
  it('gives the same bytes for a stretch as for the whole', () => {
    const body = new GeneratedBody(1_000_000, 7)
    const whole = read(body, 0, 1_000_000)
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.nat(1_000_000), (a, b) => {
        const [start, end] = a < b ? [a, b] : [b, a]
        expect(read(body, start, end).equals(whole.subarray(start, end))).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('does not depend on the size, and does on the seed', () => {
    expect(read(new GeneratedBody(100, 1), 0, 100).equals(read(new GeneratedBody(20 * GIB, 1), 0, 100))).toBe(true)
    expect(read(new GeneratedBody(100, 1), 0, 100).equals(read(new GeneratedBody(100, 2), 0, 100))).toBe(false)
  })

  it('has no two blocks alike, far apart or near', () => {
    const body = new GeneratedBody(20 * GIB, 3)
    const seen = new Set<string>()
    for (const start of [0, 1, 2, 3, 1000, 2 ** 18, 2 ** 20, 5_000_000].map((block) => block * 4096))
      seen.add(read(body, start, start + 4096).toString('latin1'))
    expect(seen.size).toBe(8)
  })

  it('is the same in every release', () => {
    // block 0, seed 0: its number, the seed, then the pool (LCG of Numerical Recipes, state 1)
    const start = read(new GeneratedBody(4096, 0), 0, 12)
    expect(start.toString('hex')).toBe('000000000000000000000000')
    expect(read(new GeneratedBody(20 * GIB, 9), 19 * GIB, 19 * GIB + 12).toString('hex')).toBe('0000' + '4c00' + '00000000' + '09000000')
  })
})
