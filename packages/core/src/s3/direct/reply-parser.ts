import type { WireHeaders } from '../data-transport.ts'

/** The largest head of a reply: metadata of 8 KiB and more is met outside of AWS. Interim replies before it, and trailers after it, have the same room. */
export const MAX_HEADER_BYTES: number = 64 * 1024
const MAX_CHUNK_LINE_BYTES = 4 * 1024
const HEAD_END = Buffer.from('\r\n\r\n', 'latin1')
const LINE_END = Buffer.from('\r\n', 'latin1')
const CR = 13
const LF = 10

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
/** What lines of a head may not hold: control characters but the tab (RFC 9110, 5.5), and half an end of a line. */
const NO_LINES = /[^\t\r\n\x20-\x7e\x80-\xff]|\r(?!\n)|^\n|[^\r]\n/
/** What nearly every reply begins with. */
const USUAL_BEGIN = 'HTTP/1.1 200 OK\r\n'

/** Names of fields in lower case by the form in which they came: a server writes the same ones in each reply. */
const knownNames = new Map<string, string>()
const MAX_KNOWN_NAMES = 256
const MAX_KNOWN_NAME_LENGTH = 40

/** Of these the first counts where a reply has them twice; other fields are joined (as `node:http` does). */
const SINGLE = new Set(['age', 'content-type', 'etag', 'expires', 'last-modified', 'location', 'retry-after', 'server'])

export interface ReplyHead {
  readonly status: number
  /** names in lower case, values as Latin-1 */
  readonly headers: WireHeaders
  /** the connection may serve again after this reply, as far as its head says; a HEAD's only where it says so expressly */
  readonly keepAlive: boolean
  /** the server closes an idle connection after this many seconds; null: not said */
  readonly idleSeconds: number | null
}

/** What comes out of the bytes of a reply, in order. */
export interface ReplyListener {
  onHead(head: ReplyHead): void
  /** a piece of the body; never empty. The bytes are the parser's input: they are gone once `push` returns */
  onBody(bytes: Uint8Array): void
  /** the reply is whole. `clean`: no byte came after it */
  onReplyEnd(clean: boolean): void
}

/** Bytes that are no HTTP/1.1 reply. */
export class MalformedReply extends Error {
  /** the head is larger than we take */
  readonly tooLarge: boolean

  constructor(message: string, tooLarge: boolean = false) {
    super(message)
    this.name = 'MalformedReply'
    this.tooLarge = tooLarge
  }
}

type State = 'head' | 'sized' | 'to-close' | 'chunk-size' | 'chunk-data' | 'chunk-end' | 'trailers' | 'done'

/**
 * The reply to one request out of the bytes of a connection: interim replies (1xx) are passed over, the body is taken out of its framing (RFC 9112). Strict:
 * lines end in CRLF, a length and chunks together are refused, so is more than one length, another transfer coding than `chunked`, and a folded line.
 */
export class ReplyParser {
  readonly #listener: ReplyListener
  readonly #isHead: boolean
  #state: State = 'head'
  /** an incomplete head or line */
  #held: Buffer | null = null
  #interimBytes = 0
  #trailerBytes = 0
  /** of the body, or of the chunk */
  #left = 0

  /** @param isHead - the request was a HEAD: its reply has no body, whatever its length says */
  constructor(listener: ReplyListener, isHead: boolean) {
    this.#listener = listener
    this.#isHead = isHead
  }

  /** Bytes came. @throws MalformedReply; nothing may be pushed after it */
  push(bytes: Buffer): void {
    let rest: Buffer | null = bytes
    while (rest !== null) {
      switch (this.#state) {
        case 'head':
          rest = this.#head(rest)
          break
        case 'sized':
        case 'chunk-data':
          rest = this.#data(rest)
          break
        case 'to-close':
          this.#listener.onBody(rest)
          return
        case 'done':
          throw new MalformedReply('bytes after the reply')
        default:
          rest = this.#line(rest)
      }
    }
  }

