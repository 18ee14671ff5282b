import { randomBytes } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { toText } from './byte-string.ts'
import { ConnectionLost } from './connection-lost.ts'
import { errorDocument, errorReply } from './error-reply.ts'
import type { Exchange, Reply } from './exchange.ts'
import type { FaultPlan } from './fault-plan.ts'
import { foreignObject } from './foreign-object.ts'
import { isPublic } from './object-description.ts'
import { operationOf } from './operation.ts'
import { type ReplyHooks, writeReply } from './reply-writer.ts'
import { fingerprintHeaders, newRequestId } from './request-id.ts'
import { type LoggedRequest, publicHeaders, publicParameters } from './request-log.ts'
import { route } from './router.ts'
import { S3Error } from './s3-error.ts'
import { readS3Request } from './s3-request.ts'
import type { ServerState } from './server-state.ts'
import { verifySignature } from './signature.ts'
import { bodyBuffer, KeptBody } from './stored-body.ts'
import { isAllowedByPolicy } from './bucket-policy.ts'

/** Handles every request of a server: faults, signature, operation, reply, log. */
export function requestListener(state: ServerState, plan: FaultPlan, log: (entry: LoggedRequest) => void): RequestListener {
  return (incoming, response) => {
    void serve(state, plan, log, incoming, response)
  }
}

async function serve(
  state: ServerState,
  plan: FaultPlan,
  log: (entry: LoggedRequest) => void,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const startedAt = Date.now()
  const started = performance.now()
  const request = readS3Request(incoming)
  const operation = operationOf(request)
  const faults = plan.take(request, operation)
  const requestId = newRequestId(state.personality.requestId)
  const exchange = { state, request, operation, faults, signature: null } satisfies Exchange
  let status = 0
  let errorCode: string | undefined
  let bytesOut = 0
  // a reset client must not end the process
  incoming.on('error', () => {})
  response.on('error', () => {})
  let bytesIn = 0
  const socketBytesBefore = incoming.socket.bytesRead
  try {
    const reply = await answer(exchange, requestId).catch((error: unknown) => {
      if (error instanceof ConnectionLost) throw error
      const failure = error instanceof S3Error ? error : new S3Error(500, 'InternalError', error instanceof Error ? error.message : undefined)
      errorCode = failure.code
      return errorReply(state.personality, failure, { bucket: request.bucket, key: request.key, requestId })
    })
    await runHook(exchange, 'before-reply', reply.status)
    if (faults.take('lost-reply') !== null) {
      incoming.socket.resetAndDestroy()
      throw new ConnectionLost()
    }
    bytesOut = await writeReply(
      response,
      request.method,
      { ...reply, headers: { ...fingerprintHeaders(state.personality, requestId), ...echoHeaders(exchange), ...reply.headers } },
      faults,
      replyHooks(exchange, reply),
    )
    status = reply.status
    if (!incoming.complete) incoming.resume()
  } catch (error) {
    if (!(error instanceof ConnectionLost)) response.destroy()
  }
  bytesIn = Number(incoming.headers['content-length'] ?? Math.max(0, incoming.socket.bytesRead - socketBytesBefore))
  const partNumber = Number(request.query.get('partNumber') ?? 'NaN')
  log({
    operation,
    method: request.method,
    bucket: request.bucket,
    key: toText(request.key),
    query: publicParameters(request.parameters),
    ...(Number.isInteger(partNumber) ? { partNumber } : {}),
    status,
    ...(errorCode === undefined ? {} : { errorCode }),
    bytesIn,
    bytesOut,
    headers: publicHeaders(incoming.headers),
    startedAt,
    durationMs: performance.now() - started,
  })
}

