import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { type MigrateObjectOptions, migrateObject, type ObjectResult } from '@sealift/core'
import { genericProfile } from '@sealift/provider-detect'
import type { PersonalityName } from '@sealift/testing'
import { describe, expect, it } from 'vitest'
import { type CopyGround, failure, MIB, openGround, patternBytes, trail } from '../copy-ground.ts'

const SMALL = patternBytes(40_000, 81)
const LARGE = patternBytes(11 * MIB, 82)
const PARTS = { memoryBytes: 16 * MIB, partSizeBytes: 5 * MIB, layout: 'own' } as const

const unharmed = (): void => {}

function requestsOf({ source, destination }: CopyGround): number {
  return source.requests.length + destination.requests.length
}

describe('requests', () => {
  it.each(['aws', 'ceph', 'minio', 'swift', 'r2'] as const)('one GET and one PUT for a small object: aws to %s', async (destination) => {
    const ground = await openGround({ destination })
    ground.source.put('from', 'key', SMALL)
    const result = await migrateObject(ground.options())
    expect([...trail(ground.source), ...trail(ground.destination)]).toEqual(['GetObject 200', 'PutObject 200'])
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', requests: 2, bytesRead: SMALL.length, bytesWritten: SMALL.length })
  })

  it.each(['ceph', 'minio', 'swift', 'r2'] as const)('one GET and one PUT for a small object: %s to aws', async (source) => {
    const ground = await openGround({ source })
    ground.source.put('from', 'key', SMALL)
    const result = await migrateObject(ground.options())
    expect([...trail(ground.source), ...trail(ground.destination)]).toEqual(['GetObject 200', 'PutObject 200'])
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', requests: 2 })
  })

  const cases: readonly (readonly [string, PersonalityName, Buffer, Partial<MigrateObjectOptions>, (ground: CopyGround) => void])[] = [
    ['parts', 'aws', LARGE, PARTS, unharmed],
    ['parts on ceph', 'ceph', LARGE, PARTS, unharmed],
    ['streamed', 'ceph', LARGE, { memoryBytes: 5 * MIB }, unharmed],
    ['read back', 'aws', SMALL, { verify: { readBack: 'always' } }, unharmed],
    [
      'retries',
      'aws',
      SMALL,
      {},
      (ground) =>
        ground.destination.setFaults([{ match: { operation: 'PutObject', times: 2 }, action: { kind: 'status', status: 500, code: 'InternalError' } }]),
    ],
    [
      'replies that are lost',
      'aws',
      LARGE,
      PARTS,
      (ground) =>
        ground.destination.setFaults([
          { match: { operation: ['CreateMultipartUpload', 'CompleteMultipartUpload'], times: 2 }, action: { kind: 'lost-reply' } },
        ]),
    ],
    ["overwrite: 'never'", 'ceph', LARGE, { ...PARTS, overwrite: 'never' }, unharmed],
  ]
  it.each(cases)('are counted as the servers see them: %s', async (_, destination, bytes, extra, arm) => {
    const ground = await openGround({ destination })
    ground.source.put('from', 'key', bytes)
    arm(ground)
    const result = await migrateObject(ground.options('key', extra))
    expect(result.verdict).toBe('verified')
    expect(result.requests).toBe(requestsOf(ground))
  })

  it('also those of a client that tries again by itself', async () => {
    const ground = await openGround({ client: { maxAttempts: 3 } })
    ground.source.put('from', 'key', SMALL)
    ground.source.setFaults([{ match: { operation: 'GetObject' }, action: { kind: 'status', status: 500, code: 'InternalError' } }])
    const result = await migrateObject(ground.options())
    expect(result.verdict).toBe('verified')
    expect(result.requests).toBe(requestsOf(ground))
  })
})

