import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { AwsChunkedDecoder } from './aws-chunked-decoder.ts'
import { CHECKSUM_ELEMENTS, openChecksum, type RunningChecksum } from './checksum.ts'
import { ConnectionLost } from './connection-lost.ts'
import type { Exchange } from './exchange.ts'
import type { Personality, PersonalityError, Support } from './personality.ts'
import { resetSocket } from './reset-socket.ts'
import { S3Error } from './s3-error.ts'
import { headerOf, type S3Request } from './s3-request.ts'
import { DiscardedBody, flipped, KeptBody, type StoredBody } from './stored-body.ts'

/** A request body that was read, decoded and checked. */
export interface ReceivedBody {
  readonly body: StoredBody
  /** hex; what the ETag of a plain upload is */
  readonly md5: string
  /** base64 by algorithm: what the client claimed and the server found right, and what was to be computed anyway */
  readonly checksums: Map<string, string>
}

export interface ReceiveOptions {
  /** Algorithms to compute even if the client claims none of them. */
  readonly compute?: readonly string[]
  /** Throw the bytes away. */
  readonly discard?: boolean
  /** Refuse more bytes than this with EntityTooLarge. */
  readonly maxBytes?: number
  /** An upload: a length is required. */
  readonly isUpload?: boolean
}

const PAYLOAD_FORMS: Readonly<Record<string, { readonly signed: boolean; readonly trailer: boolean }>> = {
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD': { signed: true, trailer: false },
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER': { signed: true, trailer: true },
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER': { signed: false, trailer: true },
}

/**
 * Reads the body of a request, takes its framing off and checks everything that was claimed about it, as the personality does.
 * @throws `S3Error`; `ConnectionLost` when the client went away
 */
