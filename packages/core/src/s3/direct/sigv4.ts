import { createHmac, hash } from 'node:crypto'

export interface SigningCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

export interface UnsignedRequest {
  readonly method: string
  /** as it is sent: percent-encoded once, without the query */
  readonly path: string
  /** as it is sent, see `canonicalQuery`; empty for none */
  readonly query: string
  /** names in lower case; `host` among them. Added here: `x-amz-date`, `x-amz-content-sha256`, `x-amz-security-token`. */
  readonly headers: Readonly<Record<string, string>>
  /** lower-case hex SHA-256 of the body, or `UNSIGNED-PAYLOAD` */
  readonly payloadHash: string
}

export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD'
/** SHA-256 of nothing */
export const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** What proxies on the way may change without harm to the object. */
const UNSIGNED = new Set(['user-agent', 'accept-encoding', 'connection'])

/**
 * The headers to send, signed with Signature Version 4 in the `Authorization` header. Everything is signed but `user-agent`, `accept-encoding` and
 * `connection`: also what SDKs leave out and an object keeps, `cache-control` for one.
 * @returns name, value, name, value …
 * @see {@link https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html}
 */
export function signedHeaders(
  request: UnsignedRequest,
  credentials: SigningCredentials,
  scope: { readonly region: string; readonly service: string; readonly atMs: number },
): string[] {
  const longDate = amzDate(scope.atMs)
  const date = longDate.slice(0, 8)
  const headers: [string, string][] = Object.entries(request.headers)
  headers.push(['x-amz-date', longDate], ['x-amz-content-sha256', request.payloadHash])
  if (credentials.sessionToken !== undefined && credentials.sessionToken !== '') headers.push(['x-amz-security-token', credentials.sessionToken])
  headers.sort(byName)
  const wire: string[] = []
  let canonical = ''
  let names = ''
  for (const [name, value] of headers) {
    wire.push(name, value)
    if (UNSIGNED.has(name)) continue
    canonical += `${name}:${canonicalValue(value)}\n`
    names += names === '' ? name : `;${name}`
  }
  const place = `${date}/${scope.region}/${scope.service}/aws4_request`
  const canonicalRequest = `${request.method}\n${request.path}\n${request.query}\n${canonical}\n${names}\n${request.payloadHash}`
  const toSign = `AWS4-HMAC-SHA256\n${longDate}\n${place}\n${sha256OfLatin1(canonicalRequest)}`
  const signature = signingKey(credentials.secretAccessKey, date, scope.region, scope.service).sign(toSign)
  wire.push('authorization', `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${place}, SignedHeaders=${names}, Signature=${signature}`)
  return wire
}

/** Query parameters in the order and encoding that are signed, and sent. */
export function canonicalQuery(query: Readonly<Record<string, string>>): string {
  const names = Object.keys(query)
  if (names.length === 0) return ''
  return names
    .map((name) => [encodeUri(name), encodeUri(query[name] ?? '')] as const)
    .sort(byName)
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

/** Every byte of the UTF-8 but letters, digits and `-._~` as `%XX` (RFC 3986). */
export function encodeUri(text: string): string {
  if (PLAIN.test(text)) return text
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** As `encodeUri`, but `/` stays: nothing is folded, `a/../b` and `a//b` stay what they are. */
export function encodeKey(key: string): string {
  if (PLAIN_PATH.test(key)) return key
  return encodeUri(key).replaceAll('%2F', '/')
}

const PLAIN = /^[A-Za-z0-9\-._~]*$/
const PLAIN_PATH = /^[A-Za-z0-9\-._~/]*$/

let lastSecond = Number.NaN
let lastDate = ''

/** `20130524T000000Z` */
function amzDate(atMs: number): string {
  const second = Math.floor(atMs / 1000)
  if (second !== lastSecond) {
    lastDate = `${new Date(second * 1000).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
    lastSecond = second
  }
  return lastDate
}

function byName(a: readonly [string, string], b: readonly [string, string]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0
}

function canonicalValue(value: string): string {
  return /^\s|\s\s|\s$|\t/.test(value) ? value.trim().replace(/\s+/g, ' ') : value
}

let scratch = Buffer.alloc(4096)

/** Header values are Latin-1 on the wire: those bytes are what the server hashes. */
function sha256OfLatin1(text: string): string {
  if (text.length > scratch.byteLength) scratch = Buffer.alloc(2 * text.length)
  const bytes = scratch.subarray(0, scratch.write(text, 0, 'latin1'))
  const digest = hash('sha256', bytes, 'hex')
  // a customer's key or a session token may be in it
  bytes.fill(0)
  return digest
}

const BLOCK_BYTES = 64
const DIGEST_BYTES = 32

/** HMAC-SHA256 (RFC 2104) with one key, by two hashes of prepared memory: half the cost of an `Hmac` for a text of some lines. */
export class HmacKey {
  #inner: Buffer = Buffer.alloc(512)
  readonly #outer: Buffer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES)

  /** @param key - at most 64 bytes */
  constructor(key: Uint8Array) {
    if (key.byteLength > BLOCK_BYTES) throw new RangeError(`a key of ${key.byteLength} bytes`)
    for (let at = 0; at < BLOCK_BYTES; at += 1) {
      const byte = key[at] ?? 0
      this.#inner[at] = byte ^ 0x36
      this.#outer[at] = byte ^ 0x5c
    }
  }

  /** @returns lower-case hex of the text's UTF-8 */
  sign(text: string): string {
    // UTF-8 has at most three bytes for a unit of a text
    const roomBytes = BLOCK_BYTES + 3 * text.length
    if (roomBytes > this.#inner.byteLength) this.#inner = Buffer.concat([this.#inner.subarray(0, BLOCK_BYTES)], roomBytes)
    const sizeBytes = BLOCK_BYTES + this.#inner.write(text, BLOCK_BYTES, 'utf8')
    this.#outer.write(hash('sha256', this.#inner.subarray(0, sizeBytes), 'binary'), BLOCK_BYTES, 'latin1')
    return hash('sha256', this.#outer, 'hex')
  }
}

interface DerivedKey {
  readonly secret: string
  readonly date: string
  readonly region: string
  readonly service: string
  readonly key: HmacKey
}

/** One entry per pair of credentials and region in use; the oldest goes. */
const derived: DerivedKey[] = []
const MAX_DERIVED = 32

function signingKey(secret: string, date: string, region: string, service: string): HmacKey {
  for (const entry of derived) if (entry.secret === secret && entry.date === date && entry.region === region && entry.service === service) return entry.key
  const mac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
  const key = new HmacKey(mac(mac(mac(mac(`AWS4${secret}`, date), region), service), 'aws4_request'))
  derived.unshift({ secret, date, region, service, key })
  if (derived.length > MAX_DERIVED) derived.pop()
  return key
}
