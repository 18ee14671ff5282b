import { genericProfile, type ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/**
 * SeaweedFS. What was uploaded by S3 has the usual ETags; what came by filer, FUSE or WebDAV has `<md5>-<chunks>` over chunks that are no parts.
 * Before 2025 it stored the framing of aws-chunked bodies as data.
 */
export const seaweedfsProfile: ProviderProfile = /* @__PURE__ */ extendProfile(genericProfile, {
  id: 'seaweedfs',
  name: 'SeaweedFS',
  etag: { single: 'yes', singleAmbiguous: true, inCompleteReply: true },
  checksums: { multipartFullObject: ['crc64nvme', 'crc32', 'crc32c'], multipartComposite: ['crc32', 'crc32c', 'sha1', 'sha256'] },
  limits: { maxParts: 10_000, equalParts: false },
  reads: { ifMatch: 'yes' },
  writes: { ifNoneMatch: 'yes' },
  metadata: { tags: 'yes' },
  sources: [
    { claim: 'etag.single', source: 'seaweedfs/seaweedfs@cc8364a:weed/s3api/filer_multipart.go', date: '2026-11-20' },
    { claim: 'etag.singleAmbiguous', source: 'seaweedfs/seaweedfs@cc8364a:weed/filer/filechunks.go', date: '2026-11-20' },
    { claim: 'etag.multipart', source: 'seaweedfs/seaweedfs@cc8364a:weed/s3api/filer_multipart.go; weed/filer/filechunks.go', date: '2026-11-20' },
    { claim: 'etag.inCompleteReply', source: 'seaweedfs/seaweedfs@cc8364a:weed/s3api/filer_multipart.go', date: '2026-11-20' },
    { claim: 'checksums.multipartFullObject', source: 'seaweedfs/seaweedfs@cc8364a:weed/s3api/chunked_reader_v4.go', date: '2026-11-20' },
    { claim: 'checksums.multipartComposite', source: 'seaweedfs/seaweedfs@cc8364a:weed/s3api/chunked_reader_v4.go', date: '2026-11-20' },
    { claim: 'limits.maxParts', source: 'seaweedfs/seaweedfs@cc8364a:weed/s3api/s3api_object_handlers_multipart.go', date: '2026-11-20' },
    { claim: 'limits.equalParts', source: 'seaweedfs/seaweedfs@cc8364a:weed/s3api/filer_multipart.go', date: '2026-11-20' },
    { claim: 'reads.ifMatch', source: 'seaweedfs/seaweedfs@cc8364a:weed/s3api/s3api_object_handlers.go', date: '2026-11-20' },
    { claim: 'writes.ifNoneMatch', source: 'seaweedfs/seaweedfs@cc8364a:weed/s3api/s3api_object_handlers_put.go', date: '2026-11-20' },
    { claim: 'metadata.tags', source: 'seaweedfs/seaweedfs@cc8364a:weed/s3api/s3api_server.go', date: '2026-11-20' },
  ],
})

export const seaweedfsProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: seaweedfsProfile,
  hosts: [],
  fingerprints: [
    { header: 'server', value: 'SeaweedFS *', confidence: 'certain', source: 'seaweedfs/seaweedfs@cc8364a:weed/s3api/stats.go', date: '2026-11-20' },
  ],
  client: {
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    notes: ['Releases of 2025 and later also take the SDK defaults.'],
  },
  sources: [{ claim: 'client', source: 'seaweedfs/seaweedfs@cc8364a:weed/s3api/chunked_reader_v4.go', date: '2026-11-20' }],
})
