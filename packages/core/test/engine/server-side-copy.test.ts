import { DeleteObjectCommand, GetObjectTaggingCommand, HeadObjectCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { type CopySupport, migrateObject } from '@sealift/core'
import { cephProfile, genericProfile } from '@sealift/provider-detect'
import type { FaultAction, FaultRule, S3Operation } from '@sealift/testing'
import { describe, expect, it } from 'vitest'
import { failure, MIB, md5, ofOperation, patternBytes, profileOf } from '../copy-ground.ts'
import { openServerSideGround, SMALL_PART_BYTES } from '../server-side-ground.ts'
import { cut, etagOfParts, uploadParts } from './upload-parts.ts'

const SMALL = patternBytes(50_000, 21)
// nearly equal, so that the true part size is among the first that a search of (size, ETag) comes to
const SIZES = [SMALL_PART_BYTES, SMALL_PART_BYTES, 62_000]
const LARGE = patternBytes(2 * SMALL_PART_BYTES + 62_000, 22)
const PARTS = cut(LARGE, SIZES)
const ETAG = etagOfParts(PARTS)
const PERSONALITIES = ['aws', 'minio', 'ceph', 'swift', 'r2'] as const
const on = (operation: S3Operation, action: FaultAction, times: number | 'always' = 1): FaultRule => ({ match: { operation, times }, action })

/** What a store would be that computes everything anew and heeds every condition. */
const CERTAIN: CopySupport = {
  object: 'yes',
  part: 'yes',
  ifMatch: 'yes',
  partIfMatch: 'yes',
  recomputes: 'yes',
  ifNoneMatch: 'yes',
  tags: 'yes',
  maxObjectBytes: 5 * 1024 ** 3,
}

describe.each(PERSONALITIES)('inside %s', (personality) => {
  it('one PUT becomes one CopyObject, read and read back, with the verdict of the ordinary way', async () => {
    const ground = await openServerSideGround(personality)
    ground.server.put('from', 'key', SMALL)
    const ordinary = await migrateObject(ground.options({ serverSideCopy: false }))
    ground.server.clearRequests()
    const result = await migrateObject(ground.options())
    expect(result).toMatchObject({
      verdict: 'verified',
      assurance: ordinary.assurance,
      route: 'server-side',
      digests: ordinary.digests,
      destination: { etag: md5(SMALL), sizeBytes: SMALL.length },
      parts: { count: 1, sizeBytes: SMALL.length, origin: 'single' },
      bytesWritten: 0,
      attempts: 1,
      notCarried: [],
    })
    const matches = (of: typeof result, leg: string): string[] =>
      of.evidence.filter((item) => item.leg === leg && item.outcome === 'match').map((item) => item.method)
    expect(matches(result, 'source')).toEqual(matches(ordinary, 'source'))
    expect(matches(result, 'destination')).toEqual(['read-back'])
    expect(ofOperation(ground.server, 'CopyObject')).toHaveLength(1)
    expect(ofOperation(ground.server, 'PutObject')).toEqual([])
    expect(ground.server.peek('to', 'key')?.equals(SMALL)).toBe(true)
    expect(ground.routes).toEqual([{ route: 'server-side', reason: null }])
  })

  it('an object in parts is copied in its parts, so that the ETags are equal', async () => {
    const ground = await openServerSideGround(personality)
    await uploadParts(ground.client, { bucket: 'from', key: 'key' }, PARTS)
    const result = await migrateObject(ground.options())
    expect(result).toMatchObject({
      verdict: 'verified',
      assurance: 'end-to-end',
      route: 'server-side',
      source: { etag: ETAG },
      destination: { etag: ETAG },
      parts: { count: 3, sizeBytes: SMALL_PART_BYTES },
      bytesWritten: 0,
    })
    expect(ofOperation(ground.server, 'UploadPartCopy')).toHaveLength(3)
    expect(ofOperation(ground.server, 'UploadPart')).toHaveLength(3)
    expect(ground.server.peek('to', 'key')?.equals(LARGE)).toBe(true)
    expect(ground.server.uploads()).toEqual([])
  })

  it.each([
    ['empty', Buffer.alloc(0)],
    ['one byte', Buffer.of(7)],
  ])('%s', async (_, bytes) => {
    const ground = await openServerSideGround(personality)
    ground.server.put('from', 'key', bytes)
    const result = await migrateObject(ground.options())
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', route: 'server-side' })
    expect(ground.server.peek('to', 'key')?.equals(bytes)).toBe(true)
  })

  it('an object too large for one CopyObject goes in parts of our own', async () => {
    const ground = await openServerSideGround(personality)
    const bytes = patternBytes(10 * MIB + 1, 23)
    ground.server.put('from', 'key', bytes)
    const copies = { ...CERTAIN, ifMatch: 'no', partIfMatch: 'no', recomputes: 'no', tags: 'no', maxObjectBytes: 8 * MIB } as const
    const result = await migrateObject(ground.options({ partSizeBytes: 5 * MIB }, { copies }))
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', route: 'server-side', parts: { count: 3, sizeBytes: 5 * MIB, origin: 'own' } })
    expect(ground.server.peek('to', 'key')?.equals(bytes)).toBe(true)
  })

  it.each(['a+b %20', 'what?versionId=1', 'ü/😀', "q'(*)!#&="])('the key %j', async (key) => {
    const ground = await openServerSideGround(personality)
    ground.server.put('from', key, SMALL)
    const options = ground.options()
    const result = await migrateObject({ ...options, source: { ...options.source, key } })
    expect(result).toMatchObject({ verdict: 'verified', route: 'server-side' })
    expect(ground.server.keys('to')).toEqual([key])
  })

  it('headers, metadata and tags are those of the ordinary way, also where the destination had others', async () => {
    const ground = await openServerSideGround(personality)
    await ground.client.send(
      new PutObjectCommand({
        Bucket: 'from',
        Key: 'key',
        Body: SMALL,
        ContentType: 'text/x-thing',
        CacheControl: 'max-age=1',
        ContentLanguage: 'de',
        Metadata: { one: '1', two: `=?UTF-8?B?${Buffer.from('zwei ü').toString('base64')}?=` },
        ...(profileOf(personality).metadata.tags === 'no' ? {} : { Tagging: 'a=b%20c' }),
      }),
    )
    const seen = async (): Promise<unknown> => {
      const head = await ground.client.send(new HeadObjectCommand({ Bucket: 'to', Key: 'key' }))
      const tags =
        profileOf(personality).metadata.tags === 'no' ? [] : (await ground.client.send(new GetObjectTaggingCommand({ Bucket: 'to', Key: 'key' }))).TagSet
      return [head.ContentType, head.CacheControl, head.ContentLanguage, head.Metadata, tags]
    }
    const ordinary = await migrateObject(ground.options({ serverSideCopy: false }))
    const before = await seen()
    await ground.client.send(new DeleteObjectCommand({ Bucket: 'to', Key: 'key' }))
    const result = await migrateObject(ground.options())
    expect(result.route).toBe('server-side')
    expect(await seen()).toEqual(before)
    expect(result.notCarried).toEqual(ordinary.notCarried)
  })

  it.each([
    ['done, and its reply lost', { kind: 'lost-reply' }],
    ['lost on its way', { kind: 'never-arrives' }],
    ['answered 200 with an error, not done', { kind: 'error-in-200' }],
    ['answered 200 with an error, and done', { kind: 'error-in-200', done: true }],
    ['answered 503', { kind: 'status', status: 503 }],
  ] as const)('CopyObject %s', async (_, action) => {
    for (const overwrite of ['always', 'never'] as const) {
      const ground = await openServerSideGround(personality)
      ground.server.put('from', 'key', SMALL)
      ground.server.setFaults([on('CopyObject', action)])
      const result = await migrateObject(ground.options({ overwrite }))
      expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', route: 'server-side', attempts: 1 })
      expect(ground.server.peek('to', 'key')?.equals(SMALL)).toBe(true)
    }
  })

  it.each(['UploadPartCopy', 'CompleteMultipartUpload'] as const)('%s whose reply is lost', async (operation) => {
    const ground = await openServerSideGround(personality)
    await uploadParts(ground.client, { bucket: 'from', key: 'key' }, PARTS)
    ground.server.setFaults([on(operation, { kind: 'lost-reply' })])
    const result = await migrateObject(ground.options())
    expect(result).toMatchObject({ verdict: 'verified', route: 'server-side', attempts: 1, orphans: [] })
    expect(ground.server.uploads()).toEqual([])
  })

  it.each([
    ['CopyObject', SMALL],
    ['UploadPartCopy', null],
  ] as const)('a server that has no %s: the bytes come through us in the same attempt', async (operation, bytes) => {
    const ground = await openServerSideGround(personality)
    if (bytes === null) await uploadParts(ground.client, { bucket: 'from', key: 'key' }, PARTS)
    else ground.server.put('from', 'key', bytes)
    ground.server.setFaults([on(operation, { kind: 'status', status: 501, code: 'NotImplemented' }, 'always')])
    const result = await migrateObject(ground.options())
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', route: bytes === null ? 'multipart' : 'single', attempts: 1, orphans: [] })
    expect(ground.routes.at(-1)).toEqual({ route: 'through-us', reason: 'the server did not copy: not-implemented (NotImplemented)' })
    expect(ground.server.uploads()).toEqual([])
  })

  it.each([
    ['CopyObject', SMALL],
    ['CompleteMultipartUpload', null],
  ] as const)('rotten at rest after %s: a mismatch, and gone', async (operation, bytes) => {
    const ground = await openServerSideGround(personality)
    if (bytes === null) await uploadParts(ground.client, { bucket: 'from', key: 'key' }, PARTS)
    else ground.server.put('from', 'key', bytes)
    ground.server.setFaults([on(operation, { kind: 'flip', leg: 'rest', at: 1000 }, 'always')])
    const error = await failure(migrateObject(ground.options({ attempts: 1 })))
    expect(ground.server.firedFaults).toHaveLength(1)
    expect(error).toMatchObject({ code: 'ERR_INTEGRITY_MISMATCH', result: { verdict: 'mismatch', route: 'server-side' } })
    expect(ground.server.keys('to')).toEqual([])
  })

  it('a source that changes between the read and the copy is read anew: what is there in the end is what was read', async () => {
    const ground = await openServerSideGround(personality)
    ground.server.put('from', 'key', SMALL)
    const other = patternBytes(50_000, 99)
    ground.server.setFaults([{ match: { operation: 'CopyObject' }, action: { kind: 'delay', delayMs: 300 } }])
    const running = migrateObject(ground.options())
    while (ofOperation(ground.server, 'GetObject').length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await new Promise((resolve) => setTimeout(resolve, 60))
    ground.server.put('from', 'key', other)
    const result = await running
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', route: 'server-side', attempts: 2, digests: { md5: md5(other) } })
    expect(ground.server.peek('to', 'key')?.equals(other)).toBe(true)
  })

  it('an abort in the middle of the parts leaves no upload', async () => {
    const ground = await openServerSideGround(personality)
    await uploadParts(ground.client, { bucket: 'from', key: 'key' }, PARTS)
    ground.server.setFaults([on('UploadPartCopy', { kind: 'delay', delayMs: 500 }, 'always')])
    const stop = new AbortController()
    const reason = new Error('enough')
    const running = migrateObject(ground.options({ signal: stop.signal }))
    const caught = running.catch((error: unknown) => error)
    while (ground.server.uploads().length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await new Promise((resolve) => setTimeout(resolve, 50))
    stop.abort(reason)
    expect(await caught).toBe(reason)
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect(ground.server.uploads()).toEqual([])
    expect(ground.server.keys('to')).toEqual([])
  })

  it("overwrite 'never' on a key that is taken: skipped, and what is there stays", async () => {
    const ground = await openServerSideGround(personality)
    ground.server.put('from', 'key', SMALL)
    ground.server.put('to', 'key', LARGE)
    const result = await migrateObject(ground.options({ overwrite: 'never' }))
    expect(result).toMatchObject({ verdict: 'skipped', error: { code: 'ERR_DESTINATION_EXISTS' } })
    expect(ground.server.peek('to', 'key')?.equals(LARGE)).toBe(true)
  })
})

describe('a store that computes ETags of copies anew and heeds conditions', () => {
  it('proves the copy by its reply: no read-back', async () => {
    const ground = await openServerSideGround('aws')
    ground.server.put('from', 'key', SMALL)
    const result = await migrateObject(ground.options({}, { copies: CERTAIN }))
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', route: 'server-side' })
    expect(result.evidence).toContainEqual(expect.objectContaining({ leg: 'destination', method: 'etag-md5', outcome: 'match' }))
    expect(ofOperation(ground.server, 'GetObject')).toHaveLength(1)
    expect(ofOperation(ground.server, 'CopyObject')[0]?.headers['x-amz-copy-source-if-match']).toBe(`"${md5(SMALL)}"`)
  })

  it('in parts as well', async () => {
    const ground = await openServerSideGround('aws')
    await uploadParts(ground.client, { bucket: 'from', key: 'key' }, PARTS)
    const result = await migrateObject(ground.options({ verify: { readBack: 'never' } }, { copies: CERTAIN }))
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', route: 'server-side' })
    for (const request of ofOperation(ground.server, 'UploadPartCopy')) expect(request.headers['x-amz-copy-source-if-match']).toBe(`"${ETAG}"`)
    expect(ofOperation(ground.server, 'GetObject').every(({ bucket }) => bucket === 'from')).toBe(true)
  })

  it("overwrite 'never' goes with the copy itself", async () => {
    const ground = await openServerSideGround('aws')
    ground.server.put('from', 'key', SMALL)
    await migrateObject(ground.options({ overwrite: 'never' }, { copies: CERTAIN }))
    expect(ofOperation(ground.server, 'CopyObject')[0]?.headers['if-none-match']).toBe('*')
  })
})

describe('an inherited ETag is an echo', () => {
  it('and proves nothing: without a read-back the bytes come through us', async () => {
    const ground = await openServerSideGround('ceph')
    ground.server.put('from', 'key', SMALL)
    const result = await migrateObject(ground.options({ verify: { readBack: 'never' } }))
    expect(result).toMatchObject({ verdict: 'verified', route: 'single' })
    expect(ground.routes).toEqual([{ route: 'through-us', reason: expect.stringContaining('Ceph RGW does not promise') }])
    expect(ofOperation(ground.server, 'CopyObject')).toEqual([])
  })

  it('a source that rots at rest after it was read: what the copy holds is found by reading back', async () => {
    const ground = await openServerSideGround('ceph')
    ground.server.put('from', 'key', SMALL)
    ground.server.setFaults([on('CopyObject', { kind: 'delay', delayMs: 200 }, 'always')])
    const running = failure(migrateObject(ground.options({ attempts: 1 })))
    while (ofOperation(ground.server, 'GetObject').length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    ground.server.corruptAtRest('from', 'key', 10)
    expect(await running).toMatchObject({ code: 'ERR_INTEGRITY_MISMATCH', result: { verdict: 'mismatch' } })
    expect(ground.server.keys('to')).toEqual([])
  })
})

describe('what is the same endpoint', () => {
  it('another client with the same endpoint and credentials', async () => {
    const ground = await openServerSideGround('aws')
    ground.server.put('from', 'key', SMALL)
    const options = ground.options()
    const result = await migrateObject({ ...options, destination: { ...options.destination, client: ground.secondClient() } })
    expect(result.route).toBe('server-side')
  })

  it.each([
    [
      'another secret',
      { credentials: { accessKeyId: 'AKIAOTHERSOURCE', secretAccessKey: 'the-secret-that-must-not-appear' } },
      'the credentials differ, or cannot be told to be the same',
    ],
    ['another name of the host', 'localhost', 'the endpoints differ, or cannot be told to be the same'],
    ['another region', { region: 'eu-west-1' }, 'the endpoints differ, or cannot be told to be the same'],
  ])('not with %s', async (_, change, reason) => {
    const ground = await openServerSideGround('ceph')
    ground.server.put('from', 'key', SMALL)
    const options = ground.options()
    const config = typeof change === 'string' ? { endpoint: ground.server.endpoint.replace('127.0.0.1', change) } : change
    const client = ground.secondClient(config)
    const outcome = await migrateObject({ ...options, source: { ...options.source, client } }).catch((error: unknown) => error)
    expect(JSON.stringify([outcome, ground.routes])).not.toContain('must-not-appear')
    if (ground.routes.length > 0) expect(ground.routes).toEqual([{ route: 'through-us', reason }])
    expect(ofOperation(ground.server, 'CopyObject')).toEqual([])
  })

  it('nor where nobody asked', async () => {
    const ground = await openServerSideGround('aws')
    ground.server.put('from', 'key', SMALL)
    const result = await migrateObject(ground.options({ serverSideCopy: false }))
    expect(result.route).toBe('single')
    expect(ground.routes).toEqual([])
  })

  it('a client whose credentials cannot be had says so, and no more', async () => {
    const ground = await openServerSideGround('aws')
    const options = ground.options()
    const client = new S3Client({ ...ground.server.clientConfig, credentials: async () => Promise.reject(new Error('vault says hunter2')) })
    const error = await failure(migrateObject({ ...options, source: { ...options.source, client } }))
    expect(error.code).toBe('ERR_CREDENTIALS')
    expect(JSON.stringify(error)).not.toContain('hunter2')
    client.destroy()
  })
})

describe('versions', () => {
  it('the version that was asked for is the one that is copied', async () => {
    for (const personality of ['aws', 'ceph'] as const) {
      const ground = await openServerSideGround(personality)
      await ground.client.send(new PutBucketVersioningCommand({ Bucket: 'from', VersioningConfiguration: { Status: 'Enabled' } }))
      const { VersionId: versionId = '' } = await ground.client.send(new PutObjectCommand({ Bucket: 'from', Key: 'key', Body: SMALL }))
      await ground.client.send(new PutObjectCommand({ Bucket: 'from', Key: 'key', Body: 'newer' }))
      const options = ground.options()
      const result = await migrateObject({ ...options, source: { ...options.source, versionId } })
      expect(result).toMatchObject({ verdict: 'verified', route: 'server-side', source: { versionId } })
      expect(ground.server.peek('to', 'key')?.equals(SMALL)).toBe(true)
    }
  })
})

describe('a store that nothing is known of', () => {
  it('is tried, and read back', async () => {
    const ground = await openServerSideGround('aws')
    ground.server.put('from', 'key', SMALL)
    const options = ground.options()
    const result = await migrateObject({
      ...options,
      source: { ...options.source, profile: genericProfile },
      destination: { ...options.destination, profile: genericProfile },
    })
    expect(result).toMatchObject({ verdict: 'verified', route: 'server-side' })
    expect(result.evidence).toContainEqual(expect.objectContaining({ leg: 'destination', method: 'read-back', outcome: 'match' }))
  })

  it('with parts of the profile unknown: ceph without what it says of copies', async () => {
    const ground = await openServerSideGround('ceph')
    const { copies: _, sources, ...claims } = cephProfile
    const profile = { ...claims, sources: sources.filter(({ claim }) => !claim.startsWith('copies')) }
    ground.server.put('from', 'key', SMALL)
    const options = ground.options()
    const result = await migrateObject({ ...options, source: { ...options.source, profile }, destination: { ...options.destination, profile } })
    expect(result).toMatchObject({ verdict: 'verified', route: 'server-side' })
  })
})
