import { gzipSync } from 'node:zlib'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectRetentionCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import type { PersonalityName } from '@sealift/testing'
import { describe, expect, it } from 'vitest'
import { bytesOf, openServer, rawRequest } from './open-server.ts'
import { signRequest } from './sign-request.ts'
import { uploadInParts } from './upload-in-parts.ts'

const KEY = { Bucket: 'b', Key: 'k' } as const
// of `123456789` and of `abc`: published check values
const CRC32_NINE = 'y/Q5Jg=='
const CRC32_ABC = 'NSRBwg=='
const MD5_NINE = 'JfnnlDI7RTiF9RgfG2JNCw=='
const MD5_ABC = 'kAFQmDzST7DWlj99KOF/cg=='
const nine = (extra: object = {}): PutObjectCommand => new PutObjectCommand({ ...KEY, Body: '123456789', ...extra })
const plain = { requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' } as const

async function outcome(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'ok',
    (error: { name: string; $metadata?: { httpStatusCode?: number } }) => `${error.$metadata?.httpStatusCode ?? '-'} ${error.name}`,
  )
}

describe('what one knows a store by', () => {
  it.each<readonly [PersonalityName, Readonly<Record<string, RegExp | undefined>>, RegExp]>([
    ['b2', { server: /^nginx$/, 'x-amz-request-id': /^[0-9a-f]{16}$/, 'x-amz-id-2': /^[A-Za-z0-9+/]{11}=$/ }, /<RequestId>[0-9a-f]{16}<.*<HostId>/],
    ['wasabi', { server: /^WasabiS3\//, 'x-amz-request-id': /^[0-9A-F]{16}:A$/, 'x-wasabi-cm-reference-id': /ConID/ }, /<RequestId>[0-9A-F]{16}:A</],
    [
      'gcs',
      { server: /^UploadServer$/, 'x-guploader-uploadid': /^[\w-]{88}$/, 'x-amz-request-id': undefined },
      /<Code>NoSuchKey<\/Code><Message>[^<]+<\/Message><\/Error>$/,
    ],
    ['oss', { server: /^AliyunOSS$/, 'x-oss-request-id': /^[0-9A-F]{24}$/, 'x-amz-request-id': undefined }, /<Error xmlns="http:\/\/doc\.oss-.*<HostId>oss-/],
    ['spaces', { server: undefined, 'x-amz-request-id': /^tx[0-9a-f]{21}-[0-9a-f]{10}-[0-9a-f]+-/, 'x-amz-id-2': undefined }, /<BucketName>b</],
    ['storj', { server: /^Storj$/, 'x-amz-request-id': /^[0-9A-F]{16}$/, 'x-amz-id-2': /^[0-9a-f]{64}$/ }, /<BucketName>b<.*<HostId>[0-9a-f]{64}</],
    [
      'garage',
      { server: undefined, 'x-amz-request-id': undefined, 'x-amz-id-2': undefined },
      /<Resource>\/b\/none<\/Resource><Region>garage<\/Region><\/Error>$/,
    ],
    ['seaweedfs', { server: /^SeaweedFS /, 'x-amz-request-id': /^[0-9A-F]{24}$/, 'x-amz-id-2': undefined }, /<Key>none<.*<BucketName>b</],
    ['express', { server: /^AmazonS3$/, 'x-amz-request-id': /^[0-9A-F]{16}$/ }, /<Code>NoSuchKey</],
    [
      'generic',
      { server: undefined, 'x-amz-request-id': undefined, 'x-amz-id-2': undefined },
      /<Message>[^<]+<\/Message><RequestId>[^<]+<\/RequestId><\/Error>$/,
    ],
  ])('%s', async (personality, headers, error) => {
    const { server } = await openServer({ personality })
    const reply = await rawRequest(server, signRequest(server, { path: '/b/none' }).request)
    expect(reply.status).toBe(404)
    expect(reply.body.toString()).toMatch(error)
    for (const [name, shape] of Object.entries(headers)) {
      if (shape === undefined) expect(reply.headers[name], name).toBeUndefined()
      else expect(reply.headers[name], name).toMatch(shape)
    }
  })

  it.each([
    ['gcs', { 'x-goog-metageneration': '1', 'x-goog-stored-content-length': '3', 'x-goog-stored-content-encoding': 'identity' }],
    ['oss', { 'x-oss-object-type': 'Normal' }],
    ['spaces', { 'x-rgw-object-type': 'Normal' }],
  ] as const)('%s: every object says it', async (personality, expected) => {
    const { server } = await openServer({ personality })
    server.put('b', 'k', 'abc')
    expect((await rawRequest(server, signRequest(server, { method: 'HEAD', path: '/b/k' }).request)).headers).toMatchObject(expected)
  })
})

describe('checksums that a client claims', () => {
  it.each([
    // [right value, wrong value, what a reader gets]
    ['aws', 'ok', '400 BadDigest', CRC32_NINE],
    ['b2', '400 InvalidArgument', '400 InvalidArgument', undefined],
    ['wasabi', 'ok', '400 BadDigest', CRC32_NINE],
    ['gcs', 'ok', 'ok', undefined],
    ['oss', 'ok', 'ok', undefined],
    ['spaces', 'ok', 'ok', undefined],
    ['storj', 'ok', 'ok', undefined],
    ['garage', 'ok', '400 BadDigest', CRC32_NINE],
    ['seaweedfs', 'ok', '400 BadDigest', CRC32_NINE],
    ['express', 'ok', '400 BadDigest', CRC32_NINE],
    ['generic', 'ok', 'ok', undefined],
    ['generic-echo', 'ok', 'ok', CRC32_ABC],
  ] as const)('%s', async (personality, right, wrong, returned) => {
    const { client } = await openServer({ personality }, plain)
    expect(await outcome(client.send(nine({ ChecksumCRC32: CRC32_NINE })))).toBe(right)
    expect(await outcome(client.send(nine({ ChecksumCRC32: CRC32_ABC })))).toBe(wrong)
    if (right !== 'ok') return
    const head = await client.send(new HeadObjectCommand({ ...KEY, ChecksumMode: 'ENABLED' }))
    expect(head.ChecksumCRC32).toBe(returned)
  })

  it.each([
    ['b2', 'ok', '400 BadDigest'],
    ['gcs', 'ok', '400 BadDigest'],
    ['express', '501 NotImplemented', '501 NotImplemented'],
    ['generic', 'ok', '400 BadDigest'],
    ['generic-echo', 'ok', 'ok'],
    ['generic-careless', 'ok', 'ok'],
  ] as const)('Content-MD5: %s', async (personality, right, wrong) => {
    const { client } = await openServer({ personality }, plain)
    expect([await outcome(client.send(nine({ ContentMD5: MD5_NINE }))), await outcome(client.send(nine({ ContentMD5: MD5_ABC })))]).toEqual([right, wrong])
  })

  it('wasabi: a part may have one only if the upload announced it', async () => {
    const { client } = await openServer({ personality: 'wasabi' }, plain)
    const part = async (announced: object): Promise<string> => {
      const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...KEY, ...announced }))
      return outcome(client.send(new UploadPartCommand({ ...KEY, UploadId, PartNumber: 1, Body: '123456789', ChecksumCRC32: CRC32_NINE })))
    }
    expect([await part({}), await part({ ChecksumAlgorithm: 'CRC32' })]).toEqual(['400 InvalidRequest', 'ok'])
  })

  it('express adds a CRC64NVME by itself; the store that echoes adds nothing', async () => {
    // published check value of CRC-64/NVME for `123456789`
    for (const [personality, expected] of [
      ['express', 'rosUhgp5mIg='],
      ['generic-echo', undefined],
    ] as const) {
      const { client } = await openServer({ personality }, plain)
      await client.send(nine())
      expect((await client.send(new HeadObjectCommand({ ...KEY, ChecksumMode: 'ENABLED' }))).ChecksumCRC64NVME).toBe(expected)
    }
  })
})

