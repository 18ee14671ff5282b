import { genericProfile, type ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/**
 * `rclone serve s3`, built on gofakes3. After a multipart upload it shows the MD5 that the store behind it has of the whole object, not `-N`, or no ETag at all.
 * It calls itself AmazonS3. Older framing of aws-chunked bodies may be stored as data.
 */
export const rcloneProfile: ProviderProfile = /* @__PURE__ */ extendProfile(genericProfile, {
  id: 'rclone',
  name: 'rclone serve s3',
  etag: { single: 'yes', singleAmbiguous: true, multipart: 'no', mayBeAbsent: true },
  checksums: { returned: 'no', contentMd5: 'yes' },
  reads: { ifMatch: 'candidate' },
  writes: { ifNoneMatch: 'no', ifNoneMatchOnComplete: 'no', deleteIfMatch: 'no', sizeOnComplete: 'no' },
  metadata: { tags: 'no', tagsOnCreateUpload: 'no', acl: 'no', objectLock: 'no' },
  copies: {
    object: 'yes',
    part: 'no',
    ifMatch: 'no',
    partIfMatch: 'no',
    // the reply has the hash of the source
    recomputes: 'no',
    ifNoneMatch: 'no',
    tags: 'no',
    maxObjectBytes: 5_000_000_000_000,
  },
  sources: [
    { claim: 'copies', source: 'unconfirmed', date: '2026-11-21' },
    { claim: 'copies.object', source: 'rclone/rclone@0008e03:cmd/serve/s3/backend.go (CopyObject: a read and a write)', date: '2026-11-21' },
    { claim: 'copies.ifMatch', source: 'rclone/gofakes3@ef642ce:gofakes3.go (copyObject: not looked at)', date: '2026-11-21' },
    { claim: 'copies.partIfMatch', source: 'rclone/gofakes3@ef642ce:gofakes3.go (not looked at)', date: '2026-11-21' },
    { claim: 'copies.recomputes', source: 'rclone/rclone@0008e03:cmd/serve/s3/backend.go (CopyObject)', date: '2026-11-21' },
    { claim: 'copies.ifNoneMatch', source: 'rclone/gofakes3@ef642ce:gofakes3.go (copyObject: not looked at)', date: '2026-11-21' },
    { claim: 'copies.tags', source: 'rclone/rclone@64ab1ac:cmd/serve/s3/serve_s3.md', date: '2026-11-21' },
    { claim: 'copies.maxObjectBytes', source: 'rclone/rclone@1c254f5:backend/s3/provider/Rclone.yaml (one CopyObject, whatever the size)', date: '2026-11-21' },
    { claim: 'copies.part', source: 'rclone/rclone@64ab1ac:cmd/serve/s3/serve_s3.md (a multipart server-side copy is broken)', date: '2026-11-20' },
    { claim: 'etag', source: 'rclone/rclone@64ab1ac:cmd/serve/s3/utils.go, multipart.go, serve_s3.md', date: '2026-11-20' },
    { claim: 'checksums.returned', source: 'rclone/gofakes3@ef642ce:gofakes3.go', date: '2026-11-20' },
    { claim: 'checksums.contentMd5', source: 'rclone/gofakes3@ef642ce:gofakes3.go', date: '2026-11-20' },
    { claim: 'writes', source: 'rclone/gofakes3@ef642ce:gofakes3.go (not looked at)', date: '2026-11-20' },
    { claim: 'metadata.tags', source: 'rclone/rclone@64ab1ac:cmd/serve/s3/serve_s3.md', date: '2026-11-20' },
    { claim: 'metadata.tagsOnCreateUpload', source: 'rclone/rclone@64ab1ac:cmd/serve/s3/serve_s3.md', date: '2026-11-20' },
    { claim: 'metadata.acl', source: 'rclone/rclone@64ab1ac:cmd/serve/s3/serve_s3.md', date: '2026-11-20' },
    { claim: 'metadata.objectLock', source: 'rclone/rclone@64ab1ac:cmd/serve/s3/serve_s3.md', date: '2026-11-20' },
  ],
})

export const rcloneProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: rcloneProfile,
  hosts: [],
  fingerprints: [
    {
      header: 'x-amz-request-id',
      pattern: '0{8}[0-9A-F]{8}',
      confidence: 'likely',
      source: 'rclone/gofakes3@ef642ce:routing.go (a counter, from process start)',
      date: '2026-11-20',
    },
  ],
  client: {
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    notes: ['Parts have to come roughly in order; keys with `..` or `//` are refused.'],
  },
  sources: [{ claim: 'client', source: 'rclone/gofakes3@ef642ce:gofakes3.go', date: '2026-11-20' }],
})
