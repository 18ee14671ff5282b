import { createHash } from 'node:crypto'
import { type CopySupport, migrateObject, type ProviderProfile } from '@sealift/core'
import { awsProfile, cephProfile, gcsProfile, minioProfile, r2Profile, rcloneProfile, storjProfile, swiftProfile } from '@sealift/provider-detect'
import { type GeneratedObject, generatedBytes, type PersonalityName } from '@sealift/testing'
import { describe, expect, it } from 'vitest'
import { ownCopyLayout } from '../../src/copy/server-side-choice.ts'
import { MIB, ofOperation, profileOf } from '../copy-ground.ts'
import { openServerSideGround, type ServerSideGround } from '../server-side-ground.ts'
import { etagOfParts } from './upload-parts.ts'

const GIB = 1024 * MIB

// The limits of one CopyObject, as the sources that each profile names have them: 5 GiB (Amazon, Ceph's rgw_max_put_size), 5 GiB + 2 (Swift's
// max_file_size), and 5 GB where no document says more.
describe('an object that one CopyObject does not take', () => {
  it.each<readonly [string, ProviderProfile, number, number]>([
    ['aws', awsProfile, 5_368_709_120, 21],
    ['ceph', cephProfile, 5_368_709_120, 21],
    ['swift', swiftProfile, 5_368_709_122, 21],
    ['r2', r2Profile, 5_000_000_000, 19],
    ['minio, of which nothing is known', minioProfile, 5_000_000_000, 19],
  ])('%s: goes in parts from the first byte beyond the limit', (_, profile, limitBytes, count) => {
    const settings = { layout: 'preserve', partSizeBytes: null } as const
    expect(ownCopyLayout(profile, settings, limitBytes)).toBeNull()
    expect(ownCopyLayout(profile, settings, limitBytes + 1)).toMatchObject({ kind: 'uniform', partSizeBytes: 256 * MIB, count })
    expect(ownCopyLayout(profile, { ...settings, partSizeBytes: GIB }, 5 * GIB + 3)).toMatchObject({ partSizeBytes: GIB, count: 6 })
  })

  it('of 48.8 TiB keeps to 10,000 parts', () => {
    expect(ownCopyLayout(awsProfile, { layout: 'preserve', partSizeBytes: null }, 53_687_091_200_000)).toMatchObject({
      partSizeBytes: 5120 * MIB,
      count: 10_000,
    })
  })

  it.each([
    ['gcs', gcsProfile],
    ['storj', storjProfile],
    ['rclone', rcloneProfile],
  ] as const)('%s has no UploadPartCopy: never in parts', (_, profile) => {
    expect(ownCopyLayout(profile, { layout: 'own', partSizeBytes: null }, 6 * GIB)).toBeNull()
  })
})

/** The limit of one CopyObject here, in place of 5 GiB: the branch is the same, the bytes are fewer. `npm run large-copy` does it with 5 GiB + 1. */
const LIMIT_BYTES = 8 * MIB
const PART_BYTES = 5 * MIB

async function groundWith(personality: PersonalityName, object: Omit<GeneratedObject, 'bucket' | 'key'>): Promise<ServerSideGround> {
  return openServerSideGround(personality, {
    personality: { id: personality, extends: personality, limits: { maxCopyBytes: LIMIT_BYTES } },
    objects: [{ bucket: 'from', key: 'key', ...object }],
  })
}

const copiesOf = (personality: PersonalityName): CopySupport => {
  const { copies } = profileOf(personality)
  return copies === undefined
    ? {
        object: 'candidate',
        part: 'candidate',
        ifMatch: 'candidate',
        partIfMatch: 'candidate',
        recomputes: 'candidate',
        ifNoneMatch: 'candidate',
        tags: 'no',
        maxObjectBytes: LIMIT_BYTES,
      }
    : { ...copies, maxObjectBytes: LIMIT_BYTES }
}

function bytesOf(sizeBytes: number): Buffer {
  return generatedBytes({ key: 'key' }, 0, sizeBytes)
}

function partsOf(bytes: Buffer, partSizeBytes: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / partSizeBytes) }, (_, at) => bytes.subarray(at * partSizeBytes, (at + 1) * partSizeBytes))
}

