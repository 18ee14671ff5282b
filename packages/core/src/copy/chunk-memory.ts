/** What is read of a large object at a time, and hashed in one go. Smaller ones take more turns, each of which may wake the other side: 128 KiB cost a tenth more CPU. */
export const CHUNK_BYTES: number = 512 * 1024

/** More than are ever on their way to a store that tells what it has sent. */
const MOST_UNTOLD = 8

/** Memory of chunks that are sent as they come: that of a chunk is used again once it was sent. */
export class ChunkMemory {
  readonly #free: Uint8Array[] = []
  /** by the memory under a chunk; weak, as not every store tells what it has sent */
  readonly #lent = new WeakMap<ArrayBufferLike, Uint8Array>()
  /** chunks since a store last told */
  #untold = 0

  /** Memory for one more chunk. Null where a store seems not to tell: a chunk that is used once only had better be no larger than what came. */
  take(): Uint8Array | null {
    if (this.#untold >= MOST_UNTOLD) return null
    this.#untold += 1
    const memory = this.#free.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES)
    this.#lent.set(memory.buffer, memory)
    return memory
  }

  /** Nobody reads this chunk any more. Of a chunk that lies in no memory of ours, or was told of before, nothing comes. */
  sent(chunk: Uint8Array): void {
    const memory = this.#lent.get(chunk.buffer)
    if (memory === undefined) return
    this.#untold = 0
    this.#lent.delete(chunk.buffer)
    this.#free.push(memory)
  }
}
