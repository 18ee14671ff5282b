import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { DIGEST_VECTORS, streamG } from '../../test/vectors.ts'
import { HASH_ALGORITHMS, type HashAlgorithm } from '../checksum/algorithm.ts'
import { toHex } from '../checksum/digest.ts'
import { prepareHashes } from '../checksum/wasm-hashers.ts'
import { NativeHashEngine } from './native-hash-engine.ts'

const CHECK = DIGEST_VECTORS.find((vector) => vector.input === '123456789')?.digests ?? ({} as Record<HashAlgorithm, string>)

// what the conformance suite in test/ does not see, because it is this engine's own
describe('NativeHashEngine', () => {
  it('has the five of Node without preparation, and only what was asked for with it', async () => {
    expect(new NativeHashEngine().algorithms).toEqual(['md5', 'sha1', 'sha256', 'sha512', 'crc32'])
    expect(new Set((await NativeHashEngine.create()).algorithms)).toEqual(new Set(HASH_ALGORITHMS))
    expect((await NativeHashEngine.create(['xxhash3'])).algorithms).toEqual(['md5', 'sha1', 'sha256', 'sha512', 'crc32', 'xxhash3'])
  })

  it('names create() for an algorithm that is not ready, whatever another engine has', async () => {
    await NativeHashEngine.create()
    expect(() => new NativeHashEngine().open(['md5', 'crc32c'])).toThrowError(
      expect.objectContaining({ code: 'ERR_INVALID_OPTION', message: expect.stringContaining("NativeHashEngine.create(['crc32c', …])") }),
    )
  })

  it('refuses unknown algorithms when it is made', async () => {
    for (const algorithms of [[], ['md6'], 'md5']) {
      await expect(NativeHashEngine.create(algorithms as HashAlgorithm[])).rejects.toMatchObject({ code: 'ERR_INVALID_OPTION' })
    }
  })

  it('can be made many times at once', async () => {
    const engines = await Promise.all(Array.from({ length: 20 }, (_, index) => NativeHashEngine.create([HASH_ALGORITHMS[index % 11] ?? 'md5'])))
    await Promise.all([prepareHashes(), prepareHashes(['crc32c'])])
    for (const [index, engine] of engines.entries()) {
      const algorithm = HASH_ALGORITHMS[index % 11] ?? 'md5'
      const stream = engine.open([algorithm])
      stream.push(Buffer.from('123456789'))
      expect(toHex(stream.digests()[algorithm] ?? new Uint8Array(0))).toBe(CHECK[algorithm])
    }
  })

  it('takes back one algorithm of several without a trace in the others', async () => {
    const engine = await NativeHashEngine.create()
    const dropped = engine.open(['crc32c', 'xxhash3'])
    dropped.push(streamG().subarray(0, 1000))
    dropped.abandon()
    const stream = engine.open(['crc32c', 'xxhash3'])
    stream.push(Buffer.from('123456789'))
    const digests = stream.digests()
    expect(toHex(digests.crc32c ?? new Uint8Array(0))).toBe(CHECK.crc32c)
    expect(toHex(digests.xxhash3 ?? new Uint8Array(0))).toBe(CHECK.xxhash3)
  })

  it('refuses a stream after close, and text in push', () => {
    const engine = new NativeHashEngine()
    const stream = engine.open(['md5'])
    expect(() => stream.push('text' as unknown as Uint8Array)).toThrowError(expect.objectContaining({ code: 'ERR_INVALID_OPTION' }))
    expect(stream.sizeBytes).toBe(0)
    engine.close()
    engine.close()
    expect(() => engine.open(['md5'])).toThrowError(expect.objectContaining({ code: 'ERR_INVALID_STATE' }))
  })

  it('returns plain arrays that own their bytes, so that they can be posted and compared', () => {
    const stream = new NativeHashEngine().open(['md5', 'sha1', 'sha256', 'sha512', 'crc32'])
    for (const digest of Object.values(stream.digests())) {
      expect(digest.constructor).toBe(Uint8Array)
      expect(digest.buffer.byteLength).toBe(digest.byteLength)
    }
  })

  it('works in a worker thread', async () => {
    const code = `
      const { parentPort } = require('node:worker_threads')
      import(${JSON.stringify(new URL('./native-hash-engine.ts', import.meta.url).href)}).then(async ({ NativeHashEngine }) => {
        const engine = await NativeHashEngine.create()
        const stream = engine.open(['crc64nvme', 'md5'])
        stream.push(Buffer.from('123456789'))
        parentPort.postMessage(stream.digests())
      })`
    const worker = new Worker(code, { eval: true })
    const digests = await new Promise<Record<string, Uint8Array>>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', () => reject(new Error('the worker ended without a word')))
    })
    await worker.terminate()
    expect(Buffer.from(digests.crc64nvme ?? []).toString('hex')).toBe(CHECK.crc64nvme)
    expect(Buffer.from(digests.md5 ?? []).toString('hex')).toBe(CHECK.md5)
  })
})

describe('digest', () => {
  it.each([0, 1, 1_000, 64 * 1024, 64 * 1024 + 1])('of %d bytes at once is what a stream of them gives', async (sizeBytes) => {
    const engine = await NativeHashEngine.create()
    const bytes = Uint8Array.from({ length: sizeBytes }, (_, index) => (index * 131) % 251)
    const stream = engine.open(HASH_ALGORITHMS)
    stream.push(bytes)
    engine.flush()
    const digests = engine.digest(HASH_ALGORITHMS, bytes)
    expect(digests).toEqual(stream.digests())
    // nothing else lies in their memory
    for (const digest of Object.values(digests)) expect(digest.buffer.byteLength).toBe(digest.byteLength)
  })

  it('wants algorithms that are ready, and an open engine', () => {
    const engine = new NativeHashEngine()
    expect(() => engine.digest(['crc32c'], new Uint8Array())).toThrow(expect.objectContaining({ code: 'ERR_INVALID_OPTION' }))
    engine.close()
    expect(() => engine.digest(['md5'], new Uint8Array())).toThrow(expect.objectContaining({ code: 'ERR_INVALID_STATE' }))
  })
})
