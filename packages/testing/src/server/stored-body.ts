/** The bytes of an object or a part. */
export interface StoredBody {
  readonly sizeBytes: number
  /** The bytes were thrown away: `read` throws. */
  readonly isDiscarded: boolean
  /** The bytes from `start` up to, not including, `end`, in pieces of at most {@link PIECE_BYTES}. */
  read(start: number, end: number): Iterable<Uint8Array>
}

/** Largest piece that a body hands out at once. */
export const PIECE_BYTES: number = 256 * 1024

/** Bytes that are kept, as the pieces in which they arrived. */
export class KeptBody implements StoredBody {
  readonly isDiscarded: boolean = false
  readonly sizeBytes: number
  readonly #pieces: readonly Uint8Array[]

  constructor(pieces: readonly Uint8Array[]) {
    this.sizeBytes = pieces.reduce((sum, piece) => sum + piece.length, 0)
    // a small body would otherwise hold on to the whole block of memory that its bytes were read into
    this.#pieces = this.sizeBytes <= 64 * 1024 ? [Buffer.concat(pieces)] : pieces
  }

  *read(start: number, end: number): Iterable<Uint8Array> {
    let at = 0
    for (const piece of this.#pieces) {
      const from = Math.max(start - at, 0)
      const to = Math.min(end - at, piece.length)
      for (let i = from; i < to; i += PIECE_BYTES) yield piece.subarray(i, Math.min(i + PIECE_BYTES, to))
      at += piece.length
      if (at >= end) return
    }
  }
}

/** A stretch of another body, as UploadPartCopy makes it: nothing is stored twice. */
export class SlicedBody implements StoredBody {
  readonly isDiscarded: boolean
  readonly sizeBytes: number
  readonly #body: StoredBody
  readonly #start: number

  constructor(body: StoredBody, start: number, end: number) {
    this.#body = body
    this.isDiscarded = body.isDiscarded
    this.#start = start
    this.sizeBytes = end - start
  }

  read(start: number, end: number): Iterable<Uint8Array> {
    return this.#body.read(this.#start + start, this.#start + end)
  }
}

/** Parts one after another. */
export class JoinedBody implements StoredBody {
  readonly isDiscarded: boolean
  readonly sizeBytes: number
  readonly #parts: readonly StoredBody[]

  constructor(parts: readonly StoredBody[]) {
    this.#parts = parts
    this.isDiscarded = parts.some((part) => part.isDiscarded)
    this.sizeBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0)
  }

  *read(start: number, end: number): Iterable<Uint8Array> {
    let at = 0
    for (const part of this.#parts) {
      const from = Math.max(start - at, 0)
      const to = Math.min(end - at, part.sizeBytes)
      if (from < to) yield* part.read(from, to)
      at += part.sizeBytes
      if (at >= end) return
    }
  }
}

/** Another body with one byte's lowest bit inverted. */
export class FlippedBody implements StoredBody {
  readonly isDiscarded: boolean
  readonly sizeBytes: number
  readonly #body: StoredBody
  readonly #at: number

  constructor(body: StoredBody, at: number) {
    this.#body = body
    this.isDiscarded = body.isDiscarded
    this.#at = at
    this.sizeBytes = body.sizeBytes
  }

  *read(start: number, end: number): Iterable<Uint8Array> {
    let at = start
    for (const piece of this.#body.read(start, end)) {
      const offset = this.#at - at
      yield offset >= 0 && offset < piece.length ? flipped(piece, offset) : piece
      at += piece.length
    }
  }
}

/** A copy of the bytes with the lowest bit of one inverted. */
export function flipped(piece: Uint8Array, offset: number): Uint8Array {
  const copy = Uint8Array.from(piece)
  copy[offset] = (copy[offset] ?? 0) ^ 1
  return copy
}

/** Size known, bytes thrown away (`discardBodies`): it can be described, not read. */
export class DiscardedBody implements StoredBody {
  readonly isDiscarded: boolean = true
  readonly sizeBytes: number

  constructor(sizeBytes: number) {
    this.sizeBytes = sizeBytes
  }

  read(): Iterable<Uint8Array> {
    throw new Error('the bytes of this object were discarded (discardBodies)')
  }
}

/** All bytes of a body in one buffer. */
export function bodyBuffer(body: StoredBody): Buffer {
  return Buffer.concat([...body.read(0, body.sizeBytes)])
}
