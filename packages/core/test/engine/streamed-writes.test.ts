import { migrateObject } from '@sealift/core'
import type { FaultRule } from '@sealift/testing'
import { describe, expect, it } from 'vitest'
import { failure, MIB, md5, ofOperation, openGround, patternBytes } from '../copy-ground.ts'
import { cut, uploadParts } from './upload-parts.ts'

const BYTES = patternBytes(11 * MIB + 7, 31)
const SMALL_MEMORY = { memoryBytes: 5 * MIB } as const
const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64')

describe('one PUT of what does not fit in memory', () => {
  it('carries the source’s digest ahead; one GET, one PUT, no aws-chunked', async () => {
    const ground = await openGround({ source: 'ceph', destination: 'ceph' })
    ground.source.put('from', 'key', BYTES)
    const result = await migrateObject(ground.options('key', SMALL_MEMORY))
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', route: 'single', destination: { etag: md5(BYTES) } })
    const [put, ...others] = ofOperation(ground.destination, 'PutObject')
    expect(others).toEqual([])
    expect(put?.headers).toMatchObject({ 'content-md5': base64(md5(BYTES)), 'content-length': String(BYTES.length) })
    expect(put?.headers['content-encoding']).toBeUndefined()
    expect(put?.headers['transfer-encoding']).toBeUndefined()
    expect(put?.headers['x-amz-trailer']).toBeUndefined()
    expect(put?.bytesIn).toBe(BYTES.length)
    expect(ofOperation(ground.source, 'GetObject')).toHaveLength(1)
    expect(ground.destination.peek('to', 'key')?.equals(BYTES)).toBe(true)
  })

  it.each([
    ['on its way in', 'source', { match: { operation: 'GetObject' }, action: { kind: 'flip', leg: 'response', at: 6 * MIB } }],
    ['on its way out', 'destination', { match: { operation: 'PutObject' }, action: { kind: 'flip', leg: 'request', at: 6 * MIB } }],
  ] as const)('harmed %s: refused by the server, a good object there survives, and the copy is made again', async (_, at, rule) => {
    const ground = await openGround({ source: 'ceph', destination: 'ceph' })
    ground.source.put('from', 'key', BYTES)
    ground.destination.put('to', 'key', 'a good object')
    let meanwhile: string | undefined
    ground[at].setFaults([rule as FaultRule])
    ground.events.on('object:retry', () => {
      meanwhile ??= ground.destination.peek('to', 'key')?.toString()
    })
    const result = await migrateObject(ground.options('key', SMALL_MEMORY))
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', digests: { md5: md5(BYTES) } })
    expect(meanwhile).toBe('a good object')
    expect(ofOperation(ground.destination, 'PutObject').map(({ status }) => status)).toEqual([400, 200])
    expect(ground.destination.peek('to', 'key')?.equals(BYTES)).toBe(true)
  })

  it('the stored checksum goes ahead where the ETag says nothing', async () => {
    const ground = await openGround()
    const { PutObjectCommand } = await import('@aws-sdk/client-s3')
    await ground.sourceClient.send(new PutObjectCommand({ Bucket: 'from', Key: 'key', Body: BYTES, ChecksumAlgorithm: 'SHA256' }))
    const options = ground.options('key', SMALL_MEMORY)
    const { profile } = options.source
    const result = await migrateObject({ ...options, source: { ...options.source, profile: { ...profile, etag: { ...profile.etag, single: 'no' } } } })
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', route: 'single' })
    expect(ofOperation(ground.destination, 'PutObject')[0]?.headers['x-amz-checksum-sha256']).toBe(base64(result.digests.sha256 ?? ''))
  })

  it('without a digest of the source that the destination checks: parts', async () => {
    const ground = await openGround({ source: 'ceph', destination: 'ceph' })
    ground.source.put('from', 'key', BYTES)
    const options = ground.options('key', SMALL_MEMORY)
    const { profile } = options.destination
    const destination = { ...options.destination, profile: { ...profile, checksums: { ...profile.checksums, contentMd5: 'candidate' as const } } }
    const result = await migrateObject({ ...options, destination })
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', route: 'multipart' })
  })
})

