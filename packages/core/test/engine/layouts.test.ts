import { type MigrateObjectOptions, migrateObject, type ObjectResult, type ProviderProfile } from '@sealift/core'
import type { PersonalityName } from '@sealift/testing'
import { describe, expect, it } from 'vitest'
import { type CopyGround, MIB, md5, ofOperation, openGround, patternBytes, trail } from '../copy-ground.ts'
import { cut, etagOfParts, uploadParts } from './upload-parts.ts'

interface Copied {
  readonly ground: CopyGround
  readonly result: ObjectResult
  readonly sourceEtag: string
  readonly bytes: Buffer
}

/** Uploads an object in parts of these sizes, copies it, and checks that the bytes arrived. */
async function copyParts(
  from: PersonalityName,
  to: PersonalityName,
  sizes: readonly number[],
  extra: Partial<MigrateObjectOptions> = {},
  profiles: { readonly source?: Partial<ProviderProfile['reads']>; readonly limits?: Partial<ProviderProfile['limits']>; readonly minPartBytes?: number } = {},
): Promise<Copied> {
  const ground = await openGround({ source: from, destination: to, ...(profiles.minPartBytes === undefined ? {} : { minPartBytes: profiles.minPartBytes }) })
  const bytes = patternBytes(
    sizes.reduce((sum, size) => sum + size, 0),
    sizes.length + 40,
  )
  const sourceEtag = await uploadParts(ground.sourceClient, { bucket: 'from', key: 'key' }, cut(bytes, sizes))
  ground.source.clearRequests()
  const options = ground.options('key', extra)
  const result = await migrateObject({
    ...options,
    source: { ...options.source, profile: { ...options.source.profile, reads: { ...options.source.profile.reads, ...profiles.source } } },
    destination: { ...options.destination, profile: { ...options.destination.profile, limits: { ...options.destination.profile.limits, ...profiles.limits } } },
  })
  expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', source: { etag: sourceEtag } })
  expect(ground.destination.peek('to', 'key')?.equals(bytes)).toBe(true)
  expect(ground.destination.uploads()).toEqual([])
  return { ground, result, sourceEtag, bytes }
}

describe('the layout of the source', () => {
  it('unequal parts, by their attributes', async () => {
    const { result, sourceEtag, ground } = await copyParts('aws', 'aws', [6000, 5000, 5001, 3], {}, { minPartBytes: 5000 })
    expect(result).toMatchObject({ destination: { etag: sourceEtag }, parts: { count: 4, sizeBytes: 6000, origin: 'attributes' }, route: 'multipart' })
    expect(
      ofOperation(ground.destination, 'UploadPart')
        .map(({ bytesIn }) => bytesIn)
        .sort((a, b) => a - b),
    ).toEqual([3, 5000, 5001, 6000])
    expect(ofOperation(ground.source, 'GetObject')).toHaveLength(1)
  })

  it('equal parts, by ?partNumber=1', async () => {
    const { result, sourceEtag, ground } = await copyParts('minio', 'ceph', [7 * MIB, 7 * MIB, 1], {}, { source: { objectAttributes: 'no' } })
    expect(result).toMatchObject({ destination: { etag: sourceEtag }, parts: { count: 3, sizeBytes: 7 * MIB, origin: 'part-number' } })
    expect(ofOperation(ground.source, 'HeadObject').map(({ query }) => query['partNumber'])).toEqual(['1'])
  })

  it.each([5 * MIB, 6_000_000, 8 * MIB])('derived from the bytes that are held: parts of %i', async (partSizeBytes) => {
    const { result, sourceEtag, ground } = await copyParts('ceph', 'swift', [partSizeBytes, partSizeBytes, 2 * MIB + 5])
    expect(result).toMatchObject({ destination: { etag: sourceEtag }, parts: { count: 3, sizeBytes: partSizeBytes, origin: 'derived' } })
    expect(ofOperation(ground.source, 'GetObject')).toHaveLength(1)
    // what Ceph and Swift answer with bytes is never asked
    expect(new Set(trail(ground.source))).toEqual(new Set(['GetObject 200', 'GetObjectTagging 200'].filter((line) => trail(ground.source).includes(line))))
  })

  it('the first-ranked where the object is larger than the memory', async () => {
    const { result, sourceEtag } = await copyParts('ceph', 'ceph', [8 * MIB, 8 * MIB, 1 * MIB], { memoryBytes: 8 * MIB })
    expect(result).toMatchObject({ destination: { etag: sourceEtag }, parts: { count: 3, sizeBytes: 8 * MIB, origin: 'ranked' } })
  })

  it('another than the first-ranked: the source leg is proved all the same, the ETag differs', async () => {
    const { result, sourceEtag } = await copyParts('ceph', 'ceph', [10 * MIB, 5 * MIB], { memoryBytes: 5 * MIB })
    expect(result.parts?.origin).toBe('ranked')
    expect(result.parts?.sizeBytes).not.toBe(10 * MIB)
    expect(result.destination.etag).not.toBe(sourceEtag)
    expect(result.evidence).toContainEqual(expect.objectContaining({ leg: 'source', method: 'etag-multipart', outcome: 'match', expected: sourceEtag }))
  })

  // the part size is the last of twelve that fit size and count, and the object larger than the memory. (Megabytes would cost 2 GiB of MD5.)
  it("'exact' reads twice for it", async () => {
    const partSizeBytes = 240 * 1024
    const sizes = [...Array.from({ length: 22 }, () => partSizeBytes), 1]
    const sizeBytes = 22 * partSizeBytes + 1
    expect(sizeBytes).toBeGreaterThan(5 * MIB)
    const { result, sourceEtag, ground } = await copyParts('ceph', 'ceph', sizes, { memoryBytes: 5 * MIB, layout: 'exact' }, { minPartBytes: partSizeBytes })
    expect(result).toMatchObject({ destination: { etag: sourceEtag }, parts: { count: 23, sizeBytes: partSizeBytes, origin: 'derived' } })
    expect(result.bytesRead).toBe(2 * sizeBytes)
    expect(ofOperation(ground.destination, 'CreateMultipartUpload')).toHaveLength(1)
  })

  it("'own' ignores it", async () => {
    const { result, sourceEtag } = await copyParts('aws', 'aws', [6 * MIB, 5 * MIB], { layout: 'own', partSizeBytes: 5 * MIB })
    expect(result.parts).toEqual({ count: 3, sizeBytes: 5 * MIB, origin: 'own' })
    expect(result.destination.etag).not.toBe(sourceEtag)
  })

  it('one part', async () => {
    for (const sizeBytes of [1000, 6 * MIB]) {
      const { result, sourceEtag } = await copyParts('ceph', 'ceph', [sizeBytes])
      expect(sourceEtag).toMatch(/-1$/)
      expect(result).toMatchObject({ destination: { etag: sourceEtag }, route: 'multipart', parts: { count: 1, sizeBytes } })
    }
  })

  it('one empty part', async () => {
    const { result, sourceEtag } = await copyParts('ceph', 'ceph', [0])
    expect(sourceEtag).toBe('59adb24ef3cdbe0297f05b395827453f-1') // md5(md5('')), of any md5sum
    expect(result).toMatchObject({ destination: { etag: sourceEtag, sizeBytes: 0 }, route: 'multipart', parts: { count: 1, sizeBytes: 0 } })
  })
})

