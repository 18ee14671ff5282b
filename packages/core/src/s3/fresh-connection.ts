import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'

interface RequestHandler {
  handle(request: unknown, options: { abortSignal: AbortSignal }): Promise<{ response: unknown }>
  httpHandlerConfigs?(): Record<string, unknown>
  destroy?(): void
}
type Handled = Promise<{ response: unknown; output?: unknown }>

/** Sends single requests over connections of their own. */
export interface FreshHandle {
  handle(request: unknown, signal: AbortSignal, fallback: () => Handled): Handled
  /** Drops the connection; call it once the reply was read. */
  release(): void
}

/**
 * A one-off copy of the client's HTTP handler with agents that keep nothing, of the same options (CA, client certificates, local address).
 * Only Node's own agents in the SDK's own `NodeHttpHandler` can be copied so; any other handler is used as it is, and may then reuse a
 * connection: there `freshConnection` is a wish. A handler without a request so far has no idle connection, and is used as it is too.
 */
export function freshHandle(config: object): FreshHandle {
  let own: RequestHandler | null = null
  return {
    async handle(request, signal, fallback) {
      own = copyOf((config as { requestHandler?: RequestHandler }).requestHandler)
      return own === null ? fallback() : own.handle(request, { abortSignal: signal })
    },
    release() {
      own?.destroy?.()
      own = null
    },
  }
}

function copyOf(handler: RequestHandler | undefined): RequestHandler | null {
  if (handler === undefined || handler.constructor?.name !== 'NodeHttpHandler') return null
  const config = handler.httpHandlerConfigs?.() ?? {}
  const httpAgent = config['httpAgent']
  const httpsAgent = config['httpsAgent']
  if (httpAgent === undefined && httpsAgent === undefined) return null
  if (httpAgent !== undefined && !isStock(httpAgent, HttpAgent.prototype)) return null
  if (httpsAgent !== undefined && !isStock(httpsAgent, HttpsAgent.prototype)) return null
  const Handler = handler.constructor as new (options: Record<string, unknown>) => RequestHandler
  return new Handler({
    ...config,
    httpAgent: new HttpAgent(oneOff(httpAgent)),
    httpsAgent: new HttpsAgent(oneOff(httpsAgent)),
  })
}

function isStock(agent: unknown, prototype: object): boolean {
  return Object.getPrototypeOf(agent) === prototype
}

function oneOff(agent: unknown): object {
  const options = (agent as { options?: object } | undefined)?.options ?? {}
  return { ...options, keepAlive: false }
}
