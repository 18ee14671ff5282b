import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import { HeadBucketCommand, S3, S3Client } from '@aws-sdk/client-s3'
import { migrateObject } from '@sealift/core'
import { createProviderRegistry, detectProvider } from '@sealift/provider-detect'
import { PERSONALITIES, type S3TestServer, startS3Server } from '@sealift/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { describeWithServer, type RealServer } from '../servers/real-servers.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function kit(personality: Parameters<typeof startS3Server>[0]): Promise<{ server: S3TestServer; client: S3Client }> {
  const server = await startS3Server({ buckets: ['data'], ...personality })
  const client = new S3Client(server.clientConfig)
  open.push(
    () => server.close(),
    () => client.destroy(),
  )
  return { server, client }
}

function clientOf(server: RealServer): S3 {
  const client = new S3({ endpoint: server.endpoint, region: server.region, credentials: server.credentials, forcePathStyle: true })
  open.push(() => client.destroy())
  return client
}

/** What a personality shows under a host that says nothing. AWS and R2 give themselves away by nothing that others do not send, too. */
const SHOWN: Readonly<Record<string, readonly [id: string, confidence: string]>> = {
  aws: ['generic', 'unknown'],
  minio: ['minio', 'likely'],
  ceph: ['ceph', 'certain'],
  swift: ['swift', 'certain'],
  r2: ['generic', 'unknown'],
  b2: ['generic', 'unknown'],
  // brands under another host than their own
  wasabi: ['wasabi', 'likely'],
  gcs: ['gcs', 'likely'],
  oss: ['oss', 'likely'],
  storj: ['storj', 'likely'],
  // a Ceph by what it shows; whose it is, only its host tells
  spaces: ['ceph', 'certain'],
  seaweedfs: ['seaweedfs', 'certain'],
  garage: ['generic', 'unknown'],
  express: ['generic', 'unknown'],
}

describe('the personalities of the kit', () => {
  it.each(PERSONALITIES)('%s: by its replies, with and without a bucket', async (personality) => {
    const { server, client } = await kit({ personality })
    const withBucket = await detectProvider(client, 'data')
    const without = await detectProvider(client)
    // a store that is in no table is nobody's
    const expected = SHOWN[personality] ?? ['generic', 'unknown']
    expect([withBucket.profile.id, withBucket.confidence]).toEqual(expected)
    expect([without.profile.id, without.confidence]).toEqual(expected)
    expect(withBucket.reasons.length).toBeGreaterThan(0)
    expect(server.requests.length).toBeLessThanOrEqual(3)
    expect(server.keys('data')).toEqual([])
  })

  it('a bucket that is not there is no hindrance', async () => {
    const { client } = await kit({ personality: 'ceph' })
    expect(await detectProvider(client, 'nowhere')).toMatchObject({ profile: { id: 'ceph' }, confidence: 'certain' })
  })

  it('says nothing of credentials, also when they are wrong', async () => {
    const { server } = await kit({ personality: 'ceph' })
    const secret = 'wrong-secret-that-nobody-may-see'
    const client = new S3Client({ ...server.clientConfig, credentials: { accessKeyId: 'WRONGACCESSKEYID', secretAccessKey: secret } })
    open.push(() => client.destroy())
    const found = await detectProvider(client, 'data')
    expect(found).toMatchObject({ profile: { id: 'ceph' }, confidence: 'certain' })
    const { reasons } = await detectProvider(
      new S3Client({ ...server.clientConfig, endpoint: 'http://127.0.0.1:9', credentials: { accessKeyId: 'WRONGACCESSKEYID', secretAccessKey: secret } }),
      'data',
    )
    expect(JSON.stringify([found, reasons])).not.toMatch(/wrong-secret|WRONGACCESSKEYID/)
  })

  it('never changes the client', async () => {
    const { client } = await kit({ personality: 'swift' })
    // the SDK itself notes a thing or two at its first request
    await client.send(new HeadBucketCommand({ Bucket: 'data' }))
    const before = [client.middlewareStack.identify(), Object.keys(client.config)]
    await detectProvider(client, 'data')
    expect([client.middlewareStack.identify(), Object.keys(client.config)]).toEqual(before)
  })
})

