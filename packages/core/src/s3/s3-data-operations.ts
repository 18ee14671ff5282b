import type {
  CallCount,
  HeadOptions,
  ObjectRead,
  ObjectRef,
  ObjectStat,
  ObjectStore,
  PutOptions,
  ReadOptions,
  StoreOptions,
  WriteBody,
  WriteChecks,
  WriteReceipt,
} from '../ports/object-store.ts'
import type { DataReply } from './data-transport.ts'
import { textOf } from './s3-call.ts'
import { type CallContext, invalidReply, isErrorDocument, isPage, replyError, transportError } from './s3-errors.ts'
import { checkHeaders, conditionHeaders, contentLength, objectStateHeaders, parseContentRange, receiptFromHeaders, statFromHeaders } from './s3-mappers.ts'
import { callOf, type StoreParts, versionQuery } from './store-parts.ts'
import { TransportFailure } from './transport-failure.ts'

type Range = ObjectRead['range']

/** HEAD, GET, PUT and UploadPart. */
export function createDataOperations(parts: StoreParts): Pick<ObjectStore, 'head' | 'read' | 'put' | 'uploadPart'> {
  const { caller, location, profile } = parts
  // only where checksums are known: others refuse x-amz headers that they do not know
  const checksumMode = profile.checksums.returned === 'no' ? {} : { 'x-amz-checksum-mode': 'ENABLED' }
  // Google unpacks what is stored with `Content-Encoding: gzip` for everybody who does not accept gzip; everybody else gives what is stored for `identity`
  let acceptEncoding: 'identity' | 'gzip' = 'identity'
  const readHeaders = (): Record<string, string> => ({ ...location.access, ...checksumMode, 'accept-encoding': acceptEncoding })

  async function head(ref: ObjectRef, options: HeadOptions = {}): Promise<ObjectStat & CallCount> {
    const call = callOf(parts, 'HeadObject', ref, { conditional: options.ifMatch !== undefined })
    const reply = await caller.data(call, {
      operation: 'HeadObject',
      ...ref,
      query: { ...versionQuery(ref), ...(options.partNumber === undefined ? {} : { partNumber: String(options.partNumber) }) },
      headers: { ...readHeaders(), ...conditionHeaders({ ifMatch: options.ifMatch }) },
      signal: options.signal,
      freshConnection: options.freshConnection,
    })
    reply.discard()
    const stat = statFromHeaders(reply.headers, reply.status, location.asked)
    if (options.partNumber === undefined) return { ...stat, attempts: reply.attempts }
    // the reply speaks of that part: its size, its checksum
    return { ...stat, sizeBytes: contentLength(reply.headers), checksums: [], attempts: reply.attempts }
  }

  async function read(ref: ObjectRef, options: ReadOptions = {}): Promise<ObjectRead> {
    const asked = options.range
    const call = callOf(parts, 'GetObject', ref, { conditional: options.ifMatch !== undefined })
    const send = (): Promise<DataReply> =>
      caller.data(call, {
        operation: 'GetObject',
        ...ref,
        query: versionQuery(ref),
        headers: {
          ...readHeaders(),
          ...conditionHeaders({ ifMatch: options.ifMatch }),
          ...(asked === undefined ? {} : { range: `bytes=${asked.start}-${asked.endInclusive ?? ''}` }),
        },
        signal: options.signal,
        freshConnection: options.freshConnection,
      })
    let reply = await send()
    if (acceptEncoding === 'identity' && isTranscoded(reply)) {
      reply.discard()
      acceptEncoding = 'gzip'
      reply = await send()
    }
    const checked = isTranscoded(reply) ? 'a transcoded reply, not the stored bytes' : checkedRange(reply, asked)
    if (typeof checked === 'string') {
      reply.discard()
      throw invalidReply(call, checked, reply.attempts)
    }
    const bodyBytes = contentLength(reply.headers)
    return {
      stat: statFromHeaders(reply.headers, reply.status, location.asked),
      bodyBytes,
      range: checked,
      body: countedBody(call, reply, reply.body, bodyBytes),
      ...memoryReaders(call, reply, bodyBytes),
      discard: () => reply.discard(),
      attempts: reply.attempts,
    }
  }

  async function put(ref: ObjectRef, body: WriteBody, options: PutOptions): Promise<WriteReceipt> {
    const call = callOf(parts, 'PutObject', ref, {
      ifNoneMatch: options.ifNoneMatch !== undefined,
      conditional: options.ifNoneMatch !== undefined || options.ifMatch !== undefined,
    })
    const headers = { ...location.write, ...objectStateHeaders(options), ...checkHeaders(options), ...conditionHeaders(options) }
    return write(call, { operation: 'PutObject', ref, query: {}, headers, body, options })
  }

  async function uploadPart(
    ref: ObjectRef,
    uploadId: string,
    partNumber: number,
    body: WriteBody,
    options: StoreOptions & WriteChecks = {},
  ): Promise<WriteReceipt> {
    const call = callOf(parts, 'UploadPart', ref, { upload: true })
    const headers = { ...location.access, ...checkHeaders(options) }
    return write(call, { operation: 'UploadPart', ref, query: { partNumber: String(partNumber), uploadId }, headers, body, options })
  }

  async function write(
    call: CallContext,
    request: {
      readonly operation: 'PutObject' | 'UploadPart'
      readonly ref: ObjectRef
      readonly query: Readonly<Record<string, string>>
      readonly headers: Readonly<Record<string, string>>
      readonly body: WriteBody
      readonly options: StoreOptions & WriteChecks
    },
  ): Promise<WriteReceipt> {
    const { operation, ref, query, headers, body, options } = request
    const reply = await caller.data(call, {
      operation,
      bucket: ref.bucket,
      key: ref.key,
      query,
      headers,
      body,
      payloadSha256: options.sha256 === undefined ? undefined : Buffer.from(options.sha256).toString('hex'),
      checkedByMd5: options.contentMd5 !== undefined && profile.checksums.contentMd5 === 'yes',
      signal: options.signal,
    })
    // nearly always there is none
    const text = reply.headers['content-length'] === '0' ? '' : await textOf(reply)
    reply.discard()
    if (isErrorDocument(text)) throw replyError(call, { status: reply.status, headers: reply.headers, text, attempts: reply.attempts })
    if (isPage(text)) throw invalidReply(call, 'a page, not the reply of a store', reply.attempts)
    return receiptFromHeaders(reply.headers, reply.attempts, undefined, location.asked)
  }

  return { head, read, put, uploadPart }
}

