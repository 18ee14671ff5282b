import { type HttpHead, headerOf } from './http-head.ts'
import type { WireReader } from './wire-reader.ts'

/** How the end of a message's body is known. */
export type BodyFraming =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly sizeBytes: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until-close' }

/** Bytes of a body as they are on the wire: content, or the framing around it (chunk sizes, trailers). */
export interface WirePiece {
  readonly bytes: Buffer
  readonly content: boolean
}

/** The framing of a request's body (RFC 9112 section 6.3). */
export function requestFraming(head: HttpHead): BodyFraming {
  return declaredFraming(head) ?? { kind: 'none' }
}

/** The framing of a reply's body: none for HEAD, 1xx, 204 and 304, whatever the headers say. */
export function replyFraming(head: HttpHead, method: string, status: number): BodyFraming {
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return { kind: 'none' }
  return declaredFraming(head) ?? { kind: 'until-close' }
}

function declaredFraming(head: HttpHead): BodyFraming | null {
  if (headerOf(head, 'transfer-encoding')?.toLowerCase().endsWith('chunked')) return { kind: 'chunked' }
  const length = headerOf(head, 'content-length')
  if (length !== null && /^\d+$/.test(length)) return { kind: 'length', sizeBytes: Number(length) }
  return null
}

/** Ends a body that broke off: its connection is over before the framing says so. */
class BodyBrokenError extends Error {
  constructor() {
    super('the connection was over before the body')
    this.name = 'BodyBrokenError'
  }
}

/**
 * The body, piece by piece as it comes; chunk framing and trailers come through byte for byte, marked as framing.
 * @throws BodyBrokenError when the connection is over before the body
 */
export async function* readBody(reader: WireReader, framing: BodyFraming): AsyncGenerator<WirePiece, void, undefined> {
  if (framing.kind === 'length') yield* readExactly(reader, framing.sizeBytes)
  if (framing.kind === 'chunked') yield* readChunks(reader)
  if (framing.kind === 'until-close') for (let piece = await reader.read(); piece !== null; piece = await reader.read()) yield { bytes: piece, content: true }
}

async function* readExactly(reader: WireReader, sizeBytes: number): AsyncGenerator<WirePiece, void, undefined> {
  for (let left = sizeBytes; left > 0; ) {
    const piece = await reader.read()
    if (piece === null) throw new BodyBrokenError()
    if (piece.length > left) reader.putBack(piece.subarray(left))
    const bytes = piece.subarray(0, left)
    left -= bytes.length
    yield { bytes, content: true }
  }
}

async function* readChunks(reader: WireReader): AsyncGenerator<WirePiece, void, undefined> {
  for (;;) {
    const sizeLine = await readLine(reader)
    yield { bytes: sizeLine, content: false }
    const sizeBytes = Number.parseInt(sizeLine.toString('latin1'), 16)
    if (!(sizeBytes >= 0)) throw new BodyBrokenError()
    if (sizeBytes === 0) break
    yield* readExactly(reader, sizeBytes)
    yield { bytes: await readLine(reader), content: false }
  }
  // trailers, then the empty line
  for (let line = Buffer.alloc(0); line.length !== 2; ) {
    line = await readLine(reader)
    yield { bytes: line, content: false }
  }
}

async function readLine(reader: WireReader): Promise<Buffer<ArrayBuffer>> {
  const line = await reader.readThrough('\r\n', 65_536)
  if (line === null) throw new BodyBrokenError()
  return Buffer.from(line)
}

/** Reads a body to its end and drops it. */
export async function drainBody(pieces: AsyncIterable<WirePiece>): Promise<void> {
  const iterator = pieces[Symbol.asyncIterator]()
  while ((await iterator.next()).done !== true);
}
