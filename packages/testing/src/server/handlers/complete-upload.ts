import { combineCrc } from '@sealift/core'
import type { BucketState } from '../bucket-state.ts'
import { toText } from '../byte-string.ts'
import { CHECKSUM_ELEMENTS, openChecksum } from '../checksum.ts'
import { commitObject } from '../commit-object.ts'
import { bareETag, etagText, multipartETag, multipartETagOfParts } from '../etag-text.ts'
import { type Exchange, type Reply, xmlReply } from '../exchange.ts'
import { encryptionHeaders } from '../object-description.ts'
import { LazyETag, md5Of, type StoredObject, withoutBytes } from '../object-state.ts'
import { receiveDocument } from '../request-body.ts'
import { childrenOf, parseRequestXml, textOf, type XmlNode } from '../request-xml.ts'
import { S3Error } from '../s3-error.ts'
import { headerOf } from '../s3-request.ts'
import { bucketOf } from '../server-state.ts'
import { JoinedBody } from '../stored-body.ts'
import type { UploadedPart, UploadState } from '../upload-state.ts'
import { vendorChecksums } from '../vendor-checksums.ts'
import { document, element } from '../xml-writer.ts'
import { noSuchUpload } from './multipart.ts'

/** CompleteMultipartUpload. */
export async function completeMultipartUpload(exchange: Exchange): Promise<Reply> {
  const { state, request } = exchange
  const { personality } = state
  const bucket = bucketOf(state, request.bucket)
  const root = parseRequestXml(await receiveDocument(exchange), 'CompleteMultipartUpload')
  const uploadId = request.query.get('uploadId') ?? ''
  const upload = bucket.uploads.get(uploadId)
  if (upload === undefined || upload.key !== request.key) return completeAgain(exchange, bucket, uploadId, childrenOf(root, 'Part'))
  const parts = listedParts(exchange, upload, childrenOf(root, 'Part'))
  checkSizes(exchange, parts)
  const { checksums, type } = await objectChecksums(exchange, upload, parts)
  const rightBody = new JoinedBody(parts.map((part) => part.rightBody ?? part.body))
  const object: StoredObject = {
    key: request.key,
    versionId: 'null',
    isDeleteMarker: false,
    body: new JoinedBody(parts.map((part) => part.body)),
    rightBody,
    lastModifiedMs: Date.now(),
    etag: new LazyETag(await multipartETag(parts, async () => (await md5Of(rightBody)).toString('hex'), personality)),
    description: upload.description,
    parts,
    checksums,
    checksumType: type,
    tags: upload.tags,
    acl: upload.acl,
    retention: upload.retention,
    legalHold: upload.legalHold,
  }
  const expectedSize = headerOf(request, 'x-amz-mp-object-size')
  if (expectedSize !== undefined && personality.checksums.algorithms.length > 0 && Number(expectedSize) !== object.body.sizeBytes) {
    throw new S3Error(400, 'InvalidRequest', 'The provided x-amz-mp-object-size header does not match what was computed.')
  }
  // taken away first, so that the same Complete sent twice at once makes one object, not two
  if (!bucket.uploads.delete(uploadId)) return completeAgain(exchange, bucket, uploadId, childrenOf(root, 'Part'))
  try {
    await commitObject(exchange, bucket, object, 'complete')
  } catch (error) {
    bucket.uploads.set(uploadId, upload)
    throw error
  }
  bucket.completed.set(uploadId, withoutBytes(object))
  const etag = await object.etag.get()
  return completeReply(exchange, bucket, object, personality.etag.completeReply === 'empty' ? '' : etagText(personality, etag))
}

async function completeAgain(exchange: Exchange, bucket: BucketState, uploadId: string, nodes: readonly XmlNode[]): Promise<Reply> {
  const { personality } = exchange.state
  const { completeAgain: rule } = personality.etag
  const object = rule === 'if-etag-fits' ? bucket.current(exchange.request.key) : bucket.completed.get(uploadId)
  if (object === undefined || object.key !== exchange.request.key || rule === 'NoSuchUpload') throw noSuchUpload(uploadId)
  const etag = await object.etag.get()
  if (rule === 'quoted') return completeReply(exchange, bucket, object, etagText(personality, etag))
  if (etag !== multipartETagOfParts(nodes.map((node) => unquoted(textOf(node, 'ETag'))))) throw noSuchUpload(uploadId)
  return completeReply(exchange, bucket, object, etag)
}

function unquoted(etag: string | undefined): string {
  return (etag ?? '').trim().replace(/^"(.*)"$/, '$1')
}