async function answer(exchange: Exchange, requestId: string): Promise<Reply> {
  const { state, request, faults } = exchange
  if (faults.take('never-arrives') !== null) {
    request.incoming.socket.resetAndDestroy()
    throw new ConnectionLost()
  }
  const delay = faults.take('delay')
  if (delay !== null) await new Promise((resolve) => setTimeout(resolve, delay.delayMs))
  await runHook(exchange, 'before-forward', null)
  const forced = faults.take('status')
  if (forced !== null) {
    request.incoming.resume()
    const code = forced.code ?? DEFAULT_CODES[forced.status] ?? 'InternalError'
    const retry: Record<string, string> = forced.retryAfterSeconds === undefined ? {} : { 'retry-after': String(forced.retryAfterSeconds) }
    throw new S3Error(forced.status, code, undefined, {}, retry)
  }
  const wrapped = faults.take('error-in-200')
  const signature = verifySignature(request, state.credentials, state.personality, state.region, Date.now())
  const signed: Exchange = { ...exchange, signature }
  if (signature === null) allowAnonymous(signed)
  else if (!isAllowedByPolicy(signed, 'owner')) throw new S3Error(403, 'AccessDenied')
  if (wrapped === null) return route(signed)
  if (wrapped.done === true) await route(signed)
  else request.incoming.resume()
  const error = new S3Error(200, wrapped.code ?? 'InternalError')
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: errorDocument(state.personality, error, { bucket: request.bucket, key: request.key, requestId }),
  }
}

const DEFAULT_CODES: Readonly<Record<number, string>> = { 403: 'AccessDenied', 404: 'NoSuchKey', 429: 'TooManyRequests', 500: 'InternalError', 503: 'SlowDown' }

function allowAnonymous(exchange: Exchange): void {
  const { state, request, operation } = exchange
  const { status, code, message } = state.personality.signature.anonymous
  const refused = new S3Error(status, code, message)
  if (state.personality.features.acl !== 'yes') throw refused
  const bucket = state.buckets.get(request.bucket)
  if (bucket === undefined) throw refused
  const isObjectRead = operation === 'GetObject' || operation === 'HeadObject'
  const isListing = operation.startsWith('ListObjects')
  const object = isObjectRead ? bucket.current(request.key) : undefined
  const isOpen = (object !== undefined && isPublic(object.acl)) || (isListing && isPublic(bucket.acl)) || isAllowedByPolicy(exchange, 'anonymous')
  if (!isOpen) throw refused
}

async function runHook({ request, operation, faults }: Exchange, when: 'before-forward' | 'before-reply', status: number | null): Promise<void> {
  const hook = faults.peek('hook')
  if (hook === null || hook.when !== when) return
  faults.fired(hook)
  await hook.run({
    operation: operation as 'Other',
    bucket: request.bucket || null,
    key: request.key === '' ? null : toText(request.key),
    partNumber: Number(request.query.get('partNumber')) || null,
    requestNumber: 0,
    when,
    status,
  })
}

/** The checksums that the client claimed, given back unseen. */
function echoHeaders({ request, faults }: Exchange): Record<string, string> {
  if (faults.peek('echo-checksum') === null) return {}
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.incoming.headers)) if (/^x-amz-checksum-[a-z0-9]+$/.test(name) && name !== 'x-amz-checksum-mode') headers[name] = String(value)
  return headers
}

function replyHooks(exchange: Exchange, reply: Reply): ReplyHooks | null {
  const { state, request, faults } = exchange
  const hook = faults.peek('hook')
  if (hook?.when === 'during-reply') {
    return {
      afterBytes: hook.afterBytes ?? 0,
      run: async () => {
        faults.fired(hook)
        await hook.run({ operation: exchange.operation as 'Other', bucket: request.bucket, key: toText(request.key), partNumber: null, requestNumber: 0, when: 'during-reply', status: reply.status })
        return null
      },
    }
  }
  const change = faults.peek('source-changed')
  const bucket = state.buckets.get(request.bucket)
  if (change === null || bucket === undefined || reply.body === undefined || typeof reply.body === 'string') return null
  const { body } = reply.body
  return {
    afterBytes: change.afterBytes,
    run: () => {
      faults.fired(change)
      const before = bucket.current(request.key)
      const bytes = change.body ?? changedBytes(body.sizeBytes)
      const object = foreignObject(request.key, bytes, before?.description)
      bucket.add(object)
      // with `mix` the rest of this very reply comes from the new object; where that one is shorter the old bytes stand
      return change.mix === true && object.body.sizeBytes >= body.sizeBytes ? object.body : null
    },
  }
}

function changedBytes(sizeBytes: number): Uint8Array {
  if (sizeBytes > 256 * 1024 ** 2) throw new Error('source-changed on an object above 256 MiB needs a body of its own')
  return bodyBuffer(new KeptBody([randomBytes(sizeBytes)]))
}

