import { createHash } from 'node:crypto'
import { invalidOption } from '../errors.ts'
import { plainHeader } from '../header-text.ts'
import type { EncryptionKind } from '../ports/provider-profile.ts'

/**
 * How a location's objects are encrypted. The key of `sse-c` has 32 bytes; it goes into headers and nowhere else. `keyIds` of a destination says which key
 * stands for which of the source's (`x-amz-server-side-encryption-aws-kms-key-id` of its reply); `keyId` is for all other objects, without it the store's own.
 */
export type ServerSideEncryption =
  | { readonly kind: 'sse-s3' }
  | { readonly kind: 'sse-kms'; readonly keyId?: string | undefined; readonly keyIds?: Readonly<Record<string, string>> | undefined }
  | { readonly kind: 'sse-c'; readonly key: Uint8Array }

export interface LocationHeaders {
  /** every request: expected owner, requester pays */
  readonly always: Readonly<Record<string, string>>
  /** GET, HEAD, UploadPart: the customer's key */
  readonly access: Readonly<Record<string, string>>
  /** PUT, CreateMultipartUpload: any encryption */
  readonly write: Readonly<Record<string, string>>
  /** how objects are encrypted by what the location asks for */
  readonly asked: EncryptionKind
}

const SSE = 'x-amz-server-side-encryption'

export function locationHeaders(options: {
  readonly sse?: ServerSideEncryption | undefined
  readonly expectedBucketOwner?: string | undefined
  readonly requestPayer?: 'requester' | undefined
}): LocationHeaders {
  const { sse, expectedBucketOwner, requestPayer } = options
  if (requestPayer !== undefined && requestPayer !== 'requester') throw invalidOption('requestPayer', requestPayer, "'requester'")
  const always = {
    ...(expectedBucketOwner === undefined ? {} : { 'x-amz-expected-bucket-owner': plainHeader('expectedBucketOwner', expectedBucketOwner) }),
    ...(requestPayer === undefined ? {} : { 'x-amz-request-payer': requestPayer }),
  }
  const access = sse?.kind === 'sse-c' ? customerKeyHeaders(sse.key) : {}
  return { always, access: { ...always, ...access }, write: { ...always, ...access, ...managedKeyHeaders(sse) }, asked: sse?.kind ?? 'none' }
}

function managedKeyHeaders(sse: ServerSideEncryption | undefined): Record<string, string> {
  if (sse?.kind === 'sse-s3') return { [SSE]: 'AES256' }
  if (sse?.kind !== 'sse-kms') return {}
  return { [SSE]: 'aws:kms', ...(sse.keyId === undefined ? {} : { [`${SSE}-aws-kms-key-id`]: plainHeader('sse.keyId', sse.keyId) }) }
}

function customerKeyHeaders(key: Uint8Array): Record<string, string> {
  if (!(key instanceof Uint8Array) || key.byteLength !== 32) throw invalidOption('sse.key', `${key?.byteLength ?? 'no'} bytes`, '32 bytes')
  return {
    [`${SSE}-customer-algorithm`]: 'AES256',
    [`${SSE}-customer-key`]: Buffer.from(key).toString('base64'),
    [`${SSE}-customer-key-md5`]: createHash('md5').update(key).digest('base64'),
  }
}
