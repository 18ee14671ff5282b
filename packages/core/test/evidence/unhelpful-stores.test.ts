import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { DeleteObjectCommand, PutBucketVersioningCommand, PutObjectCommand, PutObjectLockConfigurationCommand } from '@aws-sdk/client-s3'
import { migrateObject, type ProviderProfile } from '@sealift/core'
import { profiles } from '@sealift/provider-detect'
import type { FaultRule } from '@sealift/testing'
import { describe, expect, it } from 'vitest'
import { MIB, openGround, patternBytes, profileOf } from '../copy-ground.ts'
import { openEdited } from '../edited-ground.ts'
import { cut, uploadParts } from '../engine/upload-parts.ts'
import type { EditableReply, EditorRequest } from '../reply-editor.ts'

const BYTES = patternBytes(60_001, 7)

function isRead({ method, url }: EditorRequest): boolean {
  return (method === 'GET' || method === 'HEAD') && !/tagging|attributes|acl/.test(url)
}

function known(name: string): ProviderProfile {
  const profile = (profiles as Readonly<Record<string, ProviderProfile | undefined>>)[name]
  if (profile === undefined) throw new Error(`no profile ${name}`)
  return profile
}

describe('a destination that only stores, or only repeats, what it was told', () => {
  /** ETag and checksums are what the request claimed: the store looked at nothing. */
  const echo = (request: EditorRequest, reply: EditableReply): void => {
    if (reply.status >= 300 || (request.method !== 'PUT' && !isRead(request))) return
    if (reply.headers.etag !== undefined) reply.headers.etag = `"${createHash('md5').update(BYTES).digest('hex')}"`
    for (const name of Object.keys(reply.headers)) if (name.startsWith('x-amz-checksum')) delete reply.headers[name]
    Object.assign(reply.headers, { 'x-amz-checksum-sha256': createHash('sha256').update(BYTES).digest('base64'), 'x-amz-checksum-type': 'FULL_OBJECT' })
  }
  const unsure: ProviderProfile = {
    ...profileOf('aws'),
    etag: { ...profileOf('aws').etag, single: 'candidate', multipart: 'candidate', part: 'candidate' },
    checksums: { ...profileOf('aws').checksums, returned: 'candidate', verifiedOnWrite: [], contentMd5: 'candidate' },
  }
  /** flips on its way in, and the server takes whatever is claimed */
  const careless: readonly FaultRule[] = [
    { match: { operation: 'PutObject', times: 'always' }, action: { kind: 'flip', leg: 'rest', at: 12 } },
    { match: { times: 'always' }, action: { kind: 'ignore-conditions' } },
  ]

  it('where the profile is not certain, a flipped byte is found by reading back', async () => {
    const ground = await openEdited({ destination: echo, destinationProfile: unsure })
    ground.source.put('from', 'key', BYTES)
    expect(await ground.copy()).toMatchObject({ verdict: 'verified', requests: 4 })
    ground.destination.setFaults([...careless])
    expect(await ground.copy({ attempts: 2 })).toMatchObject({ verdict: 'mismatch', error: { code: 'ERR_INTEGRITY_MISMATCH' } })
  })

  it("and without a read-back nothing is proved: 'never' is unverified", async () => {
    const ground = await openEdited({ destination: echo, destinationProfile: unsure })
    ground.source.put('from', 'key', BYTES)
    const result = await ground.copy({ verify: { readBack: 'never' } })
    expect(result.verdict).toBe('unverified')
    expect(result.evidence.filter(({ leg, outcome }) => leg === 'destination' && outcome === 'match')).toEqual([])
  })

  it('a checksum that was sent and comes back proves nothing unless a wrong one is refused', async () => {
    const profile: ProviderProfile = {
      ...unsure,
      // it returns checksums for certain, and is known to refuse a wrong CRC32 only
      checksums: { ...unsure.checksums, returned: 'yes', verifiedOnWrite: ['crc32'], contentMd5: 'no' },
    }
    const ground = await openEdited({ destinationProfile: profile })
    ground.source.put('from', 'key', BYTES)
    const result = await ground.copy()
    expect(result).toMatchObject({ verdict: 'verified' })
    expect(result.evidence).toContainEqual(
      expect.objectContaining({ leg: 'destination', method: 'server-checked-write', algorithm: 'crc32', outcome: 'match' }),
    )
  })
})

