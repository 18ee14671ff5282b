import { CHECKSUM_ELEMENTS } from '../checksum.ts'
import { bareETag } from '../etag-text.ts'
import { type Exchange, type Reply, xmlReply } from '../exchange.ts'
import type { StoredObject } from '../object-state.ts'
import { S3Error } from '../s3-error.ts'
import { headerOf } from '../s3-request.ts'
import { bucketOf, objectOf } from '../server-state.ts'
import { document, element, type Xml } from '../xml-writer.ts'

/** GetObjectAttributes, where the personality has it. Parts are listed only when they carry checksums that the client asked for, as on AWS. */
export async function getObjectAttributes(exchange: Exchange): Promise<Reply> {
  const { state, request } = exchange
  const { personality } = state
  const bucket = bucketOf(state, request.bucket)
  const object = objectOf(state, bucket, request.key, request.query.get('versionId'))
  const asked = new Set((headerOf(request, 'x-amz-object-attributes') ?? '').split(',').map((name) => name.trim()))
  if (!['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'].some((name) => asked.has(name))) {
    throw new S3Error(400, 'InvalidArgument', 'Invalid attribute name specified.', { ArgumentName: 'x-amz-object-attributes' })
  }
  const headers: Record<string, string> = { 'last-modified': new Date(object.lastModifiedMs).toUTCString() }
  if (bucket.versioning !== 'Off') headers['x-amz-version-id'] = object.versionId
  const checksums = [...object.checksums].map(([algorithm, value]) => element(CHECKSUM_ELEMENTS[algorithm] ?? 'Checksum', value.replace(/-\d+$/, '')))
  return xmlReply(
    document('GetObjectAttributesResponse', [
      asked.has('ETag') && personality.etag.ofObjects === 'sent' ? element('ETag', bareETag(personality, await object.etag.get())) : null,
      asked.has('Checksum') && checksums.length > 0 ? element('Checksum', checksums, element('ChecksumType', object.checksumType)) : null,
      asked.has('ObjectParts') && object.parts !== null ? partsXml(exchange, object) : null,
      asked.has('StorageClass') ? element('StorageClass', object.description.storageClass) : null,
      asked.has('ObjectSize') ? element('ObjectSize', object.body.sizeBytes) : null,
    ]),
    headers,
  )
}

function partsXml({ request, state }: Exchange, object: StoredObject): Xml {
  const parts = object.parts ?? []
  if (state.personality.reads.attributeParts === 'with-checksums' && parts.some((part) => part.checksums.size === 0))
    return element('ObjectParts', element('PartsCount', parts.length))
  const marker = Number(headerOf(request, 'x-amz-part-number-marker') ?? 0)
  const maxParts = Math.min(1000, Number(headerOf(request, 'x-amz-max-parts') ?? 1000))
  const after = parts.filter((part) => part.partNumber > marker)
  const page = after.slice(0, maxParts)
  return element(
    'ObjectParts',
    element('PartsCount', parts.length),
    element('PartNumberMarker', marker),
    element('NextPartNumberMarker', page.at(-1)?.partNumber ?? 0),
    element('MaxParts', maxParts),
    element('IsTruncated', after.length > page.length),
    page.map((part) =>
      element(
        'Part',
        element('PartNumber', part.partNumber),
        element('Size', part.sizeBytes),
        [...part.checksums].map(([algorithm, value]) => element(CHECKSUM_ELEMENTS[algorithm] ?? 'Checksum', value)),
      ),
    ),
  )
}
