import { createHash, type Hash, hash } from 'node:crypto'
import { isUint8Array } from 'node:util/types'
import { crc32 } from 'node:zlib'
import { HASH_ALGORITHMS, type HashAlgorithm } from '../checksum/algorithm.ts'
import {
  isNativeAlgorithm,
  NATIVE_ALGORITHMS,
  prepareHashes,
  uniqueAlgorithms,
  type WasmAlgorithm,
  type WasmHasher,
  type WasmMessage,
  wasmHasher,
} from '../checksum/wasm-hashers.ts'
import { describeValue, invalidOption, SealiftError } from '../errors.ts'
import type { HashEngine, HashStream } from '../ports/hash-engine.ts'

/** node:crypto refuses 2 GiB and more in one call. */
const MAX_UPDATE_BYTES = 2 ** 30
/** Above this a stream costs no more. */
const AT_ONCE_BYTES = 64 * 1024

/**
 * Hashes with what Node has (MD5, SHA-1, SHA-256, SHA-512, CRC32) and WebAssembly for the rest. It works in `push`, in place, without a copy
 * of the chunk; `flush` does nothing. Any number of streams may be open at once, in any order.
 */
export class NativeHashEngine implements HashEngine {
  readonly #algorithms: Set<HashAlgorithm> = new Set(NATIVE_ALGORITHMS)
  readonly #life: { closed: boolean } = { closed: false }

  /**
   * An engine that has also those algorithms ready that need WebAssembly. `new NativeHashEngine()` has the five of Node only.
   * @param algorithms - defaults to all that sealift knows
   * @throws `ERR_INVALID_OPTION` for an unknown algorithm or an empty list
   */
  static async create(algorithms: readonly HashAlgorithm[] = HASH_ALGORITHMS): Promise<NativeHashEngine> {
    await prepareHashes(algorithms)
    const engine = new NativeHashEngine()
    for (const algorithm of algorithms) engine.#algorithms.add(algorithm)
    return engine
  }

