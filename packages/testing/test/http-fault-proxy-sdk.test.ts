import { createHash, randomBytes } from 'node:crypto'
import { Agent } from 'node:https'
import { Readable } from 'node:stream'
import { type CompletedPart, S3 } from '@aws-sdk/client-s3'
import {
  type FaultAction,
  type FaultRule,
  type HttpFaultProxy,
  type PersonalityName,
  type S3TestServer,
  startHttpFaultProxy,
  startS3Server,
} from '@sealift/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { SELF_SIGNED } from '../../../test/self-signed.ts'

const open: (() => void | Promise<void>)[] = []

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

interface Setting {
  readonly server: S3TestServer
  readonly proxy: HttpFaultProxy
  readonly s3: S3
}

async function start(
  personality: PersonalityName,
  faults: readonly FaultRule[] = [],
  options: { maxAttempts?: number; plain?: boolean; proxyTls?: boolean; serverTls?: boolean } = {},
): Promise<Setting> {
  const server = await startS3Server({ personality, buckets: ['b'], ...(options.serverTls === true ? { tls: SELF_SIGNED } : {}) })
  const proxy = await startHttpFaultProxy({
    target: server.endpoint,
    faults,
    ...(options.proxyTls === true ? { tls: SELF_SIGNED } : {}),
    ...(options.serverTls === true ? { targetTls: { ca: SELF_SIGNED.cert } } : {}),
  })
  const s3 = new S3({
    ...server.clientConfig,
    endpoint: proxy.endpoint,
    maxAttempts: options.maxAttempts ?? 1,
    ...(options.plain === true ? { requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' } : {}),
    ...(options.proxyTls === true ? { requestHandler: { httpsAgent: new Agent({ keepAlive: true, ca: SELF_SIGNED.cert }) } } : {}),
  })
  open.push(
    () => server.close(),
    () => proxy.close(),
    () => s3.destroy(),
  )
  return { server, proxy, s3 }
}

function once(action: FaultAction, match: FaultRule['match'] = {}): FaultRule {
  return { match, action }
}

async function read(s3: S3, key: string): Promise<Buffer> {
  return Buffer.from((await (await s3.getObject({ Bucket: 'b', Key: key })).Body?.transformToByteArray()) ?? [])
}

async function multipart(s3: S3, key: string, bodies: readonly Buffer[]): Promise<() => Promise<string | undefined>> {
  const { UploadId } = await s3.createMultipartUpload({ Bucket: 'b', Key: key })
  const Parts: CompletedPart[] = []
  for (const [i, Body] of bodies.entries()) {
    const { ETag } = await s3.uploadPart({ Bucket: 'b', Key: key, UploadId, PartNumber: i + 1, Body })
    Parts.push({ PartNumber: i + 1, ETag })
  }
  return async () => (await s3.completeMultipartUpload({ Bucket: 'b', Key: key, UploadId, MultipartUpload: { Parts } })).ETag
}

const body = randomBytes(300_000)

describe('the AWS SDK through the HTTP fault proxy', () => {
  it.each<{ personality: PersonalityName; proxyTls?: boolean; serverTls?: boolean }>([
    { personality: 'aws' },
    { personality: 'aws', proxyTls: true },
    { personality: 'aws', serverTls: true },
    { personality: 'aws', proxyTls: true, serverTls: true },
  ])('signatures hold and operations are recognised: $personality, https to the proxy $proxyTls, to the server $serverTls', async ({ personality, ...tls }) => {
    const { s3, proxy, server } = await start(personality, [], tls)
    const Bucket = 'b'
    for (const Key of ['plain', 'a b+c%20d', 'x//y/../z', 'ø/😀', '/lead', 'q\'"<>&=?#']) {
      await s3.putObject({ Bucket, Key, Body: body, Metadata: { a: 'b c' } })
      expect((await read(s3, Key)).equals(body)).toBe(true)
    }
    expect(proxy.requests.map(({ key }) => key).filter((key, i, keys) => keys.indexOf(key) === i)).toEqual([
      'plain',
      'a b+c%20d',
      'x//y/../z',
      'ø/😀',
      '/lead',
      'q\'"<>&=?#',
    ])
    await s3.putObject({ Bucket, Key: 'stream', Body: Readable.from([body.subarray(0, 99), body.subarray(99)]), ContentLength: body.length })
    expect((await read(s3, 'stream')).equals(body)).toBe(true)
    const first = proxy.requests.length
    const complete = await multipart(s3, 'm', [randomBytes(5 << 20), body])
    const { Uploads } = await s3.listMultipartUploads({ Bucket })
    await s3.listParts({ Bucket, Key: 'm', UploadId: Uploads?.[0]?.UploadId })
    await complete()
    await s3.headObject({ Bucket, Key: 'm' })
    await s3.copyObject({ Bucket, Key: 'c', CopySource: 'b/plain' })
    await s3.putObjectTagging({ Bucket, Key: 'c', Tagging: { TagSet: [{ Key: 'k', Value: 'v' }] } })
    await s3.getObjectTagging({ Bucket, Key: 'c' })
    await s3.getObjectAttributes({ Bucket, Key: 'c', ObjectAttributes: ['ObjectSize'] })
    const again = await s3.createMultipartUpload({ Bucket, Key: 'n' })
    await s3.uploadPartCopy({ Bucket, Key: 'n', UploadId: again.UploadId, PartNumber: 1, CopySource: 'b/plain' })
    await s3.abortMultipartUpload({ Bucket, Key: 'n', UploadId: again.UploadId })
    await s3.listObjectsV2({ Bucket })
    await s3.listObjects({ Bucket })
    await s3.listObjectVersions({ Bucket })
    await s3.deleteObject({ Bucket, Key: 'c' })
    await s3.deleteObjects({ Bucket, Delete: { Objects: [{ Key: 'm' }] } })
    await s3.headBucket({ Bucket })
    await s3.listBuckets({})
    await s3.createBucket({ Bucket: 'other' })
    await s3.getBucketLocation({ Bucket: 'other' })
    await s3.getBucketVersioning({ Bucket: 'other' })
    await s3.deleteBucket({ Bucket: 'other' })
    const names = proxy.requests.slice(first).map(({ operation }) => operation)
    expect(names).toEqual([
      'CreateMultipartUpload',
      'UploadPart',
      'UploadPart',
      'ListMultipartUploads',
      'ListParts',
      'CompleteMultipartUpload',
      'HeadObject',
      'CopyObject',
      'PutObjectTagging',
      'GetObjectTagging',
      'GetObjectAttributes',
      'CreateMultipartUpload',
      'UploadPartCopy',
      'AbortMultipartUpload',
      'ListObjectsV2',
      'ListObjects',
      'ListObjectVersions',
      'DeleteObject',
      'DeleteObjects',
      'HeadBucket',
      'ListBuckets',
      'CreateBucket',
      'GetBucketLocation',
      'GetBucketVersioning',
      'DeleteBucket',
    ])
    expect(server.requests.map(({ operation }) => operation)).toEqual(proxy.requests.map(({ operation }) => operation))
    expect(proxy.requests.map(({ clientStatus }) => clientStatus)).toEqual(server.requests.map(({ status }) => status))
  })

  it('a signed body that is changed on its way up is refused; an unsigned one is stored as it came', async () => {
    const { s3, server, proxy } = await start('ceph', [once({ kind: 'flip', leg: 'request', at: 1000 }, { operation: 'PutObject', times: 2 })], { plain: true })
    await expect(s3.putObject({ Bucket: 'b', Key: 'signed', Body: body })).rejects.toMatchObject({ name: 'XAmzContentSHA256Mismatch' })
    const { ETag } = await s3.putObject({ Bucket: 'b', Key: 'unsigned', Body: Readable.from([body]), ContentLength: body.length })
    const wrong = Buffer.from(body)
    wrong.writeUInt8(wrong.readUInt8(1000) ^ 1, 1000)
    expect(server.peek('b', 'unsigned')?.equals(wrong)).toBe(true)
    expect(ETag).toBe(`"${createHash('md5').update(wrong).digest('hex')}"`)
    expect(proxy.firedFaults.length).toBe(2)
  })

  it('a byte changed on its way down is delivered, or caught by the checksum where there is one', async () => {
    const fault = once({ kind: 'flip', leg: 'response', at: 1000 }, { operation: 'GetObject', times: 'always' })
    const blind = await start('ceph', [fault], { plain: true })
    await blind.s3.putObject({ Bucket: 'b', Key: 'k', Body: body })
    expect((await read(blind.s3, 'k')).compare(body)).not.toBe(0)
    const checked = await start('aws', [fault])
    await checked.s3.putObject({ Bucket: 'b', Key: 'k', Body: body })
    await expect(read(checked.s3, 'k')).rejects.toThrow(/checksum/i)
  })

  it.each([
    { kind: 'truncate', proxyTls: false },
    { kind: 'reset', proxyTls: false },
    { kind: 'truncate', proxyTls: true },
    { kind: 'reset', proxyTls: true },
  ] as const)('$kind in a reply (https: $proxyTls): the SDK throws, and reads again well', async ({ kind, proxyTls }) => {
    const { s3 } = await start('ceph', [once({ kind, leg: 'response', at: 1000 }, { operation: 'GetObject' })], { plain: true, proxyTls })
    await s3.putObject({ Bucket: 'b', Key: 'k', Body: body })
    await expect(read(s3, 'k')).rejects.toThrow()
    expect((await read(s3, 'k')).equals(body)).toBe(true)
  })

  it.each<FaultAction>([
    { kind: 'truncate', leg: 'request', at: 1000 },
    { kind: 'reset', leg: 'request', at: 1000 },
    { kind: 'never-arrives' },
    { kind: 'status', status: 503, retryAfterSeconds: 1 },
    { kind: 'status', status: 500 },
    { kind: 'lost-reply' },
  ])('$kind $status of a PUT: the SDK tries again and it is stored', async (action) => {
    const { s3, proxy, server } = await start('ceph', [once(action, { operation: 'PutObject' })], { maxAttempts: 3, plain: true })
    await s3.putObject({ Bucket: 'b', Key: 'k', Body: body })
    expect(server.peek('b', 'k')?.equals(body)).toBe(true)
    expect(proxy.requests.length).toBe(2)
    expect(proxy.firedFaults.length).toBe(1)
    expect(server.requests.filter(({ status }) => status === 200).length).toBe(action.kind === 'lost-reply' ? 2 : 1)
  })

  it('a stalled part hangs until the caller aborts', async () => {
    const { s3, proxy } = await start('ceph', [once({ kind: 'stall', leg: 'request', at: 1000 }, { operation: 'UploadPart', partNumber: 2 })], { plain: true })
    const { UploadId } = await s3.createMultipartUpload({ Bucket: 'b', Key: 'm' })
    await s3.uploadPart({ Bucket: 'b', Key: 'm', UploadId, PartNumber: 1, Body: body })
    const part = s3.uploadPart({ Bucket: 'b', Key: 'm', UploadId, PartNumber: 2, Body: body }, { abortSignal: AbortSignal.timeout(300) })
    await expect(part).rejects.toMatchObject({ name: 'AbortError' })
    expect(proxy.firedFaults.map(({ partNumber }) => partNumber)).toEqual([2])
    await s3.uploadPart({ Bucket: 'b', Key: 'm', UploadId, PartNumber: 2, Body: body })
  })

  it('Complete with its reply lost is done, and with an error in a 200 done or not, as the rule says', async () => {
    const complete = { operation: 'CompleteMultipartUpload' } as const
    const { s3, server } = await start(
      'aws',
      [
        once({ kind: 'lost-reply' }, complete),
        once({ kind: 'error-in-200' }, { ...complete, nth: 2 }),
        once({ kind: 'error-in-200', done: true }, { ...complete, nth: 3 }),
      ],
      { maxAttempts: 1 },
    )
    const lost = await multipart(s3, 'lost', [body])
    await expect(lost()).rejects.toThrow()
    expect(server.keys('b')).toEqual(['lost'])
    const failed = await multipart(s3, 'failed', [body])
    await expect(failed()).rejects.toMatchObject({ name: 'InternalError' })
    expect(server.keys('b')).toEqual(['lost'])
    const done = await multipart(s3, 'done', [body])
    await expect(done()).rejects.toMatchObject({ name: 'InternalError' })
    expect(server.keys('b')).toEqual(['done', 'lost'])
    expect(await failed()).toMatch(/-1"$/)
  })

  it('a stale HEAD shows what was before', async () => {
    const { s3, proxy } = await start('aws')
    const head = { Bucket: 'b', Key: 'k' }
    await expect(s3.headObject(head)).rejects.toMatchObject({ name: 'NotFound' })
    await s3.putObject({ ...head, Body: 'first' })
    proxy.setFaults([once({ kind: 'stale-head', head: 'previous' }, { operation: 'HeadObject' })])
    await expect(s3.headObject(head)).rejects.toMatchObject({ name: 'NotFound' })
    const { ETag } = await s3.headObject(head)
    await s3.putObject({ ...head, Body: 'second, longer' })
    proxy.setFaults([once({ kind: 'stale-head', head: 'previous' }, { operation: 'HeadObject' })])
    expect(await s3.headObject(head)).toMatchObject({ ETag, ContentLength: 5 })
    expect((await s3.headObject(head)).ContentLength).toBe(14)
  })

  it('a second writer comes in the middle of a read, or between the write and its answer', async () => {
    const { s3, server, proxy } = await start('aws', [], { plain: true })
    const other = Buffer.from('somebody else')
    await s3.putObject({ Bucket: 'b', Key: 'k', Body: body })
    proxy.setFaults([
      once({ kind: 'hook', when: 'during-reply', afterBytes: 100, run: () => server.put('b', 'k', other) }, { operation: 'GetObject' }),
      once({ kind: 'hook', when: 'before-reply', run: () => server.put('b', 'w', other) }, { operation: 'PutObject', key: 'w' }),
    ])
    expect((await read(s3, 'k')).equals(body)).toBe(true)
    expect((await read(s3, 'k')).equals(other)).toBe(true)
    const { ETag } = await s3.putObject({ Bucket: 'b', Key: 'w', Body: body })
    expect((await s3.headObject({ Bucket: 'b', Key: 'w' })).ETag).not.toBe(ETag)
    expect(proxy.firedFaults.length).toBe(2)
  })

  it('a changed ETag header is passed on; a changed signed header is refused', async () => {
    const { s3, proxy } = await start('aws', [
      once({ kind: 'flip-header', leg: 'response', name: 'etag' }, { operation: 'HeadObject' }),
      once({ kind: 'flip-header', leg: 'request', name: 'x-amz-meta-a' }, { operation: 'PutObject', nth: 2 }),
    ])
    const { ETag } = await s3.putObject({ Bucket: 'b', Key: 'k', Body: body })
    const flipped = (await s3.headObject({ Bucket: 'b', Key: 'k' })).ETag
    expect(flipped).toMatch(/^"[0-9a-f]{32}"$/)
    expect([...(flipped ?? '')].filter((character, i) => character !== ETag?.[i]).length).toBe(1)
    await expect(s3.putObject({ Bucket: 'b', Key: 'k', Body: body, Metadata: { a: 'b' } })).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' })
    expect(proxy.firedFaults.length).toBe(2)
  })
})
