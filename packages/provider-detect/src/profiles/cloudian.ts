import { genericProfile, type ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/** Cloudian HyperStore. Nothing of it was seen or measured. */
export const cloudianProfile: ProviderProfile = /* @__PURE__ */ extendProfile(genericProfile, {
  id: 'cloudian',
  name: 'Cloudian HyperStore',
  sources: [],
})

export const cloudianProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: cloudianProfile,
  hosts: [],
  fingerprints: [{ header: 'server', value: 'CloudianS3', confidence: 'likely', source: 'unconfirmed', date: '2026-11-20' }],
  client: { forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' },
  sources: [{ claim: 'client', source: 'unconfirmed', date: '2026-11-20' }],
})
