import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { CreateBucketCommand, DeleteBucketCommand, DeleteObjectCommand, GetObjectCommand, GetObjectTaggingCommand, S3Client } from '@aws-sdk/client-s3'
import { migrateObject, type ObjectResult, type ProviderProfile, VERDICTS } from '@sealift/core'
import { cephProfile, swiftProfile } from '@sealift/provider-detect'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engineEndpoint, overTls, trustCertificatesOf } from '../fault-matrix/secure-matrix.ts'
import { transportFor } from '../fault-matrix/transport-choice.ts'
import { differences, type SeenObject } from '../real-clients/compare-copy.ts'
import type { Expectation, ExpectationTable, TableRow } from '../real-clients/expectation-table.ts'
import { findClients } from '../real-clients/find-clients.ts'
import { OBJECT_PLAN } from '../real-clients/object-plan.ts'
import { describeWithServer, type RealServer } from '../servers/real-servers.ts'

const SCRIPT = fileURLToPath(new URL('../real-clients/make-objects.mjs', import.meta.url))
const CONCURRENCY = 3
const LITTLE_MEMORY_BYTES = 9 * 1024 * 1024
const RUN = `${process.pid.toString(36)}${Date.now().toString(36)}`
const SOURCE_BUCKET = `real-clients-src-${RUN}`
const DESTINATION_BUCKET = `real-clients-dst-${RUN}`

/** The test set-up of RGW has a second storage class (test/servers/radosgw.sh). */
const rgwProfile: ProviderProfile = { ...cephProfile, metadata: { ...cephProfile.metadata, storageClasses: ['STANDARD', 'STANDARD_IA'] } }

/** How one copy went: its result and what lies at the destination, or why there is none. */
type Copy = { readonly result: ObjectResult; readonly seen: SeenObject } | { readonly failure: unknown }

const { missing } = await findClients()

describeWithServer(['rgw-source', 'rgw-destination', 'swift-destination'], 'objects made by real clients', (servers) => {
  if (missing.length > 0) {
    it(`needs ${missing.join(', ')}`, (context) => {
      if (process.env.REQUIRE_REAL_SERVERS === '1') throw new Error(`${missing.join(', ')} not installed, and REQUIRE_REAL_SERVERS=1`)
      context.skip(`not installed: ${missing.join(', ')}`)
    })
    return
  }
  trustCertificatesOf(Object.values(servers))
  const source = clientOf(servers['rgw-source'])
  let table: ExpectationTable

  beforeAll(async () => {
    table = await makeObjects(servers['rgw-source'])
  }, 240_000)

  afterAll(async () => {
    await removeBucket(source, SOURCE_BUCKET)
    source.destroy()
  }, 120_000)

  const matrix = (
    title: string,
    server: RealServer,
    profile: ProviderProfile,
    expectation: (row: TableRow) => Expectation | null,
    memoryBytes?: number,
  ): void => {
    describe(title, () => {
      const destination = clientOf(server)
      const copies = new Map<string, Copy>()

      beforeAll(async () => {
        await destination.send(new CreateBucketCommand({ Bucket: DESTINATION_BUCKET }))
        const rows = table.objects.filter((row) => expectation(row) !== null && row.sizeBytes > (memoryBytes ?? -1))
        const startedAt = performance.now()
        await inTurn(rows, async (row) => {
          copies.set(row.name, await copy(source, destination, profile, row, memoryBytes))
        })
        console.log(totals(title, [...copies.values()], performance.now() - startedAt))
      }, 240_000)

      afterAll(async () => {
        await removeBucket(destination, DESTINATION_BUCKET)
        destination.destroy()
      }, 120_000)

      it('copies what the table says', () => {
        const expected = table.objects.filter((row) => expectation(row) !== null && row.sizeBytes > (memoryBytes ?? -1))
        expect(expected.length).toBeGreaterThanOrEqual(memoryBytes === undefined ? OBJECT_PLAN.length : 10)
        expect([...copies.keys()].sort()).toEqual(expected.map((row) => row.name).sort())
      })

      const judge = (name: string): string[] => {
        const row = table.objects.find((candidate) => candidate.name === name)
        const outcome = copies.get(name)
        const expected = row === undefined ? null : expectation(row)
        if (row === undefined || outcome === undefined || expected === null) return ['not copied']
        return 'failure' in outcome ? [String(outcome.failure)] : differences(row, expected, outcome.result, outcome.seen)
      }
      if (memoryBytes === undefined) {
        it.each(OBJECT_PLAN.map(({ name }) => name))('%s', (name) => {
          expect(judge(name)).toEqual([])
        })
      } else {
        it('every one is proved, with the ETag equality that the ranking gives', () => {
          expect([...copies.keys()].flatMap((name) => judge(name).map((difference) => `${name}: ${difference}`))).toEqual([])
        })
      }
    })
  }

  matrix('RGW to RGW', servers['rgw-destination'], rgwProfile, (row) => row.expected.rgw)
  matrix('RGW to Swift', servers['swift-destination'], swiftProfile, (row) => row.expected.swift)
  matrix('RGW to RGW with little memory', servers['rgw-destination'], rgwProfile, (row) => row.expected.littleMemory, LITTLE_MEMORY_BYTES)
})

