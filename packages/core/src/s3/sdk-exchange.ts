import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { throwIfAborted } from '../abort.ts'
import type { WriteBody } from '../ports/object-store.ts'
import { watchConnection } from './connection-watch.ts'
import type { WireHeaders } from './data-transport.ts'
import { freshHandle } from './fresh-connection.ts'
import { requestBodySource } from './request-body.ts'
import type { S3ClientLike } from './s3-client-like.ts'
import { TransportFailure } from './transport-failure.ts'
import { type Deadlines, Watchdog } from './watchdog.ts'

/** A command of the SDK, as far as we touch it. */
export interface SdkCommand {
  readonly middlewareStack: {
    add(middleware: Middleware, options: { step: string; priority: string; name: string; override: boolean }): void
  }
}

interface MiddlewareArgs {
  request: SdkRequest
  input: unknown
}
type Handler = (args: MiddlewareArgs) => Promise<{ response: unknown; output?: unknown }>
type Middleware = (next: Handler) => Handler

interface SdkRequest {
  method: string
  protocol: string
  headers: Record<string, string>
  query: Record<string, unknown>
  body?: unknown
}

interface SdkResponse {
  statusCode: number
  headers: Record<string, string>
  body?: unknown
}

/** The last reply that came, as the server sent it. */
export interface RawReply {
  readonly status: number
  readonly headers: WireHeaders
  /** a small reply, whole; empty where the body was left to stream */
  readonly text: string
  /** the body that was left to stream */
  readonly stream: ReplyStream | null
}

export interface ReplyStream extends AsyncIterable<Uint8Array> {
  destroy?(error?: Error): unknown
}

export interface ExchangeOptions {
  /** set after the SDK's own, lower case; the SDK's checksum headers are always taken out */
  readonly headers: WireHeaders
  /** Leave a 2xx body unread, and keep the SDK from looking at the reply. */
  readonly streamReply: boolean
  /** Send exactly these headers: the SDK's default content-type goes. */
  readonly ownContentType: boolean
  /** The server wants a Content-MD5 of the SDK's XML body. */
  readonly contentMd5OfXml?: boolean
  /** A 2xx whose body is not XML is not read: by its Content-Type alone, or (`sniffed`) where its first byte says so too. */
  readonly xmlReply?: 'declared' | 'sniffed'
  readonly query?: Readonly<Record<string, string>>
  readonly body?: WriteBody | undefined
  readonly payloadSha256?: string | undefined
  readonly signal?: AbortSignal | undefined
  readonly freshConnection?: boolean | undefined
  readonly deadlines: Deadlines
}

export interface Exchange {
  readonly attempts: number
  readonly tls: boolean
  readonly reply: RawReply | null
  /** what the SDK made of it; undefined where `error` is set */
  readonly output: unknown
  /** what the SDK threw; null after success */
  readonly error: unknown
  /** ends timers and listeners; with `true` the connection is dropped */
  readonly finish: (drop: boolean) => void
  readonly watchdog: Watchdog
}

const MAX_REPLY_BYTES = 16 * 1024 * 1024
const MAX_ERROR_BYTES = 256 * 1024

/** Keeps the SDK's flexible checksums from touching a request: they stand back where a checksum header exists. Taken out again before signing. */
const CHECKSUM_GUARD = 'x-amz-checksum-sealift'

/**
 * Sends one command through the caller's client. Everything is set on the command, nothing on the client: headers exactly as given, no
 * checksum, trailer or `Expect` of the SDK, the reply's raw headers, deadlines of our own.
 * Throws the signal's reason, the body's own error, or a `TransportFailure`; an error reply is returned.
 */
