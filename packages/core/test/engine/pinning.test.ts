import { PutBucketVersioningCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { type MigrateObjectOptions, migrateObject, type ProviderProfile } from '@sealift/core'
import { genericProfile } from '@sealift/provider-detect'
import type { FaultRule } from '@sealift/testing'
import { describe, expect, it } from 'vitest'
import { type CopyGround, failure, MIB, md5, ofOperation, openGround, patternBytes } from '../copy-ground.ts'
import type { SeenRequest } from '../scripted-server.ts'
import { type BareReply, bareSource } from './bare-source.ts'

const OLD = patternBytes(200_000, 1)
const NEW = patternBytes(200_000, 2)
const OLD_LARGE = patternBytes(11 * MIB, 3)
const NEW_LARGE = patternBytes(11 * MIB, 4)
const PARTS = { memoryBytes: 5 * MIB, partSizeBytes: 5 * MIB, layout: 'own' } as const

/** The first GET is cut, and the object is another one before the second. */
function changedBehindACut(ground: CopyGround, replacement: Buffer, at: number): FaultRule[] {
  return [
    { match: { operation: 'GetObject' }, action: { kind: 'truncate', leg: 'response', at } },
    {
      match: { operation: 'GetObject', nth: 2 },
      action: { kind: 'hook', when: 'before-forward', run: () => ground.source.put('from', 'key', replacement) },
    },
  ]
}

describe('a source that changes while it is read', () => {
  const shapes = [
    ['held', OLD, NEW, 100_000, {}],
    ['in parts', OLD_LARGE, NEW_LARGE, 7 * MIB, PARTS],
  ] as const

  it.each(shapes)('%s: the second read names the ETag, is refused, and the copy starts over', async (_, before, after, at, extra) => {
    const ground = await openGround()
    ground.source.put('from', 'key', before)
    ground.source.setFaults(changedBehindACut(ground, after, at))
    const result = await migrateObject(ground.options('key', extra))
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', attempts: 2, digests: { md5: md5(after) } })
    expect(ground.destination.peek('to', 'key')?.equals(after)).toBe(true)
    const gets = ofOperation(ground.source, 'GetObject')
    expect(gets.map(({ status }) => status)).toEqual([200, 412, 200])
    expect(gets[1]?.headers).toMatchObject({ 'if-match': `"${md5(before)}"`, range: `bytes=${at}-` })
    expect(ground.destination.uploads()).toEqual([])
  })

  it.each(shapes)('%s: also on a server that ignores If-Match', async (_, before, after, at, extra) => {
    const ground = await openGround()
    ground.source.put('from', 'key', before)
    ground.source.setFaults([
      ...changedBehindACut(ground, after, at),
      { match: { operation: 'GetObject', times: 'always' }, action: { kind: 'ignore-conditions' } },
    ])
    const result = await migrateObject(ground.options('key', extra))
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', attempts: 2, digests: { md5: md5(after) } })
    expect(ground.destination.peek('to', 'key')?.equals(after)).toBe(true)
    expect(ofOperation(ground.source, 'GetObject').map(({ status }) => status)).toEqual([200, 206, 200])
    // seen by the reply's own ETag, not by the bytes
    const reasons = ground.heard.filter(({ name }) => name === 'object:retry').map(({ payload }) => (payload as { reason: string }).reason)
    expect(reasons).toContainEqual(expect.stringContaining(`ETag ${md5(after)} instead of ${md5(before)}`))
    expect(ground.destination.uploads()).toEqual([])
  })

  it.each(shapes)('%s: bytes of two states are never one object', async (_, before, after, at, extra) => {
    const ground = await openGround()
    ground.source.put('from', 'key', before)
    ground.source.setFaults([{ match: { operation: 'GetObject' }, action: { kind: 'source-changed', afterBytes: at, body: after, mix: true } }])
    const result = await migrateObject(ground.options('key', extra))
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', digests: { md5: md5(after) } })
    expect(ground.destination.peek('to', 'key')?.equals(after)).toBe(true)
  })

  it('over and over: ERR_SOURCE_CHANGED after so many attempts, nothing written', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', OLD)
    let state = 10
    ground.source.setFaults(
      [1, 3, 5, 7].flatMap((nth): FaultRule[] => [
        { match: { operation: 'GetObject', nth }, action: { kind: 'truncate', leg: 'response', at: 1000 } },
        {
          match: { operation: 'GetObject', nth: nth + 1 },
          action: { kind: 'hook', when: 'before-forward', run: () => ground.source.put('from', 'key', patternBytes(200_000, state++)) },
        },
      ]),
    )
    const error = await failure(migrateObject(ground.options('key', { attempts: 3 })))
    expect(error).toMatchObject({ code: 'ERR_SOURCE_CHANGED', result: { verdict: 'failed', attempts: 3 } })
    expect(ground.destination.requests).toEqual([])
  })

  it('that keeps versions: the version that was begun is read to its end', async () => {
    const ground = await openGround()
    await ground.sourceClient.send(new PutBucketVersioningCommand({ Bucket: 'from', VersioningConfiguration: { Status: 'Enabled' } }))
    const { VersionId } = await ground.sourceClient.send(new PutObjectCommand({ Bucket: 'from', Key: 'key', Body: OLD }))
    ground.source.setFaults(changedBehindACut(ground, NEW, 100_000))
    const result = await migrateObject(ground.options())
    expect(result).toMatchObject({ verdict: 'verified', attempts: 1, source: { versionId: VersionId }, digests: { md5: md5(OLD) } })
    expect(ofOperation(ground.source, 'GetObject')[1]?.query).toMatchObject({ versionId: VersionId })
    expect(ground.destination.peek('to', 'key')?.equals(OLD)).toBe(true)
  })
})

