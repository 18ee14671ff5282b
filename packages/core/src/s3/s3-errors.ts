import type { ErrorCode, ErrorContext } from '../errors.ts'
import { ObjectStoreError } from '../object-store-error.ts'
import type { StoreFailureReason } from '../ports/object-store.ts'
import type { WireHeaders } from './data-transport.ts'
import { requestIdFromHeaders } from './s3-mappers.ts'
import type { TransportFailure, TransportFailureKind } from './transport-failure.ts'

/** What was attempted: decides what a code means. */
export interface CallContext {
  readonly side: 'source' | 'destination'
  /** S3's name of the operation, for the message */
  readonly operation: string
  readonly bucket: string
  readonly key: string | null
  /** the call named an upload: there NoSuchKey is NoSuchUpload (Ceph after an abort) */
  readonly upload?: boolean
  /** the call carried `If-None-Match: *` */
  readonly ifNoneMatch?: boolean
  /** the call carried a condition of any kind */
  readonly conditional?: boolean
}

/** Codes of several vendors; facts on throttling codes are collected from their documentation. */
const REASON_BY_CODE: Readonly<Record<string, StoreFailureReason>> = {
  NoSuchKey: 'not-found',
  NoSuchVersion: 'not-found',
  NotFound: 'not-found',
  NoSuchBucket: 'no-such-bucket',
  NoSuchUpload: 'no-such-upload',
  AccessDenied: 'access-denied',
  AllAccessDisabled: 'access-denied',
  AccountProblem: 'access-denied',
  ObjectLocked: 'access-denied',
  ExpiredToken: 'credentials',
  TokenRefreshRequired: 'credentials',
  InvalidToken: 'credentials',
  InvalidAccessKeyId: 'credentials',
  InvalidSecurity: 'credentials',
  NotSignedUp: 'credentials',
  SignatureDoesNotMatch: 'credentials',
  Unauthorized: 'credentials',
  RequestTimeTooSkewed: 'credentials',
  AuthorizationHeaderMalformed: 'credentials',
  PreconditionFailed: 'precondition-failed',
  ConditionalRequestConflict: 'precondition-failed',
  InvalidObjectState: 'archived',
  InvalidRange: 'range',
  BadDigest: 'bad-digest',
  InvalidDigest: 'bad-digest',
  XAmzContentSHA256Mismatch: 'bad-digest',
  XAmzContentChecksumMismatch: 'bad-digest',
  ContentSHA256Mismatch: 'bad-digest',
  RequestTimeout: 'incomplete-body',
  IncompleteBody: 'incomplete-body',
  InvalidPart: 'invalid-part',
  InvalidPartOrder: 'invalid-part',
  EntityTooSmall: 'invalid-part',
  EntityTooLarge: 'too-large',
  SlowDown: 'throttled',
  SlowDownRead: 'throttled',
  SlowDownWrite: 'throttled',
  TooManyRequests: 'throttled',
  ErrTooManyRequest: 'throttled',
  RequestRateLimitExceeded: 'throttled',
  RequestLimitExceeded: 'throttled',
  ServiceUnavailable: 'throttled',
  Throttling: 'throttled',
  ThrottlingException: 'throttled',
  InternalError: 'server-error',
  OperationAborted: 'server-error',
  NotImplemented: 'not-implemented',
  MethodNotAllowed: 'not-implemented',
}

const REASON_BY_STATUS: Readonly<Record<number, StoreFailureReason>> = {
  401: 'credentials',
  403: 'access-denied',
  404: 'not-found',
  405: 'not-implemented',
  // also said of a connection that was idle, while what was under way on it is taken all the same (RFC 9110, 15.5.9): as uncertain as an error of the server's own
  408: 'server-error',
  412: 'precondition-failed',
  413: 'too-large',
  416: 'range',
  429: 'throttled',
  501: 'not-implemented',
  503: 'throttled',
}

export interface ErrorReply {
  readonly status: number
  readonly headers: WireHeaders
  /** the body, as far as it was read */
  readonly text: string
  readonly attempts: number
}

/** The error for a reply that is not a success; also for a 200 that carries an error. */
export function replyError(call: CallContext, reply: ErrorReply): ObjectStoreError {
  const code = codeOf(element(reply.text, 'Code') ?? reply.headers['x-minio-error-code'])
  const reason = reasonFor(call, reply.status, code)
  const requestId = requestIdFromHeaders(reply.headers) ?? element(reply.text, 'RequestId')
  // what a server says of credentials may repeat them
  const said = reason === 'credentials' ? null : element(reply.text, 'Message')
  const text = `${describe(call)}: ${code ?? 'no error code'} (status ${reply.status})${said === null ? '' : `: ${scrub(said)}`}`
  return new ObjectStoreError(codeFor(call, reason), text, {
    reason,
    replied: true,
    attempts: reply.attempts,
    retryAfterMs: retryAfterMs(reply.headers['retry-after']),
    context: { ...placeOf(call), status: reply.status, ...(code === null ? {} : { serverCode: code }), ...(requestId === null ? {} : { requestId }) },
  })
}

/** An error code as servers write them; anything else is text that a gateway may have filled with the request, and is not repeated. */
function codeOf(raw: string | null | undefined): string | null {
  return raw != null && /^[\w.:-]{1,64}$/.test(raw) ? raw : null
}

