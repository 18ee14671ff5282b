import type { IHasher } from 'hash-wasm'
import { invalidOption } from '../errors.ts'
import { HASH_ALGORITHMS, type HashAlgorithm, isHashAlgorithm } from './algorithm.ts'

/** Algorithms that Node has built in: always ready. */
export const NATIVE_ALGORITHMS = ['md5', 'sha1', 'sha256', 'sha512', 'crc32'] as const

export type NativeAlgorithm = (typeof NATIVE_ALGORITHMS)[number]

/** Algorithms that need WebAssembly: ready after {@link prepareHashes}. */
export type WasmAlgorithm = Exclude<HashAlgorithm, NativeAlgorithm>

export function isNativeAlgorithm(algorithm: HashAlgorithm): algorithm is NativeAlgorithm {
  return (NATIVE_ALGORITHMS as readonly HashAlgorithm[]).includes(algorithm)
}

/** Where one message stands in a shared hasher. Make one per message; only {@link WasmHasher} looks inside. */
export interface WasmMessage {
  /** the hasher's state while another message has it; null: not begun, or in the hasher now */
  saved: Uint8Array | null
}

/**
 * One WebAssembly instance for any number of messages at a time. It holds the state of the message that was fed last and swaps states only
 * when another one comes: a stream hashed alone pays nothing, and no stream ever waits for an instance.
 */
export class WasmHasher {
  readonly #hasher: IHasher
  #current: WasmMessage | null = null

  constructor(hasher: IHasher) {
    this.#hasher = hasher
  }

  update(message: WasmMessage, chunk: Uint8Array): void {
    if (this.#current !== message) this.#swapIn(message)
    this.#hasher.update(chunk)
  }

  /** Ends the message. */
  digest(message: WasmMessage): Uint8Array {
    if (this.#current !== message) this.#swapIn(message)
    this.#current = null
    return this.#hasher.digest('binary')
  }

  /** Forgets the message. */
  drop(message: WasmMessage): void {
    if (this.#current === message) this.#current = null
    message.saved = null
  }

  #swapIn(message: WasmMessage): void {
    if (this.#current !== null) this.#current.saved = this.#hasher.save()
    if (message.saved === null) this.#hasher.init()
    else this.#hasher.load(message.saved)
    message.saved = null
    this.#current = message
  }
}

const READY: Map<WasmAlgorithm, WasmHasher> = new Map()
const PENDING: Map<WasmAlgorithm, Promise<void>> = new Map()

/**
 * Makes algorithms ready in this thread that need WebAssembly; the five of Node need nothing. Idempotent.
 * `StreamingHasher.create()` and `NativeHashEngine.create()` call it themselves; `compositeChecksum` over XXHASH needs it first.
 * @throws `ERR_INVALID_OPTION` for an unknown algorithm
 */
export async function prepareHashes(algorithms: readonly HashAlgorithm[] = HASH_ALGORITHMS): Promise<void> {
  const wasm = uniqueAlgorithms(algorithms).filter((algorithm) => !isNativeAlgorithm(algorithm))
  await Promise.all(wasm.map((algorithm) => prepareOne(algorithm as WasmAlgorithm)))
}

/** The hasher of an algorithm, or undefined before {@link prepareHashes}. */
export function wasmHasher(algorithm: WasmAlgorithm): WasmHasher | undefined {
  return READY.get(algorithm)
}

/**
 * The algorithms, each once, in the order given.
 * @throws `ERR_INVALID_OPTION` for an empty list or an unknown name
 */
export function uniqueAlgorithms(algorithms: readonly HashAlgorithm[], option = 'algorithms'): HashAlgorithm[] {
  const expected = (): string => `one or more of ${HASH_ALGORITHMS.join(', ')}`
  if (!Array.isArray(algorithms) || algorithms.length === 0) throw invalidOption(option, algorithms, expected())
  for (const algorithm of algorithms) {
    if (!isHashAlgorithm(algorithm)) throw invalidOption(option, algorithm, expected())
  }
  return [...new Set(algorithms)]
}

function prepareOne(algorithm: WasmAlgorithm): Promise<void> {
  if (READY.has(algorithm)) return Promise.resolve()
  let pending = PENDING.get(algorithm)
  if (pending === undefined) {
    pending = createHasher(algorithm)
      .then((hasher) => {
        READY.set(algorithm, new WasmHasher(hasher))
      })
      .finally(() => PENDING.delete(algorithm))
    PENDING.set(algorithm, pending)
  }
  return pending
}

/** hash-wasm is loaded here, not at the top: most users never need it. Polynomials are reflected; XXHASH has seed 0, as S3 uses it. */
async function createHasher(algorithm: WasmAlgorithm): Promise<IHasher> {
  const wasm = await import('hash-wasm')
  switch (algorithm) {
    case 'crc32c':
      return wasm.createCRC32(0x82f63b78)
    case 'crc64nvme':
      return wasm.createCRC64('9a6c9329ac4bc9b5')
    case 'crc64ecma':
      return wasm.createCRC64('c96c5795d7870f42')
    case 'xxhash64':
      return wasm.createXXHash64()
    case 'xxhash3':
      return wasm.createXXHash3()
    case 'xxhash128':
      return wasm.createXXHash128()
  }
}
