import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { COMPOSITES, DIGEST_VECTORS } from '../../test/vectors.ts'
import { NativeHashEngine } from '../hash/native-hash-engine.ts'
import { combineCrc } from './crc-combine.ts'
import { fromBase64, toHex } from './digest.ts'

const MIB = 1024 * 1024
const CRCS = ['crc32', 'crc32c', 'crc64nvme', 'crc64ecma'] as const
const EMPTY = { crc32: '00000000', crc32c: '00000000', crc64nvme: '0000000000000000', crc64ecma: '0000000000000000' } as const

let engine: NativeHashEngine
beforeAll(async () => {
  engine = await NativeHashEngine.create(CRCS)
})

function crcOf(algorithm: (typeof CRCS)[number], bytes: Uint8Array): string {
  const stream = engine.open([algorithm])
  stream.push(bytes)
  return toHex(stream.digests()[algorithm] ?? new Uint8Array(0))
}

describe('combineCrc', () => {
  it('derives the whole-stream CRCs from the part CRCs of 8 + 8 + 4 MiB', () => {
    let checked = 0
    for (const { stream, algorithm, parts } of COMPOSITES) {
      if (algorithm !== 'crc32' && algorithm !== 'crc32c' && algorithm !== 'crc64nvme') continue
      const whole = DIGEST_VECTORS.find((vector) => vector.input === `stream ${stream}`)?.digests[algorithm]
      const sizes = [8 * MIB, 8 * MIB, 4 * MIB]
      expect(
        combineCrc(
          algorithm,
          parts.map((part, index) => ({ crc: toHex(fromBase64(part)), sizeBytes: sizes[index] ?? 0 })),
        ),
      ).toBe(whole)
      checked += 1
    }
    expect(checked).toBe(6)
  })

  it.each(CRCS)('equals the %s of the whole for any cut, empty parts included', (algorithm) => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 70 }), { maxLength: 8 }), (parts) => {
        const combined = combineCrc(
          algorithm,
          parts.map((part) => ({ crc: crcOf(algorithm, part), sizeBytes: part.length })),
        )
        expect(combined).toBe(crcOf(algorithm, Buffer.concat(parts)))
      }),
    )
  })

  it.each(CRCS)('is associative for %s at sizes that nobody can hash here', (algorithm) => {
    const digits = EMPTY[algorithm].length
    const part = fc.record({
      crc: fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: digits, maxLength: digits }).map((list) => list.join('')),
      sizeBytes: fc.maxSafeNat().map((size) => Math.floor(size / 4)),
    })
    fc.assert(
      fc.property(part, part, part, (a, b, c) => {
        const left = { crc: combineCrc(algorithm, [a, b]), sizeBytes: a.sizeBytes + b.sizeBytes }
        const right = { crc: combineCrc(algorithm, [b, c]), sizeBytes: b.sizeBytes + c.sizeBytes }
        const all = combineCrc(algorithm, [a, b, c])
        expect(combineCrc(algorithm, [left, c])).toBe(all)
        expect(combineCrc(algorithm, [a, right])).toBe(all)
      }),
    )
  })

  it.each(CRCS)('gives the %s of nothing for no parts, and a single part back unchanged', (algorithm) => {
    expect(combineCrc(algorithm, [])).toBe(EMPTY[algorithm])
    expect(combineCrc(algorithm, [{ crc: EMPTY[algorithm], sizeBytes: 0 }])).toBe(EMPTY[algorithm])
    const crc = crcOf(algorithm, Buffer.from('123456789'))
    expect(combineCrc(algorithm, [{ crc: crc.toUpperCase(), sizeBytes: 9 }])).toBe(crc)
  })

  it('combines 10,000 parts in well under a second', () => {
    const parts = Array.from({ length: 10_000 }, (_, index) => ({ crc: index.toString(16).padStart(16, '0'), sizeBytes: 5 * MIB }))
    const started = performance.now()
    expect(combineCrc('crc64nvme', parts)).toMatch(/^[0-9a-f]{16}$/)
    expect(performance.now() - started).toBeLessThan(1000)
  })

  it('refuses another algorithm, a CRC of another length and a bad size', () => {
    for (const [algorithm, parts] of [
      ['md5', []],
      ['toString', []],
      ['crc32', null],
      ['crc32', [{ crc: '00', sizeBytes: 1 }]],
      ['crc32', [{ crc: '0000000000000000', sizeBytes: 1 }]],
      ['crc32', [{ crc: 'AAAAAA==', sizeBytes: 1 }]],
      ['crc32', [{ crc: '00000000', sizeBytes: -1 }]],
      ['crc32', [{ crc: '00000000', sizeBytes: 0.5 }]],
      ['crc32', [{ crc: '00000000', sizeBytes: 2 ** 53 }]],
      ['crc32', [{ crc: '00000000' }]],
    ] as const) {
      expect(() => combineCrc(algorithm as 'crc32', parts as unknown as { crc: string; sizeBytes: number }[])).toThrowError(
        expect.objectContaining({ code: 'ERR_INVALID_OPTION' }),
      )
    }
  })
})
