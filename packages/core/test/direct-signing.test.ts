import dns from 'node:dns'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { awsProfile } from '@sealift/provider-detect'
import { startS3Server } from '@sealift/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { SELF_SIGNED } from '../../../test/self-signed.ts'
import { createS3ObjectStore, type TransportListener } from '../src/s3/s3-object-store.ts'
import { bytes, clientAt, directStore, failureOf, NO_METADATA, REF, textOf } from './direct-store.ts'
import { rawReply, rawServer } from './raw-server.ts'
import { errorDocument } from './scripted-server.ts'

afterEach(() => vi.restoreAllMocks())

/** `Signature=…` and the rest of an authorization header. */
function authorization(header: string | undefined): Record<string, string> {
  return Object.fromEntries([...(header ?? '').matchAll(/(\w+)=([^, ]+)/g)].map(([, name = '', value = '']) => [name, value]))
}

describe('over a server that checks signatures', () => {
  const KEYS = [
    'a/../b',
    'b',
    './a',
    'a//b',
    '/a',
    'a/',
    '%2E',
    '.',
    '..',
    '../../x',
    'a b+c?d#e&f=g',
    "!'()*",
    'é😀',
    '\u0001\n\r\t',
    'x'.repeat(1024),
    '__proto__',
  ]

  it('every key is an object of its own', async () => {
    const server = await startS3Server({ buckets: ['bucket'] })
    try {
      const store = await directStore(server.endpoint, server.clientConfig)
      for (const key of KEYS) await store.put({ bucket: 'bucket', key }, bytes(key), { metadata: { user: {} } })
      for (const key of KEYS) {
        expect(server.peek('bucket', key)).toBeTruthy()
        expect(await textOf((await store.read({ bucket: 'bucket', key })).body)).toBe(Buffer.from(key).toString('latin1'))
      }
    } finally {
      await server.close()
    }
  })

  it('everything that an object keeps is signed and arrives', async () => {
    const server = await startS3Server({ buckets: ['bucket'] })
    try {
      const store = await directStore(server.endpoint, server.clientConfig)
      const metadata = {
        contentType: 'text/plain; charset=utf-8',
        cacheControl: 'no-cache,  max-age=1',
        contentDisposition: 'attachment; filename="a  b"',
        contentEncoding: 'gzip',
        contentLanguage: 'de',
        expires: 'Thu, 01 Dec 2030 16:00:00 GMT',
        user: { a: 'b', 'x-y': 'spaced  out', u: 'ü' },
      }
      await store.put(REF, bytes('x'), { metadata, tags: [{ key: 'a b', value: 'c&d' }] })
      expect((await store.head(REF)).metadata).toEqual({ ...metadata, user: { ...metadata.user, u: '=?UTF-8?B?w7w=?=' } })
      expect((await store.getTags(REF)).tags).toEqual([{ key: 'a b', value: 'c&d' }])
    } finally {
      await server.close()
    }
  })

  it('a wrong secret is refused', async () => {
    const server = await startS3Server({ buckets: ['bucket'] })
    try {
      const store = await directStore(server.endpoint, { credentials: { ...server.credentials, secretAccessKey: 'wrong' } })
      expect(await failureOf(store.put(REF, bytes('x'), NO_METADATA))).toMatchObject({ code: 'ERR_CREDENTIALS', replied: true })
    } finally {
      await server.close()
    }
  })

  it('TLS: a CA that the process trusts is enough, and one that it does not trust is refused', async () => {
    const server = await startS3Server({ buckets: ['bucket'], tls: SELF_SIGNED })
    const before = getCACertificates('default')
    try {
      const distrusting = await directStore(server.endpoint, server.clientConfig)
      const error = await failureOf(distrusting.read(REF))
      expect(error).toMatchObject({ reason: 'transport', replied: false })
      expect(error.message).toContain('SELF_SIGNED_CERT')
      setDefaultCACertificates([...before, SELF_SIGNED.cert])
      const store = await directStore(server.endpoint, server.clientConfig)
      expect(store.tls).toBe(true)
      await store.put(REF, bytes('hello'), NO_METADATA)
      for (let i = 0; i < 2; i++) expect(await textOf((await store.read(REF, { freshConnection: true })).body)).toBe('hello')
    } finally {
      setDefaultCACertificates(before)
      await server.close()
    }
  })
})

