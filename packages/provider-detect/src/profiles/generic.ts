import { genericProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/** An endpoint that nothing is known of. It is what detection falls back to, and matches nothing by itself. */
export const genericProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: genericProfile,
  hosts: [],
  fingerprints: [],
  client: { forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' },
  sources: [{ claim: 'client', source: 'what the stores of this package have in common', date: '2026-11-20' }],
})
