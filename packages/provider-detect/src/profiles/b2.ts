import type { ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/** Backblaze B2, by its S3-compatible API. What its ETags mean is nowhere written down: they are candidates. */
export const b2Profile: ProviderProfile = /* @__PURE__ */ deepFreeze({
  id: 'b2',
  name: 'Backblaze B2',
  etag: { single: 'candidate', multipart: 'candidate', part: 'candidate', opaqueWith: ['sse-kms', 'sse-c'], inCompleteReply: true },
  checksums: {
    returned: 'candidate',
    verifiedOnWrite: [],
    contentMd5: 'candidate',
    // refused as unsupported headers in 2024 and 2025
    multipartFullObject: [],
    multipartComposite: [],
    vendorHeaders: [],
  },
  limits: {
    minPartBytes: 5_000_000,
    maxPartBytes: 5_000_000_000,
    maxParts: 10_000,
    maxObjectBytes: 10_000_000_000_000,
    maxSinglePutBytes: 5_000_000_000,
    equalParts: false,
    maxKeyBytes: 1024,
    maxMetadataBytes: null,
    maxMetadataValueBytes: null,
  },
  reads: { range: 'yes', ifMatch: 'yes', partNumber: 'candidate', objectAttributes: 'no' },
  writes: { ifNoneMatch: 'candidate', ifNoneMatchOnComplete: 'candidate', deleteIfMatch: 'candidate', sizeOnComplete: 'no' },
  metadata: {
    tags: 'no',
    tagsOnCreateUpload: 'no',
    underscoreBecomesDash: false,
    storageClasses: ['STANDARD'],
    websiteRedirect: 'candidate',
    // only `private` and `public-read`, and an object's ACL must equal its bucket's
    acl: 'no',
    objectLock: 'yes',
    controlCharactersInKeys: 'candidate',
  },
  sources: [
    { claim: 'etag', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'checksums', source: 'iterate-ch/cyberduck#16107; home-assistant/core#143995', date: '2026-11-20' },
    { claim: 'checksums.returned', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'checksums.contentMd5', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits', source: 'https://backblaze.com/docs/cloud-storage-create-large-files-with-the-native-api', date: '2026-11-20' },
    { claim: 'limits.maxObjectBytes', source: 'encryptio/git-annex-remote-b2#10', date: '2026-11-20' },
    { claim: 'limits.maxSinglePutBytes', source: 'encryptio/git-annex-remote-b2#10', date: '2026-11-20' },
    { claim: 'limits.maxKeyBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxMetadataBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxMetadataValueBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'reads', source: 'https://www.backblaze.com/docs/cloud-storage-s3-compatible-api', date: '2026-11-20' },
    { claim: 'writes', source: 'unconfirmed', date: '2026-11-20' },
    // an unknown `x-amz-*` header is an error there, not ignored
    { claim: 'writes.sizeOnComplete', source: 'iterate-ch/cyberduck#16107', date: '2026-11-20' },
    { claim: 'metadata', source: 'https://www.backblaze.com/docs/cloud-storage-s3-compatible-api', date: '2026-11-20' },
    { claim: 'metadata.storageClasses', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'metadata.websiteRedirect', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'metadata.controlCharactersInKeys', source: 'unconfirmed', date: '2026-11-20' },
  ],
})

export const b2Provider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: b2Profile,
  hosts: ['**.s3.{region}.backblazeb2.com'],
  labels: { region: '[a-z]+-[a-z]+-[0-9]{3}' },
  fingerprints: [
    {
      header: 'x-amz-request-id',
      pattern: '[0-9a-f]{16}',
      onlyWithHost: true,
      confidence: 'certain',
      source: 'iterate-ch/cyberduck#16107',
      date: '2026-11-20',
    },
  ],
  client: {
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    notes: ['HTTPS and Signature Version 4 only.', 'Headers it does not know (x-amz-checksum-*, x-amz-tagging) are refused, not ignored.'],
  },
  sources: [
    { claim: 'hosts', source: 'https://www.backblaze.com/apidocs/introduction-to-the-s3-compatible-api', date: '2026-11-20' },
    { claim: 'client', source: 'iterate-ch/cyberduck#16107', date: '2026-11-20' },
  ],
})
