import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { DeleteObjectCommand, PutBucketVersioningCommand, S3, type S3ClientConfig } from '@aws-sdk/client-s3'
import { genericProfile, type ProviderProfile } from '@sealift/core'
import { probeProvider } from '@sealift/provider-detect'
import { type FaultRule, type S3TestServer, startS3Server } from '@sealift/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { bucketRest } from '../provider-detect/bucket-rest.ts'
import { describeWithServer } from '../servers/real-servers.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

const MIN_PART_BYTES = 64 * 1024
/** What the probes begin from: the servers here take small parts, so that a probe sends kilobytes. */
const PROFILE: ProviderProfile = { ...genericProfile, limits: { ...genericProfile.limits, minPartBytes: MIN_PART_BYTES } }

/** Two objects of somebody else, and an upload, that no probe may touch; one of them looks nearly like a probe's. */
const FOREIGN = ['.sealift-probe/1700000000000-notaprobe/x', 'photos/1.jpg']

async function ground(
  options: { readonly personality?: 'aws' | 'ceph' | 'swift'; readonly faults?: readonly FaultRule[] } = {},
): Promise<{ server: S3TestServer; client: S3 }> {
  const { personality = 'aws', faults = [] } = options
  const server = await startS3Server({
    personality: { id: `${personality}-small-parts`, extends: personality, limits: { minPartBytes: MIN_PART_BYTES } },
    buckets: ['data'],
  })
  const client = new S3({ ...server.clientConfig, maxAttempts: 1 })
  open.push(
    () => server.close(),
    () => client.destroy(),
  )
  for (const key of FOREIGN) server.put('data', key, 'stays')
  await client.createMultipartUpload({ Bucket: 'data', Key: 'photos/2.jpg' })
  server.clearRequests()
  server.setFaults(faults)
  return { server, client }
}

async function expectOnlyForeign(client: S3): Promise<void> {
  expect(await bucketRest(client, 'data')).toEqual({ entries: FOREIGN, uploads: ['photos/2.jpg'] })
}

describe('after success', () => {
  it.each(['Enabled', 'Suspended'] as const)('a bucket whose versioning is %s: no version and no delete marker is left', async (Status) => {
    const { client } = await ground()
    await client.send(new PutBucketVersioningCommand({ Bucket: 'data', VersioningConfiguration: { Status: 'Enabled' } }))
    await client.send(new PutBucketVersioningCommand({ Bucket: 'data', VersioningConfiguration: { Status } }))
    const probed = await probeProvider(client, 'data', { profile: PROFILE })
    expect(probed.leftovers).toEqual([])
    await expectOnlyForeign(client)
  })

  it('a prefix of the caller’s own', async () => {
    const { server, client } = await ground()
    await probeProvider(client, 'data', { profile: PROFILE, prefix: 'tmp/probes/' })
    const keys = new Set(server.requests.map((request) => request.key).filter((key) => key !== null && key !== ''))
    expect([...keys].every((key) => key?.startsWith('tmp/probes/'))).toBe(true)
    await expectOnlyForeign(client)
  })

  it('without the right to list, what was written is taken out all the same', async () => {
    const denied = ['ListObjectVersions', 'ListObjectsV2', 'ListMultipartUploads'] as const
    const { server, client } = await ground({
      faults: [{ match: { operation: denied, times: 'always' }, action: { kind: 'status', status: 403, code: 'AccessDenied' } }],
    })
    await probeProvider(client, 'data', { profile: PROFILE })
    server.setFaults([])
    await expectOnlyForeign(client)
  })

  it('what cannot be deleted is in `leftovers`', async () => {
    const { server, client } = await ground({
      faults: [{ match: { operation: 'DeleteObject', times: 'always' }, action: { kind: 'status', status: 403, code: 'AccessDenied' } }],
    })
    const probed = await probeProvider(client, 'data', { profile: PROFILE, multipart: false })
    server.setFaults([])
    const { entries } = await bucketRest(client, 'data')
    const left = entries.filter((key) => !FOREIGN.includes(key))
    expect(left.length).toBeGreaterThan(5)
    expect([...new Set(probed.leftovers.map((item) => item.key))].sort()).toEqual(left)
    expect(probed.leftovers[0]).toMatchObject({ kind: 'object', uploadId: null, reason: '403 AccessDenied' })
    // and the next probe takes them out, once they are old enough
    expect((await probeProvider(client, 'data', { profile: PROFILE, multipart: false, staleAfterMs: 0 })).leftovers).toEqual([])
    await expectOnlyForeign(client)
  })
})

