import { Transform } from 'node:stream'
import { TransformStream } from 'node:stream/web'
import { isUint8Array } from 'node:util/types'
import { DEFAULT_HASHES, type HashAlgorithm } from '../checksum/algorithm.ts'
import { toHex } from '../checksum/digest.ts'
import { isNativeAlgorithm, uniqueAlgorithms } from '../checksum/wasm-hashers.ts'
import { describeValue, invalidOption, SealiftError } from '../errors.ts'
import type { HashEngine, HashStream } from '../ports/hash-engine.ts'
import { NativeHashEngine } from './native-hash-engine.ts'

/** The algorithms of {@link DEFAULT_HASHES}. */
export type DefaultHash = 'md5' | 'sha1' | 'sha256' | 'crc32'

/** Lower-case hex by algorithm, and how many bytes were hashed. */
export type StreamDigests<A extends HashAlgorithm = HashAlgorithm> = Readonly<
  (HashAlgorithm extends A ? Partial<Record<HashAlgorithm, string>> : Record<A, string>) & { sizeBytes: number }
>

const READY_AT_ONCE = new NativeHashEngine()

/**
 * Several digests of one stream in one pass; each algorithm is computed once, chunks are not copied.
 *
 * @example
 * ```ts
 * const hasher = new StreamingHasher()
 * await pipeline(createReadStream('photo.jpg'), hasher.through(), createWriteStream('copy.jpg'))
 * const { md5, sha256, sizeBytes } = hasher.digests()
 * ```
 */
export class StreamingHasher<A extends HashAlgorithm = DefaultHash> {
  readonly #engine: HashEngine
  readonly #stream: HashStream
  #ended = false

  /**
   * @param algorithms - `md5`, `sha1`, `sha256`, `sha512`, `crc32`; the others come by {@link StreamingHasher.create}. Defaults to {@link DEFAULT_HASHES}.
   * @param engine - what hashes; by default Node's own functions
   * @throws `ERR_INVALID_OPTION` for an empty list, an unknown name, or an algorithm that is not ready at once
   */
  constructor(algorithms: readonly A[] = DEFAULT_HASHES as readonly A[], engine: HashEngine = READY_AT_ONCE) {
    const wanted = uniqueAlgorithms(algorithms)
    const late = engine === READY_AT_ONCE ? wanted.find((algorithm) => !isNativeAlgorithm(algorithm)) : undefined
    if (late !== undefined) {
      const expected = 'md5, sha1, sha256, sha512 or crc32 (ready at once); await StreamingHasher.create(algorithms) for the others'
      throw invalidOption('algorithms', late, expected)
    }
    this.#engine = engine
    this.#stream = engine.open(wanted)
  }

  /**
   * A hasher with any of the algorithms: some are WebAssembly and need a moment the first time.
   * @throws `ERR_INVALID_OPTION` for an empty list or an unknown name
   */
  static async create<A extends HashAlgorithm = DefaultHash>(algorithms: readonly A[] = DEFAULT_HASHES as readonly A[]): Promise<StreamingHasher<A>> {
    return new StreamingHasher(algorithms, await NativeHashEngine.create(algorithms))
  }

  /** Bytes hashed so far. */
  get sizeBytes(): number {
    return this.#stream.sizeBytes
  }

  /**
   * Hashes a chunk; it may be reused as soon as this returns.
   * @throws `ERR_INVALID_OPTION` for anything but bytes (a string has no bytes before an encoding is chosen); `ERR_INVALID_STATE` after `digests()`
   */
  update(chunk: Uint8Array): this {
    if (this.#ended) throw endedError()
    if (!isUint8Array(chunk)) throw invalidOption('chunk', describeChunk(chunk), 'a Uint8Array (encode text first, e.g. with Buffer.from(text))')
    this.#stream.push(chunk)
    this.#engine.flush()
    return this
  }

  /**
   * Ends the hasher.
   * @throws `ERR_INVALID_STATE` when it was called before
   */
  digests(): StreamDigests<A> {
    if (this.#ended) throw endedError()
    this.#ended = true
    const sizeBytes = this.#stream.sizeBytes
    const result: Record<string, string | number> = {}
    for (const [algorithm, digest] of Object.entries(this.#stream.digests())) result[algorithm] = toHex(digest)
    result.sizeBytes = sizeBytes
    return result as unknown as StreamDigests<A>
  }

  /** A Node stream that hashes what passes through it. Call `digests()` when it has ended. */
  through(): Transform {
    return new Transform({
      transform: (chunk: Uint8Array, _encoding, done) => {
        try {
          this.update(chunk)
        } catch (error) {
          done(error as Error)
          return
        }
        done(null, chunk)
      },
    })
  }

  /** The same chunks, hashed as they are taken. Call `digests()` when it has ended. */
  async *tee<T extends Uint8Array>(source: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T, void, undefined> {
    for await (const chunk of source) {
      this.update(chunk)
      yield chunk
    }
  }

  /** A web stream that hashes what passes through it. Call `digests()` when it has ended. */
  webTransform(): TransformStream<Uint8Array, Uint8Array> {
    return new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        this.update(chunk)
        controller.enqueue(chunk)
      },
    })
  }
}

/** Content may be secret: only the kind of a wrong chunk is said. */
function describeChunk(chunk: unknown): string {
  return typeof chunk === 'string' ? `a string of ${chunk.length} characters` : describeValue(chunk)
}

function endedError(): SealiftError {
  return new SealiftError('ERR_INVALID_STATE', 'the hasher has ended: digests() was called; make a new StreamingHasher for other content')
}
