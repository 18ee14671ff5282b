import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { type ByteString, percentDecode, percentEncode } from './byte-string.ts'
import type { Personality } from './personality.ts'
import { S3Error } from './s3-error.ts'
import { headerOf, type S3Request } from './s3-request.ts'

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** What a right signature says; the chunk decoder needs it to check signed chunks. */
export interface VerifiedSignature {
  readonly signingKey: Buffer
  readonly scope: string
  readonly amzDate: string
  readonly signature: string
  /** `x-amz-content-sha256`, or UNSIGNED-PAYLOAD in a presigned URL */
  readonly payload: string
}

interface Claim {
  readonly accessKeyId: string
  readonly scope: readonly string[]
  readonly signedHeaders: readonly string[]
  readonly signature: string
  readonly amzDate: string
  readonly presigned: boolean
}

const SKEW_MS = 15 * 60_000

/**
 * Checks the AWS Signature Version 4 of a request, in its header or its query.
 * @returns null for a request without a signature (anonymous)
 * @throws `S3Error` as the personality answers
 */
export function verifySignature(
  request: S3Request,
  credentials: readonly Credentials[],
  personality: Personality,
  region: string,
  now: number,
): VerifiedSignature | null {
  const claim = readClaim(request)
  if (claim === null) return null
  const [date = '', claimedRegion = '', service = '', terminator = ''] = claim.scope
  if (!personality.signature.services.includes(service) || terminator !== 'aws4_request')
    throw malformed('The authorization header is malformed; incorrect service or terminator.')
  checkTime(request, claim, date, now)
  checkRegion(personality, region, claimedRegion)
  const known = credentials.find((one) => one.accessKeyId === claim.accessKeyId)
  if (known === undefined) throw new S3Error(403, personality.signature.unknownKey, undefined, { AWSAccessKeyId: claim.accessKeyId })
  const signingKey = [service, 'aws4_request'].reduce(
    (key, part) => hmac(key, part),
    hmac(hmac(Buffer.from(`AWS4${known.secretAccessKey}`), date), claimedRegion),
  )
  const payload = payloadOf(request, claim)
  checkSignedHeaders(request, claim, personality)
  if (claim.signedHeaders.some((name) => personality.signature.changedHeaders.includes(name))) throw mismatched(claim)
  const scope = claim.scope.join('/')
  for (const path of canonicalPaths(request.rawPath)) {
    const canonical = canonicalRequest(request, claim, path, payload)
    const toSign = `AWS4-HMAC-SHA256\n${claim.amzDate}\n${scope}\n${createHash('sha256').update(canonical, 'latin1').digest('hex')}`
    if (sameText(hmac(signingKey, toSign).toString('hex'), claim.signature)) {
      return { signingKey, scope, amzDate: claim.amzDate, signature: claim.signature, payload }
    }
  }
  throw mismatched(claim)
}

function mismatched({ accessKeyId }: Claim): S3Error {
  return new S3Error(403, 'SignatureDoesNotMatch', undefined, { AWSAccessKeyId: accessKeyId })
}

function readClaim(request: S3Request): Claim | null {
  const header = headerOf(request, 'authorization')
  if (header !== undefined) {
    const match = /^AWS4-HMAC-SHA256\s+(.*)$/.exec(header)
    if (match === null) throw new S3Error(400, 'InvalidRequest', 'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.')
    const fields = new Map((match[1] ?? '').split(',').map((field) => splitOnce(field.trim(), '=')))
    return claimOf(
      fields.get('Credential') ?? '',
      fields.get('SignedHeaders') ?? '',
      fields.get('Signature') ?? '',
      headerOf(request, 'x-amz-date') ?? amzDateOf(headerOf(request, 'date')),
      false,
    )
  }
  if (!request.query.has('X-Amz-Signature')) return null
  const { query } = request
  return claimOf(
    query.get('X-Amz-Credential') ?? '',
    query.get('X-Amz-SignedHeaders') ?? '',
    query.get('X-Amz-Signature') ?? '',
    query.get('X-Amz-Date') ?? '',
    true,
  )
}

function claimOf(credential: string, signedHeaders: string, signature: string, amzDate: string, presigned: boolean): Claim {
  // the access key may itself contain slashes and colons, the scope has exactly four fields
  const pieces = credential.split('/')
  if (pieces.length < 5 || signedHeaders === '' || signature === '' || !/^\d{8}T\d{6}Z$/.test(amzDate)) {
    throw malformed('The authorization header is malformed; a part of it is missing or has the wrong form.')
  }
  return { accessKeyId: pieces.slice(0, -4).join('/'), scope: pieces.slice(-4), signedHeaders: signedHeaders.split(';'), signature, amzDate, presigned }
}

