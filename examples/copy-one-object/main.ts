// Copy one object and get a verdict. Replace the two test servers by your own endpoints.
import { S3Client } from '@aws-sdk/client-s3'
import { migrateObject } from '@sealift/core'
import { awsProfile, cephProfile } from '@sealift/provider-detect'
import { startS3Server } from '@sealift/testing'

const legacy = await startS3Server({ personality: 'ceph', objects: [{ bucket: 'legacy', key: 'photos/1.jpg', sizeBytes: 3_000_000 }] })
const archive = await startS3Server({ personality: 'aws', buckets: ['archive'] })
const source = new S3Client(legacy.clientConfig)
const destination = new S3Client(archive.clientConfig)

const result = await migrateObject({
  source: { client: source, bucket: 'legacy', key: 'photos/1.jpg', profile: cephProfile },
  destination: { client: destination, bucket: 'archive', profile: awsProfile },
})

console.log(result.verdict, result.assurance)
console.log('sha256', result.digests.sha256)
for (const item of result.evidence) console.log(item.leg, item.method, item.outcome, item.reason ?? '')

source.destroy()
destination.destroy()
await legacy.close()
await archive.close()