const REASON_BY_FAILURE: Readonly<Record<TransportFailureKind, StoreFailureReason>> = {
  connect: 'transport',
  'first-byte': 'transport',
  idle: 'transport',
  connection: 'transport',
  credentials: 'credentials',
  request: 'invalid-request',
  body: 'incomplete-body',
  'called-off': 'called-off',
  reply: 'invalid-reply',
}

/** The error for an exchange without a whole reply. */
export function transportError(call: CallContext, failure: TransportFailure): ObjectStoreError {
  const reason = REASON_BY_FAILURE[failure.kind]
  const late = failure.kind === 'connect' || failure.kind === 'first-byte' || failure.kind === 'idle'
  return new ObjectStoreError(late ? 'ERR_TIMEOUT' : codeFor(call, reason), `${describe(call)}: ${scrub(failure.message)}`, {
    reason,
    replied: failure.kind === 'reply',
    attempts: failure.attempts,
    context: placeOf(call),
  })
}

/** The error for a reply that makes no sense. */
export function invalidReply(call: CallContext, what: string, attempts: number): ObjectStoreError {
  return new ObjectStoreError('ERR_TRANSFER', `${describe(call)}: ${what}`, { reason: 'invalid-reply', replied: true, attempts, context: placeOf(call) })
}

/** True for a document whose root is `<Error>`, whatever its status was. */
export function isErrorDocument(text: string): boolean {
  return /^\s*(?:<\?xml[^>]*>\s*)?<(?:\w+:)?Error[\s>]/.test(text)
}

/** True for a page for people: what stands in a store's place (a login page, a balancer) may answer any request with one, and with success. */
export function isPage(text: string): boolean {
  return /^\s*<(?:!doctype\s+html|html)[\s>]/i.test(text)
}

function reasonFor(call: CallContext, status: number, code: string | null): StoreFailureReason {
  const known = code === null ? undefined : Object.hasOwn(REASON_BY_CODE, code) ? REASON_BY_CODE[code] : undefined
  const reason = known ?? (code !== null && /^(?:SlowDown|Throttl)/.test(code) ? 'throttled' : undefined) ?? byStatus(call, status)
  if (reason !== 'not-found') return reason
  if (call.upload === true) return 'no-such-upload'
  // a write needs no key to be there: Ceph says NoSuchKey where the request's body ended too early
  return call.operation === 'PutObject' ? 'incomplete-body' : reason
}

function byStatus(call: CallContext, status: number): StoreFailureReason {
  if (status === 409) return call.conditional === true ? 'precondition-failed' : 'invalid-request'
  const reason = REASON_BY_STATUS[status]
  if (reason !== undefined) return reason
  // an error inside of a 2xx is the server's
  return status >= 500 || status < 300 ? 'server-error' : 'invalid-request'
}

function codeFor(call: CallContext, reason: StoreFailureReason): ErrorCode {
  const source = call.side === 'source'
  switch (reason) {
    case 'not-found':
    case 'no-such-bucket':
      return source ? 'ERR_SOURCE_NOT_FOUND' : 'ERR_DESTINATION_NOT_FOUND'
    case 'precondition-failed':
      if (source) return 'ERR_SOURCE_CHANGED'
      return call.ifNoneMatch === true ? 'ERR_DESTINATION_EXISTS' : 'ERR_DESTINATION_CHANGED'
    case 'access-denied':
      return 'ERR_ACCESS_DENIED'
    case 'credentials':
      return 'ERR_CREDENTIALS'
    case 'archived':
      return source ? 'ERR_SOURCE_ARCHIVED' : 'ERR_TRANSFER'
    case 'too-large':
      return 'ERR_OBJECT_TOO_LARGE'
    case 'throttled':
      return 'ERR_THROTTLED'
    default:
      return 'ERR_TRANSFER'
  }
}

function describe(call: CallContext): string {
  const place = call.key === null ? `bucket ${JSON.stringify(call.bucket)}` : `${JSON.stringify(call.key)} in bucket ${JSON.stringify(call.bucket)}`
  return `${call.operation} of ${place} (${call.side})`
}

function placeOf(call: CallContext): ErrorContext {
  return { bucket: call.bucket, ...(call.key === null ? {} : { key: call.key }) }
}

/**
 * Text from outside: cut, and without anything that looks like a signature, a signed URL or a secret. A server may repeat what it was sent, by any name or
 * by none: no word as long as a key or a token is passed on.
 */
function scrub(text: string): string {
  const clean = text
    .replace(/https?:\/\/\S+/gi, '(url)')
    .replace(/[\w-]*(?:Signature|Credential|Security-Token|Authorization|customer-key(?:-md5)?)["']?\s*[=:]\s*\S+/gi, '(removed)')
    .replace(/AWS4-\S+/g, '(removed)')
    .replace(/[\w+/=%.~-]{40,}/g, '(removed)')
    .replace(/[\x00-\x1f\x7f]+/g, ' ')
    .trim()
  return clean.length > 200 ? `${clean.slice(0, 200)}…` : clean
}

/** Text of the first element of that name. Error documents are small and flat: no parser is needed, nor its cost. */
function element(xml: string, name: string): string | null {
  const [, text] = new RegExp(`<(?:\\w+:)?${name}>([^<]*)</`).exec(xml) ?? []
  if (text === undefined || text === '') return null
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, entity: string) => ({ lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' })[entity] ?? '')
}

function retryAfterMs(value: string | undefined): number | null {
  if (value === undefined) return null
  if (/^\d+(?:\.\d+)?$/.test(value.trim())) return Math.round(Number(value) * 1000)
  const date = Date.parse(value)
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now())
}