describe('payloads', () => {
  it('are hashed where they are bytes, once, and unsigned where they are streams', async () => {
    await using server = await rawServer((_, socket) => socket.write(rawReply(200, { etag: '"e"' })))
    const store = await directStore(server.endpoint)
    await store.put(REF, bytes('123456789'), NO_METADATA)
    await store.put(REF, bytes('123456789'), { ...NO_METADATA, sha256: Buffer.alloc(32, 0xab) })
    await store.put(
      REF,
      {
        kind: 'stream',
        stream: (async function* () {
          yield Buffer.from('1234')
          yield Buffer.from('56789')
        })(),
        sizeBytes: 9,
      },
      NO_METADATA,
    )
    await store.put(REF, bytes(''), NO_METADATA)
    const seen = server.seen.map(({ headers, body }) => [headers['x-amz-content-sha256'], headers['content-length'], body.toString()])
    expect(seen).toEqual([
      // by sha256sum
      ['15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225', '9', '123456789'],
      ['ab'.repeat(32), '9', '123456789'],
      ['UNSIGNED-PAYLOAD', '9', '123456789'],
      ['e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', '0', ''],
    ])
    for (const { headers } of server.seen) expect(headers['transfer-encoding'] ?? headers['expect']).toBeUndefined()
  })
})

describe('where requests go', () => {
  it('IPv6', async (context) => {
    const server = await rawServer((_, socket) => socket.write(rawReply(200, {}, 'hello')), { host: '::1' }).catch(() => null)
    if (server === null) return context.skip('no IPv6 on this machine')
    await using open = server
    const store = await directStore(open.endpoint)
    expect(await textOf((await store.read(REF)).body)).toBe('hello')
    expect(open.seen[0]).toMatchObject({ target: '/bucket/key', headers: { host: `[::1]:${open.port}` } })
  })

  it('a path prefix', async () => {
    await using server = await rawServer((_, socket) => socket.write(rawReply(200, {}, 'hello')))
    const store = await directStore(`${server.endpoint}/storage/v1/s3`)
    await textOf((await store.read({ ...REF, key: 'a/../b' })).body)
    expect(server.seen[0]).toMatchObject({ target: '/storage/v1/s3/bucket/a/../b', headers: { host: `127.0.0.1:${server.port}` } })
  })

  it('virtual hosts', async () => {
    const lookup = dns.lookup
    vi.spyOn(dns, 'lookup').mockImplementation(((name: string, options: object, done: never) =>
      lookup(name === 'bucket.s3.test' ? '127.0.0.1' : name, options, done)) as never)
    await using server = await rawServer((_, socket) => socket.write(rawReply(200, {}, 'hello')))
    const store = await directStore(`http://s3.test:${server.port}`, { forcePathStyle: false })
    expect(await textOf((await store.read({ ...REF, key: '//a/../b' })).body)).toBe('hello')
    expect(server.seen[0]).toMatchObject({ target: '///a/../b', headers: { host: `bucket.s3.test:${server.port}` } })
  })

  it('queries in signed order, with every character of an upload id', async () => {
    await using server = await rawServer((_, socket) => socket.write(rawReply(200, { etag: '"e"' })))
    const store = await directStore(server.endpoint)
    await store.uploadPart(REF, 'a+b/c=d~', 7, bytes('x'))
    await store.head({ ...REF, versionId: 'v 1' })
    expect(server.seen.map(({ target }) => target)).toEqual(['/bucket/key?partNumber=7&uploadId=a%2Bb%2Fc%3Dd~', '/bucket/key?versionId=v%201'])
  })

  it('a key that is no text is not sent', async () => {
    await using server = await rawServer((_, socket) => socket.write(rawReply(200)))
    const store = await directStore(server.endpoint)
    expect(await failureOf(store.read({ ...REF, key: 'a\ud800' }))).toMatchObject({ reason: 'invalid-request', attempts: 0 })
    expect(server.seen).toHaveLength(0)
  })
})

