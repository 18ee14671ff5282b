import type { Readable } from 'node:stream'
import { canAbort } from '../../abort.ts'
import { type BodyListener, type RequestBodySource, requestBodySource } from '../request-body.ts'
import { TransportFailure } from '../transport-failure.ts'
import { Watchdog } from '../watchdog.ts'
import { type HttpReply, type HttpRequest, StaleConnection } from './http-client.ts'
import { ReplyBody, type ReplyControl } from './reply-body.ts'
import { MAX_HEADER_BYTES, MalformedReply, type ReplyHead, type ReplyListener, ReplyParser } from './reply-parser.ts'
import { requestHead } from './request-head.ts'
import type { ConnectionUser, SocketConnection } from './socket-connection.ts'

/** A smaller body goes out in one buffer with its head: copying it costs less than a second piece. */
const ONE_BUFFER_BYTES = 4 * 1024
/** Of a body that may be called off, what goes out only after the question: the rest is on its way while the answer is found. */
const HELD_BACK_BYTES = 4 * 1024
/** A larger piece of a reply that nobody waits for yet is not copied: it stays where it was read, and the connection waits. */
const COPIED_BYTES = 16 * 1024

/** One request over one connection, and its reply. */
export class SocketExchange implements ConnectionUser, ReplyListener, ReplyControl, BodyListener {
  readonly #request: HttpRequest
  readonly #onDone: (connection: SocketConnection, head: ReplyHead | null) => void
  readonly #source: RequestBodySource | null
  readonly #body: ReplyBody
  readonly #parser: ReplyParser
  #connection!: SocketConnection
  #watchdog!: Watchdog
  #resolve!: (reply: HttpReply) => void
  #reject!: (error: unknown) => void
  #phase: 'waiting' | 'replied' | 'done' = 'waiting'
  #sent = false
  #begun = false
  #head: ReplyHead | null = null
  #reusable = false
  /** a piece of the body that lies in the connection's own buffer; it waits */
  #pending: Uint8Array | null = null
  #endsAfterPending = false
  #clean = false
  #holdsBack = false

  /** @param onDone - called once, when the connection is free: with the reply's head where it may serve again, else with null */
  constructor(request: HttpRequest, onDone: (connection: SocketConnection, head: ReplyHead | null) => void) {
    this.#request = request
    this.#onDone = onDone
    this.#body = new ReplyBody(this)
    this.#parser = new ReplyParser(this, request.method === 'HEAD')
    this.#source = request.body === null ? null : requestBodySource(request.body, this, request.attempt)
  }

  /** @param connection - one that is open, or one that will call `onReady` */
  send(connection: SocketConnection): Promise<HttpReply> {
    this.#connection = connection
    this.#watchdog = new Watchdog(this.#request.deadlines, () => this.#fail(null), connection.timer)
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
      if (canAbort(this.#request.signal)) this.#request.signal.addEventListener('abort', this.#onAbort)
      this.#watchdog.start(this.#source !== null)
      if (connection.isOpen) this.#write()
      else this.#watchdog.connecting()
    })
  }

