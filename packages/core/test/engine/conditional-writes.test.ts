import { PutBucketVersioningCommand } from '@aws-sdk/client-s3'
import { migrateObject } from '@sealift/core'
import type { FaultAction, FaultRule, PersonalityName, S3Operation } from '@sealift/testing'
import { describe, expect, it } from 'vitest'
import { type CopyGround, MIB, ofOperation, openGround, patternBytes, trail } from '../copy-ground.ts'

const SMALL = patternBytes(50_000, 21)
const LARGE = patternBytes(11 * MIB, 22)
const PARTS = { memoryBytes: 16 * MIB, partSizeBytes: 5 * MIB, layout: 'own' } as const
const EVERY: readonly PersonalityName[] = ['aws', 'ceph', 'swift', 'minio', 'r2']
const on = (operation: S3Operation, action: FaultAction, nth = 1): FaultRule => ({ match: { operation, nth }, action })
const SHAPES = [
  ['one PUT', SMALL, {}],
  ['parts', LARGE, PARTS],
] as const

describe.each(EVERY)("overwrite: 'never' on %s", (destination) => {
  describe.each(SHAPES)('%s', (shape, bytes, extra) => {
    const write = shape === 'parts' ? 'CompleteMultipartUpload' : 'PutObject'

    it('a key that is free is written', async () => {
      const ground = await openGround({ destination })
      ground.source.put('from', 'key', bytes)
      const result = await migrateObject(ground.options('key', { ...extra, overwrite: 'never' }))
      expect(result).toMatchObject({ verdict: 'verified' })
      expect(ground.destination.peek('to', 'key')?.equals(bytes)).toBe(true)
    })

    it('somebody else’s object stays: skipped', async () => {
      const ground = await openGround({ destination })
      ground.source.put('from', 'key', bytes)
      ground.destination.put('to', 'key', 'theirs')
      const result = await migrateObject(ground.options('key', { ...extra, overwrite: 'never' }))
      expect(result).toMatchObject({ verdict: 'skipped', assurance: 'none', route: null, error: { code: 'ERR_DESTINATION_EXISTS' } })
      expect(ground.destination.peek('to', 'key')?.toString()).toBe('theirs')
      expect(ground.destination.uploads()).toEqual([])
      expect(ground.heardNames()).toContain('object:skipped')
      expect(await ground.rows()).toMatchObject([{ verdict: 'skipped', error: { code: 'ERR_DESTINATION_EXISTS' } }])
    })

    it('our own first try that was done is not somebody else’s', async () => {
      const ground = await openGround({ destination })
      ground.source.put('from', 'key', bytes)
      ground.destination.setFaults([on(write, { kind: 'lost-reply' })])
      const result = await migrateObject(ground.options('key', { ...extra, overwrite: 'never' }))
      expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end' })
      expect(ground.destination.peek('to', 'key')?.equals(bytes)).toBe(true)
      expect(ground.destination.uploads()).toEqual([])
    })

    it('who writes while the source is read is kept', async () => {
      const ground = await openGround({ destination })
      ground.source.put('from', 'key', bytes)
      ground.source.setFaults([
        on('GetObject', { kind: 'hook', when: 'during-reply', afterBytes: 10, run: () => ground.destination.put('to', 'key', 'theirs') }),
      ])
      const result = await migrateObject(ground.options('key', { ...extra, overwrite: 'never' }))
      expect(result).toMatchObject({ verdict: 'skipped', error: { code: 'ERR_DESTINATION_EXISTS' } })
      expect(ground.destination.peek('to', 'key')?.toString()).toBe('theirs')
      expect(ground.destination.uploads()).toEqual([])
    })

    it('who writes while the store has us wait is kept', async () => {
      const ground = await openGround({ destination })
      ground.source.put('from', 'key', bytes)
      ground.destination.setFaults([on(write, { kind: 'status', status: 503, code: 'SlowDown' })])
      const options = ground.options('key', { ...extra, overwrite: 'never' })
      ground.events.on('throttled', () => ground.destination.put('to', 'key', 'theirs'))
      const result = await migrateObject(options)
      expect(result).toMatchObject({ verdict: 'skipped', error: { code: 'ERR_DESTINATION_EXISTS' } })
      expect(ground.destination.peek('to', 'key')?.toString()).toBe('theirs')
      expect(ground.destination.uploads()).toEqual([])
    })
  })
})

