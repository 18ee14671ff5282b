import { commitObject } from '../commit-object.ts'
import { etagText, singleETag } from '../etag-text.ts'
import { type Exchange, type Reply, xmlReply } from '../exchange.ts'
import { checkKey } from '../key-rules.ts'
import { encryptionHeaders, readDescription, readLock, readObjectAcl, readTagHeader } from '../object-description.ts'
import { LazyETag, md5Of, type ObjectDescription, type StoredObject } from '../object-state.ts'
import { S3Error } from '../s3-error.ts'
import { headerOf } from '../s3-request.ts'
import { bucketOf } from '../server-state.ts'
import { document, element } from '../xml-writer.ts'
import { copySourceOf } from './copy-source.ts'
import { timeText } from './listing-parameters.ts'

/** CopyObject: the bytes are shared, not stored twice. */
export async function copyObject(exchange: Exchange): Promise<Reply> {
  const { state, request } = exchange
  const { personality } = state
  const bucket = bucketOf(state, request.bucket)
  checkKey(state, bucket, request.key)
  const headers = request.incoming.headers
  const source = await copySourceOf(exchange)
  const isReplaced = headerOf(request, 'x-amz-metadata-directive')?.toUpperCase() === 'REPLACE'
  const asked = readDescription(headers, personality)
  const isItself = source.bucket === bucket.name && source.key === request.key && source.versionId === undefined
  const changesStorage = asked.encryption.kind !== 'none' || headerOf(request, 'x-amz-storage-class') !== undefined
  if (isItself && !isReplaced && !changesStorage) {
    throw new S3Error(
      400,
      'InvalidRequest',
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    )
  }
  const { maxCopyBytes } = personality.limits
  if (maxCopyBytes !== null && source.object.body.sizeBytes > maxCopyBytes) {
    throw new S3Error(400, 'InvalidRequest', `The specified copy source is larger than the maximum allowable size for a copy source: ${maxCopyBytes}`)
  }
  const description = isReplaced ? asked : { ...source.object.description, storageClass: asked.storageClass, encryption: asked.encryption }
  const replacesTags = headerOf(request, 'x-amz-tagging-directive')?.toUpperCase() === 'REPLACE'
  const object: StoredObject = {
    ...source.object,
    key: request.key,
    lastModifiedMs: Date.now(),
    ...copiedETags(exchange, source.object, description),
    description,
    parts: null,
    // a composite belongs to the parts, which the copy does not have
    checksums: source.object.checksumType === 'COMPOSITE' ? new Map() : new Map(source.object.checksums),
    checksumType: 'FULL_OBJECT',
    tags: replacesTags ? readTagHeader(headers, personality) : source.object.tags,
    acl: readObjectAcl(headers, personality),
    ...readLock(headers, personality),
  }
  const etag = await object.etag.get()
  await commitObject(exchange, bucket, object, 'put')
  const reply: Record<string, string> = encryptionHeaders(description.encryption)
  if (bucket.versioning !== 'Off') reply['x-amz-version-id'] = object.versionId
  return xmlReply(
    document('CopyObjectResult', [
      element('LastModified', timeText(personality, object.lastModifiedMs)),
      element('ETag', personality.etag.copyReply === 'unquoted' ? etag : etagText(personality, etag)),
    ]),
    reply,
  )
}

function copiedETags({ state }: Exchange, source: StoredObject, description: ObjectDescription): Pick<StoredObject, 'etag' | 'listedETag'> {
  const { personality } = state
  if (source.parts !== null && personality.etag.copyOfMultipart === 'kept') {
    if (!personality.listing.copiesListedWithMd5) return { etag: source.etag }
    return { etag: source.etag, listedETag: new LazyETag(async () => (await md5Of(source.body)).toString('hex')) }
  }
  const isMd5 =
    personality.etag.single === 'md5' &&
    source.parts === null &&
    source.description.encryption.kind === description.encryption.kind &&
    description.encryption.kind === 'none'
  if (isMd5) return { etag: source.etag }
  const compute = async (): Promise<string> => singleETag((await md5Of(source.body)).toString('hex'), description, personality)
  return { etag: new LazyETag(compute) }
}
