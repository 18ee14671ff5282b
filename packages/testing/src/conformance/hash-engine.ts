import assert from 'node:assert/strict'
import { DIGEST_BYTES, type HashAlgorithm, type HashEngine, type HashStream, SealiftError } from '@sealift/core'
import { generatedBytes, HASH_ANSWERS } from './hash-answers.ts'

/** What a test runner has to offer: vitest, node:test, mocha and jest do. */
export interface HashConformanceRunner {
  readonly describe: (title: string, body: () => void) => unknown
  readonly it: (title: string, body: () => void | Promise<void>) => unknown
}

export interface HashConformanceSubject {
  /** a fresh engine; the suite closes it */
  readonly create: () => HashEngine | Promise<HashEngine>
  /** the algorithms that the engine claims to have ready */
  readonly algorithms: readonly HashAlgorithm[]
}

/** Around the block and lane sizes of all algorithms. */
const LENGTHS: readonly number[] = [
  0, 1, 3, 4, 7, 8, 9, 16, 17, 31, 32, 33, 55, 56, 57, 63, 64, 65, 111, 112, 113, 119, 120, 127, 128, 129, 240, 241, 255, 256, 257, 1023, 1024, 1025,
]

/**
 * What every {@link HashEngine} must do, as tests for any runner.
 *
 * @example
 * ```ts
 * hashEngineConformance({ describe, it }, { create: () => NativeHashEngine.create(), algorithms: HASH_ALGORITHMS })
 * ```
 */
