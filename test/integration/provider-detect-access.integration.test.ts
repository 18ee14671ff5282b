import { randomBytes } from 'node:crypto'
import { type ObjectLockRetentionMode, S3 } from '@aws-sdk/client-s3'
import { genericProfile, migrateObject } from '@sealift/core'
import { detectProvider, probeProvider } from '@sealift/provider-detect'
import { type LoggedRequest, type S3TestServer, startHttpFaultProxy, startS3Server } from '@sealift/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { bucketRest } from '../provider-detect/bucket-rest.ts'
import { describeWithServer } from '../servers/real-servers.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function kit(options: Parameters<typeof startS3Server>[0]): Promise<{ server: S3TestServer; client: S3 }> {
  const server = await startS3Server({ buckets: ['data'], ...options })
  const client = new S3(server.clientConfig)
  open.push(
    () => server.close(),
    () => client.destroy(),
  )
  return { server, client }
}

const ACCESS = { expectedBucketOwner: '123456789012', requestPayer: 'requester' } as const

function accessHeaders({ operation, headers }: LoggedRequest): unknown {
  return [operation, headers['x-amz-expected-bucket-owner'], headers['x-amz-request-payer']]
}

describe('a bucket that wants to be told who owns it and who pays', () => {
  it('is told so with every request of a probe, the detection and the clean-up among them', async () => {
    const { server, client } = await kit({ personality: 'aws' })
    // of a probe that was killed
    server.put('data', '.sealift-probe/1700000000000-0123456789abcdef/x', 'goes')
    const probed = await probeProvider(client, 'data', ACCESS)
    expect(probed.leftovers).toEqual([])
    expect(server.requests.length).toBeGreaterThan(60)
    expect(server.requests.map(accessHeaders)).toEqual(server.requests.map(({ operation }) => [operation, '123456789012', 'requester']))
    const seen = new Set(server.requests.map(({ operation }) => operation))
    for (const operation of [
      'HeadBucket',
      'GetObjectLockConfiguration',
      'ListObjectVersions',
      'ListMultipartUploads',
      'DeleteObject',
      'CompleteMultipartUpload',
    ])
      expect(seen).toContain(operation)
  })

  it('is detected and probed though its requesters pay', async () => {
    const { server, client } = await kit({ personality: 'generic-requester-pays' })
    const probed = await probeProvider(client, 'data', { requestPayer: 'requester' })
    expect(probed.answers.find(({ claim }) => claim === 'etag.single')).toMatchObject({ value: 'yes' })
    expect(server.requests.filter(({ status }) => status === 403)).toEqual([])
    expect(server.keys('data')).toEqual([])
  })

  it('without them nothing of the kind is sent', async () => {
    const { server, client } = await kit({ personality: 'aws' })
    await probeProvider(client, 'data', { profile: genericProfile, multipart: false })
    expect(server.requests.map(accessHeaders)).toEqual(server.requests.map(({ operation }) => [operation, undefined, undefined]))
  })

  it('detectProvider sends them with what it asks of a bucket, and not with the list of buckets', async () => {
    const { server, client } = await kit({ personality: 'aws' })
    await detectProvider(client, 'data', ACCESS)
    await detectProvider(client, undefined, ACCESS)
    expect(server.requests.map(accessHeaders)).toEqual([
      ['GetObject', '123456789012', 'requester'],
      ['HeadBucket', '123456789012', 'requester'],
      ['ListBuckets', undefined, undefined],
    ])
  })

  it('migrateObject passes those of its locations on to detectProvider', async () => {
    const source = await kit({ personality: 'aws', objects: [{ bucket: 'data', key: 'a', sizeBytes: 5000 }] })
    const destination = await kit({ personality: 'aws' })
    const result = await migrateObject({
      source: { client: source.client, bucket: 'data', key: 'a', ...ACCESS },
      destination: { client: destination.client, bucket: 'data', expectedBucketOwner: '210987654321' },
      detect: detectProvider,
    })
    expect(result.verdict).toBe('verified')
    expect(source.server.requests.map(accessHeaders)).toEqual(source.server.requests.map(({ operation }) => [operation, '123456789012', 'requester']))
    expect(destination.server.requests.map(accessHeaders)).toEqual(destination.server.requests.map(({ operation }) => [operation, '210987654321', undefined]))
  })

  it.each([
    ['requestPayer', { requestPayer: 'me' as never }],
    ['expectedBucketOwner', { expectedBucketOwner: '' }],
    ['expectedBucketOwner', { expectedBucketOwner: '1\n2' }],
  ])('%s is checked', async (option, options) => {
    const { server, client } = await kit({ personality: 'aws' })
    for (const asking of [() => probeProvider(client, 'data', options), () => detectProvider(client, 'data', options)])
      await expect(asking()).rejects.toMatchObject({ code: 'ERR_INVALID_OPTION', context: { option } })
    expect(server.requests).toEqual([])
  })
})

function writesOf(server: S3TestServer): readonly string[] {
  return server.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD').map(({ operation }) => operation)
}

