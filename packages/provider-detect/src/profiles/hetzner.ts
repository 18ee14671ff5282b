import type { ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'
import { cephServiceClient, cephServiceFingerprint, cephServiceProfile } from './ceph-service.ts'

/** Hetzner Object Storage, which the vendor says is Ceph; the release is not known. */
export const hetznerProfile: ProviderProfile = /* @__PURE__ */ extendProfile(cephServiceProfile, {
  id: 'hetzner',
  name: 'Hetzner Object Storage',
  metadata: { objectLock: 'yes' },
  sources: [
    { claim: 'reads.objectAttributes', source: 'https://docs.hetzner.com/storage/object-storage/supported-actions/ (not supported)', date: '2026-11-20' },
    { claim: 'metadata.objectLock', source: 'https://docs.hetzner.com/storage/object-storage/supported-actions/', date: '2026-11-20' },
  ],
})

export const hetznerProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: hetznerProfile,
  hosts: ['**.{region}.your-objectstorage.com'],
  labels: { region: '[a-z]{3}[0-9]' },
  fingerprints: [cephServiceFingerprint],
  client: {
    ...cephServiceClient,
    notes: ['CopyObject may fail even inside one location.', 'A trailer checksum on UploadPart was refused in 2025.'],
  },
  sources: [
    {
      claim: 'hosts',
      source: 'https://docs.hetzner.com/storage/object-storage/overview; rclone/rclone@64ab1ac:backend/s3/provider/Hetzner.yaml',
      date: '2026-11-20',
    },
    { claim: 'client', source: 'home-assistant/core#144015', date: '2026-11-20' },
  ],
})
