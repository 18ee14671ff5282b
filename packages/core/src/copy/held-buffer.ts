import { copyBuffers } from '../buffer-pool.ts'

/** The memory of an object that is held whole, over the attempts of its copy. */
export class HeldBuffer {
  readonly #buffer: Uint8Array
  readonly #sizeBytes: number
  #disturbed = false

  constructor(sizeBytes: number) {
    this.#buffer = copyBuffers.take(sizeBytes)
    this.#sizeBytes = sizeBytes
  }

  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#sizeBytes)
  }

  /** A request that sent the bytes ended without success: its socket may still read them, so that nothing may be written over them. */
  get disturbed(): boolean {
    return this.#disturbed
  }

  disturb(): void {
    this.#disturbed = true
  }

  /** Nobody uses it any more, but for sockets of requests that failed. Idempotent. */
  release(): void {
    if (this.#disturbed) copyBuffers.forget(this.#buffer)
    else copyBuffers.give(this.#buffer)
  }
}