describe('a bucket that locks every new object', () => {
  it.each(['GOVERNANCE', 'COMPLIANCE'] as const)('%s: is refused before anything is written', async (mode) => {
    const { server, client } = await kit({ personality: 'aws' })
    await client.createBucket({ Bucket: 'locked', ObjectLockEnabledForBucket: true })
    await lockByDefault(client, 'locked', mode)
    server.clearRequests()
    await expect(probeProvider(client, 'locked')).rejects.toMatchObject({
      code: 'ERR_INVALID_STATE',
      context: { bucket: 'locked' },
      message: expect.stringContaining(`(${mode}, 1 days)`),
    })
    expect(writesOf(server)).toEqual([])
  })

  it('one that could lock, and does not by default, is probed, and nothing is left', async () => {
    const { client } = await kit({ personality: 'aws' })
    await client.createBucket({ Bucket: 'lockable', ObjectLockEnabledForBucket: true })
    expect((await probeProvider(client, 'lockable')).leftovers).toEqual([])
    expect(await bucketRest(client, 'lockable')).toEqual({ entries: [], uploads: [] })
  })

  it.each([
    ['does not know the question', 501, 'NotImplemented'],
    ['does not let us ask', 403, 'AccessDenied'],
  ])('a store that %s is probed', async (_, status, code) => {
    const { server, client } = await kit({
      personality: 'aws',
      faults: [{ match: { operation: 'GetObjectLockConfiguration', times: 'always' }, action: { kind: 'status', status, code } }],
    })
    expect((await probeProvider(client, 'data', { multipart: false })).leftovers).toEqual([])
    expect(server.keys('data')).toEqual([])
  })
})

async function lockByDefault(client: S3, Bucket: string, Mode: ObjectLockRetentionMode): Promise<void> {
  await client.putObjectLockConfiguration({
    Bucket,
    ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode, Days: 1 } } },
  })
}

describeWithServer(['rgw-source'], 'real Ceph RGW', (servers) => {
  it.each(['GOVERNANCE', 'COMPLIANCE'] as const)('a bucket that locks every new object (%s) is refused, and nothing is written', async (mode) => {
    const { endpoint, region, credentials } = servers['rgw-source']
    const client = new S3({ endpoint, region, credentials, forcePathStyle: true })
    open.push(() => client.destroy())
    const bucket = `probe-locked-${Date.now().toString(36)}${randomBytes(3).toString('hex')}`
    await client.createBucket({ Bucket: bucket, ObjectLockEnabledForBucket: true })
    // it could lock, but does not yet
    expect((await probeProvider(client, bucket, { multipart: false })).leftovers).toEqual([])
    await lockByDefault(client, bucket, mode)
    await expect(probeProvider(client, bucket)).rejects.toMatchObject({ code: 'ERR_INVALID_STATE', message: expect.stringContaining(`(${mode}, 1 days)`) })
    expect(await bucketRest(client, bucket)).toEqual({ entries: [], uploads: [] })
    await client.deleteBucket({ Bucket: bucket })
  })

  it('where it may not be asked, the first object shows it: nothing more is written, and the error names it', async () => {
    const { endpoint, region, credentials } = servers['rgw-source']
    const proxy = await startHttpFaultProxy({ target: endpoint })
    open.push(() => proxy.close())
    proxy.setFaults([{ match: { operation: 'Other', times: 'always' }, action: { kind: 'status', status: 403, code: 'AccessDenied' } }])
    const client = new S3({ endpoint, region, credentials, forcePathStyle: true })
    const proxied = new S3({ endpoint: proxy.endpoint, region, credentials, forcePathStyle: true })
    open.push(
      () => client.destroy(),
      () => proxied.destroy(),
    )
    const bucket = `probe-locked-${Date.now().toString(36)}${randomBytes(3).toString('hex')}`
    await client.createBucket({ Bucket: bucket, ObjectLockEnabledForBucket: true })
    await lockByDefault(client, bucket, 'GOVERNANCE')
    const error: unknown = await probeProvider(proxied, bucket).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'ERR_INVALID_STATE', message: expect.stringMatching(/locked \(GOVERNANCE\): \.sealift-probe\/.+\/single is left/) })
    expect(proxy.requests.filter(({ operation }) => operation === 'PutObject')).toHaveLength(1)
    const { Versions = [], DeleteMarkers = [] } = await client.listObjectVersions({ Bucket: bucket })
    expect(Versions.map(({ Key }) => Key)).toEqual([expect.stringMatching(/\/single$/)])
    // it is locked indeed, and goes with the bypass of governance only
    const [{ Key, VersionId } = {}] = Versions
    await expect(client.deleteObject({ Bucket: bucket, Key, VersionId })).rejects.toMatchObject({ name: 'AccessDenied' })
    for (const version of [...Versions, ...DeleteMarkers])
      await client.deleteObject({ Bucket: bucket, Key: version.Key, VersionId: version.VersionId, BypassGovernanceRetention: true })
    await client.deleteBucket({ Bucket: bucket })
  })
})
