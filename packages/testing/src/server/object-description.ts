import type { IncomingHttpHeaders } from 'node:http'
import { percentDecode, toText } from './byte-string.ts'
import type { AclGrant, Encryption, ObjectDescription, StoredObject } from './object-state.ts'
import type { Personality } from './personality.ts'
import { refuse } from './request-body.ts'
import { S3Error } from './s3-error.ts'

const STORED_HEADERS = ['content-type', 'cache-control', 'content-disposition', 'content-language', 'expires', 'content-encoding'] as const

/** What the headers of a write say about the new object. @throws `S3Error` for what the personality refuses */
export function readDescription(headers: IncomingHttpHeaders, personality: Personality): ObjectDescription {
  const { features, limits, names } = personality
  const kept: Record<string, string> = {}
  for (const name of STORED_HEADERS) {
    const value = headers[name]
    if (typeof value === 'string') kept[name] = value
  }
  const encoding = (kept['content-encoding'] ?? '')
    .split(',')
    .map((token) => token.trim())
    .filter((token) => token !== '' && (token !== 'aws-chunked' || names.keepsAwsChunked))
  if (encoding.length > 0) kept['content-encoding'] = encoding.join(',')
  else delete kept['content-encoding']
  const redirect = headers['x-amz-website-redirect-location']
  if (redirect !== undefined) {
    refuse(features.websiteRedirect)
    if (features.websiteRedirect === 'yes') kept['x-amz-website-redirect-location'] = String(redirect)
  }
  const metadata: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith('x-amz-meta-') || value === undefined) continue
    const text = Array.isArray(value) ? value.join(',') : value
    if (limits.metadataValueBytes !== null && text.length > limits.metadataValueBytes) refuse(limits.metadataTooLong)
    const plain = name.slice('x-amz-meta-'.length)
    metadata[names.underscoreInMetadata === 'hyphen' ? plain.replaceAll('_', '-') : plain] = text
  }
  const total = Object.entries(metadata).reduce((sum, [name, value]) => sum + name.length + value.length, 0)
  if (limits.metadataBytes !== null && total > limits.metadataBytes)
    throw new S3Error(400, 'MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size')
  const storageClass = String(headers['x-amz-storage-class'] ?? features.defaultStorageClass)
  if (features.storageClasses !== 'any' && !features.storageClasses.includes(storageClass)) throw new S3Error(400, 'InvalidStorageClass')
  return { headers: kept, metadata, storageClass, encryption: readEncryption(headers, personality) }
}

function readEncryption(headers: IncomingHttpHeaders, { features }: Personality): Encryption {
  const algorithm = headers['x-amz-server-side-encryption']
  if (algorithm !== undefined) {
    const isKms = String(algorithm).startsWith('aws:kms')
    const support = isKms ? features.sseKms : features.sseS3
    refuse(support)
    if (support === 'ignored') return { kind: 'none' }
    const keyId = String(headers['x-amz-server-side-encryption-aws-kms-key-id'] ?? 'arn:aws:kms:us-east-1:000000000000:key/test')
    return isKms ? { kind: 'kms', keyId } : { kind: 's3' }
  }
  const keyMd5 = headers['x-amz-server-side-encryption-customer-key-md5']
  if (keyMd5 === undefined) return { kind: 'none' }
  refuse(features.sseC)
  return features.sseC === 'ignored' ? { kind: 'none' } : { kind: 'customer', keyMd5: String(keyMd5) }
}

/** Response headers about encryption. */
export function encryptionHeaders(encryption: Encryption): Record<string, string> {
  switch (encryption.kind) {
    case 's3':
      return { 'x-amz-server-side-encryption': 'AES256' }
    case 'kms':
      return { 'x-amz-server-side-encryption': 'aws:kms', 'x-amz-server-side-encryption-aws-kms-key-id': encryption.keyId }
    case 'customer':
      return { 'x-amz-server-side-encryption-customer-algorithm': 'AES256', 'x-amz-server-side-encryption-customer-key-MD5': encryption.keyMd5 }
    case 'none':
      return {}
  }
}