describe("overwrite: 'never' in a versioned bucket of ceph, whose PUT ignores the condition there", () => {
  const versioned = async (): Promise<CopyGround> => {
    const ground = await openGround({ destination: 'ceph' })
    await ground.destinationClient.send(new PutBucketVersioningCommand({ Bucket: 'to', VersioningConfiguration: { Status: 'Enabled' } }))
    ground.source.put('from', 'key', SMALL)
    return ground
  }

  it('a HEAD is asked right before the PUT: who writes while the source is read is kept', async () => {
    const ground = await versioned()
    ground.source.setFaults([on('GetObject', { kind: 'hook', when: 'during-reply', afterBytes: 10, run: () => ground.destination.put('to', 'key', 'theirs') })])
    const result = await migrateObject(ground.options('key', { overwrite: 'never' }))
    expect(result).toMatchObject({ verdict: 'skipped', error: { code: 'ERR_DESTINATION_EXISTS' } })
    expect(ofOperation(ground.destination, 'PutObject')).toEqual([])
  })

  it('the condition goes with the PUT all the same, and the race that remains is in the record', async () => {
    const ground = await versioned()
    const result = await migrateObject(ground.options('key', { overwrite: 'never' }))
    expect(result.verdict).toBe('verified')
    expect(ofOperation(ground.destination, 'PutObject').map(({ headers }) => headers['if-none-match'])).toEqual(['*'])
    expect(result.evidence.filter(({ reason }) => reason?.includes('an object written between HEAD and this write') === true)).toHaveLength(1)
  })

  it('without versioning the condition is heeded: no race is recorded', async () => {
    const ground = await openGround({ destination: 'ceph' })
    ground.source.put('from', 'key', SMALL)
    const result = await migrateObject(ground.options('key', { overwrite: 'never' }))
    expect(result.verdict).toBe('verified')
    expect(result.evidence.filter(({ reason }) => reason?.includes('an object written between HEAD and this write') === true)).toEqual([])
  })
})

describe("overwrite: 'never'", () => {
  it('sends the condition where it is heeded', async () => {
    const ground = await openGround()
    ground.source.put('from', 'small', SMALL)
    ground.source.put('from', 'large', LARGE)
    await migrateObject(ground.options('small', { overwrite: 'never' }))
    await migrateObject(ground.options('large', { ...PARTS, overwrite: 'never' }))
    for (const operation of ['PutObject', 'CompleteMultipartUpload']) {
      expect(ofOperation(ground.destination, operation).map(({ headers }) => headers['if-none-match'])).toEqual(['*'])
    }
  })

  it('on swift no condition goes with PUT: a HEAD comes first', async () => {
    const ground = await openGround({ destination: 'swift' })
    ground.source.put('from', 'key', SMALL)
    await migrateObject(ground.options('key', { overwrite: 'never' }))
    const asked = trail(ground.destination)
    expect(asked.indexOf('HeadObject 404')).toBeLessThan(asked.indexOf('PutObject 200'))
    expect(ofOperation(ground.destination, 'PutObject')[0]?.headers['if-none-match']).toBeUndefined()
  })

  it('on ceph, where Complete ignores the condition: HEAD before Create and before Complete', async () => {
    const ground = await openGround({ destination: 'ceph' })
    ground.source.put('from', 'key', LARGE)
    const result = await migrateObject(ground.options('key', { ...PARTS, overwrite: 'never' }))
    // the race that remains is in the record, and does not weigh
    expect(result.verdict).toBe('verified')
    expect(result.evidence.some(({ reason }) => reason?.includes('an object written between HEAD and this write') === true)).toBe(true)
    const asked = trail(ground.destination)
    const create = asked.indexOf('CreateMultipartUpload 200')
    const complete = asked.indexOf('CompleteMultipartUpload 200')
    expect(asked.slice(0, create)).toContain('HeadObject 404')
    expect(asked.slice(create, complete)).toContain('HeadObject 404')
  })

  it('a row and an error that say which object, and that policy did it', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    ground.destination.put('to', 'key', 'theirs')
    const result = await migrateObject(ground.options('key', { overwrite: 'never' }))
    expect(result.error?.message).toBe("destination to/key exists already, and overwrite is 'never'")
  })
})

describe("overwrite: 'if-different'", () => {
  it.each(SHAPES)('%s: what is proved equal is skipped, nothing written', async (_, bytes, extra) => {
    const ground = await openGround()
    ground.source.put('from', 'key', bytes)
    ground.destination.put('to', 'key', bytes)
    const result = await migrateObject(ground.options('key', { ...extra, overwrite: 'if-different' }))
    expect(result).toMatchObject({ verdict: 'skipped' })
    expect(result.error).toBeUndefined()
    expect(result.evidence.some(({ leg, outcome }) => leg === 'destination' && outcome === 'match')).toBe(true)
    expect(ground.destination.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([])
  })

  it('a different object is written over', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    ground.destination.put('to', 'key', patternBytes(SMALL.length, 99))
    const result = await migrateObject(ground.options('key', { overwrite: 'if-different' }))
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end' })
    expect(ground.destination.peek('to', 'key')?.equals(SMALL)).toBe(true)
  })

  it('one that only looks equal (same ETag, corrupted at rest) is written over where it was read', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    ground.destination.put('to', 'key', SMALL)
    ground.destination.corruptAtRest('to', 'key', 5)
    const result = await migrateObject(ground.options('key', { overwrite: 'if-different', verify: { readBack: 'always' } }))
    expect(result).toMatchObject({ verdict: 'verified' })
    expect(ground.destination.peek('to', 'key')?.equals(SMALL)).toBe(true)
  })

  it.each(['when-needed', 'always', 'never'] as const)('a key that is free is written (readBack: %s)', async (readBack) => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    expect(await migrateObject(ground.options('key', { overwrite: 'if-different', verify: { readBack } }))).toMatchObject({ verdict: 'verified' })
  })
})