export async function exchange(client: S3ClientLike, command: SdkCommand, options: ExchangeOptions): Promise<Exchange> {
  throwIfAborted(options.signal)
  const controller = new AbortController()
  const watchdog = new Watchdog(options.deadlines, () => controller.abort())
  const onAbort = (): void => controller.abort()
  options.signal?.addEventListener('abort', onAbort, { once: true })
  let attempts = 0
  let tls = false
  let reply: RawReply | null = null
  const source =
    options.body === undefined
      ? null
      : requestBodySource(options.body, { onProgress: () => watchdog.sending(), onWait: () => watchdog.waitingForSource(), onError: () => controller.abort() })
  const fresh = options.freshConnection === true ? freshHandle(client.config) : null
  const finish = (drop: boolean): void => {
    watchdog.stop()
    options.signal?.removeEventListener('abort', onAbort)
    source?.stop()
    if (drop || source?.unfinished === true) controller.abort()
    fresh?.release()
  }

  command.middlewareStack.add(
    (next) => (args) => {
      args.request.headers[CHECKSUM_GUARD] = '-'
      return next(args)
    },
    { step: 'build', priority: 'high', name: 'sealiftChecksumGuard', override: true },
  )
  command.middlewareStack.add(
    (next) => (args) => {
      setRequest(args.request, options)
      return next(args)
    },
    { step: 'build', priority: 'low', name: 'sealiftRequest', override: true },
  )
  command.middlewareStack.add(
    (next) => async (args) => {
      if (source?.isSpent() === true) throw new TransportFailure('body', 'the request body is a stream and was sent already', attempts)
      attempts += 1
      const unsigned = options.headers[UNSIGNED]
      if (unsigned !== undefined) args.request.headers[UNSIGNED] = unsigned
      reply = null
      tls = args.request.protocol === 'https:'
      watchdog.start(source !== null)
      const request = source === null ? args.request : Object.assign(Object.create(Object.getPrototypeOf(args.request)), args.request, { body: source.open() })
      try {
        const send = (): ReturnType<Handler> => next({ ...args, request })
        const handled = await watchConnection(watchdog, () => (fresh === null ? send() : fresh.handle(request, controller.signal, send)))
        const response = handled.response as SdkResponse
        if (isAborted(controller.signal)) {
          destroy(response.body)
          throw new TransportFailure('connection', 'aborted', attempts)
        }
        watchdog.replied()
        const ok = response.statusCode >= 200 && response.statusCode < 300
        const headers = lowerCase(response.headers)
        if (ok && options.streamReply) {
          reply = { status: response.statusCode, headers, text: '', stream: (response.body ?? null) as ReplyStream | null }
          watchdog.pause()
          return { ...handled, response: { statusCode: 200, headers: {}, body: Readable.from([]) } }
        }
        const foreign = ok && options.xmlReply !== undefined && !/xml/i.test(headers['content-type'] ?? '')
        if (foreign && options.xmlReply === 'declared') {
          destroy(response.body)
          reply = { status: response.statusCode, headers, text: '', stream: null }
          throw new TransportFailure('reply', `the reply is ${JSON.stringify(headers['content-type'] ?? 'without a type')}, not XML`, attempts)
        }
        const limits = { maxBytes: ok ? MAX_REPLY_BYTES : MAX_ERROR_BYTES, onlyXml: foreign }
        const bytes = await readBounded(response.body, limits, () => watchdog.progress())
        watchdog.pause()
        reply = { status: response.statusCode, headers, text: bytes?.toString('utf8') ?? '', stream: null }
        if (bytes === null) throw new TransportFailure('reply', 'the reply is not XML', attempts)
        // a stream cannot be sent a second time: the SDK must not try, nor say so on the console
        if (!ok && source?.isSpent() === true) throw new TransportFailure('reply', 'the server refused the request', attempts)
        return { ...handled, response: { ...response, statusCode: response.statusCode, headers: response.headers, body: Readable.from([bytes]) } }
      } catch (error) {
        watchdog.pause()
        if (source?.isSpent() === true && !(error instanceof TransportFailure)) throw asFailure(error, attempts)
        throw error
      }
    },
    { step: 'deserialize', priority: 'low', name: 'sealiftReply', override: true },
  )

  // credentials and endpoint are looked up before the first attempt: that may hang too
  watchdog.start(false)
  try {
    // the SDK hears an abort while it sends, not while it waits for credentials
    const output = await Promise.race([client.send(command as never, { abortSignal: controller.signal } as never), abortOf(controller.signal)])
    if (isAborted(controller.signal)) throw new TransportFailure('connection', 'aborted', attempts)
    return { attempts, tls, reply, output, error: null, finish, watchdog }
  } catch (error) {
    const replied = reply as RawReply | null
    if (replied?.stream !== null && replied?.stream !== undefined) destroy(replied.stream)
    if (isAborted(options.signal)) {
      finish(true)
      throw options.signal?.reason
    }
    if (source?.error !== undefined && source.error !== null) {
      finish(true)
      throw source.error
    }
    if (watchdog.expired !== null) {
      finish(true)
      throw new TransportFailure(watchdog.expired, watchdog.message, attempts)
    }
    if (replied !== null) return { attempts, tls, reply: replied, output: undefined, error, finish, watchdog }
    finish(true)
    throw attempts === 0 ? await neverSent(client.config, error) : asFailure(error, attempts)
  }
}

