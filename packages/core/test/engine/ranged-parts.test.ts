import { migrateObject, type ProviderProfile } from '@sealift/core'
import type { FaultRule, S3Operation } from '@sealift/testing'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { copyBuffers } from '../../src/buffer-pool.ts'
import { failure, MIB, md5, ofOperation, openGround, patternBytes } from '../copy-ground.ts'

const BYTES = patternBytes(17 * MIB + 3, 21)
const SMALL = patternBytes(300_000, 22)
const PARTS = { memoryBytes: 16 * MIB, partSizeBytes: 5 * MIB, layout: 'own' } as const
const on = (operation: S3Operation, action: FaultRule['action'], nth: number, times?: number | 'always'): FaultRule => ({
  match: { operation, nth, ...(times === undefined ? {} : { times }) },
  action,
})

// a buffer that comes back is spoiled at once: whoever still read it would send or hash other bytes
const lent = new Set<Uint8Array>()
const complaints: string[] = []
beforeEach(() => {
  lent.clear()
  complaints.length = 0
  const { take, give, forget } = copyBuffers
  vi.spyOn(copyBuffers, 'take').mockImplementation((sizeBytes) => {
    const buffer = take.call(copyBuffers, sizeBytes)
    if (lent.has(buffer)) complaints.push('lent to two users')
    lent.add(buffer)
    return buffer
  })
  vi.spyOn(copyBuffers, 'give').mockImplementation((buffer) => {
    if (!lent.delete(buffer)) complaints.push('given back twice')
    buffer.fill(0xdb)
    give.call(copyBuffers, buffer)
  })
  vi.spyOn(copyBuffers, 'forget').mockImplementation((buffer) => {
    if (!lent.delete(buffer)) complaints.push('forgotten, and not lent')
    forget.call(copyBuffers, buffer)
  })
})
afterEach(() => {
  vi.restoreAllMocks()
  expect([complaints, lent.size]).toEqual([[], 0])
})

describe('a large object', () => {
  it('is read by one request a part, held to its ETag, and hashed in order', async () => {
    const ground = await openGround({ source: 'ceph' })
    ground.source.put('from', 'key', BYTES)
    const result = await migrateObject(ground.options('key', PARTS))
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', attempts: 1, digests: { md5: md5(BYTES) }, parts: { count: 4 } })
    expect(ground.destination.peek('to', 'key')?.equals(BYTES)).toBe(true)
    const gets = ofOperation(ground.source, 'GetObject')
    expect(gets.map(({ headers }) => headers.range).sort()).toEqual(['bytes=10485760-15728639', `bytes=15728640-`, 'bytes=5242880-10485759', undefined])
    expect(gets.filter(({ headers }) => headers['if-match'] === `"${md5(BYTES)}"`)).toHaveLength(3)
    expect(ofOperation(ground.destination, 'UploadPart')).toHaveLength(4)
    expect([result.bytesRead, result.bytesWritten]).toEqual([BYTES.length, BYTES.length])
  })

  it.each([
    ['no range', { range: 'candidate', ifMatch: 'yes' }],
    ['no condition', { range: 'yes', ifMatch: 'candidate' }],
  ] as const)('is read by one request where the source is known for %s', async (_, reads) => {
    const ground = await openGround({ source: 'ceph' })
    ground.source.put('from', 'key', BYTES)
    const options = ground.options('key', PARTS)
    const profile: ProviderProfile = { ...options.source.profile, reads: { ...options.source.profile.reads, ...reads } }
    const result = await migrateObject({ ...options, source: { ...options.source, profile } })
    expect(result.verdict).toBe('verified')
    expect(ofOperation(ground.source, 'GetObject')).toHaveLength(1)
  })

  it('a range that breaks goes on at its last byte; the others are not read again', async () => {
    const ground = await openGround({ source: 'ceph' })
    ground.source.put('from', 'key', BYTES)
    ground.source.setFaults([on('GetObject', { kind: 'truncate', leg: 'response', at: 2 * MIB }, 2), on('GetObject', { kind: 'status', status: 503 }, 3)])
    const result = await migrateObject(ground.options('key', PARTS))
    expect(result).toMatchObject({ verdict: 'verified', attempts: 1, bytesRead: BYTES.length })
    expect(ofOperation(ground.source, 'GetObject')).toHaveLength(6)
  })

  it('a part that cannot be written ends the others; no upload is left', async () => {
    const ground = await openGround({ source: 'ceph' })
    ground.source.put('from', 'key', BYTES)
    ground.destination.setFaults([on('UploadPart', { kind: 'status', status: 403 }, 2)])
    const error = await failure(migrateObject(ground.options('key', PARTS)))
    expect(error).toMatchObject({ code: 'ERR_ACCESS_DENIED', result: { verdict: 'failed' } })
    expect(ground.destination.uploads()).toEqual([])
  })

  it('an abort ends all of it', async () => {
    const ground = await openGround({ source: 'ceph' })
    ground.source.put('from', 'key', BYTES)
    ground.destination.setFaults([on('UploadPart', { kind: 'stall', leg: 'response', at: 0 }, 1)])
    const abort = new AbortController()
    const reason = new Error('enough')
    ground.events.on('part:completed', () => abort.abort(reason))
    await expect(migrateObject(ground.options('key', { ...PARTS, signal: abort.signal }))).rejects.toBe(reason)
    expect(ground.destination.uploads()).toEqual([])
  })
})

describe('buffers', () => {
  it('go to one user at a time and all come back, whatever breaks', { timeout: 120_000 }, async () => {
    const action = fc.constantFrom<FaultRule['action']>(
      { kind: 'reset', leg: 'response', at: 70_000 },
      { kind: 'truncate', leg: 'response', at: 150_000 },
      { kind: 'reset', leg: 'request', at: 100_000 },
      { kind: 'status', status: 503 },
      { kind: 'status', status: 403 },
      { kind: 'lost-reply' },
      { kind: 'flip', leg: 'response', at: 1000 },
      { kind: 'flip', leg: 'request', at: 1000 },
    )
    const fault = fc.tuple(fc.constantFrom<'source' | 'destination'>('source', 'destination'), fc.integer({ min: 1, max: 5 }), action)
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(fault, { minLength: 1, maxLength: 3 }), async (large, faults) => {
        const ground = await openGround({ source: 'ceph', destination: 'ceph' })
        const bytes = large ? BYTES : SMALL
        ground.source.put('from', 'key', bytes)
        const rules = (at: 'source' | 'destination', operation: S3Operation): FaultRule[] =>
          faults.filter(([side]) => side === at).map(([, nth, what]) => on(operation, what, nth))
        ground.source.setFaults(rules('source', 'GetObject'))
        ground.destination.setFaults(rules('destination', large ? 'UploadPart' : 'PutObject'))
        const result = await migrateObject({ ...ground.options('key', large ? PARTS : {}), accept: ['verified', 'failed', 'unverified', 'mismatch'] })
        if (result.verdict === 'verified') expect(ground.destination.peek('to', 'key')?.equals(bytes)).toBe(true)
        else expect(result.verdict).toBe('failed')
        expect([complaints, lent.size]).toEqual([[], 0])
        expect(ground.destination.uploads()).toEqual([])
        await ground.source.close()
        await ground.destination.close()
      }),
      { numRuns: 12, endOnFailure: true },
    )
  })
})
