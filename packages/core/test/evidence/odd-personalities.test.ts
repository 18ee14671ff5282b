import { gzipSync } from 'node:zlib'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { migrateObject } from '@sealift/core'
import { describe, expect, it } from 'vitest'
import { type CopyGround, openGround, patternBytes } from '../copy-ground.ts'

const BYTES = patternBytes(40_001, 12)
const PACKED = gzipSync(patternBytes(20_000, 13))

async function copy(ground: CopyGround, extra: Parameters<CopyGround['options']>[1] = {}): Promise<Awaited<ReturnType<typeof migrateObject>>> {
  return migrateObject(ground.options('key', { accept: ['verified', 'unverified', 'mismatch', 'failed'], attempts: 2, ...extra }))
}

describe('a store that unpacks gzip', () => {
  it('Google: read as it is stored, end-to-end', async () => {
    const ground = await openGround({ source: 'gcs', client: { requestChecksumCalculation: 'WHEN_REQUIRED' } })
    await ground.sourceClient.send(new PutObjectCommand({ Bucket: 'from', Key: 'key', Body: PACKED, ContentEncoding: 'gzip' }))
    expect(await copy(ground)).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', requests: 3 })
    expect(ground.destination.peek('to', 'key')?.equals(PACKED)).toBe(true)
  })

  it('one that says nothing of it: never verified with other bytes, never a mismatch', async () => {
    const ground = await openGround({ sourceServer: { personality: 'generic-gzip', buckets: ['from'] }, source: 'generic' })
    await ground.sourceClient.send(new PutObjectCommand({ Bucket: 'from', Key: 'key', Body: PACKED, ContentEncoding: 'gzip', ChecksumAlgorithm: undefined }))
    const result = await copy(ground)
    expect(result.verdict).not.toBe('mismatch')
    if (result.verdict === 'verified') expect(ground.destination.peek('to', 'key')?.equals(PACKED)).toBe(true)
  })

  it('as a destination: the read-back that comes unpacked condemns nothing', async () => {
    const ground = await openGround({ destinationServer: { personality: 'generic-gzip', buckets: ['to'] }, destination: 'generic' })
    await ground.sourceClient.send(new PutObjectCommand({ Bucket: 'from', Key: 'key', Body: PACKED, ContentEncoding: 'gzip' }))
    const result = await copy(ground)
    expect(result.verdict).not.toBe('mismatch')
    expect(ground.destination.peek('to', 'key')?.equals(PACKED)).toBe(true)
  })
})

it('a bucket that locks what is written: a copy proved wrong stays, and that is said', async () => {
  const ground = await openGround({ destinationServer: { personality: 'generic-retention', buckets: ['to'] } })
  ground.source.put('from', 'key', BYTES)
  expect(await copy(ground)).toMatchObject({ verdict: 'verified', assurance: 'end-to-end' })
  ground.destination.setFaults([{ match: { operation: 'PutObject', times: 'always' }, action: { kind: 'flip', leg: 'rest', at: 3 } }])
  const result = await copy(ground, { verify: { readBack: 'always' }, attempts: 1 })
  expect(result.verdict).toBe('mismatch')
  expect(result.evidence).toContainEqual(expect.objectContaining({ reason: 'kept: it is locked, retained, or may not be deleted' }))
})

it('a bucket whose readers pay: every request says so, and without it nothing goes', async () => {
  const ground = await openGround({ destinationServer: { personality: 'generic-requester-pays', buckets: ['to'] } })
  ground.source.put('from', 'key', BYTES)
  const options = ground.options('key', { accept: ['verified', 'failed'], verify: { readBack: 'always' } })
  expect(await migrateObject(options)).toMatchObject({ verdict: 'failed', error: { code: 'ERR_ACCESS_DENIED' } })
  expect(await migrateObject({ ...options, destination: { ...options.destination, requestPayer: 'requester' } })).toMatchObject({ verdict: 'verified' })
})

it('a store without ETags: one unbroken read where the profile allows it, refused where not', async () => {
  const ground = await openGround({ sourceServer: { personality: 'generic-no-etag', buckets: ['from'] }, source: 'generic' })
  ground.source.put('from', 'key', BYTES)
  expect(await copy(ground)).toMatchObject({ verdict: 'failed' })
  const options = ground.options('key', { accept: ['unverified'] })
  const profile = { ...options.source.profile, etag: { ...options.source.profile.etag, mayBeAbsent: true } }
  expect(await migrateObject({ ...options, source: { ...options.source, profile } })).toMatchObject({ verdict: 'unverified' })
})

it.each(['generic-echo', 'generic-careless'] as const)('%s: what it repeats is no evidence, a flipped byte is found', async (personality) => {
  const ground = await openGround({ destinationServer: { personality, buckets: ['to'] }, destination: 'generic' })
  ground.source.put('from', 'key', BYTES)
  expect(await copy(ground)).toMatchObject({ verdict: 'verified' })
  expect(ground.destination.requestCounts).toMatchObject({ GetObject: 1 })
  ground.destination.setFaults([{ match: { operation: 'PutObject', times: 'always' }, action: { kind: 'flip', leg: 'request', at: 5 } }])
  expect(['mismatch', 'failed', 'unverified']).toContain((await copy(ground)).verdict)
})

it('a cache in front of the destination: unverified, and nothing is deleted', async () => {
  const ground = await openGround({ destinationServer: { personality: 'generic-cached', buckets: ['to'] }, destination: 'generic' })
  ground.source.put('from', 'key', BYTES)
  expect(await copy(ground)).toMatchObject({ verdict: 'unverified' })
  expect(ground.destination.peek('to', 'key')?.equals(BYTES)).toBe(true)
})

it('a directory bucket under the profile of Amazon’s others: no Content-MD5 is sent, no ETag believed', async () => {
  const ground = await openGround({
    destinationServer: { personality: 'express', buckets: ['to--use1-az4--x-s3'] },
  })
  ground.source.put('from', 'key', BYTES)
  const options = ground.options('key', { accept: ['verified', 'failed'] })
  const result = await migrateObject({ ...options, destination: { ...options.destination, bucket: 'to--use1-az4--x-s3' } })
  expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end' })
  expect(ground.destination.requests.filter(({ headers }) => headers['content-md5'] !== undefined)).toEqual([])
  expect(result.evidence.filter(({ leg, method, outcome }) => leg === 'destination' && outcome === 'match' && method.startsWith('etag'))).toEqual([])
})
