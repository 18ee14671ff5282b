import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import type { PersonalityName } from '@sealift/testing'
import { describe, expect, it } from 'vitest'
import { openServer as start } from './open-server.ts'

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex')

describe.each<PersonalityName>(['aws', 'minio', 'ceph', 'swift', 'r2'])('an S3Client against %s', (personality) => {
  it('puts, heads, reads, lists and deletes an object', async () => {
    const { client } = await start({ personality })
    const body = randomBytes(100_000)
    const put = await client.send(new PutObjectCommand({ Bucket: 'b', Key: 'a b/ø', Body: body, ContentType: 'x/y', Metadata: { one: '1' } }))
    expect(put.ETag).toBe(`"${md5(body)}"`)
    const head = await client.send(new HeadObjectCommand({ Bucket: 'b', Key: 'a b/ø' }))
    expect([head.ContentLength, head.ContentType, head.Metadata, head.ETag]).toEqual([100_000, 'x/y', { one: '1' }, put.ETag])
    const get = await client.send(new GetObjectCommand({ Bucket: 'b', Key: 'a b/ø' }))
    expect(Buffer.from((await get.Body?.transformToByteArray()) ?? []).equals(body)).toBe(true)
    const ranged = await client.send(new GetObjectCommand({ Bucket: 'b', Key: 'a b/ø', Range: 'bytes=10-19' }))
    expect(Buffer.from((await ranged.Body?.transformToByteArray()) ?? []).equals(body.subarray(10, 20))).toBe(true)
    const list = await client.send(new ListObjectsV2Command({ Bucket: 'b', Prefix: 'a' }))
    expect(list.Contents?.map((one) => [one.Key, one.Size, one.ETag])).toEqual([['a b/ø', 100_000, put.ETag]])
    await client.send(new DeleteObjectCommand({ Bucket: 'b', Key: 'a b/ø' }))
    await expect(client.send(new HeadObjectCommand({ Bucket: 'b', Key: 'a b/ø' }))).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } })
  })

  it('takes a multipart upload and gives it the ETag of its parts', async () => {
    const { client, server } = await start({ personality })
    const parts = [randomBytes(5 * 1024 ** 2), randomBytes(1000)]
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: 'b', Key: 'm' }))
    const done = []
    for (const [i, body] of parts.entries()) {
      const { ETag } = await client.send(new UploadPartCommand({ Bucket: 'b', Key: 'm', UploadId, PartNumber: i + 1, Body: body }))
      done.push({ PartNumber: i + 1, ETag })
    }
    expect(server.uploads('b')).toHaveLength(1)
    await client.send(new CompleteMultipartUploadCommand({ Bucket: 'b', Key: 'm', UploadId, MultipartUpload: { Parts: done } }))
    const head = await client.send(new HeadObjectCommand({ Bucket: 'b', Key: 'm' }))
    const expected = md5(Buffer.concat(parts.map((part) => createHash('md5').update(part).digest())))
    expect(head.ETag).toBe(`"${expected}-2"`)
    expect(server.peek('b', 'm')?.equals(Buffer.concat(parts))).toBe(true)
    expect(server.uploads()).toEqual([])
  })

  it('refuses a wrong secret', async () => {
    const { server } = await start({ personality })
    const client = new S3Client({ ...server.clientConfig, credentials: { ...server.credentials, secretAccessKey: 'wrong' } })
    await expect(client.send(new ListObjectsV2Command({ Bucket: 'b' }))).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' })
    client.destroy()
  })
})

describe('a stream body in the default settings of the SDK', () => {
  it('is taken by aws, with its trailing checksum', async () => {
    const { client, server } = await start()
    const body = randomBytes(300_000)
    await client.send(new PutObjectCommand({ Bucket: 'b', Key: 's', Body: Readable.from([body.subarray(0, 5), body.subarray(5)]), ContentLength: body.length }))
    expect(server.peek('b', 's')?.equals(body)).toBe(true)
    const head = await client.send(new HeadObjectCommand({ Bucket: 'b', Key: 's', ChecksumMode: 'ENABLED' }))
    expect(head.ChecksumCRC32).toMatch(/^[A-Za-z0-9+/]{6}==$/)
  })
})