const OPERATIONS = [
  'PutObject',
  'HeadObject',
  'GetObject',
  'DeleteObject',
  'CreateMultipartUpload',
  'UploadPart',
  'CompleteMultipartUpload',
  'AbortMultipartUpload',
  'GetObjectTagging',
  'PutObjectTagging',
  'ListMultipartUploads',
  'ListObjectVersions',
] as const

const FAULTS: readonly FaultRule['action'][] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503 },
  { kind: 'status', status: 400, code: 'InvalidRequest' },
  { kind: 'lost-reply' },
  { kind: 'never-arrives' },
  { kind: 'error-in-200', done: true },
]

describe('after the failure of any step', () => {
  describe.each(OPERATIONS)('%s', (operation) => {
    it.each(FAULTS.map((action) => [`${action.kind} ${'status' in action ? action.status : ''}`.trim(), action] as const))('%s', async (_, action) => {
      // Swift has no tags, so that the probe tries them in every way
      const personality = operation === 'PutObjectTagging' ? ('swift' as const) : ('ceph' as const)
      // the first request of its kind, or a later one
      for (const nth of [operation === 'PutObjectTagging' || 'status' in action ? 1 : 3]) {
        const { client } = await ground({ personality, faults: [{ match: { operation, nth, times: 1 }, action }] })
        const probed = await probeProvider(client, 'data', { profile: PROFILE }).catch((error: { code?: string }) => error)
        if ('leftovers' in probed) expect(probed.leftovers).toEqual([])
        else expect(probed.code).toMatch(/^ERR_/)
        await expectOnlyForeign(client)
      }
    })
  })
})

