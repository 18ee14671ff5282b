import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { type MigrateObjectOptions, migrateObject, type ProviderProfile } from '@sealift/core'
import type { FaultRule } from '@sealift/testing'
import { describe, expect, it, vi } from 'vitest'
import { failure, openGround, patternBytes } from '../copy-ground.ts'
import { openEdited } from '../edited-ground.ts'

// SHA-1 and CRC32 of small objects are hashed while the PUT is on its way, where nothing asks for them before

const digestsOf = (bytes: Buffer): Record<string, string> => ({
  ...Object.fromEntries(['md5', 'sha1', 'sha256'].map((algorithm) => [algorithm, createHash(algorithm).update(bytes).digest('hex')])),
  crc32: crc32(bytes).toString(16).padStart(8, '0'),
})

describe('digests that come while the object is written', () => {
  it.each([0, 1, 16_383, 16_384, 100_000, 1_048_576, 1_048_577])('are those of an object of %d bytes, whatever way it goes', async (sizeBytes) => {
    const bytes = patternBytes(sizeBytes, sizeBytes)
    for (const transport of ['direct', 'sdk'] as const) {
      const ground = await openGround({ source: 'ceph' })
      ground.source.put('from', 'key', bytes)
      const result = await migrateObject(ground.options('key', { transport }))
      expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', digests: digestsOf(bytes) })
      expect(Object.keys(result.digests)).toEqual(['md5', 'sha1', 'sha256', 'crc32'])
    }
  })

  it('with many under way, each object has its own', async () => {
    const ground = await openGround({ source: 'ceph' })
    const objects = Array.from({ length: 40 }, (_, at) => patternBytes(16_384 + 1_000 * at, at))
    for (const [at, bytes] of objects.entries()) ground.source.put('from', `key-${at}`, bytes)
    const results = await Promise.all(objects.map((_, at) => migrateObject(ground.options(`key-${at}`))))
    expect(results.map(({ digests }) => digests)).toEqual(objects.map(digestsOf))
  })

  it('are there, too, where nothing is written', async () => {
    const bytes = patternBytes(100_000, 3)
    const ground = await openGround({ source: 'ceph' })
    ground.source.put('from', 'key', bytes)
    ground.source.setFaults([{ match: { operation: 'GetObject', times: 'always' }, action: { kind: 'flip', leg: 'response', at: 50_000 } }])
    const harmed = Buffer.from(bytes)
    harmed.writeUInt8(harmed.readUInt8(50_000) ^ 1, 50_000)
    const error = await failure(migrateObject(ground.options('key')))
    expect(error).toMatchObject({ code: 'ERR_SOURCE_INCONSISTENT', result: { verdict: 'mismatch', digests: digestsOf(harmed) } })
    expect(ground.destination.requests.filter(({ status }) => status !== 0)).toEqual([])
    expect(ground.destination.peek('to', 'key')).toBeNull()
  })
})

