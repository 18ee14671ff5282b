import type { ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'
import { cephServiceClient, cephServiceFingerprint, cephServiceProfile } from './ceph-service.ts'

/** Vultr. It is taken for Ceph, which the vendor does not say: ETags are candidates. */
export const vultrProfile: ProviderProfile = /* @__PURE__ */ extendProfile(cephServiceProfile, {
  id: 'vultr',
  name: 'Vultr Object Storage',
  etag: { single: 'candidate', multipart: 'candidate', part: 'candidate' },
  sources: [{ claim: 'etag', source: 'unconfirmed', date: '2026-11-20' }],
})

export const vultrProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: vultrProfile,
  hosts: ['**.{region}.vultrobjects.com'],
  labels: { region: '[a-z]{3}[0-9]' },
  fingerprints: [cephServiceFingerprint],
  client: cephServiceClient,
  sources: [
    { claim: 'hosts', source: 'https://docs.vultr.com/vultr-object-storage', date: '2026-11-21' },
    { claim: 'client', source: 'unconfirmed', date: '2026-11-20' },
  ],
})