async function makeObjects(server: RealServer): Promise<ExpectationTable> {
  const folder = await mkdtemp(join(tmpdir(), 'real-clients-table-'))
  try {
    const out = join(folder, 'table.json')
    const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, '--bucket', SOURCE_BUCKET, '--out', out], {
      env: {
        ...process.env,
        S3_SRC_ENDPOINT: server.endpoint,
        S3_SRC_REGION: server.region,
        S3_SRC_ACCESS_KEY_ID: server.credentials.accessKeyId,
        S3_SRC_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
      },
      timeout: 220_000,
    })
    console.log(stdout.trim())
    return JSON.parse(await readFile(out, 'utf8')) as ExpectationTable
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function copy(source: S3Client, destination: S3Client, profile: ProviderProfile, row: TableRow, memoryBytes: number | undefined): Promise<Copy> {
  try {
    const result = await migrateObject({
      source: { client: source, bucket: SOURCE_BUCKET, key: row.key, profile: rgwProfile },
      destination: { client: destination, bucket: DESTINATION_BUCKET, profile },
      settleMs: 2_000,
      transport: transportFor(profile.id === 'swift' ? 'sdk' : 'auto'),
      timeoutMs: 60_000,
      accept: VERDICTS,
      ...(memoryBytes === undefined ? {} : { memoryBytes }),
    })
    return { result, seen: await look(destination, row.key, profile) }
  } catch (failure) {
    return { failure }
  } finally {
    // the servers hold everything in memory
    await destination.send(new DeleteObjectCommand({ Bucket: DESTINATION_BUCKET, Key: row.key })).catch(() => {})
  }
}

/** The object as a plain SDK client gets it. */
async function look(client: S3Client, key: string, profile: ProviderProfile): Promise<SeenObject> {
  const where = { Bucket: DESTINATION_BUCKET, Key: key }
  const reply = await client.send(new GetObjectCommand(where))
  const hash = createHash('sha256')
  let sizeBytes = 0
  for await (const chunk of reply.Body as AsyncIterable<Uint8Array>) {
    hash.update(chunk)
    sizeBytes += chunk.byteLength
  }
  const tagging = profile.metadata.tags === 'yes' ? await client.send(new GetObjectTaggingCommand(where)) : undefined
  return {
    etag: reply.ETag?.replaceAll('"', '') ?? null,
    sizeBytes,
    sha256: hash.digest('hex'),
    headers: {
      contentType: reply.ContentType,
      cacheControl: reply.CacheControl,
      contentDisposition: reply.ContentDisposition,
      contentEncoding: reply.ContentEncoding,
      contentLanguage: reply.ContentLanguage,
      expires: reply.ExpiresString,
    },
    metadata: reply.Metadata ?? {},
    tags: (tagging?.TagSet ?? []).map((tag) => ({ key: tag.Key ?? '', value: tag.Value ?? '' })),
    storageClass: reply.StorageClass ?? 'STANDARD',
    websiteRedirect: reply.WebsiteRedirectLocation ?? null,
  }
}

function clientOf(server: RealServer): S3Client {
  return new S3Client({
    // Swift has no TLS
    endpoint: overTls && server.name.startsWith('rgw') ? engineEndpoint(server) : server.endpoint,
    region: server.region,
    credentials: server.credentials,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
}

/** Deletes the keys of the plan one by one (Swift cannot list control characters), then the bucket. */
async function removeBucket(client: S3Client, bucket: string): Promise<void> {
  await inTurn(OBJECT_PLAN, async ({ key }) => {
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })).catch(() => {})
  })
  await client.send(new DeleteBucketCommand({ Bucket: bucket })).catch(() => {})
}

function totals(title: string, copies: readonly Copy[], durationMs: number): string {
  const results = copies.flatMap((outcome) => ('result' in outcome ? [outcome] : []))
  const count = (predicate: (outcome: (typeof results)[number]) => boolean): number => results.filter(predicate).length
  return [
    `${title}: ${copies.length} objects, ${count(({ result }) => result.verdict === 'verified')} verified`,
    `${count(({ result }) => result.assurance === 'end-to-end')} end-to-end, ${count(({ result }) => result.assurance === 'destination-only')} destination-only`,
    `${count(({ result, seen }) => result.source.etag === seen.etag)} with equal ETags`,
    `${copies.length - results.length} without a result, ${Math.round(durationMs)} ms`,
  ].join(', ')
}

async function inTurn<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  let next = 0
  const lane = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item)
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, lane))
}
