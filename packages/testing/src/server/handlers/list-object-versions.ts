import { scanBucket } from '../bucket-scan.ts'
import type { BucketState } from '../bucket-state.ts'
import type { ByteString } from '../byte-string.ts'
import { etagText } from '../etag-text.ts'
import { type Exchange, type Reply, xmlReply } from '../exchange.ts'
import type { StoredObject } from '../object-state.ts'
import { bucketOf } from '../server-state.ts'
import { document, element, keyText, type Xml } from '../xml-writer.ts'
import { countOf, ownerXml, timeText } from './listing-parameters.ts'

/** ListObjectVersions: keys in byte order, the versions of each from the newest. */
export async function listObjectVersions(exchange: Exchange): Promise<Reply> {
  const { state, request } = exchange
  const { query } = request
  const { versionsLostAtPageEdge } = state.personality.listing
  const bucket = bucketOf(state, request.bucket)
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  const keyMarker = query.get('key-marker') ?? ''
  const versionMarker = query.get('version-id-marker') ?? ''
  const maxKeys = countOf(query, 'max-keys', 1000, 1000)
  const isEncoded = query.get('encoding-type') === 'url'
  const rows: Xml[] = []
  const prefixes: Xml[] = []
  let last: { readonly key: ByteString; readonly versionId: string } | null = null
  let isTruncated = false
  const scan = scanBucket(bucket, { prefix, delimiter, after: keyMarker, includeAfter: versionMarker !== '' }, (key) => bucket.versionsOf(key).length > 0)
  walk: for (const { key, isPrefix } of scan) {
    if (isPrefix) {
      if (rows.length + prefixes.length >= maxKeys) {
        isTruncated = true
        break
      }
      prefixes.push(element('CommonPrefixes', element('Prefix', keyText(key, isEncoded))))
      last = { key, versionId: '' }
      continue
    }
    for (const version of versionsAfter(bucket, key, keyMarker, versionMarker)) {
      if (rows.length + prefixes.length >= maxKeys) {
        isTruncated = true
        break walk
      }
      rows.push(await versionXml(exchange, bucket, version, isEncoded))
      last = { key, versionId: version.versionId }
    }
  }
  return xmlReply(
    document('ListVersionsResult', [
      element('Name', bucket.name),
      element('Prefix', keyText(prefix, isEncoded)),
      element('KeyMarker', keyText(keyMarker, isEncoded)),
      element('VersionIdMarker', versionMarker),
      isTruncated && last !== null
        ? [element('NextKeyMarker', keyText(last.key, isEncoded)), element('NextVersionIdMarker', versionsLostAtPageEdge ? 'null' : last.versionId)]
        : null,
      delimiter === '' ? null : element('Delimiter', keyText(delimiter, isEncoded)),
      element('MaxKeys', maxKeys),
      isEncoded ? element('EncodingType', 'url') : null,
      element('IsTruncated', isTruncated),
      rows,
      prefixes,
    ]),
  )
}

function versionsAfter(bucket: BucketState, key: ByteString, keyMarker: ByteString, versionMarker: string): readonly StoredObject[] {
  const versions = bucket.versionsOf(key)
  if (key !== keyMarker || versionMarker === '') return versions
  const at = versions.findIndex((version) => version.versionId === versionMarker)
  return at < 0 ? [] : versions.slice(at + 1)
}

async function versionXml({ state }: Exchange, bucket: BucketState, version: StoredObject, isEncoded: boolean): Promise<Xml> {
  const common = [
    element('Key', keyText(version.key, isEncoded)),
    element('VersionId', version.versionId),
    element('IsLatest', bucket.newest(version.key)?.versionId === version.versionId),
    element('LastModified', timeText(state.personality, version.lastModifiedMs)),
  ]
  if (version.isDeleteMarker) return element('DeleteMarker', common, element('Owner', ownerXml(state)))
  return element(
    'Version',
    common,
    state.personality.etag.ofObjects === 'absent' ? null : element('ETag', etagText(state.personality, await version.etag.get())),
    element('Size', version.body.sizeBytes),
    element('StorageClass', version.description.storageClass),
    element('Owner', ownerXml(state)),
  )
}