  /** The connection was ended by the server. True where that ends the reply, and it is whole. */
  end(): boolean {
    if (this.#state !== 'to-close') return false
    this.#finish(true)
    return true
  }

  #head(bytes: Buffer): Buffer | null {
    const all = this.#held === null ? bytes : Buffer.concat([this.#held, bytes])
    const end = all.indexOf(HEAD_END)
    if ((end === -1 ? all.byteLength : end) > MAX_HEADER_BYTES) throw new MalformedReply('a head without an end', true)
    if (end === -1) {
      checkBeginning(all)
      // copied: the input's memory is used again
      this.#held = all === bytes ? Buffer.from(all) : all
      return null
    }
    this.#held = null
    const rest = all.byteLength === end + HEAD_END.byteLength ? null : all.subarray(end + HEAD_END.byteLength)
    const text = all.toString('latin1', 0, end)
    const { status, minor, next } = statusOf(text)
    const headers = parseFields(text, next, all)
    if (status < 200) {
      if (status === 101 || minor === '0') throw new MalformedReply(`status ${status}, which was not asked for`)
      this.#interimBytes += end
      if (this.#interimBytes > MAX_HEADER_BYTES) throw new MalformedReply('interim replies without an end', true)
      return rest
    }
    return this.#begin(status, headers, minor === '1', rest)
  }

  #begin(status: number, headers: WireHeaders, http11: boolean, rest: Buffer | null): Buffer | null {
    const connection = headers['connection'] ?? ''
    const coding = headers['transfer-encoding']
    const length = headers['content-length']
    if (coding !== undefined && (!http11 || coding.toLowerCase() !== 'chunked')) throw new MalformedReply('a transfer coding that is not understood')
    if (coding !== undefined && length !== undefined) throw new MalformedReply('a length and chunks')
    const sizeBytes = length === undefined ? null : lengthOf(length)
    const bodiless = this.#isHead || status === 204 || status === 304
    const framed = bodiless || coding !== undefined || sizeBytes !== null
    const keepAlive = http11 && framed && !hasToken(connection, 'close') && (!this.#isHead || hasToken(connection, 'keep-alive'))
    this.#state = bodiless || sizeBytes === 0 ? 'done' : coding !== undefined ? 'chunk-size' : sizeBytes === null ? 'to-close' : 'sized'
    this.#left = sizeBytes ?? 0
    this.#listener.onHead({ status, headers, keepAlive, idleSeconds: idleSecondsOf(headers['keep-alive']) })
    if (this.#state !== 'done') return rest
    this.#finish(rest === null)
    return null
  }

  #data(bytes: Buffer): Buffer | null {
    const taken = Math.min(this.#left, bytes.byteLength)
    this.#left -= taken
    this.#listener.onBody(taken === bytes.byteLength ? bytes : bytes.subarray(0, taken))
    const rest = taken === bytes.byteLength ? null : bytes.subarray(taken)
    if (this.#left > 0) return null
    if (this.#state === 'chunk-data') {
      this.#state = 'chunk-end'
      return rest
    }
    this.#finish(rest === null)
    return null
  }

  /** A line of the chunked framing. */
  #line(bytes: Buffer): Buffer | null {
    const all = this.#held === null ? bytes : Buffer.concat([this.#held, bytes])
    const end = all.indexOf(LINE_END)
    if ((end === -1 ? all.byteLength : end) > MAX_CHUNK_LINE_BYTES) throw new MalformedReply('a line of a chunk without an end')
    if (end === -1) {
      this.#held = all === bytes ? Buffer.from(all) : all
      return null
    }
    this.#held = null
    const line = all.toString('latin1', 0, end)
    const rest = all.byteLength === end + 2 ? null : all.subarray(end + 2)
    if (this.#state === 'chunk-end') {
      if (line !== '') throw new MalformedReply('a chunk longer than it says')
      this.#state = 'chunk-size'
      return rest
    }
    if (this.#state === 'trailers') return this.#trailer(line, rest)
    const [, digits] = /^([0-9A-Fa-f]{1,13})[\t ]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/.exec(line) ?? []
    if (digits === undefined) throw new MalformedReply('a size of a chunk that is none')
    this.#left = Number.parseInt(digits, 16)
    this.#state = this.#left === 0 ? 'trailers' : 'chunk-data'
    return rest
  }

  /** Trailers are read over: nothing of an object is in them. */
  #trailer(line: string, rest: Buffer | null): Buffer | null {
    if (line === '') {
      this.#finish(rest === null)
      return null
    }
    this.#trailerBytes += line.length
    if (this.#trailerBytes > MAX_HEADER_BYTES) throw new MalformedReply('trailers without an end')
    parseFields(line, 0, null)
    return rest
  }

  #finish(clean: boolean): void {
    this.#state = 'done'
    this.#listener.onReplyEnd(clean)
  }
}

/** What is no HTTP at all need not be waited for. */
function checkBeginning(bytes: Buffer): void {
  const begin = bytes.toString('latin1', 0, 7)
  if (!'HTTP/1.'.startsWith(begin)) throw new MalformedReply('a status line that is none')
  // a line that ends otherwise would never come to an end
  const feed = bytes.indexOf(LF)
  if (feed !== -1 && bytes[feed - 1] !== CR) throw new MalformedReply('a line that does not end in CRLF')
}

function statusOf(text: string): { readonly status: number; readonly minor: string; readonly next: number } {
  if (text.startsWith(USUAL_BEGIN)) return { status: 200, minor: '1', next: USUAL_BEGIN.length }
  const end = text.indexOf('\r\n')
  const [, minor, code] = STATUS_LINE.exec(end === -1 ? text : text.slice(0, end)) ?? []
  if (code === undefined || minor === undefined) throw new MalformedReply('a status line that is none')
  return { status: Number(code), minor, next: end === -1 ? text.length : end + 2 }
}

/** Whether a list of tokens names one; in lower case. */
function hasToken(list: string, token: string): boolean {
  if (list === '' || list === token) return list === token
  // what servers say when they say anything
  if (list === 'keep-alive' || list === 'close') return false
  return list.split(',').some((item) => item.trim().toLowerCase() === token)
}

function idleSecondsOf(keepAlive: string | undefined): number | null {
  if (keepAlive === undefined) return null
  if (keepAlive !== lastKeepAlive.text) {
    const seconds = /(?:^|,)[\t ]*timeout=(\d{1,9})/i.exec(keepAlive)?.[1]
    lastKeepAlive = { text: keepAlive, idleSeconds: seconds === undefined ? null : Number(seconds) }
  }
  return lastKeepAlive.idleSeconds
}

/** A server says the same in each reply. */
let lastKeepAlive: { readonly text: string; readonly idleSeconds: number | null } = { text: '', idleSeconds: null }

/** Objects that inherit nothing, and are no dictionaries: the few names that are asked for are found at once. */
const HeaderFields = class {} as new () => Record<string, string>
Object.setPrototypeOf(HeaderFields.prototype, null)
delete (HeaderFields.prototype as { constructor?: unknown }).constructor

/** Values that go into records, and may be kept for long: a slice of the text would keep all of it. */
const KEPT = new Set(['etag', 'x-amz-version-id'])

/**
 * Fields, a line each, from `start` to the end of the text.
 * @param bytes - what the text was read from, from its beginning
 */
function parseFields(text: string, start: number, bytes: Buffer | null): WireHeaders {
  const headers = new HeaderFields()
  if (NO_LINES.test(text) || text.endsWith('\r')) throw new MalformedReply('a header with a control character')
  for (let at = start; at < text.length; ) {
    let end = text.indexOf('\r\n', at)
    if (end === -1) end = text.length
    const colon = text.indexOf(':', at)
    if (colon === -1 || colon > end) throw new MalformedReply('a header line without a colon')
    const name = nameOf(text.slice(at, colon))
    const sliced = trimmed(text, colon + 1, end)
    const value = bytes !== null && KEPT.has(name) ? copyOf(text, sliced, colon, bytes) : sliced
    const before = headers[name]
    if (before === undefined) headers[name] = value
    else if (name === 'content-length') throw new MalformedReply('two lengths')
    else if (!SINGLE.has(name)) headers[name] = `${before}, ${value}`
    at = end + 2
  }
  return headers
}

function nameOf(given: string): string {
  const known = knownNames.get(given)
  if (known !== undefined) return known
  // also refuses a folded line, which begins with a blank
  if (!NAME.test(given)) throw new MalformedReply('a header name that is none')
  const name = given.toLowerCase()
  // users' own names are many
  if (given.length <= MAX_KNOWN_NAME_LENGTH && knownNames.size < MAX_KNOWN_NAMES && !name.startsWith('x-amz-meta-')) knownNames.set(given, name)
  return name
}

function copyOf(text: string, sliced: string, after: number, bytes: Buffer): string {
  const from = text.indexOf(sliced, after + 1)
  return bytes.toString('latin1', from, from + sliced.length)
}

function trimmed(text: string, start: number, end: number): string {
  let from = start
  let to = end
  while (from < to && isBlank(text.charCodeAt(from))) from += 1
  while (to > from && isBlank(text.charCodeAt(to - 1))) to -= 1
  return text.slice(from, to)
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9
}

function lengthOf(value: string): number {
  if (value === '' || value.length > 15) throw new MalformedReply('a length that is none')
  let length = 0
  for (let at = 0; at < value.length; at += 1) {
    const digit = value.charCodeAt(at) - 48
    if (digit < 0 || digit > 9) throw new MalformedReply('a length that is none')
    length = length * 10 + digit
  }
  return length
}
