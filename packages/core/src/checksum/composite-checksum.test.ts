import { xxhash3, xxhash64, xxhash128 } from 'hash-wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { COMPOSITES } from '../../test/vectors.ts'
import { DIGEST_BYTES, HASH_ALGORITHMS } from './algorithm.ts'
import { compositeChecksum } from './composite-checksum.ts'
import { fromBase64, fromHex, toBase64, toHex } from './digest.ts'
import { crcOfSmall } from './table-crc.ts'
import { prepareHashes, type WasmMessage, wasmHasher } from './wasm-hashers.ts'

describe('compositeChecksum', () => {
  it.each(COMPOSITES)('gives the known $algorithm composite of stream $stream, from bytes and from hex', ({ algorithm, parts, value }) => {
    const digests = parts.map((part) => fromBase64(part))
    expect(compositeChecksum(algorithm, digests)).toEqual({ algorithm, type: 'COMPOSITE', value })
    expect(compositeChecksum(algorithm, digests.map(toHex)).value).toBe(value)
  })

  it('says what to await for XXHASH, and then has it', async () => {
    const hex = '06b05ab6733a618578af5f94892f3950'
    for (const [algorithm, oneShot] of [
      ['xxhash64', xxhash64],
      ['xxhash3', xxhash3],
      ['xxhash128', xxhash128],
    ] as const) {
      const digest = hex.slice(0, DIGEST_BYTES[algorithm] * 2)
      expect(() => compositeChecksum(algorithm, [digest])).toThrowError(`await prepareHashes(['${algorithm}'])`)
      await prepareHashes([algorithm])
      const expected = await oneShot(Buffer.from(digest + digest, 'hex'))
      expect(compositeChecksum(algorithm, [digest, digest]).value).toBe(`${toBase64(fromHex(expected))}-2`)
    }
  })

  it('refuses an empty list, an unknown algorithm, and a digest of another length', () => {
    for (const [algorithm, digests] of [
      ['sha256', []],
      ['sha256', undefined],
      ['crc16', ['00']],
      ['SHA256', ['00']],
      [undefined, ['00']],
      ['sha256', [new Uint8Array(20)]],
      ['crc32', ['AqIaFg==']],
    ] as const) {
      expect(() => compositeChecksum(algorithm as 'sha256', digests as unknown as string[])).toThrowError(
        expect.objectContaining({ code: 'ERR_INVALID_OPTION' }),
      )
    }
  })
})

describe('every algorithm', () => {
  beforeAll(() => prepareHashes())

  it('has a composite, of 10,000 parts too', () => {
    for (const algorithm of HASH_ALGORITHMS) {
      const one = compositeChecksum(algorithm, ['00'.repeat(DIGEST_BYTES[algorithm])])
      const many = compositeChecksum(algorithm, new Array(10_000).fill('00'.repeat(DIGEST_BYTES[algorithm])))
      expect(one.value).toMatch(/-1$/)
      expect(many.value).toMatch(/-10000$/)
      expect(many.value.split('-')[0]).not.toBe(one.value.split('-')[0])
    }
  })

  it('agrees with the engine on the CRCs that are made by table', () => {
    const bytes = Buffer.from('x'.repeat(1001))
    for (const algorithm of ['crc32c', 'crc64nvme', 'crc64ecma'] as const) {
      const message: WasmMessage = { saved: null }
      const hasher = wasmHasher(algorithm)
      hasher?.update(message, bytes)
      expect(toBase64(crcOfSmall(algorithm, bytes))).toBe(toBase64(hasher?.digest(message) ?? new Uint8Array(0)))
    }
  })
})
