import type { ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import type { ProviderDefinition } from '../provider-definition.ts'
import { awsServerFingerprint } from './aws-partition.ts'

/** Amazon S3, general purpose buckets. Directory buckets (`…--x-s3`) have random ETags: this profile does not fit them. */
export const awsProfile: ProviderProfile = /* @__PURE__ */ deepFreeze({
  id: 'aws',
  name: 'Amazon S3',
  etag: { single: 'yes', multipart: 'yes', part: 'yes', opaqueWith: ['sse-kms', 'sse-c'], inCompleteReply: true },
  checksums: {
    returned: 'yes',
    verifiedOnWrite: ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'],
    contentMd5: 'yes',
    multipartFullObject: ['crc64nvme', 'crc32', 'crc32c'],
    multipartComposite: ['crc32', 'crc32c', 'sha1', 'sha256'],
    vendorHeaders: [],
  },
  limits: {
    minPartBytes: 5_242_880,
    maxPartBytes: 5_368_709_120,
    maxParts: 10_000,
    maxObjectBytes: 53_687_091_200_000,
    maxSinglePutBytes: 5_368_709_120,
    equalParts: false,
    maxKeyBytes: 1024,
    maxMetadataBytes: 2048,
    maxMetadataValueBytes: null,
  },
  reads: { range: 'yes', ifMatch: 'yes', partNumber: 'yes', objectAttributes: 'yes' },
  writes: { ifNoneMatch: 'yes', atomicPut: 'yes', ifNoneMatchOnComplete: 'yes', deleteIfMatch: 'yes', sizeOnComplete: 'yes' },
  metadata: {
    tags: 'yes',
    tagsOnCreateUpload: 'yes',
    underscoreBecomesDash: false,
    storageClasses: ['STANDARD', 'STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE', 'REDUCED_REDUNDANCY'],
    websiteRedirect: 'yes',
    // a bucket with owner-enforced ownership (the default since 2023) refuses ACLs
    acl: 'candidate',
    objectLock: 'yes',
    controlCharactersInKeys: 'candidate',
  },
  copies: {
    object: 'yes',
    part: 'yes',
    ifMatch: 'yes',
    partIfMatch: 'yes',
    // "Objects created by the … Copy operation … have ETags that are an MD5 digest of their object data"; whether it is of the bytes that were read is not said
    recomputes: 'candidate',
    ifNoneMatch: 'yes',
    tags: 'yes',
    maxObjectBytes: 5_368_709_120,
  },
  sources: [
    { claim: 'etag', source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html', date: '2026-11-20' },
    { claim: 'etag.multipart', source: 'minio/minio@7aac2a2:internal/etag/etag.go; rclone/rclone@64ab1ac:backend/s3/s3.go', date: '2026-11-20' },
    { claim: 'checksums', source: 'npm @aws-sdk/client-s3 3.1169.0: PutObject, CreateMultipartUpload', date: '2026-11-20' },
    { claim: 'limits', source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html', date: '2026-11-20' },
    { claim: 'limits.maxMetadataBytes', source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html', date: '2026-11-20' },
    { claim: 'reads', source: 'npm @aws-sdk/client-s3 3.1169.0: GetObject, HeadObject, GetObjectAttributes', date: '2026-11-20' },
    { claim: 'writes', source: 'npm @aws-sdk/client-s3 3.1169.0: PutObject, CompleteMultipartUpload', date: '2026-11-20' },
    {
      claim: 'writes.atomicPut',
      source: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html ("never adds partial objects")',
      date: '2026-11-22',
    },
    { claim: 'writes.deleteIfMatch', source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html', date: '2026-11-21' },
    { claim: 'copies', source: 'npm @aws-sdk/client-s3 3.1169.0: CopyObject, UploadPartCopy', date: '2026-11-21' },
    { claim: 'copies.recomputes', source: 'unconfirmed', date: '2026-11-21' },
    { claim: 'metadata', source: 'npm @aws-sdk/client-s3 3.1169.0: PutObject, CreateMultipartUpload', date: '2026-11-20' },
    { claim: 'metadata.acl', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'metadata.controlCharactersInKeys', source: 'unconfirmed', date: '2026-11-20' },
  ],
})

export const awsProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: awsProfile,
  hosts: [
    '**.s3.amazonaws.com',
    '**.s3.{region}.amazonaws.com',
    '**.s3.dualstack.{region}.amazonaws.com',
    '**.s3-fips.{region}.amazonaws.com',
    '**.s3-fips.dualstack.{region}.amazonaws.com',
    // the form of before 2019
    '**.s3-{region}.amazonaws.com',
    '**.s3-external-1.amazonaws.com',
    '**.s3-accelerate.amazonaws.com',
    '**.s3-accelerate.dualstack.amazonaws.com',
    '**.bucket.vpce-*.s3.{region}.vpce.amazonaws.com',
  ],
  labels: { region: '(?!us-gov-|cn-)[a-z]{2}(-[a-z]+)+-[0-9]' },
  fingerprints: [awsServerFingerprint],
  client: { requestChecksumCalculation: 'WHEN_SUPPORTED', responseChecksumValidation: 'WHEN_SUPPORTED' },
  sources: [
    { claim: 'hosts', source: 'npm @aws-sdk/client-s3 3.1169.0: endpoint rules', date: '2026-11-20' },
    { claim: 'client', source: 'npm @aws-sdk/client-s3 3.1169.0: defaults', date: '2026-11-20' },
  ],
})
