import { genericProfile, type ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/** OVHcloud. Conditional writes came in June 2026, checksums and GetObjectAttributes in the same year; how ETags are made is not written down. */
export const ovhProfile: ProviderProfile = /* @__PURE__ */ extendProfile(genericProfile, {
  id: 'ovh',
  name: 'OVHcloud Object Storage',
  limits: {
    minPartBytes: 5_242_880,
    maxPartBytes: 5_368_709_120,
    maxParts: 10_000,
    maxObjectBytes: 52_776_558_133_248,
    maxSinglePutBytes: 5_368_709_120,
    equalParts: false,
  },
  reads: { objectAttributes: 'candidate' },
  writes: { ifNoneMatch: 'yes', ifNoneMatchOnComplete: 'yes', deleteIfMatch: 'yes' },
  sources: [
    { claim: 'checksums.returned', source: 'ovh/public-cloud-roadmap#1173, #781; earth-mover/icechunk#2115 (they contradict each other)', date: '2026-11-20' },
    { claim: 'limits', source: 'https://support.us.ovhcloud.com/hc/en-us/articles/4605467875603', date: '2026-11-20' },
    { claim: 'limits.maxKeyBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxMetadataBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxMetadataValueBytes', source: 'unconfirmed', date: '2026-11-20' },
    {
      claim: 'reads.objectAttributes',
      source: 'https://docs.ovhcloud.com/en/guides/storage-and-backup/object-storage/s3-get-object-attributes (since May 2026; not in every region seen)',
      date: '2026-11-20',
    },
    {
      claim: 'writes.ifNoneMatch',
      source: 'https://docs.ovhcloud.com/de/guides/storage-and-backup/object-storage/s3-conditional-writes.md',
      date: '2026-11-20',
    },
    {
      claim: 'writes.ifNoneMatchOnComplete',
      source: 'https://docs.ovhcloud.com/de/guides/storage-and-backup/object-storage/s3-conditional-writes.md',
      date: '2026-11-20',
    },
    {
      claim: 'writes.deleteIfMatch',
      source: 'https://docs.ovhcloud.com/de/guides/storage-and-backup/object-storage/s3-conditional-writes.md',
      date: '2026-11-20',
    },
  ],
})

export const ovhProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: ovhProfile,
  hosts: ['**.s3.{region}.io.cloud.ovh.net', '**.s3.{region}.perf.cloud.ovh.net', '**.s3.{region}.io.cloud.ovh.us', '**.s3.{region}.perf.cloud.ovh.us'],
  labels: { region: '[a-z]{2,3}(-[a-z]+)*' },
  fingerprints: [],
  client: { forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' },
  sources: [
    { claim: 'hosts', source: 'rclone/rclone@64ab1ac:backend/s3/provider/OVHcloud.yaml', date: '2026-11-20' },
    { claim: 'client', source: 'ovh/public-cloud-roadmap#781; earth-mover/icechunk#2115', date: '2026-11-20' },
  ],
})