/** Asked by a call, as the answer changes between two looks. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}

/** Rejects when the signal is aborted, and never settles otherwise. */
function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
}

/** Proxies on the way change it, Google's among them: a signature over it would not fit any more. */
const UNSIGNED = 'accept-encoding'

function setRequest(request: SdkRequest, options: ExchangeOptions): void {
  const headers = request.headers
  for (const name of Object.keys(headers)) {
    const lower = name.toLowerCase()
    if (lower.startsWith('x-amz-checksum-') || lower === 'x-amz-sdk-checksum-algorithm' || lower === 'x-amz-trailer') delete headers[name]
    else if (lower === 'x-amz-decoded-content-length' || lower === 'expect' || lower === 'transfer-encoding' || lower === 'content-md5') delete headers[name]
    else if (lower === 'content-type' && options.ownContentType) delete headers[name]
  }
  // named only for people who read logs; Google's signatures do not fit with it
  delete request.query['x-id']
  for (const [name, value] of Object.entries(options.headers)) if (name !== UNSIGNED) headers[name] = value
  for (const [name, value] of Object.entries(options.query ?? {})) request.query[name] = value
  const body = options.body
  if (body !== undefined) {
    headers['content-length'] = String(body.kind === 'bytes' ? body.bytes.byteLength : body.sizeBytes)
    if (body.kind === 'stream') headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD'
    else headers['x-amz-content-sha256'] = options.payloadSha256 ?? createHash('sha256').update(body.bytes).digest('hex')
    // the real body is put in place for each attempt; the signer needs only its hash
    request.body = undefined
  } else if (options.contentMd5OfXml === true && request.body !== undefined) {
    headers['content-md5'] = createHash('md5')
      .update(request.body as string)
      .digest('base64')
  }
}

function lowerCase(headers: Readonly<Record<string, string>>): WireHeaders {
  const lower: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(headers)) lower[name.toLowerCase()] = value
  return lower
}

/** The body, at most so much of it; null where only XML is wanted and it begins with something else. Leaving the loop drops the reply. */
async function readBounded(body: unknown, limits: { maxBytes: number; onlyXml: boolean }, onChunk: () => void): Promise<Buffer | null> {
  if (body === undefined || body === null) return Buffer.alloc(0)
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const chunk of body as AsyncIterable<Uint8Array | string>) {
    onChunk()
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    if (sizeBytes === 0 && limits.onlyXml && !/^\s*</.test(Buffer.from(bytes.subarray(0, 64)).toString('latin1'))) return null
    sizeBytes += bytes.byteLength
    if (sizeBytes > limits.maxBytes) break
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

export function destroy(body: unknown): void {
  const stream = body as { destroy?: () => unknown; cancel?: () => Promise<unknown>; on?: (event: string, listener: () => void) => unknown } | null | undefined
  if (typeof stream?.destroy === 'function') {
    // a destroyed reply may still emit an error, which must not end the process
    stream.on?.('error', () => {})
    stream.destroy()
  } else if (typeof stream?.cancel === 'function') stream.cancel().catch(() => {})
}

/** The SDK's error as text only: its object carries the request, with the authorization header. */
function asFailure(error: unknown, attempts: number): TransportFailure {
  if (error instanceof TransportFailure) return error
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown }
  return new TransportFailure('connection', typeof code === 'string' ? code : typeof name === 'string' ? name : 'Error', attempts)
}

/** What kept a request from being sent at all: the credentials, or something that the client does not like about it (a bucket's name). */
export async function neverSent(config: object, error: unknown): Promise<TransportFailure> {
  const { credentials } = config as { credentials?: () => Promise<unknown> }
  const missing = typeof credentials === 'function' ? await credentials().then(hasNoKey, () => true) : false
  if (missing) return new TransportFailure('credentials', 'the client has no usable credentials', 0)
  const { message } = (error ?? {}) as { message?: unknown }
  return new TransportFailure('request', `the client does not send it: ${typeof message === 'string' ? message : 'no reason given'}`, 0)
}

function hasNoKey(credentials: unknown): boolean {
  return typeof (credentials as { accessKeyId?: unknown } | undefined)?.accessKeyId !== 'string'
}
