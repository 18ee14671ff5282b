import { genericProfile, type ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/** IDrive e2, said to be built on MinIO; nothing of it was seen or measured. */
export const idriveE2Profile: ProviderProfile = /* @__PURE__ */ extendProfile(genericProfile, {
  id: 'idrive-e2',
  name: 'IDrive e2',
  sources: [],
})

export const idriveE2Provider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: idriveE2Profile,
  hosts: ['{account}.{location}.idrivee2-{cluster}.com'],
  labels: { account: '[a-z0-9]{4}', location: '[a-z0-9]+', cluster: '[0-9]{1,3}' },
  fingerprints: [],
  client: {
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    notes: ["The host is the account's own."],
  },
  sources: [
    { claim: 'hosts', source: 'rclone/rclone@64ab1ac:backend/s3/provider/IDrive.yaml', date: '2026-11-20' },
    { claim: 'client', source: 'rclone/rclone#7445', date: '2026-11-20' },
  ],
})
