import type { ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/**
 * DigitalOcean Spaces, which is Ceph RGW of an unknown release behind a brand.
 * Where Ceph releases differ, the cautious value is taken.
 */
export const spacesProfile: ProviderProfile = /* @__PURE__ */ deepFreeze({
  id: 'spaces',
  name: 'DigitalOcean Spaces',
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
    maxObjectBytes: 5_000_000_000_000,
    maxSinglePutBytes: 5_000_000_000,
    equalParts: false,
    maxKeyBytes: 1024,
    maxMetadataBytes: null,
    maxMetadataValueBytes: null,
  },
  reads: { range: 'yes', ifMatch: 'yes', partNumber: 'no', objectAttributes: 'no' },
  writes: { ifNoneMatch: 'candidate', ifNoneMatchOnComplete: 'candidate', deleteIfMatch: 'candidate', sizeOnComplete: 'candidate' },
  metadata: {
    tags: 'candidate',
    // Ceph drops them there without a word
    tagsOnCreateUpload: 'no',
    underscoreBecomesDash: true,
    storageClasses: ['STANDARD'],
    websiteRedirect: 'candidate',
    acl: 'yes',
    objectLock: 'candidate',
    controlCharactersInKeys: 'candidate',
  },
  sources: [
    { claim: 'etag', source: 'the rule of Ceph RGW (measured on 16.2.15), on which the service runs; the service itself was not measured', date: '2026-11-20' },
    { claim: 'checksums', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits', source: 'https://docs.digitalocean.com/products/spaces/details/limits', date: '2026-11-20' },
    { claim: 'limits.maxMetadataBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxMetadataValueBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'reads', source: 'https://docs.digitalocean.com/products/spaces/reference/s3-compatibility/', date: '2026-11-20' },
    { claim: 'reads.partNumber', source: 'Ceph RGW before Squid does not know the query (measured on 16.2.15)', date: '2026-11-20' },
    { claim: 'reads.objectAttributes', source: 'Ceph RGW before Tentacle answers with the bytes of the object (measured on 16.2.15)', date: '2026-11-20' },
    { claim: 'writes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'metadata', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'metadata.tagsOnCreateUpload', source: 'as Ceph RGW 16.2.15 (measured)', date: '2026-11-20' },
    { claim: 'metadata.underscoreBecomesDash', source: 'as Ceph RGW 16.2.15 (measured)', date: '2026-11-20' },
    { claim: 'metadata.acl', source: 'https://docs.digitalocean.com/products/spaces/details/limits', date: '2026-11-20' },
  ],
})

export const spacesProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: spacesProfile,
  hosts: ['**.{region}.digitaloceanspaces.com'],
  labels: { region: '[a-z]{3}[0-9]' },
  fingerprints: [
    {
      header: 'x-amz-request-id',
      pattern: 'tx[0-9a-f]{21}-[0-9a-f]{10}-[0-9a-f]+-.+',
      onlyWithHost: true,
      confidence: 'certain',
      source: 'the shape of Ceph RGW (measured on 16.2.15); the service itself was not measured',
      date: '2026-11-21',
    },
  ],
  client: {
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    notes: ['A host with `.cdn.` in it is a cache, not the store.'],
  },
  sources: [
    { claim: 'hosts', source: 'rclone/rclone@64ab1ac:backend/s3/provider/DigitalOcean.yaml', date: '2026-11-20' },
    { claim: 'client', source: 'unconfirmed', date: '2026-11-20' },
  ],
})
