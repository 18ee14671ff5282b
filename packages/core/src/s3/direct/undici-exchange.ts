import type { Dispatcher } from 'undici'
import type { WireHeaders } from '../data-transport.ts'
import { type RequestBodySource, requestBodySource } from '../request-body.ts'
import { TransportFailure } from '../transport-failure.ts'
import { Watchdog } from '../watchdog.ts'
import { type HttpReply, type HttpRequest, StaleConnection } from './http-client.ts'
import { ReplyBody, type ReplyControl } from './reply-body.ts'
import { MAX_HEADER_BYTES } from './reply-parser.ts'
import type { ConnectionListener, UndiciConnection } from './undici-connection.ts'

/** Of these the first counts where a reply has them twice; other fields are joined (as `node:http` does). */
const SINGLE = new Set(['age', 'content-length', 'content-type', 'etag', 'expires', 'last-modified', 'location', 'retry-after', 'server'])

/** One request over one connection: the handler of undici's `dispatch`. */
export class UndiciExchange implements Dispatcher.DispatchHandler, ConnectionListener, ReplyControl {
  readonly #connection: UndiciConnection
  readonly #request: HttpRequest
  readonly #onDone: (connection: UndiciConnection, reusable: boolean) => void
  readonly #watchdog: Watchdog
  readonly #source: RequestBodySource | null
  readonly #body: ReplyBody
  #resolve!: (reply: HttpReply) => void
  #reject!: (error: unknown) => void
  #controller: Dispatcher.DispatchController | null = null
  #phase: 'waiting' | 'replied' | 'done' = 'waiting'
  #begun = false
  #reusable = false

  constructor(connection: UndiciConnection, request: HttpRequest, onDone: (connection: UndiciConnection, reusable: boolean) => void) {
    this.#connection = connection
    this.#request = request
    this.#onDone = onDone
    this.#body = new ReplyBody(this)
    this.#watchdog = new Watchdog(request.deadlines, () => this.#fail(null))
    const { body } = request
    this.#source =
      body === null
        ? null
        : requestBodySource(body, {
            onProgress: () => {
              if (this.#phase === 'waiting') this.#watchdog.sending()
            },
            onWait: () => {
              if (this.#phase === 'waiting') this.#watchdog.waitingForSource()
            },
            onError: () => this.#fail(null),
          })
  }

  send(): Promise<HttpReply> {
    const { origin: _, method, path, headers, signal, freshConnection } = this.#request
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
      signal?.addEventListener('abort', this.#onAbort)
      this.#watchdog.start(this.#source !== null)
      this.#connection.listener = this
      try {
        this.#connection.dispatch(
          {
            path,
            method,
            headers: headers as string[],
            body: (this.#source?.open() ?? null) as Dispatcher.DispatchOptions['body'] & null,
            reset: freshConnection,
          },
          this,
        )
      } catch (error) {
        this.#fail(error)
      }
    })
  }

  connecting(): void {
    this.#watchdog.connecting()
  }

  connected(): void {
    this.#watchdog.connected()
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    this.#connection.expectReply()
  }

  onResponseStarted(): void {
    this.#begun = true
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (this.#phase !== 'waiting' || status < 200) return
    if (status < 300 && this.#source?.unfinished === true) {
      this.#fail(new TransportFailure('reply', `status ${status} before the whole body was sent`, this.#request.attempt))
      return
    }
    this.#phase = 'replied'
    // nobody waits for the body yet
    this.#watchdog.stop()
    this.#resolve({ status, headers: wireHeaders(controller.rawHeaders as readonly Buffer[]), body: this.#body })
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#body.push(chunk)) controller.pause()
  }

  onResponseEnd(): void {
    if (this.#phase !== 'replied') return
    this.#connection.served += 1
    // what is still to be sent of the request would be taken for the next one
    this.#reusable = !this.#request.freshConnection && this.#source?.unfinished !== true && this.#connection.unsentBytes === 0
    this.#body.end()
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.#fail(error)
  }

  waiting(): void {
    if (this.#phase === 'replied') this.#watchdog.resume()
  }

  satisfied(): void {
    this.#watchdog.pause()
  }

  resume(): void {
    if (this.#phase === 'replied') this.#controller?.resume()
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

  #finish(reusable: boolean): void {
    if (this.#phase === 'done') return
    this.#phase = 'done'
    this.#watchdog.stop()
    this.#request.signal?.removeEventListener('abort', this.#onAbort)
    this.#connection.listener = null
    this.#source?.stop()
    if (!reusable) this.#connection.drop()
    this.#onDone(this.#connection, reusable)
  }

  #fail(cause: unknown): void {
    if (this.#phase === 'done') return
    const replied = this.#phase === 'replied'
    const { error, forget } = this.#reason(cause)
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
    if (expired !== null) return { error: new TransportFailure(expired, message, attempt), forget: true }
    if (cause instanceof TransportFailure) return { error: cause, forget: true }
    const { code, message: text } = (cause ?? {}) as { code?: unknown; message?: unknown }
    if (code === 'UND_ERR_HEADERS_OVERFLOW') {
      return { error: new TransportFailure('reply', `the reply's header is larger than ${MAX_HEADER_BYTES} bytes`, attempt), forget: true }
    }
    if (code === 'UND_ERR_INVALID_ARG') return { error: new TransportFailure('request', String(text), attempt), forget: true }
    const what = typeof code === 'string' && !code.startsWith('UND_ERR') ? code : typeof text === 'string' ? text : 'no reply'
    const stale = this.#phase === 'waiting' && !this.#begun && this.#connection.served > 0 && !what.startsWith('HPE_')
    return { error: new (stale ? StaleConnection : TransportFailure)('connection', what, attempt), forget: false }
  }
}

function wireHeaders(raw: readonly Buffer[]): WireHeaders {
  const headers: Record<string, string> = Object.create(null)
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] as Buffer).toString('latin1').toLowerCase()
    const value = (raw[i + 1] as Buffer).toString('latin1')
    const before = headers[name]
    if (before === undefined) headers[name] = value
    else if (!SINGLE.has(name)) headers[name] = `${before}, ${value}`
  }
  return headers
}
