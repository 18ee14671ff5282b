import { migrateObject } from '@sealift/core'
import type { FaultRule, S3Operation } from '@sealift/testing'
import { describe, expect, it, vi } from 'vitest'
import { failure, MIB, md5, ofOperation, openGround, patternBytes, trail } from '../copy-ground.ts'
import { bareSource } from './bare-source.ts'
import { cut, etagOfParts } from './upload-parts.ts'

const SMALL = patternBytes(300_000, 7)
const LARGE = patternBytes(11 * MIB + 3, 8)
const PARTS = { memoryBytes: 16 * MIB, partSizeBytes: 5 * MIB, layout: 'own' } as const
const on = (operation: S3Operation, action: FaultRule['action'], nth?: number, times?: number | 'always'): FaultRule => ({
  match: { operation, ...(nth === undefined ? {} : { nth }), ...(times === undefined ? {} : { times }) },
  action,
})

describe('a broken read', () => {
  it.each([
    ['held', SMALL, 123_456, {}],
    ['in parts', LARGE, 6 * MIB + 1, { ...PARTS, memoryBytes: 5 * MIB }],
  ] as const)('%s: goes on at the last byte that came, held to the ETag; no byte twice', async (_, bytes, at, extra) => {
    const ground = await openGround({ source: 'ceph' })
    ground.source.put('from', 'key', bytes)
    ground.source.setFaults([on('GetObject', { kind: 'reset', leg: 'response', at }), on('GetObject', { kind: 'truncate', leg: 'response', at: 1000 }, 2)])
    const result = await migrateObject(ground.options('key', extra))
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', attempts: 1 })
    expect(ground.destination.peek('to', 'key')?.equals(bytes)).toBe(true)
    const gets = ofOperation(ground.source, 'GetObject')
    expect(gets.map(({ status }) => status)).toEqual([200, 206, 206])
    const starts = gets.slice(1).map(({ headers }) => Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1]))
    // a reset may overtake bytes that are on their way
    expect(starts[0]).toBeLessThanOrEqual(at)
    expect(starts[1]).toBe((starts[0] ?? 0) + 1000)
    for (const { headers } of gets.slice(1)) expect(headers['if-match']).toBe(`"${md5(bytes)}"`)
    expect(result.bytesRead).toBe(bytes.length)
    expect(result.bytesWritten).toBe(bytes.length)
  })

  it('in every reply: given up after four tries of each attempt; nothing written', async () => {
    const ground = await openGround({ source: 'ceph' })
    ground.source.put('from', 'key', SMALL)
    ground.source.setFaults([on('GetObject', { kind: 'truncate', leg: 'response', at: 10 }, 1, 'always')])
    const error = await failure(migrateObject(ground.options('key', { attempts: 2 })))
    expect(error).toMatchObject({ code: 'ERR_TRANSFER', result: { verdict: 'failed', attempts: 2 } })
    expect(ofOperation(ground.source, 'GetObject').length).toBeLessThanOrEqual(8)
    expect(ground.destination.requests).toEqual([])
  })
})

describe('bytes are counted', () => {
  const etag = `"${md5(SMALL)}"`

  it('a body shorter than its object, in good order: never an object', async () => {
    const source = await bareSource(SMALL, { etag }, (get) => ({ cutAt: get === 1 ? 299_999 : 0 }))
    const ground = await openGround()
    const options = ground.options('key', { attempts: 1 })
    const error = await failure(migrateObject({ ...options, source: { ...options.source, client: source.client } }))
    expect(error).toMatchObject({ result: { verdict: 'failed' } })
    expect(ground.destination.requests).toEqual([])
  })

  it('a body longer than HEAD says: never an object', async () => {
    const source = await bareSource(SMALL, { etag }, (get) => (get === 0 ? { headers: { 'content-length': '299990' } } : { withoutLength: true }))
    const ground = await openGround()
    const options = ground.options('key', { attempts: 1 })
    const error = await failure(migrateObject({ ...options, source: { ...options.source, client: source.client } }))
    expect(error).toMatchObject({ code: 'ERR_SOURCE_CHANGED', result: { verdict: 'failed' } })
    expect(ground.destination.requests).toEqual([])
  })

  it('Complete names the whole size where the provider checks it, and nowhere else', async () => {
    for (const [destination, expected] of [
      ['aws', String(LARGE.length)],
      ['ceph', undefined],
    ] as const) {
      const ground = await openGround({ destination })
      ground.source.put('from', 'key', LARGE)
      await migrateObject(ground.options('key', PARTS))
      expect(ofOperation(ground.destination, 'CompleteMultipartUpload')[0]?.headers['x-amz-mp-object-size']).toBe(expected)
    }
  })
})

