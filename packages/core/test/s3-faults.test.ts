import { Agent } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { createServer as createTcpServer } from 'node:net'
import { inspect } from 'node:util'
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { awsProfile } from '@sealift/provider-detect'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type ObjectStore, ObjectStoreError, type StoreFailureReason } from '../src/index.ts'
import { createS3ObjectStore, type S3ObjectStoreOptions } from '../src/s3/s3-object-store.ts'
import { errorDocument, type ScriptedServer, scriptedServer } from './scripted-server.ts'

const ACCESS_KEY = 'AKIDEXAMPLEEXAMPLE'
const SECRET_KEY = 'wJalrXUtnFEMIsecretEXAMPLEKEY'
const SESSION_TOKEN = 'sessionTokenEXAMPLE'
const REF = { bucket: 'bucket', key: 'key' }
const metadata = { user: {} }
const BYTES = Buffer.from('123456789')

async function storeOver(
  transport: 'sdk' | 'auto',
  endpoint: string,
  options: Partial<S3ObjectStoreOptions> = {},
  config: S3ClientConfig = {},
): Promise<ObjectStore> {
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: ACCESS_KEY, secretAccessKey: SECRET_KEY, sessionToken: SESSION_TOKEN },
    ...config,
  })
  return createS3ObjectStore({
    client,
    profile: awsProfile,
    side: 'source',
    transport,
    connectTimeoutMs: 300,
    firstByteTimeoutMs: 300,
    idleTimeoutMs: 300,
    ...options,
  })
}