/**
 * What was unpacked or packed on the way out: not the bytes that are stored, so that nothing can be proved by it. Google Cloud Storage says so in its reply
 * (https://cloud.google.com/storage/docs/transcoding), and anybody may by `Warning: 214` (RFC 7234, 5.5.6).
 */
function isTranscoded(reply: DataReply): boolean {
  const stored = reply.headers['x-goog-stored-content-encoding']
  if (stored === undefined) return /^214\b/.test(reply.headers['warning'] ?? '')
  return encodingOf(stored) !== encodingOf(reply.headers['content-encoding'])
}

function encodingOf(header: string | undefined): string {
  const encoding = (header ?? '').trim().toLowerCase()
  return encoding === 'identity' ? '' : encoding
}

/** The range that a reply holds; null for the whole object; a text for a reply that does not answer what was asked. */
function checkedRange(reply: DataReply, asked: ReadOptions['range']): Range | string {
  // some servers ignore Range: the caller sees that by `range: null`
  if (reply.status !== 206) return reply.status === 200 ? null : `status ${reply.status} for a read`
  const raw = reply.headers['content-range']
  const range = parseContentRange(raw)
  if (asked === undefined) return 'a partial reply (206) to a read of the whole object'
  if (range === null) return `a partial reply with Content-Range ${JSON.stringify(raw ?? null)}`
  const end = range.sizeBytes === null ? asked.endInclusive : Math.min(asked.endInclusive ?? Number.POSITIVE_INFINITY, range.sizeBytes - 1)
  if (range.start !== asked.start || (end !== undefined && range.endInclusive !== end)) {
    return `asked for bytes ${asked.start}-${asked.endInclusive ?? ''}, Content-Range is ${JSON.stringify(raw)}`
  }
  const length = contentLength(reply.headers)
  if (length !== null && length !== range.endInclusive - range.start + 1) return `Content-Range ${JSON.stringify(raw)} with Content-Length ${length}`
  return { start: range.start, endInclusive: range.endInclusive }
}

/** The body, its bytes counted against what was declared. */
async function* countedBody(call: CallContext, reply: DataReply, body: AsyncIterable<Uint8Array>, bodyBytes: number | null): AsyncGenerator<Uint8Array> {
  let seen = 0
  try {
    for await (const chunk of body) {
      seen += chunk.byteLength
      if (bodyBytes !== null && seen > bodyBytes) throw new TransportFailure('connection', `more than the declared ${bodyBytes} bytes arrived`, reply.attempts)
      yield chunk
    }
    if (bodyBytes !== null && seen < bodyBytes) throw new TransportFailure('connection', `${seen} of ${bodyBytes} bytes arrived`, reply.attempts)
  } catch (error) {
    throw error instanceof TransportFailure ? transportError(call, error) : error
  } finally {
    reply.discard()
  }
}

/** As `countedBody`, into the caller's memory, where the transport can. */
function memoryReaders(call: CallContext, reply: DataReply, bodyBytes: number | null): Pick<ObjectRead, 'readInto' | 'bodyIn'> {
  const { readInto, bodyIn } = reply
  return {
    ...(readInto === undefined ? {} : { readInto: (target, onFilled) => countedInto(call, reply, readInto(target, onFilled), bodyBytes) }),
    ...(bodyIn === undefined ? {} : { bodyIn: (take) => countedBody(call, reply, bodyIn(take), bodyBytes) }),
  }
}

async function countedInto(call: CallContext, reply: DataReply, reading: Promise<number>, bodyBytes: number | null): Promise<number> {
  try {
    const seen = await reading
    if (bodyBytes !== null && seen !== bodyBytes) throw new TransportFailure('connection', `${seen} of ${bodyBytes} bytes arrived`, reply.attempts)
    return seen
  } catch (error) {
    throw error instanceof TransportFailure ? transportError(call, error) : error
  } finally {
    reply.discard()
  }
}
