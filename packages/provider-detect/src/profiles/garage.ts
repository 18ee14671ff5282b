import { genericProfile, type ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/** Garage 1.2. ETags are MD5s, with SSE-C random. A reply has no `x-amz-request-id`. */
export const garageProfile: ProviderProfile = /* @__PURE__ */ extendProfile(genericProfile, {
  id: 'garage',
  name: 'Garage',
  etag: { single: 'yes', multipart: 'yes', part: 'yes', onePartAmbiguous: false, inCompleteReply: true },
  checksums: {
    contentMd5: 'yes',
    returned: 'yes',
    verifiedOnWrite: ['crc32', 'crc32c', 'sha1', 'sha256'],
    multipartComposite: ['crc32', 'crc32c', 'sha1', 'sha256'],
  },
  limits: { maxPartBytes: 5_000_000_000, maxParts: 10_000, equalParts: false },
  reads: { range: 'yes', ifMatch: 'yes', partNumber: 'yes' },
  writes: { ifNoneMatch: 'no', ifNoneMatchOnComplete: 'no', sizeOnComplete: 'no' },
  metadata: { tags: 'no', tagsOnCreateUpload: 'no', acl: 'no', objectLock: 'no' },
  sources: [
    { claim: 'etag', source: 'deuxfleurs-org/garage@3f4ab3a:src/api/s3/encryption.rs, src/api/s3/multipart.rs', date: '2026-11-20' },
    { claim: 'checksums.returned', source: 'deuxfleurs-org/garage@3f4ab3a:src/api/common/signature/', date: '2026-11-20' },
    { claim: 'checksums.verifiedOnWrite', source: 'deuxfleurs-org/garage@21c0dda:src/api/common/signature/checksum.rs', date: '2026-11-21' },
    { claim: 'checksums.contentMd5', source: 'deuxfleurs-org/garage@21c0dda:src/api/common/signature/checksum.rs', date: '2026-11-21' },
    { claim: 'checksums.multipartComposite', source: 'deuxfleurs-org/garage@3f4ab3a:src/api/common/signature/, src/api/s3/multipart.rs', date: '2026-11-20' },
    { claim: 'limits.maxParts', source: 'deuxfleurs-org/garage@3f4ab3a:src/api/s3/multipart.rs (no cap)', date: '2026-11-20' },
    { claim: 'limits.equalParts', source: 'deuxfleurs-org/garage@3f4ab3a:src/api/s3/multipart.rs', date: '2026-11-20' },
    { claim: 'reads.range', source: 'deuxfleurs-org/garage@3f4ab3a:src/api/s3/get.rs', date: '2026-11-20' },
    { claim: 'reads.ifMatch', source: 'deuxfleurs-org/garage@3f4ab3a:src/api/s3/get.rs', date: '2026-11-20' },
    { claim: 'reads.partNumber', source: 'deuxfleurs-org/garage@3f4ab3a:src/api/s3/get.rs', date: '2026-11-20' },
    { claim: 'writes.ifNoneMatch', source: 'deuxfleurs-org/garage@3f4ab3a:src/api/s3/put.rs (not looked at)', date: '2026-11-20' },
    { claim: 'writes.ifNoneMatchOnComplete', source: 'deuxfleurs-org/garage@3f4ab3a:src/api/s3/multipart.rs (not looked at)', date: '2026-11-20' },
    { claim: 'writes.sizeOnComplete', source: 'deuxfleurs-org/garage@3f4ab3a:src/api/s3/multipart.rs (not looked at)', date: '2026-11-20' },
    { claim: 'metadata.tags', source: 'deuxfleurs-org/garage@3f4ab3a:doc/book/reference-manual/s3-compatibility.md', date: '2026-11-20' },
    { claim: 'metadata.tagsOnCreateUpload', source: 'deuxfleurs-org/garage@3f4ab3a:doc/book/reference-manual/s3-compatibility.md', date: '2026-11-20' },
    { claim: 'metadata.acl', source: 'deuxfleurs-org/garage@3f4ab3a:doc/book/reference-manual/s3-compatibility.md', date: '2026-11-20' },
    { claim: 'metadata.objectLock', source: 'deuxfleurs-org/garage@3f4ab3a:doc/book/reference-manual/s3-compatibility.md', date: '2026-11-20' },
  ],
})

export const garageProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: garageProfile,
  hosts: [],
  fingerprints: [],
  client: {
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_SUPPORTED',
    responseChecksumValidation: 'WHEN_SUPPORTED',
    notes: ['The region has to be the one in its configuration.'],
  },
  sources: [{ claim: 'client', source: 'deuxfleurs-org/garage@3f4ab3a:src/api/common/signature/', date: '2026-11-20' }],
})
