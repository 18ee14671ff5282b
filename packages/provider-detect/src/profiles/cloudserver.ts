import { genericProfile, type ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/** Scality's CloudServer (Zenko), source of 2024. */
export const cloudserverProfile: ProviderProfile = /* @__PURE__ */ extendProfile(genericProfile, {
  id: 'cloudserver',
  name: 'Zenko CloudServer',
  limits: { minPartBytes: 5_242_880, maxPartBytes: 5_368_709_120, maxParts: 10_000, maxSinglePutBytes: 5_368_709_120, equalParts: false },
  reads: { partNumber: 'yes' },
  writes: { ifNoneMatch: 'no', ifNoneMatchOnComplete: 'no' },
  metadata: { tags: 'yes', acl: 'yes', objectLock: 'yes' },
  sources: [
    { claim: 'limits', source: 'scality/cloudserver@ec2e304:constants.js', date: '2026-11-20' },
    { claim: 'limits.maxKeyBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxMetadataBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxMetadataValueBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'reads.partNumber', source: 'scality/cloudserver@ec2e304:lib/api/objectHead.js', date: '2026-11-20' },
    { claim: 'writes.ifNoneMatch', source: 'scality/cloudserver@ec2e304:lib/api/objectPut.js (not looked at)', date: '2026-11-20' },
    { claim: 'writes.ifNoneMatchOnComplete', source: 'scality/cloudserver@ec2e304:lib/api/completeMultipartUpload.js (not looked at)', date: '2026-11-20' },
    { claim: 'metadata.tags', source: 'scality/cloudserver@ec2e304:lib/api/api.js', date: '2026-11-20' },
    { claim: 'metadata.acl', source: 'scality/cloudserver@ec2e304:lib/api/api.js', date: '2026-11-20' },
    { claim: 'metadata.objectLock', source: 'scality/cloudserver@ec2e304:lib/api/api.js', date: '2026-11-20' },
  ],
})

export const cloudserverProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: cloudserverProfile,
  hosts: [],
  fingerprints: [
    { header: 'server', value: 'S3 Server', confidence: 'certain', source: 'scality/Arsenal@94c7038:lib/s3routes/routesUtils.ts', date: '2026-11-20' },
  ],
  client: {
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    notes: ['Trailer checksums are refused with 400.'],
  },
  sources: [{ claim: 'client', source: 'scality/cloudserver#5553', date: '2026-11-20' }],
})
