import { CreateBucketCommand, DeleteBucketCommand, DeleteObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { migrateObject, type ProviderProfile, VERDICTS } from '@sealift/core'
import { profileById } from '@sealift/provider-detect'
import { PERSONALITIES } from '@sealift/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { matrixStores } from '../evidence-matrix/evidence-table.ts'
import type { ObjectKind } from '../evidence-matrix/object-kinds.ts'
import { predict } from '../evidence-matrix/oracle.ts'
import { isHeld, type StoreFacts } from '../evidence-matrix/store-facts.ts'
import { plainClient } from '../fault-matrix/plain-requests.ts'
import { differences } from '../real-clients/compare-copy.ts'
import type { Expectation, TableRow } from '../real-clients/expectation-table.ts'
import { findClients } from '../real-clients/find-clients.ts'
import { makeTable } from '../real-clients/make-table.ts'
import { seenObject } from '../real-clients/seen-object.ts'
import { describeWithServer, type RealServer } from '../servers/real-servers.ts'

// RGW to RGW and RGW to Swift, with many more objects, are in real-clients.integration.test.ts.

/** By every client, small and in parts, the last one in parts that no ranking holds. */
const OBJECTS = [
  ', 1 bytes',
  'one part of 3 bytes',
  'boto3, parts of 5 MiB: two parts',
  'rclone, parts of 5 MiB',
  's3cmd, parts of 5 MiB',
  'aws-cli, parts of 15 MiB',
  'parts of 6,000,000 bytes',
  'parts of 5 MiB and a byte',
]
/** moto answers rclone's uploads with 400 (s3cmd was not tried): what it is given comes from boto3 and aws-cli. */
const OBJECTS_AT_MOTO = [
  'boto3, 1 bytes',
  'aws-cli, 1 bytes',
  'one part of 3 bytes',
  'boto3, parts of 5 MiB: two parts',
  'aws-cli, parts of 15 MiB',
  'parts of 6,000,000 bytes',
  'parts of 5 MiB and a byte',
]
const OBJECT_COUNT = 13
const OBJECT_COUNT_AT_MOTO = 9
const RUN = `${process.pid.toString(36)}${Date.now().toString(36)}`
const SOURCE_BUCKET = `directions-src-${RUN}`
const DESTINATION_BUCKET = `directions-dst-${RUN}`

const FACTS_ID: Readonly<Record<string, string>> = { rgw: 'rgw', swift: 'swift-s3api', moto: 'moto' }

interface End {
  readonly facts: StoreFacts
  readonly profile: ProviderProfile
  readonly server: RealServer
}

function endOf(server: RealServer): End {
  const id = FACTS_ID[server.name.split('-')[0] ?? '']
  const facts = matrixStores(PERSONALITIES).find((item) => item.id === id)
  const profile = facts === undefined ? undefined : profileById(facts.profileId)
  if (facts === undefined || profile === undefined) throw new Error(`the evidence matrix knows no ${server.name}`)
  return { facts, profile, server }
}

/** The kind of the matrix that a row is. */
function kindOf(row: TableRow, source: StoreFacts): ObjectKind {
  if (row.partSizes === null || row.partSizes.length === 1) return 'small'
  // found by size and ETag, by the table's own rules
  if (row.expected.rgw.sourceMethod === 'etag-multipart') return 'multipart-derivable'
  return isHeld(source.source['multipart-told']) ? 'multipart-told' : 'multipart-underivable'
}

/** What the table expects of a copy within Ceph or to Swift, with the assurance that the matrix predicts, and what a source that tells its part sizes adds. */
function expectationOf(row: TableRow, from: End, to: End): Expectation {
  const base = to.facts.id === 'swift-s3api' ? row.expected.swift : row.expected.rgw
  const kind = kindOf(row, from.facts)
  const { assurance } = predict({ source: from.facts, destination: to.facts, kind, fault: 'none' })
  if (kind !== 'multipart-told') return { ...base, assurance }
  return { ...base, assurance, sourceMethod: 'etag-multipart', destinationMethod: 'etag-multipart', route: 'multipart', etagEqual: true, attemptsAtMost: 1 }
}

const { missing } = await findClients()

function directions(source: RealServer, destinations: readonly RealServer[]): void {
  describe(`objects made by real clients, from ${source.name}`, () => {
    const from = endOf(source)
    const client = plainClient(source)
    let rows: readonly TableRow[] = []

    beforeAll(async () => {
      rows = (await makeTable(source, SOURCE_BUCKET, (from.facts.id === 'moto' ? OBJECTS_AT_MOTO : OBJECTS).join('|'))).objects
    }, 240_000)

    afterAll(async () => {
      await dropBucket(client, SOURCE_BUCKET, rows)
      client.destroy()
    }, 60_000)

    it.each(destinations)('to $name: verified, with the assurance that the evidence matrix predicts', async (destination) => {
      const to = endOf(destination)
      const target = plainClient(destination)
      await target.send(new CreateBucketCommand({ Bucket: DESTINATION_BUCKET }))
      const found: string[] = []
      try {
        for (const row of rows) {
          // 2 GiB of MD5 a copy, all of it for the source's leg: to one destination of each source
          if (kindOf(row, from.facts) === 'multipart-underivable' && destination !== destinations[0]) continue
          const result = await migrateObject({
            source: { client, bucket: SOURCE_BUCKET, key: row.key, profile: from.profile },
            destination: { client: target, bucket: DESTINATION_BUCKET, profile: to.profile },
            accept: VERDICTS,
            settleMs: 2_000,
            timeoutMs: 60_000,
          })
          const seen = await seenObject(target, DESTINATION_BUCKET, row.key, to.profile)
          found.push(...differences(row, expectationOf(row, from, to), result, seen).map((text) => `${row.name}: ${text}`))
        }
      } finally {
        await dropBucket(target, DESTINATION_BUCKET, rows)
        target.destroy()
      }
      expect(rows).toHaveLength(from.facts.id === 'moto' ? OBJECT_COUNT_AT_MOTO : OBJECT_COUNT)
      expect(found).toEqual([])
    })
  })
}

async function dropBucket(client: S3Client, bucket: string, rows: readonly TableRow[]): Promise<void> {
  for (const { key } of rows) await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })).catch(() => {})
  await client.send(new DeleteBucketCommand({ Bucket: bucket })).catch(() => {})
}

function needsClients(): boolean {
  if (missing.length === 0) return false
  it(`needs ${missing.join(', ')}`, (context) => {
    if (process.env.REQUIRE_REAL_SERVERS === '1') throw new Error(`${missing.join(', ')} not installed, and REQUIRE_REAL_SERVERS=1`)
    context.skip(`not installed: ${missing.join(', ')}`)
  })
  return true
}

describeWithServer(['rgw-destination', 'swift-source', 'swift-destination'], 'from Swift to RGW and to Swift', (servers) => {
  if (!needsClients()) directions(servers['swift-source'], [servers['rgw-destination'], servers['swift-destination']])
})

describeWithServer(
  ['rgw-source', 'rgw-destination', 'swift-source', 'swift-destination', 'moto-source', 'moto-destination'],
  'from and to moto, where present',
  (servers) => {
    if (needsClients()) return
    directions(servers['moto-source'], [servers['rgw-destination'], servers['swift-destination'], servers['moto-destination']])
    directions(servers['rgw-source'], [servers['moto-destination']])
    directions(servers['swift-source'], [servers['moto-destination']])
  },
)
