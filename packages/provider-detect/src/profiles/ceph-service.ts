import type { ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import type { ClientAdvice, ResponseFingerprint } from '../provider-definition.ts'

/**
 * What the brands that run Ceph RGW have in common: Ceph of an unknown release. Where releases differ, the cautious value is taken.
 * No provider by itself: the brands spread it.
 */
export const cephServiceProfile: ProviderProfile = /* @__PURE__ */ deepFreeze({
  id: 'ceph-service',
  name: 'A service on Ceph RGW',
  etag: { single: 'yes', multipart: 'yes', part: 'yes', opaqueWith: ['sse-kms', 'sse-c'], inCompleteReply: false },
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
    maxParts: 10_000,
    maxObjectBytes: null,
    maxSinglePutBytes: 5_000_000_000,
    equalParts: false,
    maxKeyBytes: 1024,
    maxMetadataBytes: null,
    maxMetadataValueBytes: null,
  },
  reads: { range: 'yes', ifMatch: 'yes', partNumber: 'no', objectAttributes: 'no' },
  writes: {
    ifNoneMatch: 'candidate',
    ifNoneMatchVersioned: 'candidate',
    ifNoneMatchOnComplete: 'candidate',
    deleteIfMatch: 'candidate',
    sizeOnComplete: 'candidate',
  },
  metadata: {
    tags: 'candidate',
    // Ceph drops them there without a word
    tagsOnCreateUpload: 'no',
    underscoreBecomesDash: true,
    storageClasses: ['STANDARD'],
    websiteRedirect: 'candidate',
    acl: 'candidate',
    objectLock: 'candidate',
    controlCharactersInKeys: 'candidate',
  },
  sources: [
    { claim: 'etag', source: 'the rule of Ceph RGW (measured on 16.2.15), on which the service runs; the service itself was not measured', date: '2026-11-20' },
    { claim: 'checksums', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits', source: 'https://docs.ceph.com/en/pacific/radosgw/config-ref/ (defaults)', date: '2026-11-20' },
    { claim: 'limits.maxMetadataBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxMetadataValueBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'reads', source: 'as Ceph RGW 16.2.15 (measured)', date: '2026-11-20' },
    { claim: 'reads.partNumber', source: 'Ceph RGW before Squid does not know the query (measured on 16.2.15)', date: '2026-11-20' },
    { claim: 'reads.objectAttributes', source: 'Ceph RGW before Tentacle answers with the bytes of the object (measured on 16.2.15)', date: '2026-11-20' },
    { claim: 'writes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'writes.ifNoneMatchVersioned', source: 'Ceph RGW 16.2.15 ignores it there (measured)', date: '2026-11-21' },
    { claim: 'metadata', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'metadata.tagsOnCreateUpload', source: 'as Ceph RGW 16.2.15 (measured)', date: '2026-11-20' },
    { claim: 'metadata.underscoreBecomesDash', source: 'as Ceph RGW 16.2.15 (measured)', date: '2026-11-20' },
  ],
})

/** The request ids of Ceph, which say something of a brand only where the host is its own. */
export const cephServiceFingerprint: ResponseFingerprint = /* @__PURE__ */ deepFreeze({
  header: 'x-amz-request-id',
  pattern: 'tx[0-9a-f]{21}-[0-9a-f]{10}-[0-9a-f]+-.+',
  onlyWithHost: true,
  confidence: 'certain',
  source: 'the shape of Ceph RGW (measured on 16.2.15); the service itself was not measured',
  date: '2026-11-21',
})

/** What every release of Ceph takes; where it comes from is said by each brand. */
export const cephServiceClient: ClientAdvice = /* @__PURE__ */ deepFreeze({
  forcePathStyle: true,
  requestChecksumCalculation: 'WHEN_REQUIRED',
  responseChecksumValidation: 'WHEN_REQUIRED',
})
