import type { ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/** Ceph RGW as measured on 16.2.15. Newer releases (Reef, Squid, Tentacle) know more: detection or a probe will say so, this profile stays with the old ones. */
export const cephProfile: ProviderProfile = /* @__PURE__ */ deepFreeze({
  id: 'ceph',
  name: 'Ceph RGW',
  // with SSE-C the ETag is still the MD5 of the content
  etag: { single: 'yes', multipart: 'yes', part: 'yes', opaqueWith: ['sse-kms'], inCompleteReply: false },
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
    maxParts: 10_000,
    maxObjectBytes: null,
    maxSinglePutBytes: 5_368_709_120,
    equalParts: false,
    maxKeyBytes: 1024,
    maxMetadataBytes: null,
    maxMetadataValueBytes: null,
  },
  // `?partNumber` is ignored and the whole object sent; GetObjectAttributes answers with the bytes of the object
  reads: { range: 'yes', ifMatch: 'yes', partNumber: 'no', objectAttributes: 'no' },
  // in a versioned bucket PUT takes the condition and writes a new version all the same
  writes: { ifNoneMatch: 'yes', ifNoneMatchVersioned: 'no', atomicPut: 'yes', ifNoneMatchOnComplete: 'no', deleteIfMatch: 'no', sizeOnComplete: 'no' },
  metadata: {
    tags: 'yes',
    tagsOnCreateUpload: 'no',
    underscoreBecomesDash: true,
    // others exist where an administrator made them; an unknown class is refused with InvalidArgument
    storageClasses: ['STANDARD'],
    websiteRedirect: 'yes',
    acl: 'yes',
    objectLock: 'yes',
    controlCharactersInKeys: 'yes',
  },
  copies: {
    object: 'yes',
    part: 'yes',
    // a wrong `x-amz-copy-source-if-match` is accepted by both
    ifMatch: 'no',
    partIfMatch: 'no',
    // a copy of a multipart object keeps the ETag with its -N: it is the source's own
    recomputes: 'no',
    ifNoneMatch: 'no',
    // what `x-amz-tagging` leaves behind on a copy cannot be read
    tags: 'no',
    maxObjectBytes: 5_368_709_120,
  },
  sources: [
    { claim: 'etag', source: 'measured: Ceph RGW 16.2.15', date: '2026-11-20' },
    { claim: 'etag.opaqueWith', source: 'measured with SSE-C: Ceph RGW 16.2.15; SSE-KMS unconfirmed', date: '2026-11-20' },
    { claim: 'checksums', source: 'measured: Ceph RGW 16.2.15', date: '2026-11-20' },
    { claim: 'limits', source: 'https://docs.ceph.com/en/pacific/radosgw/config-ref/', date: '2026-11-20' },
    { claim: 'limits.minPartBytes', source: 'measured: Ceph RGW 16.2.15', date: '2026-11-20' },
    { claim: 'limits.maxKeyBytes', source: 'measured: Ceph RGW 16.2.15', date: '2026-11-20' },
    { claim: 'reads', source: 'measured: Ceph RGW 16.2.15', date: '2026-11-20' },
    { claim: 'writes', source: 'measured: Ceph RGW 16.2.15', date: '2026-11-20' },
    { claim: 'writes.ifNoneMatchVersioned', source: 'measured: Ceph RGW 16.2.15, versioning enabled; suspended it is heeded', date: '2026-11-21' },
    { claim: 'writes.sizeOnComplete', source: 'measured: Ceph RGW 16.2.15 accepts a wrong size', date: '2026-11-21' },
    { claim: 'copies', source: 'measured: Ceph RGW 16.2.15', date: '2026-11-21' },
    { claim: 'copies.maxObjectBytes', source: 'https://docs.ceph.com/en/pacific/radosgw/config-ref/ (rgw_max_put_size)', date: '2026-11-21' },
    { claim: 'metadata', source: 'measured: Ceph RGW 16.2.15', date: '2026-11-20' },
    { claim: 'metadata.controlCharactersInKeys', source: 'measured: Ceph RGW 16.2.15 (U+0001, U+0002, U+001F, tab, LF, CR)', date: '2026-11-21' },
  ],
})

export const cephProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: cephProfile,
  hosts: [],
  fingerprints: [
    { header: 'x-rgw-object-type', confidence: 'certain', source: 'measured: Ceph RGW 16.2.15, on GET and HEAD of an object', date: '2026-11-21' },
    {
      header: 'x-amz-request-id',
      pattern: 'tx[0-9a-f]{21}-[0-9a-f]{10}-[0-9a-f]+-.+',
      confidence: 'certain',
      source: 'measured: Ceph RGW 16.2.15 (transaction, time, instance, zone)',
      date: '2026-11-21',
    },
  ],
  client: {
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    notes: ['Virtual-host addressing works only where rgw_dns_name is set.'],
  },
  sources: [{ claim: 'client', source: 'measured: Ceph RGW 16.2.15', date: '2026-11-20' }],
})