describe('hosts', () => {
  // TLS vouches for the name: nothing may be sent (nothing could be, from here)
  it.each([
    ['https://s3.eu-west-1.amazonaws.com', 'aws'],
    ['https://0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com', 'r2'],
    ['https://s3.us-west-004.backblazeb2.com', 'b2'],
    ['https://s3.eu-central-1.wasabisys.com', 'wasabi'],
    ['https://fra1.digitaloceanspaces.com', 'spaces'],
  ])('%s is %s, without a request', async (endpoint, id) => {
    const client = new S3Client({ endpoint, region: 'auto', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } })
    const sent: string[] = []
    const watch = (next: (args: never) => unknown) => (args: never) => {
      sent.push('sent')
      return next(args)
    }
    client.middlewareStack.add(watch as never, { step: 'finalizeRequest', name: 'watch' })
    expect(await detectProvider(client, 'photos')).toMatchObject({ profile: { id }, confidence: 'certain' })
    expect(await detectProvider(client)).toMatchObject({ profile: { id }, confidence: 'certain' })
    expect(sent).toEqual([])
  })

  it('the SDK’s own endpoints need none to be given', async () => {
    const client = new S3Client({ region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } })
    expect(await detectProvider(client, 'my-bucket')).toMatchObject({ profile: { id: 'aws' }, confidence: 'certain' })
  })

  it('a host of the caller’s own, without TLS, is likely until its replies show it', async () => {
    const { server, client } = await kit({ personality: 'aws' })
    const fingerprint = { header: 'server', value: 'AmazonS3', onlyWithHost: true, confidence: 'certain', source: 'a test', date: '2026-11-21' } as const
    const ours = { profile: { extends: 'ceph', id: 'ours', name: 'Ours', sources: [] }, hosts: ['127.0.0.1'] }
    expect(await detectProvider(client, 'data', { providers: createProviderRegistry([ours]) })).toMatchObject({ profile: { id: 'ours' }, confidence: 'likely' })
    server.clearRequests()
    const shown = createProviderRegistry([{ ...ours, fingerprints: [fingerprint] }])
    expect(await detectProvider(client, 'data', { providers: shown })).toMatchObject({ profile: { id: 'ours' }, confidence: 'certain' })
    expect(server.requests.length).toBe(1)
  })
})

