import { setTimeout as sleep } from 'node:timers/promises'
import type { FaultAction, FaultHookInfo, WireLeg } from '../faults/fault-rule.ts'
import { type BodyFault, pumpBody } from './body-pump.ts'
import { withChecksumsEchoed } from './echo-checksums.ts'
import { flipHeaderValue } from './flip-header-value.ts'
import { drainBody, readBody, replyFraming, requestFraming } from './http-body.ts'
import { type HttpHead, headBytes, headerOf, headersOf, readHead, withHeaderChanged } from './http-head.ts'
import type { ProxyConnectionHost, ProxyExchange } from './proxy-exchange.ts'
import { runUntilAborted } from './run-until-aborted.ts'
import { s3ErrorReply } from './s3-error-reply.ts'
import type { WireEnd } from './wire-end.ts'

/** How long bytes before an RST get to arrive, so that the peer reads them first. */
const BEFORE_RESET_MS = 5

/** How long a server may take to notice that its request was cut short. */
const AFTER_CUT_MS = 500

/** How an exchange left the connection. */
type After = 'keep-alive' | 'end' | 'gone'

/** One client connection and the server connection that belongs to it, request after request. */
export class HttpProxyConnection {
  readonly #host: ProxyConnectionHost
  readonly #client: WireEnd
  #server: WireEnd | null = null
  #idle = true

  constructor(client: WireEnd, host: ProxyConnectionHost) {
    this.#client = client
    this.#host = host
  }

