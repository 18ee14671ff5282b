import { describe, expect, it } from 'vitest'
import { BufferPool } from './buffer-pool.ts'

describe('BufferPool', () => {
  it.each([
    [0, 4096],
    [1, 4096],
    [4096, 4096],
    [4097, 8192],
    [100_000, 131_072],
    [16 * 1024 * 1024, 16 * 1024 * 1024],
    [16 * 1024 * 1024 + 1, 16 * 1024 * 1024 + 1],
  ])('%d bytes lie in a buffer of %d', (sizeBytes, classBytes) => expect(new BufferPool().take(sizeBytes).byteLength).toBe(classBytes))

  it('lends what was given back, to one user at a time', () => {
    const pool = new BufferPool()
    const first = pool.take(100_000)
    const second = pool.take(100_000)
    expect(second).not.toBe(first)
    pool.give(first)
    expect(pool.idleBytes).toBe(131_072)
    expect(pool.take(70_000)).toBe(first)
    expect(pool.idleBytes).toBe(0)
  })

  it('keeps no more than its bound, and nothing that is not its own size', () => {
    const pool = new BufferPool(10_000)
    const lent = Array.from({ length: 4 }, () => pool.take(4096))
    for (const buffer of lent) pool.give(buffer)
    expect(pool.idleBytes).toBe(8192)
    pool.give(new Uint8Array(1000))
    pool.give(lent[0]?.subarray(0, 10) ?? new Uint8Array())
    expect(pool.idleBytes).toBe(8192)
  })
})