function checkTime(request: S3Request, claim: Claim, date: string, now: number): void {
  const d = claim.amzDate
  const signedMs = Date.parse(`${d.slice(0, 4)}-${d.slice(4, 6)}-${d.slice(6, 8)}T${d.slice(9, 11)}:${d.slice(11, 13)}:${d.slice(13, 15)}Z`)
  if (!d.startsWith(date)) throw malformed('The authorization header is malformed; the date of the scope and that of the request differ.')
  if (claim.presigned) {
    const expiresSeconds = Number(request.query.get('X-Amz-Expires') ?? 'NaN')
    if (!Number.isInteger(expiresSeconds) || expiresSeconds < 1 || expiresSeconds > 604_800) {
      throw new S3Error(400, 'AuthorizationQueryParametersError', 'X-Amz-Expires must be between 1 and 604800 seconds')
    }
    if (now > signedMs + expiresSeconds * 1000) throw new S3Error(403, 'AccessDenied', 'Request has expired')
    if (signedMs > now + SKEW_MS) throw new S3Error(403, 'AccessDenied', 'Request is not yet valid')
    return
  }
  if (Math.abs(now - signedMs) > SKEW_MS) {
    throw new S3Error(403, 'RequestTimeTooSkewed', undefined, {
      RequestTime: d,
      ServerTime: new Date(now).toISOString(),
      MaxAllowedSkewMilliseconds: String(SKEW_MS),
    })
  }
}

function checkRegion(personality: Personality, own: string, claimed: string): void {
  const rule = personality.signature.region
  if (rule === 'any' || claimed === own || (rule !== 'own' && rule.includes(claimed))) return
  throw new S3Error(400, 'AuthorizationHeaderMalformed', `The authorization header is malformed; the region '${claimed}' is wrong; expecting '${own}'`, {
    Region: own,
  })
}

function payloadOf(request: S3Request, claim: Claim): string {
  const header = headerOf(request, 'x-amz-content-sha256')
  if (claim.presigned) return header ?? request.query.get('X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD'
  if (header === undefined) throw new S3Error(400, 'InvalidRequest', 'Missing required header for this request: x-amz-content-sha256')
  return header
}

function checkSignedHeaders(request: S3Request, { signedHeaders }: Claim, personality: Personality): void {
  const unsigned = Object.keys(request.incoming.headers).filter(
    (name) => (name === 'host' || (personality.signature.signsAllAmzHeaders && name.startsWith('x-amz-'))) && !signedHeaders.includes(name),
  )
  if (unsigned.length > 0) {
    throw new S3Error(403, 'AccessDenied', 'There were headers present in the request which were not signed', { HeadersNotSigned: unsigned.join(', ') })
  }
}

function canonicalRequest(request: S3Request, claim: Claim, path: string, payload: string): string {
  const query = request.parameters
    .filter(([name]) => !(claim.presigned && name === 'X-Amz-Signature'))
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  const headers = claim.signedHeaders.map((name) => `${name}:${canonicalHeader(request, name)}\n`).join('')
  return `${request.method}\n${path}\n${query}\n${headers}\n${claim.signedHeaders.join(';')}\n${payload}`
}

// Node's parser gives header bytes as Latin-1, so the canonical request is hashed byte for byte as it was on the wire: a client that signs
// UTF-8 and sends Latin-1 (the JS SDK with non-ASCII metadata) fails here as it does on real servers
function canonicalHeader(request: S3Request, name: string): string {
  const { rawHeaders } = request.incoming
  const values: string[] = []
  for (let i = 0; i < rawHeaders.length; i += 2) if (rawHeaders[i]?.toLowerCase() === name) values.push(rawHeaders[i + 1] ?? '')
  return values.map((value) => value.trim().replace(/ {2,}/g, ' ')).join(',')
}

function canonicalPaths(rawPath: string): readonly string[] {
  const encoded = percentEncode(percentDecode(rawPath), '/')
  return encoded === rawPath ? [encoded] : [encoded, rawPath]
}

function amzDateOf(date: string | undefined): string {
  const ms = Date.parse(date ?? '')
  return Number.isNaN(ms) ? '' : new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '')
}

function malformed(message: string): S3Error {
  return new S3Error(400, 'AuthorizationHeaderMalformed', message)
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

/** HMAC-SHA256. */
export function hmac(key: Buffer, data: ByteString): Buffer {
  return createHmac('sha256', key).update(data, 'latin1').digest()
}

/** Compares two texts in a time that does not depend on where they differ. */
export function sameText(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)]
  return x.length === y.length && timingSafeEqual(x, y)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
