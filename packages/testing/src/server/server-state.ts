import { BucketState } from './bucket-state.ts'
import { type ByteString, toText } from './byte-string.ts'
import type { CachedObject } from './front-cache.ts'
import type { GeneratedBody } from './generated-body.ts'
import type { StoredObject } from './object-state.ts'
import type { Personality } from './personality.ts'
import { S3Error } from './s3-error.ts'
import type { Credentials } from './signature.ts'

/** Everything that one server knows. */
export interface ServerState {
  readonly personality: Personality
  readonly region: string
  /** Those that may sign; sessions add theirs. */
  readonly credentials: Credentials[]
  readonly buckets: Map<string, BucketState>
  readonly discardBodies: boolean
  readonly owner: string
  /** Bodies that are made when they are read; a discarded upload that equals one of them can be read again. */
  readonly generatedBodies: GeneratedBody[]
  /** What a cache in front of the store holds, by bucket and key. */
  readonly cache: Map<string, CachedObject>
}

/** The bucket of that name. @throws `NoSuchBucket` */
export function bucketOf(state: ServerState, name: string): BucketState {
  const bucket = state.buckets.get(name)
  if (bucket === undefined) throw new S3Error(404, 'NoSuchBucket', undefined, { BucketName: name })
  return bucket
}

/** Makes a bucket, without asking whether the name is free. */
export function addBucket(state: ServerState, name: string): BucketState {
  const bucket = new BucketState(name, Date.now())
  if (state.personality.features.defaultRetention !== null) {
    bucket.objectLock = true
    bucket.versioning = 'Enabled'
  }
  state.buckets.set(name, bucket)
  return bucket
}

/** The version that a read asks for. @throws `NoSuchKey`, `NoSuchVersion`, `MethodNotAllowed` for a delete marker by its id */
export function objectOf(state: ServerState, bucket: BucketState, key: ByteString, versionId: string | undefined): StoredObject {
  const { personality } = state
  if (versionId !== undefined && versionId !== '') {
    const version = bucket.versionsOf(key).find((one) => one.versionId === versionId)
    if (version === undefined) throw new S3Error(404, personality.reads.missingVersion, undefined, { Key: toText(key), VersionId: versionId })
    if (version.isDeleteMarker) throw new S3Error(405, 'MethodNotAllowed', undefined, { Key: toText(key) }, { 'x-amz-delete-marker': 'true' })
    return version
  }
  const newest = bucket.newest(key)
  if (newest === undefined) throw new S3Error(404, 'NoSuchKey', undefined, { Key: toText(key) })
  if (newest.isDeleteMarker) {
    const shown = personality.reads.deleteMarkerHeader
    throw new S3Error(404, 'NoSuchKey', undefined, { Key: toText(key) }, shown ? { 'x-amz-delete-marker': 'true', 'x-amz-version-id': newest.versionId } : {})
  }
  return newest
}
