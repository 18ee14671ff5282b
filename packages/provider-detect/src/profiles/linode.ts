import type { ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'
import { cephServiceClient, cephServiceFingerprint, cephServiceProfile } from './ceph-service.ts'

/** Akamai Cloud, formerly Linode. It is taken for Ceph, which the vendor does not say: ETags are candidates. Its endpoint types E0 to E3 differ and cannot be told by the host. */
export const linodeProfile: ProviderProfile = /* @__PURE__ */ extendProfile(cephServiceProfile, {
  id: 'linode',
  name: 'Akamai (Linode) Object Storage',
  etag: { single: 'candidate', multipart: 'candidate', part: 'candidate' },
  sources: [{ claim: 'etag', source: 'unconfirmed', date: '2026-11-20' }],
})

export const linodeProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: linodeProfile,
  hosts: ['**.{region}.linodeobjects.com'],
  labels: { region: '[a-z]{2}-[a-z]+-[0-9]+' },
  fingerprints: [cephServiceFingerprint],
  client: cephServiceClient,
  sources: [
    {
      claim: 'hosts',
      source: 'https://techdocs.akamai.com/cloud-computing/docs/object-storage; rclone/rclone@64ab1ac:backend/s3/provider/Linode.yaml',
      date: '2026-11-21',
    },
    { claim: 'client', source: 'unconfirmed', date: '2026-11-20' },
  ],
})
