import { setTimeout as sleep } from 'node:timers/promises'
import { S3Client } from '@aws-sdk/client-s3'
import { type MigrateObjectOptions, migrateObject, verifyObject } from '@sealift/core'
import type { FaultAction, FaultHookInfo, FaultRule, S3Operation, S3TestServer } from '@sealift/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { type CopyGround, failure, MIB, openGround, patternBytes, rejection } from './copy-ground.ts'

const WATCHED = ['TCPSocketWrap', 'TCPServerWrap', 'TLSWrap', 'Timeout', 'PipeWrap']
const BYTES = patternBytes(11 * MIB)
const SMALL = patternBytes(100_000)
const WITHIN_MS = 3_000

/** Ends what a hook still waits for. */
const letGo: (() => void)[] = []
afterEach(() => {
  for (const go of letGo.splice(0)) go()
})

function forever(): Promise<void> {
  return new Promise((resolve) => letGo.push(resolve))
}

interface Moment {
  readonly name: string
  readonly at: 'source' | 'destination'
  readonly operation: S3Operation
  readonly when: FaultHookInfo['when']
  readonly afterBytes?: number
  readonly nth?: number
  /** what the server does after the abort: it answers in the end, or never */
  readonly server: 'answers' | 'never answers'
  readonly options?: Partial<MigrateObjectOptions>
  readonly large?: boolean
  /** other faults, before this one in the list */
  readonly faults?: readonly FaultRule[]
}

const PARTS = { memoryBytes: 5 * MIB, partSizeBytes: 5 * MIB, layout: 'own' } as const
const always = (operation: S3Operation, action: FaultAction): FaultRule => ({ match: { operation, times: 'always' }, action })

const MOMENTS: readonly Moment[] = [
  { name: 'before the headers of GET', at: 'source', operation: 'GetObject', when: 'before-forward', server: 'never answers' },
  { name: 'before the body of GET', at: 'source', operation: 'GetObject', when: 'before-reply', server: 'answers' },
  { name: 'in the middle of a body', at: 'source', operation: 'GetObject', when: 'during-reply', afterBytes: 50_000, server: 'never answers' },
  { name: 'in the middle of a large body', at: 'source', operation: 'GetObject', when: 'during-reply', afterBytes: 7 * MIB, server: 'answers', large: true },
  { name: 'while tags are read', at: 'source', operation: 'GetObjectTagging', when: 'before-forward', server: 'never answers' },
  { name: 'during PUT, before it is done', at: 'destination', operation: 'PutObject', when: 'before-forward', server: 'never answers' },
  { name: 'during PUT, before its reply', at: 'destination', operation: 'PutObject', when: 'before-reply', server: 'never answers' },
  { name: 'during Create, before it is done', at: 'destination', operation: 'CreateMultipartUpload', when: 'before-forward', server: 'answers', large: true },
  { name: 'during Create, before its reply', at: 'destination', operation: 'CreateMultipartUpload', when: 'before-reply', server: 'answers', large: true },
  { name: 'during the first part', at: 'destination', operation: 'UploadPart', when: 'before-forward', server: 'never answers', large: true },
  { name: 'during the last part', at: 'destination', operation: 'UploadPart', when: 'before-reply', nth: 3, server: 'answers', large: true },
  {
    name: 'during the parts of a held object',
    at: 'destination',
    operation: 'UploadPart',
    when: 'before-reply',
    nth: 2,
    server: 'answers',
    large: true,
    options: { memoryBytes: 64 * MIB },
  },
  {
    name: 'during Complete, before it is done',
    at: 'destination',
    operation: 'CompleteMultipartUpload',
    when: 'before-forward',
    server: 'answers',
    large: true,
  },
  { name: 'during Complete, before its reply', at: 'destination', operation: 'CompleteMultipartUpload', when: 'before-reply', server: 'answers', large: true },
  {
    name: 'during Complete, which never answers',
    at: 'destination',
    operation: 'CompleteMultipartUpload',
    when: 'before-reply',
    server: 'never answers',
    large: true,
  },
  { name: 'during HEAD after a write', at: 'destination', operation: 'HeadObject', when: 'before-forward', server: 'never answers', large: true },
  {
    name: 'during ListParts after a lost Complete',
    at: 'destination',
    operation: 'ListParts',
    when: 'before-forward',
    server: 'never answers',
    large: true,
    faults: [always('CompleteMultipartUpload', { kind: 'never-arrives' })],
  },
  {
    name: 'during HEAD before a write',
    at: 'destination',
    operation: 'HeadObject',
    when: 'before-forward',
    server: 'never answers',
    large: true,
    options: { overwrite: 'never' },
  },
  {
    name: 'during a read-back',
    at: 'destination',
    operation: 'GetObject',
    when: 'during-reply',
    afterBytes: 10,
    server: 'never answers',
    options: { verify: { readBack: 'always' } },
  },
  {
    name: 'during DELETE of a mismatch',
    at: 'destination',
    operation: 'DeleteObject',
    when: 'before-forward',
    server: 'never answers',
    options: { verify: { readBack: 'always' }, attempts: 1 },
    faults: [always('PutObject', { kind: 'flip', leg: 'rest', at: 1 })],
  },
]

