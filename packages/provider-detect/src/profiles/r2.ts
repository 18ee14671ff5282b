import type { ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/** Cloudflare R2. Decompresses stored `Content-Encoding: gzip` unless it is asked for `identity`. */
export const r2Profile: ProviderProfile = /* @__PURE__ */ deepFreeze({
  id: 'r2',
  name: 'Cloudflare R2',
  etag: { single: 'yes', multipart: 'yes', part: 'yes', opaqueWith: ['sse-kms', 'sse-c'], multipartSince: '2023-06-21', inCompleteReply: true },
  checksums: {
    returned: 'candidate',
    // the algorithms are documented as accepted; that a wrong value is refused is not
    verifiedOnWrite: [],
    contentMd5: 'yes',
    multipartFullObject: ['crc64nvme'],
    multipartComposite: ['crc32', 'crc32c', 'sha1', 'sha256'],
    vendorHeaders: [],
  },
  limits: {
    minPartBytes: 5_242_880,
    // 4.995 GiB and 4.995 TiB, rounded down
    maxPartBytes: 5_363_340_410,
    maxParts: 10_000,
    maxObjectBytes: 5_492_060_580_741,
    maxSinglePutBytes: 5_363_340_410,
    equalParts: true,
    maxKeyBytes: 1024,
    maxMetadataBytes: 8192,
    maxMetadataValueBytes: null,
  },
  reads: { range: 'yes', ifMatch: 'yes', partNumber: 'candidate', objectAttributes: 'no' },
  writes: { ifNoneMatch: 'yes', ifNoneMatchOnComplete: 'candidate', deleteIfMatch: 'candidate', sizeOnComplete: 'candidate' },
  metadata: {
    tags: 'no',
    tagsOnCreateUpload: 'no',
    underscoreBecomesDash: false,
    storageClasses: ['STANDARD', 'STANDARD_IA'],
    websiteRedirect: 'no',
    acl: 'no',
    objectLock: 'no',
    controlCharactersInKeys: 'candidate',
  },
  copies: {
    object: 'yes',
    part: 'yes',
    ifMatch: 'yes',
    partIfMatch: 'no',
    recomputes: 'candidate',
    // a header of its own does that: `cf-copy-destination-if-none-match`
    ifNoneMatch: 'no',
    tags: 'no',
    maxObjectBytes: 5_000_000_000,
  },
  sources: [
    { claim: 'copies', source: 'unconfirmed', date: '2026-11-21' },
    { claim: 'copies.object', source: 'cloudflare/cloudflare-docs@f443911:src/content/docs/r2/api/s3/api.mdx', date: '2026-11-20' },
    { claim: 'copies.part', source: 'cloudflare/cloudflare-docs@f443911:src/content/docs/r2/api/s3/api.mdx', date: '2026-11-20' },
    { claim: 'copies.ifMatch', source: 'cloudflare/cloudflare-docs@f443911:src/content/docs/r2/api/s3/api.mdx', date: '2026-11-21' },
    { claim: 'copies.ifNoneMatch', source: 'https://developers.cloudflare.com/r2/api/s3/conditional-operations/', date: '2026-11-21' },
    {
      claim: 'copies.tags',
      source: 'cloudflare/cloudflare-docs@f443911:src/content/docs/r2/api/s3/api.mdx (x-amz-tagging not implemented)',
      date: '2026-11-21',
    },
    {
      claim: 'copies.partIfMatch',
      source: 'cloudflare/cloudflare-docs@f443911:src/content/docs/r2/api/s3/api.mdx (no conditional headers)',
      date: '2026-11-20',
    },
    { claim: 'etag', source: 'cloudflare/cloudflare-docs@abb2df9:src/content/docs/r2/objects/multipart-objects.mdx', date: '2026-11-20' },
    { claim: 'etag.single', source: 'cloudflare/cloudflare-docs@077e0a3:src/content/release-notes/r2.yaml (2022-09-19)', date: '2026-11-20' },
    { claim: 'etag.multipartSince', source: 'cloudflare/cloudflare-docs@077e0a3:src/content/release-notes/r2.yaml (2023-06-21)', date: '2026-11-20' },
    { claim: 'etag.opaqueWith', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'checksums', source: 'https://developers.cloudflare.com/r2/data-access/s3-api/api/', date: '2026-11-20' },
    { claim: 'checksums.contentMd5', source: 'cloudflare/cloudflare-docs@3b5d01d:src/content/docs/r2/api/error-codes.mdx (BadDigest)', date: '2026-11-20' },
    { claim: 'limits', source: 'cloudflare/cloudflare-docs@a7f17ac:src/content/docs/r2/platform/limits.mdx', date: '2026-11-20' },
    { claim: 'limits.equalParts', source: 'cloudflare/cloudflare-docs@3b5d01d:src/content/docs/r2/api/error-codes.mdx (10048)', date: '2026-11-20' },
    { claim: 'reads', source: 'cloudflare/cloudflare-docs@f443911:src/content/docs/r2/api/s3/api.mdx', date: '2026-11-20' },
    {
      claim: 'reads.objectAttributes',
      source: 'cloudflare/cloudflare-docs@0ad0725:src/content/docs/r2/api/s3/api.mdx (not among the implemented operations)',
      date: '2026-11-21',
    },
    { claim: 'writes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'writes.ifNoneMatch', source: 'cloudflare/cloudflare-docs@f443911:src/content/docs/r2/api/s3/api.mdx', date: '2026-11-20' },
    { claim: 'metadata', source: 'cloudflare/cloudflare-docs@f443911:src/content/docs/r2/api/s3/api.mdx', date: '2026-11-20' },
    { claim: 'metadata.websiteRedirect', source: 'cloudflare/cloudflare-docs@0ad0725:src/content/docs/r2/api/s3/api.mdx', date: '2026-11-21' },
    { claim: 'metadata.controlCharactersInKeys', source: 'unconfirmed', date: '2026-11-20' },
  ],
})

export const r2Provider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: r2Profile,
  hosts: ['**.{account}.r2.cloudflarestorage.com', '**.{account}.{jurisdiction}.r2.cloudflarestorage.com'],
  labels: { account: '[0-9a-f]{32}', jurisdiction: 'eu|us|fedramp' },
  fingerprints: [
    {
      header: 'cf-ray',
      onlyWithHost: true,
      confidence: 'certain',
      source: 'https://developers.cloudflare.com/fundamentals/reference/http-headers/',
      date: '2026-11-20',
    },
  ],
  client: { forcePathStyle: true, region: 'auto', requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' },
  sources: [
    { claim: 'hosts', source: 'https://developers.cloudflare.com/r2/reference/data-location/', date: '2026-11-21' },
    { claim: 'client', source: 'cloudflare/cloudflare-docs@f443911:src/content/docs/r2/api/s3/api.mdx; aws/aws-sdk-js-v3#6810', date: '2026-11-20' },
  ],
})
