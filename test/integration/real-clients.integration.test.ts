import { CreateBucketCommand, DeleteBucketCommand, DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { migrateObject, type ObjectResult, type ProviderProfile, VERDICTS } from '@sealift/core'
import { cephProfile, swiftProfile } from '@sealift/provider-detect'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engineEndpoint, overTls, trustCertificatesOf } from '../fault-matrix/secure-matrix.ts'
import { transportFor } from '../fault-matrix/transport-choice.ts'
import { differences, type SeenObject } from '../real-clients/compare-copy.ts'
import type { Expectation, ExpectationTable, TableRow } from '../real-clients/expectation-table.ts'
import { findClients } from '../real-clients/find-clients.ts'
import { makeTable } from '../real-clients/make-table.ts'
import { OBJECT_PLAN } from '../real-clients/object-plan.ts'
import { seenObject } from '../real-clients/seen-object.ts'
import { describeWithServer, type RealServer } from '../servers/real-servers.ts'

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
    table = await makeTable(servers['rgw-source'], SOURCE_BUCKET)
  }, 240_000)

  afterAll(async () => {
    await removeBucket(source, SOURCE_BUCKET)
    source.destroy()
  }, 120_000)

  const matrix = (
    title: string,
    to: 'rgw' | 'swift',
    profile: ProviderProfile,
    expectation: (row: TableRow) => Expectation | null,
    memoryBytes?: number,
  ): void => {
    const server = servers[`${to}-destination`]
    const plan = OBJECT_PLAN.filter(({ onlyTo }) => onlyTo === null || onlyTo === to)
    const isCopied = (row: TableRow): boolean => expectation(row) !== null && row.sizeBytes > (memoryBytes ?? -1) && plan.some(({ name }) => name === row.name)
    describe(title, () => {
      const destination = clientOf(server)
      const copies = new Map<string, Copy>()

      beforeAll(async () => {
        await destination.send(new CreateBucketCommand({ Bucket: DESTINATION_BUCKET }))
        const rows = table.objects.filter(isCopied)
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
        const expected = table.objects.filter(isCopied)
        expect(expected.length).toBeGreaterThanOrEqual(memoryBytes === undefined ? plan.length : 10)
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
        it.each(plan.map(({ name }) => name))('%s', (name) => {
          expect(judge(name)).toEqual([])
        })
      } else {
        it('every one is proved, with the ETag equality that the ranking gives', () => {
          expect([...copies.keys()].flatMap((name) => judge(name).map((difference) => `${name}: ${difference}`))).toEqual([])
        })
      }
    })
  }

  matrix('RGW to RGW', 'rgw', rgwProfile, (row) => row.expected.rgw)
  matrix('RGW to Swift', 'swift', swiftProfile, (row) => row.expected.swift)
  matrix('RGW to RGW with little memory', 'rgw', rgwProfile, (row) => row.expected.littleMemory, LITTLE_MEMORY_BYTES)
})

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
    return { result, seen: await seenObject(destination, DESTINATION_BUCKET, row.key, profile) }
  } catch (failure) {
    return { failure }
  } finally {
    // the servers hold everything in memory
    await destination.send(new DeleteObjectCommand({ Bucket: DESTINATION_BUCKET, Key: row.key })).catch(() => {})
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