describe('parts that do not fit in memory', () => {
  const SIZES = [7 * MIB, 7 * MIB, 3]
  const LARGE = patternBytes(14 * MIB + 3, 32)

  it('are streamed, read by range, and proved by their ETags', async () => {
    const ground = await openGround()
    const etag = await uploadParts(ground.sourceClient, { bucket: 'from', key: 'key' }, cut(LARGE, SIZES))
    const result = await migrateObject(ground.options('key', SMALL_MEMORY))
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', destination: { etag }, parts: { count: 3, sizeBytes: 7 * MIB } })
    expect(ground.destination.peek('to', 'key')?.equals(LARGE)).toBe(true)
    for (const { headers } of ofOperation(ground.destination, 'UploadPart')) {
      expect(headers['content-md5']).toBeUndefined()
      expect(headers['transfer-encoding']).toBeUndefined()
    }
    // a stream's digests are not known before it is sent: nothing was checked by the server
    expect(result.evidence.some(({ method, outcome }) => method === 'server-checked-write' && outcome === 'match')).toBe(false)
    for (const { headers } of ofOperation(ground.source, 'GetObject').slice(1)) {
      expect(headers['if-match']).toBe(`"${etag}"`)
      expect(headers.range).toMatch(/^bytes=\d+-/)
    }
  })

  it.each([
    [
      'a part that is refused',
      'destination',
      { match: { operation: 'UploadPart', partNumber: 2 }, action: { kind: 'status', status: 500, code: 'InternalError' } },
    ],
    [
      'a part whose connection breaks',
      'destination',
      { match: { operation: 'UploadPart', partNumber: 1 }, action: { kind: 'reset', leg: 'request', at: 4 * MIB } },
    ],
    [
      'a part harmed on its way out',
      'destination',
      { match: { operation: 'UploadPart', partNumber: 1 }, action: { kind: 'flip', leg: 'request', at: 4 * MIB } },
    ],
    ['a part harmed on its way in', 'source', { match: { operation: 'GetObject', nth: 3 }, action: { kind: 'flip', leg: 'response', at: 4 * MIB } }],
    ['a read that breaks', 'source', { match: { operation: 'GetObject', nth: 3 }, action: { kind: 'reset', leg: 'response', at: 4 * MIB } }],
  ] as const)('%s: read again and sent again', async (_, at, rule) => {
    const ground = await openGround()
    const etag = await uploadParts(ground.sourceClient, { bucket: 'from', key: 'key' }, cut(LARGE, SIZES))
    ground.source.clearRequests()
    ground[at].setFaults([rule as FaultRule])
    const result = await migrateObject(ground.options('key', SMALL_MEMORY))
    expect(ground[at].firedFaults.length).toBe(1)
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', destination: { etag }, digests: { md5: md5(LARGE) } })
    expect(ground.destination.peek('to', 'key')?.equals(LARGE)).toBe(true)
    expect(ground.destination.uploads()).toEqual([])
  })
})

describe('judge before commit: a source that contradicts itself', () => {
  const WRONG = md5(Buffer.from('other bytes'))

  it.each([
    ['held', 200_000, {}],
    ['streamed', 11 * MIB, SMALL_MEMORY],
    ['in parts', 11 * MIB, { ...SMALL_MEMORY, layout: 'own', partSizeBytes: 5 * MIB }],
  ] as const)('%s: mismatch, and a good object at the destination survives', async (_, sizeBytes, extra) => {
    const ground = await openGround({ source: 'ceph', destination: 'ceph' })
    ground.source.put('from', 'key', patternBytes(sizeBytes), { etag: WRONG })
    ground.destination.put('to', 'key', 'a good object')
    const error = await failure(migrateObject(ground.options('key', extra)))
    expect(error).toMatchObject({ code: 'ERR_SOURCE_INCONSISTENT', result: { verdict: 'mismatch', assurance: 'none', route: null } })
    expect(ofOperation(ground.source, 'GetObject').length).toBeGreaterThanOrEqual(2)
    expect(ground.destination.peek('to', 'key')?.toString()).toBe('a good object')
    expect(ground.destination.uploads()).toEqual([])
    // broken off, or refused
    expect(ofOperation(ground.destination, 'PutObject').filter(({ status }) => status > 0 && status < 400)).toEqual([])
    expect(ofOperation(ground.destination, 'CompleteMultipartUpload')).toEqual([])
    expect(ofOperation(ground.destination, 'DeleteObject')).toEqual([])
    expect(ground.heardNames()).toContain('object:mismatch')
  })
})