/** Our sockets, servers and timers beyond those of before, once they had a moment to go. */
async function resourcesLeft(before: readonly string[]): Promise<string[]> {
  const count = (kinds: readonly string[], kind: string): number => kinds.filter((item) => item === kind).length
  const until = performance.now() + WITHIN_MS
  for (;;) {
    const now = process.getActiveResourcesInfo()
    const left = WATCHED.filter((kind) => count(now, kind) > count(before, kind))
    if (left.length === 0 || performance.now() > until) return left
    await sleep(50)
  }
}

interface Aborted {
  readonly ground: CopyGround
  readonly elapsedMs: number
  readonly error: unknown
}

/** A copy with clients of its own, whose sockets go with them. Checks all that holds after any abort. */
async function abortedCopy(ground: CopyGround, key: string, arm: (abort: () => void) => void, extra: Partial<MigrateObjectOptions>): Promise<Aborted> {
  const before = process.getActiveResourcesInfo()
  const clients = [
    new S3Client({ ...ground.source.clientConfig, maxAttempts: 1 }),
    new S3Client({ ...ground.destination.clientConfig, maxAttempts: 1 }),
  ] as const
  const controller = new AbortController()
  const reason = { why: 'the user went home' }
  let abortedAtMs = Number.NaN
  arm(() => {
    if (controller.signal.aborted) return
    abortedAtMs = performance.now()
    controller.abort(reason)
  })
  const options = ground.options(key, extra)
  const error = await rejection(
    migrateObject({
      ...options,
      signal: controller.signal,
      source: { ...options.source, client: clients[0] },
      destination: { ...options.destination, client: clients[1] },
    }),
  )
  const elapsedMs = performance.now() - abortedAtMs
  const heard = ground.heard.length
  expect(error).toBe(reason)
  expect(elapsedMs).toBeLessThan(WITHIN_MS)
  expect(await ground.rows()).toEqual([])
  for (const task of await ground.store.listTasks()) expect(task.status).toBe('aborted')
  await expect.poll(() => ground.destination.uploads(), { timeout: WITHIN_MS }).toEqual([])
  expect(await ground.store.openUploads()).toEqual([])
  for (const client of clients) client.destroy()
  for (const go of letGo.splice(0)) go()
  await sleep(100)
  expect(ground.heard.length, 'no event after the rejection').toBe(heard)
  for (const name of ['object:verified', 'object:failed', 'object:mismatch', 'object:unverified', 'object:skipped'] as const) {
    expect(ground.heardNames()).not.toContain(name)
  }
  expect(await resourcesLeft(before)).toEqual([])
  return { ground, elapsedMs, error }
}

