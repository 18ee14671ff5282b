import { PutObjectCommand } from '@aws-sdk/client-s3'
import { migrateObject, type ProviderProfile } from '@sealift/core'
import type { S3TestServer } from '@sealift/testing'
import { describe, expect, it } from 'vitest'
import { type CopyGround, openGround, patternBytes, profileOf } from '../copy-ground.ts'
import { cut, uploadParts } from '../engine/upload-parts.ts'

const NAMES = ['aws', 'minio', 'ceph', 'swift', 'r2'] as const
type Name = (typeof NAMES)[number]

const SMALL = patternBytes(1000, 1)
const MIN_PART_BYTES = 64 * 1024
// nearly equal, so that the true part size is among the first that a search of (size, ETag) comes to
const PARTS = [MIN_PART_BYTES, MIN_PART_BYTES, 62_000]
const LARGE = patternBytes(2 * MIN_PART_BYTES + 62_000, 2)

/**
 * Requests of one object, rows by source, columns by destination, in the order of NAMES. What carries tags, and what looks at metadata, is counted apart:
 * an object with tags costs one GetObjectTagging more where both ends have tags.
 */
const TABLES = {
  small: `
    aws    2 2 2 2 2
    minio  2 2 2 2 2
    ceph   2 2 2 2 2
    swift  2 2 2 2 2
    r2     2 2 2 2 2`,
  empty: `
    aws    2 2 2 2 2
    minio  2 2 2 2 2
    ceph   2 2 2 2 2
    swift  2 2 2 2 2
    r2     2 2 2 2 2`,
  metadata: `
    aws    2 2 2 2 2
    minio  2 2 2 2 2
    ceph   2 2 2 2 2
    swift  2 2 2 2 2
    r2     2 2 2 2 2`,
  // 3 parts: GetObject, Create, 3 UploadPart, Complete, HeadObject, and GetObjectAttributes where it is safe to ask
  parts: `
    aws    8 8 8 8 8
    minio  8 8 8 8 8
    ceph   7 7 7 7 7
    swift  7 7 7 7 7
    r2     7 7 7 7 7`,
} as const

/** Beside those: GetObjectTagging of an object with tags. */
const FOR_TAGS = `
    aws    1 1 1 0 0
    minio  1 1 1 0 0
    ceph   1 1 1 0 0
    swift  - - - - -
    r2     - - - - -`

const SMALL_OPERATIONS = { source: { GetObject: 1 }, destination: { PutObject: 1 } }

type Kind = keyof typeof TABLES

function cell(table: string, from: Name, to: Name): string {
  const row = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([name]) => name === from)
  return row?.[1 + NAMES.indexOf(to)] ?? 'missing'
}

/** The most that an object may take by what the two profiles claim; the evidence plan, written down once more. */
function planned(source: ProviderProfile, destination: ProviderProfile, parts: number): number {
  const layout = parts < 2 ? 0 : Number(source.reads.objectAttributes === 'yes') + Number(source.reads.partNumber === 'yes')
  const proves = destination.checksums.contentMd5 === 'yes' || (destination.etag.single === 'yes' && destination.etag.multipart === 'yes')
  const write = parts < 2 ? 1 : parts + 3
  return 1 + layout + write + (proves ? 0 : parts < 2 ? 2 : 1)
}

async function objects(ground: CopyGround, from: Name): Promise<void> {
  const client = ground.sourceClient
  const put = (Key: string, more: object = {}) => client.send(new PutObjectCommand({ Bucket: 'from', Key, Body: SMALL, ...more }))
  await put('small')
  await put('empty', { Body: Buffer.alloc(0) })
  await put('metadata', { Metadata: { colour: 'blue' }, CacheControl: 'no-cache' })
  await uploadParts(client, { bucket: 'from', key: 'parts' }, cut(LARGE, PARTS))
  if (profileOf(from).metadata.tags === 'yes') await put('tags', { Tagging: 'a=b' })
}

/** Copies, and counts by the servers' logs. */
async function counted(ground: CopyGround, key: string): Promise<{ readonly requests: number; readonly of: (server: S3TestServer) => Record<string, number> }> {
  ground.source.clearRequests()
  ground.destination.clearRequests()
  const result = await migrateObject(ground.options(key))
  expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end' })
  const requests = ground.source.requests.length + ground.destination.requests.length
  expect(result.requests).toBe(requests)
  return { requests, of: (server) => ({ ...server.requestCounts }) }
}

