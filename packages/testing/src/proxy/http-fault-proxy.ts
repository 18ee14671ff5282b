import net from 'node:net'
import tls from 'node:tls'
import { SealiftError } from '@sealift/core'
import type { FaultKind, FaultRule, FiredFault } from '../faults/fault-rule.ts'
import { FaultSchedule } from '../faults/fault-schedule.ts'
import { HeadMemory } from './head-memory.ts'
import { type HttpHead, headerOf, headersOf } from './http-head.ts'
import { HttpProxyConnection } from './http-proxy-connection.ts'
import { identifyS3Request } from './identify-s3-request.ts'
import type { ProxyConnectionHost, ProxyExchange } from './proxy-exchange.ts'
import { connectWire, WireEnd, type WireTarget } from './wire-end.ts'

/** Options of {@link startHttpFaultProxy}. */
export interface HttpFaultProxyOptions {
  /** The real server: scheme, host and port, for example `http://127.0.0.1:8101`. */
  readonly target: string
  /** @defaultValue none: everything passes */
  readonly faults?: readonly FaultRule[]
  /**
   * The port on 127.0.0.1 to listen at.
   * @defaultValue 0: any free one
   */
  readonly port?: number
  /** Serve https with this certificate (PEM). The target may be http all the same. */
  readonly tls?: { readonly key: string | Buffer; readonly cert: string | Buffer }
  /** How an https target is trusted. */
  readonly targetTls?: { readonly ca?: string | Buffer; readonly rejectUnauthorized?: boolean }
}

/** A request that came through; see {@link ProxyExchange}. */
export type ProxyRequest = Readonly<ProxyExchange>

/** A running proxy. */
export interface HttpFaultProxy extends AsyncDisposable {
  /** What the client takes as its endpoint. */
  readonly endpoint: string
  /** Every request since the start, oldest first; of more than 100,000 the oldest are dropped. */
  readonly requests: readonly ProxyRequest[]
  /** Every fault that took effect since the start, oldest first. A rule that never comes up here has tested nothing. */
  readonly firedFaults: readonly FiredFault[]
  /** What hooks threw; their connections were closed. */
  readonly hookErrors: readonly unknown[]
  /** Replaces the rules; their counts start anew. Requests under way keep theirs. */
  setFaults(faults: readonly FaultRule[]): void
  /** Closes every connection at once; resolves when nothing is left. */
  close(): Promise<void>
}

const REQUESTS_KEPT = 100_000
const HIDDEN_HEADERS = ['authorization', 'x-amz-security-token']
const SERVER_ONLY: readonly FaultKind[] = ['source-changed', 'second-writer', 'ignore-conditions']

/**
 * An HTTP proxy on 127.0.0.1 for a real S3 server, that harms requests by rule. It recognises S3 operations (path-style addresses) and
 * keeps their signatures valid: the request line, the header lines (the `Host` that the client signed among them), chunk framing and
 * trailers pass byte for byte. Each client connection has one server connection, and both are kept alive as the two sides wish.
 *
 * @throws SealiftError `ERR_INVALID_OPTION` for a target that is no http(s) origin, and for a fault that only the in-process server can do
 *
 * @example
 * ```ts
 * const proxy = await startHttpFaultProxy({
 *   target: 'http://127.0.0.1:8101',
 *   faults: [{ match: { operation: 'CompleteMultipartUpload' }, action: { kind: 'lost-reply' } }],
 * })
 * const client = new S3Client({ endpoint: proxy.endpoint, forcePathStyle: true, region, credentials })
 * // …
 * await proxy.close()
 * ```
 */
export async function startHttpFaultProxy(options: HttpFaultProxyOptions): Promise<HttpFaultProxy> {
  const target = targetOf(options)
  let schedule = new FaultSchedule(checked(options.faults ?? []))
  const requests: ProxyExchange[] = []
  const firedFaults: FiredFault[] = []
  const hookErrors: unknown[] = []
  const closing = new AbortController()
  const connections = new Map<HttpProxyConnection, Promise<void>>()
  let requestNumber = 0

  const host: ProxyConnectionHost = {
    signal: closing.signal,
    memory: new HeadMemory(),
    connect: () => connectWire(target),
    open(method: string, rawTarget: string, head: HttpHead): ProxyExchange {
      const identified = identifyS3Request(method, rawTarget, headerOf(head, 'x-amz-copy-source') !== null)
      const headers = Object.fromEntries(Object.entries(headersOf(head)).filter(([name]) => !HIDDEN_HEADERS.includes(name)))
      requestNumber += 1
      const exchange: ProxyExchange = {
        ...identified,
        requestNumber,
        method,
        rawTarget,
        headers,
        rule: schedule.take(identified),
        serverStatus: null,
        clientStatus: null,
      }
      if (requests.push(exchange) > REQUESTS_KEPT) requests.shift()
      return exchange
    },
    fired({ rule, operation, bucket, key, partNumber, requestNumber: number }: ProxyExchange): void {
      if (rule !== null) firedFaults.push({ rule, operation, bucket, key, partNumber, requestNumber: number })
    },
    hookFailed: (error: unknown) => void hookErrors.push(error),
  }

  const sockets = new Set<net.Socket>()
  const serve = (socket: net.Socket, raw: net.Socket): void => {
    const connection = new HttpProxyConnection(new WireEnd(socket, raw), host)
    connections.set(
      connection,
      connection.serve().finally(() => connections.delete(connection)),
    )
  }
  const context = options.tls === undefined ? null : tls.createSecureContext(options.tls)
  const server = net.createServer({ noDelay: true }, (raw) => {
    sockets.add(raw)
    raw.once('close', () => sockets.delete(raw))
    if (context === null) return serve(raw, raw)
    raw.on('error', () => {})
    serve(new tls.TLSSocket(raw, { isServer: true, secureContext: context }), raw)
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve))
  const address = server.address() as net.AddressInfo

  let closed: Promise<void> | null = null
  const close = (): Promise<void> => {
    closed ??= (async () => {
      closing.abort()
      const stopped = new Promise((resolve) => server.close(resolve))
      for (const connection of connections.keys()) connection.destroy()
      for (const socket of sockets) socket.destroy()
      await Promise.all(connections.values())
      await stopped
    })()
    return closed
  }
  return {
    endpoint: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${address.port}`,
    requests,
    firedFaults,
    hookErrors,
    setFaults(faults: readonly FaultRule[]): void {
      schedule = new FaultSchedule(checked(faults))
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function targetOf({ target, targetTls }: HttpFaultProxyOptions): WireTarget {
  const url = URL.parse(target)
  if (url === null || !['http:', 'https:'].includes(url.protocol)) throw invalid('target', target, 'an origin such as http://127.0.0.1:8101')
  const secure = url.protocol === 'https:'
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || (secure ? 443 : 80), tls: secure ? (targetTls ?? {}) : null }
}

function checked(faults: readonly FaultRule[]): readonly FaultRule[] {
  faults.forEach(({ action }, i) => {
    const option = `faults[${i}].action.kind`
    if (SERVER_ONLY.includes(action.kind)) throw invalid(option, action.kind, "a fault that a proxy can do (use a 'hook', or the in-process server)")
    if (action.kind === 'flip' && action.leg === 'rest')
      throw invalid(`faults[${i}].action.leg`, action.leg, "'request' or 'response' (only the in-process server has bytes at rest)")
  })
  return faults
}

function invalid(option: string, actual: string, expected: string): SealiftError {
  return new SealiftError('ERR_INVALID_OPTION', `${option}: got ${JSON.stringify(actual)}, expected ${expected}`, { context: { option, expected, actual } })
}
