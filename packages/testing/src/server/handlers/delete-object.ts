import type { BucketState } from '../bucket-state.ts'
import { type ByteString, toBytes, toText } from '../byte-string.ts'
import { matchesETag } from '../conditions.ts'
import { bareETag } from '../etag-text.ts'
import type { Exchange, Reply } from '../exchange.ts'
import { xmlReply } from '../exchange.ts'
import { foreignObject } from '../foreign-object.ts'
import type { StoredObject } from '../object-state.ts'
import { receiveDocument } from '../request-body.ts'
import { childrenOf, parseRequestXml, textOf } from '../request-xml.ts'
import { S3Error } from '../s3-error.ts'
import { headerOf } from '../s3-request.ts'
import { bucketOf } from '../server-state.ts'
import { document, element, optional, type Xml } from '../xml-writer.ts'

interface Deletion {
  readonly versionId: string | null
  readonly isDeleteMarker: boolean
}

/** DeleteObject. */
export async function deleteObject(exchange: Exchange): Promise<Reply> {
  const { state, request, faults } = exchange
  const bucket = bucketOf(state, request.bucket)
  const ifMatch = headerOf(request, 'if-match')
  if (ifMatch !== undefined && state.personality.conditionalWrites.delete === 'yes' && faults.take('ignore-conditions') === null) {
    const current = bucket.current(request.key)
    if (current === undefined) throw new S3Error(404, 'NoSuchKey', undefined, { Key: toText(request.key) })
    if (!matchesETag(ifMatch, bareETag(state.personality, await current.etag.get())))
      throw new S3Error(412, 'PreconditionFailed', undefined, { Condition: 'If-Match' })
  }
  const done = remove(exchange, bucket, request.key, request.query.get('versionId'))
  const headers: Record<string, string> = {}
  if (done.versionId !== null) headers['x-amz-version-id'] = done.versionId
  if (done.isDeleteMarker) headers['x-amz-delete-marker'] = 'true'
  return { status: 204, headers }
}

/** DeleteObjects: up to 1000 keys, each with its own outcome. */
export async function deleteObjects(exchange: Exchange): Promise<Reply> {
  const { state, request } = exchange
  const bucket = bucketOf(state, request.bucket)
  if (state.personality.checksums.deleteObjectsNeedsContentMd5 && headerOf(request, 'content-md5') === undefined) {
    throw new S3Error(400, 'InvalidRequest', 'Missing required header for this request: Content-MD5')
  }
  const root = parseRequestXml(await receiveDocument(exchange), 'Delete')
  const objects = childrenOf(root, 'Object')
  if (objects.length === 0 || objects.length > 1000) throw new S3Error(400, 'MalformedXML')
  const isQuiet = textOf(root, 'Quiet') === 'true'
  const outcomes: Xml[] = []
  for (const object of objects) {
    const key = textOf(object, 'Key') ?? ''
    const versionId = textOf(object, 'VersionId')
    try {
      const done = remove(exchange, bucket, toBytes(key), versionId)
      if (isQuiet) continue
      outcomes.push(
        element(
          'Deleted',
          element('Key', key),
          optional('VersionId', versionId),
          done.isDeleteMarker ? [element('DeleteMarker', true), optional('DeleteMarkerVersionId', done.versionId)] : null,
        ),
      )
    } catch (error) {
      if (!(error instanceof S3Error)) throw error
      outcomes.push(element('Error', element('Key', key), optional('VersionId', versionId), element('Code', error.code), element('Message', error.message)))
    }
  }
  return xmlReply(document('DeleteResult', outcomes))
}

function remove(exchange: Exchange, bucket: BucketState, key: ByteString, versionId: string | undefined): Deletion {
  if (versionId !== undefined && versionId !== '') {
    const version = bucket.versionsOf(key).find((one) => one.versionId === versionId)
    if (version !== undefined) checkLock(exchange, version)
    bucket.remove(key, versionId)
    return { versionId, isDeleteMarker: version?.isDeleteMarker ?? false }
  }
  if (bucket.versioning === 'Off') {
    bucket.remove(key, 'null')
    return { versionId: null, isDeleteMarker: false }
  }
  const marker: StoredObject = { ...foreignObject(key, ''), isDeleteMarker: true }
  bucket.add(marker)
  return { versionId: marker.versionId, isDeleteMarker: true }
}

function checkLock({ request }: Exchange, version: StoredObject): void {
  if (version.legalHold === true) throw new S3Error(403, 'AccessDenied', 'Access Denied because object protected by object lock.')
  if (version.retention === null || Date.parse(version.retention.until) <= Date.now()) return
  const mayBypass = version.retention.mode === 'GOVERNANCE' && headerOf(request, 'x-amz-bypass-governance-retention') === 'true'
  if (!mayBypass) throw new S3Error(403, 'AccessDenied', 'Access Denied because object protected by object lock.')
}
