import type { ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'
import { awsProfile } from './aws.ts'
import { awsPartitionClaims, awsPartitionClient, awsPartitionSources, awsServerFingerprint } from './aws-partition.ts'

/** The partition `aws-cn`: the software of Amazon S3 under names and accounts of its own. */
export const awsChinaProfile: ProviderProfile = /* @__PURE__ */ extendProfile(awsProfile, {
  id: 'aws-china',
  name: 'Amazon S3 (China)',
  sources: awsPartitionSources,
})

export const awsChinaProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: awsChinaProfile,
  hosts: ['**.s3.{region}.amazonaws.com.cn', '**.s3.dualstack.{region}.amazonaws.com.cn', '**.bucket.vpce-*.s3.{region}.vpce.amazonaws.com.cn'],
  labels: { region: 'cn-[a-z]+-[0-9]' },
  fingerprints: [awsServerFingerprint],
  client: awsPartitionClient,
  sources: awsPartitionClaims,
})
