import { DEFAULT_HASHES, HASH_ALGORITHMS, type HashAlgorithm, isHashAlgorithm } from '../checksum/algorithm.ts'
import { invalidOption } from '../errors.ts'
import { MAX_KEY_BYTES } from '../limits.ts'
import type { ProviderProfile } from '../ports/provider-profile.ts'
import { validateProfile } from '../profile-validation.ts'
import type { ServerSideEncryption } from '../s3/location-headers.ts'
import { isS3ClientLike, type S3ClientLike } from '../s3/s3-client-like.ts'
import { checkObject, oneOf, optionalText } from './option-checks.ts'

/** Where an object is read or written. Credentials, region, endpoint and addressing style are the client's own. */
export interface Location {
  readonly client: S3ClientLike
  readonly bucket: string
  /** what the endpoint's ETags mean and what it accepts; without it `detect` is asked, else the cautious `generic` profile holds */
  readonly profile?: ProviderProfile
  /** account id, sent as `x-amz-expected-bucket-owner` */
  readonly expectedBucketOwner?: string
  readonly requestPayer?: 'requester'
  readonly sse?: ServerSideEncryption
}

export interface SourceLocation extends Location {
  /** up to 1,024 bytes of UTF-8, taken as they are */
  readonly key: string
  readonly versionId?: string
}

export interface DestinationLocation extends Location {
  /** default: the source's key */
  readonly key?: string
}

const LOCATION_OPTIONS = ['client', 'bucket', 'key', 'profile', 'expectedBucketOwner', 'requestPayer', 'sse'] as const

/** @param side - names the option in errors */
export function checkLocation(side: 'source' | 'destination' | 'location', value: Location, optional: readonly string[]): void {
  checkObject(side, value, [...LOCATION_OPTIONS, ...optional])
  if (!isS3ClientLike(value.client)) throw invalidOption(`${side}.client`, value.client, 'an S3Client of @aws-sdk/client-s3')
  checkBucket(`${side}.bucket`, value.bucket)
  if (value.profile !== undefined) validateProfile(value.profile, `${side}.profile`)
  optionalText(`${side}.expectedBucketOwner`, value.expectedBucketOwner, 64)
  if (value.requestPayer !== undefined) oneOf(`${side}.requestPayer`, value.requestPayer, ['requester'], 'requester')
  if (value.sse !== undefined) checkEncryption(`${side}.sse`, value.sse)
}

/** Only what no store can mean is refused here; whether a name is well-formed for a store is the store's to say. */
function checkBucket(option: string, bucket: unknown): void {
  const expected = 'a bucket name of 1 to 255 characters without spaces and slashes, or an access point ARN'
  if (typeof bucket !== 'string' || bucket === '') throw invalidOption(option, bucket, expected)
  if (bucket.startsWith('arn:') ? bucket.length > 2048 || /\s/.test(bucket) : bucket.length > 255 || /[\s/?#\\]/.test(bucket))
    throw invalidOption(option, bucket, expected)
}

/** @throws `ERR_INVALID_OPTION` for an empty or over-long key, or one that is no valid Unicode (it has no UTF-8 form) */
export function checkKey(option: string, key: unknown): string {
  if (typeof key !== 'string' || key === '') throw invalidOption(option, key, `a key of 1 to ${MAX_KEY_BYTES} bytes of UTF-8`)
  if (!key.isWellFormed()) throw invalidOption(option, key, 'a key without lone surrogates, which have no UTF-8 form')
  const sizeBytes = Buffer.byteLength(key)
  if (sizeBytes > MAX_KEY_BYTES) throw invalidOption(option, `${sizeBytes} bytes`, `a key of at most ${MAX_KEY_BYTES} bytes of UTF-8`)
  return key
}

export function checkHashes(hashes: unknown): readonly HashAlgorithm[] {
  if (hashes === undefined) return DEFAULT_HASHES
  if (!Array.isArray(hashes) || hashes.length === 0) throw invalidOption('hashes', hashes, `an array of ${HASH_ALGORITHMS.join(', ')}`)
  for (const name of hashes) if (!isHashAlgorithm(name)) throw invalidOption('hashes', name, HASH_ALGORITHMS.join(', '))
  return [...new Set(hashes as HashAlgorithm[])]
}

const MAX_KMS_KEY_ID = 2048

function checkKeyIds(option: string, keyIds: unknown): void {
  const expected = "an object: the source's KMS key ids, and for each the destination's"
  if (option !== 'destination.sse') throw invalidOption(`${option}.keyIds`, 'a mapping', 'nothing: it belongs to the destination')
  if (typeof keyIds !== 'object' || keyIds === null || Array.isArray(keyIds)) throw invalidOption(`${option}.keyIds`, keyIds, expected)
  for (const [held, target] of Object.entries(keyIds)) {
    if (typeof target !== 'string') throw invalidOption(`${option}.keyIds.${held}`, target, `text of 1 to ${MAX_KMS_KEY_ID} characters`)
    optionalText(`${option}.keyIds.${held}`, target, MAX_KMS_KEY_ID)
  }
}

function checkEncryption(option: string, sse: ServerSideEncryption): void {
  if (typeof sse !== 'object' || sse === null) throw invalidOption(option, 'something else', "{ kind: 'sse-s3' | 'sse-kms' | 'sse-c', … }")
  const kind: unknown = sse.kind
  if (kind !== 'sse-s3' && kind !== 'sse-kms' && kind !== 'sse-c') {
    // shown only where it is no key in the wrong place
    const shown = typeof kind === 'string' && kind.length > 16 ? `a string of ${kind.length} characters` : kind
    throw invalidOption(`${option}.kind`, shown, "'sse-s3', 'sse-kms' or 'sse-c'")
  }
  if (sse.kind === 'sse-c' && !(sse.key instanceof Uint8Array && sse.key.byteLength === 32)) {
    // never shown: it is the key
    throw invalidOption(`${option}.key`, sse.key instanceof Uint8Array ? `${sse.key.byteLength} bytes` : typeof sse.key, 'a Uint8Array of 32 bytes')
  }
  if (sse.kind === 'sse-kms') {
    optionalText(`${option}.keyId`, sse.keyId, MAX_KMS_KEY_ID)
    if (sse.keyIds !== undefined) checkKeyIds(option, sse.keyIds)
  }
}