describe.each(['aws', 'minio', 'ceph', 'swift', 'r2'] as const)('inside %s, the limit of one CopyObject lowered', (personality) => {
  const extra = { partSizeBytes: PART_BYTES } as const
  const profile = { copies: copiesOf(personality) }

  it('one byte more than the limit: UploadPartCopy in parts, no CopyObject, the same evidence and verdict', async () => {
    const bytes = bytesOf(LIMIT_BYTES + 1)
    const ground = await groundWith(personality, { sizeBytes: bytes.length })
    const ordinary = await migrateObject(ground.options({ serverSideCopy: false }, profile))
    ground.server.clearRequests()
    const result = await migrateObject(ground.options(extra, profile))
    const etag = etagOfParts(partsOf(bytes, PART_BYTES))
    expect(result).toMatchObject({
      verdict: 'verified',
      assurance: ordinary.assurance,
      route: 'server-side',
      digests: { md5: createHash('md5').update(bytes).digest('hex'), sha256: createHash('sha256').update(bytes).digest('hex') },
      destination: { etag, sizeBytes: bytes.length },
      parts: { count: 2, sizeBytes: PART_BYTES, origin: 'own' },
      bytesWritten: 0,
      attempts: 1,
      orphans: [],
      notCarried: [],
    })
    const source = (of: typeof result): string[] => of.evidence.filter((item) => item.leg === 'source' && item.outcome === 'match').map((item) => item.method)
    expect(source(result)).toEqual(source(ordinary))
    // none of these profiles says that a copy's ETag is of the copied bytes: only reading back proves
    expect(result.evidence.filter((item) => item.leg === 'destination' && item.outcome === 'match').map(({ method }) => method)).toEqual(['read-back'])
    const ranges = ofOperation(ground.server, 'UploadPartCopy').map(({ headers, status }) => [headers['x-amz-copy-source-range'], status])
    expect(ranges.sort()).toEqual([
      ['bytes=0-5242879', 200],
      ['bytes=5242880-8388608', 200],
    ])
    for (const operation of ['CopyObject', 'PutObject', 'UploadPart']) expect(ofOperation(ground.server, operation)).toEqual([])
    expect(ground.server.peek('to', 'key')?.equals(bytes)).toBe(true)
    expect(ground.server.uploads()).toEqual([])
  })

  it('as many bytes as the limit: one CopyObject', async () => {
    const ground = await groundWith(personality, { sizeBytes: LIMIT_BYTES })
    const result = await migrateObject(ground.options(extra, profile))
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', route: 'server-side', parts: { count: 1, origin: 'single' } })
    expect([ofOperation(ground.server, 'CopyObject').length, ofOperation(ground.server, 'UploadPartCopy').length]).toEqual([1, 0])
  })

  it('an object that was uploaded in parts goes in those parts, and keeps its ETag', async () => {
    const bytes = bytesOf(LIMIT_BYTES + 3 * MIB)
    const ground = await groundWith(personality, { sizeBytes: bytes.length, partSizeBytes: 5 * MIB })
    const result = await migrateObject(ground.options({}, profile))
    const etag = etagOfParts(partsOf(bytes, 5 * MIB))
    expect(result).toMatchObject({
      verdict: 'verified',
      assurance: 'end-to-end',
      route: 'server-side',
      source: { etag },
      destination: { etag },
      parts: { count: 3 },
    })
    expect([ofOperation(ground.server, 'CopyObject').length, ofOperation(ground.server, 'UploadPartCopy').length]).toEqual([0, 3])
  })
})

describe('a byte that rots in a part that the server copied', () => {
  it('is a mismatch, and the copy goes', async () => {
    const ground = await groundWith('aws', { sizeBytes: LIMIT_BYTES + 1 })
    ground.server.setFaults([{ match: { operation: 'CompleteMultipartUpload', times: 'always' }, action: { kind: 'flip', leg: 'rest', at: LIMIT_BYTES } }])
    const running = migrateObject(ground.options({ partSizeBytes: PART_BYTES, attempts: 1 }, { copies: copiesOf('aws') })).catch((error: unknown) => error)
    expect(await running).toMatchObject({ code: 'ERR_INTEGRITY_MISMATCH', result: { verdict: 'mismatch', route: 'server-side' } })
    expect(ground.server.firedFaults).toHaveLength(1)
    expect(ground.server.keys('to')).toEqual([])
  })
})

describe('a store that has no UploadPartCopy', () => {
  it('copies an object of any size by one CopyObject where its profile says so', async () => {
    const ground = await openServerSideGround('gcs', { objects: [{ bucket: 'from', key: 'key', sizeBytes: LIMIT_BYTES + 1 }] })
    const result = await migrateObject(ground.options())
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', route: 'server-side' })
    expect([ofOperation(ground.server, 'CopyObject').length, ofOperation(ground.server, 'UploadPartCopy').length]).toEqual([1, 0])
  })

  it('and what is larger than one CopyObject comes through us, and says why', async () => {
    const ground = await openServerSideGround('storj', { objects: [{ bucket: 'from', key: 'key', sizeBytes: LIMIT_BYTES + 1 }] })
    const result = await migrateObject(ground.options({}, { copies: copiesOf('storj') }))
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', route: 'single' })
    expect(ground.routes).toEqual([{ route: 'through-us', reason: 'Storj copies at most 8388608 bytes' }])
    expect(ofOperation(ground.server, 'CopyObject')).toEqual([])
  })
})
