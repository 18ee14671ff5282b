import type { ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/**
 * OpenStack Swift by its s3api middleware, as measured on 2.30.1.
 * An ETag that ends in the letter `-N` belongs to an object written by Swift's own API and is opaque.
 */
export const swiftProfile: ProviderProfile = /* @__PURE__ */ deepFreeze({
  id: 'swift',
  name: 'OpenStack Swift (s3api)',
  etag: { single: 'yes', singleAmbiguous: true, multipart: 'yes', part: 'yes', opaqueWith: ['sse-kms', 'sse-c'], inCompleteReply: true },
  checksums: {
    // a wrong `x-amz-checksum-*` is accepted, and none is ever returned
    returned: 'no',
    verifiedOnWrite: [],
    contentMd5: 'yes',
    multipartFullObject: [],
    multipartComposite: [],
    vendorHeaders: [],
  },
  limits: {
    minPartBytes: 5_242_880,
    maxPartBytes: 5_368_709_120,
    maxParts: 1000,
    maxObjectBytes: null,
    maxSinglePutBytes: 5_368_709_122,
    equalParts: false,
    maxKeyBytes: 1024,
    maxMetadataBytes: 4096,
    // a longer value is answered with 500 InternalError, which looks as if a retry would help
    maxMetadataValueBytes: 256,
  },
  reads: { range: 'yes', ifMatch: 'yes', partNumber: 'no', objectAttributes: 'no' },
  // a conditional PUT is 501; on Complete the condition works
  writes: { ifNoneMatch: 'no', atomicPut: 'yes', ifNoneMatchOnComplete: 'yes', deleteIfMatch: 'yes', sizeOnComplete: 'no' },
  metadata: {
    tags: 'no',
    tagsOnCreateUpload: 'no',
    underscoreBecomesDash: false,
    storageClasses: ['STANDARD'],
    websiteRedirect: 'no',
    acl: 'no',
    objectLock: 'no',
    // PUT, GET, HEAD and DELETE take them; a listing without `encoding-type=url` is then answered with 500
    controlCharactersInKeys: 'yes',
  },
  copies: {
    object: 'yes',
    part: 'yes',
    ifMatch: 'yes',
    // with the ETag of a multipart source even the right value is answered with 412
    partIfMatch: 'no',
    // a copy of a multipart object keeps the ETag with its -N: it is the source's own
    recomputes: 'no',
    // 501, as for a PUT
    ifNoneMatch: 'no',
    tags: 'no',
    maxObjectBytes: 5_368_709_122,
  },
  sources: [
    { claim: 'etag', source: 'measured: Swift 2.30.1; openstack/swift@d57c078:swift/common/middleware/s3api/controllers/multi_upload.py', date: '2026-11-20' },
    {
      claim: 'etag.singleAmbiguous',
      source: 'measured: Swift 2.30.1 shows a dynamic large object of the native API with an MD5-shaped ETag that is not its MD5',
      date: '2026-11-21',
    },
    { claim: 'etag.opaqueWith', source: 'measured: Swift 2.30.1 refuses or ignores server-side encryption', date: '2026-11-20' },
    { claim: 'checksums', source: 'measured: Swift 2.30.1', date: '2026-11-20' },
    { claim: 'limits', source: 'openstack/swift@d57c078:swift/common/middleware/s3api/s3api.py, etc/swift.conf-sample', date: '2026-11-20' },
    { claim: 'limits.maxMetadataValueBytes', source: 'measured: Swift 2.30.1', date: '2026-11-21' },
    { claim: 'reads', source: 'measured: Swift 2.30.1', date: '2026-11-20' },
    { claim: 'writes', source: 'measured: Swift 2.30.1', date: '2026-11-20' },
    { claim: 'writes.sizeOnComplete', source: 'measured: Swift 2.30.1 accepts a wrong size', date: '2026-11-21' },
    { claim: 'copies', source: 'measured: Swift 2.30.1', date: '2026-11-21' },
    { claim: 'copies.maxObjectBytes', source: 'openstack/swift@d57c078:swift/common/constraints.py (MAX_FILE_SIZE)', date: '2026-11-21' },
    { claim: 'metadata', source: 'measured: Swift 2.30.1', date: '2026-11-20' },
    { claim: 'metadata.controlCharactersInKeys', source: 'measured: Swift 2.30.1 (U+0001, U+0002, U+001F, tab, LF, CR)', date: '2026-11-21' },
  ],
})

export const swiftProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: swiftProfile,
  hosts: [],
  fingerprints: [
    {
      header: 'x-amz-request-id',
      pattern: 'tx[0-9a-f]{21}-[0-9a-f]{10}.*',
      sameAs: 'x-trans-id',
      confidence: 'certain',
      source: 'measured: Swift 2.30.1; openstack/swift@d57c078:swift/common/middleware/s3api/s3response.py',
      date: '2026-11-21',
    },
    {
      header: 'x-amz-request-id',
      pattern: 'tx[0-9a-f]{21}-[0-9a-f]{10}',
      sameAs: 'x-amz-id-2',
      confidence: 'likely',
      source: 'openstack/swift@d57c078:swift/common/middleware/s3api/s3response.py; Scaleway shows the same shape',
      date: '2026-11-20',
    },
  ],
  client: {
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    notes: ['Virtual-host addressing works only where storage_domain is set.', 'The region is the `location` option of the middleware, us-east-1 by default.'],
  },
  sources: [{ claim: 'client', source: 'measured: Swift 2.30.1', date: '2026-11-20' }],
})
