// A unit test of an application that uses sealift, with the kit's server in place of S3. Any runner will do; this is node:test.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { S3Client } from '@aws-sdk/client-s3'
import { migrateObject } from '@sealift/core'
import { awsProfile } from '@sealift/provider-detect'
import { startS3Server } from '@sealift/testing'

test('a byte that flips on the way is noticed, and the copy is right all the same', async () => {
  const server = await startS3Server({ objects: [{ bucket: 'in', key: 'k', sizeBytes: 1000 }], buckets: ['out'] })
  server.setFaults([{ match: { operation: 'GetObject' }, action: { kind: 'flip', leg: 'response', at: 500 } }])
  const client = new S3Client(server.clientConfig)
  const result = await migrateObject({
    source: { client, bucket: 'in', key: 'k', profile: awsProfile },
    destination: { client, bucket: 'out', profile: awsProfile },
  })
  assert.equal(result.verdict, 'verified')
  assert.equal(result.attempts, 2)
  assert.deepEqual(server.peek('out', 'k'), server.peek('in', 'k'))
  client.destroy()
  await server.close()
})
