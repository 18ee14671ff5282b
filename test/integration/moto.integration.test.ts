import { createHash, randomBytes } from 'node:crypto'
import { S3 } from '@aws-sdk/client-s3'
import { genericProfile, migrateObject, type ProviderProfile } from '@sealift/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithServer, type RealServer } from '../servers/real-servers.ts'

const MIB = 1024 * 1024

/** moto returns checksums, and checks none: the cautious profile, with the one claim that matters here left as it is, a candidate. */
const motoProfile: ProviderProfile = { ...genericProfile, id: 'moto', name: 'moto' }

function clientOf(server: RealServer): S3 {
  return new S3({ endpoint: server.endpoint, region: server.region, credentials: server.credentials, forcePathStyle: true })
}

describeWithServer(['moto-source', 'moto-destination'], 'copies from moto to moto, which answers with checksums and checks nothing', (servers) => {
  const bucket = `moto-${Date.now().toString(36)}${randomBytes(2).toString('hex')}`
  const source = clientOf(servers['moto-source'])
  const destination = clientOf(servers['moto-destination'])

  beforeAll(async () => {
    await source.createBucket({ Bucket: bucket })
    await destination.createBucket({ Bucket: bucket })
  })

  afterAll(() => {
    source.destroy()
    destination.destroy()
  })

  async function copied(key: string): ReturnType<typeof migrateObject> {
    return migrateObject({
      source: { client: source, bucket, key, profile: motoProfile },
      destination: { client: destination, bucket, profile: motoProfile },
      settleMs: 2000,
    })
  }

  async function digestAt(client: S3, key: string): Promise<string> {
    const bytes = await (await client.getObject({ Bucket: bucket, Key: key })).Body?.transformToByteArray()
    return createHash('sha256')
      .update(bytes ?? new Uint8Array())
      .digest('hex')
  }

  it.each([0, 1, 100_000, 6 * MIB])('one PUT of %i bytes: proved by the ETag at the source and by reading back at the destination', async (sizeBytes) => {
    const key = `single/${sizeBytes}`
    const body = randomBytes(sizeBytes)
    await source.putObject({ Bucket: bucket, Key: key, Body: body })
    const result = await copied(key)
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', route: 'single' })
    expect(result.evidence.filter((item) => item.leg === 'destination' && item.outcome === 'match').map((item) => item.method)).toEqual(['read-back'])
    expect(result.digests.sha256).toBe(createHash('sha256').update(body).digest('hex'))
    expect(await digestAt(destination, key)).toBe(result.digests.sha256)
  })

  it('a multipart object keeps its layout and its ETag', async () => {
    const key = 'multipart'
    const parts = [randomBytes(5 * MIB), randomBytes(5 * MIB), randomBytes(1000)]
    const { UploadId } = await source.createMultipartUpload({ Bucket: bucket, Key: key })
    const Parts = []
    for (const [index, Body] of parts.entries()) {
      const { ETag } = await source.uploadPart({ Bucket: bucket, Key: key, UploadId, PartNumber: index + 1, Body })
      Parts.push({ PartNumber: index + 1, ETag })
    }
    await source.completeMultipartUpload({ Bucket: bucket, Key: key, UploadId, MultipartUpload: { Parts } })
    const result = await copied(key)
    expect(result).toMatchObject({
      verdict: 'verified',
      assurance: 'end-to-end',
      route: 'multipart',
      parts: { count: 3, sizeBytes: 5 * MIB, origin: 'derived' },
    })
    expect(result.destination.etag).toBe(result.source.etag)
    expect(await digestAt(destination, key)).toBe(result.digests.sha256)
  })
})
