import type { Tag } from '@aws-sdk/client-s3'
import type { ProbeCheck } from '../probe-check.ts'
import { BODY, bytesOf, type ProbeContext, want } from '../probe-context.ts'

const TAGS = [
  { Key: 'a', Value: '1' },
  { Key: 'b c', Value: 'x/y=z' },
]

function sorted(tags: readonly Tag[] | undefined): string {
  return JSON.stringify((tags ?? []).map(({ Key, Value }) => [Key, Value]).sort())
}

async function wantTags({ s3, bucket: Bucket }: ProbeContext, Key: string): Promise<void> {
  const { TagSet } = await s3.getObjectTagging({ Bucket, Key })
  want(sorted(TagSet) === sorted(TAGS), JSON.stringify(TagSet))
}

export const TAG_CHECKS: readonly ProbeCheck[] = [
  {
    name: 'Put/Get/DeleteObjectTagging',
    run: async (probe) => {
      const { s3, bucket: Bucket } = probe
      await s3.putObjectTagging({ Bucket, Key: 'buf', Tagging: { TagSet: TAGS } })
      await wantTags(probe, 'buf')
      await s3.deleteObjectTagging({ Bucket, Key: 'buf' })
      want(((await s3.getObjectTagging({ Bucket, Key: 'buf' })).TagSet ?? []).length === 0, 'still there')
      return undefined
    },
  },
  {
    name: 'x-amz-tagging on PUT; TagCount on HEAD/GET',
    run: async (probe) => {
      const { s3, bucket: Bucket } = probe
      await s3.putObject({ Bucket, Key: 'tg', Body: BODY, Tagging: 'a=1&b%20c=x%2Fy%3Dz' })
      await wantTags(probe, 'tg')
      const reply = await s3.getObject({ Bucket, Key: 'tg' })
      await bytesOf(reply)
      return `GET TagCount=${reply.TagCount} HEAD TagCount=${(await s3.headObject({ Bucket, Key: 'tg' })).TagCount}`
    },
  },
  {
    name: 'x-amz-tagging on CreateMultipartUpload',
    run: async (probe) => {
      await probe.upload('mptg', [1000], { create: { Tagging: 'a=1' } })
      const { TagSet } = await probe.s3.getObjectTagging({ Bucket: probe.bucket, Key: 'mptg' })
      want(TagSet?.length === 1, JSON.stringify(TagSet))
      return undefined
    },
  },
  {
    name: 'CopyObject carries tags',
    run: async (probe) => {
      await probe.s3.copyObject({ Bucket: probe.bucket, Key: 'cptg', CopySource: `${probe.bucket}/tg` })
      await wantTags(probe, 'cptg')
      return undefined
    },
  },
  {
    name: 'Put/GetBucketTagging',
    run: async ({ s3, bucket: Bucket }) => {
      await s3.putBucketTagging({ Bucket, Tagging: { TagSet: TAGS } })
      const { TagSet } = await s3.getBucketTagging({ Bucket })
      want(sorted(TagSet) === sorted(TAGS), JSON.stringify(TagSet))
      return undefined
    },
  },
]
