import { createHash, randomBytes } from 'node:crypto'
import { S3 } from '@aws-sdk/client-s3'
import { genericProfile, migrateObject, multipartETag, type ProviderProfile } from '@sealift/core'
import { cephProfile, swiftProfile } from '@sealift/provider-detect'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithServer, type RealServer, type RealServerName } from '../servers/real-servers.ts'

const MIB = 1024 * 1024

const STORES: readonly { readonly server: RealServerName; readonly profile: ProviderProfile }[] = [
  { server: 'rgw-source', profile: cephProfile },
  { server: 'swift-source', profile: swiftProfile },
  // it checks nothing and heeds no condition: the cautious profile
  { server: 'moto-source', profile: { ...genericProfile, id: 'moto', name: 'moto' } },
]

function clientOf(server: RealServer): S3 {
  return new S3({
    endpoint: server.endpoint,
    region: server.region,
    credentials: server.credentials,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
}

for (const { server, profile } of STORES) {
  describeWithServer([server], `server-side copies inside ${server}`, (servers) => {
    const bucket = `ssc-${Date.now().toString(36)}${randomBytes(2).toString('hex')}`
    const s3 = clientOf(servers[server])
    const other = clientOf(servers[server])
    const written: string[] = []

    beforeAll(async () => {
      await s3.createBucket({ Bucket: bucket })
    })

    afterAll(async () => {
      for (const Key of written) await s3.deleteObject({ Bucket: bucket, Key }).catch(() => {})
      s3.destroy()
      other.destroy()
    })

    const copy = (key: string, to: string, extra: Partial<Parameters<typeof migrateObject>[0]> = {}): ReturnType<typeof migrateObject> => {
      written.push(key, to)
      return migrateObject({
        source: { client: s3, bucket, key, profile },
        // a client of its own, of the same endpoint and credentials
        destination: { client: other, bucket, key: to, profile },
        serverSideCopy: true,
        settleMs: 3000,
        ...extra,
      })
    }
    const held = async (key: string): Promise<Uint8Array> =>
      (await (await s3.getObject({ Bucket: bucket, Key: key })).Body?.transformToByteArray()) ?? new Uint8Array()

    async function uploaded(key: string, parts: readonly Buffer[]): Promise<void> {
      const { UploadId } = await s3.createMultipartUpload({ Bucket: bucket, Key: key })
      const Parts = []
      for (const [index, Body] of parts.entries()) {
        const { ETag } = await s3.uploadPart({ Bucket: bucket, Key: key, UploadId, PartNumber: index + 1, Body })
        Parts.push({ PartNumber: index + 1, ETag })
      }
      await s3.completeMultipartUpload({ Bucket: bucket, Key: key, UploadId, MultipartUpload: { Parts } })
    }

    it.each([0, 1, 100_000, 6 * MIB])('one PUT of %i bytes', async (sizeBytes) => {
      const key = `single/${sizeBytes}`
      const body = randomBytes(sizeBytes)
      await s3.putObject({ Bucket: bucket, Key: key, Body: body, ContentType: 'text/x-it', Metadata: { one: 'eins' }, ContentLanguage: 'de' })
      const result = await copy(key, `copied/${sizeBytes}`)
      expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', route: 'server-side', bytesWritten: 0, attempts: 1 })
      expect(result.digests.sha256).toBe(createHash('sha256').update(body).digest('hex'))
      expect(Buffer.compare(await held(`copied/${sizeBytes}`), body)).toBe(0)
      const head = await s3.headObject({ Bucket: bucket, Key: `copied/${sizeBytes}` })
      expect(head).toMatchObject({ ContentType: 'text/x-it', Metadata: { one: 'eins' }, ContentLanguage: 'de' })
    })

    it('an object in parts, in its parts', async () => {
      const parts = [randomBytes(5 * MIB), randomBytes(5 * MIB), randomBytes(1000)]
      await uploaded('parts', parts)
      const result = await copy('parts', 'parts-copied')
      expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', route: 'server-side', parts: { count: 3, sizeBytes: 5 * MIB } })
      const etag = multipartETag(parts.map((part) => createHash('md5').update(part).digest()))
      expect([result.source.etag, result.destination.etag]).toEqual([etag, etag])
      expect(Buffer.compare(await held('parts-copied'), Buffer.concat(parts))).toBe(0)
      expect((await s3.listMultipartUploads({ Bucket: bucket })).Uploads ?? []).toEqual([])
    })

    it.each(['a+b', 'a b', 'a%20b', 'x//y', './dot', 'a/../b', 'what?versionId=1', 'ü/日本/😀', 'q\'"<>(*)!#&=', 'trail/'])('the key %j', async (key) => {
      const body = randomBytes(64)
      await s3.putObject({ Bucket: bucket, Key: key, Body: body })
      // beside it what a key decoded once too often would name
      const result = await copy(key, `of/${key}`)
      expect(result).toMatchObject({ verdict: 'verified', route: 'server-side' })
      expect(Buffer.compare(await held(`of/${key}`), body)).toBe(0)
    })

    it('versions: the one that was asked for', async () => {
      const versioned = `${bucket}-v`
      await s3.createBucket({ Bucket: versioned })
      await s3.putBucketVersioning({ Bucket: versioned, VersioningConfiguration: { Status: 'Enabled' } })
      const { VersionId: versionId = '' } = await s3.putObject({ Bucket: versioned, Key: 'k+', Body: 'first' })
      await s3.putObject({ Bucket: versioned, Key: 'k+', Body: 'second' })
      const result = await copy('k+', 'first', { source: { client: s3, bucket: versioned, key: 'k+', versionId, profile } })
      expect(result).toMatchObject({ verdict: 'verified', route: 'server-side', source: { versionId } })
      expect(Buffer.from(await held('first')).toString()).toBe('first')
    })

    it("overwrite 'never'", async () => {
      await s3.putObject({ Bucket: bucket, Key: 'new', Body: 'new' })
      await s3.putObject({ Bucket: bucket, Key: 'taken', Body: 'taken' })
      expect(await copy('new', 'taken', { overwrite: 'never' })).toMatchObject({ verdict: 'skipped', error: { code: 'ERR_DESTINATION_EXISTS' } })
      expect(Buffer.from(await held('taken')).toString()).toBe('taken')
      expect(await copy('new', 'free', { overwrite: 'never' })).toMatchObject({ verdict: 'verified', route: 'server-side' })
    })
  })
}