export function hashEngineConformance(runner: HashConformanceRunner, subject: HashConformanceSubject): void {
  const { algorithms } = subject
  const test = (title: string, body: (engine: HashEngine) => void): void => {
    runner.it(title, async () => {
      const engine = await subject.create()
      try {
        body(engine)
      } finally {
        engine.close()
      }
    })
  }

  runner.describe('digests', () => {
    for (const { title, message, digests } of HASH_ANSWERS) {
      test(`known answers for ${title}`, (engine) => {
        const bytes = message()
        assert.deepEqual(hashAll(engine, algorithms, [bytes]), pick(digests, algorithms))
        for (const algorithm of algorithms) assert.deepEqual(hashAll(engine, [algorithm], [bytes]), pick(digests, [algorithm]))
      })
    }

    test('a stream without a push has the digests of nothing, and empty chunks change nothing', (engine) => {
      const nothing = pick(HASH_ANSWERS[0]?.digests ?? {}, algorithms)
      assert.deepEqual(hex(engine.open(algorithms).digests()), nothing)
      assert.deepEqual(hashAll(engine, algorithms, [new Uint8Array(0), new Uint8Array(0)]), nothing)
      const bytes = generatedBytes(1000)
      const whole = hashAll(engine, algorithms, [bytes])
      // with and without memory behind them: some functions take the latter for a reset
      for (const empty of [new Uint8Array(0), new Uint8Array(new ArrayBuffer(0)), new Uint8Array(0).subarray(0, 0), bytes.subarray(5, 5), Buffer.alloc(0)]) {
        assert.deepEqual(hashAll(engine, algorithms, [empty, empty]), nothing)
        assert.deepEqual(hashAll(engine, algorithms, [empty, bytes.subarray(0, 64), empty, bytes.subarray(64), empty]), whole)
      }
    })

    test('chunking never changes a digest', (engine) => {
      const bytes = generatedBytes(200_000)
      const whole = hashAll(engine, algorithms, [bytes])
      for (const chunkBytes of [97, 4096, 65_536, 65_537])
        assert.deepEqual(
          hashAll(
            engine,
            algorithms,
            cut(bytes, () => chunkBytes),
          ),
          whole,
        )
      let state = 7
      const random = (): number => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0
        return state >>> 18
      }
      for (let round = 0; round < 5; round += 1) assert.deepEqual(hashAll(engine, algorithms, cut(bytes, random)), whole)
    })

    test('every length around the block sizes, in one push, byte by byte, and cut at each block boundary', (engine) => {
      for (const length of LENGTHS) {
        const bytes = generatedBytes(length)
        const whole = hashAll(engine, algorithms, [bytes])
        assert.deepEqual(
          hashAll(
            engine,
            algorithms,
            cut(bytes, () => 1),
          ),
          whole,
        )
        assert.deepEqual(
          hashAll(
            engine,
            algorithms,
            cut(bytes, () => 64),
          ),
          whole,
        )
        assert.deepEqual(hashAll(engine, algorithms, [bytes.subarray(0, length >> 1), bytes.subarray(length >> 1)]), whole)
      }
    })

    test('views at any offset, Buffers and shared memory are hashed like plain arrays', (engine) => {
      const bytes = generatedBytes(5000)
      const whole = hashAll(engine, algorithms, [bytes])
      for (const offset of [1, 2, 3, 5, 8, 13]) {
        const larger = new Uint8Array(bytes.length + 40).fill(0xee)
        larger.set(bytes, offset)
        assert.deepEqual(hashAll(engine, algorithms, [larger.subarray(offset, offset + bytes.length)]), whole)
      }
      assert.deepEqual(hashAll(engine, algorithms, [Buffer.from(bytes)]), whole)
      const shared = new Uint8Array(new SharedArrayBuffer(bytes.length))
      shared.set(bytes)
      assert.deepEqual(hashAll(engine, algorithms, [shared]), whole)
    })

    test('the result holds what was asked for, each once, in raw bytes of the right length', (engine) => {
      const [first] = algorithms
      assert.ok(first !== undefined)
      const stream = engine.open([first, ...algorithms, first])
      const digests = stream.digests()
      assert.deepEqual(new Set(Object.keys(digests)), new Set(algorithms))
      for (const algorithm of algorithms) assert.equal(digests[algorithm]?.length, DIGEST_BYTES[algorithm])
      assert.deepEqual(Object.keys(engine.open([first]).digests()), [first])
    })

    test('a result stays as it is while other streams are hashed', (engine) => {
      const stream = engine.open(algorithms)
      stream.push(generatedBytes(100))
      const digests = stream.digests()
      const before = hex(digests)
      for (let i = 0; i < 20; i += 1) hashAll(engine, algorithms, [generatedBytes(1000 + i)])
      assert.deepEqual(hex(digests), before)
    })
  })

  runner.describe('many streams', () => {
    test('interleaved streams do not disturb each other', (engine) => {
      const sizes = [0, 1, 63, 64, 65, 1000, 4096, 70_001, 150_000]
      const messages = sizes.map((size, index) => generatedBytes(size + index).subarray(index))
      const streams = messages.map(() => engine.open(algorithms))
      const at = messages.map(() => 0)
      for (let turn = 0; messages.some((message, index) => (at[index] ?? 0) < message.length); turn += 1) {
        for (const [index, message] of messages.entries()) {
          const start = at[index] ?? 0
          const end = Math.min(message.length, start + 1 + ((turn * 7919 + index * 104_729) % 9000))
          if (start < message.length) streams[index]?.push(message.subarray(start, end))
          at[index] = end
        }
        engine.flush()
      }
      // ended in another order than they were opened in
      for (let index = streams.length - 1; index >= 0; index -= 1) {
        assert.deepEqual(hex(streams[index]?.digests() ?? {}), hashAll(engine, algorithms, [messages[index] ?? new Uint8Array(0)]), `stream ${index}`)
      }
    })

    test('several chunks of one stream, and one chunk for several streams, in one turn', (engine) => {
      const bytes = generatedBytes(10_000)
      const a = engine.open(algorithms)
      const b = engine.open(algorithms)
      for (const chunk of cut(bytes, () => 999)) {
        a.push(chunk)
        b.push(chunk)
      }
      engine.flush()
      const whole = hashAll(engine, algorithms, [bytes])
      assert.deepEqual(hex(a.digests()), whole)
      assert.deepEqual(hex(b.digests()), whole)
    })

    test('300 streams at once, opened and ended in between', (engine) => {
      const bytes = generatedBytes(6000)
      const open = new Map<number, HashStream>()
      const end = (id: number): void => {
        const stream = open.get(id)
        open.delete(id)
        assert.deepEqual(hex(stream?.digests() ?? {}), hashAll(engine, algorithms, [bytes.subarray(id, id + 2 * (id + 10))]), `stream ${id}`)
      }
      for (let id = 0; id < 300; id += 1) {
        const stream = engine.open(algorithms)
        open.set(id, stream)
        stream.push(bytes.subarray(id, id + id + 10))
        if (id % 3 === 2) {
          engine.flush()
          const older = open.get(id - 2)
          older?.push(bytes.subarray(id - 2 + (id - 2) + 10, id - 2 + 2 * (id - 2 + 10)))
          end(id - 2)
        }
      }
      engine.flush()
      for (const [id, stream] of open) stream.push(bytes.subarray(id + id + 10, id + 2 * (id + 10)))
      engine.flush()
      for (const id of [...open.keys()].reverse()) end(id)
    })

    test('2,000 streams one after the other', (engine) => {
      const expected = hashAll(engine, algorithms, [generatedBytes(50)])
      for (let i = 0; i < 2000; i += 1) {
        const stream = engine.open(algorithms)
        stream.push(generatedBytes(50))
        if (i % 2 === 0) assert.deepEqual(hex(stream.digests()), expected)
        else stream.abandon()
      }
    })
  })

  runner.describe('borrowed chunks', () => {
    test('a buffer may be reused once flush has returned', (engine) => {
      const bytes = generatedBytes(50_000)
      const buffer = new Uint8Array(4096)
      const streams = [engine.open(algorithms), engine.open(algorithms)]
      for (const chunk of cut(bytes, () => buffer.length)) {
        buffer.set(chunk)
        for (const stream of streams) stream.push(buffer.subarray(0, chunk.length))
        engine.flush()
        buffer.fill(0xff)
      }
      for (const stream of streams) assert.deepEqual(hex(stream.digests()), hashAll(engine, algorithms, [bytes]))
    })

    test('digests() counts what was pushed and not yet flushed', (engine) => {
      const bytes = generatedBytes(1000)
      const stream = engine.open(algorithms)
      stream.push(bytes.subarray(0, 500))
      engine.flush()
      stream.push(bytes.subarray(500))
      assert.deepEqual(hex(stream.digests()), hashAll(engine, algorithms, [bytes]))
      engine.flush()
    })

    test('a pushed chunk is not written to', (engine) => {
      const bytes = generatedBytes(70_000)
      hashAll(engine, algorithms, [bytes])
      assert.deepEqual(bytes, generatedBytes(70_000))
    })
  })

  runner.describe('ends', () => {
    test('a second digests(), or a push after it, is ERR_INVALID_STATE', (engine) => {
      const stream = engine.open(algorithms)
      stream.push(generatedBytes(10))
      stream.digests()
      throwsCode('ERR_INVALID_STATE', () => stream.digests())
      throwsCode('ERR_INVALID_STATE', () => stream.push(generatedBytes(10)))
      stream.abandon()
    })

    test('abandon ends a stream, may be called again, and leaves the others alone', (engine) => {
      const bytes = generatedBytes(1000)
      const kept = engine.open(algorithms)
      kept.push(bytes.subarray(0, 300))
      const dropped = engine.open(algorithms)
      dropped.push(bytes)
      kept.push(bytes.subarray(300, 500))
      dropped.push(bytes)
      dropped.abandon()
      dropped.abandon()
      engine.flush()
      throwsCode('ERR_INVALID_STATE', () => dropped.push(bytes))
      throwsCode('ERR_INVALID_STATE', () => dropped.digests())
      kept.push(bytes.subarray(500))
      assert.deepEqual(hex(kept.digests()), hashAll(engine, algorithms, [bytes]))
    })

    test('sizeBytes counts what was pushed', (engine) => {
      const stream = engine.open(algorithms)
      assert.equal(stream.sizeBytes, 0)
      stream.push(new Uint8Array(10))
      stream.push(new Uint8Array(0))
      stream.push(new Uint8Array(70_000))
      assert.equal(stream.sizeBytes, 70_010)
      stream.digests()
      assert.equal(stream.sizeBytes, 70_010)
    })

    test('an unknown algorithm and an empty list are ERR_INVALID_OPTION', (engine) => {
      throwsCode('ERR_INVALID_OPTION', () => engine.open([]))
      throwsCode('ERR_INVALID_OPTION', () => engine.open(['crc16' as HashAlgorithm]))
      throwsCode('ERR_INVALID_OPTION', () => engine.open([...algorithms, 'MD5' as HashAlgorithm]))
    })

    test('close abandons the streams that are open', (engine) => {
      const stream = engine.open(algorithms)
      stream.push(generatedBytes(100))
      engine.close()
      throwsCode('ERR_INVALID_STATE', () => stream.push(generatedBytes(1)))
      throwsCode('ERR_INVALID_STATE', () => stream.digests())
      stream.abandon()
    })

    runner.it('an engine may be made while another one works', async () => {
      const first = await subject.create()
      const stream = first.open(algorithms)
      stream.push(generatedBytes(5000).subarray(0, 2500))
      const second = await subject.create()
      const other = hashAll(second, algorithms, [generatedBytes(5000)])
      stream.push(generatedBytes(5000).subarray(2500))
      second.close()
      assert.deepEqual(hex(stream.digests()), other)
      first.close()
    })
  })
}

