import { createHash, randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  PutObjectCommand,
  type PutObjectCommandOutput,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import type { S3TestServer, ServerFaultRule } from '@sealift/testing'
import { describe, expect, it } from 'vitest'
import { bytesOf, openServer, rawRequest } from './open-server.ts'
import { signRequest } from './sign-request.ts'

const BODY = randomBytes(200_000)
const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex')
const md5Base64 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('base64')

function flipped(bytes: Uint8Array, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ 1
  return copy
}

/** ceph: no checksums that the SDK would check, so that what happens on the wire is what the client sees. */
async function openFaulty(...faults: ServerFaultRule[]): Promise<{ server: S3TestServer; client: S3Client }> {
  const opened = await openServer({ personality: 'ceph' })
  opened.server.put('b', 'k', BODY)
  opened.server.setFaults(faults)
  return opened
}

const get = async (client: S3Client, extra: { Range?: string; IfMatch?: string } = {}): Promise<Buffer> =>
  bytesOf(await client.send(new GetObjectCommand({ Bucket: 'b', Key: 'k', ...extra })))
const head = (client: S3Client): Promise<HeadObjectCommandOutput> => client.send(new HeadObjectCommand({ Bucket: 'b', Key: 'k' }))
const put = (client: S3Client, body: Uint8Array, extra: { ContentMD5?: string; IfNoneMatch?: string } = {}): Promise<PutObjectCommandOutput> =>
  client.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: body, ...extra }))

describe('a flipped byte', () => {
  it('on the way out changes the bytes that are read, once', async () => {
    const { client, server } = await openFaulty({ match: { operation: 'GetObject' }, action: { kind: 'flip', leg: 'response', at: 150_000 } })
    expect((await get(client)).equals(flipped(BODY, 150_000))).toBe(true)
    expect((await get(client)).equals(BODY)).toBe(true)
    expect(server.firedFaults).toMatchObject([{ operation: 'GetObject', bucket: 'b', key: 'k', requestNumber: 1 }])
  })

  it('counts from the start of the body that is sent, and does not fire where the body does not reach it', async () => {
    const { client, server } = await openFaulty({ match: { operation: 'GetObject', times: 'always' }, action: { kind: 'flip', leg: 'response', at: 10 } })
    expect((await get(client, { Range: 'bytes=100-199' })).equals(flipped(BODY.subarray(100, 200), 10))).toBe(true)
    expect((await get(client, { Range: 'bytes=0-5' })).equals(BODY.subarray(0, 6))).toBe(true)
    expect(server.firedFaults).toHaveLength(1)
  })

  it('on the way in is stored, with the ETag of the wrong bytes, where the payload is unsigned', async () => {
    const { server } = await openFaulty({ match: { operation: 'PutObject' }, action: { kind: 'flip', leg: 'request', at: 7 } })
    const { request } = signRequest(
      server,
      { method: 'PUT', path: '/b/k', body: BODY, headers: { 'content-length': String(BODY.length) } },
      { payload: 'UNSIGNED-PAYLOAD' },
    )
    const reply = await rawRequest(server, request)
    expect(reply.headers.etag).toBe(`"${md5(flipped(BODY, 7))}"`)
    expect(server.peek('b', 'k')?.equals(flipped(BODY, 7))).toBe(true)
  })

  it('on the way in is found by Content-MD5, and by a signed payload', async () => {
    const { server, client } = await openFaulty({ match: { operation: 'PutObject', times: 'always' }, action: { kind: 'flip', leg: 'request', at: 7 } })
    const headers = { 'content-length': String(BODY.length), 'content-md5': md5Base64(BODY) }
    const unsigned = signRequest(server, { method: 'PUT', path: '/b/new', body: BODY, headers }, { payload: 'UNSIGNED-PAYLOAD' })
    expect((await rawRequest(server, unsigned.request)).body.toString()).toContain('<Code>BadDigest</Code>')
    await expect(put(client, BODY)).rejects.toMatchObject({ name: 'XAmzContentSHA256Mismatch' })
    expect(server.peek('b', 'new')).toBeNull()
    expect(server.peek('b', 'k')?.equals(BODY)).toBe(true)
  })

  it('at rest leaves the ETag of the right bytes', async () => {
    const { server, client } = await openFaulty({ match: { operation: 'PutObject' }, action: { kind: 'flip', leg: 'rest', at: 0 } })
    const body = randomBytes(1000)
    expect((await put(client, body)).ETag).toBe(`"${md5(body)}"`)
    expect((await head(client)).ETag).toBe(`"${md5(body)}"`)
    expect((await get(client)).equals(flipped(body, 0))).toBe(true)
    server.corruptAtRest('b', 'k', 0)
    expect((await get(client)).equals(body)).toBe(true)
  })

  it('in a part at rest shows in the whole', async () => {
    const { client, server } = await openFaulty({ match: { operation: 'UploadPart', partNumber: 1 }, action: { kind: 'flip', leg: 'rest', at: 5 } })
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: 'b', Key: 'm' }))
    const { ETag } = await client.send(new UploadPartCommand({ Bucket: 'b', Key: 'm', UploadId, PartNumber: 1, Body: BODY }))
    expect(ETag).toBe(`"${md5(BODY)}"`)
    await client.send(new CompleteMultipartUploadCommand({ Bucket: 'b', Key: 'm', UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } }))
    expect(server.peek('b', 'm')?.equals(flipped(BODY, 5))).toBe(true)
  })
})

