// Are two objects that both exist the same? Nothing is copied or written.
import { CopyObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { SealiftError, verifyObject } from '@sealift/core'
import { cephProfile } from '@sealift/provider-detect'
import { startS3Server } from '@sealift/testing'

const server = await startS3Server({ personality: 'ceph', buckets: ['b'], objects: [{ bucket: 'a', key: 'report.pdf', sizeBytes: 200_000 }] })
const client = new S3Client(server.clientConfig)
await client.send(new CopyObjectCommand({ Bucket: 'b', Key: 'report.pdf', CopySource: 'a/report.pdf' }))

const source = { client, bucket: 'a', key: 'report.pdf', profile: cephProfile }
const destination = { client, bucket: 'b', profile: cephProfile }

const quick = await verifyObject({ source, destination, depth: 'metadata' })
console.log('by what the stores say:', quick.verdict, quick.assurance, `${quick.bytesRead} bytes read`)

const thorough = await verifyObject({ source, destination })
console.log('by reading both:       ', thorough.verdict, thorough.assurance, `${thorough.bytesRead} bytes read`)

server.corruptAtRest('b', 'report.pdf', 1234)
try {
  await verifyObject({ source, destination })
} catch (error) {
  if (!SealiftError.is(error)) throw error
  console.log('after a bit rotted:    ', error.code)
}
client.destroy()
await server.close()
