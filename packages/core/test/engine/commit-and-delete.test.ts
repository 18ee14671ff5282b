import { DeleteObjectCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3'
import { type MigrateObjectOptions, migrateObject } from '@sealift/core'
import type { FaultAction, FaultRule, S3Operation } from '@sealift/testing'
import { describe, expect, it } from 'vitest'
import { failure, MIB, ofOperation, openGround, patternBytes } from '../copy-ground.ts'

const SMALL = patternBytes(50_000, 51)
const LARGE = patternBytes(11 * MIB, 52)
const PARTS = { memoryBytes: 16 * MIB, partSizeBytes: 5 * MIB, layout: 'own' } as const
const READ_BACK = { verify: { readBack: 'always' } } as const
const on = (operation: S3Operation, action: FaultAction, times: number | 'always' = 1, nth = 1): FaultRule => ({ match: { operation, nth, times }, action })
const AT_REST = { kind: 'flip', leg: 'rest', at: 77 } as const

const SHAPES: readonly (readonly [string, Buffer, Partial<MigrateObjectOptions>, 'PutObject' | 'UploadPart'])[] = [
  ['one PUT', SMALL, {}, 'PutObject'],
  ['parts', LARGE, PARTS, 'UploadPart'],
]

describe.each(SHAPES)('corrupted at rest: %s', (_, bytes, extra, write) => {
  it('once: found by the read-back, copied again, verified', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', bytes)
    ground.destination.setFaults([on(write, AT_REST)])
    const result = await migrateObject(ground.options('key', { ...extra, ...READ_BACK }))
    expect(result).toMatchObject({ verdict: 'verified', attempts: 2 })
    expect(ground.destination.peek('to', 'key')?.equals(bytes)).toBe(true)
    // what was found wrong stays in the record
    expect(result.evidence).toContainEqual(expect.objectContaining({ leg: 'destination', outcome: 'not-comparable', reason: 'overturned' }))
  })

  it('always: mismatch, and our own object is deleted by If-Match', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', bytes)
    ground.destination.setFaults([on(write, AT_REST, 'always')])
    const error = await failure(migrateObject(ground.options('key', { ...extra, ...READ_BACK, attempts: 2 })))
    expect(error).toMatchObject({ code: 'ERR_INTEGRITY_MISMATCH', result: { verdict: 'mismatch', assurance: 'none', attempts: 2 } })
    const wrong = ofOperation(ground.destination, 'HeadObject').length
    expect(wrong).toBeGreaterThanOrEqual(1)
    const [deleted, ...more] = ofOperation(ground.destination, 'DeleteObject')
    expect(more).toEqual([])
    expect(deleted?.headers['if-match']).toMatch(/^"[0-9a-f]{32}(-3)?"$/)
    expect(ground.destination.keys('to')).toEqual([])
    expect(ground.heardNames()).toContain('object:mismatch')
    expect(await ground.rows()).toMatchObject([{ verdict: 'mismatch', error: { code: 'ERR_INTEGRITY_MISMATCH' } }])
  })

  it("always, onMismatch: 'keep': it stays", async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', bytes)
    ground.destination.setFaults([on(write, AT_REST, 'always')])
    const error = await failure(migrateObject(ground.options('key', { ...extra, ...READ_BACK, attempts: 1, onMismatch: 'keep' })))
    expect(error).toMatchObject({ code: 'ERR_INTEGRITY_MISMATCH', result: { verdict: 'mismatch' } })
    expect(ofOperation(ground.destination, 'DeleteObject')).toEqual([])
    expect(ground.destination.peek('to', 'key')?.length).toBe(bytes.length)
  })
})