describe('what stands in between', () => {
  /** Passes everything on, its own headers added. */
  async function proxied(target: S3TestServer, added: Readonly<Record<string, string>>, drop: readonly string[] = []): Promise<S3Client> {
    const proxy = http.createServer((request, response) => {
      const onward = http.request(target.endpoint + (request.url ?? ''), { method: request.method ?? 'GET', headers: request.headers }, (reply) => {
        const headers = { ...reply.headers, ...added }
        for (const name of drop) delete headers[name]
        response.writeHead(reply.statusCode ?? 502, headers)
        reply.pipe(response)
      })
      request.pipe(onward)
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const { port } = proxy.address() as AddressInfo
    const client = new S3Client({ ...target.clientConfig, endpoint: `http://127.0.0.1:${port}` })
    open.push(
      () => new Promise((resolve) => proxy.close(resolve)),
      () => client.destroy(),
    )
    return client
  }

  it.each([
    ['via', '1.1 proxy.example'],
    ['age', '12'],
    ['x-cache', 'Miss from cloudfront'],
    ['cf-ray', '8f0000000000-AMS'],
  ])('a reply with %s is not certain', async (header, value) => {
    const { server } = await kit({ personality: 'ceph' })
    expect(await detectProvider(await proxied(server, { [header]: value }), 'data')).toMatchObject({ profile: { id: 'ceph' }, confidence: 'likely' })
  })

  it('replies that look like two stores at once are nobody’s', async () => {
    const { server } = await kit({ personality: 'minio' })
    const client = await proxied(server, { server: 'MinIO/RELEASE.2025-01-01T00-00-00Z', 'x-rgw-object-type': 'Normal' })
    expect(await detectProvider(client, 'data')).toMatchObject({ profile: { id: 'generic' }, confidence: 'unknown' })
  })

  it('a name alone in `Server` that everybody may take is no AWS', async () => {
    const { server } = await kit({ personality: 'ceph' })
    const client = await proxied(server, { server: 'AmazonS3' }, ['x-amz-request-id'])
    expect(await detectProvider(client, 'data')).toMatchObject({ profile: { id: 'generic' }, confidence: 'unknown' })
  })
})

describe('bounds', () => {
  it('an abort rejects with its reason, before and in the middle', async () => {
    const { client } = await kit({ personality: 'ceph', faults: [{ match: { times: 'always' }, action: { kind: 'delay', delayMs: 10_000 } }] })
    const reason = new Error('enough')
    await expect(detectProvider(client, 'data', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const controller = new AbortController()
    setTimeout(() => controller.abort(reason), 100)
    await expect(detectProvider(client, 'data', { signal: controller.signal })).rejects.toBe(reason)
  })

  it('a store that does not answer is unknown when the time is up', async () => {
    const { client } = await kit({ personality: 'ceph', faults: [{ match: { times: 'always' }, action: { kind: 'delay', delayMs: 60_000 } }] })
    const begun = performance.now()
    expect(await detectProvider(client, 'data', { timeoutMs: 500 })).toMatchObject({ profile: { id: 'generic' }, confidence: 'unknown' })
    expect(performance.now() - begun).toBeLessThan(5_000)
  })

  it('a store that nobody can reach is unknown, and says why', async () => {
    const client = new S3Client({
      endpoint: 'http://127.0.0.1:9',
      region: 'us-east-1',
      maxAttempts: 1,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    })
    const found = await detectProvider(client, 'data')
    expect(found).toMatchObject({ profile: { id: 'generic' }, confidence: 'unknown' })
    expect(found.reasons.join(' ')).toMatch(/ECONNREFUSED|connection/i)
  })

  it.each([
    ['client', () => detectProvider({} as never, 'data')],
    ['bucket', () => detectProvider(new S3Client({ region: 'us-east-1' }), '')],
    ['timeoutMs', () => detectProvider(new S3Client({ region: 'us-east-1' }), 'data', { timeoutMs: 0 })],
    ['signal', () => detectProvider(new S3Client({ region: 'us-east-1' }), 'data', { signal: 'no' as never })],
    ['providers', () => detectProvider(new S3Client({ region: 'us-east-1' }), 'data', { providers: [] as never })],
  ])('a wrong %s is named', async (option, call) => {
    await expect(call()).rejects.toMatchObject({ code: 'ERR_INVALID_OPTION', context: { option } })
  })
})

describe('as `detect` of migrateObject', () => {
  it('the profile that is found decides what proves', async () => {
    const source = await kit({ personality: 'ceph', objects: [{ bucket: 'data', key: 'a', sizeBytes: 1000 }] })
    const destination = await kit({ personality: 'swift' })
    const result = await migrateObject({
      source: { client: source.client, bucket: 'data', key: 'a' },
      destination: { client: destination.client, bucket: 'data' },
      detect: detectProvider,
    })
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', source: { provider: 'ceph' }, destination: { provider: 'swift' } })
    expect(destination.server.requestCounts).toMatchObject({ GetObject: 1, PutObject: 1 })
  })
})

describeWithServer(['rgw-source'], 'real Ceph RGW', (servers) => {
  it.each(['sealift-detect-nobody', undefined])('bucket %s: certain', async (bucket) => {
    expect(await detectProvider(clientOf(servers['rgw-source']), bucket)).toMatchObject({ profile: { id: 'ceph' }, confidence: 'certain' })
  })
})

describeWithServer(['swift-source'], 'real Swift', (servers) => {
  it.each(['sealift-detect-nobody', undefined])('bucket %s: certain', async (bucket) => {
    expect(await detectProvider(clientOf(servers['swift-source']), bucket)).toMatchObject({ profile: { id: 'swift' }, confidence: 'certain' })
  })
})

describeWithServer(['moto-source'], 'real moto', (servers) => {
  it.each(['sealift-detect-nobody', undefined])('bucket %s: certain', async (bucket) => {
    expect(await detectProvider(clientOf(servers['moto-source']), bucket)).toMatchObject({ profile: { id: 'moto' }, confidence: 'certain' })
  })
})
