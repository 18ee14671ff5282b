import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BufferPool, pooledBytes } from './buffer-pool.ts'

const MIB = 1024 * 1024

describe('BufferPool', () => {
  it.each([
    [0, 4096],
    [1, 4096],
    [4096, 4096],
    [4097, 8192],
    [100_000, 131_072],
    [MIB, MIB],
    [MIB + 1, 2 * MIB],
    [5_000_000, 5 * MIB],
    [16 * MIB, 16 * MIB],
    [64 * MIB + 1, 64 * MIB + 1],
  ])('%d bytes lie in a buffer of %d', (sizeBytes, bufferBytes) => {
    expect(pooledBytes(sizeBytes)).toBe(bufferBytes)
    expect(new BufferPool(0).take(sizeBytes).byteLength).toBe(bufferBytes)
  })

  it('lends what was given back, to one user at a time', () => {
    const pool = new BufferPool(MIB)
    const first = pool.take(100_000)
    const second = pool.take(100_000)
    expect(second).not.toBe(first)
    pool.give(first)
    expect(pool.idleBytes).toBe(131_072)
    expect(pool.take(70_000)).toBe(first)
    expect(pool.idleBytes).toBe(0)
  })

  it('keeps no more than its bound, and nothing that it did not lend', () => {
    const pool = new BufferPool(10_000)
    const lent = Array.from({ length: 4 }, () => pool.take(4096))
    for (const buffer of lent) pool.give(buffer)
    expect(pool.idleBytes).toBe(8192)
    pool.give(new Uint8Array(4096))
    pool.give(lent[0]?.subarray(0, 10) ?? new Uint8Array())
    expect(pool.idleBytes).toBe(8192)
  })

  it('does not lend again what was forgotten, nor what is given back twice', () => {
    const pool = new BufferPool(MIB)
    const forgotten = pool.take(4096)
    pool.forget(forgotten)
    pool.give(forgotten)
    expect([pool.lent, pool.idleBytes]).toEqual([0, 0])
    const twice = pool.take(4096)
    pool.give(twice)
    pool.give(twice)
    expect(pool.take(4096)).toBe(twice)
    expect(pool.take(4096)).not.toBe(twice)
  })

  it('never lends a buffer to two users, keeps within its bound, and has nothing lent at the end, whatever was done', () => {
    const steps = fc.array(
      fc.tuple(fc.constantFrom('take', 'take', 'give', 'give', 'give again', 'forget'), fc.constantFrom(1, 4096, 5000, 60_000, 2 * MIB), fc.nat(20)),
      { maxLength: 60 },
    )
    fc.assert(
      fc.property(steps, fc.constantFrom(0, 10_000, 200_000, 8 * MIB), (done, maxIdleBytes) => {
        const pool = new BufferPool(maxIdleBytes)
        const held: Uint8Array[] = []
        const returned: Uint8Array[] = []
        for (const [step, sizeBytes, at] of done) {
          if (step === 'take') {
            const buffer = pool.take(sizeBytes)
            if (held.includes(buffer)) throw new Error('lent to two users')
            if (buffer.byteLength < sizeBytes) throw new Error('too small')
            held.push(buffer)
          } else if (step === 'give again') {
            const old = returned[at % Math.max(1, returned.length)]
            if (old !== undefined && !held.includes(old)) pool.give(old)
          } else {
            const [buffer] = held.splice(at % Math.max(1, held.length), 1)
            if (buffer === undefined) continue
            pool[step](buffer)
            returned.push(buffer)
          }
          if (pool.lent !== held.length || pool.idleBytes > maxIdleBytes) throw new Error(`${pool.lent} lent, ${pool.idleBytes} idle`)
        }
        for (const buffer of held) pool.give(buffer)
        expect(pool.lent).toBe(0)
      }),
    )
  })
})
