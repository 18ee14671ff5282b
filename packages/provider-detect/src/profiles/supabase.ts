import { genericProfile, type ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/** Supabase Storage: its S3 API lies under the path `/storage/v1/s3`. ETags are those of the store behind it. */
export const supabaseProfile: ProviderProfile = /* @__PURE__ */ extendProfile(genericProfile, {
  id: 'supabase',
  name: 'Supabase Storage',
  writes: { ifNoneMatch: 'no', ifNoneMatchOnComplete: 'no' },
  metadata: { tags: 'no', tagsOnCreateUpload: 'no', acl: 'no', objectLock: 'no' },
  sources: [
    { claim: 'etag', source: 'supabase/storage@4fa61fb:src/storage/backend/s3/adapter.ts (passed through)', date: '2026-11-20' },
    { claim: 'writes.ifNoneMatch', source: 'supabase/storage@4fa61fb:src/http/routes/s3/commands (not looked at)', date: '2026-11-20' },
    { claim: 'writes.ifNoneMatchOnComplete', source: 'supabase/storage@4fa61fb:src/http/routes/s3/commands (not looked at)', date: '2026-11-20' },
    { claim: 'reads.objectAttributes', source: 'supabase/storage@4fa61fb:src/http/routes/s3/commands (not there)', date: '2026-11-20' },
    { claim: 'metadata.tags', source: 'supabase/storage@4fa61fb:src/http/routes/s3/commands (not there)', date: '2026-11-20' },
    { claim: 'metadata.tagsOnCreateUpload', source: 'supabase/storage@4fa61fb:src/http/routes/s3/commands (not there)', date: '2026-11-20' },
    { claim: 'metadata.acl', source: 'supabase/storage@4fa61fb:src/http/routes/s3/commands (not there)', date: '2026-11-20' },
    { claim: 'metadata.objectLock', source: 'supabase/storage@4fa61fb:src/http/routes/s3/commands (not there)', date: '2026-11-20' },
  ],
})

export const supabaseProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: supabaseProfile,
  hosts: ['{project}.storage.supabase.co', '{project}.supabase.co'],
  labels: { project: '[a-z]{20}' },
  fingerprints: [],
  client: {
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_SUPPORTED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    notes: ['The endpoint ends in /storage/v1/s3.'],
  },
  sources: [
    { claim: 'hosts', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'client', source: 'supabase/storage@4fa61fb:src/http/routes/s3', date: '2026-11-20' },
  ],
})