describe('credentials', () => {
  it('are asked for with each request, and temporary ones are signed', async () => {
    await using server = await rawServer((_, socket) => socket.write(rawReply(200, { etag: '"e"' })))
    let asked = 0
    const credentials = async (): Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken: string; expiration: Date }> => {
      asked += 1
      // about to expire: the SDK's memory of them asks again
      return { accessKeyId: `AKID${asked}`, secretAccessKey: 'secret', sessionToken: `token${asked}`, expiration: new Date(Date.now() + 1000) }
    }
    const store = await directStore(server.endpoint, { credentials })
    await store.head(REF)
    await store.head(REF)
    const tokens = server.seen.map(({ headers }) => headers['x-amz-security-token'])
    expect(new Set(tokens).size).toBe(2)
    for (const { headers } of server.seen) {
      expect(authorization(headers['authorization'])['SignedHeaders']).toContain('x-amz-security-token')
      expect(authorization(headers['authorization'])['Credential']).toContain(`AKID${headers['x-amz-security-token']?.slice(5)}/`)
    }
  })

  const expiring = (kind: 'text' | 'none') => {
    let fetched = 0
    const credentials = async (): Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken: string }> => {
      fetched += 1
      return { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: `token${fetched}` }
    }
    const server = rawServer((request, socket) => {
      const refused = rawReply(400, kind === 'none' ? {} : {}, kind === 'none' ? '' : errorDocument('ExpiredToken'))
      socket.write(request.headers['x-amz-security-token'] === 'token1' ? refused : rawReply(200, { etag: '"e"' }))
    })
    return { credentials, server, fetched: () => fetched }
  }

  it('that expired are fetched again, once, and the request is sent again', async () => {
    const { credentials, server: starting, fetched } = expiring('text')
    await using server = await starting
    const store = await directStore(server.endpoint, { credentials })
    expect(await store.put(REF, bytes('x'), NO_METADATA)).toMatchObject({ etag: '"e"', attempts: 2 })
    expect(fetched()).toBe(2)
    expect(server.seen.map(({ body }) => body.toString())).toEqual(['x', 'x'])
    expect(await store.put(REF, bytes('x'), NO_METADATA)).toMatchObject({ attempts: 1 })
  })

  it('that expired are told by the status alone under a HEAD', async () => {
    const { credentials, server: starting } = expiring('none')
    await using server = await starting
    const store = await directStore(server.endpoint, { credentials })
    expect(await store.head(REF)).toMatchObject({ etag: '"e"', attempts: 2 })
  })

  it('that stay expired are a failure after the second try', async () => {
    await using server = await rawServer((_, socket) => socket.write(rawReply(400, {}, errorDocument('ExpiredToken'))))
    const store = await directStore(server.endpoint, { credentials: async () => ({ accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 't' }) })
    expect(await failureOf(store.put(REF, bytes('x'), NO_METADATA))).toMatchObject({ code: 'ERR_CREDENTIALS', attempts: 2, replied: true })
    expect(server.seen).toHaveLength(2)
  })

  it('that expired under a stream are the caller’s to retry', async () => {
    const { credentials, server: starting } = expiring('text')
    await using server = await starting
    const store = await directStore(server.endpoint, { credentials })
    const stream = (async function* () {
      yield Buffer.from('x')
    })()
    expect(await failureOf(store.put(REF, { kind: 'stream', stream, sizeBytes: 1 }, NO_METADATA))).toMatchObject({ code: 'ERR_CREDENTIALS', attempts: 1 })
  })
})

