import type { BucketState } from './bucket-state.ts'
import { type ByteString, toText } from './byte-string.ts'
import type { StoredObject } from './object-state.ts'
import { S3Error } from './s3-error.ts'

/** The object as it was before the last write to its key. @throws `NoSuchKey` when there was none */
export function staleHead(bucket: BucketState, key: ByteString, head: 404 | 'previous'): StoredObject {
  const previous = head === 404 ? undefined : bucket.previous(key)
  if (previous === undefined || previous === null) throw new S3Error(404, 'NoSuchKey', undefined, { Key: toText(key) })
  return previous
}
