import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UPLOADER_RULES } from '../checksum/uploader-part-sizes.ts'
import { NativeHashEngine } from '../hash/native-hash-engine.ts'
import { GIB, MIB } from '../limits.ts'
import { explicitLayout, uniformLayout } from './part-plan.ts'
import { LayoutHasher } from './read-hasher.ts'
import { candidateCount, candidateLayouts, candidatesForRead, deriveLayout } from './source-layout.ts'

const SIGNAL = new AbortController().signal
const TIB = 1024 * GIB

/** `md5(md5₁‖…‖md5ₙ)-n`, computed here and not by the code under test. */
function etagOf(bytes: Uint8Array, sizes: readonly number[]): string {
  const whole = createHash('md5')
  let start = 0
  for (const size of sizes) {
    whole.update(
      createHash('md5')
        .update(bytes.subarray(start, start + size))
        .digest(),
    )
    start += size
  }
  return `${whole.digest('hex')}-${sizes.length}`
}

function uniformSizes(sizeBytes: number, partSizeBytes: number): number[] {
  const count = Math.ceil(sizeBytes / partSizeBytes)
  return Array.from({ length: count }, (_, at) => (at < count - 1 ? partSizeBytes : sizeBytes - partSizeBytes * (count - 1)))
}

/** Sizes of every order of magnitude, with those at the edges of whole MiB and of 10,000 parts. */
const objectSizes = fc.oneof(
  fc.integer({ min: 5 * MIB + 1, max: 200 * MIB }),
  fc.integer({ min: 5 * MIB + 1, max: 100 * GIB }),
  fc.integer({ min: 5 * MIB + 1, max: 5 * TIB }),
  fc.integer({ min: 6, max: 5 * 1024 * 1024 }).map((mib) => mib * MIB),
  fc.integer({ min: 600, max: 500_000_000 }).map((tenThousandth) => tenThousandth * 10_000),
)

describe('the layout of a known uploader, from size and part count', () => {
  it.each(UPLOADER_RULES.map(({ uploader, partSizeBytes }) => [uploader, partSizeBytes] as const))('%s: among the candidates of the first read', (_, rule) => {
    fc.assert(
      fc.property(objectSizes, (sizeBytes) => {
        const partSizeBytes = rule(sizeBytes)
        const count = Math.ceil(sizeBytes / partSizeBytes)
        fc.pre(count >= 2 && count <= 10_000)
        const all = candidateLayouts(sizeBytes, count)
        expect(all.length).toBeLessThanOrEqual(candidateCount(sizeBytes))
        const first = candidatesForRead(all, 0, false)
        expect(first.length).toBeLessThanOrEqual(8)
        expect(first).toContainEqual(uniformLayout(sizeBytes, partSizeBytes))
      }),
      { numRuns: 300 },
    )
  })

  it('the number of candidates keeps to max(8, 2 GiB / size), and each is feasible and comes once', () => {
    fc.assert(
      fc.property(objectSizes, fc.integer({ min: 2, max: 10_000 }), (sizeBytes, count) => {
        const all = candidateLayouts(sizeBytes, count)
        expect(all.length).toBeLessThanOrEqual(Math.max(8, Math.floor((2 * GIB) / sizeBytes)))
        const sizes = all.map((layout) => (layout.kind === 'uniform' ? layout.partSizeBytes : Number.NaN))
        expect(new Set(sizes).size).toBe(sizes.length)
        for (const size of sizes) expect(Math.ceil(sizeBytes / size)).toBe(count)
      }),
      { numRuns: 500 },
    )
  })

  it('what is hashed for them is at most 2 GiB or eight times the object, on whatever read; the first read takes no more than the second', () => {
    fc.assert(
      fc.property(objectSizes, fc.integer({ min: 1, max: 10_000 }), (sizeBytes, count) => {
        const all = candidateLayouts(sizeBytes, count)
        for (const onlyRead of [true, false]) {
          const first = candidatesForRead(all, 0, onlyRead)
          const second = candidatesForRead(all, 1, onlyRead)
          for (const taken of [first, second]) expect(taken.length * sizeBytes).toBeLessThanOrEqual(Math.max(8 * sizeBytes, 2 * GIB))
          // the likeliest come first, and none is lost between the two
          expect(second.slice(0, first.length)).toEqual(first)
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('the derivation over bytes', () => {
  const bytes = createHash('sha512').update('derivation').digest()
  const object = Buffer.alloc(41 * MIB + 13)
  for (let at = 0; at < object.length; at += bytes.length) bytes.copy(object, at)
  // no two parts alike, at whatever size
  for (let at = 0; at + 4 <= object.length; at += 4096) object.writeUInt32LE(at, at)

  it('finds the layout of a known uploader in one read of the bytes', { timeout: 60_000 }, async () => {
    const small = UPLOADER_RULES.filter(({ partSizeBytes }) => partSizeBytes(object.length) < object.length)
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...small), fc.integer({ min: 6 * MIB, max: object.length }), async ({ partSizeBytes }, sizeBytes) => {
        const size = partSizeBytes(sizeBytes)
        fc.pre(size < sizeBytes)
        const content = object.subarray(0, sizeBytes)
        const sizes = uniformSizes(sizeBytes, size)
        const candidates = candidatesForRead(candidateLayouts(sizeBytes, sizes.length), 0, false)
        const { layout } = await deriveLayout(new NativeHashEngine(), content, etagOf(content, sizes), candidates, SIGNAL)
        expect(layout).toEqual(uniformLayout(sizeBytes, size))
      }),
      { numRuns: 15 },
    )
  })

  it('says that it cannot for parts of other sizes, and never names a layout that does not give the ETag', { timeout: 60_000 }, async () => {
    const part = fc.integer({ min: MIB, max: 7 * MIB })
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 2, maxLength: 5 }), async (sizes) => {
        const sizeBytes = sizes.reduce((sum, size) => sum + size, 0)
        const content = object.subarray(0, sizeBytes)
        const etag = etagOf(content, sizes)
        const candidates = candidatesForRead(candidateLayouts(sizeBytes, sizes.length), 0, false)
        const { layout, tried } = await deriveLayout(new NativeHashEngine(), content, etag, candidates, SIGNAL)
        if (layout === null) expect(tried).toHaveLength(candidates.length)
        else expect(layout).toEqual(explicitLayout(sizes))
      }),
      { numRuns: 15 },
    )
  })

  it('hashes any layout as its parts say, empty ones at the end among them', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9_000 }), { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 5_000 }), (sizes, chunkBytes) => {
        const content = object.subarray(
          0,
          sizes.reduce((sum, size) => sum + size, 0),
        )
        const hasher = new LayoutHasher(new NativeHashEngine(), explicitLayout(sizes), ['md5'])
        for (let at = 0; at < content.length; at += chunkBytes) hasher.push(content.subarray(at, at + chunkBytes))
        expect(hasher.finish().etag).toBe(etagOf(content, sizes))
      }),
    )
  })
})
