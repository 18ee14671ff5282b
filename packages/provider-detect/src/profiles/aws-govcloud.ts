import type { ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'
import { awsProfile } from './aws.ts'

/** The partition `aws-us-gov`: the software of Amazon S3 with accounts of its own. */
export const awsGovcloudProfile: ProviderProfile = /* @__PURE__ */ extendProfile(awsProfile, {
  id: 'aws-govcloud',
  name: 'Amazon S3 (GovCloud)',
  sources: [
    {
      claim: 'etag',
      source: 'not measured in this partition; the rules of Amazon S3, https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html',
      date: '2026-11-20',
    },
    {
      claim: 'checksums',
      source: 'not measured in this partition; the rules of Amazon S3, npm @aws-sdk/client-s3 3.1169.0: PutObject, CreateMultipartUpload',
      date: '2026-11-20',
    },
    {
      claim: 'limits',
      source: 'not measured in this partition; the rules of Amazon S3, https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html',
      date: '2026-11-20',
    },
  ],
})

export const awsGovcloudProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: awsGovcloudProfile,
  hosts: [
    '**.s3.{region}.amazonaws.com',
    '**.s3.dualstack.{region}.amazonaws.com',
    '**.s3-fips.{region}.amazonaws.com',
    '**.s3-fips.dualstack.{region}.amazonaws.com',
    '**.s3-{region}.amazonaws.com',
    '**.s3-fips-{region}.amazonaws.com',
    '**.bucket.vpce-*.s3.{region}.vpce.amazonaws.com',
  ],
  labels: { region: 'us-gov-[a-z]+-[0-9]' },
  fingerprints: [
    {
      header: 'server',
      value: 'AmazonS3',
      onlyWithHost: true,
      confidence: 'certain',
      source: 'https://docs.aws.amazon.com/AmazonS3/latest/API/RESTCommonResponseHeaders.html',
      date: '2026-11-20',
    },
  ],
  client: {
    requestChecksumCalculation: 'WHEN_SUPPORTED',
    responseChecksumValidation: 'WHEN_SUPPORTED',
    notes: ['Its accounts are not those of the other regions.'],
  },
  sources: [
    { claim: 'hosts', source: 'npm @aws-sdk/client-s3 3.1169.0: endpoint rules', date: '2026-11-20' },
    { claim: 'client', source: 'npm @aws-sdk/client-s3 3.1169.0: defaults', date: '2026-11-20' },
  ],
})
