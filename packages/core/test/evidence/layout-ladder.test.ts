import { CompleteMultipartUploadCommand, CreateMultipartUploadCommand, type S3Client, UploadPartCommand } from '@aws-sdk/client-s3'
import { type MigrateObjectOptions, migrateObject, type ObjectResult, type ProviderProfile } from '@sealift/core'
import type { PersonalityName } from '@sealift/testing'
import { describe, expect, it } from 'vitest'
import { type CopyGround, MIB, openGround, patternBytes } from '../copy-ground.ts'
import { cut, uploadParts } from '../engine/upload-parts.ts'

interface Copied {
  readonly ground: CopyGround
  readonly result: ObjectResult
  readonly etag: string
}

/** Copies an object made of parts of these sizes, and checks that the bytes arrived. */
async function copyParts(
  from: PersonalityName,
  to: PersonalityName,
  sizes: readonly number[],
  how: {
    readonly reads?: Partial<ProviderProfile['reads']>
    readonly limits?: Partial<ProviderProfile['limits']>
    readonly copy?: Partial<MigrateObjectOptions>
    readonly upload?: typeof uploadParts
    /** of both servers and profiles; theirs where it is left out */
    readonly minPartBytes?: number
  } = {},
): Promise<Copied> {
  const ground = await openGround({ source: from, destination: to, ...(how.minPartBytes === undefined ? {} : { minPartBytes: how.minPartBytes }) })
  const bytes = patternBytes(
    sizes.reduce((sum, size) => sum + size, 0),
    sizes.length + 60,
  )
  const etag = await (how.upload ?? uploadParts)(ground.sourceClient, { bucket: 'from', key: 'key' }, cut(bytes, sizes))
  ground.source.clearRequests()
  const options = ground.options('key', { accept: ['verified', 'unverified'], ...how.copy })
  const result = await migrateObject({
    ...options,
    source: { ...options.source, profile: { ...options.source.profile, reads: { ...options.source.profile.reads, ...how.reads } } },
    destination: { ...options.destination, profile: { ...options.destination.profile, limits: { ...options.destination.profile.limits, ...how.limits } } },
  })
  expect(ground.destination.peek('to', 'key')?.equals(bytes)).toBe(true)
  return { ground, result, etag }
}

/** With a checksum of every part, so that GetObjectAttributes lists them. */
async function uploadWithChecksums(client: S3Client, place: { readonly bucket: string; readonly key: string }, parts: readonly Uint8Array[]): Promise<string> {
  const name = { Bucket: place.bucket, Key: place.key }
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...name, ChecksumAlgorithm: 'SHA256' }))
  const Parts = []
  for (const [index, Body] of parts.entries()) {
    const { ETag, ChecksumSHA256 } = await client.send(new UploadPartCommand({ ...name, UploadId, PartNumber: index + 1, Body, ChecksumAlgorithm: 'SHA256' }))
    Parts.push({ PartNumber: index + 1, ETag, ChecksumSHA256 })
  }
  const { ETag } = await client.send(new CompleteMultipartUploadCommand({ ...name, UploadId, MultipartUpload: { Parts } }))
  return String(ETag).replaceAll('"', '')
}

/** A layout that is not there to be found costs 2 GiB of MD5 with parts of megabytes (test/integration/real-clients has such ones), and next to none with these. */
const UNIT = 16 * 1024
// nearly equal, so that the true part size is among the first that a search of (size, ETag) comes to
const EQUAL = [6 * UNIT, 6 * UNIT, 6 * UNIT - 1000]

describe('where a layout comes from, and what it costs', () => {
  const rungs: readonly [string, PersonalityName, Partial<ProviderProfile['reads']>, object, string][] = [
    ['GetObjectAttributes', 'aws', {}, { GetObject: 1, GetObjectAttributes: 1 }, 'attributes'],
    ['HEAD ?partNumber=1', 'minio', { objectAttributes: 'no' }, { GetObject: 1, HeadObject: 1 }, 'part-number'],
    ['(size, ETag), where neither is safe to ask', 'ceph', {}, { GetObject: 1 }, 'derived'],
    ['(size, ETag), where the profile is not sure of them', 'aws', { objectAttributes: 'candidate', partNumber: 'candidate' }, { GetObject: 1 }, 'derived'],
  ]

  it.each(rungs)('%s', async (_, from, reads, requests, origin) => {
    const { ground, result, etag } = await copyParts(from, 'ceph', EQUAL, {
      minPartBytes: UNIT,
      reads,
      upload: from === 'aws' ? uploadWithChecksums : uploadParts,
    })
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', parts: { count: 3, sizeBytes: 6 * UNIT, origin }, destination: { etag } })
    expect(ground.source.requestCounts).toEqual(requests)
  })

  it('one part is the whole object: nobody is asked', async () => {
    const { ground, result, etag } = await copyParts('aws', 'aws', [MIB])
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', parts: { count: 1 }, destination: { etag } })
    expect(ground.source.requestCounts).toEqual({ GetObject: 1 })
  })

  it('an empty part at the end is told by its attributes, and kept', async () => {
    const { result, etag } = await copyParts('aws', 'aws', [5 * MIB, 0], { upload: uploadWithChecksums })
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', parts: { count: 2, origin: 'attributes' }, destination: { etag } })
  })
})

