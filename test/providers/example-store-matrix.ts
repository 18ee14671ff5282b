import type { ProviderProfile } from '@sealift/core'
import { createProviderRegistry } from '@sealift/provider-detect'
import type { AddedStore } from '../evidence-matrix/added-store.ts'
import { CHECKED_WRITES, ETAGS_ONLY } from '../evidence-matrix/evidence-table.ts'
import { exampleStore, exampleStorePersonality } from './example-store.ts'

/** What `npm run evidence-matrix -- --store test/providers/example-store-matrix.ts` runs. */
export const matrixStore: AddedStore = {
  // written from what was found out of the store, not from the profile
  facts: {
    id: 'example-store',
    name: 'ExampleStore 4',
    scale: 'tiny',
    profileId: 'example-store',
    // under SSE-KMS the ETag is no digest, and no checksum is kept
    source: { ...ETAGS_ONLY, 'sse-kms': { claim: 'nothing', layout: 'single', questions: 0 } },
    destination: { ...CHECKED_WRITES, kms: 'reply' },
  },
  personality: exampleStorePersonality,
  profile: profileOf('example-store'),
}

function profileOf(id: string): ProviderProfile {
  const provider = createProviderRegistry([exampleStore]).byId(id)
  if (provider === undefined) throw new Error(`no provider ${id}`)
  return provider.profile
}
