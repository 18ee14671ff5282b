import { createHash, randomBytes } from 'node:crypto'
import type { ByteString } from './byte-string.ts'
import { LazyETag, type ObjectDescription, type StoredObject } from './object-state.ts'
import { KeptBody } from './stored-body.ts'

export const PLAIN_DESCRIPTION: ObjectDescription = { headers: {}, metadata: {}, storageClass: 'STANDARD', encryption: { kind: 'none' } }

/** A single-upload object with these bytes, as somebody else would have put it. Without bytes: 64 random ones. */
export function foreignObject(key: ByteString, bytes: string | Uint8Array = randomBytes(64), description: ObjectDescription = PLAIN_DESCRIPTION): StoredObject {
  const buffer = Buffer.from(bytes)
  return {
    key,
    versionId: 'null',
    isDeleteMarker: false,
    body: new KeptBody([buffer]),
    lastModifiedMs: Date.now(),
    etag: new LazyETag(createHash('md5').update(buffer).digest('hex')),
    description,
    parts: null,
    checksums: new Map(),
    checksumType: 'FULL_OBJECT',
    tags: [],
    acl: [],
    retention: null,
    legalHold: null,
  }
}