export async function receiveBody(exchange: Exchange, options: ReceiveOptions = {}): Promise<ReceivedBody> {
  const { request, faults, signature } = exchange
  const { checksums: rules } = exchange.state.personality
  const payload = signature?.payload ?? headerOf(request, 'x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD'
  const form = PAYLOAD_FORMS[payload]
  checkLength(exchange, form, options)
  const claims = claimedChecksums(request, rules.algorithms)
  refuseUnknownChecksums(request, rules)
  const md5Claim = contentMd5(request, rules.contentMd5)
  const trust = faults.take('echo-checksum') !== null
  const trailerNames = (headerOf(request, 'x-amz-trailer') ?? '').split(',').map((name) => name.trim().replace(/^x-amz-checksum-/, ''))
  const algorithms = new Set([...claims.keys(), ...trailerNames, ...(options.compute ?? [])].filter((name) => rules.algorithms.includes(name)))
  const running = new Map<string, RunningChecksum>()
  for (const algorithm of algorithms) running.set(algorithm, await openChecksum(algorithm))
  const md5 = createHash('md5')
  const sha256 = /^[0-9a-f]{64}$/.test(payload) ? createHash('sha256') : null
  const decoder = form === undefined ? null : new AwsChunkedDecoder(form.signed ? signature : null)
  const pieces: Uint8Array[] = []
  let sizeBytes = 0
  for await (const piece of wirePieces(exchange)) {
    for (const bytes of decoder === null ? [piece] : decoder.push(piece)) {
      sizeBytes += bytes.length
      if (sizeBytes > (options.maxBytes ?? Number.MAX_SAFE_INTEGER)) throw new S3Error(400, 'EntityTooLarge')
      md5.update(bytes)
      sha256?.update(bytes)
      for (const checksum of running.values()) checksum.update(bytes)
      if (options.discard !== true) pieces.push(bytes)
    }
  }
  const decodedLength = headerOf(request, 'x-amz-decoded-content-length')
  if (decoder !== null && (!decoder.isDone || (decodedLength !== undefined && Number(decodedLength) !== sizeBytes))) throw new S3Error(400, 'IncompleteBody')
  for (const [name, value] of decoder?.trailers ?? []) {
    const algorithm = name.replace(/^x-amz-checksum-/, '')
    if (rules.algorithms.includes(algorithm)) claims.set(algorithm, value)
  }
  const md5Bytes = md5.digest()
  const body = options.discard === true ? new DiscardedBody(sizeBytes) : new KeptBody(pieces)
  if (trust) return { body, md5: (md5Claim ?? md5Bytes).toString('hex'), checksums: claims }
  if (sha256 !== null && sha256.digest('hex') !== payload) throw new S3Error(400, exchange.state.personality.signature.payloadMismatch)
  if (md5Claim !== null && rules.contentMd5 === 'verified' && !md5Claim.equals(md5Bytes)) throw new S3Error(400, 'BadDigest')
  return { body, md5: md5Bytes.toString('hex'), checksums: rules.claims === 'stored' ? storedClaims(claims, running) : checkClaims(claims, running) }
}

/** Reads a small body, such as XML, whole. @throws as {@link receiveBody} */
export async function receiveDocument(exchange: Exchange): Promise<Buffer> {
  const { body } = await receiveBody(exchange, { maxBytes: 8 * 1024 ** 2 })
  return Buffer.concat([...body.read(0, body.sizeBytes)])
}

function checkLength(exchange: Exchange, form: { readonly signed: boolean } | undefined, options: ReceiveOptions): void {
  const { request, state } = exchange
  const { signature: rules } = state.personality
  const wireLength = headerOf(request, 'content-length')
  const isMissing = options.isUpload === true && wireLength === undefined
  if (isMissing && rules.missingLength === 'before-form') throw new S3Error(411, 'MissingContentLength')
  if (form !== undefined) refuse(form.signed ? rules.signedChunks : rules.trailers)
  const length = form === undefined ? wireLength : (headerOf(request, 'x-amz-decoded-content-length') ?? wireLength)
  if (options.isUpload === true && length === undefined) throw new S3Error(411, 'MissingContentLength')
  if (Number(length ?? 0) > (options.maxBytes ?? Number.MAX_SAFE_INTEGER)) throw new S3Error(400, 'EntityTooLarge')
}

/** Throws what the personality answers to something that it refuses. */
export function refuse(support: Support | undefined): void {
  if (typeof support !== 'object') return
  const { status, code, message }: PersonalityError = support
  throw new S3Error(status, code, message)
}

function claimedChecksums(request: S3Request, known: readonly string[]): Map<string, string> {
  const claims = new Map<string, string>()
  for (const algorithm of Object.keys(CHECKSUM_ELEMENTS)) {
    const value = headerOf(request, `x-amz-checksum-${algorithm}`)
    if (value !== undefined && known.includes(algorithm)) claims.set(algorithm, value)
  }
  if (claims.size > 1) throw new S3Error(400, 'InvalidRequest', 'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.')
  return claims
}

function refuseUnknownChecksums(request: S3Request, { algorithms, others }: Personality['checksums']): void {
  if (others === 'ignored') return
  const announced = headerOf(request, 'x-amz-sdk-checksum-algorithm')?.toLowerCase()
  const isUnknown = (algorithm: string): boolean => !algorithms.includes(algorithm)
  const claimed = Object.keys(CHECKSUM_ELEMENTS).filter((algorithm) => headerOf(request, `x-amz-checksum-${algorithm}`) !== undefined)
  if ((announced !== undefined && isUnknown(announced)) || claimed.some(isUnknown)) refuse(others)
}

function contentMd5(request: S3Request, rule: Support | 'verified'): Buffer | null {
  const header = headerOf(request, 'content-md5')
  if (header === undefined || rule === 'ignored') return null
  if (typeof rule === 'object') refuse(rule)
  const bytes = Buffer.from(header, 'base64')
  if (bytes.length !== 16 || bytes.toString('base64') !== header.trim()) throw new S3Error(400, 'InvalidDigest')
  return bytes
}

function checkClaims(claims: ReadonlyMap<string, string>, running: ReadonlyMap<string, RunningChecksum>): Map<string, string> {
  const checksums = new Map<string, string>()
  for (const [algorithm, checksum] of running) {
    const digest = checksum.digest()
    const claim = claims.get(algorithm)
    if (claim !== undefined && Buffer.from(claim, 'base64').length !== digest.length) {
      throw new S3Error(400, 'InvalidRequest', `Value for x-amz-checksum-${algorithm} header is invalid.`)
    }
    if (claim !== undefined && claim !== digest.toString('base64')) {
      throw new S3Error(400, 'BadDigest', `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`)
    }
    checksums.set(algorithm, digest.toString('base64'))
  }
  return checksums
}

/** What was claimed stands, whatever the bytes are; what nobody claimed is computed. */
function storedClaims(claims: ReadonlyMap<string, string>, running: ReadonlyMap<string, RunningChecksum>): Map<string, string> {
  const checksums = new Map<string, string>()
  for (const [algorithm, checksum] of running) checksums.set(algorithm, claims.get(algorithm) ?? checksum.digest().toString('base64'))
  return checksums
}

/** The body as it comes over the wire, with the faults of the request leg. */
async function* wirePieces({ request, faults, intake }: Exchange): AsyncGenerator<Uint8Array> {
  const { incoming } = request
  const flip = faults.peek('flip', 'request')
  const cut = faults.peek('truncate', 'request') ?? faults.peek('reset', 'request') ?? faults.peek('stall', 'request')
  let at = 0
  intake.begin()
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      if (cut !== null && at + chunk.length >= cut.at) {
        faults.fired(cut)
        await breakOff(incoming, cut.kind)
      }
      const offset = (flip?.at ?? -1) - at
      at += chunk.length
      intake.bytesIn += chunk.length
      if (flip !== null && offset >= 0 && offset < chunk.length) {
        faults.fired(flip)
        yield flipped(chunk, offset)
      } else yield chunk
    }
  } catch (error) {
    if (error instanceof S3Error || error instanceof ConnectionLost) throw error
    throw new ConnectionLost()
  }
  if (!incoming.complete) throw new ConnectionLost()
}

async function breakOff(incoming: IncomingMessage, kind: 'truncate' | 'reset' | 'stall'): Promise<never> {
  const { socket } = incoming
  if (kind === 'truncate') socket.end()
  else if (kind === 'reset') resetSocket(socket)
  else if (!socket.destroyed) await new Promise<void>((resolve) => socket.once('close', () => resolve()))
  throw new ConnectionLost()
}
