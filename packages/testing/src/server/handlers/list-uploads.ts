import { afterPrefix, type ByteString, toText } from '../byte-string.ts'
import { CHECKSUM_ELEMENTS } from '../checksum.ts'
import { etagText } from '../etag-text.ts'
import { type Exchange, type Reply, xmlReply } from '../exchange.ts'
import { S3Error } from '../s3-error.ts'
import { bucketOf } from '../server-state.ts'
import type { UploadState } from '../upload-state.ts'
import { document, element, keyText, optional, type Xml } from '../xml-writer.ts'
import { countOf, ownerXml, timeText } from './listing-parameters.ts'

/** ListParts. */
export function listParts({ state, request }: Exchange): Reply {
  const bucket = bucketOf(state, request.bucket)
  const uploadId = request.query.get('uploadId') ?? ''
  const upload = bucket.uploads.get(uploadId)
  if (upload === undefined || upload.key !== request.key) {
    throw new S3Error(404, state.personality.uploads.missing.listParts, undefined, { UploadId: uploadId })
  }
  const marker = countOf(request.query, 'part-number-marker', 0, 10_000)
  const maxParts = countOf(request.query, 'max-parts', 1000, 1000)
  const after = [...upload.parts.values()].filter((part) => part.partNumber > marker).sort((a, b) => a.partNumber - b.partNumber)
  const page = after.slice(0, maxParts)
  return xmlReply(
    document('ListPartsResult', [
      element('Bucket', bucket.name),
      element('Key', toText(upload.key)),
      element('UploadId', uploadId),
      element('Initiator', ownerXml(state)),
      element('Owner', ownerXml(state)),
      element('StorageClass', upload.description.storageClass),
      element('PartNumberMarker', marker),
      element('NextPartNumberMarker', page.at(-1)?.partNumber ?? 0),
      element('MaxParts', maxParts),
      element('IsTruncated', after.length > page.length),
      upload.checksum === null ? null : [element('ChecksumAlgorithm', upload.checksum.algorithm.toUpperCase()), element('ChecksumType', upload.checksum.type)],
      page.map((part) =>
        element(
          'Part',
          element('PartNumber', part.partNumber),
          element('LastModified', timeText(state.personality, part.lastModifiedMs)),
          element('ETag', etagText(state.personality, part.etag)),
          element('Size', part.sizeBytes),
          [...part.checksums].map(([algorithm, value]) => element(CHECKSUM_ELEMENTS[algorithm] ?? 'Checksum', value)),
        ),
      ),
    ]),
  )
}

/** ListMultipartUploads: by key, then by start. */
export function listMultipartUploads({ state, request }: Exchange): Reply {
  const { query } = request
  const bucket = bucketOf(state, request.bucket)
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  const keyMarker = query.get('key-marker') ?? ''
  const uploadIdMarker = query.get('upload-id-marker') ?? ''
  const maxUploads = countOf(query, 'max-uploads', 1000, 1000)
  const isEncoded = query.get('encoding-type') === 'url'
  const uploads = [...bucket.uploads.values()].filter((upload) => upload.key.startsWith(prefix)).sort(byKeyThenStart)
  const rows: Xml[] = []
  const prefixes: Xml[] = []
  let lastPrefix: ByteString | null = null
  let last: UploadState | null = null
  let isTruncated = false
  for (const upload of uploads.slice(startOf(uploads, keyMarker, uploadIdMarker))) {
    const end = delimiter === '' ? -1 : upload.key.indexOf(delimiter, prefix.length)
    const common = end < 0 ? null : upload.key.slice(0, end + delimiter.length)
    if (common !== null && (common === lastPrefix || (keyMarker >= common && keyMarker < (afterPrefix(common) ?? '')))) continue
    if (rows.length + prefixes.length >= maxUploads) {
      isTruncated = true
      break
    }
    last = upload
    lastPrefix = common
    if (common === null) rows.push(uploadXml(state, upload, isEncoded))
    else prefixes.push(element('CommonPrefixes', element('Prefix', keyText(common, isEncoded))))
  }
  return xmlReply(
    document('ListMultipartUploadsResult', [
      element('Bucket', bucket.name),
      element('KeyMarker', keyText(keyMarker, isEncoded)),
      element('UploadIdMarker', uploadIdMarker),
      isTruncated && last !== null
        ? [element('NextKeyMarker', keyText(lastPrefix ?? last.key, isEncoded)), element('NextUploadIdMarker', lastPrefix === null ? last.uploadId : '')]
        : null,
      element('Prefix', keyText(prefix, isEncoded)),
      delimiter === '' ? null : element('Delimiter', keyText(delimiter, isEncoded)),
      isEncoded ? element('EncodingType', 'url') : null,
      element('MaxUploads', maxUploads),
      element('IsTruncated', isTruncated),
      rows,
      prefixes,
    ]),
  )
}

function uploadXml(state: Exchange['state'], upload: UploadState, isEncoded: boolean): Xml {
  return element(
    'Upload',
    element('Key', keyText(upload.key, isEncoded)),
    element('UploadId', upload.uploadId),
    element('Initiator', ownerXml(state)),
    element('Owner', ownerXml(state)),
    element('StorageClass', upload.description.storageClass),
    element('Initiated', timeText(state.personality, upload.initiatedMs)),
    optional('ChecksumAlgorithm', upload.checksum?.algorithm.toUpperCase()),
    optional('ChecksumType', upload.checksum?.type),
  )
}

function byKeyThenStart(a: UploadState, b: UploadState): number {
  if (a.key !== b.key) return a.key < b.key ? -1 : 1
  return a.initiatedMs - b.initiatedMs || (a.uploadId < b.uploadId ? -1 : 1)
}

function startOf(uploads: readonly UploadState[], keyMarker: ByteString, uploadIdMarker: string): number {
  if (keyMarker === '') return 0
  const marked = uploadIdMarker === '' ? -1 : uploads.findIndex((upload) => upload.key === keyMarker && upload.uploadId === uploadIdMarker)
  if (marked >= 0) return marked + 1
  const next = uploads.findIndex((upload) => upload.key > keyMarker)
  return next < 0 ? uploads.length : next
}
