import { hash } from 'node:crypto'
import type { DataReply, DataRequest } from '../data-transport.ts'
import { TransportFailure } from '../transport-failure.ts'
import type { Deadlines } from '../watchdog.ts'
import type { BucketRoute } from './bucket-route.ts'
import type { DirectClient } from './direct-client.ts'
import { type HttpReply, type HttpRequest, StaleConnection } from './http-client.ts'
import { canonicalQuery, EMPTY_SHA256, encodeKey, type SigningCredentials, signedHeaders, UNSIGNED_PAYLOAD } from './sigv4.ts'
import { withinDeadline } from './within-deadline.ts'

const METHOD = { GetObject: 'GET', HeadObject: 'HEAD', PutObject: 'PUT', UploadPart: 'PUT' } as const
const MAX_ERROR_BYTES = 256 * 1024
/** A server that says so without a text (HEAD) refuses our clock beyond this. */
const MAX_SKEW_MS = 4 * 60_000

/** A reply, or why this bucket is none for the direct path (with the reply that said so). */
export type DirectAnswer = { readonly reply: DataReply; readonly leave: string | null }

interface Sending {
  readonly client: DirectClient
  readonly route: BucketRoute
  readonly request: DataRequest
  readonly deadlines: Deadlines
}

/**
 * Signs and sends a request, once; a second time only where the first cannot have had an effect: a stale connection under a GET or HEAD, a refused clock,
 * expired credentials. Each of them once, each counted.
 */
export async function sendDirect(sending: Sending): Promise<DirectAnswer> {
  const { client, route, request, deadlines } = sending
  const payloadHash = payloadHashOf(request)
  const limits = { signal: request.signal, timeoutMs: deadlines.firstByteTimeoutMs }
  let attempt = 1
  let fresh = request.freshConnection === true
  let refresh = false
  const done = { stale: false, clock: false, expired: false }
  for (;;) {
    const credentials = (refresh ? null : client.knownCredentials()) ?? (await withinDeadline(client.credentials(refresh), limits))
    const atMs = Date.now() + client.clockOffsetMs
    const http = httpRequest(sending, { credentials, atMs, payloadHash, fresh, attempt })
    let reply: HttpReply
    try {
      reply = await client.http.send(http)
    } catch (error) {
      if (!(error instanceof StaleConnection) || done.stale || request.body !== undefined) throw error
      done.stale = true
      fresh = true
      attempt += 1
      continue
    }
    if (reply.status < 300) return { reply: dataReply(reply, reply.body, attempt, route), leave: null }
    const text = request.operation === 'HeadObject' ? '' : await errorText(reply)
    const bytes = Buffer.from(text, 'latin1')
    const answer = { reply: dataReply(reply, bytes, attempt, route), leave: foreignRegion(reply, text, route) }
    // what was sent of a stream cannot be sent again
    if (answer.leave !== null || request.body?.kind === 'stream') return answer
    if (!done.clock && isSkewed(reply, text, atMs) && (await client.correctsClock())) {
      const date = Date.parse(reply.headers['date'] ?? '')
      if (!Number.isNaN(date)) {
        done.clock = true
        client.clockOffsetMs = date - Date.now()
        attempt += 1
        continue
      }
    }
    if (!done.expired && isExpired(reply, text, credentials)) {
      done.expired = true
      refresh = true
      attempt += 1
      continue
    }
    return answer
  }
}

function httpRequest(
  { route, request, deadlines }: Sending,
  how: { readonly credentials: SigningCredentials; readonly atMs: number; readonly payloadHash: string; readonly fresh: boolean; readonly attempt: number },
): HttpRequest {
  if (!request.key.isWellFormed()) throw new TransportFailure('request', 'the key is no well-formed Unicode text', 0)
  const method = METHOD[request.operation]
  const path = route.basePath + encodeKey(request.key)
  const query = canonicalQuery(request.query)
  const headers: Record<string, string> = { ...request.headers, host: route.host, 'user-agent': 'sealift' }
  const { body } = request
  if (body !== undefined) headers['content-length'] = String(body.kind === 'bytes' ? body.bytes.byteLength : body.sizeBytes)
  return {
    origin: route.origin,
    method,
    path: query === '' ? path : `${path}?${query}`,
    headers: signedHeaders({ method, path, query, headers, payloadHash: how.payloadHash }, how.credentials, {
      region: route.region,
      service: route.service,
      atMs: how.atMs,
    }),
    body: body ?? null,
    signal: request.signal,
    freshConnection: how.fresh,
    deadlines,
    attempt: how.attempt,
  }
}

function payloadHashOf({ body, payloadSha256, checkedByMd5 }: DataRequest): string {
  if (body === undefined) return EMPTY_SHA256
  if (body.kind === 'stream' || (payloadSha256 === undefined && checkedByMd5 === true)) return UNSIGNED_PAYLOAD
  return payloadSha256 ?? hash('sha256', body.bytes, 'hex')
}

function dataReply(reply: HttpReply, body: HttpReply['body'] | Buffer, attempts: number, route: BucketRoute): DataReply {
  const common = { status: reply.status, headers: reply.headers, attempts, tls: route.origin.tls }
  if (!Buffer.isBuffer(body)) {
    return {
      ...common,
      body,
      discard: () => body.discard(),
      readInto: (target, onFilled) => body.readInto(target, onFilled),
      bodyIn: (take) => body.chunksIn(take),
    }
  }
  return {
    ...common,
    body: (async function* () {
      if (body.byteLength > 0) yield body
    })(),
    discard() {},
  }
}

/** As Latin-1, so that its bytes are kept. */
async function errorText(reply: HttpReply): Promise<string> {
  let text = ''
  try {
    for await (const chunk of reply.body) {
      text += Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1')
      if (text.length > MAX_ERROR_BYTES) break
    }
  } catch (error) {
    // the status is known: a text that was cut does not change it
    if (!(error instanceof TransportFailure)) throw error
  }
  return text
}

function codeOf(text: string): string | null {
  return /<Code>([^<]*)<\/Code>/.exec(text)?.[1] ?? null
}

/** Replies that send us elsewhere are not followed: the bucket is the SDK's from here on. */
function foreignRegion(reply: HttpReply, text: string, route: BucketRoute): string | null {
  const { status } = reply
  const code = codeOf(text)
  if (status === 301 || status === 302 || status === 303 || status === 307 || status === 308 || code === 'PermanentRedirect' || code === 'TemporaryRedirect') {
    return `the server redirects (status ${status})`
  }
  const region = reply.headers['x-amz-bucket-region'] ?? /<Region>([^<]*)<\/Region>/.exec(text)?.[1]
  const wrong = code === 'AuthorizationHeaderMalformed' || code === 'IllegalLocationConstraintException' || (code === null && status === 400)
  return wrong && region !== undefined && region !== route.region ? 'the bucket is in another region' : null
}

function isSkewed(reply: HttpReply, text: string, atMs: number): boolean {
  const code = codeOf(text)
  if (code !== null) return code === 'RequestTimeTooSkewed'
  const date = Date.parse(reply.headers['date'] ?? '')
  return reply.status === 403 && !Number.isNaN(date) && Math.abs(date - atMs) > MAX_SKEW_MS
}

function isExpired(reply: HttpReply, text: string, credentials: SigningCredentials): boolean {
  const code = codeOf(text)
  if (code !== null) return code === 'ExpiredToken' || code === 'TokenRefreshRequired'
  // a HEAD's reply has no text; S3 answers 400 there
  return reply.status === 400 && credentials.sessionToken !== undefined
}