describe('a cache that answers for the store', () => {
  const marks: readonly Record<string, string>[] = [
    { age: '12' },
    { 'x-cache': 'Hit from cloudfront' },
    { 'cf-cache-status': 'REVALIDATED' },
    { 'cache-status': 'edge; hit' },
    { 'x-cache-hits': '1' },
    { 'x-varnish': '32770 3' },
  ]

  it.each(marks)('%j at the source: its claims and its second reading prove nothing', async (mark) => {
    const ground = await openEdited({ source: (request, reply) => void (isRead(request) && Object.assign(reply.headers, mark)) })
    ground.source.put('from', 'key', BYTES)
    const result = await ground.copy()
    expect(result.verdict).toBe('unverified')
    expect(result.evidence).toContainEqual(expect.objectContaining({ leg: 'source', outcome: 'not-comparable', reason: 'the reply came from a cache' }))
  })

  it.each(marks)('%j at the destination: no read-back is believed', async (mark) => {
    const ground = await openEdited({
      destination: (request, reply) => void (isRead(request) && Object.assign(reply.headers, mark)),
      destinationProfile: known('generic'),
    })
    ground.source.put('from', 'key', BYTES)
    expect((await ground.copy({ settleMs: 100 })).verdict).toBe('unverified')
  })

  it('at the destination, that goes on with a broken read-back: its bytes are not believed', async () => {
    const ground = await openEdited({
      destination: (request, reply) => {
        if (request.method !== 'GET' || !isRead(request)) return
        if (reply.status === 206) reply.headers.age = '12'
        else reply.cutAt = 20_000
      },
      destinationProfile: known('generic'),
    })
    ground.source.put('from', 'key', BYTES)
    expect((await ground.copy({ settleMs: 100 })).verdict).toBe('unverified')
    expect(ground.destinationWire.requests.some(({ headers }) => headers.range === 'bytes=20000-')).toBe(true)
  })
})

describe('a store that packs or unpacks on the way', () => {
  const stored = gzipSync(patternBytes(30_000, 8))

  /** As Google does it: unpacked unless the reader accepts gzip (https://cloud.google.com/storage/docs/transcoding). */
  function likeGoogle(request: EditorRequest, reply: EditableReply): void {
    if (!isRead(request) || reply.status >= 300) return
    for (const name of Object.keys(reply.headers)) if (name.startsWith('x-amz-checksum')) delete reply.headers[name]
    reply.headers['x-goog-stored-content-encoding'] = 'gzip'
    reply.headers['x-goog-stored-content-length'] = String(stored.byteLength)
    reply.headers['x-goog-hash'] = `md5=${createHash('md5').update(stored).digest('base64')}`
    if (/gzip/.test(String(request.headers['accept-encoding'] ?? ''))) return
    reply.body = gunzipSync(stored)
    delete reply.headers['content-encoding']
    delete reply.headers['content-length']
    reply.headers.warning = '214 UploadServer gunzipped'
  }

  it('Google: asked once more for what is stored, and proved end-to-end', async () => {
    const ground = await openEdited({ source: likeGoogle, sourceProfile: known('gcs') })
    await ground.plainSourceClient.send(new PutObjectCommand({ Bucket: 'from', Key: 'key', Body: stored, ContentEncoding: 'gzip' }))
    const result = await ground.copy()
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', requests: 3 })
    expect(ground.destination.peek('to', 'key')?.equals(stored)).toBe(true)
  })

  it('one that never gives what is stored: failed, nothing written, no mismatch', async () => {
    const ground = await openEdited({
      source: (request, reply) => likeGoogle({ ...request, headers: { ...request.headers, 'accept-encoding': 'identity' } }, reply),
      sourceProfile: known('gcs'),
    })
    await ground.plainSourceClient.send(new PutObjectCommand({ Bucket: 'from', Key: 'key', Body: stored, ContentEncoding: 'gzip' }))
    expect(await ground.copy({ attempts: 1 })).toMatchObject({ verdict: 'failed' })
    expect(ground.destination.requests).toEqual([])
  })

  it('one that says so by Warning: 214 only: no mismatch', async () => {
    const ground = await openEdited({
      source: (request, reply) => {
        if (!isRead(request)) return
        reply.body = gunzipSync(stored)
        reply.headers['content-length'] = String(reply.body.byteLength)
        delete reply.headers['content-encoding']
        reply.headers.warning = '214 proxy "Transformation Applied"'
      },
    })
    await ground.plainSourceClient.send(new PutObjectCommand({ Bucket: 'from', Key: 'key', Body: stored, ContentEncoding: 'gzip' }))
    expect(await ground.copy({ attempts: 1 })).toMatchObject({ verdict: 'failed' })
  })

  it('one that unpacks at the destination, under the same ETag: never a mismatch', async () => {
    const ground = await openEdited({
      destination: (request, reply) => {
        if (request.method !== 'GET' || !isRead(request)) return
        reply.body = gunzipSync(stored)
        delete reply.headers['content-length']
        delete reply.headers['content-encoding']
      },
      destinationProfile: known('generic'),
    })
    await ground.plainSourceClient.send(new PutObjectCommand({ Bucket: 'from', Key: 'key', Body: stored, ContentEncoding: 'gzip' }))
    const result = await ground.copy({ attempts: 1 })
    expect(['unverified', 'failed']).toContain(result.verdict)
    expect(ground.destination.peek('to', 'key')?.equals(stored)).toBe(true)
  })
})

