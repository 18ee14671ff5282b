import type { ObjectRef } from '../ports/object-store.ts'
import type { ProviderProfile } from '../ports/provider-profile.ts'
import type { LocationHeaders } from './location-headers.ts'
import type { S3Caller } from './s3-call.ts'
import type { CallContext } from './s3-errors.ts'

/** What the groups of operations share. */
export interface StoreParts {
  readonly sdk: typeof import('@aws-sdk/client-s3')
  readonly caller: S3Caller
  readonly side: 'source' | 'destination'
  readonly profile: ProviderProfile
  readonly location: LocationHeaders
}

export function callOf(parts: StoreParts, operation: string, ref: ObjectRef, more: Partial<CallContext> = {}): CallContext {
  return { side: parts.side, operation, bucket: ref.bucket, key: ref.key, ...more }
}

export function versionQuery(ref: ObjectRef): Readonly<Record<string, string>> {
  return ref.versionId === undefined ? {} : { versionId: ref.versionId }
}
