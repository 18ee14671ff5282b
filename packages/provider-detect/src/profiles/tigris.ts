import { genericProfile, type ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/** Tigris, also under Fly.io's names. */
export const tigrisProfile: ProviderProfile = /* @__PURE__ */ extendProfile(genericProfile, {
  id: 'tigris',
  name: 'Tigris',
  limits: { maxObjectBytes: 5_000_000_000_000 },
  reads: { ifMatch: 'yes' },
  writes: { ifNoneMatch: 'yes' },
  metadata: { tags: 'yes' },
  sources: [
    { claim: 'limits.maxObjectBytes', source: 'tigrisdata/tigris-os-docs@63c94bc:docs/objects/multipart-uploads.mdx', date: '2026-11-20' },
    { claim: 'reads.ifMatch', source: 'tigrisdata/tigris-os-docs@63c94bc:docs/objects/conditionals.md', date: '2026-11-20' },
    { claim: 'writes.ifNoneMatch', source: 'tigrisdata/tigris-os-docs@63c94bc:docs/objects/conditionals.md', date: '2026-11-20' },
    { claim: 'metadata.tags', source: 'tigrisdata/tigris-os-docs@63c94bc:docs/api/s3/index.mdx', date: '2026-11-20' },
  ],
})

export const tigrisProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: tigrisProfile,
  hosts: ['**.t3.storage.dev', '**.fly.storage.tigris.dev', '**.t3.storageapi.dev'],
  fingerprints: [{ header: 'server', value: 'Tigris OS', confidence: 'likely', source: 'unconfirmed', date: '2026-11-20' }],
  client: { forcePathStyle: false, region: 'auto', requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' },
  sources: [
    { claim: 'hosts', source: 'tigrisdata/tigris-os-docs@63c94bc:docs/api/s3/index.mdx', date: '2026-11-20' },
    { claim: 'client', source: 'tigrisdata/tigris-os-docs@63c94bc:docs/api/s3/index.mdx', date: '2026-11-20' },
  ],
})
