import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { type MigrateObjectOptions, migrateObject, type ObjectResult } from '@sealift/core'
import { cephProfile } from '@sealift/provider-detect'
import { type FaultAction, type HttpFaultProxy, startHttpFaultProxy } from '@sealift/testing'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { describeWithServer } from '../servers/real-servers.ts'

const RACE = 'an object written between HEAD and this write'

// Measured: Ceph RGW 16.2.15 takes If-None-Match with a PUT into a bucket with versioning, and writes a new version all the same.
describeWithServer(['rgw-source', 'rgw-destination'], "overwrite: 'never' in buckets of real Ceph RGW", (servers) => {
  const bucket = `never-${process.pid.toString(36)}${Date.now().toString(36)}`
  const clientOf = (endpoint: string): S3Client => {
    const { region, credentials } = servers['rgw-source']
    return new S3Client({ endpoint, region, credentials, forcePathStyle: true })
  }
  const plainSource = clientOf(servers['rgw-source'].endpoint)
  const plain = new S3Client({ ...servers['rgw-destination'], forcePathStyle: true })
  let proxies: HttpFaultProxy[] = []
  let clients: S3Client[] = []

  beforeEach(async () => {
    proxies = [
      await startHttpFaultProxy({ target: servers['rgw-source'].endpoint }),
      await startHttpFaultProxy({ target: servers['rgw-destination'].endpoint }),
    ]
    clients = proxies.map(({ endpoint }, at) => {
      const { region, credentials } = servers[at === 0 ? 'rgw-source' : 'rgw-destination']
      return new S3Client({ endpoint, region, credentials, forcePathStyle: true })
    })
    for (const client of [plainSource, plain]) await client.send(new CreateBucketCommand({ Bucket: bucket }))
    await plainSource.send(new PutObjectCommand({ Bucket: bucket, Key: 'key', Body: Buffer.alloc(20_000, 'ours') }))
  })

  afterEach(async () => {
    for (const client of clients) client.destroy()
    for (const proxy of proxies) await proxy.close()
    for (const client of [plainSource, plain]) {
      const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: bucket }))
      for (const { Key, VersionId } of Versions) await client.send(new DeleteObjectCommand({ Bucket: bucket, Key, VersionId }))
      await client.send(new DeleteBucketCommand({ Bucket: bucket }))
    }
  })

  async function copy(versioning: 'Enabled' | null, at: 'while the source is read' | 'before the PUT is carried out' | null): Promise<ObjectResult> {
    if (versioning !== null) await plain.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: versioning } }))
    const [source, destination] = proxies
    const run = async (): Promise<void> => {
      await plain.send(new PutObjectCommand({ Bucket: bucket, Key: 'key', Body: 'theirs' }))
    }
    const intrude = (when: 'before-forward' | 'before-reply'): FaultAction => ({ kind: 'hook', when, run })
    if (at === 'while the source is read') source?.setFaults([{ match: { operation: 'GetObject', nth: 1 }, action: intrude('before-reply') }])
    if (at === 'before the PUT is carried out') destination?.setFaults([{ match: { operation: 'PutObject', nth: 1 }, action: intrude('before-forward') }])
    const [from, to] = clients
    return migrateObject({
      source: { client: from as S3Client, bucket, key: 'key', profile: cephProfile },
      destination: { client: to as S3Client, bucket, profile: cephProfile },
      overwrite: 'never',
    } satisfies MigrateObjectOptions)
  }

  /** Sizes, the newest first. */
  async function versions(): Promise<(number | undefined)[]> {
    const { Versions = [] } = await plain.send(new ListObjectVersionsCommand({ Bucket: bucket }))
    return Versions.map(({ Size }) => Size)
  }

  function races({ evidence }: ObjectResult): number {
    return evidence.filter(({ reason }) => reason?.includes(RACE) === true).length
  }

  it.each(['Enabled', null] as const)('versioning %s: what somebody writes while the source is read is kept', async (versioning) => {
    expect(await copy(versioning, 'while the source is read')).toMatchObject({ verdict: 'skipped', error: { code: 'ERR_DESTINATION_EXISTS' } })
    expect(await versions()).toEqual([6])
  })

  it('without versioning the condition guards up to the PUT itself', async () => {
    expect(await copy(null, 'before the PUT is carried out')).toMatchObject({ verdict: 'skipped', error: { code: 'ERR_DESTINATION_EXISTS' } })
    expect(await versions()).toEqual([6])
  })

  it('with versioning it does not: the race is in the record, and theirs stays as a version', async () => {
    const result = await copy('Enabled', 'before the PUT is carried out')
    expect([result.verdict, races(result)]).toEqual(['verified', 1])
    expect(await versions()).toEqual([20_000, 6])
  })

  it.each([
    ['Enabled', 1],
    [null, 0],
  ] as const)('versioning %s, a free key: written, with %i races in the record', async (versioning, expected) => {
    const result = await copy(versioning, null)
    expect([result.verdict, races(result)]).toEqual(['verified', expected])
    expect(await versions()).toEqual([20_000])
  })
})