async function failureOf(call: Promise<unknown>): Promise<ObjectStoreError> {
  const thrown = await call.then(
    () => null,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(ObjectStoreError)
  return thrown as ObjectStoreError
}

async function drain(body: AsyncIterable<Uint8Array>): Promise<number> {
  let seen = 0
  for await (const chunk of body) seen += chunk.byteLength
  return seen
}

async function gone(server: ScriptedServer): Promise<void> {
  await vi.waitFor(() => expect(server.connections()).toBe(0), { timeout: 2000 })
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
}

afterEach(() => vi.restoreAllMocks())

describe.each(['sdk', 'auto'] as const)('transport %s', (transport) => {
  const storeAt = (endpoint: string, options?: Partial<S3ObjectStoreOptions>, config?: S3ClientConfig): Promise<ObjectStore> =>
    storeOver(transport, endpoint, options, config)

  describe('deadlines', () => {
    it('no reply: first byte', async () => {
      await using server = await scriptedServer(() => {})
      const store = await storeAt(server.endpoint)
      const error = await failureOf(store.read(REF))
      expect(error).toMatchObject({ code: 'ERR_TIMEOUT', reason: 'transport', replied: false, attempts: 1, retryable: true })
      await gone(server)
    })

    it('no reply to a HEAD and to a listing: first byte', async () => {
      await using server = await scriptedServer(() => {})
      const store = await storeAt(server.endpoint)
      expect(await failureOf(store.head(REF))).toMatchObject({ code: 'ERR_TIMEOUT', reason: 'transport' })
      expect(await failureOf(drainList(store.listParts(REF, 'ID')))).toMatchObject({ code: 'ERR_TIMEOUT', reason: 'transport' })
      await gone(server)
    })

    it('a body that stalls: idle, and the connection is dropped', async () => {
      await using server = await scriptedServer((_, reply) => {
        reply.setHeader('content-length', '100')
        reply.write('0123456789')
      })
      const store = await storeAt(server.endpoint)
      const read = await store.read(REF)
      expect(await failureOf(drain(read.body))).toMatchObject({ code: 'ERR_TIMEOUT', reason: 'transport', replied: false })
      await gone(server)
    })

    it('a body that nobody reads does not time out', async () => {
      await using server = await scriptedServer((_, reply) => reply.end('123456789'))
      const store = await storeAt(server.endpoint, { idleTimeoutMs: 50 })
      const read = await store.read(REF)
      await new Promise((resolve) => setTimeout(resolve, 200))
      expect(await drain(read.body)).toBe(9)
    })

    it('a slow body that goes on is read', async () => {
      await using server = await scriptedServer((_, reply) => {
        let left = 6
        const timer = setInterval(() => {
          left -= 1
          if (left === 0) {
            clearInterval(timer)
            reply.end('x')
          } else reply.write('x')
        }, 60)
        reply.setHeader('content-length', '6')
      })
      const store = await storeAt(server.endpoint, { idleTimeoutMs: 200 })
      expect(await drain((await store.read(REF)).body)).toBe(6)
    })

    it.each(['bytes', 'stream'] as const)('a server that takes no more %s: idle', async (kind) => {
      await using server = await scriptedServer((_, __, raw) => raw.pause(), { readBody: false })
      const agent = new Agent({ keepAlive: true })
      const store = await storeAt(server.endpoint, { firstByteTimeoutMs: 60_000 }, { requestHandler: { httpAgent: agent } })
      const large = Buffer.alloc(30_000_000)
      const stream = (async function* () {
        for (let offset = 0; offset < large.byteLength; offset += 100_000) yield large.subarray(offset, offset + 100_000)
      })()
      const body = kind === 'bytes' ? ({ kind, bytes: large } as const) : ({ kind, stream, sizeBytes: large.byteLength } as const)
      const error = await failureOf(store.put(REF, body, { metadata }))
      expect(error).toMatchObject({ code: 'ERR_TIMEOUT', reason: 'transport', replied: false })
      // a server that does not read sees no end: our own side must have let go
      await vi.waitFor(() => expect(Object.values(agent.sockets).flat()).toEqual([]))
    })

    it('a put whose reply does not come: idle', async () => {
      await using server = await scriptedServer(() => {})
      const store = await storeAt(server.endpoint, { firstByteTimeoutMs: 60_000 })
      expect(await failureOf(store.put(REF, { kind: 'bytes', bytes: BYTES }, { metadata }))).toMatchObject({ code: 'ERR_TIMEOUT', replied: false })
      await gone(server)
    })

    it('a stream that is slow to begin is not the server’s fault', async () => {
      await using server = await scriptedServer((_, reply) => reply.end())
      const store = await storeAt(server.endpoint, { idleTimeoutMs: 100 })
      const slow = (async function* () {
        await new Promise((resolve) => setTimeout(resolve, 300))
        yield BYTES
      })()
      expect(await store.put(REF, { kind: 'stream', stream: slow, sizeBytes: 9 }, { metadata })).toMatchObject({ attempts: 1 })
    })

    it('a TLS handshake that does not end: connect', async () => {
      const sockets: Socket[] = []
      const server = createTcpServer((socket) => {
        sockets.push(socket)
        socket.on('error', () => {})
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const store = await storeAt(`https://127.0.0.1:${(server.address() as AddressInfo).port}`, { firstByteTimeoutMs: 60_000, idleTimeoutMs: 60_000 })
      const error = await failureOf(store.head(REF))
      expect(error).toMatchObject({ code: 'ERR_TIMEOUT', reason: 'transport', replied: false })
      expect(error.message).toContain('no connection within 300 ms')
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    })

    it('leaves no timer behind', async () => {
      await using server = await scriptedServer((request, reply) => {
        if (request.method === 'HEAD') reply.writeHead(404).end()
        else reply.end('123456789')
      })
      const store = await storeAt(server.endpoint, { connectTimeoutMs: 60_000, firstByteTimeoutMs: 60_000, idleTimeoutMs: 60_000 })
      const before = timers()
      await store.put(REF, { kind: 'bytes', bytes: BYTES }, { metadata })
      await store.head(REF).catch(() => {})
      await drain((await store.read(REF)).body)
      ;(await store.read(REF)).discard()
      await store.delete(REF)
      expect(timers()).toBeLessThanOrEqual(before)
    })
  })

  describe('replies that cannot be believed', () => {
    const ranged = (contentRange: string, body: string, contentLength?: string) =>
      scriptedServer((_, reply) => {
        reply.statusCode = 206
        reply.setHeader('content-range', contentRange)
        if (contentLength !== undefined) reply.setHeader('content-length', contentLength)
        reply.end(body)
      })

    it.each([
      ['another start', 'bytes 1-10/100'],
      ['another end', 'bytes 0-8/100'],
      ['no sense', 'bytes 9-0/100'],
      ['another unit', 'lines 0-9/100'],
      ['nothing', ''],
    ])('a Content-Range of %s', async (_, contentRange) => {
      await using server = await ranged(contentRange, '0123456789')
      const store = await storeAt(server.endpoint)
      expect(await failureOf(store.read(REF, { range: { start: 0, endInclusive: 9 } }))).toMatchObject({ reason: 'invalid-reply', replied: true })
      await gone(server)
    })

    it('a Content-Range and a Content-Length that differ', async () => {
      await using server = await ranged('bytes 0-9/100', '01234', '5')
      const store = await storeAt(server.endpoint)
      expect(await failureOf(store.read(REF, { range: { start: 0, endInclusive: 9 } }))).toMatchObject({ reason: 'invalid-reply' })
    })

    it('a partial reply that nobody asked for', async () => {
      await using server = await ranged('bytes 0-9/100', '0123456789')
      const store = await storeAt(server.endpoint)
      expect(await failureOf(store.read(REF))).toMatchObject({ reason: 'invalid-reply' })
    })

    it('the whole object where a range was asked for is said so', async () => {
      await using server = await scriptedServer((_, reply) => reply.end('0123456789'))
      const store = await storeAt(server.endpoint)
      const read = await store.read(REF, { range: { start: 2, endInclusive: 3 } })
      expect(read).toMatchObject({ range: null, bodyBytes: 10 })
      expect(await drain(read.body)).toBe(10)
    })

    it('a body that is cut short', async () => {
      await using server = await scriptedServer((_, reply, raw) => {
        reply.setHeader('content-length', '100')
        reply.write('0123456789', () => raw.socket.destroy())
      })
      const store = await storeAt(server.endpoint)
      expect(await failureOf(drain((await store.read(REF)).body))).toMatchObject({ code: 'ERR_TRANSFER', reason: 'transport', retryable: true })
    })

    it('a chunked body that is cut short', async () => {
      await using server = await scriptedServer((_, reply, raw) => {
        reply.write('0123456789', () => raw.socket.destroy())
      })
      const store = await storeAt(server.endpoint)
      const read = await store.read(REF)
      expect(read.bodyBytes).toBeNull()
      expect(await failureOf(drain(read.body))).toMatchObject({ reason: 'transport' })
    })

    it.each([
      ['put', (store: ObjectStore) => store.put(REF, { kind: 'bytes', bytes: BYTES }, { metadata })],
      ['uploadPart', (store: ObjectStore) => store.uploadPart(REF, 'ID', 1, { kind: 'bytes', bytes: BYTES })],
      ['uploadPart of a stream', (store: ObjectStore) => store.uploadPart(REF, 'ID', 1, { kind: 'stream', stream: oneChunk(), sizeBytes: 9 })],
      ['completeUpload', (store: ObjectStore) => store.completeUpload(REF, 'ID', [], { sizeBytes: 9 })],
      ['createUpload', (store: ObjectStore) => store.createUpload(REF, { metadata })],
      ['delete', (store: ObjectStore) => store.delete(REF)],
    ])('%s: an error inside of a 200', async (_, call) => {
      await using server = await scriptedServer((__, reply) => {
        reply.setHeader('content-type', 'application/xml')
        reply.end(`\n  ${errorDocument('InternalError')}`)
      })
      const store = await storeAt(server.endpoint)
      expect(await failureOf(call(store))).toMatchObject({ reason: 'server-error', replied: true, retryable: true, context: { serverCode: 'InternalError' } })
    })

    it('a Create that names no upload, and one that is no XML', async () => {
      await using server = await scriptedServer((request, reply) => {
        reply.setHeader('content-type', 'application/xml')
        reply.end(request.url.includes('empty') ? '<InitiateMultipartUploadResult/>' : 'not XML at all <<<')
      })
      const store = await storeAt(server.endpoint)
      expect(await failureOf(store.createUpload({ ...REF, key: 'empty' }, { metadata }))).toMatchObject({ reason: 'invalid-reply' })
      expect(await failureOf(store.createUpload({ ...REF, key: 'text' }, { metadata }))).toMatchObject({ reason: 'invalid-reply' })
    })

    it('object attributes that are the object itself are not read', async () => {
      let written = 0
      await using server = await scriptedServer((_, reply) => {
        reply.setHeader('content-type', 'binary/octet-stream')
        reply.setHeader('content-length', '1000000000')
        const more = (): void => {
          if (reply.destroyed) return
          written += 65_536
          reply.write(Buffer.alloc(65_536), () => setImmediate(more))
        }
        more()
      })
      const store = await storeAt(server.endpoint)
      expect(await failureOf(store.partSizes(REF))).toMatchObject({ reason: 'invalid-reply' })
      await gone(server)
      expect(written).toBeLessThan(50_000_000)
    })
  })

  describe('replies that are not XML', () => {
    it('tags that are the object itself are not read', async () => {
      await using server = await scriptedServer((_, reply) => {
        reply.setHeader('content-type', 'text/plain')
        reply.setHeader('content-length', '1000000000')
        reply.write('the object')
      })
      const store = await storeAt(server.endpoint)
      expect(await failureOf(store.getTags(REF))).toMatchObject({ reason: 'invalid-reply' })
      await gone(server)
    })

    it('XML that is called something else is read', async () => {
      await using server = await scriptedServer((_, reply) => {
        reply.setHeader('content-type', 'text/plain')
        reply.end('<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>')
      })
      const store = await storeAt(server.endpoint)
      expect((await store.getTags(REF)).tags).toEqual([{ key: 'k', value: 'v' }])
    })
  })

  describe('listings that do not advance', () => {
    it('parts', async () => {
      await using server = await scriptedServer((_, reply) => {
        reply.setHeader('content-type', 'application/xml')
        reply.end(
          '<ListPartsResult><IsTruncated>true</IsTruncated><NextPartNumberMarker>3</NextPartNumberMarker><Part><PartNumber>3</PartNumber><ETag>"e"</ETag><Size>1</Size></Part></ListPartsResult>',
        )
      })
      const store = await storeAt(server.endpoint)
      expect(await failureOf(drainList(store.listParts(REF, 'ID')))).toMatchObject({ reason: 'invalid-reply' })
      expect(server.seen).toHaveLength(2)
    })

    it('uploads, also in a circle', async () => {
      await using server = await scriptedServer((request, reply) => {
        const next = /key-marker=a(&|$)/.test(request.url) ? 'b' : 'a'
        reply.setHeader('content-type', 'application/xml')
        reply.end(
          `<ListMultipartUploadsResult><IsTruncated>true</IsTruncated><NextKeyMarker>${next}</NextKeyMarker><NextUploadIdMarker>1</NextUploadIdMarker></ListMultipartUploadsResult>`,
        )
      })
      const store = await storeAt(server.endpoint)
      expect(await failureOf(drainList(store.listUploads('bucket', '')))).toMatchObject({ reason: 'invalid-reply' })
      expect(server.seen).toHaveLength(3)
    })

    it('part sizes, over two pages', async () => {
      await using server = await scriptedServer((request, reply) => {
        const second = request.headers['x-amz-part-number-marker'] === '2'
        reply.setHeader('content-type', 'application/xml')
        reply.end(
          `<GetObjectAttributesResponse><ObjectParts><IsTruncated>${!second}</IsTruncated><NextPartNumberMarker>2</NextPartNumberMarker>${
            second
              ? '<Part><PartNumber>3</PartNumber><Size>7</Size></Part>'
              : '<Part><PartNumber>1</PartNumber><Size>10</Size></Part><Part><PartNumber>2</PartNumber><Size>10</Size></Part>'
          }</ObjectParts></GetObjectAttributesResponse>`,
        )
      })
      const store = await storeAt(server.endpoint)
      expect(await store.partSizes(REF)).toEqual({ sizes: [10, 10, 7], attempts: 2 })
    })
  })

  describe("the client's own retries", () => {
    const failing = (times: number) => {
      let left = times
      return scriptedServer((_, reply) => {
        left -= 1
        if (left < 0) return reply.setHeader('etag', '"e"').end()
        reply.writeHead(503, { 'retry-after': '0', 'content-type': 'application/xml' }).end(errorDocument('SlowDown'))
      })
    }

    it('are counted on success', async () => {
      await using server = await failing(2)
      const store = await storeAt(server.endpoint, { transport: 'sdk' }, { maxAttempts: 3 })
      expect(await store.put(REF, { kind: 'bytes', bytes: BYTES }, { metadata })).toMatchObject({ attempts: 3, etag: '"e"' })
      expect(server.seen.map(({ body }) => body.toString())).toEqual(['123456789', '123456789', '123456789'])
    })

    it('send a large body whole again', async () => {
      await using server = await failing(1)
      const store = await storeAt(server.endpoint, { transport: 'sdk' }, { maxAttempts: 3 })
      const large = Buffer.alloc(1_000_000, 'abc')
      expect(await store.put(REF, { kind: 'bytes', bytes: large }, { metadata })).toMatchObject({ attempts: 2 })
      for (const { body } of server.seen) expect(body.equals(large)).toBe(true)
    })

    it('are counted on failure, and the last reply decides', async () => {
      await using server = await failing(9)
      const seen: unknown[] = []
      const store = await storeAt(server.endpoint, { transport: 'sdk', onRequest: (info) => seen.push(info) }, { maxAttempts: 3 })
      const error = await failureOf(store.head(REF))
      expect(error).toMatchObject({ code: 'ERR_THROTTLED', reason: 'throttled', attempts: 3, replied: true, retryAfterMs: 0 })
      expect(seen).toEqual([{ operation: 'HeadObject', attempts: 3 }])
    })

    it('a lost reply is told from a reply', async () => {
      await using server = await scriptedServer((_, __, raw) => raw.socket.destroy())
      const store = await storeAt(server.endpoint, {}, { maxAttempts: 2 })
      expect(await failureOf(store.completeUpload(REF, 'ID', [], { sizeBytes: 0 }))).toMatchObject({ reason: 'transport', replied: false, attempts: 2 })
    })

    it('never send a stream twice, and say nothing on the console', async () => {
      const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
      await using server = await failing(9)
      const store = await storeAt(server.endpoint, {}, { maxAttempts: 3 })
      const error = await failureOf(store.put(REF, { kind: 'stream', stream: oneChunk(), sizeBytes: 9 }, { metadata }))
      expect(error).toMatchObject({ reason: 'throttled', attempts: 1, replied: true })
      expect(server.seen).toHaveLength(1)
      expect(warn).not.toHaveBeenCalled()
    })

    it('an early refusal of a stream ends the upload', async () => {
      await using server = await scriptedServer((_, reply) => reply.writeHead(403).end(errorDocument('AccessDenied')), { readBody: false })
      const store = await storeAt(server.endpoint)
      let ended = false
      const endless = (async function* () {
        try {
          for (;;) {
            yield Buffer.alloc(50_000)
            await new Promise((resolve) => setTimeout(resolve, 1))
          }
        } finally {
          ended = true
        }
      })()
      const error = await failureOf(store.put(REF, { kind: 'stream', stream: endless, sizeBytes: 10_000_000_000 }, { metadata }))
      expect(['access-denied', 'transport']).toContain(error.reason)
      await vi.waitFor(() => expect(ended).toBe(true))
      await gone(server)
    })
  })

  describe('freshConnection', () => {
    it('opens a connection of its own and closes it again', async () => {
      await using server = await scriptedServer((_, reply) => reply.end('123456789'))
      const store = await storeAt(server.endpoint)
      await drain((await store.read(REF)).body)
      await drain((await store.read(REF)).body)
      await drain((await store.read(REF, { freshConnection: true })).body)
      await drain((await store.read(REF)).body)
      expect(server.seen.map(({ connection }) => connection)).toEqual([1, 1, 2, 1])
      await vi.waitFor(() => expect(server.connections()).toBe(1))
    })

    it('is closed after a HEAD, a discard, an error and an abort too', async () => {
      await using server = await scriptedServer((request, reply) => {
        if (request.url.includes('missing')) reply.writeHead(404).end(errorDocument('NoSuchKey'))
        else if (request.url.includes('silent')) return
        else reply.end('123456789')
      })
      const store = await storeAt(server.endpoint)
      await store.head(REF)
      await store.head(REF, { freshConnection: true })
      ;(await store.read(REF, { freshConnection: true })).discard()
      await failureOf(store.read({ ...REF, key: 'missing' }, { freshConnection: true }))
      const controller = new AbortController()
      setTimeout(() => controller.abort('stop'), 50)
      await expect(store.read({ ...REF, key: 'silent' }, { freshConnection: true, signal: controller.signal })).rejects.toBe('stop')
      await vi.waitFor(() => expect(server.connections()).toBe(1))
    })
  })

  describe('secrets', () => {
    const SECRETS = [ACCESS_KEY, SECRET_KEY, SESSION_TOKEN, 'Signature=', 'AWS4-HMAC-SHA256', Buffer.alloc(32, 9).toString('base64')]

    function expectNoSecret(error: unknown): void {
      const shown = `${inspect(error, { depth: 20, showHidden: true, getters: true })}${JSON.stringify(error)}${String(error)}${(error as Error).stack}`
      for (const secret of SECRETS) expect(shown).not.toContain(secret)
    }

    const leaky = `<Error><Code>SignatureDoesNotMatch</Code><Message>The request signature with ${ACCESS_KEY} Signature=abc</Message><AWSAccessKeyId>${ACCESS_KEY}</AWSAccessKeyId><StringToSign>AWS4-HMAC-SHA256</StringToSign></Error>`
    const signed = `<Error><Code>AccessDenied</Code><Message>see http://x/?X-Amz-Credential=${ACCESS_KEY}&amp;X-Amz-Signature=abc now, Signature=abc</Message></Error>`

    it.each<[string, StoreFailureReason, Parameters<typeof scriptedServer>[0]]>([
      ['a refused signature', 'credentials', (_, reply) => reply.writeHead(403).end(leaky)],
      ['a message with a signed URL', 'access-denied', (_, reply) => reply.writeHead(403).end(signed)],
      ['no reply', 'transport', () => {}],
      ['a cut connection', 'transport', (_, __, raw) => raw.socket.destroy()],
      ['a server error', 'server-error', (_, reply) => reply.writeHead(500).end()],
    ])('%s shows none', async (_, reason, script) => {
      await using server = await scriptedServer(script)
      const store = await storeAt(server.endpoint, { sse: { kind: 'sse-c', key: Buffer.alloc(32, 9) } })
      const calls = [() => store.read(REF), () => store.put(REF, { kind: 'bytes', bytes: BYTES }, { metadata }), () => store.createUpload(REF, { metadata })]
      for (const call of calls) {
        const error = await failureOf(call())
        expect(error.reason).toBe(reason)
        expect(error.message).toContain('"key" in bucket "bucket"')
        expectNoSecret(error)
      }
    })

    it('a client without credentials', async () => {
      await using server = await scriptedServer((_, reply) => reply.end())
      const failing: S3ClientConfig = {
        credentials: async () => {
          throw new Error(`nothing for ${ACCESS_KEY}`)
        },
      }
      const store = await storeAt(server.endpoint, {}, failing)
      for (const call of [() => store.head(REF), () => store.delete(REF)]) {
        const error = await failureOf(call())
        expect(error).toMatchObject({ code: 'ERR_CREDENTIALS', reason: 'credentials', retryable: false, attempts: 0 })
        expectNoSecret(error)
      }
      expect(server.seen).toEqual([])
    })

    it('a credentials provider that does not come back', async () => {
      await using server = await scriptedServer((_, reply) => reply.end())
      const store = await storeAt(server.endpoint, {}, { credentials: () => new Promise(() => {}) })
      expect(await failureOf(store.head(REF))).toMatchObject({ code: 'ERR_TIMEOUT', reason: 'transport', replied: false })
      expect(server.seen).toEqual([])
    })

    it('a bucket name that the client does not take', async () => {
      await using server = await scriptedServer((_, reply) => reply.end())
      const store = await storeAt(server.endpoint)
      expect(await failureOf(store.head({ bucket: 'a/b', key: 'key' }))).toMatchObject({ reason: 'invalid-request', retryable: false, attempts: 0 })
      expect(server.seen).toEqual([])
    })
  })

  async function* oneChunk(): AsyncGenerator<Uint8Array> {
    yield BYTES
  }

  async function drainList(items: AsyncIterable<unknown>): Promise<void> {
    for await (const item of items) expect(item).toBeDefined()
  }
})