/** A read of an object with the customer's key must bring that key. */
export function checkCustomerKey(object: StoredObject, headers: IncomingHttpHeaders, prefix = 'x-amz-server-side-encryption-customer-key-md5'): void {
  const { encryption } = object.description
  if (encryption.kind !== 'customer') return
  const given = headers[prefix]
  if (given === undefined) {
    throw new S3Error(
      400,
      'InvalidRequest',
      'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.',
    )
  }
  if (given !== encryption.keyMd5) throw new S3Error(403, 'AccessDenied')
}

/** `x-amz-tagging`: a query string. */
export function readTagHeader(headers: IncomingHttpHeaders, personality: Personality): readonly (readonly [string, string])[] {
  const header = headers['x-amz-tagging']
  if (header === undefined) return []
  const support = personality.features.taggingHeader ?? personality.features.tagging
  refuse(support)
  if (support === 'ignored') return []
  return String(header)
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=')
      const name = equals < 0 ? pair : pair.slice(0, equals)
      return [toText(percentDecode(name, true)), equals < 0 ? '' : toText(percentDecode(pair.slice(equals + 1), true))] as const
    })
}

const ALL_USERS = 'http://acs.amazonaws.com/groups/global/AllUsers'
const AUTHENTICATED_USERS = 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers'

/** Grants of a canned `x-amz-acl`, beside the owner's own. */
export function readCannedAcl(headers: IncomingHttpHeaders): readonly AclGrant[] {
  switch (headers['x-amz-acl']) {
    case 'public-read':
      return [{ grantee: ALL_USERS, permission: 'READ' }]
    case 'public-read-write':
      return [
        { grantee: ALL_USERS, permission: 'READ' },
        { grantee: ALL_USERS, permission: 'WRITE' },
      ]
    case 'authenticated-read':
      return [{ grantee: AUTHENTICATED_USERS, permission: 'READ' }]
    default:
      return []
  }
}

/** The grants that `x-amz-acl` gives a new object; a store without object ACLs leaves the header unheeded. */
export function readObjectAcl(headers: IncomingHttpHeaders, { features }: Personality): readonly AclGrant[] {
  return features.acl === 'yes' ? readCannedAcl(headers) : []
}

/** Whether everybody may read. */
export function isPublic(acl: readonly AclGrant[]): boolean {
  return acl.some(({ grantee, permission }) => grantee === ALL_USERS && (permission === 'READ' || permission === 'FULL_CONTROL'))
}

/** Object lock headers of a write. */
export function readLock(headers: IncomingHttpHeaders, { features }: Personality): Pick<StoredObject, 'retention' | 'legalHold'> {
  const mode = headers['x-amz-object-lock-mode']
  const until = headers['x-amz-object-lock-retain-until-date']
  const hold = headers['x-amz-object-lock-legal-hold']
  if (mode === undefined && hold === undefined) return { retention: defaultRetention(features.defaultRetention), legalHold: null }
  refuse(features.objectLock)
  if (mode !== undefined && (Number.isNaN(Date.parse(String(until))) || (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE'))) {
    throw new S3Error(400, 'InvalidArgument', 'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied and valid')
  }
  if (features.objectLock === 'ignored') return { retention: null, legalHold: null }
  return {
    retention: mode === undefined ? defaultRetention(features.defaultRetention) : { mode: String(mode), until: new Date(String(until)).toISOString() },
    legalHold: hold === undefined ? null : hold === 'ON',
  }
}

function defaultRetention(rule: Personality['features']['defaultRetention']): StoredObject['retention'] {
  return rule === null ? null : { mode: rule.mode, until: new Date(Date.now() + rule.days * 86_400_000).toISOString() }
}
