import { CreateBucketCommand, DeleteBucketCommand, DeleteObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { type MigrateObjectOptions, migrateObject } from '@sealift/core'
import { cephProfile } from '@sealift/provider-detect'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithServer } from '../servers/real-servers.ts'
import { RgwAccessLog, type RgwRequest } from '../servers/rgw-access-log.ts'

const MIB = 1024 * 1024
const MARK = 'mark-of-the-log'

interface Case {
  readonly what: string
  readonly sizeBytes: number
  readonly partSizeBytes?: number
  readonly options?: Pick<MigrateObjectOptions, 'verify'>
  /** method and what follows the key */
  readonly source: readonly string[]
  readonly destination: readonly string[]
}

// by hand: one GET and one PUT where the replies carry the evidence; N parts take N + 4 (design 6, facts "Requests")
const CASES: readonly Case[] = [
  { what: 'an empty object', sizeBytes: 0, source: ['GET'], destination: ['PUT'] },
  { what: '1 KB', sizeBytes: 1_000, source: ['GET'], destination: ['PUT'] },
  { what: '100 KB', sizeBytes: 100_000, source: ['GET'], destination: ['PUT'] },
  { what: '1 KB, read back', sizeBytes: 1_000, options: { verify: { readBack: 'always' } }, source: ['GET'], destination: ['PUT', 'GET'] },
  {
    what: '12 MiB in 3 parts',
    sizeBytes: 12 * MIB,
    partSizeBytes: 5 * MIB,
    source: ['GET'],
    destination: ['POST ?uploads', 'PUT ?partNumber=1', 'PUT ?partNumber=2', 'PUT ?partNumber=3', 'POST ?uploadId', 'HEAD'],
  },
]

describeWithServer(['rgw-source', 'rgw-destination'], "requests that an object takes, counted in real Ceph's own log", (servers) => {
  const bucket = `counts-${process.pid.toString(36)}${Date.now().toString(36)}`
  const client = (name: 'rgw-source' | 'rgw-destination'): S3Client => {
    const { endpoint, region, credentials } = servers[name]
    return new S3Client({ endpoint, region, credentials, forcePathStyle: true })
  }
  const source = client('rgw-source')
  const destination = client('rgw-destination')
  const both = [source, destination]
  const keyOf = (at: number): string => `object-${at}`

  beforeAll(async () => {
    for (const end of both) await end.send(new CreateBucketCommand({ Bucket: bucket }))
    for (const [at, { sizeBytes, partSizeBytes }] of CASES.entries()) {
      const params = { Bucket: bucket, Key: keyOf(at), Body: Buffer.alloc(sizeBytes, `object ${at} `) }
      if (partSizeBytes === undefined) await source.send(new PutObjectCommand(params))
      else await new Upload({ client: source, partSize: partSizeBytes, params }).done()
    }
  })
  afterAll(async () => {
    for (const end of both) {
      for (const at of CASES.keys()) await end.send(new DeleteObjectCommand({ Bucket: bucket, Key: keyOf(at) }))
      await end.send(new DeleteBucketCommand({ Bucket: bucket }))
      end.destroy()
    }
  })

  for (const transport of ['direct', 'sdk'] as const) {
    it.for(CASES.map((entry, at) => ({ ...entry, at })))(`${transport}: $what`, async ({ at, options, ...expected }) => {
      const logs = await Promise.all((['rgw-source', 'rgw-destination'] as const).map((name) => RgwAccessLog.from(servers[name].accessLog ?? '')))
      const result = await migrateObject({
        source: { client: source, bucket, key: keyOf(at), profile: cephProfile },
        destination: { client: destination, bucket, profile: cephProfile },
        transport,
        ...options,
      })
      expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end' })
      const seen = await Promise.all(logs.map((log, end) => log.requestsFor(bucket, MARK, () => mark(both[end]))))
      expect(seen.map((requests) => requests.map((request) => shape(request, keyOf(at))).toSorted())).toEqual([
        expected.source.toSorted(),
        expected.destination.toSorted(),
      ])
      expect(result.requests).toBe(expected.source.length + expected.destination.length)
    })
  }

  async function mark(end: S3Client | undefined): Promise<void> {
    await end?.send(new HeadObjectCommand({ Bucket: bucket, Key: MARK })).catch((error: unknown) => {
      if ((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode !== 404) throw error
    })
  }

  /** Without what differs from run to run: `PUT ?partNumber=2`, `POST ?uploadId`. */
  function shape({ method, target, status }: RgwRequest, key: string): string {
    expect(status).toBeLessThan(300)
    const [path, query] = target.split('?')
    expect(path).toBe(`/${bucket}/${key}`)
    const kept = new URLSearchParams(query)
    const named = kept.has('partNumber') ? `?partNumber=${kept.get('partNumber')}` : kept.has('uploadId') ? '?uploadId' : kept.has('uploads') ? '?uploads' : ''
    return named === '' ? method : `${method} ${named}`
  }
})