async function completeReply({ request, state }: Exchange, bucket: BucketState, object: StoredObject, etag: string): Promise<Reply> {
  const headers: Record<string, string> = {
    ...encryptionHeaders(object.description.encryption),
    // nothing says that Google's reply has its header here
    ...(await vendorChecksums(state.personality, object, 'x-goog-hash')),
  }
  if (bucket.versioning !== 'Off') headers['x-amz-version-id'] = object.versionId
  const checksums = [...object.checksums].map(([algorithm, value]) => element(CHECKSUM_ELEMENTS[algorithm] ?? 'Checksum', value))
  return xmlReply(
    document('CompleteMultipartUploadResult', [
      element('Location', `http://${headerOf(request, 'host') ?? state.region}${request.rawPath}`),
      element('Bucket', bucket.name),
      element('Key', toText(object.key)),
      state.personality.etag.ofObjects === 'absent' ? null : element('ETag', etag),
      checksums,
      checksums.length > 0 ? element('ChecksumType', object.checksumType) : null,
    ]),
    headers,
  )
}

function listedParts({ state }: Exchange, upload: UploadState, nodes: readonly XmlNode[]): UploadedPart[] {
  if (nodes.length === 0) throw new S3Error(400, 'MalformedXML')
  if (nodes.length > state.personality.limits.maxParts) throw new S3Error(400, 'MalformedXML')
  const { consecutiveParts } = state.personality.limits
  const { claims } = state.personality.checksums
  let previous = 0
  return nodes.map((node) => {
    const partNumber = Number(textOf(node, 'PartNumber'))
    if (partNumber <= previous || (consecutiveParts && partNumber !== previous + 1)) throw new S3Error(400, 'InvalidPartOrder')
    previous = partNumber
    const part = upload.parts.get(partNumber)
    const etag = unquoted(textOf(node, 'ETag'))
    if (part === undefined || bareETag(state.personality, part.etag) !== etag)
      throw new S3Error(400, 'InvalidPart', undefined, { UploadId: upload.uploadId, PartNumber: String(partNumber), ETag: etag })
    for (const [algorithm, name] of Object.entries(CHECKSUM_ELEMENTS)) {
      const claim = textOf(node, name)
      const stored = part.computed.get(algorithm)
      if (claims === 'verified' && claim !== undefined && stored !== undefined && claim.trim() !== stored) throw new S3Error(400, 'InvalidPart')
      if (claim === undefined && upload.checksum?.type === 'COMPOSITE' && upload.checksum.algorithm === algorithm) {
        throw new S3Error(
          400,
          'InvalidRequest',
          `The upload was created using a ${algorithm} checksum. The complete request must include the checksum for each part. It was missing for part ${partNumber} in the request.`,
        )
      }
    }
    return part
  })
}

function checkSizes({ state }: Exchange, parts: readonly UploadedPart[]): void {
  const { minPartBytes, equalParts } = state.personality.limits
  const first = parts[0]?.sizeBytes ?? 0
  parts.forEach((part, i) => {
    const isLast = i === parts.length - 1
    if (!isLast && part.sizeBytes < minPartBytes) {
      throw new S3Error(400, 'EntityTooSmall', undefined, {
        ProposedSize: String(part.sizeBytes),
        MinSizeAllowed: String(minPartBytes),
        PartNumber: String(part.partNumber),
      })
    }
    if (equalParts && (isLast ? part.sizeBytes > first : part.sizeBytes !== first)) {
      throw new S3Error(400, 'InvalidPart', 'All non-trailing parts must have the same length.')
    }
  })
}

async function objectChecksums(
  { request, state }: Exchange,
  upload: UploadState,
  parts: readonly UploadedPart[],
): Promise<{ checksums: Map<string, string>; type: 'FULL_OBJECT' | 'COMPOSITE' }> {
  const { byDefault } = state.personality.checksums
  const algorithm = upload.checksum?.algorithm ?? byDefault
  const type = upload.checksum?.type ?? 'FULL_OBJECT'
  if (algorithm === null || parts.some((part) => !part.computed.has(algorithm))) return { checksums: new Map(), type }
  const digests = parts.map((part) => Buffer.from(part.computed.get(algorithm) ?? '', 'base64'))
  const value = type === 'COMPOSITE' ? await composite(algorithm, digests) : combined(algorithm, parts, digests)
  const claim = headerOf(request, `x-amz-checksum-${algorithm}`)
  if (claim !== undefined && claim !== value) {
    throw new S3Error(400, 'BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`)
  }
  return { checksums: new Map([[algorithm, value]]), type }
}

async function composite(algorithm: string, digests: readonly Buffer[]): Promise<string> {
  const running = await openChecksum(algorithm)
  running.update(Buffer.concat(digests))
  return `${running.digest().toString('base64')}-${digests.length}`
}

function combined(algorithm: string, parts: readonly UploadedPart[], digests: readonly Buffer[]): string {
  const hex = combineCrc(
    algorithm as 'crc32',
    parts.map((part, i) => ({ crc: digests[i]?.toString('hex') ?? '', sizeBytes: part.sizeBytes })),
  )
  return Buffer.from(hex, 'hex').toString('base64')
}
