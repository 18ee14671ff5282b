import { randomBytes } from 'node:crypto'
import { Agent, request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { crc32 } from 'node:zlib'
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectAclCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { type S3ServerOptions, startS3Server } from '@sealift/testing'
import { describe, expect, it } from 'vitest'
import { SELF_SIGNED } from '../../../test/self-signed.ts'
import { bytesOf, openServer, rawRequest } from './open-server.ts'
import { presign, signedChunks, signRequest } from './sign-request.ts'

const BODY = randomBytes(150_000)

describe('keys are bytes', () => {
  const KEYS = [
    'a b',
    'a+b',
    'a%20b',
    'a%2Fb',
    'x//y',
    '/lead',
    'trail/',
    './dot',
    '../up',
    'a/../b',
    '%2E%2E/x',
    'nl\nhere',
    'ctl\u0001x',
    '😀',
    '\uFF5E',
    `q'"<>&`,
    'k'.repeat(1024),
  ]

  it.each(KEYS)('%j is stored and listed as it is', async (key) => {
    const { client, server } = await openServer({ personality: 'ceph' })
    await client.send(new PutObjectCommand({ Bucket: 'b', Key: key, Body: key }))
    expect(server.keys('b')).toEqual([key])
    expect((await bytesOf(await client.send(new GetObjectCommand({ Bucket: 'b', Key: key })))).toString()).toBe(key)
    expect((await client.send(new ListObjectsV2Command({ Bucket: 'b', Prefix: key }))).Contents?.[0]?.Key).toBe(key)
    const encoded = await client.send(new ListObjectsV2Command({ Bucket: 'b', EncodingType: 'url' }))
    expect(decodeURIComponent(encoded.Contents?.[0]?.Key ?? '')).toBe(key)
    expect(server.requests[0]?.key).toBe(key)
  })

  it('a raw path is not normalised, and bytes that are not UTF-8 are a key, too', async () => {
    const { server } = await openServer()
    for (const path of ['/b/x/../y', '/b//z', '/b/%FF%00']) {
      const { request } = signRequest(server, { method: 'PUT', path, body: path, headers: { 'content-length': String(path.length) } })
      expect((await rawRequest(server, request)).status).toBe(200)
    }
    const list = await rawRequest(server, signRequest(server, { path: '/b?encoding-type=url&list-type=2' }).request)
    expect([...list.body.toString().matchAll(/<Key>([^<]*)/g)].map((one) => one[1])).toEqual(['/z', 'x/../y', '%FF%00'])
  })

  it('one byte more than 1024 is too long', async () => {
    const { client } = await openServer()
    await expect(client.send(new PutObjectCommand({ Bucket: 'b', Key: 'k'.repeat(1025), Body: '' }))).rejects.toMatchObject({ name: 'KeyTooLongError' })
  })
})

describe('signatures over the wire', () => {
  it('signed chunks are taken, with and without a trailer, and a changed chunk is not', async () => {
    const { server } = await openServer()
    const chunks = [BODY.subarray(0, 65_536), BODY.subarray(65_536)]
    const checksum = Buffer.alloc(4)
    checksum.writeUInt32BE(crc32(BODY))
    const put = async (key: string, trailers: Record<string, string>, spoil = false): Promise<number> => {
      const hasTrailer = Object.keys(trailers).length > 0
      const headers: Record<string, string> = { 'x-amz-decoded-content-length': String(BODY.length), 'content-encoding': 'aws-chunked' }
      if (hasTrailer) headers['x-amz-trailer'] = Object.keys(trailers).join(',')
      const payload = `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${hasTrailer ? '-TRAILER' : ''}`
      const { request, seed } = signRequest(server, { method: 'PUT', path: `/b/${key}`, headers }, { payload })
      const body = signedChunks(seed, chunks, trailers)
      if (spoil) body[1000] = (body[1000] ?? 0) ^ 1
      return (await rawRequest(server, { ...request, body, headers: { ...request.headers, 'content-length': String(body.length) } })).status
    }
    expect(await put('plain', {})).toBe(200)
    expect(server.peek('b', 'plain')?.equals(BODY)).toBe(true)
    expect(await put('trailer', { 'x-amz-checksum-crc32': checksum.toString('base64') })).toBe(200)
    expect(server.peek('b', 'trailer')?.equals(BODY)).toBe(true)
    expect(await put('spoilt', {}, true)).toBe(403)
    expect(await put('wrong', { 'x-amz-checksum-crc32': 'AAAAAA==' })).toBe(400)
    expect([server.peek('b', 'spoilt'), server.peek('b', 'wrong')]).toEqual([null, null])
  })

  it('presigned URLs work until they end', async () => {
    const { server } = await openServer()
    const put = await rawRequest(server, { method: 'PUT', path: presign(server, 'PUT', '/b/k', 60), body: 'hello', headers: { 'content-length': '5' } })
    expect(put.status).toBe(200)
    expect((await rawRequest(server, { path: presign(server, 'GET', '/b/k', 60) })).body.toString()).toBe('hello')
    const late = await rawRequest(server, { path: presign(server, 'GET', '/b/k', 60, new Date(Date.now() - 61_000)) })
    expect([late.status, late.body.toString().includes('Request has expired')]).toEqual([403, true])
    expect((await rawRequest(server, { path: `${presign(server, 'GET', '/b/k', 60)}0` })).status).toBe(403)
    expect((await rawRequest(server, { method: 'DELETE', path: presign(server, 'GET', '/b/k', 60) })).status).toBe(403)
  })

  it('a body that is not the signed one', async () => {
    for (const [personality, code] of [
      ['aws', 'XAmzContentSHA256Mismatch'],
      ['swift', 'BadDigest'],
    ] as const) {
      const { server } = await openServer({ personality })
      const { request } = signRequest(server, { method: 'PUT', path: '/b/k', body: 'signed', headers: { 'content-length': '6' } })
      expect((await rawRequest(server, { ...request, body: 'sent!!' })).body.toString()).toContain(`<Code>${code}</Code>`)
      expect(server.peek('b', 'k')).toBeNull()
    }
  })

  it('aws: an x-amz header that is not signed is refused; a clock that is an hour off, too', async () => {
    const { server } = await openServer()
    const unsigned = signRequest(server, { path: '/b' }, { unsigned: { 'x-amz-meta-a': '1' } })
    expect((await rawRequest(server, unsigned.request)).body.toString()).toContain('HeadersNotSigned')
    const skewed = signRequest(server, { path: '/b' }, { date: new Date(Date.now() - 3_600_000) })
    expect((await rawRequest(server, skewed.request)).body.toString()).toContain('<Code>RequestTimeTooSkewed</Code>')
    const wrong = signRequest(server, { path: '/b' }, { secretAccessKey: 'wrong' })
    expect((await rawRequest(server, wrong.request)).body.toString()).toContain('<Code>SignatureDoesNotMatch</Code>')
  })

  it('virtual-host style', async () => {
    const { server } = await openServer()
    server.put('b', 'k', 'x')
    for (const host of ['b.localhost', 'b.s3.localhost']) {
      const { request } = signRequest(server, { path: '/k', headers: { host: `${host}:${server.port}` } })
      expect((await rawRequest(server, request)).body.toString()).toBe('x')
    }
  })
})

describe('http', () => {
  it('keeps a connection, and closes one that is asked to', async () => {
    const { server } = await openServer()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const ports = new Set<number | undefined>()
    const once = (headers: Record<string, string>): Promise<string | undefined> =>
      new Promise((resolve, reject) => {
        const { request } = signRequest(server, { path: '/b' })
        const sent = httpRequest({ port: server.port, host: '127.0.0.1', path: '/b', agent, headers: { ...request.headers, ...headers } }, (response) => {
          response.resume()
          response.on('end', () => resolve(response.headers.connection))
        })
        sent.on('socket', (socket) => (socket.connecting ? socket.once('connect', () => ports.add(socket.localPort)) : ports.add(socket.localPort)))
        sent.on('error', reject)
        sent.end()
      })
    expect(await once({})).toBe('keep-alive')
    await once({})
    expect(ports.size).toBe(1)
    expect(await once({ connection: 'close' })).toBe('close')
    agent.destroy()
  })

  it('HEAD, 204 and 304 have no body, Last-Modified is whole seconds, Date and a request id are there', async () => {
    const { server } = await openServer()
    server.put('b', 'k', BODY)
    const head = await rawRequest(server, signRequest(server, { method: 'HEAD', path: '/b/k' }).request)
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, '150000', 0])
    expect(head.headers['last-modified']).toMatch(/^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/)
    expect([typeof head.headers.date, typeof head.headers['x-amz-request-id']]).toEqual(['string', 'string'])
    const same = await rawRequest(server, signRequest(server, { path: '/b/k', headers: { 'if-none-match': head.headers.etag ?? '' } }).request)
    expect([same.status, same.body.length, same.headers.etag]).toEqual([304, 0, head.headers.etag])
    const gone = await rawRequest(server, signRequest(server, { method: 'DELETE', path: '/b/k' }).request)
    expect([gone.status, gone.body.length]).toEqual([204, 0])
  })

  it('does not ask for a body that it will refuse', async () => {
    const { server } = await openServer()
    const { request } = signRequest(
      server,
      { method: 'PUT', path: '/missing/k', headers: { expect: '100-continue', 'content-length': '5' } },
      { payload: 'UNSIGNED-PAYLOAD' },
    )
    const head = Object.entries(request.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`)
    const seen = await new Promise<string>((resolve) => {
      const socket = connect(server.port, '127.0.0.1', () => socket.write(`PUT /missing/k HTTP/1.1\r\n${head.join('')}\r\n`))
      let text = ''
      socket.on('data', (piece) => {
        text += piece.toString()
      })
      socket.on('close', () => resolve(text))
    })
    expect(seen.startsWith('HTTP/1.1 404')).toBe(true)
  })

  it('lets a client read the answer to a large body that was refused', async () => {
    const { server, client } = await openServer()
    const put = client.send(new PutObjectCommand({ Bucket: 'missing', Key: 'k', Body: Buffer.alloc(8 * 1024 ** 2) }))
    await expect(put).rejects.toMatchObject({ name: 'NoSuchBucket' })
    expect(server.requests.at(-1)).toMatchObject({ status: 404, errorCode: 'NoSuchBucket' })
  })

  it('a client that goes away in the middle of its body leaves no object', async () => {
    const { server } = await openServer()
    const { request } = signRequest(server, { method: 'PUT', path: '/b/k', headers: { 'content-length': '100000' } }, { payload: 'UNSIGNED-PAYLOAD' })
    const sent = httpRequest({ port: server.port, host: '127.0.0.1', method: 'PUT', path: '/b/k', headers: request.headers ?? {} })
    sent.on('error', () => {})
    sent.write(Buffer.alloc(50_000))
    setTimeout(() => sent.destroy(), 50)
    await expect.poll(() => server.requests).toMatchObject([{ status: 0, bytesIn: 50_000 }])
    expect(server.peek('b', 'k')).toBeNull()
  })

  it('a slow reader holds the server back instead of filling its memory', async () => {
    const { server } = await openServer({ objects: [{ bucket: 'b', key: 'big', sizeBytes: 1024 ** 3, etag: 'opaque' }] })
    const { request } = signRequest(server, { path: '/b/big' })
    const socket = connect(server.port, '127.0.0.1', () => {
      socket.write(
        `GET /b/big HTTP/1.1\r\n${Object.entries(request.headers ?? {})
          .map(([name, value]) => `${name}: ${value}\r\n`)
          .join('')}\r\n`,
      )
    })
    socket.on('error', () => {})
    socket.pause()
    await new Promise((resolve) => setTimeout(resolve, 300))
    socket.destroy()
    await expect.poll(() => server.requests.length).toBe(1)
    expect(server.requests[0]?.bytesOut).toBeLessThan(64 * 1024 ** 2)
  })

  it('serves https, faults of the connection included', async () => {
    const { server } = await openServer({ tls: SELF_SIGNED, objects: [{ bucket: 'b', key: 'k', sizeBytes: 10 }] })
    expect(server.endpoint).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    const { get } = await import('node:https')
    const read = (): Promise<number> =>
      new Promise((resolve, reject) => {
        const { request } = signRequest(server, { path: '/b/k' })
        const sent = get(
          { port: server.port, host: '127.0.0.1', path: '/b/k', headers: request.headers ?? {}, ca: SELF_SIGNED.cert, agent: false },
          (response) => {
            response.resume()
            response.on('end', () => resolve(response.statusCode ?? 0))
          },
        )
        sent.on('error', reject)
      })
    expect(await read()).toBe(200)
    server.setFaults([{ match: {}, action: { kind: 'lost-reply' } }])
    await expect(read()).rejects.toMatchObject({ code: 'ECONNRESET' })
  })

  it('closes over https right after it reset a connection', async () => {
    const { Agent: TlsAgent } = await import('node:https')
    const requestHandler = { httpsAgent: new TlsAgent({ ca: SELF_SIGNED.cert, keepAlive: true }) }
    const faults = [{ match: {}, action: { kind: 'never-arrives' } }] as const
    const { server, client } = await openServer({ tls: SELF_SIGNED, faults }, { requestHandler })
    await expect(client.send(new CreateMultipartUploadCommand({ Bucket: 'b', Key: 'k' }))).rejects.toMatchObject({ code: 'ECONNRESET' })
    client.destroy()
    await server.close()
  })
})

describe('operations', () => {
  it('versions: each PUT is one, DELETE is a marker, a version goes for good', async () => {
    const { client } = await openServer()
    const at = { Bucket: 'b', Key: 'k' }
    await client.send(new PutObjectCommand({ ...at, Body: 'zero' }))
    await client.send(new PutBucketVersioningCommand({ Bucket: 'b', VersioningConfiguration: { Status: 'Enabled' } }))
    const one = (await client.send(new PutObjectCommand({ ...at, Body: 'one' }))).VersionId
    const marker = await client.send(new DeleteObjectCommand(at))
    expect(marker.DeleteMarker).toBe(true)
    await expect(client.send(new GetObjectCommand(at))).rejects.toMatchObject({ name: 'NoSuchKey', $response: { headers: { 'x-amz-delete-marker': 'true' } } })
    expect((await bytesOf(await client.send(new GetObjectCommand({ ...at, VersionId: 'null' })))).toString()).toBe('zero')
    const seen: (string | undefined)[] = []
    let marks: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {}
    for (let more = true; more; ) {
      const page = await client.send(new ListObjectVersionsCommand({ Bucket: 'b', MaxKeys: 1, ...marks }))
      seen.push(...[...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map((version) => version.VersionId))
      marks = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
      more = page.IsTruncated === true
    }
    expect(seen).toEqual([marker.VersionId, one, 'null'])
    await client.send(new DeleteObjectCommand({ ...at, VersionId: marker.VersionId }))
    expect((await bytesOf(await client.send(new GetObjectCommand(at)))).toString()).toBe('one')
  })

  it('tags, canned ACLs and policies', async () => {
    const { client, server } = await openServer()
    const at = { Bucket: 'b', Key: 'k' }
    await client.send(new PutObjectCommand({ ...at, Body: 'x', Tagging: 'a=1&b%20c=x%2Fy' }))
    expect((await client.send(new GetObjectTaggingCommand(at))).TagSet).toEqual([
      { Key: 'a', Value: '1' },
      { Key: 'b c', Value: 'x/y' },
    ])
    await client.send(new PutObjectTaggingCommand({ ...at, Tagging: { TagSet: [{ Key: 'n', Value: '2' }] } }))
    expect((await client.send(new HeadObjectCommand(at))).TagCount).toBe(1)
    expect((await rawRequest(server, { path: '/b/k' })).status).toBe(403)
    await client.send(new PutObjectAclCommand({ ...at, ACL: 'public-read' }))
    expect((await client.send(new GetObjectAclCommand(at))).Grants).toHaveLength(2)
    expect((await rawRequest(server, { path: '/b/k' })).body.toString()).toBe('x')
    const Statement = [{ Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/k*' }]
    await client.send(new PutBucketPolicyCommand({ Bucket: 'b', Policy: JSON.stringify({ Statement }) }))
    await expect(client.send(new GetObjectCommand(at))).rejects.toMatchObject({ name: 'AccessDenied' })
  })

  it('a lock holds a version until its time, unless the bypass is asked for', async () => {
    const { client } = await openServer()
    await client.send(new CreateBucketCommand({ Bucket: 'locked', ObjectLockEnabledForBucket: true }))
    const at = { Bucket: 'locked', Key: 'k' }
    const lock = { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: new Date(Date.now() + 60_000) } as const
    const { VersionId } = await client.send(new PutObjectCommand({ ...at, Body: 'x', ...lock }))
    expect((await client.send(new HeadObjectCommand(at))).ObjectLockMode).toBe('GOVERNANCE')
    await expect(client.send(new DeleteObjectCommand({ ...at, VersionId }))).rejects.toMatchObject({ name: 'AccessDenied' })
    await client.send(new DeleteObjectCommand({ ...at, VersionId, BypassGovernanceRetention: true }))
  })

  it('SSE-C: the key has to come back, and the ETag is no MD5', async () => {
    const { client } = await openServer()
    const sse = { SSECustomerAlgorithm: 'AES256', SSECustomerKey: Buffer.alloc(32, 1).toString('base64'), SSECustomerKeyMD5: 'x' }
    const at = { Bucket: 'b', Key: 'k' }
    await client.send(new PutObjectCommand({ ...at, Body: 'x', ...sse }))
    await expect(client.send(new GetObjectCommand(at))).rejects.toMatchObject({ name: 'InvalidRequest' })
    const read = await client.send(new GetObjectCommand({ ...at, ...sse }))
    expect([(await bytesOf(read)).toString(), read.SSECustomerAlgorithm]).toEqual(['x', 'AES256'])
    expect(read.ETag).not.toBe('"9dd4e461268c8034f5c8564e155c67a6"')
  })

  it('a copy carries or replaces the metadata and heeds the conditions on its source', async () => {
    const { client } = await openServer()
    await client.send(new PutObjectCommand({ Bucket: 'b', Key: 'a b', Body: 'x', Metadata: { one: '1' }, ContentType: 'x/y' }))
    const copy = { Bucket: 'b', Key: 'c', CopySource: 'b/a%20b' }
    await client.send(new CopyObjectCommand(copy))
    expect(await client.send(new HeadObjectCommand({ Bucket: 'b', Key: 'c' }))).toMatchObject({ Metadata: { one: '1' }, ContentType: 'x/y' })
    await client.send(new CopyObjectCommand({ ...copy, MetadataDirective: 'REPLACE', Metadata: { two: '2' } }))
    expect((await client.send(new HeadObjectCommand({ Bucket: 'b', Key: 'c' }))).Metadata).toEqual({ two: '2' })
    await expect(client.send(new CopyObjectCommand({ ...copy, CopySourceIfMatch: '"other"' }))).rejects.toMatchObject({ name: 'PreconditionFailed' })
    await expect(client.send(new CopyObjectCommand({ ...copy, Key: 'a b' }))).rejects.toMatchObject({ name: 'InvalidRequest' })
  })

  it('pages of uploads and parts', async () => {
    const { client, server } = await openServer()
    const ids: string[] = []
    for (const Key of ['b/1', 'a', 'b/2', 'a']) ids.push((await client.send(new CreateMultipartUploadCommand({ Bucket: 'b', Key }))).UploadId ?? '')
    const seen: (string | undefined)[] = []
    let marks: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } = {}
    for (let more = true; more; ) {
      const page = await client.send(new ListMultipartUploadsCommand({ Bucket: 'b', MaxUploads: 1, ...marks }))
      seen.push(...(page.Uploads ?? []).map((upload) => `${upload.Key} ${upload.UploadId}`))
      marks = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker }
      more = page.IsTruncated === true
    }
    expect([...seen].sort()).toEqual([`a ${ids[1]}`, `a ${ids[3]}`, `b/1 ${ids[0]}`, `b/2 ${ids[2]}`].sort())
    expect(seen.map((one) => one?.split(' ')[0])).toEqual(['a', 'a', 'b/1', 'b/2'])
    const rolled = await client.send(new ListMultipartUploadsCommand({ Bucket: 'b', Delimiter: '/' }))
    expect([rolled.Uploads?.length, rolled.CommonPrefixes]).toEqual([2, [{ Prefix: 'b/' }]])
    const at = { Bucket: 'b', Key: 'b/1', UploadId: ids[0] }
    for (const PartNumber of [7, 2, 9]) await client.send(new UploadPartCommand({ ...at, PartNumber, Body: `${PartNumber}` }))
    const first = await client.send(new ListPartsCommand({ ...at, MaxParts: 2 }))
    const second = await client.send(new ListPartsCommand({ ...at, MaxParts: 2, PartNumberMarker: first.NextPartNumberMarker }))
    expect([...(first.Parts ?? []), ...(second.Parts ?? [])].map((part) => part.PartNumber)).toEqual([2, 7, 9])
    expect([first.IsTruncated, second.IsTruncated]).toEqual([true, false])
    expect(server.uploads('b')).toHaveLength(4)
  })

  it('aws: Complete heeds x-amz-mp-object-size; GetObjectAttributes lists parts that carry a checksum', async () => {
    const { client } = await openServer()
    const at = { Bucket: 'b', Key: 'm' }
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...at, ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' }))
    const { ETag } = await client.send(new UploadPartCommand({ ...at, UploadId, PartNumber: 1, Body: 'abc' }))
    const complete = (MpuObjectSize: number): Promise<unknown> =>
      client.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MpuObjectSize, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } }))
    await expect(complete(4)).rejects.toMatchObject({ name: 'InvalidRequest' })
    await complete(3)
    const attributes = await client.send(new GetObjectAttributesCommand({ ...at, ObjectAttributes: ['Checksum', 'ObjectParts', 'ObjectSize'] }))
    expect(attributes).toMatchObject({
      ObjectSize: 3,
      Checksum: { ChecksumCRC32: 'NSRBwg==', ChecksumType: 'FULL_OBJECT' },
      ObjectParts: { TotalPartsCount: 1, Parts: [{ PartNumber: 1, Size: 3, ChecksumCRC32: 'NSRBwg==' }] },
    })
  })

  it('the same Complete twice at once makes one version', async () => {
    const { client } = await openServer()
    await client.send(new PutBucketVersioningCommand({ Bucket: 'b', VersioningConfiguration: { Status: 'Enabled' } }))
    const at = { Bucket: 'b', Key: 'm' }
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(at))
    const { ETag } = await client.send(new UploadPartCommand({ ...at, UploadId, PartNumber: 1, Body: 'abc' }))
    const complete = new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } })
    await Promise.allSettled([client.send(complete), client.send(complete), client.send(complete)])
    expect((await client.send(new ListObjectVersionsCommand({ Bucket: 'b' }))).Versions).toHaveLength(1)
  })

  it('refuses a lock until no date and a response header of two lines', async () => {
    const { client, server } = await openServer()
    server.put('b', 'k', 'x')
    const headers = { 'content-length': '1', 'x-amz-object-lock-mode': 'GOVERNANCE', 'x-amz-object-lock-retain-until-date': 'never' }
    expect((await rawRequest(server, signRequest(server, { method: 'PUT', path: '/b/l', body: 'x', headers }).request)).status).toBe(400)
    const overridden = new GetObjectCommand({ Bucket: 'b', Key: 'k', ResponseContentType: 'a/b\r\nx: y' })
    await expect(client.send(overridden)).rejects.toMatchObject({ name: 'InvalidArgument' })
  })

  it('DeleteObjects, and listings of version 1', async () => {
    const { client, server } = await openServer()
    for (const key of ['a', 'b/1', 'b/2', 'c']) server.put('b', key, key)
    const page = await client.send(new ListObjectsCommand({ Bucket: 'b', Delimiter: '/', MaxKeys: 2 }))
    expect([page.Contents?.map((one) => one.Key), page.CommonPrefixes, page.NextMarker]).toEqual([['a'], [{ Prefix: 'b/' }], 'b/'])
    const rest = await client.send(new ListObjectsCommand({ Bucket: 'b', Delimiter: '/', Marker: page.NextMarker }))
    expect([rest.Contents?.map((one) => one.Key), rest.CommonPrefixes]).toEqual([['c'], undefined])
    const done = await client.send(new DeleteObjectsCommand({ Bucket: 'b', Delete: { Objects: [{ Key: 'a' }, { Key: 'none' }] } }))
    expect(done.Deleted).toHaveLength(2)
    expect(server.keys('b')).toEqual(['b/1', 'b/2', 'c'])
  })

  it('takes no broken XML for a request', async () => {
    const { server } = await openServer()
    for (const body of ['', '<Delete>', '<Other></Other>', 'not xml', '<Delete></Delete>']) {
      const { request } = signRequest(server, { method: 'POST', path: '/b?delete', body, headers: { 'content-length': String(body.length) } })
      const reply = await rawRequest(server, request)
      expect([body, reply.status, reply.body.toString().includes('<Code>MalformedXML</Code>')]).toEqual([body, 400, true])
    }
  })
})

describe('the log and the options', () => {
  it('tells what was asked, without secrets, and no more of it than it is told to keep', async () => {
    const { client, server } = await openServer({ maxLoggedRequests: 3 })
    await client.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: BODY }))
    expect(server.requests).toMatchObject([{ operation: 'PutObject', method: 'PUT', bucket: 'b', key: 'k', status: 200, bytesIn: BODY.length, bytesOut: 0 }])
    await rawRequest(server, { path: presign(server, 'GET', '/b/k', 60) })
    expect(server.requests[1]).toMatchObject({ operation: 'GetObject', bytesOut: BODY.length, query: { 'X-Amz-Expires': '60' } })
    const text = JSON.stringify(server.requests)
    expect(text).not.toMatch(/authorization|Signature=|X-Amz-Signature|X-Amz-Credential/)
    expect(text).not.toContain(server.credentials.accessKeyId)
    for (let i = 0; i < 5; i++) await client.send(new HeadObjectCommand({ Bucket: 'b', Key: 'k' }))
    expect(server.requests).toHaveLength(3)
    expect(server.requestCounts).toEqual({ PutObject: 1, GetObject: 1, HeadObject: 5 })
    server.clearRequests()
    expect([server.requests.length, server.requestCounts]).toEqual([0, {}])
  })

  it.each<[string, unknown]>([
    ['personality', 'nonesuch'],
    ['port', 70_000],
    ['port', 1.5],
    ['credentials', { accessKeyId: '', secretAccessKey: 'x' }],
    ['maxLoggedRequests', -1],
    ['buckets', ['']],
  ])('refuses %s: %j', async (option, value) => {
    await expect(startS3Server({ [option]: value } as S3ServerOptions)).rejects.toMatchObject({ code: 'ERR_INVALID_OPTION', context: { option } })
  })

  it('close ends what is under way, and await using does it, too', async () => {
    let endpoint = ''
    {
      await using server = await startS3Server({ buckets: ['b'], objects: [{ bucket: 'b', key: 'k', sizeBytes: 100 }] })
      endpoint = server.endpoint
      server.setFaults([{ match: {}, action: { kind: 'stall', leg: 'response', at: 5 } }])
      const { request } = signRequest(server, { path: '/b/k' })
      const response = await fetch(`${endpoint}/b/k`, { headers: request.headers ?? {} })
      const body = response.arrayBuffer()
      body.catch(() => {})
      await server.close()
      await expect(body).rejects.toThrow()
    }
    await expect(fetch(endpoint)).rejects.toThrow()
  })
})
