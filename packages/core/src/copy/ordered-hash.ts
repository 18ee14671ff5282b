import type { ReadHasher } from './read-hasher.ts'

/** What is hashed without letting timers and sockets live in between: about a millisecond of four digests. */
const SLICE_BYTES = 512 * 1024

interface Piece {
  readonly bytes: Uint8Array
  filledBytes: number
  resolve(): void
  reject(error: unknown): void
}

/** A piece of an object on its way into the hash of the whole. */
export interface HashedPiece {
  /** That much of it has arrived. */
  filled(filledBytes: number): void
  /** Resolves when all of it is hashed: it may be reused then. Rejects where `fail` comes first. */
  readonly done: Promise<void>
}

/** Hashes an object in order, whatever order its pieces arrive in: what is next as it comes, what was waiting in slices. */
export class OrderedHash {
  readonly #hasher: ReadHasher
  readonly #pieces: Piece[] = []
  /** of the first piece */
  #hashedBytes = 0
  #timer: NodeJS.Immediate | null = null
  #failure: { readonly error: unknown } | null = null

  constructor(hasher: ReadHasher) {
    this.#hasher = hasher
  }

  /** The piece after those that were added before. */
  add(bytes: Uint8Array): HashedPiece {
    const piece: Piece = { bytes, filledBytes: 0, resolve() {}, reject() {} }
    const done = new Promise<void>((resolve, reject) => Object.assign(piece, { resolve, reject }))
    // whoever waits for it may do so later
    done.catch(() => undefined)
    this.#pieces.push(piece)
    if (this.#failure !== null) piece.reject(this.#failure.error)
    return {
      done,
      filled: (filledBytes) => {
        piece.filledBytes = filledBytes
        if (this.#pieces[0] === piece && this.#timer === null) this.#advance()
      },
    }
  }

  /** Nothing is hashed any more, and what waits for it is rejected. */
  fail(error: unknown): void {
    if (this.#failure !== null) return
    this.#failure = { error }
    if (this.#timer !== null) clearImmediate(this.#timer)
    for (const piece of this.#pieces) piece.reject(error)
  }

  #advance(): void {
    this.#timer = null
    const piece = this.#pieces[0]
    if (piece === undefined || this.#failure !== null) return
    const end = Math.min(piece.filledBytes, this.#hashedBytes + SLICE_BYTES)
    if (end > this.#hashedBytes) this.#hasher.push(piece.bytes.subarray(this.#hashedBytes, end))
    this.#hashedBytes = end
    if (end === piece.bytes.byteLength) {
      this.#pieces.shift()
      this.#hashedBytes = 0
      piece.resolve()
    }
    const next = this.#pieces[0]
    if (next !== undefined && (next.filledBytes > this.#hashedBytes || next.bytes.byteLength === 0)) this.#later()
  }

  #later(): void {
    this.#timer = setImmediate(() => {
      try {
        this.#advance()
      } catch (error) {
        this.fail(error)
      }
    })
  }
}
