import type { ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'
import { awsProfile } from './aws.ts'

/**
 * Directory buckets of Amazon S3 (`…--x-s3`). ETags are random, Content-MD5 is refused: only the stored checksums prove anything.
 * Listings are not in key order there, and a prefix has to end in `/`.
 */
export const expressProfile: ProviderProfile = /* @__PURE__ */ extendProfile(awsProfile, {
  id: 'express',
  name: 'Amazon S3 directory bucket (Express One Zone)',
  etag: { single: 'no', multipart: 'no', part: 'no' },
  checksums: { verifiedOnWrite: ['crc32', 'crc32c', 'sha1', 'sha256'], contentMd5: 'no', multipartFullObject: [] },
  writes: { ifNoneMatch: 'candidate', atomicPut: 'candidate', ifNoneMatchOnComplete: 'candidate', deleteIfMatch: 'candidate', sizeOnComplete: 'candidate' },
  metadata: { tags: 'no', tagsOnCreateUpload: 'no', storageClasses: ['EXPRESS_ONEZONE'], websiteRedirect: 'no', acl: 'no', objectLock: 'no' },
  copies: { ifNoneMatch: 'candidate', tags: 'no' },
  sources: [
    { claim: 'copies.ifNoneMatch', source: 'unconfirmed', date: '2026-11-21' },
    { claim: 'copies.tags', source: 'npm @aws-sdk/client-s3 3.1169.0: CopyObject (not supported for directory buckets)', date: '2026-11-21' },
    { claim: 'etag', source: 'https://docs.amazonaws.cn/AmazonS3/latest/user-guide/s3-express-differences.html', date: '2026-11-20' },
    { claim: 'checksums', source: 'https://docs.amazonaws.cn/AmazonS3/latest/user-guide/s3-express-data-protection.html', date: '2026-11-20' },
    { claim: 'checksums.returned', source: 'npm @aws-sdk/client-s3 3.1169.0: HeadObject', date: '2026-11-20' },
    { claim: 'checksums.multipartFullObject', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'writes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'metadata', source: 'npm @aws-sdk/client-s3 3.1169.0: PutObject (each with "not supported for directory buckets")', date: '2026-11-20' },
    { claim: 'metadata.controlCharactersInKeys', source: 'unconfirmed', date: '2026-11-20' },
  ],
})

export const expressProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: expressProfile,
  hosts: [
    '**.s3express-{zone}.{region}.amazonaws.com',
    '**.s3express-{zone}.dualstack.{region}.amazonaws.com',
    '*--x-s3.s3.{region}.amazonaws.com',
    '*--xa-s3.s3.{region}.amazonaws.com',
  ],
  labels: { zone: '[a-z]+[0-9]+-az[0-9]+', region: '[a-z]{2}(-[a-z]+)+-[0-9]' },
  fingerprints: [],
  client: {
    forcePathStyle: false,
    requestChecksumCalculation: 'WHEN_SUPPORTED',
    responseChecksumValidation: 'WHEN_SUPPORTED',
    notes: ['HTTPS and virtual-host addressing only; requests are signed with a session of the bucket.', 'Content-MD5 is not supported.'],
  },
  sources: [
    { claim: 'hosts', source: 'npm @aws-sdk/client-s3 3.1169.0: endpoint rules', date: '2026-11-20' },
    { claim: 'client', source: 'npm @aws-sdk/client-s3 3.1169.0: endpoint rules', date: '2026-11-20' },
  ],
})