describe('a result', () => {
  const keys: (keyof ObjectResult)[] = [
    'taskId',
    'source',
    'destination',
    'digests',
    'verdict',
    'assurance',
    'evidence',
    'route',
    'parts',
    'notCarried',
    'orphans',
    'attempts',
    'bytesRead',
    'bytesWritten',
    'requests',
    'startedAt',
    'durationMs',
  ]

  it.each([
    ['verified', {}, 'key'],
    ['failed', {}, 'missing'],
    ['skipped', { overwrite: 'never' }, 'taken'],
    ['unverified', { verify: { secondRead: 'never' }, attempts: 1 }, 'opaque'],
    ['mismatch', {}, 'wrong'],
  ] as const)('%s: is plain JSON, whole, and what the row holds', async (verdict, extra, key) => {
    const ground = await openGround({ source: 'ceph' })
    await ground.sourceClient.send(new PutObjectCommand({ Bucket: 'from', Key: 'key', Body: SMALL, Metadata: { a: 'b' } }))
    ground.source.put('from', 'taken', SMALL)
    ground.source.put('from', 'opaque', SMALL, { etag: 'opaque' })
    ground.source.put('from', 'wrong', SMALL, { etag: '0'.repeat(32) })
    ground.destination.put('to', 'taken', 'there')
    const result = await migrateObject(ground.options(key, { ...extra, accept: ['verified', 'failed', 'skipped', 'unverified', 'mismatch'] }))
    expect(result.verdict).toBe(verdict)
    expect(structuredClone(result)).toEqual(result)
    expect(JSON.parse(JSON.stringify(result))).toEqual(result)
    const own = Object.keys(result).filter((name) => name !== 'error')
    expect(own.sort()).toEqual([...keys].sort())
    if (verdict === 'verified') expect(result).not.toHaveProperty('error')
    else expect(Object.keys(result.error ?? {}).sort()).toEqual(['code', 'message'])
    const [row] = await ground.rows()
    const { recordedAt: _, ...recorded } = row ?? ({} as never)
    expect(recorded).toEqual(result)
    expect(new Date(result.startedAt).toISOString()).toBe(result.startedAt)
  })

  it('holds the digests that were asked for, in hex', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    const result = await migrateObject(ground.options())
    const hash = (name: string): string => createHash(name).update(SMALL).digest('hex')
    expect(result.digests).toEqual({ md5: hash('md5'), sha1: hash('sha1'), sha256: hash('sha256'), crc32: crc32(SMALL).toString(16).padStart(8, '0') })
    const one = await migrateObject(ground.options('key', { hashes: ['sha512'] }))
    expect(one.digests.sha512).toBe(hash('sha512'))
    expect(one.verdict).toBe('verified')
  })

  it('is proved end-to-end with the generic profile too, by reading back', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    const options = ground.options()
    const result = await migrateObject({
      ...options,
      source: { ...options.source, profile: genericProfile },
      destination: { ...options.destination, profile: genericProfile },
    })
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end' })
    expect(result.evidence).toContainEqual(expect.objectContaining({ leg: 'destination', method: 'read-back', outcome: 'match' }))
  })

  it('of one task: the same key again replaces its row', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    await migrateObject(ground.options('key', { taskId: 'one' }))
    await migrateObject(ground.options('key', { taskId: 'one' }))
    ground.source.put('from', 'other', SMALL)
    await migrateObject(ground.options('other', { taskId: 'one' }))
    expect((await ground.rows()).map(({ taskId, source }) => [taskId, source.key])).toEqual([
      ['one', 'key'],
      ['one', 'other'],
    ])
    await migrateObject(ground.options('key'))
    await migrateObject(ground.options('key'))
    expect(new Set((await ground.rows()).map(({ taskId }) => taskId)).size).toBe(3)
  })
})

describe('verdicts and `accept`', () => {
  it("sourceEvidence 'required' turns destination-only into unverified", async () => {
    const ground = await openGround({ source: 'ceph' })
    ground.source.put('from', 'key', SMALL, { etag: 'opaque' })
    expect(await migrateObject(ground.options())).toMatchObject({ verdict: 'verified', assurance: 'destination-only' })
    const error = await failure(migrateObject(ground.options('key', { verify: { sourceEvidence: 'required' } })))
    expect(error).toMatchObject({ code: 'ERR_UNVERIFIED', result: { verdict: 'unverified' } })
  })

  it("readBack 'never' and a destination that proves nothing: unverified", async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    const options = ground.options('key', { verify: { readBack: 'never' } })
    const error = await failure(migrateObject({ ...options, destination: { ...options.destination, profile: genericProfile } }))
    expect(error).toMatchObject({ code: 'ERR_UNVERIFIED', result: { verdict: 'unverified' } })
  })

  it('an empty `accept` rejects everything, with the result', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    const error = await failure(migrateObject(ground.options('key', { accept: [] })))
    expect(error.result).toMatchObject({ verdict: 'verified' })
  })
})