  /** Serves until either side is done. Never rejects. */
  async serve(): Promise<void> {
    void this.#client.reader.closed.then(() => this.#server?.destroy())
    try {
      for (;;) {
        this.#idle = true
        if (this.#server?.reader.over) break
        const head = await readHead(this.#client.reader)
        if (head === null) break
        this.#idle = false
        const after = await this.#exchange(head)
        if (after === 'gone') return
        if (after === 'end') break
      }
      this.#client.end()
      this.#server?.end()
    } catch {
      // a body or a connection that broke: the other side must not take what it has for whole
      this.#client.destroy()
      this.#server?.destroy()
    }
  }

  /** Closes both sides at once. */
  destroy(): void {
    this.#client.destroy()
    this.#server?.destroy()
  }

  async #exchange(head: HttpHead): Promise<After> {
    const [method = '', rawTarget = ''] = head.startLine.split(' ')
    const exchange = this.#host.open(method, rawTarget, head)
    const action = exchange.rule?.action ?? null
    if (action?.kind === 'never-arrives') {
      this.#host.fired(exchange)
      return this.#reset()
    }
    if (action?.kind === 'status') return await this.#answerError(head, exchange, action.status, action.code, action.retryAfterSeconds, true)
    if (action?.kind === 'error-in-200' && action.done !== true) return await this.#answerError(head, exchange, 200, action.code, undefined, true)
    if (action?.kind === 'stale-head' && method === 'HEAD') return await this.#answerStale(exchange, action)
    if (action?.kind === 'delay') {
      this.#host.fired(exchange)
      await sleep(action.delayMs, undefined, { signal: this.#host.signal })
    }
    if (action?.kind === 'hook' && action.when === 'before-forward') await this.#runHook(exchange, action)
    return await this.#forward(head, exchange)
  }

  async #forward(head: HttpHead, exchange: ProxyExchange): Promise<After> {
    const { action } = exchange.rule ?? { action: null }
    const server = await this.#connected()
    if (server === null) return this.#reset()
    let sent = head
    if (action?.kind === 'flip-header' && action.leg === 'request') sent = this.#flipped(head, action.name, exchange)
    await server.write(headBytes(sent))
    const request = { parked: false, over: false, cut: null as FaultAction | null }
    const sending = pumpBody(readBody(this.#client.reader, requestFraming(head)), (bytes) => server.write(bytes), this.#bodyFault('request', exchange)).then(
      async (end) => {
        request.over = true
        if (end === 'whole' || action === null) return
        request.cut = action
        if (action.kind === 'stall') request.parked = true
        if (action.kind === 'reset') {
          await sleep(BEFORE_RESET_MS)
          this.#reset()
        }
        if (action.kind === 'truncate') {
          server.end()
          const answered = new AbortController()
          void server.reader.closed.then(() => answered.abort())
          await sleep(AFTER_CUT_MS, undefined, { signal: AbortSignal.any([this.#host.signal, answered.signal]) }).catch(() => {})
          server.destroy()
        }
      },
    )
    // the reply's reader sees the broken connection; this keeps the rejection from going unhandled while it does
    sending.catch(() => this.destroy())
    const after = await this.#reply(head, server, exchange, request)
    if (request.cut !== null) {
      await sending
      this.#client.end()
      return 'gone'
    }
    if (after !== 'keep-alive') return after
    // who was refused without a '100 Continue' may send the body or leave it out: only closing is unambiguous (RFC 9110 section 10.1.1)
    if (!request.over && headerOf(head, 'expect') !== null) return 'end'
    await sending
    return 'keep-alive'
  }

  async #reply(
    head: HttpHead,
    server: WireEnd,
    exchange: ProxyExchange,
    request: { readonly parked: boolean; readonly cut: FaultAction | null },
  ): Promise<After> {
    const { action } = exchange.rule ?? { action: null }
    let reply = await readHead(server.reader)
    while (reply !== null && statusOf(reply) < 200) {
      await this.#client.write(headBytes(reply))
      reply = await readHead(server.reader)
    }
    if (request.parked) return await this.#park()
    if (request.cut !== null) return 'gone'
    if (reply === null) {
      this.#client.destroy()
      return 'gone'
    }
    const status = statusOf(reply)
    exchange.serverStatus = status
    const body = readBody(server.reader, replyFraming(reply, exchange.method, status))
    if (action?.kind === 'lost-reply') {
      // a read has had its effect; the object would only be carried here for nothing
      if (exchange.method === 'GET') this.#dropServer()
      else await drainBody(body)
      this.#host.fired(exchange)
      this.#host.memory.note(exchange, status, headersOf(reply))
      return this.#reset()
    }
    if (action?.kind === 'error-in-200' && status < 300) {
      await drainBody(body)
      this.#host.memory.note(exchange, status, headersOf(reply))
      return await this.#answerError(head, exchange, 200, action.code, undefined, false)
    }
    if (action?.kind === 'hook' && action.when === 'before-reply') await this.#runHook(exchange, action)
    let given = reply
    if (action?.kind === 'flip-header' && action.leg === 'response') given = this.#flipped(reply, action.name, exchange)
    if (action?.kind === 'echo-checksum') given = this.#echoed(head, reply, exchange)
    exchange.clientStatus = status
    this.#host.memory.note(exchange, status, headersOf(reply))
    await this.#client.write(headBytes(given))
    const end = await pumpBody(body, (bytes) => this.#client.write(bytes), this.#bodyFault('response', exchange))
    if (end === 'cut') return await this.#cutReply(action)
    // some servers (eventlet, under Swift) send the last chunk of an empty body after a HEAD all the same: it must not be taken for the next reply
    if (replyFraming(reply, exchange.method, status).kind === 'none' && headerOf(reply, 'transfer-encoding') !== null) this.#dropServer()
    const lasts = [head, reply].every((message) => !/\bclose\b/i.test(headerOf(message, 'connection') ?? '')) && reply.startLine.startsWith('HTTP/1.1')
    return lasts && replyFraming(reply, exchange.method, status).kind !== 'until-close' ? 'keep-alive' : 'end'
  }

  async #cutReply(action: FaultAction | null): Promise<After> {
    if (action?.kind === 'stall') return await this.#park()
    if (action?.kind === 'reset') {
      await sleep(BEFORE_RESET_MS)
      return this.#reset()
    }
    this.#client.end()
    this.#server?.destroy()
    return 'gone'
  }

  /** Answers in the server's place. With `drain` the request's body is read first. */
  async #answerError(
    head: HttpHead,
    exchange: ProxyExchange,
    status: number,
    code: string | undefined,
    retryAfterSeconds: number | undefined,
    drain: boolean,
  ): Promise<After> {
    const waits = headerOf(head, 'expect') !== null
    if (drain && !waits) await drainBody(readBody(this.#client.reader, requestFraming(head)))
    this.#host.fired(exchange)
    exchange.clientStatus = status
    const close = drain && waits
    const requestId = `fault-proxy-${exchange.requestNumber}`
    await this.#client.write(s3ErrorReply({ method: exchange.method, status, code, retryAfterSeconds, requestId, close }))
    return close ? 'end' : 'keep-alive'
  }

  async #answerStale(exchange: ProxyExchange, action: FaultAction & { readonly kind: 'stale-head' }): Promise<After> {
    const head = action.head === 'previous' ? this.#host.memory.previous(exchange) : action.head
    this.#host.fired(exchange)
    exchange.clientStatus = head === 404 ? 404 : 200
    if (head === 404) {
      const requestId = `fault-proxy-${exchange.requestNumber}`
      await this.#client.write(s3ErrorReply({ method: 'HEAD', status: 404, requestId, close: false }))
      return 'keep-alive'
    }
    // what speaks of the connection belongs to the connection of then
    const lines = Object.entries(head)
      .filter(([name]) => !['connection', 'keep-alive', 'transfer-encoding'].includes(name.toLowerCase()))
      .map(([name, value]) => `${name}: ${value}`)
    await this.#client.write(headBytes({ startLine: 'HTTP/1.1 200 OK', lines }))
    return 'keep-alive'
  }

  #bodyFault(leg: WireLeg, exchange: ProxyExchange): BodyFault | null {
    const { action } = exchange.rule ?? { action: null }
    if (action?.kind === 'hook' && action.when === 'during-reply' && leg === 'response') {
      return { at: action.afterBytes ?? 0, kind: 'pause', onReached: () => this.#runHook(exchange, action) }
    }
    if (action?.kind !== 'flip' && action?.kind !== 'truncate' && action?.kind !== 'reset' && action?.kind !== 'stall') return null
    if (action.leg !== leg) return null
    return { at: action.at, kind: action.kind === 'flip' ? 'flip' : 'cut', onReached: () => this.#host.fired(exchange) }
  }

  async #runHook(exchange: ProxyExchange, action: FaultAction & { readonly kind: 'hook' }): Promise<void> {
    const { operation, bucket, key, partNumber, requestNumber } = exchange
    const info: FaultHookInfo = { operation, bucket, key, partNumber, requestNumber, when: action.when, status: exchange.serverStatus }
    this.#host.fired(exchange)
    try {
      await runUntilAborted(() => action.run(info), this.#host.signal)
    } catch (error) {
      if (!this.#host.signal.aborted) this.#host.hookFailed(error)
      throw error
    }
  }

  #flipped(head: HttpHead, name: string, exchange: ProxyExchange): HttpHead {
    const changed = withHeaderChanged(head, name, flipHeaderValue)
    if (changed !== null) this.#host.fired(exchange)
    return changed ?? head
  }

  #echoed(request: HttpHead, reply: HttpHead, exchange: ProxyExchange): HttpHead {
    const echoed = withChecksumsEchoed(request, reply)
    if (echoed !== null) this.#host.fired(exchange)
    return echoed ?? reply
  }

  async #connected(): Promise<WireEnd | null> {
    if (this.#server?.reader.unread === true) this.#dropServer()
    if (this.#server !== null) return this.#server
    const server = await this.#host.connect().catch(() => null)
    if (server === null) return null
    this.#server = server
    if (this.#client.reader.over || this.#host.signal.aborted) server.destroy()
    void server.reader.closed.then(() => {
      if (this.#idle && this.#server === server) this.#client.end()
    })
    return server
  }

  /** The next request gets a server connection of its own. */
  #dropServer(): void {
    const server = this.#server
    this.#server = null
    server?.destroy()
  }

  /** Nothing more passes; over when the client gives up or the proxy closes. */
  async #park(): Promise<After> {
    await this.#client.reader.closed
    this.destroy()
    return 'gone'
  }

  #reset(): 'gone' {
    this.#client.reset()
    this.#server?.reset()
    return 'gone'
  }
}

function statusOf(head: HttpHead): number {
  return Number(head.startLine.split(' ')[1])
}
