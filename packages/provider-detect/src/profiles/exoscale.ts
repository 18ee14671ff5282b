import { genericProfile, type ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/** Exoscale SOS. Its multipart ETags did not fit the usual rule in 2019: candidates. */
export const exoscaleProfile: ProviderProfile = /* @__PURE__ */ extendProfile(genericProfile, {
  id: 'exoscale',
  name: 'Exoscale Object Storage',
  limits: {
    minPartBytes: 5_242_880,
    maxPartBytes: 5_368_709_120,
    maxParts: 10_000,
    maxObjectBytes: 4_398_046_511_104,
    equalParts: false,
    maxMetadataBytes: 2048,
  },
  writes: { ifNoneMatch: 'no', ifNoneMatchOnComplete: 'no' },
  metadata: { tags: 'no', tagsOnCreateUpload: 'no', acl: 'yes', objectLock: 'yes' },
  sources: [
    { claim: 'etag.multipart', source: 'https://gitlab.com/gitlab-org/gitlab-workhorse/merge_requests/398', date: '2026-11-20' },
    { claim: 'limits', source: 'https://community.exoscale.com/product/storage/object-storage/service-boundaries/limits-and-quotas', date: '2026-11-20' },
    { claim: 'limits.maxSinglePutBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxKeyBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxMetadataValueBytes', source: 'unconfirmed', date: '2026-11-20' },
    {
      claim: 'writes.ifNoneMatch',
      source: 'https://community.exoscale.com/product/storage/object-storage/service-boundaries/limits-and-quotas',
      date: '2026-11-20',
    },
    {
      claim: 'writes.ifNoneMatchOnComplete',
      source: 'https://community.exoscale.com/product/storage/object-storage/service-boundaries/limits-and-quotas',
      date: '2026-11-20',
    },
    {
      claim: 'metadata.tags',
      source: 'https://community.exoscale.com/product/storage/object-storage/service-boundaries/limits-and-quotas',
      date: '2026-11-20',
    },
    {
      claim: 'metadata.tagsOnCreateUpload',
      source: 'https://community.exoscale.com/product/storage/object-storage/service-boundaries/limits-and-quotas',
      date: '2026-11-20',
    },
    { claim: 'metadata.acl', source: 'https://community.exoscale.com/documentation/storage/simple-object-storage-overview/', date: '2026-11-20' },
    { claim: 'metadata.objectLock', source: 'https://community.exoscale.com/documentation/storage/simple-object-storage-overview/', date: '2026-11-20' },
  ],
})

export const exoscaleProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: exoscaleProfile,
  hosts: ['**.sos-{region}.exo.io'],
  labels: { region: '[a-z]{2}-[a-z]+-[0-9]' },
  fingerprints: [],
  client: {
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    notes: ['CRC32, CRC32C and CRC64NVME are documented: probe.'],
  },
  sources: [
    { claim: 'hosts', source: 'https://community.exoscale.com/product/storage/object-storage/how-to/checksum', date: '2026-11-20' },
    { claim: 'client', source: 'unconfirmed', date: '2026-11-20' },
  ],
})