describe('a destination that does not permit the layout', () => {
  it('r2: all parts but the last have one size', async () => {
    const { result, ground } = await copyParts('aws', 'r2', [6 * MIB, 5 * MIB, 7 * MIB], { partSizeBytes: 5 * MIB })
    expect(result.parts).toEqual({ count: 4, sizeBytes: 5 * MIB, origin: 'own' })
    expect(ofOperation(ground.destination, 'UploadPart').map(({ status }) => status)).toEqual([200, 200, 200, 200])
  })

  it('r2: equal parts are kept', async () => {
    const { result, sourceEtag } = await copyParts('aws', 'r2', [6 * MIB, 6 * MIB, 5])
    expect(result).toMatchObject({ destination: { etag: sourceEtag }, parts: { origin: 'attributes' } })
  })

  it('too many parts (Swift takes 1,000; here 2): larger ones of our own', async () => {
    const { result } = await copyParts('aws', 'swift', [5 * MIB, 5 * MIB, 5 * MIB, 1], { partSizeBytes: 5 * MIB }, { limits: { maxParts: 2 } })
    expect(result.parts).toMatchObject({ count: 2, origin: 'own' })
  })

  it('parts too large for one part there', async () => {
    const { result } = await copyParts('aws', 'aws', [9 * MIB, 9 * MIB], {}, { limits: { maxPartBytes: 6 * MIB } })
    expect(result.parts).toMatchObject({ count: 3, sizeBytes: 6 * MIB, origin: 'own' })
  })
})

describe('our own layout', () => {
  it('16 MiB where nothing else is said, for what is too large for one PUT', async () => {
    const ground = await openGround()
    const bytes = patternBytes(17 * MIB)
    ground.source.put('from', 'key', bytes)
    const result = await migrateObject(ground.options('key', { layout: 'own' }))
    expect(result).toMatchObject({ verdict: 'verified', parts: { count: 2, sizeBytes: 16 * MIB, origin: 'own' } })
    expect(result.destination.etag).toBe(etagOfParts(cut(bytes, [16 * MIB, MIB])))
  })

  it('a source that is one PUT stays one PUT', async () => {
    const ground = await openGround()
    const bytes = patternBytes(17 * MIB)
    ground.source.put('from', 'key', bytes)
    const result = await migrateObject(ground.options())
    expect(result).toMatchObject({
      verdict: 'verified',
      route: 'single',
      parts: { count: 1, sizeBytes: 17 * MIB, origin: 'single' },
      destination: { etag: md5(bytes) },
    })
  })

  it.each([0, 1])('an object of %i bytes', async (sizeBytes) => {
    const ground = await openGround({ source: 'ceph', destination: 'minio' })
    const bytes = patternBytes(sizeBytes)
    ground.source.put('from', 'key', bytes)
    const result = await migrateObject(ground.options())
    expect(result).toMatchObject({
      verdict: 'verified',
      assurance: 'end-to-end',
      route: 'single',
      bytesRead: sizeBytes,
      destination: { etag: md5(bytes), sizeBytes },
    })
  })
})