describe('a write that fails', () => {
  it.each([
    ['harmed on its way', { kind: 'flip', leg: 'request', at: 1000 }],
    ['500', { kind: 'status', status: 500, code: 'InternalError' }],
    ['reset', { kind: 'reset', leg: 'request', at: 1000 }],
    ['cut', { kind: 'truncate', leg: 'request', at: 1000 }],
    ['200 with an error', { kind: 'error-in-200' }],
  ] as const)('a part, %s: sent again, that part only', async (_, action) => {
    const ground = await openGround({ destination: 'ceph' })
    ground.source.put('from', 'key', LARGE)
    ground.destination.setFaults([{ match: { operation: 'UploadPart', partNumber: 2 }, action }])
    const result = await migrateObject(ground.options('key', PARTS))
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', attempts: 1, bytesRead: LARGE.length })
    expect(ofOperation(ground.source, 'GetObject')).toHaveLength(1)
    const parts = ofOperation(ground.destination, 'UploadPart').map(({ partNumber }) => partNumber)
    expect(parts.filter((part) => part === 2)).toHaveLength(2)
    expect(parts).toHaveLength(4)
    expect(ground.destination.peek('to', 'key')?.equals(LARGE)).toBe(true)
  })

  it('at most four tries a part, then the upload is aborted', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', LARGE)
    ground.destination.setFaults([
      { match: { operation: 'UploadPart', partNumber: 3, times: 'always' }, action: { kind: 'status', status: 500, code: 'InternalError' } },
    ])
    const error = await failure(migrateObject(ground.options('key', { ...PARTS, attempts: 1 })))
    expect(error).toMatchObject({ code: 'ERR_TRANSFER', context: { bucket: 'to', key: 'key' } })
    // a request is logged when its connection has ended, which may be a moment later
    await expect.poll(() => ofOperation(ground.destination, 'UploadPart').filter(({ partNumber }) => partNumber === 3).length).toBe(4)
    expect(ofOperation(ground.destination, 'AbortMultipartUpload').map(({ status }) => status)).toEqual([204])
    expect(ground.destination.uploads()).toEqual([])
    expect(ground.destination.keys('to')).toEqual([])
  })

  it('each part and each small object carries its MD5', async () => {
    const ground = await openGround({ destination: 'ceph' })
    ground.source.put('from', 'large', LARGE)
    ground.source.put('from', 'small', SMALL)
    await migrateObject(ground.options('large', PARTS))
    await migrateObject(ground.options('small'))
    const pieces = cut(LARGE, [5 * MIB, 5 * MIB, MIB + 3])
    const md5s = pieces.map((piece) => Buffer.from(md5(piece), 'hex').toString('base64'))
    const sent = ofOperation(ground.destination, 'UploadPart').sort((a, b) => (a.partNumber ?? 0) - (b.partNumber ?? 0))
    expect(sent.map(({ headers }) => headers['content-md5'])).toEqual(md5s)
    expect(ofOperation(ground.destination, 'PutObject')[0]?.headers['content-md5']).toBe(Buffer.from(md5(SMALL), 'hex').toString('base64'))
    for (const { headers } of [...sent, ...ofOperation(ground.destination, 'PutObject')]) {
      expect(headers['transfer-encoding']).toBeUndefined()
      expect(headers['content-encoding']).toBeUndefined()
      expect(headers['x-amz-trailer']).toBeUndefined()
    }
    expect(sent.map(({ bytesIn }) => bytesIn)).toEqual(pieces.map(({ length }) => length))
  })

  it('a source that is harmed on its way in is read again; what is written is right', async () => {
    const ground = await openGround({ source: 'ceph' })
    ground.source.put('from', 'key', SMALL)
    ground.source.setFaults([on('GetObject', { kind: 'flip', leg: 'response', at: 5 })])
    const result = await migrateObject(ground.options())
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', attempts: 2, digests: { md5: md5(SMALL) } })
    // the first is broken off
    await vi.waitFor(() =>
      expect(
        ofOperation(ground.destination, 'PutObject')
          .map(({ status }) => status)
          .sort(),
      ).toEqual([0, 200]),
    )
    expect(ground.destination.peek('to', 'key')?.equals(SMALL)).toBe(true)
  })
})

