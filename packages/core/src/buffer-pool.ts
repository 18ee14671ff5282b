import { MIB } from './limits.ts'

const SMALLEST_BYTES = 4 * 1024
/** Larger ones are made for their one user. */
const LARGEST_BYTES = 64 * MIB

/** On the buffer itself: a set of loans would cost more than all the rest. */
const LENT_BY = Symbol('lent by')

interface Lendable extends Uint8Array {
  [LENT_BY]?: BufferPool | null
}

/**
 * Buffers by size class (powers of two from 4 KiB to 1 MiB, then whole MiB), kept for the next user: a buffer per body is what small objects cost on Node
 * 24 and 26. Not zeroed: a buffer shows what its last user left there, and must be filled before it is read.
 */
export class BufferPool {
  readonly #free = new Map<number, Uint8Array[]>()
  readonly #maxIdleBytes: number
  #idleBytes = 0
  #lent = 0

  /** @param maxIdleBytes - how much is kept for later; what is lent out does not count */
  constructor(maxIdleBytes: number) {
    this.#maxIdleBytes = maxIdleBytes
  }

  /** bytes that are kept and not lent out */
  get idleBytes(): number {
    return this.#idleBytes
  }

  /** buffers that are lent out */
  get lent(): number {
    return this.#lent
  }

  /** A buffer of at least `sizeBytes`, the caller's alone until it is given back or forgotten; see {@link pooledBytes}. */
  take(sizeBytes: number): Uint8Array {
    const wanted = pooledBytes(sizeBytes)
    const free = this.#free.get(wanted)
    const kept = free?.pop()
    if (kept !== undefined) this.#idleBytes -= wanted
    if (free?.length === 0) this.#free.delete(wanted)
    const buffer: Lendable = kept ?? Buffer.allocUnsafeSlow(wanted)
    buffer[LENT_BY] = this
    this.#lent += 1
    return buffer
  }

  /** Gives back what `take` gave: nobody reads or writes it any more. What is not lent is not taken back, so that no buffer gets two users. */
  give(buffer: Uint8Array): void {
    if (!this.#end(buffer)) return
    const sizeBytes = buffer.byteLength
    if (sizeBytes > LARGEST_BYTES || this.#idleBytes + sizeBytes > this.#maxIdleBytes) return
    const free = this.#free.get(sizeBytes)
    if (free === undefined) this.#free.set(sizeBytes, [buffer])
    else free.push(buffer)
    this.#idleBytes += sizeBytes
  }

  /** Ends a loan without reuse, where a socket may still read the buffer (a write that failed or was aborted): the collector takes it when nobody does. */
  forget(buffer: Uint8Array): void {
    this.#end(buffer)
  }

  #end(buffer: Lendable): boolean {
    if (buffer[LENT_BY] !== this) return false
    buffer[LENT_BY] = null
    this.#lent -= 1
    return true
  }
}

/** The size of the buffer that a pool lends for so many bytes. */
export function pooledBytes(sizeBytes: number): number {
  if (sizeBytes > LARGEST_BYTES) return sizeBytes
  if (sizeBytes > MIB) return Math.ceil(sizeBytes / MIB) * MIB
  return sizeBytes <= SMALLEST_BYTES ? SMALLEST_BYTES : 2 ** Math.ceil(Math.log2(sizeBytes))
}

/** The buffers of this thread's copies. What lies idle is two parts of the default size, or one object of 32 MiB. */
export const copyBuffers: BufferPool = new BufferPool(32 * MIB)
