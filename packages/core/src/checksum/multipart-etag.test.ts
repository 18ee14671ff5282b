import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DOCUMENTED_ETAGS, MULTIPART_ETAGS, streamG, streamL } from '../../test/vectors.ts'
import { multipartETag, multipartETagOf } from './multipart-etag.ts'

const STREAMS = { L: streamL(), G: streamG() }

function partsOf(bytes: Uint8Array, partSizeBytes: number): Uint8Array[] {
  const parts: Uint8Array[] = []
  for (let start = 0; start < bytes.length; start += partSizeBytes) parts.push(bytes.subarray(start, start + partSizeBytes))
  return parts
}

async function* chunked(bytes: Uint8Array, chunkBytes: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let start = 0; start < bytes.length; start += chunkBytes) yield bytes.subarray(start, start + chunkBytes)
}

describe('multipartETag', () => {
  it.each(MULTIPART_ETAGS)('gives the known ETags of $partCount parts of $partSizeBytes bytes', ({ partSizeBytes, partCount, L, G }) => {
    for (const [name, etag] of [['L', L] as const, ['G', G] as const]) {
      const md5s = partsOf(STREAMS[name], partSizeBytes).map((part) => createHash('md5').update(part).digest())
      expect(md5s.length).toBe(partCount)
      expect(multipartETag(md5s)).toBe(etag)
      expect(multipartETag(md5s.map((md5) => md5.toString('hex').toUpperCase()))).toBe(etag)
    }
  })

  it.each(DOCUMENTED_ETAGS)('gives the ETag documented in $source', ({ partMd5s, etag }) => {
    expect(multipartETag(partMd5s)).toBe(etag)
  })

  it('depends on the order of the parts', () => {
    const md5s = partsOf(STREAMS.G, 8 * 2 ** 20).map((part) => createHash('md5').update(part).digest())
    expect(multipartETag([...md5s].reverse())).not.toBe(multipartETag(md5s))
  })

  it('refuses an empty list, anything but a list, and a digest that is no MD5', () => {
    for (const value of [[], undefined, 'd41d8cd98f00b204e9800998ecf8427e', [new Uint8Array(20)], ['d41d8cd98f00b204e9800998ecf8427e', '"x"'], [null]]) {
      expect(() => multipartETag(value as string[])).toThrowError(expect.objectContaining({ code: 'ERR_INVALID_OPTION' }))
    }
  })
})

describe('multipartETagOf', () => {
  it.each(MULTIPART_ETAGS)('gives the known ETags at $partSizeBytes bytes, from bytes and from chunks of any size', async ({ partSizeBytes, L, G }) => {
    expect(await multipartETagOf(STREAMS.L, partSizeBytes)).toBe(L)
    expect(await multipartETagOf(STREAMS.G, partSizeBytes)).toBe(G)
    expect(await multipartETagOf(chunked(STREAMS.G, 100_003), partSizeBytes)).toBe(G)
    expect(await multipartETagOf(chunked(STREAMS.G, 9_000_001), partSizeBytes)).toBe(G)
  })

  it('counts an empty source as one empty part', async () => {
    expect(await multipartETagOf(new Uint8Array(0), 8)).toBe('59adb24ef3cdbe0297f05b395827453f-1')
    expect(await multipartETagOf(chunked(new Uint8Array(0), 1), 8)).toBe('59adb24ef3cdbe0297f05b395827453f-1')
  })

  it('has no empty last part where the size is a multiple of the part size', async () => {
    expect(await multipartETagOf(new Uint8Array(16), 8)).toMatch(/-2$/)
    expect(await multipartETagOf(new Uint8Array(17), 8)).toMatch(/-3$/)
    expect(await multipartETagOf(new Uint8Array(8), 8)).toMatch(/-1$/)
    expect(await multipartETagOf(new Uint8Array(8), Number.MAX_SAFE_INTEGER)).toMatch(/-1$/)
  })

  it('agrees with multipartETag over the parts, however the source is chunked', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 320 }),
        fc.integer({ min: 1, max: 310 }),
        async (bytes, part, chunk) => {
          const expected = multipartETag(partsOf(bytes, part).map((piece) => createHash('md5').update(piece).digest()))
          expect(await multipartETagOf(chunked(bytes, chunk), part)).toBe(expected)
          expect(await multipartETagOf(bytes, part)).toBe(expected)
        },
      ),
    )
  })

  it('refuses a bad part size, a source that is no bytes, and a chunk that is none', async () => {
    for (const size of [0, -1, 1.5, Number.NaN, 2 ** 53, undefined]) {
      await expect(multipartETagOf(new Uint8Array(1), size as number)).rejects.toMatchObject({
        code: 'ERR_INVALID_OPTION',
        context: { option: 'partSizeBytes' },
      })
    }
    for (const source of ['text', null, 5, {}]) {
      await expect(multipartETagOf(source as unknown as Uint8Array, 5)).rejects.toMatchObject({ code: 'ERR_INVALID_OPTION', context: { option: 'source' } })
    }
    async function* texts(): AsyncGenerator<Uint8Array, void, undefined> {
      yield 'secret' as unknown as Uint8Array
    }
    await expect(multipartETagOf(texts(), 5)).rejects.toSatisfy((error) => (error as { code: string }).code === 'ERR_INVALID_OPTION')
  })
})
