import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { S3ClientLike } from '../s3-client-like.ts'

/** What a look at a client says of the direct path. */
export type Eligibility =
  | { readonly transport: 'direct' }
  | { readonly transport: 'sdk'; readonly reason: string }
  /** it shows only after a request of the SDK */
  | { readonly transport: 'unknown'; readonly reason: string }

/** The middleware of an `S3Client` that nobody changed, in this and earlier releases of the SDK. */
const STOCK_MIDDLEWARE = new Set([
  'addExpectContinueMiddleware',
  'checkContentLengthHeaderMiddleware',
  'contentLengthMiddleware',
  'deserializerMiddleware',
  'endpointV2Middleware',
  'flexibleChecksumsInputMiddleware',
  'flexibleChecksumsMiddleware',
  'flexibleChecksumsResponseMiddleware',
  'getUserAgentMiddleware',
  'hostHeaderMiddleware',
  'httpAuthSchemeMiddleware',
  'httpSigningMiddleware',
  'loggerMiddleware',
  'recursionDetectionMiddleware',
  'regionRedirectEndpointMiddleware',
  'regionRedirectMiddleware',
  'retryMiddleware',
  's3ExpressHttpSigningMiddleware',
  's3ExpressMiddleware',
  'serializerMiddleware',
  'throw200ExceptionsMiddleware',
  'userAgentMiddleware',
  'validateBucketNameMiddleware',
])

/** Time-outs are the SDK's own affair; everything else that a handler may be given is not. */
const STOCK_HANDLER_OPTIONS = new Set([
  'connectionTimeout',
  'defaultSocketTimeout',
  'httpAgent',
  'httpAgentProvider',
  'httpsAgent',
  'logger',
  'requestTimeout',
  'socketAcquisitionWarningTimeout',
  'socketTimeout',
  'throwOnRequestTimeout',
])

/** What says nothing about whom the connection reaches and whom it trusts. */
const STOCK_AGENT_OPTIONS = new Set([
  'defaultPort',
  'keepAlive',
  'keepAliveMsecs',
  'maxFreeSockets',
  'maxSockets',
  'maxTotalSockets',
  'noDelay',
  'protocol',
  'scheduling',
  'timeout',
])

interface ClientConfig {
  readonly requestHandler?: RequestHandler
  readonly useAccelerateEndpoint?: unknown
  readonly bucketEndpoint?: unknown
  readonly signingEscapePath?: unknown
  readonly extensions?: unknown
  readonly credentials?: unknown
}

interface RequestHandler {
  readonly externalAgent?: unknown
  readonly configProvider?: unknown
  httpHandlerConfigs?(): Readonly<Record<string, unknown>>
}

const DIRECT: Eligibility = { transport: 'direct' }

/** Whether a client is one that the SDK alone made: anything of its own that could change what goes over the wire keeps it on the SDK. */
export async function inspectClient(client: S3ClientLike): Promise<Eligibility> {
  const own = foreignMiddleware(client)
  if (own !== null) return bySdk(`the client has middleware of its own (${own})`)
  const config = client.config as ClientConfig
  if (config.useAccelerateEndpoint === true) return bySdk('the client uses accelerated endpoints')
  if (config.bucketEndpoint === true) return bySdk('the client takes buckets for endpoints')
  if (config.signingEscapePath === true) return bySdk('the client signs paths in another encoding')
  if (Array.isArray(config.extensions) && config.extensions.length > 0) return bySdk('the client has extensions')
  if (typeof config.credentials !== 'function') return bySdk('the client has no provider of credentials')
  return inspectHandler(config.requestHandler)
}

/** The first middleware that is not the SDK's; null for none. */
export function foreignMiddleware(client: S3ClientLike): string | null {
  for (const entry of client.middlewareStack.identify()) {
    const name = entry.replace(/ - \w+$/, '').replace(/ \(a\.k\.a\. .*\)$/, '')
    if (!STOCK_MIDDLEWARE.has(name)) return name
  }
  return null
}

async function inspectHandler(handler: RequestHandler | undefined): Promise<Eligibility> {
  if (handler === undefined || handler.constructor.name !== 'NodeHttpHandler' || Object.hasOwn(handler, 'handle')) {
    return bySdk('the client has a request handler of its own')
  }
  const config = await handlerConfig(handler)
  if (config === null) return { transport: 'unknown', reason: "the client's handler shows its options only after a request" }
  const strange = Object.keys(config).find((name) => !STOCK_HANDLER_OPTIONS.has(name) && config[name] !== undefined)
  if (strange !== undefined) return bySdk(`the client's handler has an option of its own (${strange})`)
  const { httpAgentProvider } = config
  const http = config['httpAgent'] ?? (typeof httpAgentProvider === 'function' ? await httpAgentProvider() : undefined)
  const https = config['httpsAgent']
  if (http === undefined && https === undefined) return { transport: 'unknown', reason: "the client's handler shows its agents only after a request" }
  if (handler.externalAgent === true) return bySdk('the client has an agent of its own')
  return inspectAgent(http, HttpAgent.prototype) ?? inspectAgent(https, HttpsAgent.prototype) ?? DIRECT
}

/** null where it cannot be told yet. */
async function handlerConfig(handler: RequestHandler): Promise<Readonly<Record<string, unknown>> | null> {
  const shown = handler.httpHandlerConfigs?.() ?? {}
  if (Object.keys(shown).length > 0) return shown
  // where the options wait for the first request
  const { configProvider } = handler
  if (!(configProvider instanceof Promise)) return null
  const config: unknown = await configProvider
  return typeof config === 'object' && config !== null ? (config as Readonly<Record<string, unknown>>) : null
}

function inspectAgent(agent: unknown, prototype: object): Eligibility | null {
  if (agent === undefined) return null
  if (Object.getPrototypeOf(agent) !== prototype) return bySdk('the client has an agent of its own')
  if (Object.hasOwn(agent as object, 'createConnection') || Object.hasOwn(agent as object, 'addRequest')) return bySdk('the client has an agent of its own')
  const options = (agent as { options?: Readonly<Record<string, unknown>> }).options ?? {}
  const strange = Object.keys(options).find((name) => !STOCK_AGENT_OPTIONS.has(name) && options[name] !== undefined && options[name] !== null)
  return strange === undefined ? null : bySdk(`the client's agent has an option of its own (${strange})`)
}

function bySdk(reason: string): Eligibility {
  return { transport: 'sdk', reason }
}
