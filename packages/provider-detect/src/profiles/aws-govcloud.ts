import type { ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'
import { awsProfile } from './aws.ts'
import { awsPartitionClaims, awsPartitionClient, awsPartitionSources, awsServerFingerprint } from './aws-partition.ts'

/** The partition `aws-us-gov`: the software of Amazon S3 with accounts of its own. */
export const awsGovcloudProfile: ProviderProfile = /* @__PURE__ */ extendProfile(awsProfile, {
  id: 'aws-govcloud',
  name: 'Amazon S3 (GovCloud)',
  sources: awsPartitionSources,
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
  fingerprints: [awsServerFingerprint],
  client: awsPartitionClient,
  sources: awsPartitionClaims,
})
