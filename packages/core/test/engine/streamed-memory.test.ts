import { type MigrateObjectOptions, migrateObject } from '@sealift/core'
import type { FaultRule, S3Operation } from '@sealift/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { copyBuffers } from '../../src/buffer-pool.ts'
import { ChunkMemory } from '../../src/copy/chunk-memory.ts'
import { MIB, md5, ofOperation, openGround, patternBytes } from '../copy-ground.ts'
import { cut, uploadParts } from './upload-parts.ts'

const BYTES = patternBytes(21 * MIB + 7, 41)
const PART_SIZES = [7 * MIB, 7 * MIB, 7 * MIB, 7]
const SMALL_MEMORY = { memoryBytes: 5 * MIB } as const
const on = (operation: S3Operation, action: FaultRule['action'], nth = 1): FaultRule => ({ match: { operation, nth }, action })

// memory that comes back is spoiled at once: whoever still read it would send or hash other bytes
const made = new Set<ArrayBufferLike>()
let chunks = 0
beforeEach(() => {
  made.clear()
  chunks = 0
  const { take, sent } = ChunkMemory.prototype
  vi.spyOn(ChunkMemory.prototype, 'take').mockImplementation(function (this: ChunkMemory) {
    const memory = take.call(this)
    if (memory !== null) made.add(memory.buffer)
    chunks += 1
    return memory
  })
  vi.spyOn(ChunkMemory.prototype, 'sent').mockImplementation(function (this: ChunkMemory, chunk) {
    chunk.fill(0xdb)
    sent.call(this, chunk)
  })
  const { give } = copyBuffers
  vi.spyOn(copyBuffers, 'give').mockImplementation((buffer) => {
    buffer.fill(0xdb)
    give.call(copyBuffers, buffer)
  })
})
afterEach(() => {
  vi.restoreAllMocks()
  expect(copyBuffers.lent).toBe(0)
})

type Extra = Partial<Omit<MigrateObjectOptions, 'source' | 'destination'>>

describe('an object that is sent as it is read', () => {
  it.each<[string, Extra, number]>([
    ['both directly', {}, 8],
    ['both directly, read back, of two reads', { verify: { readBack: 'always', secondRead: 'always' } }, 8],
    ['both by the SDK, which does not read into memory of ours', { transport: 'sdk' }, 0],
    ['at a pace', { bytesPerSecond: 64 * MIB }, 0],
  ])('%s: every chunk goes out as it came, out of %3$d buffers at most', async (_, extra, mostBuffers) => {
    const ground = await openGround({ source: 'ceph', destination: 'ceph' })
    ground.source.put('from', 'key', BYTES)
    const result = await migrateObject(ground.options('key', { ...SMALL_MEMORY, ...extra }))
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', route: 'single', digests: { md5: md5(BYTES) } })
    expect(ground.destination.peek('to', 'key')?.equals(BYTES)).toBe(true)
    expect(made.size).toBeLessThanOrEqual(mostBuffers)
    if (mostBuffers > 0) expect(chunks).toBeGreaterThan(mostBuffers * 3)
  })

  it('from a direct source to a destination that does not tell: memory of ours is not taken any more', async () => {
    const ground = await openGround({ source: 'ceph', destination: 'ceph' })
    ground.source.put('from', 'key', BYTES)
    // the SDK's: the direct path cannot know what it does
    ground.destinationClient.middlewareStack.add((next) => (args) => next(args), { step: 'build', name: 'callers-own' })
    const result = await migrateObject(ground.options('key', { ...SMALL_MEMORY, transport: 'auto' }))
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', digests: { md5: md5(BYTES) } })
    expect(ground.destination.peek('to', 'key')?.equals(BYTES)).toBe(true)
    expect(chunks).toBeGreaterThan(made.size)
    expect(made.size).toBe(8)
  })

  it.each<[string, 'source' | 'destination', FaultRule[]]>([
    [
      'a read that breaks twice',
      'source',
      [on('GetObject', { kind: 'reset', leg: 'response', at: 9 * MIB + 1 }), on('GetObject', { kind: 'truncate', leg: 'response', at: 1 }, 2)],
    ],
    ['a byte harmed on its way in', 'source', [on('GetObject', { kind: 'flip', leg: 'response', at: 9 * MIB })]],
    ['a byte harmed on its way out', 'destination', [on('PutObject', { kind: 'flip', leg: 'request', at: 9 * MIB })]],
    ['a connection that breaks on the way out', 'destination', [on('PutObject', { kind: 'reset', leg: 'request', at: 9 * MIB })]],
  ])('after %s, too', async (_, at, rules) => {
    const ground = await openGround({ source: 'ceph', destination: 'ceph' })
    ground.source.put('from', 'key', BYTES)
    ground[at].setFaults(rules)
    const result = await migrateObject(ground.options('key', SMALL_MEMORY))
    expect(ground[at].firedFaults).toHaveLength(rules.length)
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', digests: { md5: md5(BYTES) } })
    expect(ground.destination.peek('to', 'key')?.equals(BYTES)).toBe(true)
    expect(ofOperation(ground.destination, 'PutObject').at(-1)?.status).toBe(200)
  })
})

describe('a line that is slow or stalls', () => {
  it('what came before a stall is not asked for again', async () => {
    const ground = await openGround({ source: 'ceph', destination: 'ceph' })
    ground.source.put('from', 'key', BYTES)
    // less than a chunk each
    const [first, second] = [300_001, 300_002]
    ground.source.setFaults([
      on('GetObject', { kind: 'stall', leg: 'response', at: first }, 1),
      on('GetObject', { kind: 'stall', leg: 'response', at: second }, 2),
    ])
    const result = await migrateObject(ground.options('key', { ...SMALL_MEMORY, idleTimeoutMs: 300 }))
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', digests: { md5: md5(BYTES) }, bytesRead: BYTES.length })
    const gets = ofOperation(ground.source, 'GetObject').map(({ headers }) => headers.range)
    expect(gets).toEqual([undefined, `bytes=${first}-`, `bytes=${first + second}-`])
  })
})

describe('parts that are sent as they are read', () => {
  it.each<[string, FaultRule[]]>([
    ['all in order', []],
    ['one that breaks on its way out', [on('UploadPart', { kind: 'reset', leg: 'request', at: 4 * MIB }, 2)]],
  ])('%s: every chunk goes out as it came', async (_, rules) => {
    const ground = await openGround()
    const etag = await uploadParts(ground.sourceClient, { bucket: 'from', key: 'key' }, cut(BYTES, PART_SIZES))
    ground.destination.setFaults(rules)
    const result = await migrateObject(ground.options('key', SMALL_MEMORY))
    expect(ground.destination.firedFaults).toHaveLength(rules.length)
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', destination: { etag }, digests: { md5: md5(BYTES) } })
    expect(ground.destination.peek('to', 'key')?.equals(BYTES)).toBe(true)
    expect(chunks).toBeGreaterThan(40)
    expect(made.size).toBeLessThan(chunks / 2)
  })
})