describe('a write with the MD5 that the source states', () => {
  const SIZES = [32_768, 100_000, 131_072, 131_073, 1_048_576]
  const flip = (at: number, times?: 'always'): FaultRule => ({
    match: { operation: 'GetObject', ...(times === undefined ? { nth: 1 } : { times }) },
    action: { kind: 'flip', leg: 'response', at },
  })
  const puts = (ground: Awaited<ReturnType<typeof openGround>>) => ground.destination.requests.filter(({ operation }) => operation === 'PutObject')

  it.each(SIZES)('%d bytes, wherever one of them was harmed on its way: broken off, read again, and right', async (sizeBytes) => {
    const bytes = patternBytes(sizeBytes, sizeBytes)
    for (const at of [0, 4_096, sizeBytes - 4_097, sizeBytes - 1]) {
      const ground = await openGround({ source: 'ceph' })
      ground.source.put('from', 'key', bytes)
      ground.destination.put('to', 'key', 'a good object')
      ground.source.setFaults([flip(at)])
      const result = await migrateObject(ground.options('key'))
      expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', attempts: 2, digests: digestsOf(bytes) })
      await vi.waitFor(() => expect(puts(ground)).toHaveLength(2))
      const [first, second] = puts(ground).sort((a, b) => a.status - b.status)
      // the server had begun to take it, and never got all
      expect([first?.status, second?.status]).toEqual([0, 200])
      expect(first?.bytesIn).toBeLessThan(sizeBytes)
      for (const { headers } of puts(ground)) expect(headers['content-md5']).toBe(createHash('md5').update(bytes).digest('base64'))
      expect(result.requests).toBe(4)
    }
  })

  it('harmed in the only attempt there is: what was at the destination stays', async () => {
    const ground = await openGround({ source: 'ceph' })
    ground.source.put('from', 'key', patternBytes(100_000, 6))
    ground.destination.put('to', 'key', 'a good object')
    ground.source.setFaults([flip(99_999)])
    const error = await failure(migrateObject(ground.options('key', { attempts: 1 })))
    expect(error).toMatchObject({ code: 'ERR_TRANSFER', result: { verdict: 'failed', bytesWritten: 0 } })
    // it is written down when the server sees the end of it
    await vi.waitFor(() => expect(puts(ground).map(({ status }) => status)).toEqual([0]))
    expect(ground.destination.peek('to', 'key')?.toString()).toBe('a good object')
  })

  it.each([['md5'], ['crc32'], ['md5', 'crc32'], ['crc64nvme'], ['sha1'], ['sha256'], ['md5', 'sha1', 'crc32']] as const)(
    'whatever digests are asked for: %s %s %s',
    async (...hashes) => {
      for (const sizeBytes of [32_767, ...SIZES]) {
        const ground = await openGround({ source: 'ceph' })
        const bytes = patternBytes(sizeBytes, 8)
        ground.source.put('from', 'key', bytes)
        const result = await migrateObject(ground.options('key', { hashes: hashes.filter((name) => name !== undefined) }))
        expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', requests: 2 })
        expect(result.digests['md5']).toBe(digestsOf(bytes)['md5'])
      }
    },
  )

  it('while the destination does not answer, bytes that are not right are not tried again, but read again', async () => {
    const ground = await openGround({ source: 'ceph' })
    const bytes = patternBytes(100_000, 6)
    ground.source.put('from', 'key', bytes)
    ground.source.setFaults([flip(1)])
    ground.destination.setFaults([{ match: { operation: 'PutObject', nth: 1 }, action: { kind: 'status', status: 503, code: 'SlowDown' } }])
    const result = await migrateObject(ground.options('key'))
    expect(result).toMatchObject({ verdict: 'verified', attempts: 2, digests: digestsOf(bytes) })
    expect(puts(ground).filter(({ status }) => status === 200)).toHaveLength(1)
  })

  it('at a destination that nobody reaches: one try a read', async () => {
    const ground = await openGround({ source: 'ceph' })
    ground.source.put('from', 'key', patternBytes(100_000, 6))
    ground.source.setFaults([flip(1)])
    await ground.destination.close()
    const error = await failure(migrateObject(ground.options('key', { attempts: 1 })))
    expect(error).toMatchObject({ code: 'ERR_TRANSFER', message: expect.stringContaining('nothing was written'), result: { requests: 2 } })
  })

  it('is begun only of an object of 32 KiB to 1 MiB, where one read can do, where its server is known to check it, and where it can be broken off', async () => {
    type Options = ReturnType<Awaited<ReturnType<typeof openGround>>['options']>
    const begun = async (change: (options: Options) => MigrateObjectOptions, sizeBytes = 100_000): Promise<number> => {
      const ground = await openGround({ source: 'ceph' })
      ground.source.put('from', 'key', patternBytes(sizeBytes, 6))
      ground.source.setFaults([flip(1, 'always')])
      await migrateObject({ ...change(ground.options('key')), accept: ['verified', 'unverified', 'mismatch', 'failed'] })
      await sleep(50)
      return puts(ground).filter(({ status }) => status === 0).length
    }
    expect(await begun((options) => options)).toBe(1)
    expect(await begun((options) => options, 32_767)).toBe(0)
    expect(await begun((options) => options, 1_048_577)).toBe(0)
    expect(await begun((options) => ({ ...options, transport: 'sdk' }))).toBe(0)
    expect(await begun((options) => ({ ...options, verify: { secondRead: 'always' } }))).toBe(0)
    const to = (change: (profile: ProviderProfile) => ProviderProfile) =>
      begun((options) => ({ ...options, destination: { ...options.destination, profile: change(options.destination.profile) } }))
    for (const contentMd5 of ['candidate', 'no'] as const) {
      expect(await to((profile) => ({ ...profile, checksums: { ...profile.checksums, contentMd5 } }))).toBe(0)
    }
    // a server that writes in place would lose what was there
    for (const atomicPut of ['candidate', 'no', null] as const) {
      const changed = await to(({ writes: { atomicPut: _, ...writes }, sources, ...profile }) => ({
        ...profile,
        writes: atomicPut === null ? writes : { ...writes, atomicPut },
        sources: sources.filter(({ claim }) => claim !== 'writes.atomicPut'),
      }))
      expect(changed).toBe(0)
    }
    for (const single of ['candidate', 'no'] as const) {
      const changed = ({ profile }: Options['source']) => ({ ...profile, etag: { ...profile.etag, single } })
      expect(await begun((options) => ({ ...options, source: { ...options.source, profile: changed(options.source) } }))).toBe(0)
    }
  })
})