describe('a server that throttles', () => {
  it.each([
    ['source', 'GetObject', 503, 'SlowDown'],
    ['source', 'GetObject', 429, 'TooManyRequests'],
    ['destination', 'PutObject', 503, 'ServiceUnavailable'],
  ] as const)('%s %s %i: Retry-After is honoured, and `throttled` is said', async (at, operation, status, code) => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    ground[at].setFaults([on(operation, { kind: 'status', status, code, retryAfterSeconds: 1 })])
    const result = await migrateObject(ground.options())
    expect(result).toMatchObject({ verdict: 'verified', attempts: 1 })
    expect(trail(ground[at])).toEqual([`${operation} ${status}`, `${operation} 200`])
    const [first, second] = ground[at].requests
    expect((second?.startedAt ?? 0) - (first?.startedAt ?? 0)).toBeGreaterThanOrEqual(990)
    const throttled = ground.heard.filter(({ name }) => name === 'throttled').map(({ payload }) => payload as { side: string; delayMs: number })
    expect(throttled).toHaveLength(1)
    expect(throttled[0]).toMatchObject({ side: at, source: { bucket: 'from', key: 'key' } })
    expect(throttled[0]?.delayMs).toBeGreaterThanOrEqual(1000)
    expect(throttled[0]?.delayMs).toBeLessThan(1200)
  })

  it('and asks for a day: the wait is capped at a minute', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    ground.source.setFaults([on('GetObject', { kind: 'status', status: 503, code: 'SlowDown', retryAfterSeconds: 86_400 }, 1, 'always')])
    const controller = new AbortController()
    const delays: number[] = []
    ground.events.on('throttled', ({ delayMs }) => {
      delays.push(delayMs)
      controller.abort('seen')
    })
    await expect(migrateObject(ground.options('key', { signal: controller.signal }))).rejects.toBe('seen')
    expect(delays).toHaveLength(1)
    expect(delays[0]).toBeGreaterThanOrEqual(60_000)
    expect(delays[0]).toBeLessThan(60_200)
  })

  it('for ever: ERR_THROTTLED', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    ground.source.setFaults([on('GetObject', { kind: 'status', status: 503, code: 'SlowDown', retryAfterSeconds: 0 }, 1, 'always')])
    const error = await failure(migrateObject(ground.options('key', { attempts: 1 })))
    expect(error).toMatchObject({ code: 'ERR_THROTTLED', result: { verdict: 'failed' } })
    expect(ground.source.requests).toHaveLength(4)
  })
})

describe('a silent server', () => {
  it.each([
    ['a read that stalls', 'source', 'GetObject', { kind: 'stall', leg: 'response', at: 1000 }],
    ['a read without an answer', 'source', 'GetObject', { kind: 'hook', when: 'before-forward', run: () => new Promise<void>(() => {}) }],
    ['a write that is not taken', 'destination', 'PutObject', { kind: 'stall', leg: 'request', at: 0 }],
    ['a write without an answer', 'destination', 'PutObject', { kind: 'hook', when: 'before-reply', run: () => new Promise<void>(() => {}) }],
  ] as const)('%s: given up after idleTimeoutMs, and tried again', async (_, at, operation, action) => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    ground[at].setFaults([on(operation, action as FaultRule['action'])])
    const began = performance.now()
    const result = await migrateObject(ground.options('key', { idleTimeoutMs: 400 }))
    expect(result.verdict).toBe('verified')
    expect(performance.now() - began).toBeGreaterThan(390)
    expect(performance.now() - began).toBeLessThan(6_000)
    expect(ground.destination.peek('to', 'key')?.equals(SMALL)).toBe(true)
  })
})

it('an object in parts keeps the ETag that its parts make', async () => {
  const ground = await openGround()
  ground.source.put('from', 'key', LARGE)
  const result = await migrateObject(ground.options('key', PARTS))
  expect(result.destination.etag).toBe(etagOfParts(cut(LARGE, [5 * MIB, 5 * MIB, MIB + 3])))
  expect(result.parts).toEqual({ count: 3, sizeBytes: 5 * MIB, origin: 'own' })
  expect(result.route).toBe('multipart')
})