describe('delete only what is ours', () => {
  it('somebody else’s object that came in between is not deleted', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    ground.destination.setFaults([
      on('PutObject', AT_REST, 'always'),
      // read back twice; the HEAD that decides over the deletion comes after
      on('HeadObject', { kind: 'hook', when: 'before-forward', run: () => ground.destination.put('to', 'key', 'theirs') }, 'always'),
    ])
    const error = await failure(migrateObject(ground.options('key', { ...READ_BACK, attempts: 1 })))
    expect(error.result).toMatchObject({ verdict: 'mismatch' })
    expect(ground.destination.peek('to', 'key')?.toString()).toBe('theirs')
    expect(ofOperation(ground.destination, 'DeleteObject')).toEqual([])
    expect(JSON.stringify(error.result)).toContain('kept: another object is there by now')
  })

  it('a write without a reply: nothing is deleted', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    const options = ground.options('key', { ...READ_BACK, attempts: 1 })
    // carried out, corrupted at rest, and its replies lost, all four times
    ground.destination.setFaults([
      on('PutObject', { kind: 'lost-reply' }, 'always'),
      on('HeadObject', { kind: 'hook', when: 'before-forward', run: () => ground.destination.corruptAtRest('to', 'key', 3) }),
    ])
    const error = await failure(migrateObject(options))
    expect(error.result).toMatchObject({ verdict: 'mismatch' })
    expect(JSON.stringify(error.result)).toContain('no reply of our own write names it')
    expect(ofOperation(ground.destination, 'DeleteObject')).toEqual([])
    expect(ground.destination.peek('to', 'key')).not.toBeNull()
  })

  it('in a bucket with versions: that version, and no delete marker', async () => {
    const ground = await openGround()
    await ground.destinationClient.send(new PutBucketVersioningCommand({ Bucket: 'to', VersioningConfiguration: { Status: 'Enabled' } }))
    ground.source.put('from', 'key', SMALL)
    ground.destination.put('to', 'key', 'the version before')
    ground.destination.setFaults([on('PutObject', AT_REST, 'always')])
    const error = await failure(migrateObject(ground.options('key', { ...READ_BACK, attempts: 1 })))
    expect(error.result).toMatchObject({ verdict: 'mismatch' })
    const deleted = ofOperation(ground.destination, 'DeleteObject')
    expect(deleted).toHaveLength(1)
    expect(deleted[0]?.query['versionId']).toBeTruthy()
    expect(ground.destination.peek('to', 'key')?.toString()).toBe('the version before')
  })

  it('what may not be deleted is said', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    ground.destination.setFaults([on('PutObject', AT_REST, 'always'), on('DeleteObject', { kind: 'status', status: 403, code: 'AccessDenied' }, 'always')])
    const error = await failure(migrateObject(ground.options('key', { ...READ_BACK, attempts: 1 })))
    expect(error.result).toMatchObject({ verdict: 'mismatch' })
    expect(JSON.stringify(error.result)).toContain('kept: it is locked, retained, or may not be deleted')
  })

  it('where DELETE ignores If-Match (ceph), the remaining race is recorded', async () => {
    const ground = await openGround({ destination: 'ceph' })
    ground.source.put('from', 'key', SMALL)
    ground.destination.setFaults([on('PutObject', AT_REST, 'always')])
    const error = await failure(migrateObject(ground.options('key', { ...READ_BACK, attempts: 1 })))
    expect(error.result).toMatchObject({ verdict: 'mismatch' })
    expect(JSON.stringify(error.result)).toContain('a write between HEAD and DELETE would have been lost')
    expect(ground.destination.keys('to')).toEqual([])
  })
})

describe('another identity at the destination', () => {
  it('a second writer after our PUT: unverified after settleMs, nothing deleted', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    ground.destination.setFaults([on('PutObject', { kind: 'second-writer', when: 'after', body: 'theirs' }, 'always')])
    const began = performance.now()
    const error = await failure(migrateObject(ground.options('key', { ...READ_BACK, settleMs: 1_200 })))
    expect(performance.now() - began).toBeGreaterThan(400)
    expect(error).toMatchObject({ code: 'ERR_DESTINATION_CHANGED', result: { verdict: 'unverified' } })
    expect(ground.destination.peek('to', 'key')?.toString()).toBe('theirs')
    expect(ofOperation(ground.destination, 'DeleteObject')).toEqual([])
  })

  it('a HEAD that is behind: asked until it settles', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', LARGE)
    ground.destination.put('to', 'key', 'the object before')
    ground.destination.setFaults([on('HeadObject', { kind: 'stale-head', head: 'previous' }, 2)])
    const result = await migrateObject(ground.options('key', { ...PARTS, settleMs: 5_000 }))
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end' })
    expect(ofOperation(ground.destination, 'HeadObject').length).toBeGreaterThanOrEqual(3)
  })

  it('the object is gone right after: unverified', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', LARGE)
    const gone = async (): Promise<void> => {
      await ground.destinationClient.send(new DeleteObjectCommand({ Bucket: 'to', Key: 'key' }))
    }
    ground.destination.setFaults([on('HeadObject', { kind: 'hook', when: 'before-forward', run: gone })])
    const error = await failure(migrateObject(ground.options('key', { ...PARTS, settleMs: 700 })))
    expect(error).toMatchObject({ code: 'ERR_DESTINATION_CHANGED', result: { verdict: 'unverified', destination: { etag: expect.anything() } } })
  })
})
