import type { ClaimSource } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import type { ClientAdvice, ResponseFingerprint } from '../provider-definition.ts'

/** What holds in every partition of Amazon, and was measured in none but the first. No provider by itself: the partitions name it. */
export const awsPartitionSources: readonly ClaimSource[] = /* @__PURE__ */ deepFreeze([
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
])

/** Others call themselves AmazonS3, too: gofakes3, and many test doubles. */
export const awsServerFingerprint: ResponseFingerprint = /* @__PURE__ */ deepFreeze({
  header: 'server',
  value: 'AmazonS3',
  onlyWithHost: true,
  confidence: 'certain',
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/API/RESTCommonResponseHeaders.html',
  date: '2026-11-20',
})

export const awsPartitionClient: ClientAdvice = /* @__PURE__ */ deepFreeze({
  requestChecksumCalculation: 'WHEN_SUPPORTED',
  responseChecksumValidation: 'WHEN_SUPPORTED',
  notes: ['Its accounts are not those of the other regions.'],
})

/** Of `hosts` and `client`. */
export const awsPartitionClaims: readonly ClaimSource[] = /* @__PURE__ */ deepFreeze([
  { claim: 'hosts', source: 'npm @aws-sdk/client-s3 3.1169.0: endpoint rules', date: '2026-11-20' },
  { claim: 'client', source: 'npm @aws-sdk/client-s3 3.1169.0: defaults', date: '2026-11-20' },
])