describe('a server that is not a good one', () => {
  const bytes = patternBytes(60_000, 5)
  const etag = `"${md5(bytes)}"`
  const aws: Partial<MigrateObjectOptions> = {}

  async function copy(
    headers: Readonly<Record<string, string>>,
    answer: (get: number, request: SeenRequest) => BareReply,
    profile?: ProviderProfile,
    extra: Partial<MigrateObjectOptions> = aws,
  ): Promise<{ readonly ground: CopyGround; readonly source: Awaited<ReturnType<typeof bareSource>>; readonly call: Promise<unknown> }> {
    const ground = await openGround()
    const source = await bareSource(bytes, headers, answer)
    const options = ground.options('key', extra)
    const call = migrateObject({ ...options, source: { ...options.source, client: source.client, ...(profile === undefined ? {} : { profile }) } })
    call.catch(() => {})
    return { ground, source, call }
  }

  it('ignores Range: the bytes it sends again are passed over', async () => {
    const { ground, source, call } = await copy({ etag }, (get) => (get === 1 ? { cutAt: 25_000 } : { status: 200, body: bytes }))
    expect(await call).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', attempts: 1, digests: { md5: md5(bytes) } })
    expect(source.gets()[1]?.headers.range).toMatch(/^bytes=\d+-$/)
    expect(ground.destination.peek('to', 'key')?.equals(bytes)).toBe(true)
  })

  it('answers another range than was asked: never used', async () => {
    const { ground, call } = await copy({ etag }, (get) =>
      get === 1 ? { cutAt: 25_000 } : get === 2 ? { headers: { 'content-range': `bytes 30000-59999/${bytes.length}` }, body: bytes.subarray(30_000) } : {},
    )
    expect(await call).toMatchObject({ verdict: 'verified', digests: { md5: md5(bytes) } })
    expect(ground.destination.peek('to', 'key')?.equals(bytes)).toBe(true)
  })

  it('answers a range of an object of another size: changed', async () => {
    const { call } = await copy({ etag }, (get, { headers }) => {
      if (get % 2 === 1) return { cutAt: 25_000 }
      const start = Number(/\d+/.exec(headers.range ?? '')?.[0])
      return { headers: { 'content-range': `bytes ${start}-69999/70000` }, body: Buffer.concat([bytes, bytes]).subarray(start, 70_000) }
    })
    expect(await failure(call)).toMatchObject({ code: 'ERR_SOURCE_CHANGED' })
  })

  it('has another Last-Modified under the same ETag: changed', async () => {
    const { source, call } = await copy({ etag }, (get) =>
      get === 1 ? { cutAt: 25_000 } : get === 2 ? { headers: { 'last-modified': 'Fri, 20 Nov 2026 10:00:07 GMT' } } : {},
    )
    expect(await call).toMatchObject({ verdict: 'verified', attempts: 2 })
    expect(source.gets()[2]?.headers.range).toBeUndefined()
  })

  it('gives weak ETags: they are not sent as a condition, and a broken read is not resumed', async () => {
    const { source, call } = await copy({ etag: 'W/"abcdef"' }, (get) => (get === 1 ? { cutAt: 25_000 } : {}), genericProfile)
    // plain HTTP, one read only, nothing to compare: no proof of the source leg
    expect(await failure(call)).toMatchObject({ code: 'ERR_UNVERIFIED', result: { verdict: 'unverified', assurance: 'none', attempts: 2 } })
    for (const { headers } of source.gets()) {
      expect(headers['if-match']).toBeUndefined()
      expect(headers.range).toBeUndefined()
    }
  })

  it('gives a weak ETag that changes: it neither pins nor contradicts', async () => {
    const sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('base64')
    let reply = 0
    const { call } = await copy({ 'x-amz-checksum-sha256': sha256 }, () => ({ headers: { etag: `W/"v${++reply}"` } }))
    expect(await call).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', attempts: 1 })
  })

  it('gives no ETag: refused, nothing written', async () => {
    const { ground, source, call } = await copy({}, () => ({}))
    const error = await failure(call)
    expect(error).toMatchObject({ code: 'ERR_TRANSFER', result: { verdict: 'failed', attempts: 3 } })
    expect(error.message).toContain('no ETag')
    expect(source.gets()).toHaveLength(3)
    expect(ground.destination.requests).toEqual([])
  })

  it('gives no ETag, and its profile allows it: one unbroken GET is the only read', async () => {
    const profile = { ...genericProfile, etag: { ...genericProfile.etag, mayBeAbsent: true } }
    const { ground, source, call } = await copy({}, () => ({}), profile)
    expect(await failure(call)).toMatchObject({ code: 'ERR_UNVERIFIED', result: { verdict: 'unverified' } })
    expect(source.gets()).toHaveLength(1)
    expect(ground.destination.peek('to', 'key')?.equals(bytes)).toBe(true)
    const broken = await copy({}, (get) => (get === 1 ? { cutAt: 25_000 } : {}), profile, { accept: ['unverified'] })
    expect(await broken.call).toMatchObject({ verdict: 'unverified', attempts: 2 })
    expect(broken.source.gets().map(({ headers }) => [headers.range, headers['if-match']])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ])
  })

  it('gives no ETag but a stored checksum: end-to-end all the same', async () => {
    const sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('base64')
    const options = await openGround()
    const profile = { ...(options.options().source.profile as ProviderProfile), etag: { ...genericProfile.etag, mayBeAbsent: true } }
    const { call } = await copy({ 'x-amz-checksum-sha256': sha256 }, () => ({}), profile)
    expect(await call).toMatchObject({ verdict: 'verified', assurance: 'end-to-end' })
  })

  it('loses its ETag between two replies: changed', async () => {
    const { call } = await copy({}, (get) => (get % 2 === 1 ? { headers: { etag }, cutAt: 25_000 } : {}))
    expect(await failure(call)).toMatchObject({ code: 'ERR_SOURCE_CHANGED' })
  })

  it('gives no Content-Length: the size comes from HEAD', async () => {
    const { ground, source, call } = await copy({ etag }, (get) => (get === 0 ? {} : { withoutLength: true }))
    expect(await call).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', source: { sizeBytes: bytes.length } })
    expect(source.seen.map(({ method }) => method)).toEqual(['GET', 'HEAD'])
    expect(ground.destination.peek('to', 'key')?.equals(bytes)).toBe(true)
  })

  it('gives no Content-Length and ends early: no object is made of it', async () => {
    const { ground, call } = await copy({ etag }, (get) => (get === 0 ? {} : { withoutLength: true, body: bytes.subarray(0, 50_000) }), undefined, {
      attempts: 1,
    })
    expect(await failure(call)).toMatchObject({ result: { verdict: 'failed' } })
    expect(ground.destination.requests).toEqual([])
  })
})
