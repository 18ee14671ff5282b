import type { ProbeCheck } from '../probe-check.ts'
import { errorText, type ServerError, want } from '../probe-context.ts'

export const BUCKET_CHECKS: readonly ProbeCheck[] = [
  {
    name: 'CreateBucket',
    run: async ({ s3, bucket: Bucket }) => {
      await s3.createBucket({ Bucket })
      return undefined
    },
  },
  { name: 'HeadBucket', run: async ({ s3, bucket: Bucket }) => `region=${(await s3.headBucket({ Bucket })).BucketRegion}` },
  {
    name: 'ListBuckets',
    run: async ({ s3, bucket }) => {
      const { Buckets } = await s3.listBuckets({})
      want(
        Buckets?.some(({ Name }) => Name === bucket),
        'not listed',
      )
      return undefined
    },
  },
  { name: 'GetBucketLocation', run: async ({ s3, bucket: Bucket }) => `${(await s3.getBucketLocation({ Bucket })).LocationConstraint}` },
  { name: 'HeadBucket missing → 404', run: (probe) => probe.fails(probe.s3.headBucket({ Bucket: probe.missingBucket }), 404) },
  {
    name: 'CreateBucket twice',
    run: async ({ s3, bucket: Bucket }) => {
      try {
        await s3.createBucket({ Bucket })
        return 'ok again (as us-east-1 does)'
      } catch (error) {
        return errorText(error as ServerError)
      }
    },
  },
]
