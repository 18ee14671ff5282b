import type { BucketState } from './bucket-state.ts'
import { afterPrefix, type ByteString } from './byte-string.ts'
import { lowerBound } from './key-index.ts'
import { refuse } from './request-body.ts'
import { S3Error } from './s3-error.ts'
import type { ServerState } from './server-state.ts'

/** Refuses keys that the personality does not take. */
export function checkKey({ personality }: ServerState, bucket: BucketState, key: ByteString): void {
  const { limits, names } = personality
  if (key.length > limits.keyBytes) {
    throw new S3Error(400, limits.keyTooLong, undefined, { Size: String(key.length), MaxSizeAllowed: String(limits.keyBytes) })
  }
  if (typeof names.controlCharacters === 'object' && /[\0-\x08\x0b\x0c\x0e-\x1f]/.test(key)) refuse(names.controlCharacters)
  if (names.likeFiles) checkFileName(bucket, key)
}

function checkFileName(bucket: BucketState, key: ByteString): void {
  const segments = key.replace(/\/$/, '').split('/')
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..' || segment.length > 255)) {
    throw new S3Error(400, 'XMinioInvalidObjectName', 'Object name contains unsupported characters.')
  }
  for (let i = 1; i < segments.length; i++) {
    if (bucket.current(segments.slice(0, i).join('/')) !== undefined) {
      throw new S3Error(400, 'XMinioParentIsObject', 'Object-prefix is already an object, please choose a different object-prefix name.')
    }
  }
  if (key.endsWith('/')) return
  const below = `${key}/`
  const next = bucket.keys.keyAt(lowerBound(bucket.keys, below))
  if (next >= below && next < (afterPrefix(below) ?? '') && bucket.current(next) !== undefined) {
    throw new S3Error(409, 'XMinioObjectExistsAsDirectory', 'Object name already exists as a directory.')
  }
}
