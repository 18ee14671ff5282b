/** What is read of a large object at a time: each is hashed, and sent, in one go. Smaller ones wake the other side more often, which costs more than the cache gains. */
export const CHUNK_BYTES: number = 512 * 1024

/** Memory of chunks that are sent as they come: that of a chunk is used again once it was sent. */
export class ChunkMemory {
  readonly #free: Uint8Array[] = []
  /** by the memory under a chunk; weak, as not every store tells what it has sent */
  readonly #lent = new WeakMap<ArrayBufferLike, Uint8Array>()

  /** Memory for one more chunk. */
  take(): Uint8Array {
    const memory = this.#free.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES)
    this.#lent.set(memory.buffer, memory)
    return memory
  }

  /** Nobody reads this chunk any more. Of a chunk that lies in no memory of ours, or was told of before, nothing comes. */
  sent(chunk: Uint8Array): void {
    const memory = this.#lent.get(chunk.buffer)
    if (memory === undefined) return
    this.#lent.delete(chunk.buffer)
    this.#free.push(memory)
  }
}
