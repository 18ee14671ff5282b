import { createReadStream } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { DIGEST_VECTORS, STREAM_STARTS, streamG, streamL } from '../../test/vectors.ts'
import { DEFAULT_HASHES, HASH_ALGORITHMS, type HashAlgorithm } from '../checksum/algorithm.ts'
import type { HashEngine } from '../ports/hash-engine.ts'
import { NativeHashEngine } from './native-hash-engine.ts'
import { StreamingHasher } from './streaming-hasher.ts'

const CHECK = DIGEST_VECTORS.find((vector) => vector.input === '123456789')?.digests ?? ({} as Record<HashAlgorithm, string>)
const EMPTY = DIGEST_VECTORS.find((vector) => vector.input === 'nothing')?.digests ?? ({} as Record<HashAlgorithm, string>)

async function* chunked(bytes: Uint8Array, chunkBytes: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let start = 0; start < bytes.length; start += chunkBytes) yield bytes.subarray(start, start + chunkBytes)
}

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = []
  for await (const item of source) items.push(item)
  return items
}

describe('StreamingHasher', () => {
  it('is tested with streams that are what they claim', () => {
    expect(Buffer.from(streamL().subarray(0, 16)).toString('hex')).toBe(STREAM_STARTS.L)
    expect(Buffer.from(streamG().subarray(0, 16)).toString('hex')).toBe(STREAM_STARTS.G)
  })

  it.each(DIGEST_VECTORS)('gives all known digests of $input', async ({ bytes, digests }) => {
    const content = bytes()
    const whole = await StreamingHasher.create(HASH_ALGORITHMS)
    expect(whole.update(content).digests()).toEqual({ ...digests, sizeBytes: content.length })
    const inChunks = await StreamingHasher.create(HASH_ALGORITHMS)
    for await (const chunk of chunked(content, 65_521)) inChunks.update(chunk)
    expect(inChunks.digests()).toEqual({ ...digests, sizeBytes: content.length })
  })

  it('computes MD5, SHA-1, SHA-256 and CRC32 by default, and an empty stream has its right digests', async () => {
    const { md5, sha1, sha256, crc32 } = EMPTY
    expect(new StreamingHasher().digests()).toEqual({ md5, sha1, sha256, crc32, sizeBytes: 0 })
    expect((await StreamingHasher.create()).digests()).toEqual({ md5, sha1, sha256, crc32, sizeBytes: 0 })
    expect(DEFAULT_HASHES).toEqual(['md5', 'sha1', 'sha256', 'crc32'])
  })

  it('has the five of Node ready at once', () => {
    const { md5, sha1, sha256, sha512, crc32 } = CHECK
    const hasher = new StreamingHasher(['sha512', 'crc32', 'md5', 'sha1', 'sha256'])
    expect(hasher.update(Buffer.from('123456789')).digests()).toEqual({ md5, sha1, sha256, sha512, crc32, sizeBytes: 9 })
  })

  it.each(['crc32c', 'crc64nvme', 'xxhash64', 'xxhash3', 'xxhash128', 'crc64ecma'] as const)(
    'names create() for %s, whatever was created before',
    async (algorithm) => {
      const message = expect.objectContaining({ code: 'ERR_INVALID_OPTION', message: expect.stringContaining('StreamingHasher.create') })
      expect(() => new StreamingHasher(['md5', algorithm])).toThrowError(message)
      const created = await StreamingHasher.create([algorithm])
      expect(created.update(Buffer.from('123456789')).digests()).toEqual({ [algorithm]: CHECK[algorithm], sizeBytes: 9 })
      expect(() => new StreamingHasher([algorithm])).toThrowError(message)
    },
  )

  it('hashes a name that comes twice once', () => {
    const opened: HashAlgorithm[][] = []
    const native = new NativeHashEngine()
    const engine: HashEngine = {
      open: (algorithms) => {
        opened.push([...algorithms])
        return native.open(algorithms)
      },
      flush: () => native.flush(),
      close: () => native.close(),
    }
    expect(new StreamingHasher(['md5', 'sha1', 'md5'], engine).digests()).toEqual({ md5: EMPTY.md5, sha1: EMPTY.sha1, sizeBytes: 0 })
    expect(opened).toEqual([['md5', 'sha1']])
  })

  it.each([[[]], [['md4']], [['MD5']], [['md5', undefined]], ['md5'], [null], [{}]])(
    'refuses the algorithms %j and lists what is known',
    async (algorithms) => {
      const refused = { code: 'ERR_INVALID_OPTION', message: expect.stringContaining('xxhash128'), context: { option: 'algorithms' } }
      expect(() => new StreamingHasher(algorithms as HashAlgorithm[])).toThrowError(
        expect.objectContaining({ code: 'ERR_INVALID_OPTION', message: refused.message }),
      )
      await expect(StreamingHasher.create(algorithms as HashAlgorithm[])).rejects.toMatchObject(refused)
    },
  )

  it.each([['text'], [undefined], [null], [5], [[1, 2]], [new ArrayBuffer(2)], [new Uint16Array(2)]])(
    'refuses %j as a chunk, shows nothing of it, and can go on',
    (chunk) => {
      const hasher = new StreamingHasher(['md5'])
      expect(() => hasher.update(chunk as unknown as Uint8Array)).toThrowError(
        expect.objectContaining({ code: 'ERR_INVALID_OPTION', message: expect.not.stringContaining('"text"') }),
      )
      expect(hasher.update(Buffer.from('123456789')).digests()).toEqual({ md5: CHECK.md5, sizeBytes: 9 })
    },
  )

  it('says clearly that it has ended', async () => {
    const hasher = new StreamingHasher()
    hasher.digests()
    const ended = expect.objectContaining({ code: 'ERR_INVALID_STATE', message: expect.stringContaining('digests() was called') })
    expect(() => hasher.digests()).toThrowError(ended)
    expect(() => hasher.update(new Uint8Array(1))).toThrowError(ended)
    await expect(pipeline(Readable.from([Buffer.from('x')]), hasher.through(), new PassThrough().resume())).rejects.toMatchObject({ code: 'ERR_INVALID_STATE' })
    await expect(collect(hasher.tee([new Uint8Array(1)]))).rejects.toMatchObject({ code: 'ERR_INVALID_STATE' })
  })

  it('chunking never changes a digest, for any algorithm and any cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 12 }),
        fc.subarray([...HASH_ALGORITHMS], { minLength: 1 }),
        async (chunks, algorithms) => {
          const inChunks = await StreamingHasher.create(algorithms)
          const whole = await StreamingHasher.create(algorithms)
          // both are open at once and share what is WebAssembly
          for (const chunk of chunks) inChunks.update(chunk)
          whole.update(Buffer.concat(chunks))
          expect(inChunks.sizeBytes).toBe(whole.sizeBytes)
          expect(inChunks.digests()).toEqual(whole.digests())
        },
      ),
      { numRuns: 200 },
    )
  })

  it('keeps any number of hashers apart, whatever the order of their chunks', async () => {
    const steps = fc.array(fc.tuple(fc.nat(5), fc.uint8Array({ maxLength: 300 })), { maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(steps, async (pushes) => {
        const hashers = await Promise.all(Array.from({ length: 6 }, () => StreamingHasher.create(HASH_ALGORITHMS)))
        for (const [index, chunk] of pushes) hashers[index]?.update(chunk)
        for (const [index, hasher] of hashers.entries()) {
          const alone = await StreamingHasher.create(HASH_ALGORITHMS)
          alone.update(Buffer.concat(pushes.filter(([at]) => at === index).map(([, chunk]) => chunk)))
          expect(hasher.digests()).toEqual(alone.digests())
        }
      }),
    )
  })

  it('flushes an engine that defers its work, so that the chunk may be reused', () => {
    const native = new NativeHashEngine()
    const noted: (() => void)[] = []
    const flush = (): void => {
      for (const work of noted.splice(0)) work()
    }
    const deferring: HashEngine = {
      open: (algorithms) => {
        const stream = native.open(algorithms)
        return {
          push: (chunk) => void noted.push(() => stream.push(chunk)),
          get sizeBytes() {
            return stream.sizeBytes
          },
          digests: () => stream.digests(),
          abandon: () => stream.abandon(),
        }
      },
      flush,
      close: () => native.close(),
    }
    const hasher = new StreamingHasher(['md5'], deferring)
    const buffer = Buffer.from('12345')
    hasher.update(buffer)
    buffer.write('6789')
    expect(hasher.update(buffer.subarray(0, 4)).digests()).toEqual({ md5: CHECK.md5, sizeBytes: 9 })
  })
})