describe('a clock that is wrong', () => {
  const AHEAD_MS = 3_600_000
  /** A server whose clock is an hour ahead, and that refuses what is not of its hour. */
  const ahead = (withText: boolean) =>
    rawServer((request, socket) => {
      const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(request.headers['x-amz-date'] ?? '') ?? []
      const at = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
      const date = new Date(Date.now() + AHEAD_MS).toUTCString()
      const late = Math.abs(at - Date.now() - AHEAD_MS) > 60_000
      socket.write(late ? rawReply(403, { date }, withText ? errorDocument('RequestTimeTooSkewed') : '') : rawReply(200, { date, etag: '"e"' }))
    })

  it.each([true, false])('is set right by the server’s date, once for the client (an error text: %s)', async (withText) => {
    await using server = await ahead(withText)
    const store = await directStore(server.endpoint)
    expect(await store.put(REF, bytes('x'), NO_METADATA)).toMatchObject({ attempts: 2 })
    expect(await store.put(REF, bytes('x'), NO_METADATA)).toMatchObject({ attempts: 1 })
    expect(await store.head(REF)).toMatchObject({ attempts: 1 })
  })

  it('is left alone where the client was told so', async () => {
    await using server = await ahead(true)
    const store = await directStore(server.endpoint, { disableClockSkewCorrection: true } as never)
    expect(await failureOf(store.put(REF, bytes('x'), NO_METADATA))).toMatchObject({ code: 'ERR_CREDENTIALS', attempts: 1 })
  })

  it.each([100_000, 500_000])('a body of %d bytes that is called off in the second try: both are counted', async (sizeBytes) => {
    await using server = await rawServer((_, socket) => socket.write(rawReply(403, { date: new Date().toUTCString() }, errorDocument('RequestTimeTooSkewed'))))
    const store = await directStore(server.endpoint)
    let asked = 0
    const body = { kind: 'bytes', bytes: Buffer.alloc(sizeBytes, 'x'), mayComplete: () => (asked += 1) === 1 } as const
    expect(await failureOf(store.put(REF, body, NO_METADATA))).toMatchObject({ reason: 'called-off', attempts: 2 })
    expect(server.seen).toHaveLength(1)
  })

  it('that stays wrong is a failure after the second try', async () => {
    await using server = await rawServer((_, socket) => socket.write(rawReply(403, { date: new Date().toUTCString() }, errorDocument('RequestTimeTooSkewed'))))
    const store = await directStore(server.endpoint)
    expect(await failureOf(store.put(REF, bytes('x'), NO_METADATA))).toMatchObject({ code: 'ERR_CREDENTIALS', attempts: 2 })
  })
})

