import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NativeHashEngine } from '../hash/native-hash-engine.ts'
import { OrderedHash } from './ordered-hash.ts'
import { ReadHasher } from './read-hasher.ts'

const readHasher = (): ReadHasher => new ReadHasher(new NativeHashEngine(), ['sha256'], [], [])

describe('OrderedHash', () => {
  it('gives the digest of the whole, whatever order its pieces arrive in', async () => {
    const piece = fc.tuple(fc.nat(1_500_000), fc.integer({ min: 1, max: 600_000 }))
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 6 }), fc.infiniteStream(fc.nat(5)), async (pieces, turns) => {
        const hasher = readHasher()
        const ordered = new OrderedHash(hasher)
        const expected = createHash('sha256')
        const waiting = pieces.map(([sizeBytes, stepBytes], index) => {
          const bytes = new Uint8Array(sizeBytes)
          for (let at = 0; at < sizeBytes; at += 997) bytes[at] = index + at
          expected.update(bytes)
          return { bytes, stepBytes, filled: 0, hashed: ordered.add(bytes) }
        })
        const all = waiting.map(({ hashed }) => hashed.done)
        for (const turn of turns) {
          const at = turn % waiting.length
          const next = waiting[at]
          if (next === undefined) break
          next.filled = Math.min(next.bytes.byteLength, next.filled + next.stepBytes)
          next.hashed.filled(next.filled)
          if (next.filled === next.bytes.byteLength) waiting.splice(at, 1)
          if (waiting.length === 0) break
        }
        await Promise.all(all)
        expect(hasher.finish().hex.sha256).toBe(expected.digest('hex'))
      }),
      { numRuns: 30 },
    )
  })

  it('lets no piece be used again before its turn', async () => {
    const ordered = new OrderedHash(readHasher())
    const first = ordered.add(new Uint8Array(10))
    const second = ordered.add(new Uint8Array(10))
    let done = false
    void second.done.then(() => {
      done = true
    })
    second.filled(10)
    await new Promise((resolve) => setImmediate(resolve))
    expect(done).toBe(false)
    first.filled(10)
    await second.done
  })

  it('rejects what waits, and what comes later, once it failed', async () => {
    const hasher = readHasher()
    const ordered = new OrderedHash(hasher)
    const piece = ordered.add(new Uint8Array(2_000_000))
    piece.filled(2_000_000)
    const error = new Error('broken')
    ordered.fail(error)
    await expect(piece.done).rejects.toBe(error)
    await expect(ordered.add(new Uint8Array(1)).done).rejects.toBe(error)
    await new Promise((resolve) => setImmediate(resolve))
    expect(hasher.finish().sizeBytes).toBe(512 * 1024)
  })

  it('a hash that is gone is the failure of the piece that comes', async () => {
    const hasher = readHasher()
    const ordered = new OrderedHash(hasher)
    hasher.abandon()
    const piece = ordered.add(new Uint8Array(10))
    expect(() => piece.filled(10)).toThrowError(expect.objectContaining({ code: 'ERR_INVALID_STATE' }))
  })
})
