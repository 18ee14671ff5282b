import { scanBucket } from '../bucket-scan.ts'
import type { ByteString } from '../byte-string.ts'
import { etagText } from '../etag-text.ts'
import { type Exchange, type Reply, xmlReply } from '../exchange.ts'
import type { StoredObject } from '../object-state.ts'
import { S3Error } from '../s3-error.ts'
import { bucketOf } from '../server-state.ts'
import { document, element, keyText, type Xml } from '../xml-writer.ts'
import { countOf, ownerXml, timeText } from './listing-parameters.ts'

/** ListObjects (version 1) and ListObjectsV2. */
export async function listObjects(exchange: Exchange): Promise<Reply> {
  const { state, request } = exchange
  const { query } = request
  const { personality } = state
  const bucket = bucketOf(state, request.bucket)
  const isV2 = query.get('list-type') === '2'
  const prefix = query.get('prefix') ?? ''
  if (personality.listing.slashedPrefixes && prefix !== '' && !prefix.endsWith('/')) {
    throw new S3Error(400, 'InvalidArgument', 'The prefix must end with the delimiter', { ArgumentName: 'prefix' })
  }
  const delimiter = query.get('delimiter') ?? ''
  const token = query.get('continuation-token')
  const marker = isV2 ? (token === undefined ? (query.get('start-after') ?? '') : readToken(token)) : (query.get('marker') ?? '')
  const asked = countOf(query, 'max-keys', 1000, 2 ** 31 - 1)
  const maxKeys = Math.min(asked, 1000)
  const isEncoded = query.get('encoding-type') === 'url'
  const withOwner = isV2 ? query.get('fetch-owner') === 'true' : state.personality.listing.ownerInV1
  const rows: Xml[] = []
  const prefixes: Xml[] = []
  let last: ByteString = ''
  let isTruncated = false
  for (const { key, isPrefix } of scanBucket(bucket, { prefix, delimiter, after: marker }, (one) => bucket.current(one) !== undefined)) {
    if (rows.length + prefixes.length >= maxKeys) {
      isTruncated = maxKeys > 0
      break
    }
    last = key
    if (isPrefix) prefixes.push(element('CommonPrefixes', element('Prefix', keyText(key, isEncoded))))
    else {
      const object = bucket.current(key)
      if (object !== undefined) rows.push(await contentsXml(exchange, object, isEncoded, withOwner))
    }
  }
  const hasNextMarker = isTruncated && !isV2 && delimiter !== ''
  return xmlReply(
    document('ListBucketResult', [
      element('Name', bucket.name),
      element('Prefix', keyText(prefix, isEncoded)),
      isV2
        ? [
            token === undefined ? null : element('ContinuationToken', token),
            query.has('start-after') ? element('StartAfter', keyText(query.get('start-after') ?? '', isEncoded)) : null,
            element('KeyCount', rows.length + prefixes.length),
            isTruncated ? element('NextContinuationToken', writeToken(last)) : null,
          ]
        : [element('Marker', keyText(marker, isEncoded)), hasNextMarker ? element('NextMarker', keyText(last, isEncoded)) : null],
      delimiter === '' ? null : element('Delimiter', keyText(delimiter, isEncoded)),
      element('MaxKeys', state.personality.limits.maxKeysReported === 'capped' ? maxKeys : asked),
      isEncoded ? element('EncodingType', 'url') : null,
      element('IsTruncated', isTruncated),
      personality.listing.order === 'reversed' ? rows.reverse() : rows,
      prefixes,
    ]),
  )
}

async function contentsXml({ state }: Exchange, object: StoredObject, isEncoded: boolean, withOwner: boolean): Promise<Xml> {
  const algorithms = [...object.checksums.keys()]
  return element(
    'Contents',
    element('Key', keyText(object.key, isEncoded)),
    element('LastModified', timeText(state.personality, object.lastModifiedMs)),
    state.personality.etag.ofObjects === 'absent' ? null : element('ETag', etagText(state.personality, await (object.listedETag ?? object.etag).get())),
    algorithms.map((algorithm) => element('ChecksumAlgorithm', algorithm.toUpperCase())),
    algorithms.length > 0 ? element('ChecksumType', object.checksumType) : null,
    element('Size', object.body.sizeBytes),
    element('StorageClass', object.description.storageClass),
    withOwner ? element('Owner', ownerXml(state)) : null,
  )
}

function writeToken(key: ByteString): string {
  return Buffer.from(key, 'latin1').toString('base64')
}

function readToken(token: string): ByteString {
  const key = Buffer.from(token, 'base64')
  if (token === '' || key.toString('base64') !== token) throw new S3Error(400, 'InvalidArgument', 'The continuation token provided is incorrect')
  return key.toString('latin1')
}
