import type { ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'
import { cephServiceFingerprint, cephServiceProfile } from './ceph-service.ts'

/** Contabo, which says that it is Ceph; the release is not known. */
export const contaboProfile: ProviderProfile = /* @__PURE__ */ extendProfile(cephServiceProfile, {
  id: 'contabo',
  name: 'Contabo Object Storage',
  limits: { maxObjectBytes: 5_000_000_000_000 },
  sources: [{ claim: 'limits.maxObjectBytes', source: 'https://docs.contabo.com/docs/products/Object-Storage/technical-description/', date: '2026-11-21' }],
})

export const contaboProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: contaboProfile,
  hosts: ['{region}.contabostorage.com'],
  labels: { region: '[a-z]{2,3}[0-9]' },
  fingerprints: [cephServiceFingerprint],
  client: {
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    notes: ['Path style only.', 'About 250 requests a second and 10 MB a second by default.'],
  },
  sources: [
    { claim: 'hosts', source: 'https://docs.contabo.com/docs/products/Object-Storage/technical-description/', date: '2026-11-21' },
    { claim: 'client', source: 'https://docs.contabo.com/docs/products/Object-Storage/technical-description/', date: '2026-11-21' },
  ],
})
