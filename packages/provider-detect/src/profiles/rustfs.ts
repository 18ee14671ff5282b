import { genericProfile, type ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/** RustFS. Nothing of it was measured; before rustfs#2009 it kept the token `aws-chunked` of Content-Encoding. */
export const rustfsProfile: ProviderProfile = /* @__PURE__ */ extendProfile(genericProfile, {
  id: 'rustfs',
  name: 'RustFS',
  sources: [{ claim: 'etag', source: 'unconfirmed', date: '2026-11-21' }],
})

export const rustfsProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: rustfsProfile,
  hosts: [],
  fingerprints: [{ header: 'server', value: 'RustFS*', confidence: 'likely', source: 'unconfirmed', date: '2026-11-21' }],
  client: { forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' },
  sources: [{ claim: 'client', source: 'unconfirmed', date: '2026-11-21' }],
})
