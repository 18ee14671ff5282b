import { genericProfile, type ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/** Dell ECS. It takes any value for a checksum header. A PUT with `Range` appends to an object or patches it. */
export const ecsProfile: ProviderProfile = /* @__PURE__ */ extendProfile(genericProfile, {
  id: 'ecs',
  name: 'Dell ECS',
  checksums: { returned: 'no' },
  writes: { ifNoneMatch: 'candidate' },
  sources: [
    { claim: 'checksums.returned', source: 'scireum/sirius-biz#2246 (any value passes)', date: '2026-11-20' },
    { claim: 'writes.ifNoneMatch', source: 'https://portal.ecstestdrive.com/Document/ECS/3.8/apidocs/ (createOrUpdateObject)', date: '2026-11-20' },
  ],
})

export const ecsProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: ecsProfile,
  hosts: [],
  fingerprints: [
    { header: 'server', value: 'ViPR/*', confidence: 'likely', source: 'unconfirmed', date: '2026-11-20' },
    { header: 'x-emc-mtime', confidence: 'likely', source: 'unconfirmed', date: '2026-11-20' },
  ],
  client: {
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    notes: ['Trailers are refused; never send Range on a PUT.'],
  },
  sources: [{ claim: 'client', source: 'aws/aws-sdk-java-v2#5711; eclipse-apoapsis/ort-server#1846', date: '2026-11-20' }],
})