/** Sends a signed GET over a bare socket and waits until it closes. */
function rawExchange(server: S3TestServer, path: string): Promise<{ bytes: Buffer; error: string | null }> {
  const { request } = signRequest(server, { path })
  return new Promise((resolve) => {
    const pieces: Buffer[] = []
    let error: string | null = null
    const socket: Socket = connect(server.port, '127.0.0.1', () => {
      const headers = Object.entries(request.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`)
      socket.write(`GET ${path} HTTP/1.1\r\n${headers.join('')}\r\n`)
    })
    socket.on('data', (piece) => pieces.push(piece))
    socket.on('error', (one: NodeJS.ErrnoException) => {
      error = one.code ?? one.message
    })
    socket.on('close', () => resolve({ bytes: Buffer.concat(pieces), error }))
  })
}

describe('a broken connection', () => {
  it('truncate: so many bytes under the whole length, then an orderly end', async () => {
    const { server } = await openFaulty({ match: { operation: 'GetObject' }, action: { kind: 'truncate', leg: 'response', at: 1000 } })
    const { bytes, error } = await rawExchange(server, '/b/k')
    const [headers = '', ...rest] = bytes.toString('latin1').split('\r\n\r\n')
    expect(headers.toLowerCase()).toContain('content-length: 200000')
    expect(Buffer.from(rest.join('\r\n\r\n'), 'latin1').equals(BODY.subarray(0, 1000))).toBe(true)
    expect(error).toBeNull()
  })

  it('reset: the client gets ECONNRESET', async () => {
    const { server } = await openFaulty({ match: { operation: 'GetObject' }, action: { kind: 'reset', leg: 'response', at: 1000 } })
    expect((await rawExchange(server, '/b/k')).error).toBe('ECONNRESET')
  })

  it('stall: nothing more comes and nothing ends, until the client gives up', async () => {
    const { server } = await openFaulty({ match: { operation: 'GetObject' }, action: { kind: 'stall', leg: 'response', at: 1000 } })
    const { request } = signRequest(server, { path: '/b/k' })
    const response = await fetch(`${server.endpoint}/b/k`, { headers: request.headers ?? {}, signal: AbortSignal.timeout(300) })
    await expect(response.arrayBuffer()).rejects.toMatchObject({ name: 'TimeoutError' })
    await expect.poll(() => server.requests).toMatchObject([{ operation: 'GetObject', status: 200, bytesOut: 1000 }])
  })

  it.each(['truncate', 'reset'] as const)('%s while the body comes in: nothing is stored', async (kind) => {
    const { server, client } = await openFaulty({ match: { operation: 'PutObject' }, action: { kind, leg: 'request', at: 100_000 } })
    await expect(put(client, randomBytes(200_000))).rejects.toThrow()
    expect(server.peek('b', 'k')?.equals(BODY)).toBe(true)
    await expect.poll(() => server.requests).toMatchObject([{ operation: 'PutObject', status: 0 }])
  })

  it('stall while the body comes in: ended by the client', async () => {
    const { server } = await openFaulty({ match: { operation: 'PutObject' }, action: { kind: 'stall', leg: 'request', at: 10 } })
    const { request } = signRequest(server, { method: 'PUT', path: '/b/k', body: 'x'.repeat(100) })
    const sent = fetch(`${server.endpoint}/b/k`, { method: 'PUT', headers: request.headers ?? {}, body: 'x'.repeat(100), signal: AbortSignal.timeout(200) })
    await expect(sent).rejects.toMatchObject({ name: 'TimeoutError' })
    await expect.poll(() => server.requests).toMatchObject([{ status: 0 }])
  })

  it('lost-reply: done, but nobody is told', async () => {
    const { server, client } = await openFaulty({ match: { operation: 'PutObject' }, action: { kind: 'lost-reply' } })
    const body = randomBytes(10)
    await expect(put(client, body)).rejects.toThrow()
    expect(server.peek('b', 'k')?.equals(body)).toBe(true)
  })

  it('lost-reply to Complete: on ceph the second try answers with the ETag, unquoted', async () => {
    const { server, client } = await openFaulty({ match: { operation: 'CompleteMultipartUpload' }, action: { kind: 'lost-reply' } })
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: 'b', Key: 'm' }))
    const { ETag } = await client.send(new UploadPartCommand({ Bucket: 'b', Key: 'm', UploadId, PartNumber: 1, Body: 'x' }))
    const complete = new CompleteMultipartUploadCommand({ Bucket: 'b', Key: 'm', UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } })
    await expect(client.send(complete)).rejects.toThrow()
    expect(server.uploads()).toEqual([])
    expect((await client.send(complete)).ETag).toBe(`${md5(createHash('md5').update('x').digest())}-1`)
  })

  it('never-arrives: not done', async () => {
    const { server, client } = await openFaulty({ match: { operation: 'PutObject' }, action: { kind: 'never-arrives' } })
    await expect(put(client, randomBytes(10))).rejects.toThrow()
    expect(server.peek('b', 'k')?.equals(BODY)).toBe(true)
  })
})

describe('a reply that is not the right one', () => {
  it('status: the operation is not done; Retry-After is sent', async () => {
    const { server, client } = await openFaulty({ match: { operation: 'PutObject' }, action: { kind: 'status', status: 503, retryAfterSeconds: 7 } })
    const error = await put(client, randomBytes(10)).catch((one: unknown) => one)
    expect(error).toMatchObject({ name: 'SlowDown', $metadata: { httpStatusCode: 503 }, $response: { headers: { 'retry-after': '7' } } })
    expect(server.peek('b', 'k')?.equals(BODY)).toBe(true)
    await put(client, randomBytes(10))
  })

  it.each([
    [429, undefined, 'TooManyRequests'],
    [500, undefined, 'InternalError'],
    [403, 'RequestRateLimitExceeded', 'RequestRateLimitExceeded'],
  ])('status %d', async (status, code, name) => {
    const { client } = await openFaulty({ match: { operation: 'GetObject' }, action: { kind: 'status', status, ...(code === undefined ? {} : { code }) } })
    await expect(get(client)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: status } })
  })

  it.each([true, false])('error-in-200 for Complete, done: %s', async (done) => {
    const { server, client } = await openFaulty({ match: { operation: 'CompleteMultipartUpload' }, action: { kind: 'error-in-200', done } })
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: 'b', Key: 'm' }))
    const { ETag } = await client.send(new UploadPartCommand({ Bucket: 'b', Key: 'm', UploadId, PartNumber: 1, Body: 'x' }))
    const complete = new CompleteMultipartUploadCommand({ Bucket: 'b', Key: 'm', UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } })
    await expect(client.send(complete)).rejects.toMatchObject({ name: 'InternalError' })
    expect(server.uploads()).toHaveLength(done ? 0 : 1)
    expect(server.peek('b', 'm')?.toString()).toBe(done ? 'x' : undefined)
    expect(server.requests.at(-1)?.status).toBe(200)
  })

  it('flip-header: another ETag in the reply, the object is as it was', async () => {
    const { client } = await openFaulty({ match: { operation: 'HeadObject' }, action: { kind: 'flip-header', leg: 'response', name: 'ETag' } })
    const wrong = (await head(client)).ETag ?? ''
    expect(wrong).toMatch(/^"[0-9a-f]{32}"$/)
    expect([...wrong].filter((c, i) => c !== `"${md5(BODY)}"`[i])).toHaveLength(1)
    expect((await head(client)).ETag).toBe(`"${md5(BODY)}"`)
  })

  it('flip-header on the way in: a signed header is found out', async () => {
    const { client } = await openFaulty({ match: { operation: 'PutObject' }, action: { kind: 'flip-header', leg: 'request', name: 'content-md5' } })
    await expect(put(client, BODY, { ContentMD5: md5Base64(BODY) })).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' })
  })

  it('stale-head: as it was before the last write, 404 when it was not there, or what the rule says', async () => {
    const { server, client } = await openFaulty({ match: { operation: 'HeadObject', times: 2 }, action: { kind: 'stale-head', head: 'previous' } })
    await expect(head(client)).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } })
    await put(client, randomBytes(10))
    expect(await head(client)).toMatchObject({ ETag: `"${md5(BODY)}"`, ContentLength: BODY.length })
    expect(await head(client)).toMatchObject({ ContentLength: 10 })
    server.setFaults([{ match: { operation: 'HeadObject' }, action: { kind: 'stale-head', head: { etag: '"old"', 'content-length': '3' } } }])
    expect(await head(client)).toMatchObject({ ETag: '"old"', ContentLength: 3 })
  })

  it('echo-checksum: stores and gives back what it was told', async () => {
    const { server } = await openFaulty({ match: { operation: 'PutObject' }, action: { kind: 'echo-checksum' } })
    const headers = { 'content-length': '5', 'content-md5': md5Base64(BODY), 'x-amz-checksum-crc32': 'AAAAAA==' }
    const { request } = signRequest(server, { method: 'PUT', path: '/b/k', body: 'other', headers }, { payload: 'UNSIGNED-PAYLOAD' })
    const reply = await rawRequest(server, request)
    expect([reply.status, reply.headers.etag, reply.headers['x-amz-checksum-crc32']]).toEqual([200, `"${md5(BODY)}"`, 'AAAAAA=='])
    expect(server.peek('b', 'k')?.toString()).toBe('other')
  })

  it('ignore-conditions: the object is overwritten', async () => {
    const { client, server } = await openFaulty({ match: { operation: 'PutObject' }, action: { kind: 'ignore-conditions' } })
    await put(client, Buffer.from('new'), { IfNoneMatch: '*' })
    expect(server.peek('b', 'k')?.toString()).toBe('new')
    await expect(put(client, Buffer.from('newer'), { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' })
  })
})

describe('somebody else', () => {
  it('source-changed: this read goes on with the old bytes, the next one sees the new ones', async () => {
    const { client, server } = await openFaulty({ match: { operation: 'GetObject' }, action: { kind: 'source-changed', afterBytes: 1000 } })
    expect((await get(client)).equals(BODY)).toBe(true)
    const second = await get(client)
    expect(second.length).toBe(BODY.length)
    expect(second.equals(BODY)).toBe(false)
    await expect(get(client, { Range: 'bytes=1000-', IfMatch: `"${md5(BODY)}"` })).rejects.toMatchObject({ name: 'PreconditionFailed' })
    expect((await head(client)).ETag).toBe(`"${md5(second)}"`)
    expect(server.firedFaults).toHaveLength(1)
  })

  it('source-changed with mix: a torn read', async () => {
    const body = randomBytes(BODY.length)
    const { client } = await openFaulty({ match: { operation: 'GetObject' }, action: { kind: 'source-changed', afterBytes: 1000, mix: true, body } })
    expect((await get(client)).equals(Buffer.concat([BODY.subarray(0, 1000), body.subarray(1000)]))).toBe(true)
  })

  it('source-changed on a HEAD: right after it', async () => {
    const { client } = await openFaulty({ match: { operation: 'HeadObject' }, action: { kind: 'source-changed', afterBytes: 0, body: 'new' } })
    expect((await head(client)).ContentLength).toBe(BODY.length)
    expect((await head(client)).ContentLength).toBe(3)
  })

  it.each(['before', 'after'] as const)('second-writer %s', async (when) => {
    const { client, server } = await openFaulty({ match: { operation: 'PutObject', key: /^n/ }, action: { kind: 'second-writer', when, body: 'theirs' } })
    const mine = client.send(new PutObjectCommand({ Bucket: 'b', Key: 'new', Body: 'mine', IfNoneMatch: '*' }))
    if (when === 'before') await expect(mine).rejects.toMatchObject({ name: 'PreconditionFailed' })
    else expect((await mine).ETag).toBe(`"${md5(Buffer.from('mine'))}"`)
    expect(server.peek('b', 'new')?.toString()).toBe('theirs')
  })

  it('hook: before, just before the reply, and in the middle of it', async () => {
    const seen: string[] = []
    const { client, server } = await openFaulty()
    for (const when of ['before-forward', 'before-reply', 'during-reply'] as const) {
      const action = {
        kind: 'hook',
        when,
        afterBytes: 10,
        run: (info: { when: string; status: number | null }) => void seen.push(`${info.when} ${info.status}`),
      } as const
      server.setFaults([{ match: { operation: 'GetObject' }, action }])
      await get(client)
    }
    expect(seen).toEqual(['before-forward null', 'before-reply 200', 'during-reply 200'])
  })
})

describe('which requests', () => {
  it('takes the n-th of those that match, so many times', async () => {
    const { client, server } = await openFaulty({
      match: { operation: ['HeadObject', 'GetObject'], key: 'k', nth: 2, times: 2 },
      action: { kind: 'status', status: 500 },
    })
    const outcomes: string[] = []
    for (let i = 0; i < 4; i++)
      outcomes.push(
        await head(client).then(
          () => 'ok',
          () => 'failed',
        ),
      )
    expect(outcomes).toEqual(['ok', 'failed', 'failed', 'ok'])
    expect(server.firedFaults.map((fired) => fired.requestNumber)).toEqual([2, 3])
  })

  it('the first rule wins, delay goes with it, and setFaults starts anew', async () => {
    const { client, server } = await openFaulty(
      { match: { operation: 'HeadObject', times: 'always' }, action: { kind: 'delay', delayMs: 60 } },
      { match: { times: 'always' }, action: { kind: 'status', status: 500 } },
      { match: { times: 'always' }, action: { kind: 'status', status: 503 } },
    )
    const started = performance.now()
    await expect(head(client)).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } })
    expect(performance.now() - started).toBeGreaterThan(55)
    expect(server.firedFaults.map((fired) => fired.rule.action.kind)).toEqual(['delay', 'status'])
    server.setFaults([])
    expect(server.firedFaults).toEqual([])
    await head(client)
  })
})
