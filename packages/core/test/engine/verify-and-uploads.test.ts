import { setTimeout as sleep } from 'node:timers/promises'
import { CreateMultipartUploadCommand } from '@aws-sdk/client-s3'
import { abortUploads, listUploads, verifyObject } from '@sealift/core'
import { describe, expect, it } from 'vitest'
import { type CopyGround, failure, MIB, md5, ofOperation, openGround, patternBytes, profileOf } from '../copy-ground.ts'
import { cut, uploadParts } from './upload-parts.ts'

const SMALL = patternBytes(50_000, 91)
const OTHER = patternBytes(50_000, 92)
const LARGE = patternBytes(11 * MIB, 93)

async function both(source: Buffer, destination: Buffer): Promise<CopyGround> {
  const ground = await openGround()
  ground.source.put('from', 'key', source)
  ground.destination.put('to', 'key', destination)
  return ground
}

function nothingWritten(ground: CopyGround): void {
  for (const server of [ground.source, ground.destination]) {
    expect(server.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([])
  }
}

describe("verifyObject, depth 'read-back'", () => {
  it('equal: verified, both were read', async () => {
    const ground = await both(SMALL, SMALL)
    const result = await verifyObject(ground.verifyOptions())
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', route: null, parts: null, bytesWritten: 0, digests: { md5: md5(SMALL) } })
    expect(result.evidence).toContainEqual(expect.objectContaining({ leg: 'destination', method: 'read-back', outcome: 'match' }))
    expect([ofOperation(ground.source, 'GetObject').length, ofOperation(ground.destination, 'GetObject').length]).toEqual([1, 1])
    expect(await ground.rows()).toMatchObject([{ verdict: 'verified', route: null }])
    nothingWritten(ground)
  })

  it.each([
    ['other bytes', SMALL, OTHER],
    ['other size', SMALL, SMALL.subarray(1)],
    ['empty', SMALL, Buffer.alloc(0)],
  ])('%s: mismatch, and nothing is deleted', async (_, a, b) => {
    const ground = await both(a, b)
    const error = await failure(verifyObject(ground.verifyOptions()))
    expect(error).toMatchObject({ code: 'ERR_INTEGRITY_MISMATCH', result: { verdict: 'mismatch', assurance: 'none' } })
    expect(ground.destination.peek('to', 'key')?.equals(b)).toBe(true)
    nothingWritten(ground)
  })

  it('corrupted at rest under the right ETag: mismatch', async () => {
    const ground = await both(SMALL, SMALL)
    ground.destination.corruptAtRest('to', 'key', 49_999)
    expect(await failure(verifyObject(ground.verifyOptions()))).toMatchObject({ code: 'ERR_INTEGRITY_MISMATCH' })
    nothingWritten(ground)
  })

  it.each(['source', 'destination'] as const)('one harmed read of the %s is no mismatch', async (at) => {
    const ground = await both(SMALL, SMALL)
    ground[at].setFaults([{ match: { operation: 'GetObject' }, action: { kind: 'flip', leg: 'response', at: 7 } }])
    expect(await verifyObject(ground.verifyOptions())).toMatchObject({ verdict: 'verified' })
    nothingWritten(ground)
  })

  it('one PUT against parts: the bytes count, not the ETags', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', LARGE)
    await uploadParts(ground.destinationClient, { bucket: 'to', key: 'key' }, cut(LARGE, [5 * MIB, 6 * MIB]))
    ground.destination.clearRequests()
    const result = await verifyObject(ground.verifyOptions())
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end' })
    expect(result.source.etag).not.toBe(result.destination.etag)
    nothingWritten(ground)
  })

  it('a destination that is missing; a source that is missing', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    const error = await failure(verifyObject(ground.verifyOptions()))
    expect(error).toMatchObject({ code: 'ERR_DESTINATION_NOT_FOUND' })
    expect(await ground.rows()).toHaveLength(1)
    expect(await failure(verifyObject(ground.verifyOptions('nothing')))).toMatchObject({ code: 'ERR_SOURCE_NOT_FOUND' })
    nothingWritten(ground)
  })
})

