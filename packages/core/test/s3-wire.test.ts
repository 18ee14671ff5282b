import { createHash } from 'node:crypto'
import { GetObjectCommand, PutObjectCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { awsProfile, cephProfile } from '@sealift/provider-detect'
import { describe, expect, it } from 'vitest'
import type { ObjectStore, ProviderProfile, S3ClientLike } from '../src/index.ts'
import { createS3ObjectStore, type S3ObjectStoreOptions } from '../src/s3/s3-object-store.ts'
import { type ScriptedServer, scriptedServer } from './scripted-server.ts'

const BYTES = Buffer.from('123456789')
// by sha256sum, md5sum and the CRC catalogue's check value
const SHA256 = '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'
const MD5 = '25f9e794323b453885f5181f1a0d96a6'
const CRC32 = 'cbf43926'
const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

const REF = { bucket: 'bucket', key: 'key' }
const metadata = { user: {} }

function clientOf(server: ScriptedServer, config: S3ClientConfig = {}): S3Client {
  return new S3Client({
    endpoint: server.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    ...config,
  })
}

async function storeOver(
  transport: 'sdk' | 'auto',
  server: ScriptedServer,
  profile: ProviderProfile,
  config: S3ClientConfig = {},
  options: Partial<S3ObjectStoreOptions> = {},
): Promise<ObjectStore> {
  return createS3ObjectStore({ client: clientOf(server, config), profile, side: 'destination', transport, ...options })
}

const accepting = (): Promise<ScriptedServer> =>
  scriptedServer((request, reply) => {
    if (request.url.includes('uploads')) {
      reply.setHeader('content-type', 'application/xml')
      reply.end('<InitiateMultipartUploadResult><UploadId>ID</UploadId></InitiateMultipartUploadResult>')
    } else if (request.method === 'POST') {
      reply.setHeader('content-type', 'application/xml')
      reply.end('<CompleteMultipartUploadResult><ETag>"e-1"</ETag></CompleteMultipartUploadResult>')
    } else {
      reply.setHeader('etag', '"etag"')
      reply.end()
    }
  })

async function* chunks(): AsyncGenerator<Uint8Array> {
  yield BYTES.subarray(0, 4)
  yield BYTES.subarray(4)
}

/** Headers that the SDK would add by itself, in one setting or another. */
const UNASKED = /^(x-amz-checksum-|x-amz-sdk-checksum-|x-amz-trailer|x-amz-decoded-|expect$|transfer-encoding$|content-encoding$|content-md5$|trailer$)/

describe.each(['sdk', 'auto'] as const)('transport %s', (transport) => {
  const storeOf = (server: ScriptedServer, profile: ProviderProfile, config?: S3ClientConfig, options?: Partial<S3ObjectStoreOptions>): Promise<ObjectStore> =>
    storeOver(transport, server, profile, config, options)

  describe.each(['WHEN_SUPPORTED', 'WHEN_REQUIRED'] as const)('writes by a client that calculates checksums %s', (setting) => {
    const config = { requestChecksumCalculation: setting, responseChecksumValidation: setting } as const

    it('bytes go signed, with no checksum that nobody asked for', async () => {
      await using server = await accepting()
      const store = await storeOf(server, awsProfile, config)
      await store.put(REF, { kind: 'bytes', bytes: BYTES }, { metadata })
      await store.put(REF, { kind: 'bytes', bytes: new Uint8Array(0) }, { metadata })
      await store.uploadPart(REF, 'ID', 1, { kind: 'bytes', bytes: BYTES })
      expect(server.seen.map(({ headers }) => headers['x-amz-content-sha256'])).toEqual([SHA256, EMPTY_SHA256, SHA256])
      expect(server.seen.map(({ headers }) => headers['content-length'])).toEqual(['9', '0', '9'])
      for (const { headers } of server.seen) expect(Object.keys(headers).filter((name) => UNASKED.test(name))).toEqual([])
      expect(server.seen[0]?.body).toEqual(BYTES)
    })

    it('a stream goes unsigned with its length, never aws-chunked', async () => {
      await using server = await accepting()
      const store = await storeOf(server, awsProfile, config)
      await store.put(REF, { kind: 'stream', stream: chunks(), sizeBytes: 9 }, { metadata })
      await store.uploadPart(REF, 'ID', 1, { kind: 'stream', stream: chunks(), sizeBytes: 9 })
      for (const { headers, body } of server.seen) {
        expect(headers['x-amz-content-sha256']).toBe('UNSIGNED-PAYLOAD')
        expect(headers['content-length']).toBe('9')
        expect(Object.keys(headers).filter((name) => UNASKED.test(name))).toEqual([])
        expect(body).toEqual(BYTES)
      }
    })

    it('the checks that were asked for go, and no others', async () => {
      await using server = await accepting()
      const store = await storeOf(server, awsProfile, config)
      const checks = { contentMd5: Buffer.from(MD5, 'hex'), checksums: [{ algorithm: 'crc32', digest: Buffer.from(CRC32, 'hex') }] } as const
      await store.put(REF, { kind: 'bytes', bytes: BYTES }, { metadata, ...checks })
      await store.uploadPart(REF, 'ID', 1, { kind: 'stream', stream: chunks(), sizeBytes: 9 }, checks)
      for (const { headers } of server.seen) {
        const found = Object.entries(headers).filter(([name]) => UNASKED.test(name))
        expect(Object.fromEntries(found)).toEqual({ 'content-md5': 'JfnnlDI7RTiF9RgfGg2Wpg==', 'x-amz-checksum-crc32': 'y/Q5Jg==' })
      }
    })

    it('control requests go without checksums too, but for the Content-MD5 that tags need', async () => {
      await using server = await accepting()
      const store = await storeOf(server, awsProfile, config)
      const { uploadId } = await store.createUpload(REF, { metadata })
      await store.completeUpload(REF, uploadId, [{ partNumber: 1, etag: '"e"', checksums: [] }], { sizeBytes: 9 })
      await store.abortUpload(REF, uploadId)
      await store.delete(REF)
      await store.putTags(REF, [{ key: 'k', value: 'v' }])
      const unasked = server.seen.map(({ headers }) => Object.keys(headers).filter((name) => UNASKED.test(name)))
      expect(unasked).toEqual([[], [], [], [], ['content-md5']])
      const tags = server.seen.at(-1)
      expect(tags?.headers['content-md5']).toBe(
        createHash('md5')
          .update(tags?.body ?? '')
          .digest('base64'),
      )
    })

    it('reads ask for checksums only where the profile knows them, and the SDK does not check the reply', async () => {
      await using server = await scriptedServer((_, reply) => {
        // a wrong CRC32 of a flexible checksum: the SDK would refuse the body
        reply.setHeader('x-amz-checksum-crc32', 'AAAAAA==')
        reply.end('123456789')
      })
      for (const [profile, mode] of [
        [awsProfile, 'ENABLED'],
        [cephProfile, undefined],
      ] as const) {
        const store = await storeOf(server, profile, config)
        const read = await store.read(REF)
        const bytes: Uint8Array[] = []
        for await (const chunk of read.body) bytes.push(chunk)
        expect(Buffer.concat(bytes)).toEqual(BYTES)
        expect(read.stat.checksums.map(({ value }) => value)).toEqual(['00000000'])
        await store.head(REF)
        for (const { headers } of server.seen.slice(-2)) {
          expect(headers['x-amz-checksum-mode']).toBe(mode)
          expect(headers['accept-encoding']).toBe('identity')
        }
      }
    })
  })

  describe('what is sent', () => {
    it('keys go percent-encoded and otherwise as they are', async () => {
      await using server = await accepting()
      const store = await storeOf(server, awsProfile)
      const paths: Record<string, string> = {
        'a/../b': '/bucket/a/../b',
        './dot': '/bucket/./dot',
        '//x': '/bucket///x',
        'x/': '/bucket/x/',
        'a+b c%20': '/bucket/a%2Bb%20c%2520',
        '?#&': '/bucket/%3F%23%26',
        "!*'()": '/bucket/%21%2A%27%28%29',
        '\u0001\u001f\r\n': '/bucket/%01%1F%0D%0A',
        '🦑ü': '/bucket/%F0%9F%A6%91%C3%BC',
        '<UploadId>{Key+}': '/bucket/%3CUploadId%3E%7BKey%2B%7D',
      }
      for (const [key, path] of Object.entries(paths)) {
        await store.put({ bucket: 'bucket', key }, { kind: 'bytes', bytes: BYTES }, { metadata })
        await store.delete({ bucket: 'bucket', key })
        for (const { url } of server.seen.slice(-2)) expect(url.split('?')[0]).toBe(path)
      }
    })

    it('ranges, conditions, versions and part numbers', async () => {
      await using server = await scriptedServer((_, reply) => reply.writeHead(404).end())
      const store = await storeOf(server, awsProfile)
      await store.read({ ...REF, versionId: 'v/1+' }, { range: { start: 5 }, ifMatch: 'W/"x"' }).catch(() => {})
      await store.read(REF, { range: { start: 5, endInclusive: 9 } }).catch(() => {})
      await store.head(REF, { partNumber: 1 }).catch(() => {})
      await store.put(REF, { kind: 'bytes', bytes: BYTES }, { metadata, ifNoneMatch: '*' }).catch(() => {})
      await store.delete(REF, { ifMatch: '"x"' }).catch(() => {})
      const [first, second, head, put, remove] = server.seen
      expect(first?.headers).toMatchObject({ range: 'bytes=5-', 'if-match': 'W/"x"' })
      expect(first?.url).toContain('versionId=v%2F1%2B')
      expect(second?.headers.range).toBe('bytes=5-9')
      expect(head?.url).toContain('partNumber=1')
      expect(put?.headers['if-none-match']).toBe('*')
      expect(remove?.headers['if-match']).toBe('"x"')
    })

    it('metadata outside of ASCII goes as ASCII, and no value starts a header of its own', async () => {
      await using server = await accepting()
      const store = await storeOf(server, awsProfile)
      await store.put(REF, { kind: 'bytes', bytes: BYTES }, { metadata: { contentType: 'a/b', user: { u: 'ü', inject: 'x\r\nx-amz-acl: public-read' } } })
      const headers = server.seen[0]?.headers ?? {}
      expect(headers).toMatchObject({ 'content-type': 'a/b', 'x-amz-meta-u': '=?UTF-8?B?w7w=?=' })
      expect(headers['x-amz-acl']).toBeUndefined()
      expect(headers['x-amz-meta-inject']).toMatch(/^=\?UTF-8\?B\?[A-Za-z0-9+/=]+\?=$/)
    })

    it('no content type is made up', async () => {
      await using server = await accepting()
      const store = await storeOf(server, awsProfile)
      await store.put(REF, { kind: 'bytes', bytes: BYTES }, { metadata })
      await store.createUpload(REF, { metadata })
      expect(server.seen.map(({ headers }) => headers['content-type'])).toEqual([undefined, undefined])
    })

    it('a customer key goes with reads, writes and parts, and nowhere else; owner and payer go with everything', async () => {
      await using server = await accepting()
      const key = Buffer.alloc(32, 7)
      const location = { sse: { kind: 'sse-c', key }, expectedBucketOwner: '123456789012', requestPayer: 'requester' } as const
      const store = await storeOf(server, awsProfile, {}, location)
      await store.head(REF)
      await store.put(REF, { kind: 'bytes', bytes: BYTES }, { metadata })
      await store.createUpload(REF, { metadata })
      await store.uploadPart(REF, 'ID', 1, { kind: 'bytes', bytes: BYTES })
      await store.delete(REF)
      const sent = server.seen.map(({ headers }) => headers['x-amz-server-side-encryption-customer-key'])
      const encoded = key.toString('base64')
      expect(sent).toEqual([encoded, encoded, encoded, encoded, undefined])
      for (const { headers } of server.seen) {
        expect(headers).toMatchObject({ 'x-amz-expected-bucket-owner': '123456789012', 'x-amz-request-payer': 'requester' })
      }
    })

    it('a managed key goes with what makes an object', async () => {
      await using server = await accepting()
      const store = await storeOf(server, awsProfile, {}, { sse: { kind: 'sse-kms', keyId: 'arn:aws:kms:x' } })
      await store.put(REF, { kind: 'bytes', bytes: BYTES }, { metadata })
      await store.createUpload(REF, { metadata })
      await store.uploadPart(REF, 'ID', 1, { kind: 'bytes', bytes: BYTES })
      expect(server.seen.map(({ headers }) => headers['x-amz-server-side-encryption'])).toEqual(['aws:kms', 'aws:kms', undefined])
      expect(server.seen[0]?.headers['x-amz-server-side-encryption-aws-kms-key-id']).toBe('arn:aws:kms:x')
    })

    it('Complete carries the checksums of the parts, the condition, and the size only where the profile says so', async () => {
      await using server = await accepting()
      const digest = Buffer.from(CRC32, 'hex')
      const parts = [{ partNumber: 1, etag: '"e&1"', checksums: [{ algorithm: 'crc32', digest }] }] as const
      const options = { sizeBytes: 9, ifNoneMatch: '*', checksum: { algorithm: 'crc32', type: 'FULL_OBJECT', value: CRC32 } } as const
      const withSize = { ...awsProfile, writes: { ...awsProfile.writes, sizeOnComplete: 'yes' } } as const
      const withoutSize = { ...awsProfile, writes: { ...awsProfile.writes, sizeOnComplete: 'no' } } as const
      const receipt = await (await storeOf(server, withSize)).completeUpload(REF, 'ID', parts, options)
      await (await storeOf(server, withoutSize)).completeUpload(REF, 'ID', parts, options)
      expect(receipt.etag).toBe('"e-1"')
      expect(server.seen[0]?.headers).toMatchObject({
        'if-none-match': '*',
        'x-amz-mp-object-size': '9',
        'x-amz-checksum-crc32': 'y/Q5Jg==',
        'x-amz-checksum-type': 'FULL_OBJECT',
      })
      expect(server.seen[1]?.headers['x-amz-mp-object-size']).toBeUndefined()
      const body = server.seen[0]?.body.toString() ?? ''
      expect(body).toContain('<ChecksumCRC32>y/Q5Jg==</ChecksumCRC32>')
      expect(body).toMatch(/<ETag>(&quot;|")e&amp;1(&quot;|")<\/ETag>/)
    })
  })

  describe("the caller's client", () => {
    it('is the same afterwards, and behaves the same', async () => {
      await using server = await accepting()
      const client = clientOf(server)
      const like: S3ClientLike = client
      // the SDK notes the signing region in the config with its own first request
      await client.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'key' }))
      const before = { stack: client.middlewareStack.identify(), config: Object.keys(client.config), handler: client.config.requestHandler }
      const store = await createS3ObjectStore({ client: like, profile: awsProfile, side: 'source', transport })
      await store.put(REF, { kind: 'bytes', bytes: BYTES }, { metadata })
      await store.head(REF)
      await store.createUpload(REF, { metadata })
      store.close()
      expect({ stack: client.middlewareStack.identify(), config: Object.keys(client.config), handler: client.config.requestHandler }).toEqual(before)
      await client.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'key', Body: BYTES }))
      expect(server.seen.at(-1)?.headers['x-amz-checksum-crc32']).toBe('y/Q5Jg==')
      await client.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'key' }))
      expect(server.seen.at(-1)?.headers['x-amz-checksum-mode']).toBe('ENABLED')
    })

    it("keeps its own middleware's say", async () => {
      await using server = await accepting()
      const client = clientOf(server)
      client.middlewareStack.add(
        (next) => (args) => {
          ;(args.request as { headers: Record<string, string> }).headers['x-own'] = 'yes'
          return next(args)
        },
        { step: 'build', name: 'own' },
      )
      const store = await createS3ObjectStore({ client, profile: awsProfile, side: 'source', transport })
      await store.head(REF)
      expect(server.seen[0]?.headers['x-own']).toBe('yes')
    })
  })

  describe('createS3ObjectStore', () => {
    const client = { config: {}, middlewareStack: { identify: () => [] }, send: async () => ({}) }
    it.each([
      ['client', { client: {} }],
      ['client', { client: null }],
      ['client', { client: { config: {}, send() {} } }],
      ['side', { side: 'left' }],
      ['transport', { transport: 'undici' }],
      ['transport', { transport: 'direct' }],
      ['idleTimeoutMs', { idleTimeoutMs: 0 }],
      ['idleTimeoutMs', { idleTimeoutMs: 1.5 }],
      ['firstByteTimeoutMs', { firstByteTimeoutMs: 2 ** 31 }],
      ['connectTimeoutMs', { connectTimeoutMs: '5' }],
      ['requestPayer', { requestPayer: 'me' }],
      ['expectedBucketOwner', { expectedBucketOwner: '1\r\n2' }],
      ['sse.key', { sse: { kind: 'sse-c', key: Buffer.alloc(31) } }],
    ])('refuses a wrong %s', async (option, wrong) => {
      const options = { client, profile: awsProfile, side: 'source', ...wrong } as unknown as S3ObjectStoreOptions
      await expect(createS3ObjectStore(options)).rejects.toMatchObject({ code: 'ERR_INVALID_OPTION', context: { option } })
    })
  })
})
