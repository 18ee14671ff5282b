import { genericProfile, type ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/** What it answers is what a function of its owner made of the object: ETag, checksums and length are whatever that function says. */
export const awsObjectLambdaProfile: ProviderProfile = /* @__PURE__ */ extendProfile(genericProfile, {
  id: 'aws-object-lambda',
  name: 'Amazon S3 Object Lambda access point',
  etag: { single: 'no', multipart: 'no', part: 'no', mayBeAbsent: true },
  checksums: { returned: 'no' },
  sources: [
    { claim: 'etag', source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/transforming-objects.html', date: '2026-11-20' },
    { claim: 'checksums.returned', source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/transforming-objects.html', date: '2026-11-20' },
  ],
})

export const awsObjectLambdaProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: awsObjectLambdaProfile,
  hosts: [
    '*.s3-object-lambda.{region}.amazonaws.com',
    '*.s3-object-lambda.dualstack.{region}.amazonaws.com',
    '*.s3-object-lambda-fips.{region}.amazonaws.com',
    '*.s3-object-lambda.{region}.amazonaws.com.cn',
    '*--ol-s3.s3.{region}.amazonaws.com',
  ],
  labels: { region: '[a-z]{2}(-[a-z]+)+-[0-9]' },
  fingerprints: [],
  client: {
    forcePathStyle: false,
    requestChecksumCalculation: 'WHEN_SUPPORTED',
    responseChecksumValidation: 'WHEN_SUPPORTED',
    notes: ['Pass the ARN or the alias as the bucket: the SDK finds the host.', 'To move the stored bytes, use the bucket behind it.'],
  },
  sources: [
    { claim: 'hosts', source: 'npm @aws-sdk/client-s3 3.1169.0: endpoint rules', date: '2026-11-20' },
    { claim: 'client', source: 'npm @aws-sdk/client-s3 3.1169.0: endpoint rules', date: '2026-11-20' },
  ],
})