describe('what is refused', () => {
  it.each([
    ['b2', '400 InvalidArgument', '501 NotImplemented', 'ok'],
    ['wasabi', 'ok', 'ok', 'ok'],
    ['gcs', 'ok', '501 NotImplemented', '501 NotImplemented'],
    ['oss', 'ok', '501 NotImplemented', 'ok'],
    ['spaces', 'ok', 'ok', 'ok'],
    ['storj', 'ok', 'ok', '501 NotImplemented'],
    ['garage', 'ok', '501 NotImplemented', 'ok'],
    ['seaweedfs', 'ok', 'ok', 'ok'],
    ['express', '501 NotImplemented', '501 NotImplemented', 'ok'],
  ] as const)('%s: a tag on PUT, reading tags, UploadPartCopy', async (personality, tagOnPut, getTags, partCopy) => {
    const { client } = await openServer({ personality }, plain)
    expect(await outcome(client.send(nine({ Tagging: 'a=b' })))).toBe(tagOnPut)
    await client.send(nine())
    expect(await outcome(client.send(new GetObjectTaggingCommand(KEY)))).toBe(getTags)
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(KEY))
    expect(await outcome(client.send(new UploadPartCopyCommand({ ...KEY, UploadId, PartNumber: 1, CopySource: 'b/k' })))).toBe(partCopy)
  })

  it('gcs deletes one at a time, oss lists no uploads, garage and oss have no versions', async () => {
    const gcs = (await openServer({ personality: 'gcs' }, plain)).client
    expect(await outcome(gcs.send(new DeleteObjectsCommand({ Bucket: 'b', Delete: { Objects: [{ Key: 'k' }] } })))).toBe('501 NotImplemented')
    const oss = (await openServer({ personality: 'oss' }, plain)).client
    expect(await outcome(oss.send(new ListMultipartUploadsCommand({ Bucket: 'b' })))).toBe('501 NotImplemented')
    const enable = new PutBucketVersioningCommand({ Bucket: 'b', VersioningConfiguration: { Status: 'Enabled' } })
    const garage = (await openServer({ personality: 'garage' }, plain)).client
    for (const client of [oss, garage]) expect(await outcome(client.send(enable))).toBe('501 NotImplemented')
  })

  it.each([
    ['b2', 5_000_000],
    ['oss', 102_400],
    ['garage', 1],
    ['gcs', 5_242_880],
  ] as const)('%s: parts of %i bytes and more', async (personality, least) => {
    const { client } = await openServer({ personality }, plain)
    expect(await outcome(uploadInParts(client, 'k', ['x'.repeat(least), 'y']))).toBe('ok')
    if (least > 1) expect(await outcome(uploadInParts(client, 'k', ['x'.repeat(least - 1), 'y']))).toBe('400 EntityTooSmall')
  })
})

