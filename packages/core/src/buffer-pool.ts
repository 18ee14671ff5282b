const SMALLEST_BYTES = 4 * 1024
const LARGEST_BYTES = 16 * 1024 * 1024

/**
 * Buffers by size class (powers of two from 4 KiB to 16 MiB), kept for the next user: a buffer per body is what small objects cost on Node 24 and 26.
 * Not zeroed: a lease shows what its last user left there, and must be filled before it is read.
 */
export class BufferPool {
  readonly #free = new Map<number, Uint8Array[]>()
  readonly #maxIdleBytes: number
  #idleBytes = 0

  /** @param maxIdleBytes - how much is kept for later; what is lent out does not count */
  constructor(maxIdleBytes: number = 16 * 1024 * 1024) {
    this.#maxIdleBytes = maxIdleBytes
  }

  /** bytes that are kept and not lent out */
  get idleBytes(): number {
    return this.#idleBytes
  }

  /** A buffer of at least `sizeBytes`; one above 16 MiB is made for the caller and not kept. */
  take(sizeBytes: number): Uint8Array {
    const classBytes = sizeClass(sizeBytes)
    const kept = classBytes === null ? undefined : this.#free.get(classBytes)?.pop()
    if (kept === undefined) return Buffer.allocUnsafeSlow(classBytes ?? sizeBytes)
    this.#idleBytes -= kept.byteLength
    return kept
  }

  /** Gives back what `take` gave, once: nobody may read or write it any more. */
  give(buffer: Uint8Array): void {
    const sizeBytes = buffer.byteLength
    if (sizeClass(sizeBytes) !== sizeBytes || this.#idleBytes + sizeBytes > this.#maxIdleBytes) return
    let free = this.#free.get(sizeBytes)
    if (free === undefined) {
      free = []
      this.#free.set(sizeBytes, free)
    }
    free.push(buffer)
    this.#idleBytes += sizeBytes
  }
}

function sizeClass(sizeBytes: number): number | null {
  if (sizeBytes > LARGEST_BYTES) return null
  return sizeBytes <= SMALLEST_BYTES ? SMALLEST_BYTES : 2 ** Math.ceil(Math.log2(sizeBytes))
}
