import { describe, expect, it } from 'vitest'
import { multipartETagOf } from '../checksum/multipart-etag.ts'
import { NativeHashEngine } from '../hash/native-hash-engine.ts'
import { uniformLayout } from './part-plan.ts'
import { candidateCount, candidateLayouts, candidatesForRead, deriveLayout } from './source-layout.ts'

const MIB = 1024 * 1024

describe('candidates', () => {
  it('are at most max(8, 2 GiB / size)', () => {
    expect(candidateCount(20 * MIB)).toBe(102)
    expect(candidateCount(256 * MIB)).toBe(8)
    expect(candidateCount(1024 ** 4)).toBe(8)
  })
  it('are one for one part, whatever its size was, and for an empty object', () => {
    expect(candidateLayouts(20 * MIB, 1)).toEqual([uniformLayout(20 * MIB, 20 * MIB)])
    expect(candidateLayouts(0, 1)).toEqual([uniformLayout(0, 1)])
    expect(candidateLayouts(0, 2)).toEqual([])
  })
  it('begin with what real uploaders use', () => {
    expect(candidateLayouts(20 * MIB, 3)[0]).toEqual(uniformLayout(20 * MIB, 8 * MIB))
    expect(candidateLayouts(20 * MIB, 4)[0]).toEqual(uniformLayout(20 * MIB, 5 * MIB))
  })
  it('are few on a first read, all on a second or only one', () => {
    const all = candidateLayouts(20 * MIB, 3)
    expect(candidatesForRead(all, 0, false)).toEqual(all.slice(0, 3))
    expect(candidatesForRead(all, 1, false)).toEqual(all)
    expect(candidatesForRead(all, 0, true)).toEqual(all)
  })
})

describe('deriveLayout', () => {
  const bytes = Buffer.alloc(11 * MIB, 'abcdefg')
  it('finds the layout that gives the ETag, and stops there', async () => {
    const etag = await multipartETagOf(bytes, 6 * MIB)
    const found = await deriveLayout(
      new NativeHashEngine(),
      bytes,
      etag,
      [8, 6, 7].map((size) => uniformLayout(bytes.length, size * MIB)),
      new AbortController().signal,
    )
    expect(found.layout).toEqual(uniformLayout(bytes.length, 6 * MIB))
    expect(found.tried).toHaveLength(2)
  })
  it('says honestly that none fits', async () => {
    const found = await deriveLayout(new NativeHashEngine(), bytes, `${'0'.repeat(32)}-2`, [uniformLayout(bytes.length, 8 * MIB)], new AbortController().signal)
    expect(found).toEqual({ layout: null, tried: [await multipartETagOf(bytes, 8 * MIB)] })
  })
  it('ends with the reason of an abort', async () => {
    await expect(deriveLayout(new NativeHashEngine(), bytes, 'x', [uniformLayout(bytes.length, MIB)], AbortSignal.abort('enough'))).rejects.toBe('enough')
  })
})
