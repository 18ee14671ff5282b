import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { migrateObject } from '@sealift/core'
import { describe, expect, it } from 'vitest'
import { MIB, ofOperation, openGround, patternBytes } from '../copy-ground.ts'

const SMALL = patternBytes(50_000, 91)
const LARGE = patternBytes(11 * MIB, 92)
const PART = 5 * MIB

async function upload(
  client: S3Client,
  algorithm: 'CRC64NVME' | 'CRC32' | 'SHA256',
  type: 'FULL_OBJECT' | 'COMPOSITE',
  partBytes: number = PART,
): Promise<void> {
  const place = { Bucket: 'from', Key: 'key' }
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...place, ChecksumAlgorithm: algorithm, ChecksumType: type }))
  const parts = []
  for (let at = 0; at * partBytes < LARGE.byteLength; at++) {
    const Body = LARGE.subarray(at * partBytes, (at + 1) * partBytes)
    const sent = await client.send(new UploadPartCommand({ ...place, UploadId, PartNumber: at + 1, Body, ChecksumAlgorithm: algorithm }))
    const { ETag, ChecksumCRC64NVME, ChecksumCRC32, ChecksumSHA256 } = sent
    parts.push({ PartNumber: at + 1, ETag, ChecksumCRC64NVME, ChecksumCRC32, ChecksumSHA256 })
  }
  await client.send(new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload: { Parts: parts } }))
}

async function checksumOf(client: S3Client, Bucket: string): Promise<Record<string, string | undefined>> {
  const { ChecksumCRC32, ChecksumCRC64NVME, ChecksumSHA256, ChecksumType } = await client.send(
    new HeadObjectCommand({ Bucket, Key: 'key', ChecksumMode: 'ENABLED' }),
  )
  return { ChecksumCRC32, ChecksumCRC64NVME, ChecksumSHA256, ChecksumType }
}

describe.each(['aws', 'minio'] as const)('the checksum algorithm of an object, on %s', (destination) => {
  it.each(['CRC32', 'CRC64NVME', 'SHA256'] as const)('%s of one PUT is kept', async (algorithm) => {
    const ground = await openGround({ destination })
    await ground.sourceClient.send(new PutObjectCommand({ Bucket: 'from', Key: 'key', Body: SMALL, ChecksumAlgorithm: algorithm }))
    const result = await migrateObject(ground.options())
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', route: 'single', requests: 2, notCarried: [] })
    const kept = await checksumOf(ground.destinationClient, 'to')
    expect(kept[`Checksum${algorithm}`]).toBeDefined()
    expect(kept).toEqual(await checksumOf(ground.sourceClient, 'from'))
  })

  describe.each([
    ['held in memory', { memoryBytes: 64 * MIB }],
    ['in parts as they come', { memoryBytes: 10 * MIB }],
  ] as const)('%s', (_, extra) => {
    it.each([
      ['CRC64NVME', 'FULL_OBJECT'],
      ['CRC32', 'FULL_OBJECT'],
      ['CRC32', 'COMPOSITE'],
      ['SHA256', 'COMPOSITE'],
    ] as const)('%s %s of an upload in parts is kept, with its type', async (algorithm, type) => {
      const ground = await openGround({ destination })
      await upload(ground.sourceClient, algorithm, type)
      const result = await migrateObject(ground.options('key', extra))
      expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', route: 'multipart', parts: { count: 3 }, notCarried: [] })
      const kept = await checksumOf(ground.destinationClient, 'to')
      expect([kept[`Checksum${algorithm}`] !== undefined, kept.ChecksumType]).toEqual([true, type])
      expect(kept).toEqual(await checksumOf(ground.sourceClient, 'from'))
    })
  })

  it('SHA-256 of one PUT, written in parts, is kept over the parts', async () => {
    const ground = await openGround({ destination })
    await ground.sourceClient.send(new PutObjectCommand({ Bucket: 'from', Key: 'key', Body: LARGE, ChecksumAlgorithm: 'SHA256' }))
    const result = await migrateObject(ground.options('key', { layout: 'own', partSizeBytes: PART, memoryBytes: 10 * MIB }))
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', route: 'multipart', notCarried: [] })
    const kept = await checksumOf(ground.destinationClient, 'to')
    expect([kept.ChecksumType, kept.ChecksumSHA256?.endsWith('-3')]).toEqual(['COMPOSITE', true])
  })
})

describe('a checksum that cannot be kept', () => {
  it('parts that are too large to be held go out as they are read: listed, and verified all the same', async () => {
    const ground = await openGround()
    await upload(ground.sourceClient, 'SHA256', 'COMPOSITE', 9 * MIB)
    const result = await migrateObject(ground.options('key', { memoryBytes: 8 * MIB }))
    expect(result).toMatchObject({ verdict: 'verified', route: 'multipart', parts: { count: 2 } })
    expect(result.notCarried).toEqual([{ what: 'checksum', name: 'sha256', reason: expect.stringMatching(/^its parts are too large to be held/) }])
    const announced = ofOperation(ground.destination, 'CreateMultipartUpload').map(({ headers }) => headers['x-amz-checksum-algorithm'])
    expect(announced).toEqual([undefined])
  })

  it('the server copies the parts: listed', async () => {
    const ground = await openGround()
    await upload(ground.sourceClient, 'SHA256', 'COMPOSITE')
    const options = ground.options()
    const inside = { client: ground.sourceClient, bucket: 'from', key: 'copy', profile: options.source.profile }
    const result = await migrateObject({ ...options, destination: inside, serverSideCopy: true })
    expect(result).toMatchObject({ verdict: 'verified', route: 'server-side', parts: { count: 3 } })
    expect(result.notCarried).toEqual([{ what: 'checksum', name: 'sha256', reason: expect.stringMatching(/^the server copies its parts/) }])
  })

  it.each(['ceph', 'swift'] as const)('%s: is listed, and nothing of it is sent', async (destination) => {
    const ground = await openGround({ destination })
    await ground.sourceClient.send(new PutObjectCommand({ Bucket: 'from', Key: 'key', Body: SMALL, ChecksumAlgorithm: 'SHA256' }))
    const result = await migrateObject(ground.options())
    expect(result.notCarried.filter(({ what }) => what === 'checksum')).toEqual([
      { what: 'checksum', name: 'sha256', reason: expect.stringMatching(/is not known to keep checksums$/) },
    ])
    expect(
      ofOperation(ground.destination, 'PutObject').flatMap(({ headers }) => Object.keys(headers).filter((name) => name.startsWith('x-amz-checksum'))),
    ).toEqual([])
  })
})