describe('a write that does not go well', () => {
  const bytes = patternBytes(100_000, 5)

  it.each([
    ['whose reply is lost', { kind: 'reset', leg: 'response', at: 0 }],
    ['that is refused once', { kind: 'status', status: 503, code: 'SlowDown' }],
    ['that is cut', { kind: 'reset', leg: 'request', at: 60_000 }],
  ] as const)('%s: the record has every digest', async (_, action) => {
    const ground = await openGround({ source: 'ceph' })
    ground.source.put('from', 'key', bytes)
    ground.destination.setFaults([{ match: { operation: 'PutObject', nth: 1 }, action }])
    const result = await migrateObject(ground.options('key'))
    expect(result).toMatchObject({ verdict: 'verified', digests: digestsOf(bytes) })
    expect(ground.destination.peek('to', 'key')?.equals(bytes)).toBe(true)
  })

  it.each(['right', 'wrong'] as const)('a CRC32 of its reply is held against the one that came later: %s', async (which) => {
    const value = Buffer.from(digestsOf(bytes)['crc32'] ?? '', 'hex')
    if (which === 'wrong') value.writeUInt8(value.readUInt8(0) ^ 1, 0)
    const ground = await openEdited({
      destination: (request, reply) => {
        if (request.method !== 'PUT' && request.method !== 'HEAD') return
        Object.assign(reply.headers, { 'x-amz-checksum-crc32': value.toString('base64'), 'x-amz-checksum-type': 'FULL_OBJECT' })
      },
    })
    ground.source.put('from', 'key', bytes)
    const result = await ground.copy()
    const compared = { leg: 'destination', algorithm: 'crc32', expected: digestsOf(bytes)['crc32'], actual: value.toString('hex') }
    // a wrong one asks for the bytes, and they are right
    const outcome = which === 'right' ? { outcome: 'match' } : { outcome: 'not-comparable', reason: 'overturned' }
    expect(result.verdict).toBe('verified')
    expect(result.evidence).toContainEqual(expect.objectContaining({ ...compared, ...outcome }))
    expect(result.evidence.some(({ method }) => method === 'read-back')).toBe(which === 'wrong')
  })
})

describe('a digest that the source states', () => {
  const bytes = patternBytes(100_000, 4)
  const sha1 = createHash('sha1').update(bytes).digest('base64')
  const opaque = '"0123456789abcdef0123456789abcdef-x"'

  it.each(['first', 'second'] as const)('in its %s reply is held against the bytes before anything is written', async (which) => {
    let gets = 0
    const ground = await openEdited({
      source: (request, reply) => {
        if (request.method !== 'GET') return
        gets += 1
        // an ETag that is no digest: the first read alone proves nothing
        reply.headers.etag = opaque
        if (which === 'first' || gets > 1) Object.assign(reply.headers, { 'x-amz-checksum-sha1': sha1, 'x-amz-checksum-type': 'FULL_OBJECT' })
      },
    })
    ground.source.put('from', 'key', bytes)
    const result = await ground.copy()
    expect(result.verdict).toBe('verified')
    expect(gets).toBe(which === 'first' ? 1 : 2)
    expect(result.evidence).toContainEqual(expect.objectContaining({ leg: 'source', method: 'stored-checksum', algorithm: 'sha1', outcome: 'match' }))
    expect(result.digests).toMatchObject(digestsOf(bytes))
  })

  it('wrong, in every reply but the first: nothing is written', async () => {
    let gets = 0
    const wrong = createHash('sha1').update('another').digest('base64')
    const ground = await openEdited({
      source: (request, reply) => {
        if (request.method !== 'GET') return
        gets += 1
        reply.headers.etag = opaque
        if (gets > 1) Object.assign(reply.headers, { 'x-amz-checksum-sha1': wrong, 'x-amz-checksum-type': 'FULL_OBJECT' })
      },
    })
    ground.source.put('from', 'key', bytes)
    const result = await ground.copy({ accept: ['verified', 'mismatch', 'failed', 'unverified'] })
    expect(result.verdict).toBe('mismatch')
    expect(result.digests).toMatchObject(digestsOf(bytes))
    expect(ground.destination.requests).toEqual([])
  })
})
