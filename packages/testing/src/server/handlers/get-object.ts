import { type ByteRange, readRange } from '../byte-range.ts'
import { damagedAtRest } from '../commit-object.ts'
import { checkReadConditions } from '../conditions.ts'
import type { Exchange, Reply } from '../exchange.ts'
import { cachedObject, cacheHeaders } from '../front-cache.ts'
import { checkCustomerKey } from '../object-description.ts'
import { checksumHeaders, objectHeaders, overriddenHeaders } from '../object-headers.ts'
import type { StoredObject } from '../object-state.ts'
import { refuse } from '../request-body.ts'
import { restoreDiscarded } from '../restore-discarded.ts'
import { S3Error } from '../s3-error.ts'
import { headerOf } from '../s3-request.ts'
import { bucketOf, objectOf } from '../server-state.ts'
import { staleHead } from '../stale-head.ts'
import type { StoredBody } from '../stored-body.ts'
import { unpackedBody } from '../unpacked-body.ts'

const ARCHIVED = new Set(['GLACIER', 'DEEP_ARCHIVE'])

/** GetObject and HeadObject; the reply's body is left out of a HEAD's answer when it is sent. */
export async function getObject(exchange: Exchange): Promise<Reply> {
  const { state, request, faults } = exchange
  const bucket = bucketOf(state, request.bucket)
  const stale = request.method === 'HEAD' ? faults.take('stale-head') : null
  const head = stale?.head
  if (typeof head === 'object') return { status: 200, headers: head }
  const cached = cachedObject(exchange)
  const asStored = (): StoredObject => cached?.object ?? objectOf(state, bucket, request.key, request.query.get('versionId'))
  const object = head === undefined ? asStored() : staleHead(bucket, request.key, head)
  if (request.method === 'GET' && ARCHIVED.has(object.description.storageClass)) {
    throw new S3Error(403, 'InvalidObjectState', undefined, { StorageClass: object.description.storageClass })
  }
  checkCustomerKey(object, request.incoming.headers)
  if (request.method === 'GET') {
    await restoreDiscarded(state, object)
    if (faults.peek('flip', 'rest') !== null) {
      bucket.hold(object)
      object.rightBody ??= object.body
      object.body = damagedAtRest(exchange, object.body)
    }
  }
  const etag = await object.etag.get()
  const headers = { ...(await objectHeaders(exchange, bucket, object)), ...cacheHeaders(exchange, object, cached) }
  if (checkReadConditions(exchange, object, etag) === 'not-modified') return { status: 304, headers: notModifiedHeaders(headers) }
  const unpacked = unpackedBody(exchange, object)
  if (unpacked !== null) return unpackedReply(headers, unpacked)
  const part = partRange(exchange, object)
  const asked = state.personality.reads.range === 'ignored' ? undefined : headerOf(request, 'range')
  const range = part?.range ?? readRange(asked, object.body.sizeBytes)
  const { start, end } = range ?? { start: 0, end: object.body.sizeBytes }
  if (range !== null) headers['content-range'] = object.body.sizeBytes === 0 ? 'bytes */0' : `bytes ${start}-${end - 1}/${object.body.sizeBytes}`
  if (part !== null && object.parts !== null && state.personality.reads.partsCountHeader) headers['x-amz-mp-parts-count'] = String(object.parts.length)
  // a part's own checksum takes the place of the object's
  const isWhole = start === 0 && end === object.body.sizeBytes
  const partChecksums = part?.part?.checksums
  if (partChecksums !== undefined && object.checksums.size > 0) {
    if (headerOf(request, 'x-amz-checksum-mode') !== undefined) for (const [name, value] of partChecksums) headers[`x-amz-checksum-${name}`] = value
  } else if (isWhole) Object.assign(headers, checksumHeaders(exchange, object))
  return {
    status: range === null ? 200 : 206,
    headers: { ...headers, ...overriddenHeaders(exchange), 'content-length': String(end - start) },
    body: { body: object.body, start, end },
  }
}

/** No length and no ranges: the store learns how long it is by unpacking it. */
function unpackedReply(headers: Readonly<Record<string, string>>, body: StoredBody): Reply {
  const kept: Record<string, string> = { ...headers, warning: '214 sealift-s3 gunzipped', vary: 'Accept-Encoding' }
  delete kept['content-encoding']
  delete kept['accept-ranges']
  return { status: 200, headers: kept, body: { body, start: 0, end: body.sizeBytes }, isOfUnknownLength: true }
}

interface PartRange {
  readonly range: ByteRange
  readonly part: NonNullable<StoredObject['parts']>[number] | null
}

function partRange({ state, request }: Exchange, object: StoredObject): PartRange | null {
  const asked = request.query.get('partNumber')
  if (asked === undefined) return null
  const { partNumber: support } = state.personality.reads
  if (typeof support === 'object') refuse(support)
  if (support === 'ignored') return null
  const number = Number(asked)
  if (!Number.isInteger(number) || number < 1 || number > state.personality.limits.maxParts) {
    throw new S3Error(400, 'InvalidArgument', `Part number must be an integer between 1 and ${state.personality.limits.maxParts}, inclusive`)
  }
  const parts = object.parts ?? [{ partNumber: 1, sizeBytes: object.body.sizeBytes, etag: '', checksums: new Map<string, string>() }]
  let start = 0
  for (const part of parts.slice(0, number - 1)) start += part.sizeBytes
  const part = parts[number - 1]
  if (part === undefined) throw new S3Error(416, 'InvalidPartNumber', 'The requested partnumber is not satisfiable')
  return { range: { start, end: start + part.sizeBytes }, part: object.parts === null ? null : part }
}

function notModifiedHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept = { ...headers }
  delete kept['content-type']
  return kept
}
