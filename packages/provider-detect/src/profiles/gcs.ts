import { genericProfile, type ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/**
 * Google Cloud Storage by its S3-compatible XML API. `x-goog-hash` carries a CRC32C of every object and an MD5 of most; ETags of multipart uploads are opaque.
 * A stored `Content-Encoding: gzip` is unpacked for a reader that does not accept it.
 */
export const gcsProfile: ProviderProfile = /* @__PURE__ */ extendProfile(genericProfile, {
  id: 'gcs',
  name: 'Google Cloud Storage (XML API)',
  etag: { multipart: 'no' },
  checksums: { returned: 'no', contentMd5: 'yes', vendorHeaders: ['x-goog-hash'] },
  limits: { maxPartBytes: 5_000_000_000, maxParts: 10_000, maxObjectBytes: 5_000_000_000_000 },
  writes: { ifNoneMatch: 'no', ifNoneMatchOnComplete: 'no' },
  metadata: { tags: 'no', tagsOnCreateUpload: 'no', storageClasses: ['STANDARD', 'NEARLINE', 'COLDLINE', 'ARCHIVE'], acl: 'no', objectLock: 'no' },
  copies: {
    object: 'yes',
    part: 'no',
    ifMatch: 'candidate',
    partIfMatch: 'no',
    recomputes: 'candidate',
    ifNoneMatch: 'no',
    tags: 'no',
    maxObjectBytes: 5_000_000_000_000,
  },
  sources: [
    { claim: 'copies', source: 'unconfirmed', date: '2026-11-21' },
    {
      claim: 'copies.object',
      source: 'https://cloud.google.com/storage/docs/xml-api/put-object-copy; rclone/rclone@64ab1ac:backend/s3/provider/GCS.yaml',
      date: '2026-11-21',
    },
    {
      claim: 'copies.ifMatch',
      source: 'unconfirmed (documented for x-goog-copy-source-if-match: https://cloud.google.com/storage/docs/xml-api/put-object-copy)',
      date: '2026-11-21',
    },
    { claim: 'copies.partIfMatch', source: 'there is no UploadPartCopy', date: '2026-11-21' },
    {
      claim: 'copies.ifNoneMatch',
      source: 'https://cloud.google.com/storage/docs/request-preconditions (generation headers of its own)',
      date: '2026-11-20',
    },
    { claim: 'copies.part', source: 'rclone/rclone@64ab1ac:backend/s3/provider/GCS.yaml', date: '2026-11-20' },
    { claim: 'copies.maxObjectBytes', source: 'rclone/rclone@64ab1ac:backend/s3/provider/GCS.yaml (one CopyObject, whatever the size)', date: '2026-11-20' },
    { claim: 'etag.multipart', source: 'https://cloud.google.com/storage/docs/multipart-uploads', date: '2026-11-20' },
    { claim: 'checksums.returned', source: 'milvus-io/milvus-storage#454', date: '2026-11-20' },
    { claim: 'checksums.contentMd5', source: 'https://cloud.google.com/storage/docs/hashes-etags', date: '2026-11-20' },
    { claim: 'checksums.vendorHeaders', source: 'https://cloud.google.com/storage/docs/hashes-etags', date: '2026-11-20' },
    { claim: 'limits.maxParts', source: 'https://cloud.google.com/storage/docs/multipart-uploads', date: '2026-11-20' },
    { claim: 'limits.maxObjectBytes', source: 'https://cloud.google.com/storage/quotas', date: '2026-11-20' },
    { claim: 'writes.ifNoneMatch', source: 'https://cloud.google.com/storage/docs/request-preconditions (generation headers of its own)', date: '2026-11-20' },
    { claim: 'writes.ifNoneMatchOnComplete', source: 'https://cloud.google.com/storage/docs/multipart-uploads', date: '2026-11-20' },
    { claim: 'metadata', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'metadata.storageClasses', source: 'https://cloud.google.com/storage/docs/storage-classes', date: '2026-11-20' },
  ],
})

export const gcsProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: gcsProfile,
  hosts: ['**.storage.googleapis.com'],
  fingerprints: [
    { header: 'x-goog-hash', confidence: 'certain', source: 'https://cloud.google.com/storage/docs/hashes-etags', date: '2026-11-20' },
    { header: 'x-guploader-uploadid', confidence: 'likely', source: 'unconfirmed', date: '2026-11-20' },
  ],
  client: {
    forcePathStyle: true,
    region: 'auto',
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    notes: [
      'HMAC keys are needed.',
      'Accept-Encoding must not be signed and the query `x-id` must go, or the signature does not match.',
      "There is no UploadPartCopy and no batch delete by S3's form.",
    ],
  },
  sources: [
    { claim: 'hosts', source: 'rclone/rclone@64ab1ac:backend/s3/provider/GCS.yaml', date: '2026-11-20' },
    { claim: 'client', source: 'rclone/rclone@64ab1ac:backend/s3/provider/GCS.yaml; aws/aws-sdk-go-v2#1816', date: '2026-11-20' },
  ],
})