function hashAll(engine: HashEngine, algorithms: readonly HashAlgorithm[], chunks: readonly Uint8Array[]): Record<string, string> {
  const stream = engine.open(algorithms)
  for (const chunk of chunks) {
    stream.push(chunk)
    engine.flush()
  }
  return hex(stream.digests())
}

function hex(digests: Readonly<Partial<Record<HashAlgorithm, Uint8Array>>>): Record<string, string> {
  return Object.fromEntries(Object.entries(digests).map(([algorithm, digest]) => [algorithm, Buffer.from(digest).toString('hex')]))
}

function pick(digests: Readonly<Partial<Record<HashAlgorithm, string>>>, algorithms: readonly HashAlgorithm[]): Record<string, string | undefined> {
  return Object.fromEntries(algorithms.map((algorithm) => [algorithm, digests[algorithm]]))
}

function cut(bytes: Uint8Array, chunkBytes: () => number): Uint8Array[] {
  const chunks: Uint8Array[] = []
  for (let start = 0; start < bytes.length; ) {
    const end = Math.min(bytes.length, start + chunkBytes())
    chunks.push(bytes.subarray(start, end))
    start = end
  }
  return chunks
}

function throwsCode(code: string, body: () => unknown): void {
  assert.throws(body, (error) => SealiftError.is(error) && error.code === code)
}
