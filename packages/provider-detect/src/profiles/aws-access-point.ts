import type { ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'
import { awsProfile } from './aws.ts'
import { awsServerFingerprint } from './aws-partition.ts'

/**
 * An access point, a multi-region access point or their alias (`…-s3alias`). It may stand before a general purpose bucket, but also before a file system
 * (FSx) or a recovery point, whose ETags are not described: all that depends on it is a candidate. Where you know that it is a bucket, pass `awsProfile`.
 */
export const awsAccessPointProfile: ProviderProfile = /* @__PURE__ */ extendProfile(awsProfile, {
  id: 'aws-access-point',
  name: 'Amazon S3 access point',
  etag: { single: 'candidate', multipart: 'candidate', part: 'candidate' },
  checksums: { returned: 'candidate', verifiedOnWrite: [], contentMd5: 'candidate' },
  reads: { ifMatch: 'candidate', partNumber: 'candidate' },
  writes: { ifNoneMatch: 'candidate', atomicPut: 'candidate', ifNoneMatchOnComplete: 'candidate', deleteIfMatch: 'candidate', sizeOnComplete: 'candidate' },
  metadata: { tagsOnCreateUpload: 'candidate', websiteRedirect: 'candidate', objectLock: 'candidate' },
  copies: { ifMatch: 'candidate', partIfMatch: 'candidate', ifNoneMatch: 'candidate', tags: 'candidate' },
  sources: [
    { claim: 'copies', source: 'unconfirmed', date: '2026-11-21' },
    { claim: 'copies.object', source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-service-api-support.html', date: '2026-11-21' },
    { claim: 'copies.part', source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-service-api-support.html', date: '2026-11-21' },
    { claim: 'copies.maxObjectBytes', source: 'npm @aws-sdk/client-s3 3.1169.0: CopyObject', date: '2026-11-21' },
    { claim: 'etag', source: 'unconfirmed', date: '2026-11-21' },
    { claim: 'checksums', source: 'unconfirmed', date: '2026-11-21' },
    { claim: 'reads', source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-service-api-support.html', date: '2026-11-21' },
    { claim: 'reads.ifMatch', source: 'unconfirmed', date: '2026-11-21' },
    { claim: 'reads.partNumber', source: 'unconfirmed', date: '2026-11-21' },
    { claim: 'writes', source: 'unconfirmed', date: '2026-11-21' },
    { claim: 'metadata', source: 'unconfirmed', date: '2026-11-21' },
    { claim: 'metadata.tags', source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-service-api-support.html', date: '2026-11-21' },
  ],
})

export const awsAccessPointProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: awsAccessPointProfile,
  hosts: [
    '*.s3-accesspoint.{region}.amazonaws.com',
    '*.s3-accesspoint.dualstack.{region}.amazonaws.com',
    '*.s3-accesspoint-fips.{region}.amazonaws.com',
    '*.s3-accesspoint-fips.dualstack.{region}.amazonaws.com',
    '*.s3-accesspoint.{region}.amazonaws.com.cn',
    '*.mrap.accesspoint.s3-global.amazonaws.com',
    '**.accesspoint.vpce-*.s3.{region}.vpce.amazonaws.com',
    '*-s3alias.s3.{region}.amazonaws.com',
    '*-s3alias.s3.amazonaws.com',
  ],
  labels: { region: '[a-z]{2}(-[a-z]+)+-[0-9]' },
  fingerprints: [awsServerFingerprint],
  client: {
    forcePathStyle: false,
    requestChecksumCalculation: 'WHEN_SUPPORTED',
    responseChecksumValidation: 'WHEN_SUPPORTED',
    notes: ['Pass the ARN or the alias as the bucket: the SDK finds the host.', 'Multi-region access points are signed with SigV4a.'],
  },
  sources: [
    { claim: 'hosts', source: 'npm @aws-sdk/client-s3 3.1169.0: endpoint rules', date: '2026-11-20' },
    { claim: 'client', source: 'npm @aws-sdk/client-s3 3.1169.0: endpoint rules', date: '2026-11-20' },
  ],
})
