import { commitObject } from '../commit-object.ts'
import { etagHeader, singleETag } from '../etag-text.ts'
import type { Exchange, Reply } from '../exchange.ts'
import { checkKey } from '../key-rules.ts'
import { encryptionHeaders, readDescription, readLock, readObjectAcl, readTagHeader } from '../object-description.ts'
import { LazyETag, type StoredObject } from '../object-state.ts'
import { receiveBody, refuse } from '../request-body.ts'
import { S3Error } from '../s3-error.ts'
import { headerOf } from '../s3-request.ts'
import { bucketOf } from '../server-state.ts'
import { vendorChecksums } from '../vendor-checksums.ts'

/** PutObject. */
export async function putObject(exchange: Exchange): Promise<Reply> {
  const { state, request } = exchange
  const { personality } = state
  const bucket = bucketOf(state, request.bucket)
  checkKey(state, bucket, request.key)
  const headers = request.incoming.headers
  const hasCondition = headerOf(request, 'if-match') !== undefined || headerOf(request, 'if-none-match') !== undefined
  if (hasCondition && typeof personality.conditionalWrites.put === 'object') refuse(personality.conditionalWrites.put)
  const description = readDescription(headers, personality)
  const tags = readTagHeader(headers, personality)
  const lock = readLock(headers, personality)
  requireDigestForLock(exchange)
  const received = await receiveBody(exchange, {
    compute: personality.checksums.byDefault === null ? [] : [personality.checksums.byDefault],
    discard: state.discardBodies,
    maxBytes: personality.limits.maxPutBytes,
    isUpload: true,
  })
  const { byDefault } = personality.checksums
  // what the server adds by itself gives way to what the client chose
  if (byDefault !== null && received.checksums.size > 1 && headerOf(request, `x-amz-checksum-${byDefault}`) === undefined) received.checksums.delete(byDefault)
  const object: StoredObject = {
    key: request.key,
    versionId: 'null',
    isDeleteMarker: false,
    body: received.body,
    lastModifiedMs: Date.now(),
    etag: new LazyETag(singleETag(received.md5, description, personality)),
    description,
    parts: null,
    checksums: received.checksums,
    checksumType: 'FULL_OBJECT',
    tags,
    acl: readObjectAcl(headers, personality),
    ...lock,
  }
  const etag = await object.etag.get()
  await commitObject(exchange, bucket, object, 'put')
  const reply: Record<string, string> = {
    ...etagHeader(personality, etag),
    ...encryptionHeaders(description.encryption),
    ...(await vendorChecksums(personality, object)),
  }
  for (const [algorithm, value] of received.checksums) reply[`x-amz-checksum-${algorithm}`] = value
  if (received.checksums.size > 0) reply['x-amz-checksum-type'] = 'FULL_OBJECT'
  if (bucket.versioning !== 'Off') reply['x-amz-version-id'] = object.versionId
  return { status: 200, headers: reply }
}

// AWS: an upload that is locked has to say what its bytes are
function requireDigestForLock({ state, request }: Exchange): void {
  if (state.personality.features.defaultRetention === null || headerOf(request, 'content-md5') !== undefined) return
  const names = Object.keys(request.incoming.headers)
  if (names.some((name) => name.startsWith('x-amz-checksum-') || name === 'x-amz-trailer')) return
  throw new S3Error(400, 'InvalidRequest', 'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters')
}