describe('a bucket elsewhere', () => {
  const followed: Parameters<TransportListener>[0][] = []
  const auto = async (endpoint: string) =>
    createS3ObjectStore({ client: clientAt(endpoint, { maxAttempts: 1 }), profile: awsProfile, side: 'source', onTransport: (info) => followed.push(info) })
  afterEach(() => followed.splice(0))

  it.each([
    ['301', rawReply(301, { location: 'http://127.0.0.1:9/elsewhere' }, errorDocument('PermanentRedirect'))],
    ['307', rawReply(307, { location: 'http://127.0.0.1:9/elsewhere' }, errorDocument('TemporaryRedirect'))],
    ['302 of a proxy', rawReply(302, { location: 'http://127.0.0.1:9/login' })],
  ])('a redirect (%s) is not followed: the bucket goes by the SDK from then on', async (_, redirect) => {
    await using server = await rawServer((request, socket) => socket.write(isSdk(request.headers) ? rawReply(200, { etag: '"e"' }, 'hello') : redirect))
    const store = await auto(server.endpoint)
    const read = await store.read(REF)
    expect(read.attempts).toBe(2)
    expect(await textOf(read.body)).toBe('hello')
    expect(await store.put(REF, bytes('x'), NO_METADATA)).toMatchObject({ attempts: 1 })
    expect(server.seen.map(({ headers }) => isSdk(headers))).toEqual([false, true, true])
    expect(followed).toEqual([
      { transport: 'direct', reason: null },
      { transport: 'sdk', reason: expect.stringMatching(/^the server redirects/) },
    ])
  })

  it('another region, told in the text or in a header', async () => {
    const malformed =
      '<Error><Code>AuthorizationHeaderMalformed</Code><Message>the region is wrong; expecting eu-central-1</Message><Region>eu-central-1</Region></Error>'
    for (const refusal of [rawReply(400, {}, malformed), rawReply(400, { 'x-amz-bucket-region': 'eu-central-1' })]) {
      await using server = await rawServer((request, socket) => socket.write(isSdk(request.headers) ? rawReply(200, { etag: '"e"' }) : refusal))
      const store = await auto(server.endpoint)
      expect(await store.put(REF, bytes('x'), NO_METADATA)).toMatchObject({ etag: '"e"', attempts: 2 })
      expect(followed.at(-1)).toEqual({ transport: 'sdk', reason: 'the bucket is in another region' })
    }
  })

  it('a body that was redirected and is called off then: the SDK sends nothing, and the first request is counted', async () => {
    await using server = await rawServer((_, socket) => socket.write(rawReply(307, {}, errorDocument('TemporaryRedirect'))))
    const store = await auto(server.endpoint)
    let asked = 0
    const body = { kind: 'bytes', bytes: Buffer.alloc(100_000, 'x'), mayComplete: () => (asked += 1) === 1 } as const
    expect(await failureOf(store.put(REF, body, NO_METADATA))).toMatchObject({ reason: 'called-off', attempts: 1 })
    expect(await failureOf(store.put(REF, { ...body, mayComplete: () => false }, NO_METADATA))).toMatchObject({ reason: 'called-off', attempts: 0 })
    expect(server.seen.map(({ headers }) => isSdk(headers))).toEqual([false])
  })

  it('a stream that was redirected is the caller’s to send again, by the SDK', async () => {
    await using server = await rawServer((request, socket) =>
      socket.write(isSdk(request.headers) ? rawReply(200, { etag: '"e"' }) : rawReply(307, {}, errorDocument('TemporaryRedirect'))),
    )
    const store = await auto(server.endpoint)
    const stream = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('x')
    }
    await failureOf(store.put(REF, { kind: 'stream', stream: stream(), sizeBytes: 1 }, NO_METADATA))
    expect(await store.put(REF, { kind: 'stream', stream: stream(), sizeBytes: 1 }, NO_METADATA)).toMatchObject({ etag: '"e"' })
    expect(server.seen.map(({ headers }) => isSdk(headers))).toEqual([false, true])
  })

  it('is an error where the direct path was asked for', async () => {
    await using server = await rawServer((_, socket) => socket.write(rawReply(301, {}, errorDocument('PermanentRedirect'))))
    const store = await directStore(server.endpoint)
    expect(await failureOf(store.read(REF))).toMatchObject({ replied: true, attempts: 1 })
    expect(server.seen).toHaveLength(1)
  })
})

interface NodeHttpHandlerLike {
  handle(request: unknown, options?: unknown): Promise<unknown>
  httpHandlerConfigs(): object
}

function isSdk(headers: Readonly<Record<string, string>>): boolean {
  return (headers['user-agent'] ?? '').includes('aws-sdk-js')
}