  onReady(): void {
    if (this.#phase !== 'waiting') return
    this.#watchdog.connected()
    this.#write()
  }

  onBytes(bytes: Buffer): boolean {
    this.#begun = true
    try {
      // a server that speaks before it was asked answers somebody else
      if (!this.#sent) throw new MalformedReply('bytes before the request')
      this.#parser.push(bytes)
    } catch (error) {
      this.#fail(error)
      return false
    }
    return this.#pending === null && !this.#holdsBack
  }

  onEnd(): void {
    if (this.#phase === 'done') return
    // what waits in the buffer is delivered first
    if (this.#pending !== null || !this.#parser.end()) this.#fail(new Error('other side closed'))
  }

  onClose(error: Error | null): void {
    this.#fail(error ?? new Error('other side closed'))
  }

  onProgress(): void {
    if (this.#phase === 'waiting') this.#watchdog.sending()
  }

  onWait(): void {
    if (this.#phase === 'waiting') this.#watchdog.waitingForSource()
  }

  onError(): void {
    this.#fail(null)
  }

  onHead(head: ReplyHead): void {
    const mustBeSent = head.status < 300 && this.#source !== null
    if (mustBeSent && this.#source?.unfinished === true) throw this.#tooEarly(head)
    this.#head = head
    this.#phase = 'replied'
    // nobody waits for the body yet
    this.#watchdog.stop()
    const reply = { status: head.status, headers: head.headers, body: this.#body }
    if (mustBeSent && this.#connection.unsentBytes > 0) this.#resolveOnceSent(head, reply)
    else this.#resolve(reply)
  }

  /** A success is leave to use the body's memory again, which the socket may still read. TLS says only in the next turn that it has sent all. */
  #resolveOnceSent(head: ReplyHead, reply: HttpReply): void {
    setImmediate(() => {
      if (this.#connection.unsentBytes === 0) return this.#resolve(reply)
      this.#finish(false)
      this.#reject(this.#tooEarly(head))
    })
  }

  #tooEarly(head: ReplyHead): TransportFailure {
    return new TransportFailure('reply', `status ${head.status} before the whole body was sent`, this.#request.attempt)
  }

  onBody(bytes: Uint8Array): void {
    if (this.#body.isCopying) {
      this.#body.push(bytes)
    } else if (bytes.byteLength > COPIED_BYTES && this.#canWait()) {
      this.#pending = bytes
    } else {
      this.#holdsBack = !this.#body.push(Buffer.from(bytes))
    }
  }

  onReplyEnd(clean: boolean): void {
    this.#clean = clean
    if (this.#pending === null) this.#endBody()
    else this.#endsAfterPending = true
  }

  waiting(): void {
    if (this.#phase !== 'replied') return
    const pending = this.#pending
    if (pending === null) {
      this.#watchdog.resume()
      return
    }
    this.#pending = null
    this.#body.push(this.#body.isCopying ? pending : Buffer.from(pending))
    if (this.#endsAfterPending) this.#endBody()
    else if (this.#stillReplied()) this.#connection.resume()
  }

  satisfied(): void {
    this.#watchdog.pause()
  }

  resume(): void {
    if (this.#phase !== 'replied') return
    this.#holdsBack = false
    this.#connection.resume()
  }

  consumed(): void {
    this.#finish(this.#reusable)
  }

  drop(): void {
    this.#finish(false)
  }

  get signal(): AbortSignal | undefined {
    return this.#request.signal
  }

  readonly #onAbort = (): void => this.#fail(null)

  #write(): void {
    this.#sent = true
    try {
      const head = requestHead(this.#request)
      const body = this.#source?.open() ?? null
      if (body === null) this.#connection.write(head)
      else if (body instanceof Uint8Array) this.#writeBytes(head, body, this.#source?.ask ?? null)
      else this.#writeStream(head, body)
    } catch (error) {
      this.#fail(error)
    }
  }

  #writeBytes(head: string, body: Uint8Array, ask: (() => void) | null): void {
    const holdsBack = ask !== null && body.byteLength > HELD_BACK_BYTES
    if (holdsBack) this.#connection.writeTwo(head, body.subarray(0, -HELD_BACK_BYTES))
    ask?.()
    if (holdsBack) this.#connection.write(body.subarray(-HELD_BACK_BYTES))
    else if (body.byteLength === 0) this.#connection.write(head)
    else if (body.byteLength <= ONE_BUFFER_BYTES) this.#connection.write(joined(head, body))
    else this.#connection.writeTwo(head, body)
  }

  /** What the stream throws is kept by the source, which tells of it. */
  #writeStream(head: string, body: Readable): void {
    this.#connection.write(head)
    body.on('data', (chunk: Uint8Array) => {
      if (this.#phase === 'done') return
      if (
        this.#connection.writePiece(
          chunk,
          () => body.resume(),
          () => this.#source?.onSent(chunk),
        )
      )
        return
      body.pause()
    })
  }

  /** One piece came with this read, and the next read can wait. A TLS socket reads on all the same. */
  #canWait(): boolean {
    return !this.#connection.origin.tls && !this.#body.isAwaited && this.#head?.headers['content-length'] !== undefined
  }

  #isSent(): boolean {
    return this.#source?.unfinished !== true && this.#connection.unsentBytes === 0
  }

  // after a call that may have changed it
  #stillReplied(): boolean {
    return this.#phase === 'replied'
  }

  #endBody(): void {
    if (this.#phase !== 'replied') return
    this.#connection.served += 1
    // what is still to be sent of the request would be taken for the next one
    this.#reusable = this.#clean && this.#isSent() && this.#head?.keepAlive === true && !this.#request.freshConnection
    this.#body.end()
  }

  #finish(reusable: boolean): void {
    if (this.#phase === 'done') return
    this.#phase = 'done'
    this.#pending = null
    this.#watchdog.stop()
    if (canAbort(this.#request.signal)) this.#request.signal.removeEventListener('abort', this.#onAbort)
    this.#source?.stop()
    if (!reusable) this.#connection.drop()
    this.#onDone(this.#connection, reusable ? this.#head : null)
  }

  #fail(cause: unknown): void {
    if (this.#phase === 'done') return
    const replied = this.#phase === 'replied'
    const { error, forget } = this.#reason(cause)
    if (this.#pending !== null && !forget) this.#body.push(Buffer.from(this.#pending))
    this.#finish(false)
    if (replied) this.#body.fail(error, forget)
    else this.#reject(error)
  }

  #reason(cause: unknown): { readonly error: unknown; readonly forget: boolean } {
    const { signal, attempt } = this.#request
    if (signal?.aborted === true) return { error: signal.reason, forget: true }
    const own = this.#source?.error ?? null
    if (own !== null) return { error: own, forget: true }
    const { expired, message } = this.#watchdog
    if (expired !== null) return { error: new TransportFailure(expired, message, attempt), forget: false }
    if (cause instanceof TransportFailure) return { error: cause, forget: true }
    if (cause instanceof MalformedReply) return { error: malformed(cause, attempt), forget: false }
    const { code, message: text } = (cause ?? {}) as { code?: unknown; message?: unknown }
    const what = typeof code === 'string' ? code : typeof text === 'string' ? text : 'no reply'
    const stale = this.#phase === 'waiting' && !this.#begun && this.#connection.served > 0
    return { error: new (stale ? StaleConnection : TransportFailure)('connection', what, attempt), forget: false }
  }
}

function malformed({ tooLarge, message }: MalformedReply, attempt: number): TransportFailure {
  if (tooLarge) return new TransportFailure('reply', `the reply's header is larger than ${MAX_HEADER_BYTES} bytes`, attempt)
  return new TransportFailure('connection', `the reply is no HTTP: ${message}`, attempt)
}

function joined(head: string, body: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(head.length + body.byteLength)
  bytes.write(head, 0, 'latin1')
  bytes.set(body, head.length)
  return bytes
}