describe('what passes through', () => {
  it('through() hashes a Node stream and leaves the bytes alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sealift-hasher-'))
    try {
      const content = streamG().subarray(0, 3_000_001)
      await writeFile(join(folder, 'in'), content)
      const hasher = new StreamingHasher()
      const chunks: Buffer[] = []
      await pipeline(createReadStream(join(folder, 'in')), hasher.through(), async (source: AsyncIterable<Buffer>) => {
        for await (const chunk of source) chunks.push(chunk)
      })
      expect(Buffer.concat(chunks).equals(await readFile(join(folder, 'in')))).toBe(true)
      expect(hasher.digests()).toEqual(new StreamingHasher().update(content).digests())
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('tee() gives the very same chunks, from an async or a plain iterable, no sooner than they are taken', async () => {
    const chunks = [Buffer.from('1234'), Buffer.from(''), Buffer.from('56789')]
    const hasher = new StreamingHasher(['md5'])
    const seen: Buffer[] = []
    for await (const chunk of hasher.tee(Readable.from(chunks) as AsyncIterable<Buffer>)) {
      seen.push(chunk)
      expect(hasher.sizeBytes).toBe(seen.reduce((sum, one) => sum + one.length, 0))
    }
    expect(seen.every((chunk, index) => chunk === chunks[index])).toBe(true)
    expect(hasher.digests()).toEqual({ md5: CHECK.md5, sizeBytes: 9 })

    const plain = new StreamingHasher(['md5'])
    expect(await collect(plain.tee(chunks))).toEqual(chunks)
    expect(plain.digests()).toEqual({ md5: CHECK.md5, sizeBytes: 9 })
  })

  it('tee() ends the source when its reader stops early', async () => {
    let ended = false
    async function* source(): AsyncGenerator<Uint8Array, void, undefined> {
      try {
        for (;;) yield Buffer.from('x')
      } finally {
        ended = true
      }
    }
    for await (const _ of new StreamingHasher().tee(source())) break
    expect(ended).toBe(true)
  })

  it('webTransform() hashes a web stream', async () => {
    const hasher = new StreamingHasher(['md5', 'sha256'])
    const readable = new Blob(['1234', '56789']).stream().pipeThrough(hasher.webTransform())
    expect(await new Response(readable as ReadableStream<Uint8Array>).text()).toBe('123456789')
    expect(hasher.digests()).toEqual({ md5: CHECK.md5, sha256: CHECK.sha256, sizeBytes: 9 })
  })

  it('a chunk that is no bytes breaks the stream instead of giving a wrong digest', async () => {
    const hasher = new StreamingHasher()
    await expect(collect(hasher.tee(['text'] as unknown as Uint8Array[]))).rejects.toMatchObject({ code: 'ERR_INVALID_OPTION' })
    const web = new ReadableStream({
      start: (controller) => {
        controller.enqueue('text')
        controller.close()
      },
    })
    await expect(new Response(web.pipeThrough(hasher.webTransform())).text()).rejects.toMatchObject({ code: 'ERR_INVALID_OPTION' })
  })
})

describe('types', () => {
  it('knows which digests there are', async () => {
    expectTypeOf(new StreamingHasher().digests().md5).toEqualTypeOf<string>()
    expectTypeOf(new StreamingHasher(['sha512']).digests().sha512).toEqualTypeOf<string>()
    expectTypeOf((await StreamingHasher.create(['crc32c', 'md5'])).digests().crc32c).toEqualTypeOf<string>()
    expectTypeOf((await StreamingHasher.create(HASH_ALGORITHMS as readonly HashAlgorithm[])).digests().md5).toEqualTypeOf<string | undefined>()
    expectTypeOf(new StreamingHasher().digests().sizeBytes).toEqualTypeOf<number>()
  })
})
