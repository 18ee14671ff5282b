import { AsyncLocalStorage } from 'node:async_hooks'
import diagnosticsChannel from 'node:diagnostics_channel'
import { type MigrateObjectOptions, migrateObject, reportToConsole, verifyObject } from '@sealift/core'
import { describe, expect, it } from 'vitest'
import { EVENT_NAMES, failure, MIB, openGround, patternBytes } from '../copy-ground.ts'

const SMALL = patternBytes(40_000, 71)
const LARGE = patternBytes(11 * MIB, 72)
const PARTS = { memoryBytes: 16 * MIB, partSizeBytes: 5 * MIB, layout: 'own' } as const

describe('events', () => {
  it('of a small object: started, progress, verified', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    const result = await migrateObject(ground.options('key', { taskId: 'task-7' }))
    const names = ground.heardNames()
    expect(names[0]).toBe('object:started')
    expect(names.at(-1)).toBe('object:verified')
    expect(new Set(names.slice(1, -1))).toEqual(new Set(['object:progress']))
    const subject = { taskId: 'task-7', source: { bucket: 'from', key: 'key' }, destination: { bucket: 'to', key: 'key' } }
    expect(ground.heard[0]?.payload).toEqual(subject)
    expect(ground.heard.at(-1)?.payload).toEqual({ ...subject, result })
    for (const { payload } of ground.heard) expect(payload).toMatchObject(subject)
  })

  it('of an object in parts: each part once, progress that never goes back', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', LARGE)
    await migrateObject(ground.options('key', PARTS))
    const parts = ground.heard.filter(({ name }) => name === 'part:completed').map(({ payload }) => payload as { partNumber: number; sizeBytes: number })
    expect(parts.map(({ partNumber }) => partNumber).sort()).toEqual([1, 2, 3])
    expect(parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBe(LARGE.length)
    const progress = ground.heard
      .filter(({ name }) => name === 'object:progress')
      .map(({ payload }) => payload as { bytesRead: number; bytesWritten: number; sizeBytes: number })
    expect(progress.length).toBeGreaterThanOrEqual(1)
    for (const [index, now] of progress.entries()) {
      const before = progress[index - 1]
      expect(now.sizeBytes).toBe(LARGE.length)
      expect(now.bytesRead).toBeGreaterThanOrEqual(before?.bytesRead ?? 0)
      expect(now.bytesRead).toBeLessThanOrEqual(LARGE.length)
      expect(now.bytesWritten).toBeGreaterThanOrEqual(before?.bytesWritten ?? 0)
      expect(now.bytesWritten).toBeLessThanOrEqual(now.bytesRead)
    }
  })

  it.each(['direct', 'sdk'] as const)('of copies side by side, by the %s transport: each in the asynchronous context of its own call', async (transport) => {
    const ground = await openGround()
    const context = new AsyncLocalStorage<string>()
    const heard: { readonly name: string; readonly key: string; readonly context: string | undefined }[] = []
    for (const name of EVENT_NAMES) {
      ground.events.on(name, (payload: object) => {
        const { source } = payload as { readonly source: { readonly key: string } }
        heard.push({ name, key: source.key, context: context.getStore() })
      })
    }
    const copy = async (key: string): Promise<void> => {
      ground.source.put('from', key, LARGE)
      const { store: _, ...options }: MigrateObjectOptions = ground.options(key, { transport })
      await context.run(key, () => migrateObject(options))
    }
    // the second ones go over connections that the first ones opened
    for (const wave of ['a', 'b']) await Promise.all([1, 2, 3].map((number) => copy(`${wave}${number}`)))
    expect(new Set(heard.map(({ name }) => name))).toEqual(new Set(['object:started', 'object:progress', 'object:verified']))
    expect(heard.filter((event) => event.context !== event.key)).toEqual([])
  })

  it('of a retry: what, why, and how long', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    ground.destination.setFaults([{ match: { operation: 'PutObject' }, action: { kind: 'status', status: 500, code: 'InternalError' } }])
    await migrateObject(ground.options())
    const retries = ground.heard.filter(({ name }) => name === 'object:retry').map(({ payload }) => payload)
    expect(retries).toEqual([expect.objectContaining({ attempt: 1, reason: expect.stringContaining('InternalError'), delayMs: expect.any(Number) })])
    expect(ground.heardNames()).not.toContain('throttled')
  })

  it('one ending each: verified, mismatch, unverified, failed, skipped', async () => {
    const endings = async (key: string, extra = {}): Promise<string[]> => {
      const ground = await openGround({ source: 'ceph' })
      ground.source.put('from', 'key', SMALL)
      ground.source.put('from', 'wrong', SMALL, { etag: '0'.repeat(32) })
      ground.source.put('from', 'opaque', SMALL, { etag: 'opaque-etag' })
      ground.destination.put('to', 'key', 'there')
      await migrateObject(ground.options(key, { attempts: 2, ...extra })).catch(() => {})
      return ground.heardNames().filter((name) => /^object:(verified|mismatch|unverified|failed|skipped)$/.test(name))
    }
    expect(await endings('key')).toEqual(['object:verified'])
    expect(await endings('wrong')).toEqual(['object:mismatch'])
    expect(await endings('opaque', { verify: { secondRead: 'never' } })).toEqual(['object:unverified'])
    expect(await endings('nothing')).toEqual(['object:failed'])
    expect(await endings('key', { overwrite: 'never' })).toEqual(['object:skipped'])
  })

  it('a listener that throws, or rejects, changes nothing', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', LARGE)
    let thrown = 0
    for (const name of EVENT_NAMES) {
      ground.events.prependListener(name, () => {
        thrown++
        throw new Error('listener')
      })
    }
    const result = await migrateObject(ground.options('key', PARTS))
    expect(result).toMatchObject({ verdict: 'verified', attempts: 1 })
    expect(thrown).toBeGreaterThanOrEqual(6)
    // the listeners behind it hear all the same
    expect(ground.heardNames().at(-1)).toBe('object:verified')
  })

  it('once() hears once', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    let heard = 0
    ground.events.once('object:started', () => heard++)
    await migrateObject(ground.options())
    await migrateObject(ground.options())
    expect(heard).toBe(1)
  })

  it('a result cannot be changed through an event', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    ground.events.on('object:verified', (event) => {
      try {
        Object.assign(event, { taskId: 'mine' })
      } catch {
        // frozen is as good
      }
    })
    const result = await migrateObject(ground.options('key', { taskId: 'task' }))
    expect(result.taskId).toBe('task')
  })
})

