import { type HashAlgorithm, type HashEngine, type HashStream, NativeHashEngine } from '@sealift/core'
import { describe, expect, it } from 'vitest'
import { hashEngineConformance } from './hash-engine.ts'

const ALGORITHMS: readonly HashAlgorithm[] = ['md5', 'sha1', 'crc32']

/** Runs the suite with a runner of our own; titles of the tests that failed. */
async function failuresOf(create: () => HashEngine): Promise<string[]> {
  const tests: { title: string; body: () => void | Promise<void> }[] = []
  hashEngineConformance({ describe: (_title, body) => body(), it: (title, body) => tests.push({ title, body }) }, { create, algorithms: ALGORITHMS })
  expect(tests.length).toBeGreaterThan(15)
  const failed: string[] = []
  for (const { title, body } of tests) {
    try {
      await body()
    } catch {
      failed.push(title)
    }
  }
  return failed
}

/** An engine over the native one, with some methods of its streams replaced. */
function altered(change: (stream: HashStream, engine: HashEngine) => Partial<HashStream>, flush: () => void = () => {}): HashEngine {
  const native = new NativeHashEngine()
  return {
    open: (algorithms) => {
      const stream = native.open(algorithms)
      const base: HashStream = {
        push: (chunk) => stream.push(chunk),
        get sizeBytes() {
          return stream.sizeBytes
        },
        digests: () => stream.digests(),
        abandon: () => stream.abandon(),
      }
      return Object.defineProperties(base, Object.getOwnPropertyDescriptors(change(stream, native)))
    },
    flush,
    close: () => native.close(),
  }
}

/** Notes chunks and hashes them in `flush`, as a multi-buffer engine does. */
function deferring(options: { readonly flushInDigests: boolean }): HashEngine {
  let noted: { readonly stream: HashStream; readonly chunk: Uint8Array }[] = []
  const native = new NativeHashEngine()
  const work = (): void => {
    const now = noted
    noted = []
    for (const { stream, chunk } of now) stream.push(chunk)
  }
  return {
    open: (algorithms) => {
      const stream = native.open(algorithms)
      let sizeBytes = 0
      return {
        push: (chunk) => {
          // throws where the stream has ended
          stream.push(chunk.subarray(0, 0))
          sizeBytes += chunk.length
          noted.push({ stream, chunk })
        },
        get sizeBytes() {
          return sizeBytes
        },
        digests: () => {
          if (options.flushInDigests) work()
          else noted = noted.filter((one) => one.stream !== stream)
          return stream.digests()
        },
        abandon: () => {
          noted = noted.filter((one) => one.stream !== stream)
          stream.abandon()
        },
      }
    },
    flush: work,
    close: () => {
      noted = []
      native.close()
    },
  }
}

describe('hashEngineConformance', () => {
  it('passes an engine that hashes in push, and one that hashes in flush', async () => {
    expect(await failuresOf(() => new NativeHashEngine())).toEqual([])
    expect(await failuresOf(() => deferring({ flushInDigests: true }))).toEqual([])
  })

  it('fails an engine that loses what was not flushed', async () => {
    expect(await failuresOf(() => deferring({ flushInDigests: false }))).toContain('digests() counts what was pushed and not yet flushed')
  })

  it('fails an engine that keeps a chunk beyond flush', async () => {
    const late = (): HashEngine =>
      altered((stream) => {
        const chunks: Uint8Array[] = []
        return {
          push: (chunk) => void chunks.push(chunk),
          digests: () => {
            for (const chunk of chunks) stream.push(chunk)
            return stream.digests()
          },
        }
      })
    expect(await failuresOf(late)).toContain('a buffer may be reused once flush has returned')
  })

  it('fails an engine with one state for all streams', async () => {
    const shared = (): HashEngine => {
      let state: HashStream | null = null
      return altered((_stream, engine) => ({
        push: (chunk) => {
          state ??= engine.open(ALGORITHMS)
          state.push(chunk)
        },
        digests: () => {
          state ??= engine.open(ALGORITHMS)
          const digests = state.digests()
          state = null
          return digests
        },
      }))
    }
    expect(await failuresOf(shared)).toContain('interleaved streams do not disturb each other')
  })

  it.each([
    [
      'changes the bytes it gets',
      'a pushed chunk is not written to',
      (stream: HashStream) => ({
        push: (chunk: Uint8Array) => {
          stream.push(chunk)
          if (chunk.length > 60_000) chunk[0] = 1
        },
      }),
    ],
    [
      'gives digests twice',
      'a second digests(), or a push after it, is ERR_INVALID_STATE',
      (stream: HashStream) => {
        let kept: ReturnType<HashStream['digests']> | null = null
        return {
          digests: () => {
            kept ??= stream.digests()
            return kept
          },
        }
      },
    ],
    ['ignores abandon', 'abandon ends a stream, may be called again, and leaves the others alone', () => ({ abandon: () => {} })],
    ['counts nothing', 'sizeBytes counts what was pushed', () => ({ sizeBytes: 0 })],
    [
      'drops the last byte of long chunks',
      'chunking never changes a digest',
      (stream: HashStream) => ({ push: (chunk: Uint8Array) => stream.push(chunk.length > 65_536 ? chunk.subarray(1) : chunk) }),
    ],
  ] as const)('fails an engine that %s', async (_what, title, change) => {
    expect(await failuresOf(() => altered(change))).toContain(title)
  })
})
