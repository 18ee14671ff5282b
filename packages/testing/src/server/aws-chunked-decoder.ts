import { createHash } from 'node:crypto'
import { S3Error } from './s3-error.ts'
import { hmac, sameText, type VerifiedSignature } from './signature.ts'

const EMPTY_SHA256 = createHash('sha256').digest('hex')
const LINE_LIMIT = 16 * 1024

/**
 * Takes the aws-chunked framing off a body: `size[;chunk-signature=…]\r\n bytes \r\n … 0…\r\n trailers \r\n`.
 * Signatures of chunks and of the trailer are checked where there is a signature to check them with.
 */
export class AwsChunkedDecoder {
  /** Trailer fields, after the end. */
  readonly trailers: Map<string, string> = new Map()
  readonly #signature: VerifiedSignature | null
  #previous: string
  #state: 'size' | 'data' | 'data-end' | 'trailer' | 'done' = 'size'
  #line = Buffer.alloc(0)
  #remaining = 0
  #claimed = ''
  #hash = createHash('sha256')
  #trailerText = ''

  /** @param signature - of the request, for signed chunks; null when the chunks are not signed */
  constructor(signature: VerifiedSignature | null) {
    this.#signature = signature
    this.#previous = signature?.signature ?? ''
  }

  get isDone(): boolean {
    return this.#state === 'done'
  }

  /** Gives the payload bytes in a piece of the framed body. @throws `IncompleteBody` for broken framing, `SignatureDoesNotMatch` */
  push(piece: Uint8Array): Uint8Array[] {
    const out: Uint8Array[] = []
    let rest = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
    while (rest.length > 0) {
      if (this.#state === 'done') return out
      if (this.#state === 'data') {
        const bytes = rest.subarray(0, this.#remaining)
        this.#remaining -= bytes.length
        rest = rest.subarray(bytes.length)
        if (this.#signature !== null) this.#hash.update(bytes)
        out.push(bytes)
        if (this.#remaining === 0) this.#state = 'data-end'
        continue
      }
      const end = rest.indexOf(10)
      this.#line = Buffer.concat([this.#line, end < 0 ? rest : rest.subarray(0, end + 1)])
      if (this.#line.length > LINE_LIMIT) throw broken()
      rest = end < 0 ? rest.subarray(rest.length) : rest.subarray(end + 1)
      if (end >= 0) this.#takeLine()
    }
    return out
  }

  #takeLine(): void {
    const line = this.#line.toString('latin1').replace(/\r?\n$/, '')
    this.#line = Buffer.alloc(0)
    if (this.#state === 'data-end') {
      if (line !== '') throw broken()
      this.#checkChunk()
      this.#state = 'size'
    } else if (this.#state === 'size') this.#startChunk(line)
    else this.#takeTrailer(line)
  }

  #startChunk(line: string): void {
    const match = /^([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?\s*$/.exec(line)
    if (match === null) throw broken()
    this.#remaining = Number.parseInt(match[1] ?? '', 16)
    this.#claimed = match[2] ?? ''
    if (this.#remaining > 0) {
      this.#state = 'data'
      return
    }
    this.#checkChunk()
    this.#state = 'trailer'
  }

  #takeTrailer(line: string): void {
    if (line === '') {
      this.#state = 'done'
      return
    }
    const colon = line.indexOf(':')
    if (colon < 0) throw broken()
    const name = line.slice(0, colon).trim().toLowerCase()
    const value = line.slice(colon + 1).trim()
    if (name !== 'x-amz-trailer-signature') {
      this.trailers.set(name, value)
      this.#trailerText += `${name}:${value}\n`
      return
    }
    if (this.#signature === null) return
    const { signingKey, amzDate, scope } = this.#signature
    const digest = createHash('sha256').update(this.#trailerText, 'latin1').digest('hex')
    const expected = hmac(signingKey, `AWS4-HMAC-SHA256-TRAILER\n${amzDate}\n${scope}\n${this.#previous}\n${digest}`).toString('hex')
    if (!sameText(expected, value)) throw new S3Error(403, 'SignatureDoesNotMatch')
    this.#previous = value
  }

  #checkChunk(): void {
    if (this.#signature === null) return
    const { signingKey, amzDate, scope } = this.#signature
    const digest = this.#hash.digest('hex')
    this.#hash = createHash('sha256')
    const expected = hmac(signingKey, `AWS4-HMAC-SHA256-PAYLOAD\n${amzDate}\n${scope}\n${this.#previous}\n${EMPTY_SHA256}\n${digest}`).toString('hex')
    if (!sameText(expected, this.#claimed)) throw new S3Error(403, 'SignatureDoesNotMatch')
    this.#previous = expected
  }
}

function broken(): S3Error {
  return new S3Error(400, 'IncompleteBody')
}