describe('conditions of a write', () => {
  it.each(['b2', 'wasabi', 'gcs', 'oss', 'storj', 'garage', 'generic'] as const)('%s heeds none', async (personality) => {
    const { client } = await openServer({ personality }, plain)
    await client.send(nine())
    expect([await outcome(client.send(nine({ IfNoneMatch: '*' }))), await outcome(client.send(nine({ IfMatch: '"other"' })))]).toEqual(['ok', 'ok'])
  })

  it.each(['seaweedfs', 'express'] as const)('%s does', async (personality) => {
    const { client } = await openServer({ personality }, plain)
    await client.send(nine())
    expect(await outcome(client.send(nine({ IfNoneMatch: '*' })))).toBe('412 PreconditionFailed')
  })
})

describe('directory buckets', () => {
  it('the SDK opens a session where the name of the bucket asks for one', async () => {
    const bucket = 'b--usw2-az1--x-s3'
    const { server } = await openServer({ personality: 'express', buckets: [bucket] })
    const client = new S3Client(server.clientConfig)
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'k', Body: '123456789' }))
    expect((await bytesOf(await client.send(new GetObjectCommand({ Bucket: bucket, Key: 'k' })))).toString()).toBe('123456789')
    client.destroy()
    expect(server.requestCounts).toEqual({ CreateSession: 1, PutObject: 1, GetObject: 1 })
  })

  it('parts are 1 to N and are all told, prefixes end in a slash, listings are in no order, the class is their own', async () => {
    const { client } = await openServer({ personality: { extends: 'express', id: 'e', limits: { minPartBytes: 1 } } })
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(KEY))
    const { ETag } = await client.send(new UploadPartCommand({ ...KEY, UploadId, PartNumber: 2, Body: 'x' }))
    const gap = new CompleteMultipartUploadCommand({ ...KEY, UploadId, MultipartUpload: { Parts: [{ PartNumber: 2, ETag }] } })
    expect(await outcome(client.send(gap))).toBe('400 InvalidPartOrder')
    await uploadInParts(client, 'd/a', ['1234567', '89'])
    await client.send(new PutObjectCommand({ Bucket: 'b', Key: 'd/b', Body: 'x' }))
    const { ObjectParts } = await client.send(new GetObjectAttributesCommand({ Bucket: 'b', Key: 'd/a', ObjectAttributes: ['ObjectParts'] }))
    expect(ObjectParts?.Parts?.map((part) => part.Size)).toEqual([7, 2])
    expect(await outcome(client.send(new ListObjectsV2Command({ Bucket: 'b', Prefix: 'd' })))).toBe('400 InvalidArgument')
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: 'b', Prefix: 'd/' }))
    expect(Contents?.map((one) => [one.Key, one.StorageClass])).toEqual([
      ['d/b', 'EXPRESS_ONEZONE'],
      ['d/a', 'EXPRESS_ONEZONE'],
    ])
  })
})

