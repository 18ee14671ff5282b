import type { MigrateObjectOptions, VerifyObjectOptions } from '@sealift/core'
import { abortUploads, listUploads, migrateObject, SealiftError, verifyObject } from '@sealift/core'
import type { S3TestServer } from '@sealift/testing'
import { describe, expect, it } from 'vitest'
import { BAD_OPTIONS } from './bad-input-options.ts'
import { type CopyGround, failure, openGround, rejection } from './copy-ground.ts'
import { REFUSED_COPIES } from './refused-copies.ts'

const READS = new Set(['GET', 'HEAD'])

/** Requests that would change something, with their status. */
function writes(...servers: readonly S3TestServer[]): string[] {
  return servers.flatMap((server) => server.requests.filter(({ method }) => !READS.has(method)).map(({ operation, status }) => `${operation} ${status}`))
}

async function groundWithObject(): Promise<CopyGround> {
  const ground = await openGround()
  ground.source.put('from', 'key', 'the bytes')
  return ground
}

describe('an option that cannot be used', () => {
  it('is covered by at least 40 cases', () => {
    expect(BAD_OPTIONS.length + REFUSED_COPIES.length).toBeGreaterThanOrEqual(40)
  })

  it.each(BAD_OPTIONS.map((item) => [item.name, item] as const))('%s', async (_, item) => {
    const ground = await groundWithObject()
    const given = item.options({ ...ground.options() }, ground) as MigrateObjectOptions
    const error = await failure(migrateObject(given))
    expect(error).toBeInstanceOf(SealiftError)
    expect(error.code).toBe('ERR_INVALID_OPTION')
    expect(error.retryable).toBe(false)
    expect(error.context.option).toBe(item.option)
    expect(error.message).toContain(`option ${item.option}:`)
    expect(error.message).toContain(item.expects)
    expect(error.message).toContain(`got ${item.shows.startsWith('"') || item.shows === 'given' ? '"' : ''}`)
    expect(error.message).toContain(item.shows)
    expect(error.message.length).toBeLessThan(700)
    expect(error.result).toBeUndefined()
    expect([...ground.source.requests, ...ground.destination.requests]).toEqual([])
    expect(await ground.store.listTasks()).toEqual([])
    expect(await ground.rows()).toEqual([])
    expect(ground.heard).toEqual([])
  })
})

describe('a copy that cannot be', () => {
  it.each(REFUSED_COPIES.map((item) => [item.name, item] as const))('%s', async (_, item) => {
    const ground = await openGround(item.ground)
    ground.source.put('from', 'key', 'the bytes')
    const given = await item.options(ground)
    const error = await failure(migrateObject(given))
    expect(error.code).toBe(item.code)
    for (const words of item.says) expect(error.message).toContain(words)
    // a write that was sent was refused; where none was needed, none was sent
    expect(writes(ground.source)).toEqual([])
    expect(writes(ground.destination)).toEqual(item.refusedWrites ?? [])
    expect(ground.destination.keys('to')).toEqual([])
    expect(ground.destination.uploads()).toEqual([])
    const rows = await ground.rows()
    if (item.row === 'none') {
      expect(rows).toEqual([])
      expect(error.result).toBeUndefined()
    } else {
      expect(rows).toMatchObject([{ verdict: 'failed', assurance: 'none', error: { code: item.code } }])
      expect(error.result).toMatchObject({ verdict: 'failed', error: { code: item.code, message: error.message } })
    }
  })
})

describe('the result store', () => {
  it('that does not open: nothing is moved', async () => {
    const ground = await groundWithObject()
    ground.store.open = async () => {
      throw new Error('disk full')
    }
    const error = await failure(migrateObject(ground.options()))
    expect(error).toMatchObject({ code: 'ERR_STORE', message: 'the result store failed: disk full' })
    expect([...ground.source.requests, ...ground.destination.requests]).toEqual([])
    expect(ground.heard).toEqual([])
  })

  it.each(['startTask', 'saveResults'] as const)('whose %s fails: ERR_STORE with the result', async (method) => {
    const ground = await groundWithObject()
    ground.store[method] = async () => {
      throw new SealiftError('ERR_STORE', 'the row cannot be written')
    }
    const error = await failure(migrateObject(ground.options()))
    expect(error.code).toBe('ERR_STORE')
    expect(error.result).toMatchObject({ verdict: 'verified', destination: { bucket: 'to', key: 'key', sizeBytes: 9 } })
    expect(ground.destination.peek('to', 'key')?.toString()).toBe('the bytes')
    expect(ground.heardNames()).not.toContain('object:verified')
  })

  it('whose methods are missing', async () => {
    const ground = await groundWithObject()
    const store = { saveResults: async () => {} } as unknown as NonNullable<MigrateObjectOptions['store']>
    expect((await failure(migrateObject({ ...ground.options(), store }))).code).toBe('ERR_STORE')
    expect([...ground.source.requests, ...ground.destination.requests]).toEqual([])
  })
})