describe('a source that ignores conditions', () => {
  const large = patternBytes(9 * MIB, 9)

  it('If-Match: what changed in between is seen by the reply', async () => {
    const ground = await openGround({})
    ground.source.put('from', 'key', large)
    ground.source.setFaults([
      { match: { times: 'always' }, action: { kind: 'ignore-conditions' } },
      { match: { operation: 'GetObject' }, action: { kind: 'source-changed', afterBytes: 2 * MIB, body: patternBytes(9 * MIB, 10), mix: true } },
      { match: { operation: 'GetObject' }, action: { kind: 'reset', leg: 'response', at: 6 * MIB } },
    ])
    const result = await migrateObject(ground.options())
    expect(result.verdict).toBe('verified')
    expect(ground.destination.peek('to', 'key')?.equals(patternBytes(9 * MIB, 10))).toBe(true)
  })
})

describe('requests that say who pays', () => {
  it('every request of a copy in parts, with tags, that is read back', async () => {
    const ground = await openGround({ source: 'aws' })
    await uploadParts(ground.sourceClient, { bucket: 'from', key: 'key' }, cut(patternBytes(6 * MIB, 3), [5 * MIB, MIB]), { Tagging: 'a=b' })
    ground.source.clearRequests()
    const options = ground.options('key', { verify: { readBack: 'always' }, overwrite: 'never' })
    await migrateObject({
      ...options,
      source: { ...options.source, requestPayer: 'requester' },
      destination: { ...options.destination, requestPayer: 'requester' },
    })
    for (const server of [ground.source, ground.destination]) {
      expect(server.requests.length).toBeGreaterThan(2)
      expect(server.requests.filter(({ headers }) => headers['x-amz-request-payer'] !== 'requester').map(({ operation }) => operation)).toEqual([])
    }
    expect(Object.keys(ground.source.requestCounts).sort()).toEqual(['GetObject', 'GetObjectAttributes', 'GetObjectTagging'])
  })
})

describe('versions', () => {
  it('the version that was asked for, its layout among it; the destination is read back by its version', async () => {
    const ground = await openGround({})
    for (const [client, Bucket] of [
      [ground.sourceClient, 'from'],
      [ground.destinationClient, 'to'],
    ] as const)
      await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }))
    const old = patternBytes(12 * MIB, 3)
    await uploadParts(ground.sourceClient, { bucket: 'from', key: 'key' }, cut(old, [7 * MIB, 5 * MIB]))
    const versionId = (await ground.sourceClient.send(new PutObjectCommand({ Bucket: 'from', Key: 'key', Body: 'newer' }))).VersionId
    const first = ground.source.requests.find(({ operation }) => operation === 'CompleteMultipartUpload')
    expect(first).toBeDefined()
    await ground.sourceClient.send(new DeleteObjectCommand({ Bucket: 'from', Key: 'key' }))
    ground.source.clearRequests()
    const options = ground.options('key', { verify: { readBack: 'always' } })
    const result = await migrateObject({ ...options, source: { ...options.source, versionId: String(versionId) } })
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', source: { versionId } })
    expect(ground.source.requests.every(({ query }) => query['versionId'] === versionId)).toBe(true)
    const readBack = ground.destination.requests.find(({ operation }) => operation === 'GetObject')
    expect(readBack?.query['versionId']).toBe(result.destination.versionId)
  })
})

describe('a retention that the destination gives by default', () => {
  it('a copy that is proved wrong cannot be deleted, and that is said', async () => {
    const ground = await openGround({})
    await ground.destinationClient.send(new PutBucketVersioningCommand({ Bucket: 'to', VersioningConfiguration: { Status: 'Enabled' } }))
    await ground.destinationClient.send(
      new PutObjectLockConfigurationCommand({
        Bucket: 'to',
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 1 } } },
      }),
    )
    ground.source.put('from', 'key', BYTES)
    ground.destination.setFaults([
      { match: { operation: 'PutObject', times: 'always' }, action: { kind: 'flip', leg: 'rest', at: 3 } },
      { match: { operation: 'DeleteObject', times: 'always' }, action: { kind: 'status', status: 403, code: 'AccessDenied' } },
    ])
    const options = ground.options('key', { verify: { readBack: 'always' }, attempts: 1, accept: ['mismatch'] })
    const result = await migrateObject(options)
    expect(result.evidence).toContainEqual(
      expect.objectContaining({ leg: 'destination', outcome: 'not-comparable', reason: 'kept: it is locked, retained, or may not be deleted' }),
    )
    expect(ground.destination.peek('to', 'key')).not.toBeNull()
  })
})