describe('the choice of the transport', () => {
  it('a special client, and a special bucket, go by the SDK and it is said once', async () => {
    const server = await startS3Server({ buckets: ['bucket', 'bucket-2'] })
    try {
      const told: unknown[] = []
      const client = clientAt(server.endpoint, server.clientConfig)
      client.middlewareStack.add((next) => (args) => next(args), { step: 'build', name: 'mine' })
      const store = await createS3ObjectStore({ client, profile: awsProfile, side: 'source', onTransport: (info) => told.push(info) })
      await store.put(REF, bytes('x'), NO_METADATA)
      await store.head(REF)
      expect(told).toEqual([{ transport: 'sdk', reason: 'the client has middleware of its own (mine)' }])
    } finally {
      await server.close()
    }
  })

  it('middleware that comes later is noticed', async () => {
    const server = await startS3Server({ buckets: ['bucket'] })
    try {
      const told: unknown[] = []
      const client = clientAt(server.endpoint, server.clientConfig)
      const store = await createS3ObjectStore({ client, profile: awsProfile, side: 'source', onTransport: ({ transport }) => told.push(transport) })
      await store.put(REF, bytes('x'), NO_METADATA)
      client.middlewareStack.add((next) => (args) => next(args), { step: 'build', name: 'mine' })
      await new Promise((resolve) => setTimeout(resolve, 1_100))
      await store.head(REF)
      expect(told).toEqual(['direct', 'sdk'])
    } finally {
      await server.close()
    }
  })

  it('a handler that shows its agents after a request only: the SDK first, then direct', async () => {
    await using server = await rawServer((_, socket) => socket.write(rawReply(200, { etag: '"e"' })))
    const client = clientAt(server.endpoint)
    const inner = client.config.requestHandler as NodeHttpHandlerLike
    // as in releases that keep their options elsewhere
    class NodeHttpHandler {
      readonly metadata = { handlerProtocol: 'http/1.1' }
      handle(...args: Parameters<typeof inner.handle>): ReturnType<typeof inner.handle> {
        return inner.handle(...args)
      }
      httpHandlerConfigs(): object {
        return inner.httpHandlerConfigs()
      }
    }
    client.config.requestHandler = new NodeHttpHandler() as unknown as typeof client.config.requestHandler
    const told: unknown[] = []
    const store = await createS3ObjectStore({ client, profile: awsProfile, side: 'source', onTransport: ({ transport }) => told.push(transport) })
    await store.put(REF, bytes('x'), NO_METADATA)
    await store.put(REF, bytes('x'), NO_METADATA)
    expect(server.seen.map(({ headers }) => isSdk(headers))).toEqual([true, false])
    expect(told).toEqual(['sdk', 'direct'])
  })

  it("'direct' without credentials, and with a bucket name that the client does not take", async () => {
    await using server = await rawServer((_, socket) => socket.write(rawReply(200)))
    const poor = await directStore(server.endpoint, {
      credentials: async () => {
        throw new Error('none here')
      },
    })
    expect(await failureOf(poor.read(REF))).toMatchObject({ code: 'ERR_CREDENTIALS', reason: 'credentials', attempts: 0 })
    const store = await directStore(server.endpoint)
    expect(await failureOf(store.read({ bucket: 'a/b', key: 'k' }))).toMatchObject({ reason: 'invalid-request', attempts: 0 })
    expect(server.seen).toHaveLength(0)
  })

  it("'direct' says why it cannot be", async () => {
    const client = clientAt('http://127.0.0.1:1')
    client.middlewareStack.add((next) => (args) => next(args), { step: 'build', name: 'mine' })
    const options = { client, profile: awsProfile, side: 'source', transport: 'direct' } as const
    await expect(createS3ObjectStore(options)).rejects.toMatchObject({
      code: 'ERR_INVALID_OPTION',
      message: expect.stringContaining('middleware of its own (mine)'),
    })
    const store = await directStore('http://127.0.0.1:1')
    await expect(store.read({ bucket: 'a--use1-az4--x-s3', key: 'k' })).rejects.toMatchObject({
      code: 'ERR_INVALID_OPTION',
      message: expect.stringContaining('directory bucket'),
    })
  })

  it('the control plane and the direct path speak of the same bucket', async () => {
    const server = await startS3Server({})
    try {
      const client = clientAt(server.endpoint, server.clientConfig)
      await client.send(new CreateBucketCommand({ Bucket: 'bucket' }))
      const store = await createS3ObjectStore({ client, profile: awsProfile, side: 'destination', transport: 'direct' })
      const { uploadId } = await store.createUpload(REF, { metadata: { user: {} } })
      const { etag } = await store.uploadPart(REF, uploadId, 1, bytes('hello'))
      await store.completeUpload(REF, uploadId, [{ partNumber: 1, etag: etag ?? '', checksums: [] }], { sizeBytes: 5 })
      expect(await textOf((await store.read(REF)).body)).toBe('hello')
    } finally {
      await server.close()
    }
  })
})
