import { genericProfile, type ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/**
 * VersityGW over a file system. A file that is changed past the gateway keeps its old ETag and checksum: a difference never condemns the source.
 * A mode of its own makes ETags of CRC64NVME (`CRC64NVME-…`), which are not MD5-shaped.
 */
export const versitygwProfile: ProviderProfile = /* @__PURE__ */ extendProfile(genericProfile, {
  id: 'versitygw',
  name: 'Versity S3 Gateway',
  etag: { single: 'yes', singleAmbiguous: true, multipart: 'yes', part: 'yes', onePartAmbiguous: false, inCompleteReply: true },
  checksums: {
    verifiedOnWrite: ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'],
    multipartFullObject: ['crc64nvme', 'crc32', 'crc32c'],
    multipartComposite: ['crc32', 'crc32c', 'sha1', 'sha256'],
  },
  limits: { maxParts: 10_000, equalParts: false },
  reads: { range: 'yes', ifMatch: 'yes', partNumber: 'yes', objectAttributes: 'yes' },
  writes: { ifNoneMatch: 'yes' },
  metadata: { tags: 'yes', acl: 'candidate', objectLock: 'yes' },
  sources: [
    { claim: 'etag', source: 'versity/versitygw@5d9d548:backend/posix/posix.go', date: '2026-11-20' },
    { claim: 'checksums', source: 'versity/versitygw@5d9d548:backend/posix/posix.go; versity/versitygw#1679', date: '2026-11-20' },
    { claim: 'checksums.contentMd5', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxParts', source: 'versity/versitygw@5d9d548:s3api/controllers', date: '2026-11-20' },
    { claim: 'limits.equalParts', source: 'versity/versitygw@5d9d548:backend/posix/posix.go', date: '2026-11-20' },
    { claim: 'reads', source: 'versity/versitygw@5d9d548:backend/posix/posix.go', date: '2026-11-20' },
    { claim: 'writes.ifNoneMatch', source: 'versity/versitygw@5d9d548:backend/posix/posix.go', date: '2026-11-20' },
    { claim: 'metadata.tags', source: 'versity/versitygw@5d9d548:backend/posix/posix.go', date: '2026-11-20' },
    { claim: 'metadata.objectLock', source: 'versity/versitygw@5d9d548:backend/posix/posix.go', date: '2026-11-20' },
  ],
})

export const versitygwProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: versitygwProfile,
  hosts: [],
  fingerprints: [{ header: 'server', value: 'VERSITYGW', confidence: 'certain', source: 'versity/versitygw@5d9d548:s3api/server.go', date: '2026-11-20' }],
  client: { forcePathStyle: true, requestChecksumCalculation: 'WHEN_SUPPORTED', responseChecksumValidation: 'WHEN_SUPPORTED' },
  sources: [{ claim: 'client', source: 'versity/versitygw#1679', date: '2026-11-20' }],
})
