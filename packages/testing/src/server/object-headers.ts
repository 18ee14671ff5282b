import type { BucketState } from './bucket-state.ts'
import { etagHeader } from './etag-text.ts'
import type { Exchange } from './exchange.ts'
import { encryptionHeaders } from './object-description.ts'
import type { StoredObject } from './object-state.ts'
import type { Personality } from './personality.ts'
import { S3Error } from './s3-error.ts'
import { headerOf } from './s3-request.ts'
import { vendorChecksums } from './vendor-checksums.ts'

/** The response headers of a GET or HEAD, without those about length and range. */
export async function objectHeaders(exchange: Exchange, bucket: BucketState, object: StoredObject): Promise<Record<string, string>> {
  const { description } = object
  const { personality } = exchange.state
  const headers: Record<string, string> = {
    'accept-ranges': 'bytes',
    ...etagHeader(personality, await object.etag.get()),
    'last-modified': new Date(object.lastModifiedMs).toUTCString(),
    'content-type': description.headers['content-type'] ?? personality.names.defaultContentType,
  }
  for (const [name, value] of Object.entries(description.headers)) headers[name] = value
  for (const [name, value] of Object.entries(description.metadata)) headers[`x-amz-meta-${name}`] = value
  if (description.storageClass !== 'STANDARD') headers['x-amz-storage-class'] = description.storageClass
  Object.assign(headers, encryptionHeaders(description.encryption))
  if (bucket.versioning !== 'Off') headers['x-amz-version-id'] = object.versionId
  if (object.tags.length > 0) headers['x-amz-tagging-count'] = String(object.tags.length)
  if (object.retention !== null) {
    headers['x-amz-object-lock-mode'] = object.retention.mode
    headers['x-amz-object-lock-retain-until-date'] = object.retention.until
  }
  if (object.legalHold !== null) headers['x-amz-object-lock-legal-hold'] = object.legalHold ? 'ON' : 'OFF'
  return { ...headers, ...(await vendorChecksums(personality, object)), ...ownHeaders(personality, object) }
}

function ownHeaders(personality: Personality, object: StoredObject): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(personality.objectHeaders)) {
    headers[name] = value
      .replace('{size}', String(object.body.sizeBytes))
      .replace('{encoding}', object.description.headers['content-encoding'] ?? 'identity')
      .replace('{generation}', String(object.lastModifiedMs * 1000))
  }
  return headers
}

/** `x-amz-checksum-*`, when the request asks for them. */
export function checksumHeaders(exchange: Exchange, object: StoredObject): Record<string, string> {
  if (
    headerOf(exchange.request, 'x-amz-checksum-mode')?.toUpperCase() !== 'ENABLED' ||
    object.checksums.size === 0 ||
    !exchange.state.personality.checksums.returned
  )
    return {}
  const headers: Record<string, string> = { 'x-amz-checksum-type': object.checksumType }
  for (const [algorithm, value] of object.checksums) headers[`x-amz-checksum-${algorithm}`] = value
  return headers
}

const OVERRIDES = ['content-type', 'content-language', 'expires', 'cache-control', 'content-disposition', 'content-encoding'] as const

/** `response-content-type` and its like. */
export function overriddenHeaders({ request }: Exchange): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const name of OVERRIDES) {
    const value = request.query.get(`response-${name}`)
    if (value === undefined) continue
    if (/[\0-\x1f\x7f]/.test(value)) throw new S3Error(400, 'InvalidArgument', `response-${name} holds characters that a header cannot`)
    headers[name] = value
  }
  return headers
}