describe('an abort', () => {
  it.each(MOMENTS.map((moment) => [moment.name, moment] as const))('%s', async (_, moment) => {
    const ground = await openGround()
    ground.source.put('from', 'key', moment.large === true ? BYTES : SMALL, { tags: { a: 'b' } })
    const server: S3TestServer = ground[moment.at]
    let reached = false
    await abortedCopy(
      ground,
      'key',
      (abort) => {
        server.setFaults([
          ...(moment.faults ?? []),
          {
            match: { operation: moment.operation, ...(moment.nth === undefined ? {} : { nth: moment.nth }) },
            action: {
              kind: 'hook',
              when: moment.when,
              ...(moment.afterBytes === undefined ? {} : { afterBytes: moment.afterBytes }),
              run: async () => {
                reached = true
                abort()
                await (moment.server === 'answers' ? sleep(150) : forever())
              },
            },
          },
        ])
      },
      { ...(moment.large === true ? PARTS : {}), ...moment.options },
    )
    expect(reached).toBe(true)
  })

  it('by a listener, before a byte went', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    await abortedCopy(ground, 'key', (abort) => ground.events.on('object:started', abort), {})
    expect(ground.destination.requests).toEqual([])
  })

  it('while it waits for a throttled server', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    ground.source.setFaults([always('GetObject', { kind: 'status', status: 503, code: 'SlowDown', retryAfterSeconds: 30 })])
    await abortedCopy(ground, 'key', (abort) => ground.events.on('throttled', () => setTimeout(abort, 50)), {})
    expect(ground.source.requests).toHaveLength(1)
  })

  it('while it waits for the destination to settle', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', BYTES)
    ground.destination.setFaults([
      { match: { operation: 'HeadObject' }, action: { kind: 'stale-head', head: 404 } },
      { match: { operation: 'HeadObject', times: 'always' }, action: { kind: 'stale-head', head: 404 } },
    ])
    let timer: NodeJS.Timeout | undefined
    await abortedCopy(
      ground,
      'key',
      (abort) =>
        ground.events.on('part:completed', ({ partNumber }) => {
          if (partNumber === 3) timer = setTimeout(abort, 700)
        }),
      { ...PARTS, settleMs: 30_000 },
    )
    clearTimeout(timer)
    expect(ground.destination.requests.filter(({ operation }) => operation === 'HeadObject').length).toBeGreaterThanOrEqual(1)
  })

  it('while the reading is held to a speed', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    await abortedCopy(ground, 'key', (abort) => ground.events.on('object:started', () => setTimeout(abort, 150)), { bytesPerSecond: 1_000 })
  })

  it.each(['heeds', 'ignores'])('while a detect() that %s the signal is asked', async (how) => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    const controller = new AbortController()
    const reason = new Error('enough')
    const { source, ...options } = ground.options()
    const { profile: _, ...place } = source
    const call = migrateObject({
      ...options,
      source: place,
      signal: controller.signal,
      detect: (_client, _bucket, asked) =>
        new Promise((_resolve, reject) => {
          setTimeout(() => controller.abort(reason), 50)
          if (how === 'heeds') asked?.signal?.addEventListener('abort', () => reject(new Error('a reason of its own')))
        }),
    })
    expect(await rejection(bounded(call))).toBe(reason)
    expect(await ground.rows()).toEqual([])
  })

  it('of a verification', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    ground.destination.put('to', 'key', SMALL)
    const controller = new AbortController()
    ground.destination.setFaults([
      {
        match: { operation: 'GetObject' },
        action: {
          kind: 'hook',
          when: 'during-reply',
          afterBytes: 10,
          run: () => {
            controller.abort('stop')
            return forever()
          },
        },
      },
    ])
    expect(await rejection(bounded(verifyObject(ground.verifyOptions('key', { signal: controller.signal }))))).toBe('stop')
    expect(await ground.rows()).toEqual([])
  })
})

/** Fails where a call does not end. */
function bounded<T>(call: Promise<T>): Promise<T> {
  return Promise.race([call, sleep(WITHIN_MS * 2).then(() => Promise.reject(new Error('it hangs')))])
}

