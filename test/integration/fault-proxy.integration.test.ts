import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { S3 } from '@aws-sdk/client-s3'
import { type FaultAction, type FaultMatch, type FaultRule, type HttpFaultProxy, startHttpFaultProxy, startTcpFaultProxy } from '@sealift/testing'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { describeWithServer, type RealServer } from '../servers/real-servers.ts'

const md5 = (bytes: Buffer): string => `"${createHash('md5').update(bytes).digest('hex')}"`
const body = randomBytes(200_000)
const flipped = Buffer.from(body)
flipped.writeUInt8(flipped.readUInt8(100_000) ^ 1, 100_000)

function clientOf(server: RealServer, endpoint: string, maxAttempts = 1): S3 {
  return new S3({
    endpoint,
    region: server.region,
    credentials: server.credentials,
    forcePathStyle: true,
    maxAttempts,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
}

function once(action: FaultAction, match: FaultMatch = {}): FaultRule {
  return { match, action }
}

for (const name of ['rgw-source', 'swift-source'] as const) {
  describeWithServer([name], `the fault proxies in front of ${name}`, (servers) => {
    const server = servers[name]
    const Bucket = `proxy-${Date.now().toString(36)}${randomBytes(2).toString('hex')}`
    const direct = clientOf(server, server.endpoint)
    let proxy: HttpFaultProxy
    let s3: S3

    beforeAll(async () => {
      proxy = await startHttpFaultProxy({ target: server.endpoint })
      s3 = clientOf(server, proxy.endpoint)
      await s3.createBucket({ Bucket })
    })

    afterEach(() => proxy.setFaults([]))

    afterAll(async () => {
      const { Uploads } = await direct.listMultipartUploads({ Bucket })
      for (const { Key, UploadId } of Uploads ?? []) await direct.abortMultipartUpload({ Bucket, Key, UploadId })
      for (const { Key } of (await direct.listObjectsV2({ Bucket })).Contents ?? []) await direct.deleteObject({ Bucket, Key })
      await direct.deleteBucket({ Bucket })
      direct.destroy()
      s3.destroy()
      await proxy.close()
    })

    async function read(client: S3, Key: string): Promise<Buffer> {
      return Buffer.from((await (await client.getObject({ Bucket, Key })).Body?.transformToByteArray()) ?? [])
    }

    it('signatures hold, for every kind of key and body', async () => {
      for (const Key of ['plain', 'a b+c%20d', 'x//y/../z', 'ø/😀', '/lead', 'q\'"<>&=?#']) {
        await s3.putObject({ Bucket, Key, Body: body })
        expect((await read(s3, Key)).equals(body)).toBe(true)
      }
      await s3.putObject({ Bucket, Key: 'stream', Body: Readable.from([body]), ContentLength: body.length })
      const { UploadId } = await s3.createMultipartUpload({ Bucket, Key: 'm' })
      const { ETag } = await s3.uploadPart({ Bucket, Key: 'm', UploadId, PartNumber: 1, Body: body })
      await s3.completeMultipartUpload({ Bucket, Key: 'm', UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } })
      expect((await read(s3, 'm')).equals(body)).toBe(true)
      expect(proxy.requests.every(({ serverStatus, clientStatus }) => serverStatus !== null && serverStatus < 300 && clientStatus === serverStatus)).toBe(true)
    })

    it('an unsigned body that is changed on its way is stored, with the ETag of the wrong bytes', async () => {
      proxy.setFaults([once({ kind: 'flip', leg: 'request', at: 100_000 }, { operation: 'PutObject' })])
      const { ETag } = await s3.putObject({ Bucket, Key: 'up', Body: Readable.from([body]), ContentLength: body.length })
      expect(ETag).toBe(md5(flipped))
      expect((await read(direct, 'up')).equals(flipped)).toBe(true)
    })

    it('a byte that is changed on its way back is delivered', async () => {
      await s3.putObject({ Bucket, Key: 'down', Body: body })
      proxy.setFaults([once({ kind: 'flip', leg: 'response', at: 100_000 }, { operation: 'GetObject' })])
      expect((await read(s3, 'down')).equals(flipped)).toBe(true)
      expect((await read(s3, 'down')).equals(body)).toBe(true)
    })

    it.each<FaultAction>([
      { kind: 'truncate', leg: 'request', at: 100_000 },
      { kind: 'reset', leg: 'request', at: 100_000 },
      { kind: 'never-arrives' },
      { kind: 'status', status: 503 },
    ])('$kind of a PUT: nothing is stored', async (action) => {
      const Key = `not-${action.kind}`
      proxy.setFaults([once(action, { operation: 'PutObject', key: Key })])
      await expect(s3.putObject({ Bucket, Key, Body: body })).rejects.toThrow()
      await expect(direct.headObject({ Bucket, Key })).rejects.toMatchObject({ name: 'NotFound' })
      await s3.putObject({ Bucket, Key, Body: body })
      expect((await direct.headObject({ Bucket, Key })).ETag).toBe(md5(body))
    })

    it.each(['truncate', 'reset'] as const)('%s of a GET: the reader is told', async (kind) => {
      await s3.putObject({ Bucket, Key: 'cut', Body: body })
      proxy.setFaults([once({ kind, leg: 'response', at: 100_000 }, { operation: 'GetObject' })])
      await expect(read(s3, 'cut')).rejects.toThrow()
      expect((await read(s3, 'cut')).equals(body)).toBe(true)
    })

    it('a reply that is lost: PUT, part and Complete were done all the same', async () => {
      proxy.setFaults([once({ kind: 'lost-reply' }, { operation: ['PutObject', 'UploadPart', 'CompleteMultipartUpload'], times: 3 })])
      await expect(s3.putObject({ Bucket, Key: 'lost', Body: body })).rejects.toThrow()
      expect((await direct.headObject({ Bucket, Key: 'lost' })).ETag).toBe(md5(body))
      const { UploadId } = await s3.createMultipartUpload({ Bucket, Key: 'lost-m' })
      await expect(s3.uploadPart({ Bucket, Key: 'lost-m', UploadId, PartNumber: 1, Body: body })).rejects.toThrow()
      const { Parts } = await direct.listParts({ Bucket, Key: 'lost-m', UploadId })
      expect(Parts?.map(({ ETag }) => ETag)).toEqual([md5(body)])
      const complete = { Bucket, Key: 'lost-m', UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag: md5(body) }] } }
      await expect(s3.completeMultipartUpload(complete)).rejects.toThrow()
      expect((await read(direct, 'lost-m')).equals(body)).toBe(true)
    })

    it('an error in a 200: Complete is done or not, as the rule says', async () => {
      const { UploadId } = await s3.createMultipartUpload({ Bucket, Key: 'e' })
      const { ETag } = await s3.uploadPart({ Bucket, Key: 'e', UploadId, PartNumber: 1, Body: body })
      const complete = { Bucket, Key: 'e', UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } }
      proxy.setFaults([once({ kind: 'error-in-200' }), once({ kind: 'error-in-200', done: true }, { nth: 2 })])
      await expect(s3.completeMultipartUpload(complete)).rejects.toMatchObject({ name: 'InternalError' })
      await expect(direct.headObject({ Bucket, Key: 'e' })).rejects.toMatchObject({ name: 'NotFound' })
      await expect(s3.completeMultipartUpload(complete)).rejects.toMatchObject({ name: 'InternalError' })
      expect((await direct.headObject({ Bucket, Key: 'e' })).ContentLength).toBe(body.length)
    })

    it('a stale HEAD, a changed ETag header, and a second writer in the middle of a read', async () => {
      const Key = 'stale'
      await expect(s3.headObject({ Bucket, Key })).rejects.toMatchObject({ name: 'NotFound' })
      await s3.putObject({ Bucket, Key, Body: body })
      proxy.setFaults([
        once({ kind: 'stale-head', head: 'previous' }, { operation: 'HeadObject' }),
        once({ kind: 'flip-header', leg: 'response', name: 'ETag' }, { operation: 'HeadObject', nth: 2 }),
        once(
          { kind: 'hook', when: 'during-reply', afterBytes: 1, run: async () => void (await direct.putObject({ Bucket, Key, Body: 'new' })) },
          { operation: 'GetObject' },
        ),
      ])
      await expect(s3.headObject({ Bucket, Key })).rejects.toMatchObject({ name: 'NotFound' })
      const { ETag } = await s3.headObject({ Bucket, Key })
      expect(ETag).toMatch(/^"[0-9a-f]{32}"$/)
      expect(ETag).not.toBe(md5(body))
      expect((await read(s3, Key)).equals(body)).toBe(true)
      expect((await read(s3, Key)).toString()).toBe('new')
      expect([proxy.firedFaults.slice(-3).map(({ rule }) => rule.action.kind), proxy.hookErrors]).toEqual([['stale-head', 'flip-header', 'hook'], []])
    })

    it('the TCP proxy: signatures hold, a cut is noticed', async () => {
      const tcp = await startTcpFaultProxy({ target: { port: Number(new URL(server.endpoint).port) } })
      const through = clientOf(server, `http://127.0.0.1:${tcp.port}`)
      try {
        await through.putObject({ Bucket, Key: 'tcp', Body: body })
        through.destroy()
        tcp.setRule({ down: { endAt: 100_000 } })
        const again = clientOf(server, `http://127.0.0.1:${tcp.port}`)
        await expect(read(again, 'tcp')).rejects.toThrow()
        again.destroy()
      } finally {
        await tcp.close()
      }
    })
  })
}

describeWithServer(['rgw-source'], 'the HTTP fault proxy in front of RGW over https', ({ 'rgw-source': server }) => {
  it('trusts the given certificate only', async (context) => {
    const { tlsEndpoint, caFile } = server
    if (tlsEndpoint === undefined || caFile === undefined) return context.skip('the server was started without https')
    const trusting = await startHttpFaultProxy({ target: tlsEndpoint, targetTls: { ca: await readFile(caFile) } })
    const distrusting = await startHttpFaultProxy({ target: tlsEndpoint })
    const clients = [trusting, distrusting].map(({ endpoint }) => clientOf(server, endpoint))
    try {
      await expect(clients[0]?.listBuckets({})).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } })
      await expect(clients[1]?.listBuckets({})).rejects.toThrow()
    } finally {
      for (const client of clients) client.destroy()
      await Promise.all([trusting.close(), distrusting.close()])
    }
  })
})
