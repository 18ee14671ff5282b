import type { ProviderProfile } from './ports/provider-profile.ts'

const GUESS = { source: 'unconfirmed', date: '2026-11-20' } as const

/**
 * The profile of an endpoint that nothing is known of. It claims nothing: an equal value on the source leg proves, a different one says nothing, and the
 * destination is proved by reading back. Its limits are those that every known S3-compatible store accepts.
 */
export const genericProfile: ProviderProfile = {
  id: 'generic',
  name: 'S3-compatible store (unknown)',
  etag: {
    single: 'candidate',
    multipart: 'candidate',
    part: 'candidate',
    opaqueWith: ['sse-kms', 'sse-c'],
    onePartAmbiguous: true,
    inCompleteReply: false,
  },
  checksums: {
    returned: 'candidate',
    verifiedOnWrite: [],
    contentMd5: 'candidate',
    multipartFullObject: [],
    multipartComposite: [],
    vendorHeaders: [],
  },
  limits: {
    minPartBytes: 5_242_880,
    maxPartBytes: 5_000_000_000,
    maxParts: 1000,
    maxObjectBytes: null,
    maxSinglePutBytes: 5_000_000_000,
    equalParts: true,
    maxKeyBytes: 1024,
    maxMetadataBytes: null,
    maxMetadataValueBytes: null,
  },
  reads: { range: 'candidate', ifMatch: 'candidate', partNumber: 'no', objectAttributes: 'no' },
  writes: { ifNoneMatch: 'candidate', ifNoneMatchOnComplete: 'candidate', deleteIfMatch: 'candidate', sizeOnComplete: 'candidate' },
  metadata: {
    tags: 'candidate',
    tagsOnCreateUpload: 'candidate',
    underscoreBecomesDash: false,
    storageClasses: ['STANDARD'],
    websiteRedirect: 'candidate',
    acl: 'candidate',
    objectLock: 'candidate',
    controlCharactersInKeys: 'candidate',
  },
  sources: [
    { claim: 'etag', ...GUESS },
    { claim: 'checksums', ...GUESS },
    // equal parts of 5 MiB to 5 GB, at most 1,000 of them (Scaleway, Swift): accepted by every store whose limits are documented
    { claim: 'limits', source: 'the smallest of the documented limits of the stores in @sealift/provider-detect', date: '2026-11-20' },
    // a store that does not know these queries answers with the whole object, or 405: measured on Ceph 16.2.15 and Swift 2.30.1
    { claim: 'reads.partNumber', source: 'measured: Ceph RGW 16.2.15 and Swift 2.30.1 do not know the query', date: '2026-11-20' },
    { claim: 'reads.objectAttributes', source: 'measured: Ceph RGW 16.2.15 and Swift 2.30.1 answer with the bytes of the object', date: '2026-11-20' },
    { claim: 'reads', ...GUESS },
    { claim: 'writes', ...GUESS },
    { claim: 'metadata', ...GUESS },
  ],
}
