import { randomBytes } from 'node:crypto'
import type { BucketState } from '../bucket-state.ts'
import { toText } from '../byte-string.ts'
import { CHECKSUM_ELEMENTS } from '../checksum.ts'
import { damagedAtRest } from '../commit-object.ts'
import { etagText, partETag } from '../etag-text.ts'
import { type Exchange, type Reply, xmlReply } from '../exchange.ts'
import { checkKey } from '../key-rules.ts'
import { encryptionHeaders, readDescription, readLock, readObjectAcl, readTagHeader } from '../object-description.ts'
import type { Personality } from '../personality.ts'
import { receiveBody, refuse } from '../request-body.ts'
import { S3Error } from '../s3-error.ts'
import { headerOf } from '../s3-request.ts'
import { bucketOf } from '../server-state.ts'
import type { UploadState } from '../upload-state.ts'
import { vendorChecksums } from '../vendor-checksums.ts'
import { document, element } from '../xml-writer.ts'

/** CreateMultipartUpload. */
export function createMultipartUpload({ state, request }: Exchange): Reply {
  const { personality } = state
  const bucket = bucketOf(state, request.bucket)
  checkKey(state, bucket, request.key)
  const headers = request.incoming.headers
  const description = readDescription(headers, personality)
  const tags = readTagHeader(headers, personality)
  const upload: UploadState = {
    uploadId: newUploadId(personality.requestId),
    key: request.key,
    initiatedMs: Date.now(),
    description,
    tags: personality.features.taggingOnCreateUpload === 'yes' ? tags : [],
    acl: readObjectAcl(headers, personality),
    ...readLock(personality.features.lockOnCreateUpload === 'yes' ? headers : {}, personality),
    checksum: declaredChecksum(headerOf(request, 'x-amz-checksum-algorithm'), headerOf(request, 'x-amz-checksum-type'), personality.checksums),
    parts: new Map(),
  }
  bucket.uploads.set(upload.uploadId, upload)
  const reply: Record<string, string> = encryptionHeaders(description.encryption)
  if (upload.checksum !== null) {
    reply['x-amz-checksum-algorithm'] = upload.checksum.algorithm.toUpperCase()
    reply['x-amz-checksum-type'] = upload.checksum.type
  }
  return xmlReply(
    document('InitiateMultipartUploadResult', [element('Bucket', bucket.name), element('Key', toText(request.key)), element('UploadId', upload.uploadId)]),
    reply,
  )
}

/** UploadPart. */
export async function uploadPart(exchange: Exchange): Promise<Reply> {
  const { state, request } = exchange
  const { personality } = state
  const bucket = bucketOf(state, request.bucket)
  const upload = uploadOf(bucket, exchange)
  const partNumber = partNumberOf(exchange)
  const declared = upload.checksum?.algorithm
  const received = await receiveBody(exchange, {
    compute: declared === undefined ? (personality.checksums.byDefault === null ? [] : [personality.checksums.byDefault]) : [declared],
    discard: state.discardBodies,
    maxBytes: personality.limits.maxPartBytes,
    isUpload: true,
  })
  const claimed = [...received.checksums.keys()].find((algorithm) => algorithm !== declared)
  const isAnnounced = declared !== undefined || headerOf(request, `x-amz-checksum-${claimed}`) === undefined
  if (!isAnnounced && personality.checksums.onPartUnannounced !== 'yes') refuse(personality.checksums.onPartUnannounced)
  if (declared !== undefined && claimed !== undefined) {
    throw new S3Error(400, 'InvalidRequest', `Checksum Type mismatch occurred, expected checksum Type: ${declared}, actual checksum Type: ${claimed}`)
  }
  if (!bucket.uploads.has(upload.uploadId)) throw noSuchUpload(upload.uploadId)
  const etag = partETag(received.md5, upload.description, personality)
  upload.parts.set(partNumber, {
    partNumber,
    sizeBytes: received.body.sizeBytes,
    etag,
    checksums: new Map(
      [...received.checksums].filter(([algorithm]) => algorithm === declared || headerOf(request, `x-amz-checksum-${algorithm}`) !== undefined),
    ),
    computed: received.checksums,
    body: damagedAtRest(exchange, received.body),
    rightBody: received.body,
    lastModifiedMs: Date.now(),
  })
  const reply: Record<string, string> = {
    etag: etagText(personality, etag),
    ...encryptionHeaders(upload.description.encryption),
    ...(await vendorChecksums(personality, { body: received.body, parts: null })),
  }
  for (const [algorithm, value] of received.checksums) reply[`x-amz-checksum-${algorithm}`] = value
  return { status: 200, headers: reply }
}

/** AbortMultipartUpload. */
export function abortMultipartUpload(exchange: Exchange): Reply {
  const bucket = bucketOf(exchange.state, exchange.request.bucket)
  const upload = uploadOf(bucket, exchange)
  bucket.uploads.delete(upload.uploadId)
  return { status: 204 }
}

/** The upload that a request names, for its own key. @throws `NoSuchUpload` */
export function uploadOf(bucket: BucketState, { request }: Exchange): UploadState {
  const uploadId = request.query.get('uploadId') ?? ''
  const upload = bucket.uploads.get(uploadId)
  if (upload === undefined || upload.key !== request.key) throw noSuchUpload(uploadId)
  return upload
}

export function noSuchUpload(uploadId: string): S3Error {
  return new S3Error(404, 'NoSuchUpload', undefined, { UploadId: uploadId })
}

/** `partNumber` of an upload. @throws `InvalidArgument` */
export function partNumberOf({ request, state }: Exchange): number {
  const text = request.query.get('partNumber') ?? ''
  const number = Number(text)
  const { maxParts } = state.personality.limits
  if (!/^\d+$/.test(text) || number < 1 || number > maxParts) {
    throw new S3Error(400, 'InvalidArgument', `Part number must be an integer between 1 and ${maxParts}, inclusive`, {
      ArgumentName: 'partNumber',
      ArgumentValue: text,
    })
  }
  return number
}

function declaredChecksum(algorithm: string | undefined, type: string | undefined, rules: Personality['checksums']): UploadState['checksum'] {
  const name = algorithm?.toLowerCase()
  if (name !== undefined && !rules.algorithms.includes(name)) refuse(rules.others)
  if (name === undefined || rules.algorithms.length === 0) return null
  if (!rules.algorithms.includes(name) || CHECKSUM_ELEMENTS[name] === undefined) {
    throw new S3Error(
      400,
      'InvalidRequest',
      `Checksum algorithm provided is unsupported. Please try again with any of the valid types: [${rules.algorithms.join(', ').toUpperCase()}]`,
    )
  }
  const canBeFull = name.startsWith('crc') && !rules.compositeOnly.includes(name)
  const canBeComposite = name !== 'crc64nvme'
  const wanted = type ?? (canBeComposite ? 'COMPOSITE' : 'FULL_OBJECT')
  if ((wanted === 'FULL_OBJECT' && !canBeFull) || (wanted === 'COMPOSITE' && !canBeComposite) || !['FULL_OBJECT', 'COMPOSITE'].includes(wanted)) {
    throw new S3Error(400, 'InvalidRequest', `The ${wanted} checksum type cannot be used with the ${name} checksum algorithm.`)
  }
  return { algorithm: name, type: wanted as 'FULL_OBJECT' | 'COMPOSITE' }
}

function newUploadId(shape: string): string {
  return shape === 'ceph' ? `2~${randomBytes(24).toString('base64url').slice(0, 31)}` : randomBytes(36).toString('base64url')
}