describe('a signal that is aborted already', () => {
  it('rejects with its reason; nothing is sent', async () => {
    const ground = await groundWithObject()
    const reason = new Error('never mind')
    expect(await rejection(migrateObject({ ...ground.options(), signal: AbortSignal.abort(reason) }))).toBe(reason)
    expect(await rejection(migrateObject({ ...ground.options(), signal: AbortSignal.abort('a string') }))).toBe('a string')
    expect([...ground.source.requests, ...ground.destination.requests]).toEqual([])
    expect(await ground.store.listTasks()).toEqual([])
    expect(ground.heard).toEqual([])
  })
})

describe('verifyObject', () => {
  const bad = (ground: CopyGround, change: object): Promise<unknown> => verifyObject({ ...ground.verifyOptions(), ...change } as VerifyObjectOptions)

  it.each([
    ['depth', { depth: 'deep' }, 'depth', '"deep"'],
    ['a misspelt option', { dept: 'metadata' }, 'dept', 'given'],
    ['an option of a copy', { overwrite: 'never' }, 'overwrite', 'given'],
    ['an option of a copy inside verify', { verify: { readBack: 'always' } }, 'verify.readBack', 'given'],
    ['no destination', { destination: undefined }, 'destination', 'undefined'],
    ['destination null', { destination: null }, 'destination', 'null'],
    ['destination a string', { destination: 's3://to/key' }, 'destination', '"s3://to/key"'],
    ['a version that is none', { destination: { client: 1 } }, 'destination.client', '1'],
  ])('%s', async (_, change, option, shows) => {
    const ground = await groundWithObject()
    const error = await failure(bad(ground, change))
    expect(error.code).toBe('ERR_INVALID_OPTION')
    expect(error.context.option).toBe(option)
    expect(error.message).toContain(shows)
    expect([...ground.source.requests, ...ground.destination.requests]).toEqual([])
  })

  it('destination.versionId', async () => {
    const ground = await groundWithObject()
    const options = ground.verifyOptions()
    const error = await failure(verifyObject({ ...options, destination: { ...options.destination, versionId: '' } }))
    expect(error).toMatchObject({ code: 'ERR_INVALID_OPTION', context: { option: 'destination.versionId' } })
  })

  it('no options', async () => {
    expect(await failure(verifyObject(undefined as never))).toMatchObject({ code: 'ERR_INVALID_OPTION', context: { option: 'options' } })
    expect(await failure(verifyObject(null as never))).toMatchObject({ code: 'ERR_INVALID_OPTION', context: { option: 'options' } })
  })
})

describe('listUploads and abortUploads', () => {
  it.each([
    ['no location', undefined, {}, 'location'],
    ['a bucket that is none', { bucket: '' }, {}, 'location.bucket'],
    ['a key that is none', { key: '' }, {}, 'location.key'],
    ['a prefix that is none', { prefix: 5 }, {}, 'location.prefix'],
    ['a misspelt prefix', { Prefix: 'p/' }, {}, 'location.Prefix'],
    ['an age below zero', {}, { olderThanMs: -1 }, 'olderThanMs'],
    ['an age that is text', {}, { olderThanMs: '1d' }, 'olderThanMs'],
    // without the check every upload of the bucket would be aborted
    ['a misspelt age', {}, { olderThan: 1000 }, 'olderThan'],
    ['a signal that is none', {}, { signal: {} }, 'signal'],
  ])('%s', async (_, place, options, option) => {
    const ground = await openGround()
    const location = place === undefined ? undefined : { client: ground.destinationClient, bucket: 'to', ...place }
    const error = await failure(abortUploads(location as Parameters<typeof abortUploads>[0], options as Parameters<typeof abortUploads>[1]))
    expect(error).toMatchObject({ code: 'ERR_INVALID_OPTION', context: { option } })
    expect(error.message).toContain(`option ${option}:`)
    if (Object.keys(options).length === 0) {
      expect(await failure(listUploads(location as Parameters<typeof listUploads>[0]))).toMatchObject({ code: 'ERR_INVALID_OPTION', context: { option } })
    }
    expect(ground.destination.requests).toEqual([])
  })

  it('a bucket that is missing, a secret that is wrong', async () => {
    const ground = await openGround()
    expect(await failure(listUploads({ client: ground.destinationClient, bucket: 'nowhere' }))).toMatchObject({ code: 'ERR_DESTINATION_NOT_FOUND' })
    const client = ground.secondSourceClient({ credentials: { accessKeyId: ground.source.credentials.accessKeyId, secretAccessKey: 'wrong' } })
    expect(await failure(listUploads({ client, bucket: 'from' }))).toMatchObject({ code: 'ERR_CREDENTIALS' })
  })
})