describe('timeoutMs', () => {
  it.each([
    ['a source that stalls', 'source', always('GetObject', { kind: 'stall', leg: 'response', at: 10 }), {}],
    ['a source that does not answer', 'source', { match: { operation: 'GetObject' }, action: { kind: 'hook', when: 'before-forward', run: forever } }, {}],
    [
      'a destination that does not answer',
      'destination',
      { match: { operation: 'PutObject' }, action: { kind: 'hook', when: 'before-reply', run: forever } },
      {},
    ],
    ['a destination that throttles', 'destination', always('PutObject', { kind: 'status', status: 503, code: 'SlowDown', retryAfterSeconds: 20 }), {}],
    ['a part that stalls', 'destination', always('UploadPart', { kind: 'stall', leg: 'request', at: 100 }), PARTS],
  ] as const)('%s: ERR_TIMEOUT, verdict failed, a row', async (_, at, rule, extra) => {
    const ground = await openGround()
    ground.source.put('from', 'key', extra === PARTS ? BYTES : SMALL)
    ground[at].setFaults([rule as FaultRule])
    const began = performance.now()
    const error = await failure(bounded(migrateObject(ground.options('key', { ...extra, timeoutMs: 900 }))))
    expect(performance.now() - began).toBeGreaterThanOrEqual(890)
    expect(error).toMatchObject({ code: 'ERR_TIMEOUT', message: 'key: not done after 900 ms' })
    expect(error.result).toMatchObject({ verdict: 'failed', error: { code: 'ERR_TIMEOUT' } })
    expect(await ground.rows()).toMatchObject([{ verdict: 'failed', assurance: 'none', error: { code: 'ERR_TIMEOUT' } }])
    expect(ground.heardNames()).toContain('object:failed')
    for (const go of letGo.splice(0)) go()
    await expect.poll(() => ground.destination.uploads(), { timeout: WITHIN_MS }).toEqual([])
  })

  it('covers credentials that never come, and a store that never opens', async () => {
    const ground = await openGround()
    const never = new S3Client({ ...ground.source.clientConfig, credentials: () => new Promise(() => {}) })
    const options = ground.options('key', { timeoutMs: 300 })
    expect(await failure(bounded(migrateObject({ ...options, source: { ...options.source, client: never } })))).toMatchObject({ code: 'ERR_TIMEOUT' })
    ground.store.open = () => new Promise(() => {})
    expect(await failure(bounded(migrateObject(options)))).toMatchObject({ code: 'ERR_TIMEOUT' })
    never.destroy()
  })

  it('covers credentials that expire and are not renewed', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    let asked = 0
    const client = new S3Client({
      ...ground.source.clientConfig,
      credentials: () => (++asked > 1 ? new Promise(() => {}) : Promise.resolve({ ...ground.source.credentials, expiration: new Date(0) })),
    })
    const options = ground.options('key', { timeoutMs: 300 })
    const error = await failure(bounded(migrateObject({ ...options, source: { ...options.source, client } })))
    expect(error).toMatchObject({ code: 'ERR_TIMEOUT' })
    client.destroy()
  })

  it('that is long enough changes nothing, and leaves no timer', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
    const before = timers()
    expect((await migrateObject(ground.options('key', { timeoutMs: 600_000, signal: new AbortController().signal }))).verdict).toBe('verified')
    await expect.poll(timers).toBeLessThanOrEqual(before)
  })

  it('leaves no listener on a signal that lives on', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    const { signal } = new AbortController()
    let listeners = 0
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = (...given: Parameters<typeof add>) => {
      listeners++
      return add(...given)
    }
    signal.removeEventListener = (...given: Parameters<typeof remove>) => {
      listeners--
      return remove(...given)
    }
    for (let i = 0; i < 5; i++) await migrateObject(ground.options('key', { signal }))
    expect(listeners).toBe(0)
  })
})
