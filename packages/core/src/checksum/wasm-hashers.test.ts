import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DIGEST_VECTORS } from '../../test/vectors.ts'
import type { HashAlgorithm } from './algorithm.ts'
import { toHex } from './digest.ts'
import { prepareHashes, uniqueAlgorithms, type WasmHasher, type WasmMessage, wasmHasher } from './wasm-hashers.ts'

const WASM = ['crc32c', 'crc64nvme', 'crc64ecma', 'xxhash64', 'xxhash3', 'xxhash128'] as const

function ready(algorithm: (typeof WASM)[number]): WasmHasher {
  const hasher = wasmHasher(algorithm)
  if (hasher === undefined) throw new Error(`${algorithm} is not ready`)
  return hasher
}

describe('prepareHashes', () => {
  it('makes ready what was asked for and nothing else', async () => {
    expect(WASM.filter((algorithm) => wasmHasher(algorithm) !== undefined)).toEqual([])
    await prepareHashes(['md5', 'xxhash3', 'xxhash3'])
    expect(WASM.filter((algorithm) => wasmHasher(algorithm) !== undefined)).toEqual(['xxhash3'])
    const before = wasmHasher('xxhash3')
    await Promise.all([prepareHashes(), prepareHashes()])
    expect(wasmHasher('xxhash3')).toBe(before)
    expect(WASM.every((algorithm) => wasmHasher(algorithm) !== undefined)).toBe(true)
  })

  it('refuses unknown names and an empty list', async () => {
    for (const algorithms of [[], ['sha3'], ['toString'], 'md5']) {
      await expect(prepareHashes(algorithms as HashAlgorithm[])).rejects.toMatchObject({ code: 'ERR_INVALID_OPTION' })
    }
    expect(uniqueAlgorithms(['sha1', 'md5', 'sha1'])).toEqual(['sha1', 'md5'])
  })
})

describe('WasmHasher', () => {
  it.each(WASM)('keeps the messages of %s apart, ended, dropped and begun in any order', async (algorithm) => {
    await prepareHashes([algorithm])
    const hasher = ready(algorithm)
    const alone = (bytes: Uint8Array): string => {
      const message: WasmMessage = { saved: null }
      hasher.update(message, bytes)
      return toHex(hasher.digest(message))
    }
    expect(alone(Buffer.from('123456789'))).toBe(DIGEST_VECTORS.find(({ input }) => input === '123456789')?.digests[algorithm])
    const step = fc.tuple(fc.nat(3), fc.constantFrom('push', 'push', 'push', 'digest', 'drop'), fc.uint8Array({ minLength: 1, maxLength: 600 }))
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const slots = Array.from({ length: 4 }, () => ({ message: { saved: null } as WasmMessage, bytes: [] as Uint8Array[] }))
        const results: [string, Uint8Array][] = []
        for (const [index, what, chunk] of steps) {
          const slot = slots[index]
          if (slot === undefined) continue
          if (what === 'push') {
            hasher.update(slot.message, chunk)
            slot.bytes.push(chunk)
            continue
          }
          if (what === 'digest') results.push([toHex(hasher.digest(slot.message)), Buffer.concat(slot.bytes)])
          else hasher.drop(slot.message)
          slots[index] = { message: { saved: null }, bytes: [] }
        }
        for (const [digest, bytes] of results) expect(digest).toBe(alone(bytes))
      }),
    )
  })
})
