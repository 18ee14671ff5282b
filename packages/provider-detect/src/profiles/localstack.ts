import { genericProfile, type ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/** LocalStack, an emulator of AWS for tests. It is not tuned for: what it imitates is taken as a candidate. */
export const localstackProfile: ProviderProfile = /* @__PURE__ */ extendProfile(genericProfile, {
  id: 'localstack',
  name: 'LocalStack',
  checksums: { multipartFullObject: ['crc64nvme', 'crc32', 'crc32c'], multipartComposite: ['crc32', 'crc32c', 'sha1', 'sha256'] },
  limits: { minPartBytes: 5_242_880, maxParts: 10_000, equalParts: false },
  reads: { range: 'yes', ifMatch: 'yes', partNumber: 'candidate', objectAttributes: 'candidate' },
  metadata: { tags: 'yes' },
  sources: [
    { claim: 'checksums.multipartFullObject', source: 'localstack/localstack@8b9a79f:localstack-core/localstack/services/s3/models.py', date: '2026-11-20' },
    { claim: 'checksums.multipartComposite', source: 'localstack/localstack@8b9a79f:localstack-core/localstack/services/s3/models.py', date: '2026-11-20' },
    { claim: 'limits', source: 'localstack/localstack@8b9a79f:localstack-core/localstack/services/s3/constants.py', date: '2026-11-20' },
    { claim: 'limits.maxParts', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxPartBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxObjectBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxSinglePutBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxKeyBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxMetadataBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxMetadataValueBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'reads', source: 'localstack/localstack@8b9a79f:localstack-core/localstack/services/s3/provider.py', date: '2026-11-20' },
    { claim: 'metadata.tags', source: 'localstack/localstack@8b9a79f:localstack-core/localstack/services/s3/provider.py', date: '2026-11-20' },
  ],
})

export const localstackProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: localstackProfile,
  hosts: ['**.s3.localhost.localstack.cloud', '**.s3.{region}.localhost.localstack.cloud', 'localhost.localstack.cloud'],
  labels: { region: '[a-z]{2}(-[a-z]+)+-[0-9]' },
  fingerprints: [
    {
      header: 'x-amz-id-2',
      value: 's9lzHYrFp76ZVxRcpX9+5cjAnEH2ROuNkd2BHfIa6UkFVdtjf5mKR3/eTPFvsiP/XV/VLi31234=',
      confidence: 'certain',
      source: 'localstack/localstack@8b9a79f:localstack-core/localstack/aws/protocol/serializer.py',
      date: '2026-11-20',
    },
  ],
  client: { forcePathStyle: true, requestChecksumCalculation: 'WHEN_SUPPORTED', responseChecksumValidation: 'WHEN_SUPPORTED' },
  sources: [
    { claim: 'hosts', source: 'https://docs.localstack.cloud/aws/services/s3/', date: '2026-11-21' },
    { claim: 'client', source: 'localstack/localstack@8b9a79f:localstack-core/localstack/services/s3/models.py', date: '2026-11-20' },
  ],
})