describe('after an abort', () => {
  it('at every eleventh request, before it is carried out and after it', async () => {
    const { server, client } = await ground({ personality: 'ceph' })
    await probeProvider(client, 'data', { profile: PROFILE })
    const total = server.requests.length
    expect(total).toBeGreaterThan(60)
    const reason = new Error('enough')
    for (let nth = 1; nth <= total; nth += 11) {
      for (const when of ['before-forward', 'before-reply'] as const) {
        const controller = new AbortController()
        server.setFaults([{ match: { nth, times: 1 }, action: { kind: 'hook', when, run: () => controller.abort(reason) } }])
        const ended = await probeProvider(client, 'data', { profile: PROFILE, signal: controller.signal }).then(
          () => 'done',
          (error: unknown) => error,
        )
        server.setFaults([])
        expect(ended).toBe(reason)
        await expectOnlyForeign(client)
      }
    }
  })

  it('before it begins, nothing is sent', async () => {
    const { server, client } = await ground()
    const reason = new Error('enough')
    await expect(probeProvider(client, 'data', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(server.requests).toEqual([])
  })
})

function never(tell: () => void): Promise<void> {
  tell()
  return new Promise(() => {})
}

/** Runs a probe in a process of its own and kills it when `moment` resolves. */
async function killedProbe(clientConfig: S3ClientConfig, bucket: string, moment: () => Promise<unknown>): Promise<void> {
  const script = fileURLToPath(new URL('../provider-detect/killed-probe.ts', import.meta.url))
  const child = spawn(process.execPath, ['--conditions=@sealift/source', script, JSON.stringify({ clientConfig, bucket })], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const exited = once(child, 'exit')
  await moment()
  child.kill('SIGKILL')
  const [code, signal] = await exited
  expect([code, signal]).toEqual([null, 'SIGKILL'])
}

describe('after a kill', () => {
  it.each([
    ['in its objects', 'PutObject', 8],
    ['in an upload', 'UploadPart', 3],
    ['in its clean-up', 'DeleteObject', 4],
  ] as const)('%s, the next probe takes out what is left', async (_, operation, nth) => {
    const { server, client } = await ground()
    await killedProbe(server.clientConfig, 'data', () => {
      return new Promise<void>((resolve) => {
        // this one request never ends, so that nothing is done after it
        server.setFaults([{ match: { operation, nth, times: 'always' }, action: { kind: 'hook', when: 'before-forward', run: () => never(resolve) } }])
      })
    })
    server.setFaults([])
    const left = await bucketRest(client, 'data')
    expect(left.entries.length + left.uploads.length).toBeGreaterThan(FOREIGN.length + 1)
    // too young to be nobody's: it may be at work
    await probeProvider(client, 'data', { profile: PROFILE, multipart: false })
    expect(await bucketRest(client, 'data')).toEqual(left)
    const probed = await probeProvider(client, 'data', { profile: PROFILE, multipart: false, staleAfterMs: 0 })
    expect(probed.leftovers).toEqual([])
    await expectOnlyForeign(client)
  })

  it('only what bears a probe’s name is taken out', async () => {
    const { server, client } = await ground()
    const near = [
      '.sealift-probe/1700000000000-0123456789abcdef',
      '.sealift-probe/1700000000000-0123456789abcdeg/x',
      '.sealift-probe/170000000000-0123456789abcdef/x',
      '.sealift-probe/x',
      '.sealift-probes/1700000000000-0123456789abcdef/x',
      'a/.sealift-probe/1700000000000-0123456789abcdef/x',
    ]
    for (const key of near) server.put('data', key, 'stays')
    server.put('data', '.sealift-probe/1700000000000-0123456789abcdef/x', 'goes')
    await client.createMultipartUpload({ Bucket: 'data', Key: '.sealift-probe/1700000000000-0123456789abcdef/y' })
    await probeProvider(client, 'data', { profile: PROFILE, multipart: false })
    const { entries, uploads } = await bucketRest(client, 'data')
    expect(entries).toEqual([...FOREIGN, ...near].sort())
    expect(uploads).toEqual(['photos/2.jpg'])
  })
})

describeWithServer(['rgw-source', 'swift-source'], 'real Ceph RGW and Swift', (servers) => {
  it.each(['rgw-source', 'swift-source'] as const)('%s: a killed probe’s leftovers are taken out by the next one', async (name) => {
    const { endpoint, region, credentials } = servers[name]
    const config = { endpoint, region, credentials, forcePathStyle: true }
    const client = new S3(config)
    open.push(() => client.destroy())
    const bucket = `probe-kill-${Date.now().toString(36)}`
    await client.createBucket({ Bucket: bucket })
    await client.putObject({ Bucket: bucket, Key: 'not-ours', Body: 'stays' })
    const somethingThere = async (): Promise<void> => {
      for (let tries = 0; tries < 600; tries++) {
        const { entries } = await bucketRest(client, bucket)
        if (entries.length > 4) return
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      throw new Error('the probe wrote nothing')
    }
    await killedProbe(config, bucket, somethingThere)
    expect((await bucketRest(client, bucket)).entries.length).toBeGreaterThan(1)
    const probed = await probeProvider(client, bucket, { staleAfterMs: 0 })
    expect(probed.leftovers).toEqual([])
    expect(await bucketRest(client, bucket)).toEqual({ entries: ['not-ours'], uploads: [] })
    const controller = new AbortController()
    const reason = new Error('enough')
    setTimeout(() => controller.abort(reason), 150)
    await expect(probeProvider(client, bucket, { signal: controller.signal })).rejects.toBe(reason)
    expect(await bucketRest(client, bucket)).toEqual({ entries: ['not-ours'], uploads: [] })
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'not-ours' }))
    await client.deleteBucket({ Bucket: bucket })
  })
})
