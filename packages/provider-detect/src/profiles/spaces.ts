import type { ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'
import { cephServiceClient, cephServiceFingerprint, cephServiceProfile } from './ceph-service.ts'

/**
 * DigitalOcean Spaces, which is Ceph RGW of an unknown release behind a brand.
 * Where Ceph releases differ, the cautious value is taken.
 */
export const spacesProfile: ProviderProfile = /* @__PURE__ */ extendProfile(cephServiceProfile, {
  id: 'spaces',
  name: 'DigitalOcean Spaces',
  limits: { maxObjectBytes: 5_000_000_000_000 },
  metadata: { acl: 'yes' },
  sources: [
    { claim: 'limits', source: 'https://docs.digitalocean.com/products/spaces/details/limits', date: '2026-11-20' },
    { claim: 'limits.maxMetadataBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxMetadataValueBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'reads.range', source: 'https://docs.digitalocean.com/products/spaces/reference/s3-compatibility/', date: '2026-11-20' },
    { claim: 'reads.ifMatch', source: 'https://docs.digitalocean.com/products/spaces/reference/s3-compatibility/', date: '2026-11-20' },
    { claim: 'metadata.acl', source: 'https://docs.digitalocean.com/products/spaces/details/limits', date: '2026-11-20' },
  ],
})

export const spacesProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: spacesProfile,
  hosts: ['**.{region}.digitaloceanspaces.com'],
  labels: { region: '[a-z]{3}[0-9]' },
  fingerprints: [cephServiceFingerprint],
  client: {
    ...cephServiceClient,
    notes: ['A host with `.cdn.` in it is a cache, not the store.'],
  },
  sources: [
    { claim: 'hosts', source: 'rclone/rclone@64ab1ac:backend/s3/provider/DigitalOcean.yaml', date: '2026-11-20' },
    { claim: 'client', source: 'unconfirmed', date: '2026-11-20' },
  ],
})
