import type { ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/** Wasabi. Its ETags are not documented: they are candidates. */
export const wasabiProfile: ProviderProfile = /* @__PURE__ */ deepFreeze({
  id: 'wasabi',
  name: 'Wasabi',
  etag: { single: 'candidate', multipart: 'candidate', part: 'candidate', opaqueWith: ['sse-kms', 'sse-c'], inCompleteReply: true },
  checksums: {
    returned: 'candidate',
    verifiedOnWrite: [],
    contentMd5: 'yes',
    multipartFullObject: [],
    multipartComposite: [],
    vendorHeaders: [],
  },
  limits: {
    minPartBytes: 5_242_880,
    maxPartBytes: 5_000_000_000,
    maxParts: 10_000,
    maxObjectBytes: 5_000_000_000_000,
    maxSinglePutBytes: 5_000_000_000,
    equalParts: false,
    maxKeyBytes: 1024,
    maxMetadataBytes: null,
    maxMetadataValueBytes: null,
  },
  reads: { range: 'yes', ifMatch: 'candidate', partNumber: 'no', objectAttributes: 'no' },
  writes: { ifNoneMatch: 'candidate', ifNoneMatchOnComplete: 'candidate', deleteIfMatch: 'candidate', sizeOnComplete: 'candidate' },
  metadata: {
    tags: 'yes',
    tagsOnCreateUpload: 'candidate',
    underscoreBecomesDash: false,
    storageClasses: ['STANDARD'],
    websiteRedirect: 'candidate',
    acl: 'candidate',
    objectLock: 'yes',
    controlCharactersInKeys: 'candidate',
  },
  sources: [
    { claim: 'etag', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'checksums', source: 'rclone/rclone#7445; EnterpriseDB/barman#1064', date: '2026-11-20' },
    { claim: 'checksums.contentMd5', source: 'https://docs.wasabi.com/docs/rest-api-introduction', date: '2026-11-20' },
    { claim: 'limits', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxObjectBytes', source: 'pglombardo/PasswordPusher#1895, quoting the Wasabi FAQ', date: '2026-11-20' },
    { claim: 'limits.maxSinglePutBytes', source: 'pglombardo/PasswordPusher#1895, quoting the Wasabi FAQ', date: '2026-11-20' },
    { claim: 'reads', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'reads.range', source: 'https://docs.wasabi.com/docs/operations-on-objects', date: '2026-11-20' },
    { claim: 'writes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'metadata', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'metadata.tags', source: 'https://docs.wasabi.com/docs/december-2023-apis', date: '2026-11-20' },
    { claim: 'metadata.objectLock', source: 'https://docs.wasabi.com/apidocs/object-lock-with-the-wasabi-s3-api.md', date: '2026-11-20' },
  ],
})

export const wasabiProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: wasabiProfile,
  hosts: ['**.s3.wasabisys.com', '**.s3.{region}.wasabisys.com'],
  labels: { region: '[a-z]+-[a-z]+-[0-9]' },
  fingerprints: [
    { header: 'server', value: 'WasabiS3/*', confidence: 'likely', source: 'unconfirmed', date: '2026-11-20' },
    { header: 'x-wasabi-cm-reference-id', confidence: 'likely', source: 'unconfirmed', date: '2026-11-20' },
  ],
  client: {
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    notes: ['s3.wasabisys.com is us-east-1.'],
  },
  sources: [
    { claim: 'hosts', source: 'rclone/rclone@64ab1ac:backend/s3/provider/Wasabi.yaml', date: '2026-11-20' },
    { claim: 'client', source: 'https://docs.wasabi.com/docs/rest-api-introduction; romange/helio#152', date: '2026-11-20' },
  ],
})
