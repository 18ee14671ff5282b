import { setTimeout as sleep } from 'node:timers/promises'
import { isAllowedByPolicy } from './bucket-policy.ts'
import { ConnectionLost } from './connection-lost.ts'
import { errorDocument } from './error-reply.ts'
import type { Exchange, Reply } from './exchange.ts'
import { flipHeader } from './flip-header.ts'
import { isPublic } from './object-description.ts'
import { runHook } from './reply-hooks.ts'
import { resetSocket } from './reset-socket.ts'
import { route } from './router.ts'
import { S3Error } from './s3-error.ts'
import { headerOf } from './s3-request.ts'
import { verifySignature } from './signature.ts'

/** From a request to its reply: the faults that come before the operation, the signature, the operation. @throws `S3Error`, `ConnectionLost` */
export async function answerRequest(exchange: Exchange, requestId: string): Promise<Reply> {
  const { request, faults } = exchange
  if (faults.take('never-arrives') !== null) {
    resetSocket(request.incoming.socket)
    throw new ConnectionLost()
  }
  const delay = faults.take('delay')
  if (delay !== null) await sleep(delay.delayMs, undefined, { ref: false })
  await runHook(exchange, 'before-forward', null)
  refuseByFault(exchange)
  flipRequestHeader(exchange)
  const wrapped = faults.take('error-in-200')
  if (wrapped === null) return carryOut(exchange)
  if (wrapped.done === true) await carryOut(exchange)
  const subject = { bucket: request.bucket, key: request.key, requestId, method: request.method }
  const body = errorDocument(exchange.state.personality, new S3Error(200, wrapped.code ?? 'InternalError'), subject)
  return { status: 200, headers: { 'content-type': 'application/xml' }, body }
}

async function carryOut(exchange: Exchange): Promise<Reply> {
  const { state, request } = exchange
  const signature = verifySignature(request, state.credentials, state.personality, state.region, Date.now())
  const signed: Exchange = { ...exchange, signature }
  const { status, html } = state.personality.signature.anonymous
  if (signature === null && html !== undefined) return { status, headers: { 'content-type': 'text/html; charset=UTF-8' }, body: html }
  if (state.personality.features.requesterPays && request.bucket !== '') return payingReply(signed)
  return allowedReply(signed)
}

async function allowedReply(signed: Exchange): Promise<Reply> {
  if (signed.signature === null) allowAnonymous(signed)
  else if (!isAllowedByPolicy(signed, 'owner')) throw new S3Error(403, 'AccessDenied')
  return route(signed)
}

/** Nobody reads or writes here who does not say that they pay. */
async function payingReply(signed: Exchange): Promise<Reply> {
  if (signed.signature === null || headerOf(signed.request, 'x-amz-request-payer') !== 'requester') throw new S3Error(403, 'AccessDenied')
  const reply = await allowedReply(signed)
  return { ...reply, headers: { 'x-amz-request-charged': 'requester', ...reply.headers } }
}

const DEFAULT_CODES: Readonly<Record<number, string>> = { 403: 'AccessDenied', 404: 'NoSuchKey', 429: 'TooManyRequests', 503: 'SlowDown' }

function refuseByFault({ faults }: Exchange): void {
  const forced = faults.take('status')
  if (forced === null) return
  const retryAfter: Record<string, string> = forced.retryAfterSeconds === undefined ? {} : { 'retry-after': String(forced.retryAfterSeconds) }
  throw new S3Error(forced.status, forced.code ?? DEFAULT_CODES[forced.status] ?? 'InternalError', undefined, {}, retryAfter)
}

// the change is made where the signature is checked as well: a signed header that was changed on the way is found out
function flipRequestHeader({ request, faults }: Exchange): void {
  const flip = faults.peek('flip-header', 'request')
  if (flip === null) return
  const { headers, rawHeaders } = request.incoming
  const name = flip.name.toLowerCase()
  const value = headers[name]
  if (typeof value !== 'string') return
  const changed: Record<string, string> = { [name]: value }
  flipHeader(changed, name)
  headers[name] = changed[name] ?? value
  for (let i = 0; i < rawHeaders.length; i += 2) if (rawHeaders[i]?.toLowerCase() === name) rawHeaders[i + 1] = changed[name] ?? value
  faults.fired(flip)
}

function allowAnonymous(exchange: Exchange): void {
  const { state, request, operation } = exchange
  const { status, code, message } = state.personality.signature.anonymous
  const refused = new S3Error(status, code, message)
  const bucket = state.buckets.get(request.bucket)
  if (state.personality.features.acl !== 'yes' || bucket === undefined) throw refused
  const object = operation === 'GetObject' || operation === 'HeadObject' ? bucket.current(request.key) : undefined
  const isOpenObject = object !== undefined && isPublic(object.acl)
  const isOpenListing = operation.startsWith('ListObjects') && isPublic(bucket.acl)
  if (!isOpenObject && !isOpenListing && !isAllowedByPolicy(exchange, 'anonymous')) throw refused
}