describe.each(NAMES)('from %s', (from) => {
  it.each(NAMES)('to %s: as many requests as the table says, and no more than the plan', { timeout: 60_000 }, async (to) => {
    const ground = await openGround({ source: from, destination: to, minPartBytes: MIN_PART_BYTES })
    await objects(ground, from)
    for (const kind of Object.keys(TABLES) as Kind[]) {
      const { requests, of } = await counted(ground, kind)
      expect([kind, String(requests)]).toEqual([kind, cell(TABLES[kind], from, to)])
      expect(requests).toBeLessThanOrEqual(planned(profileOf(from), profileOf(to), kind === 'parts' ? 3 : 1))
      if (kind !== 'parts') expect({ source: of(ground.source), destination: of(ground.destination) }).toEqual(SMALL_OPERATIONS)
    }
    const forTags = cell(FOR_TAGS, from, to)
    expect(forTags === '-').toBe(profileOf(from).metadata.tags !== 'yes')
    if (forTags !== '-') expect((await counted(ground, 'tags')).requests - Number(cell(TABLES.small, from, to))).toBe(Number(forTags))
  })
})

it('a destination that vouches for nothing takes a HEAD and a read-back more, and detection is none of it', async () => {
  const ground = await openGround({ source: 'ceph', destination: 'aws', minPartBytes: MIN_PART_BYTES })
  await objects(ground, 'ceph')
  ground.source.clearRequests()
  const options = ground.options('small')
  const { generic } = (await import('@sealift/provider-detect')).profiles
  if (generic === undefined) throw new Error('no generic profile')
  const result = await migrateObject({ ...options, destination: { ...options.destination, profile: generic } })
  expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', requests: planned(profileOf('ceph'), generic, 1) })
  expect(ground.destination.requestCounts).toEqual({ PutObject: 1, HeadObject: 1, GetObject: 1 })
})

const PROVIDERS = ['aws', 'minio', 'ceph', 'swift', 'r2', 'b2', 'wasabi', 'gcs', 'spaces', 'oss', 'storj', 'garage', 'seaweedfs', 'express', 'generic'] as const

/**
 * Requests of a small object between any two, rows by source, columns by destination, in the order of PROVIDERS. Two where the reply to the PUT is
 * evidence; a HEAD more where its checksum leaves the size open (express) or says it later (oss); a read-back more where nothing is certain.
 */
const SMALL_BETWEEN_ANY = `
    aws        2 2 2 2 2 4 2 2 2 3 4 2 2 3 4
    minio      2 2 2 2 2 4 2 2 2 3 4 2 2 3 4
    ceph       2 2 2 2 2 4 2 2 2 3 4 2 2 3 4
    swift      2 2 2 2 2 4 2 2 2 3 4 2 2 3 4
    r2         2 2 2 2 2 4 2 2 2 3 4 2 2 3 4
    b2         2 2 2 2 2 4 2 2 2 3 4 2 2 3 4
    wasabi     2 2 2 2 2 4 2 2 2 3 4 2 2 3 4
    gcs        2 2 2 2 2 4 2 2 2 3 4 2 2 3 4
    spaces     2 2 2 2 2 4 2 2 2 3 4 2 2 3 4
    oss        2 2 2 2 2 4 2 2 2 3 4 2 2 3 4
    storj      2 2 2 2 2 4 2 2 2 3 4 2 2 3 4
    garage     2 2 2 2 2 4 2 2 2 3 4 2 2 3 4
    seaweedfs  2 2 2 2 2 4 2 2 2 3 4 2 2 3 4
    express    2 2 2 2 2 4 2 2 2 3 4 2 2 3 4
    generic    2 2 2 2 2 4 2 2 2 3 4 2 2 3 4`

describe.each(PROVIDERS)('a small object from %s', (from) => {
  it('to every other', { timeout: 60_000 }, async () => {
    const counts: string[] = []
    for (const to of PROVIDERS) {
      const ground = await openGround({ source: from, destination: to, client: { requestChecksumCalculation: 'WHEN_REQUIRED' } })
      await ground.sourceClient.send(new PutObjectCommand({ Bucket: 'from', Key: 'small', Body: SMALL }))
      const { requests } = await counted(ground, 'small')
      expect(requests).toBeLessThanOrEqual(planned(profileOf(from), profileOf(to), 1))
      counts.push(String(requests))
    }
    const row = SMALL_BETWEEN_ANY.trim()
      .split('\n')
      .find((line) => line.trim().startsWith(`${from} `))
    expect(`${from} ${counts.join(' ')}`).toBe(row?.trim().replace(/\s+/g, ' '))
  })
})
