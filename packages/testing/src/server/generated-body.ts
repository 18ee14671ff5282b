import { PIECE_BYTES, type StoredBody } from './stored-body.ts'

const BLOCK_BYTES = 4096
const POOL_BYTES = 1 << 20

let pool: Buffer | undefined

// Numerical Recipes' 32-bit LCG; only has to look random and be the same everywhere
function randomPool(): Buffer {
  if (pool !== undefined) return pool
  const bytes = Buffer.allocUnsafe(POOL_BYTES + BLOCK_BYTES)
  let state = 1
  for (let i = 0; i < bytes.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    bytes[i] = state >>> 24
  }
  pool = bytes
  return bytes
}

/**
 * Bytes that are made when they are read: the same for the same seed and offset, different from block to block, so that swapped or
 * repeated stretches are seen. Every block of 4096 bytes is a stretch of a fixed random pool, picked by seed and block number, that starts
 * with the block number and the seed (both little-endian, 8 and 4 bytes).
 */
export class GeneratedBody implements StoredBody {
  readonly isDiscarded: boolean = false
  readonly sizeBytes: number
  readonly seed: number

  constructor(sizeBytes: number, seed: number) {
    this.sizeBytes = sizeBytes
    this.seed = seed >>> 0
  }

  *read(start: number, end: number): Iterable<Uint8Array> {
    for (let at = start; at < end; ) {
      const stop = Math.min(end, at + PIECE_BYTES)
      yield this.#piece(at, stop)
      at = stop
    }
  }

  #piece(start: number, end: number): Uint8Array {
    const source = randomPool()
    const firstBlock = Math.floor(start / BLOCK_BYTES)
    const lastBlock = Math.floor((end - 1) / BLOCK_BYTES)
    const bytes = Buffer.allocUnsafe((lastBlock - firstBlock + 1) * BLOCK_BYTES)
    for (let block = firstBlock, offset = 0; block <= lastBlock; block++, offset += BLOCK_BYTES) {
      source.copy(bytes, offset, pickOffset(this.seed, block), pickOffset(this.seed, block) + BLOCK_BYTES)
      bytes.writeUInt32LE(block % 2 ** 32, offset)
      bytes.writeUInt32LE(Math.floor(block / 2 ** 32), offset + 4)
      bytes.writeUInt32LE(this.seed, offset + 8)
    }
    return bytes.subarray(start - firstBlock * BLOCK_BYTES, end - firstBlock * BLOCK_BYTES)
  }
}

function pickOffset(seed: number, block: number): number {
  let hash = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(block + 1, 0xc2b2ae35)
  hash = Math.imul(hash ^ (hash >>> 15), 0x27d4eb2f)
  return (hash ^ (hash >>> 13)) & (POOL_BYTES - 1)
}