  /** The algorithms that `open` takes. */
  get algorithms(): readonly HashAlgorithm[] {
    return [...this.#algorithms]
  }

  /** @throws `ERR_INVALID_OPTION` for an empty list, an unknown algorithm or one that is not ready; `ERR_INVALID_STATE` after `close()` */
  open(algorithms: readonly HashAlgorithm[]): HashStream {
    return new NativeHashStream(this.#ready(algorithms), this.#life)
  }

  /** As `open`, `push` and `digests` in one. @throws what they throw */
  digest(algorithms: readonly HashAlgorithm[], bytes: Uint8Array): Readonly<Partial<Record<HashAlgorithm, Uint8Array>>> {
    const result: Partial<Record<HashAlgorithm, Uint8Array>> = {}
    const others: HashAlgorithm[] = []
    for (const algorithm of this.#ready(algorithms)) {
      if (bytes.length <= AT_ONCE_BYTES && isOneShot(algorithm)) result[algorithm] = bytesOf(hash(algorithm, bytes, 'binary'))
      else others.push(algorithm)
    }
    if (others.length === 0) return result
    const stream = new NativeHashStream(others, this.#life)
    stream.push(bytes)
    return Object.assign(result, stream.digests())
  }

  #ready(algorithms: readonly HashAlgorithm[]): readonly HashAlgorithm[] {
    if (this.#life.closed) throw new SealiftError('ERR_INVALID_STATE', 'the hash engine is closed')
    const wanted = uniqueAlgorithms(algorithms)
    for (const algorithm of wanted) {
      if (!this.#algorithms.has(algorithm)) {
        const ready = `an algorithm that is ready (${[...this.#algorithms].join(', ')}); NativeHashEngine.create(['${algorithm}', …]) makes it ready`
        throw invalidOption('algorithms', algorithm, ready)
      }
    }
    return wanted
  }

  flush(): void {}

  close(): void {
    this.#life.closed = true
  }
}

/** One algorithm over one stream. */
interface Digester {
  readonly algorithm: HashAlgorithm
  update(chunk: Uint8Array): void
  digest(): Uint8Array
  drop(): void
}

class NativeHashStream implements HashStream {
  readonly #engine: { readonly closed: boolean }
  #digesters: Digester[] | null
  #sizeBytes = 0

  constructor(algorithms: readonly HashAlgorithm[], engine: { readonly closed: boolean }) {
    this.#engine = engine
    this.#digesters = algorithms.map(createDigester)
  }

  get sizeBytes(): number {
    return this.#sizeBytes
  }

  push(chunk: Uint8Array): void {
    const digesters = this.#open()
    if (!isUint8Array(chunk)) throw invalidOption('chunk', describeValue(chunk), 'a Uint8Array')
    // zlib.crc32 forgets its second argument for some empty views (those without memory of their own): it gives 0
    if (chunk.length === 0) return
    for (const digester of digesters) {
      if (chunk.length <= MAX_UPDATE_BYTES) {
        digester.update(chunk)
      } else {
        for (let start = 0; start < chunk.length; start += MAX_UPDATE_BYTES) digester.update(chunk.subarray(start, start + MAX_UPDATE_BYTES))
      }
    }
    this.#sizeBytes += chunk.length
  }

  digests(): Readonly<Partial<Record<HashAlgorithm, Uint8Array>>> {
    const digesters = this.#open()
    this.#digesters = null
    const result: Partial<Record<HashAlgorithm, Uint8Array>> = {}
    for (const digester of digesters) result[digester.algorithm] = digester.digest()
    return result
  }

  abandon(): void {
    for (const digester of this.#digesters ?? []) digester.drop()
    this.#digesters = null
  }

  #open(): readonly Digester[] {
    if (this.#engine.closed) this.abandon()
    if (this.#digesters === null)
      throw new SealiftError('ERR_INVALID_STATE', 'the hash stream has ended: digests() or abandon() was called, or its engine was closed')
    return this.#digesters
  }
}

function createDigester(algorithm: HashAlgorithm): Digester {
  if (algorithm === 'crc32') return new Crc32Digester()
  if (isNativeAlgorithm(algorithm)) return new NodeDigester(algorithm)
  const hasher = wasmHasher(algorithm)
  if (hasher === undefined) throw new SealiftError('ERR_INVALID_STATE', `${algorithm} is not ready in this thread`)
  return new WasmDigester(algorithm, hasher)
}

class NodeDigester implements Digester {
  readonly algorithm: HashAlgorithm
  readonly #hash: Hash

  constructor(algorithm: 'md5' | 'sha1' | 'sha256' | 'sha512') {
    this.algorithm = algorithm
    this.#hash = createHash(algorithm)
  }

  update(chunk: Uint8Array): void {
    this.#hash.update(chunk)
  }

  digest(): Uint8Array {
    return asBytes(this.#hash.digest())
  }

  drop(): void {}
}

function isOneShot(algorithm: HashAlgorithm): boolean {
  return algorithm !== 'crc32' && isNativeAlgorithm(algorithm)
}

/** Memory of its own, inside the heap: a buffer outside it, as `node:crypto` gives one, takes as long as the digest of a small object. */
function bytesOf(latin1: string): Uint8Array {
  const digest = new Uint8Array(latin1.length)
  for (let at = 0; at < latin1.length; at += 1) digest[at] = latin1.charCodeAt(at)
  return digest
}

function asBytes(digest: Buffer): Uint8Array {
  return new Uint8Array(digest.buffer, digest.byteOffset, digest.byteLength)
}

class Crc32Digester implements Digester {
  readonly algorithm = 'crc32'
  #value = 0

  update(chunk: Uint8Array): void {
    this.#value = crc32(chunk, this.#value)
  }

  digest(): Uint8Array {
    const digest = new Uint8Array(4)
    new DataView(digest.buffer).setUint32(0, this.#value)
    return digest
  }

  drop(): void {}
}

class WasmDigester implements Digester {
  readonly algorithm: WasmAlgorithm
  readonly #hasher: WasmHasher
  readonly #message: WasmMessage = { saved: null }

  constructor(algorithm: WasmAlgorithm, hasher: WasmHasher) {
    this.algorithm = algorithm
    this.#hasher = hasher
  }

  update(chunk: Uint8Array): void {
    this.#hasher.update(this.#message, chunk)
  }

  digest(): Uint8Array {
    return this.#hasher.digest(this.#message)
  }

  drop(): void {
    this.#hasher.drop(this.#message)
  }
}