describe('diagnostics_channel', () => {
  it('says every event as sealift:<name>, with the same payload, with or without `events`', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', LARGE)
    const said: { name: string; payload: unknown }[] = []
    const listeners = EVENT_NAMES.map((name) => [`sealift:${name}`, (payload: unknown) => said.push({ name, payload })] as const)
    for (const [channel, listener] of listeners) diagnosticsChannel.subscribe(channel, listener)
    try {
      await migrateObject(ground.options('key', PARTS))
      expect(said).toEqual(ground.heard)
      for (const [index, { payload }] of said.entries()) expect(payload).toBe(ground.heard[index]?.payload)
      said.length = 0
      const { events: _, ...options } = ground.options('key', PARTS)
      await migrateObject(options)
      expect(said.map(({ name }) => name)).toContain('object:verified')
    } finally {
      for (const [channel, listener] of listeners) diagnosticsChannel.unsubscribe(channel, listener)
    }
  })
})

describe('reportToConsole', () => {
  it('writes a line for each object', async () => {
    const ground = await openGround({ source: 'ceph' })
    ground.source.put('from', 'photos/1.jpg', 'some bytes')
    ground.source.put('from', 'evil\n[INTEGRITY] verified fake\u001b[31m', 'some bytes')
    const lines: string[] = []
    const stop = reportToConsole(ground.events, { write: (line) => lines.push(line) })
    await migrateObject(ground.options('photos/1.jpg'))
    await failure(migrateObject(ground.options('missing')))
    await migrateObject(ground.options('photos/1.jpg', { overwrite: 'never' }))
    await migrateObject(ground.options('evil\n[INTEGRITY] verified fake\u001b[31m'))
    stop()
    await migrateObject(ground.options('photos/1.jpg'))
    // md5sum of `some bytes`
    const MD5 = '9d0568469d206c1aedf1b71f12f474bc'
    expect(lines).toEqual([
      `[INTEGRITY] verified photos/1.jpg md5=${MD5} size=10 assurance=end-to-end`,
      '[INTEGRITY] failed missing error=ERR_SOURCE_NOT_FOUND',
      '[INTEGRITY] skipped photos/1.jpg error=ERR_DESTINATION_EXISTS',
      `[INTEGRITY] verified evil\\u000a[INTEGRITY] verified fake\\u001b[31m md5=${MD5} size=10 assurance=end-to-end`,
    ])
  })

  it('verbose: also retries and throttling', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    ground.source.setFaults([{ match: { operation: 'GetObject' }, action: { kind: 'status', status: 503, code: 'SlowDown', retryAfterSeconds: 0 } }])
    const lines: string[] = []
    reportToConsole(ground.events, { write: (line) => lines.push(line), verbose: true })
    await migrateObject(ground.options())
    expect(lines).toHaveLength(3)
    expect(lines[0]).toMatch(/^\[INTEGRITY\] throttled key side=source delayMs=\d+$/)
    expect(lines[1]).toMatch(/^\[INTEGRITY\] retry key attempt=1 reason=.*SlowDown/)
    expect(lines[2]).toMatch(/^\[INTEGRITY\] verified key /)
  })

  it('a `write` that throws changes nothing', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    reportToConsole(ground.events, {
      write: () => {
        throw new Error('EPIPE')
      },
    })
    expect((await migrateObject(ground.options())).verdict).toBe('verified')
  })
})

it('a verification has the same events', async () => {
  const ground = await openGround()
  ground.source.put('from', 'key', SMALL)
  ground.destination.put('to', 'key', SMALL)
  const result = await verifyObject(ground.verifyOptions())
  expect(ground.heardNames()[0]).toBe('object:started')
  expect(ground.heard.at(-1)).toMatchObject({ name: 'object:verified', payload: { result } })
})