describe('stores that nobody knows', () => {
  it('careless: Range and If-Match get the whole object, whichever it is', async () => {
    const { client } = await openServer({ personality: 'generic-careless' })
    await client.send(nine())
    const read = await client.send(new GetObjectCommand({ ...KEY, Range: 'bytes=2-3', IfMatch: '"00000000000000000000000000000000"' }))
    expect([read.$metadata.httpStatusCode, read.ContentRange, (await bytesOf(read)).toString()]).toEqual([200, undefined, '123456789'])
  })

  it.each(['generic-gzip', 'gcs'] as const)('%s: gzip is unpacked for who does not accept it', async (personality) => {
    const { server } = await openServer({ personality })
    const packed = gzipSync('123456789')
    const put = async (path: string, headers: Record<string, string>): Promise<void> => {
      const sent = { 'content-encoding': 'gzip', 'content-length': String(packed.length), ...headers }
      await rawRequest(server, signRequest(server, { method: 'PUT', path, body: packed, headers: sent }).request)
    }
    await put('/b/k', {})
    await put('/b/kept', { 'cache-control': 'no-transform' })
    // Google's front end changes Accept-Encoding: a signature over it would not fit
    const get = (path: string, unsigned = {}) => rawRequest(server, signRequest(server, { path }, { unsigned }).request)
    const unpacked = await get('/b/k')
    expect([unpacked.status, unpacked.headers['content-encoding'], unpacked.headers['content-length']]).toEqual([200, undefined, undefined])
    expect(unpacked.body.toString()).toBe('123456789')
    expect((await get('/b/k', { range: 'bytes=0-1' })).body.toString()).toBe('123456789')
    const accepted = await get('/b/k', { 'accept-encoding': 'gzip' })
    expect([accepted.headers['content-encoding'], accepted.body.equals(packed)]).toEqual(['gzip', true])
    expect((await get('/b/kept')).body.equals(packed)).toBe(true)
    if (personality === 'gcs') expect(unpacked.headers).toMatchObject({ 'x-goog-stored-content-encoding': 'gzip' })
  })

  it('cached: what was read once is answered for an hour, written over or not; a byte that rots shows only past it', async () => {
    const { server, client } = await openServer({ personality: 'generic-cached' })
    const get = () => rawRequest(server, signRequest(server, { path: '/b/k' }).request)
    await client.send(nine())
    const first = await get()
    expect([first.headers['x-cache'], first.headers['age']]).toEqual(['MISS', undefined])
    await client.send(new PutObjectCommand({ ...KEY, Body: 'abc' }))
    server.corruptAtRest('b', 'k', 0)
    const second = await get()
    expect([second.headers['x-cache'], second.headers['age'], second.body.toString()]).toEqual(['HIT', '1', '123456789'])
    expect(server.peek('b', 'k')?.toString()).toBe('`bc')
    await client.send(new DeleteObjectCommand(KEY))
    expect((await get()).status).toBe(200)
  })

  it('retention: every object is locked, and a PUT has to say what its bytes are', async () => {
    const { client } = await openServer({ personality: 'generic-retention' }, plain)
    expect(await outcome(client.send(nine()))).toBe('400 InvalidRequest')
    const { VersionId } = await client.send(nine({ ContentMD5: MD5_NINE }))
    const { Retention } = await client.send(new GetObjectRetentionCommand(KEY))
    expect(Retention?.Mode).toBe('GOVERNANCE')
    expect(await outcome(client.send(new DeleteObjectCommand({ ...KEY, VersionId })))).toBe('403 AccessDenied')
  })

  it('requester pays: who does not say so gets nothing', async () => {
    const { client } = await openServer({ personality: 'generic-requester-pays' })
    expect(await outcome(client.send(nine()))).toBe('403 AccessDenied')
    const put = await client.send(nine({ RequestPayer: 'requester' }))
    expect(put.RequestCharged).toBe('requester')
    expect(await outcome(client.send(new GetObjectCommand(KEY)))).toBe('403 AccessDenied')
  })

  it('upper case, no quotes: a condition is held against the ETag as it is written', async () => {
    const { client } = await openServer({ personality: 'generic-upper-case' })
    const { ETag } = await client.send(nine())
    expect(await outcome(client.send(new GetObjectCommand({ ...KEY, IfMatch: ETag })))).toBe('ok')
    expect(await outcome(client.send(new GetObjectCommand({ ...KEY, IfMatch: ETag?.toLowerCase() })))).toBe('412 PreconditionFailed')
  })
})
