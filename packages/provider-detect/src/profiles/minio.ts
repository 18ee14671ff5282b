import type { ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/** MinIO and AIStor. A key `a` and a key `a/b` cannot live beside each other there, and a path segment holds at most 255 bytes. */
export const minioProfile: ProviderProfile = /* @__PURE__ */ deepFreeze({
  id: 'minio',
  name: 'MinIO',
  etag: { single: 'yes', multipart: 'yes', part: 'yes', opaqueWith: ['sse-kms', 'sse-c'], onePartAmbiguous: true, inCompleteReply: true },
  checksums: {
    returned: 'yes',
    verifiedOnWrite: ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'],
    contentMd5: 'yes',
    multipartFullObject: ['crc64nvme', 'crc32', 'crc32c'],
    multipartComposite: ['crc32', 'crc32c', 'sha1', 'sha256'],
    vendorHeaders: [],
  },
  limits: {
    minPartBytes: 5_242_880,
    maxPartBytes: 5_497_558_138_880,
    maxParts: 10_000,
    maxObjectBytes: 54_975_581_388_800,
    maxSinglePutBytes: 5_497_558_138_880,
    equalParts: false,
    maxKeyBytes: 1024,
    maxMetadataBytes: null,
    maxMetadataValueBytes: null,
  },
  reads: { range: 'yes', ifMatch: 'yes', partNumber: 'yes', objectAttributes: 'yes' },
  writes: { ifNoneMatch: 'yes', ifNoneMatchOnComplete: 'candidate', deleteIfMatch: 'candidate', sizeOnComplete: 'candidate' },
  metadata: {
    tags: 'yes',
    tagsOnCreateUpload: 'candidate',
    underscoreBecomesDash: false,
    storageClasses: ['STANDARD', 'REDUCED_REDUNDANCY'],
    websiteRedirect: 'candidate',
    acl: 'no',
    objectLock: 'yes',
    controlCharactersInKeys: 'candidate',
  },
  sources: [
    { claim: 'etag', source: 'minio/minio@7aac2a2:internal/etag/etag.go, cmd/utils.go, cmd/object-handlers.go', date: '2026-11-20' },
    { claim: 'checksums', source: 'minio/minio@7aac2a2:internal/hash/checksum.go', date: '2026-11-20' },
    { claim: 'limits', source: 'minio/minio@7aac2a2:docs/minio-limits.md, cmd/utils.go', date: '2026-11-20' },
    { claim: 'limits.maxMetadataBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxMetadataValueBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'reads', source: 'minio/minio@7aac2a2:cmd/object-handlers.go', date: '2026-11-20' },
    { claim: 'writes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'writes.ifNoneMatch', source: 'minio/minio@7aac2a2:cmd/object-handlers.go', date: '2026-11-20' },
    { claim: 'metadata', source: 'minio/minio@7aac2a2:cmd/api-router.go', date: '2026-11-20' },
    { claim: 'metadata.tagsOnCreateUpload', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'metadata.websiteRedirect', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'metadata.controlCharactersInKeys', source: 'unconfirmed', date: '2026-11-20' },
  ],
})

export const minioProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: minioProfile,
  hosts: [],
  fingerprints: [
    { header: 'server', value: 'MinIO', confidence: 'likely', source: 'minio/minio@7aac2a2:cmd/generic-handlers.go; forks keep the name', date: '2026-11-20' },
    { header: 'server', value: 'MinIO/RELEASE.*', confidence: 'certain', source: 'minio/minio@7aac2a2:cmd/generic-handlers.go', date: '2026-11-20' },
    { header: 'x-minio-error-code', confidence: 'likely', source: 'minio/minio@7aac2a2:cmd/api-headers.go; forks keep the name', date: '2026-11-20' },
  ],
  client: {
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    notes: ['Releases of 2025 and later also take the SDK defaults.', 'Any region is accepted where the server has none set.'],
  },
  sources: [{ claim: 'client', source: 'minio/minio@7aac2a2:cmd/streaming-signature-v4.go', date: '2026-11-20' }],
})