describe("verifyObject, depth 'metadata'", () => {
  it('equal MD5 ETags prove it; no body is read', async () => {
    const ground = await both(SMALL, SMALL)
    const result = await verifyObject(ground.verifyOptions('key', { depth: 'metadata' }))
    expect(result).toMatchObject({ verdict: 'verified', requests: 2, bytesRead: 0 })
    expect([...ground.source.requests, ...ground.destination.requests].map(({ method }) => method)).toEqual(['HEAD', 'HEAD'])
  })

  it('different MD5 ETags of one PUT each: mismatch or unverified, never verified', async () => {
    const ground = await both(SMALL, OTHER)
    const error = await failure(verifyObject(ground.verifyOptions('key', { depth: 'metadata' })))
    expect((error.result as { verdict: string }).verdict).not.toBe('verified')
    nothingWritten(ground)
  })

  it('nothing comparable: unverified', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', LARGE)
    await uploadParts(ground.destinationClient, { bucket: 'to', key: 'key' }, cut(LARGE, [5 * MIB, 6 * MIB]))
    expect(await failure(verifyObject(ground.verifyOptions('key', { depth: 'metadata' })))).toMatchObject({
      code: 'ERR_UNVERIFIED',
      result: { verdict: 'unverified', assurance: 'none' },
    })
  })

  it('a destination that is missing', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    expect(await failure(verifyObject(ground.verifyOptions('key', { depth: 'metadata' })))).toMatchObject({ code: 'ERR_DESTINATION_NOT_FOUND' })
  })
})

describe('listUploads and abortUploads', () => {
  async function withUploads(keys: readonly string[]): Promise<CopyGround> {
    const ground = await openGround()
    for (const Key of keys) await ground.destinationClient.send(new CreateMultipartUploadCommand({ Bucket: 'to', Key }))
    return ground
  }
  const place = (ground: CopyGround) => ({ client: ground.destinationClient, bucket: 'to', profile: profileOf('aws') })

  it('all, of a prefix, of exactly one key', async () => {
    const ground = await withUploads(['a/1', 'a/2', 'b', 'b2', 'b'])
    const all = await listUploads(place(ground))
    expect(all.map(({ key }) => key)).toEqual(['a/1', 'a/2', 'b', 'b', 'b2'])
    for (const upload of all) {
      expect(upload).toEqual({
        bucket: 'to',
        key: expect.any(String),
        uploadId: expect.any(String),
        initiatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      })
    }
    expect((await listUploads({ ...place(ground), prefix: 'a/' })).map(({ key }) => key)).toEqual(['a/1', 'a/2'])
    expect((await listUploads({ ...place(ground), key: 'b' })).map(({ key }) => key)).toEqual(['b', 'b'])
    expect(await listUploads({ ...place(ground), key: 'a/' })).toEqual([])
  })

  it('aborts what is named, and tells what it aborted', async () => {
    const ground = await withUploads(['a/1', 'a/2', 'b', 'b2'])
    const { aborted, failed } = await abortUploads({ ...place(ground), key: 'b' })
    expect([aborted.map(({ key }) => key), failed]).toEqual([['b'], []])
    expect(ground.destination.uploads().map(({ key }) => key)).toEqual(['a/1', 'a/2', 'b2'])
    await abortUploads({ ...place(ground), prefix: 'a/' })
    expect(ground.destination.uploads().map(({ key }) => key)).toEqual(['b2'])
    await abortUploads(place(ground))
    expect(ground.destination.uploads()).toEqual([])
  })

  it('olderThanMs: young uploads stay', async () => {
    const ground = await withUploads(['old'])
    await sleep(1_600)
    await ground.destinationClient.send(new CreateMultipartUploadCommand({ Bucket: 'to', Key: 'young' }))
    expect((await abortUploads(place(ground), { olderThanMs: 60_000 })).aborted).toEqual([])
    expect((await abortUploads(place(ground), { olderThanMs: 1_500 })).aborted.map(({ key }) => key)).toEqual(['old'])
    expect(ground.destination.uploads().map(({ key }) => key)).toEqual(['young'])
  })

  it('one that cannot be aborted does not stop the others', async () => {
    const ground = await withUploads(['a', 'b', 'c'])
    ground.destination.setFaults([
      { match: { operation: 'AbortMultipartUpload', key: 'b', times: 'always' }, action: { kind: 'status', status: 403, code: 'AccessDenied' } },
    ])
    const { aborted, failed } = await abortUploads(place(ground))
    expect(aborted.map(({ key }) => key)).toEqual(['a', 'c'])
    expect(failed).toMatchObject([{ key: 'b', error: { code: 'ERR_ACCESS_DENIED', message: expect.stringContaining('AccessDenied') } }])
  })

  it('more uploads than a page', async () => {
    const ground = await withUploads(Array.from({ length: 1_005 }, (_, i) => `k${String(i).padStart(4, '0')}`))
    expect(await listUploads(place(ground))).toHaveLength(1_005)
  })

  it('an abort', async () => {
    const ground = await withUploads(['a', 'b', 'c'])
    const controller = new AbortController()
    ground.destination.setFaults([
      { match: { operation: 'AbortMultipartUpload', nth: 2 }, action: { kind: 'hook', when: 'before-forward', run: () => controller.abort('stop') } },
    ])
    await expect(abortUploads(place(ground), { signal: controller.signal })).rejects.toBe('stop')
    await expect(listUploads(place(ground), { signal: controller.signal })).rejects.toBe('stop')
  })
})
