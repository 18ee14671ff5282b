import { genericProfile, type ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/** Fastly Object Storage. ETags are never an MD5, and an upload has to end within 120 seconds. */
export const fastlyProfile: ProviderProfile = /* @__PURE__ */ extendProfile(genericProfile, {
  id: 'fastly',
  name: 'Fastly Object Storage',
  etag: { single: 'no', multipart: 'no', part: 'no' },
  limits: { minPartBytes: 5_242_880, maxParts: 10_000, maxObjectBytes: 5_000_000_000_000, maxSinglePutBytes: 5_000_000_000 },
  sources: [
    { claim: 'etag.single', source: 'rclone/rclone@64ab1ac:backend/s3/provider/Fastly.yaml', date: '2026-11-20' },
    { claim: 'etag.multipart', source: 'rclone/rclone@64ab1ac:backend/s3/provider/Fastly.yaml', date: '2026-11-20' },
    { claim: 'etag.part', source: 'rclone/rclone@64ab1ac:backend/s3/provider/Fastly.yaml', date: '2026-11-20' },
    { claim: 'limits.maxParts', source: 'https://docs.fastly.com/products/object-storage', date: '2026-11-20' },
    { claim: 'limits.maxObjectBytes', source: 'https://docs.fastly.com/products/object-storage', date: '2026-11-20' },
  ],
})

export const fastlyProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: fastlyProfile,
  hosts: ['**.{region}.object.fastlystorage.app'],
  labels: { region: '[a-z]{2}-[a-z]+(-[0-9])?' },
  fingerprints: [],
  client: {
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    notes: ['The region is that of the host.'],
  },
  sources: [
    { claim: 'hosts', source: 'rclone/rclone@64ab1ac:backend/s3/provider/Fastly.yaml', date: '2026-11-21' },
    { claim: 'client', source: 'rclone/rclone@64ab1ac:backend/s3/provider/Fastly.yaml', date: '2026-11-21' },
  ],
})