describe('an unusual layout that nobody tells', () => {
  // their size and count allow equal parts as well: only the bytes can say that it were none
  const unusual: readonly [string, readonly number[]][] = [
    ['the first part larger', [8 * UNIT, 5 * UNIT, 4 * UNIT]],
    ['falling sizes', [7 * UNIT + 9, 6 * UNIT + 5, 5 * UNIT + 1]],
  ]

  it.each(unusual)('%s: read twice, destination-only, never by luck', async (_, sizes) => {
    const { ground, result } = await copyParts('ceph', 'ceph', sizes, { minPartBytes: UNIT })
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'destination-only' })
    expect(ground.source.requestCounts).toEqual({ GetObject: 2 })
    expect(result.evidence).toContainEqual(
      expect.objectContaining({ leg: 'source', method: 'etag-multipart', outcome: 'not-comparable', reason: 'no tried layout gives it' }),
    )
    expect(result.evidence).toContainEqual(expect.objectContaining({ leg: 'source', method: 'second-read', outcome: 'match' }))
  })

  it("under secondRead 'never': unverified", async () => {
    const { result } = await copyParts('ceph', 'ceph', [8 * UNIT, 5 * UNIT, 4 * UNIT], { minPartBytes: UNIT, copy: { verify: { secondRead: 'never' } } })
    expect(result).toMatchObject({ verdict: 'unverified', assurance: 'none' })
  })

  it('a first part that speaks for all of them by its size, but does not: read twice', async () => {
    // 6 + 5 + 5: three parts of 6 would have the same size and count
    const { ground, result } = await copyParts('minio', 'aws', [6 * UNIT, 5 * UNIT, 5 * UNIT], { minPartBytes: UNIT, reads: { objectAttributes: 'no' } })
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'destination-only' })
    expect(ground.source.requestCounts).toEqual({ GetObject: 2, HeadObject: 1 })
  })
})

describe('what a destination does not take', () => {
  it('parts smaller than its least: parts of our own', async () => {
    const { result } = await copyParts('aws', 'aws', [6 * MIB, 6 * MIB, 3 * MIB], { limits: { minPartBytes: 7 * MIB }, copy: { partSizeBytes: 7 * MIB } })
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', parts: { count: 3, sizeBytes: 7 * MIB, origin: 'own' } })
  })

  it('more parts than Swift and Scaleway take (1,000): larger parts', async () => {
    const { result } = await copyParts('aws', 'swift', [5 * MIB, 5 * MIB, 5 * MIB, 1], { limits: { maxParts: 3 }, copy: { partSizeBytes: 5 * MIB } })
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', parts: { count: 3, sizeBytes: 6 * MIB, origin: 'own' } })
  })

  it('unequal parts on R2', async () => {
    const { result } = await copyParts('aws', 'r2', [5 * MIB, 6 * MIB, 1], { upload: uploadWithChecksums, copy: { partSizeBytes: 5 * MIB } })
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', parts: { count: 3, sizeBytes: 5 * MIB, origin: 'own' } })
  })
})

it("under 'exact', nothing is read twice for an ETag that tells no layout", async () => {
  const ground = await openGround({ source: 'r2' })
  const bytes = patternBytes(11 * MIB, 3)
  await uploadParts(ground.sourceClient, { bucket: 'from', key: 'key' }, cut(bytes, [8 * MIB, 3 * MIB]))
  ground.source.clearRequests()
  const options = ground.options('key', { layout: 'exact', memoryBytes: 9 * MIB, verify: { secondRead: 'never' }, accept: ['verified', 'unverified'] })
  const profile = { ...options.source.profile, etag: { ...options.source.profile.etag, multipartSince: '2999-01-01' } }
  await migrateObject({ ...options, source: { ...options.source, profile } })
  expect(ground.source.requestCounts).toEqual({ GetObject: 1 })
})
