import { CreateMultipartUploadCommand } from '@aws-sdk/client-s3'
import { migrateObject } from '@sealift/core'
import type { FaultAction, FaultRule, S3Operation } from '@sealift/testing'
import { describe, expect, it } from 'vitest'
import { type CopyGround, failure, md5, ofOperation, openGround, patternBytes } from '../copy-ground.ts'
import { cut, etagOfParts, uploadParts } from './upload-parts.ts'

const SMALL = patternBytes(50_000, 11)
/** Parts of kilobytes are as good as parts of megabytes here. */
const minPartBytes = 64 * 1024
const LARGE = patternBytes(2 * minPartBytes + 62_000, 12)
const PARTS = cut(LARGE, [minPartBytes, minPartBytes, 62_000])
const ETAG = etagOfParts(PARTS)
const putLarge = (ground: CopyGround): Promise<string> => uploadParts(ground.sourceClient, { bucket: 'from', key: 'key' }, PARTS)
const on = (operation: S3Operation, action: FaultAction, times: number | 'always' = 1, nth = 1): FaultRule => ({ match: { operation, nth, times }, action })
const names = (requests: readonly { readonly operation: string }[]): string[] => requests.map(({ operation }) => operation)

describe.each(['aws', 'ceph', 'swift', 'minio', 'r2'] as const)('Complete, on %s', (destination) => {
  it.each([
    ['done, and its reply lost', { kind: 'lost-reply' }],
    ['lost on its way', { kind: 'never-arrives' }],
    ['answered 200 with an error, not done', { kind: 'error-in-200' }],
    ['answered 200 with an error, and done', { kind: 'error-in-200', done: true }],
    ['answered 500', { kind: 'status', status: 500, code: 'InternalError' }],
  ] as const)('%s: the object is there, once, and proved', async (_, action) => {
    const ground = await openGround({ destination, minPartBytes })
    await putLarge(ground)
    ground.destination.setFaults([on('CompleteMultipartUpload', action)])
    const result = await migrateObject(ground.options())
    expect(result).toMatchObject({
      verdict: 'verified',
      assurance: 'end-to-end',
      attempts: 1,
      destination: { etag: ETAG, sizeBytes: LARGE.length },
      orphans: [],
    })
    expect(ground.destination.peek('to', 'key')?.equals(LARGE)).toBe(true)
    expect(ground.destination.uploads()).toEqual([])
    const asked = names(ground.destination.requests)
    expect(asked.filter((name) => name === 'CreateMultipartUpload')).toHaveLength(1)
    expect(asked).not.toContain('AbortMultipartUpload')
    // looked at before anything else was done
    const first = asked.indexOf('CompleteMultipartUpload')
    expect(asked[first + 1]).toBe('ListParts')
    expect(await ground.store.openUploads()).toEqual([])
  })
})

describe('Complete', () => {
  it('never answered well: the upload is aborted, nothing is there', async () => {
    const ground = await openGround({ minPartBytes })
    await putLarge(ground)
    ground.destination.setFaults([on('CompleteMultipartUpload', { kind: 'error-in-200' }, 'always')])
    const error = await failure(migrateObject(ground.options('key', { attempts: 1 })))
    expect(error).toMatchObject({ code: 'ERR_TRANSFER', result: { verdict: 'failed', orphans: [] } })
    expect(ground.destination.keys('to')).toEqual([])
    expect(ground.destination.uploads()).toEqual([])
  })

  it('whose reply was lost, and somebody else’s object is there by then: not ours, not deleted', async () => {
    const ground = await openGround({ minPartBytes })
    await putLarge(ground)
    ground.destination.setFaults([
      on('CompleteMultipartUpload', { kind: 'lost-reply' }, 'always'),
      on('ListParts', { kind: 'hook', when: 'before-forward', run: () => ground.destination.put('to', 'key', 'mine') }, 'always'),
    ])
    const error = await failure(migrateObject(ground.options('key', { attempts: 1 })))
    expect(error.result).toMatchObject({ verdict: 'failed' })
    expect(ground.destination.peek('to', 'key')?.toString()).toBe('mine')
    expect(ground.destination.uploads()).toEqual([])
  })

  it('lost and the abort refused: reported as an orphan', async () => {
    const ground = await openGround({ minPartBytes })
    await putLarge(ground)
    ground.destination.setFaults([
      on('CompleteMultipartUpload', { kind: 'status', status: 400, code: 'InvalidPart' }, 'always'),
      on('AbortMultipartUpload', { kind: 'status', status: 403, code: 'AccessDenied' }, 'always'),
    ])
    const error = await failure(migrateObject(ground.options('key', { attempts: 1 })))
    const { uploadId } = ground.destination.uploads()[0] ?? {}
    expect(uploadId).toBeDefined()
    expect(error.result).toMatchObject({ verdict: 'failed', orphans: [{ bucket: 'to', key: 'key', uploadId }] })
    // and the record keeps it, for a later run
    expect(await ground.store.openUploads()).toMatchObject([{ uploadId, key: 'key' }])
  })
})

describe('Create', () => {
  it('done, and its reply lost: the twin is found and aborted', async () => {
    const ground = await openGround({ minPartBytes })
    await putLarge(ground)
    ground.destination.setFaults([on('CreateMultipartUpload', { kind: 'lost-reply' })])
    const result = await migrateObject(ground.options())
    expect(result).toMatchObject({ verdict: 'verified', orphans: [] })
    expect(ground.destination.uploads()).toEqual([])
    expect(ofOperation(ground.destination, 'CreateMultipartUpload')).toHaveLength(2)
    expect(ofOperation(ground.destination, 'AbortMultipartUpload')).toHaveLength(1)
  })

  it('lost on its way: nothing is aborted', async () => {
    const ground = await openGround({ minPartBytes })
    await putLarge(ground)
    ground.destination.setFaults([on('CreateMultipartUpload', { kind: 'never-arrives' })])
    const result = await migrateObject(ground.options())
    expect(result).toMatchObject({ verdict: 'verified', orphans: [] })
    expect(ofOperation(ground.destination, 'AbortMultipartUpload')).toEqual([])
  })

  it('lost, and two uploads that may be it: neither is touched, both are reported', async () => {
    const ground = await openGround({ minPartBytes })
    await putLarge(ground)
    ground.destination.setFaults([
      on('CreateMultipartUpload', { kind: 'lost-reply' }),
      {
        match: { operation: 'CreateMultipartUpload', nth: 2 },
        action: {
          kind: 'hook',
          when: 'before-forward',
          run: async () => {
            await ground.destinationClient.send(new CreateMultipartUploadCommand({ Bucket: 'to', Key: 'key' }))
          },
        },
      },
    ])
    const result = await migrateObject(ground.options())
    const left = ground.destination.uploads().map(({ uploadId }) => uploadId)
    expect(left).toHaveLength(2)
    expect(result.verdict).toBe('verified')
    expect(result.orphans.map(({ uploadId }) => uploadId).sort()).toEqual(left.sort())
    expect(ofOperation(ground.destination, 'AbortMultipartUpload')).toEqual([])
  })

  it('lost, and an upload of another key or of long ago: not touched', async () => {
    const ground = await openGround({ minPartBytes })
    await putLarge(ground)
    for (const Key of ['key2', 'key/inside']) await ground.destinationClient.send(new CreateMultipartUploadCommand({ Bucket: 'to', Key }))
    ground.destination.setFaults([on('CreateMultipartUpload', { kind: 'lost-reply' })])
    const result = await migrateObject(ground.options())
    expect(result).toMatchObject({ verdict: 'verified', orphans: [] })
    expect(
      ground.destination
        .uploads()
        .map(({ key }) => key)
        .sort(),
    ).toEqual(['key/inside', 'key2'])
  })

  it('never answered: said as an orphan without an id', async () => {
    const ground = await openGround({ minPartBytes })
    await putLarge(ground)
    ground.destination.setFaults([on('CreateMultipartUpload', { kind: 'never-arrives' }, 'always')])
    const error = await failure(migrateObject(ground.options('key', { attempts: 1 })))
    expect(error.result).toMatchObject({ verdict: 'failed', orphans: [{ bucket: 'to', key: 'key', uploadId: null }] })
  })
})

describe('PUT', () => {
  it.each([
    ['done, and its reply lost', { kind: 'lost-reply' }],
    ['lost on its way', { kind: 'never-arrives' }],
    ['answered 200 with an error, and done', { kind: 'error-in-200', done: true }],
    ['answered 408, which may be said of an idle connection', { kind: 'status', status: 408, code: 'TimedOut' }],
  ] as const)('%s: written again, and looked at by HEAD', async (_, action) => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    ground.destination.setFaults([on('PutObject', action)])
    const result = await migrateObject(ground.options())
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', destination: { etag: md5(SMALL) } })
    expect(names(ground.destination.requests)).toEqual(['PutObject', 'PutObject', 'HeadObject'])
  })

  it('whose replies are all lost: HEAD names it', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    ground.destination.setFaults([on('PutObject', { kind: 'lost-reply' }, 'always')])
    const result = await migrateObject(ground.options('key', { attempts: 1 }))
    expect(result).toMatchObject({ verdict: 'verified', destination: { etag: md5(SMALL), sizeBytes: SMALL.length } })
    expect(names(ground.destination.requests).slice(-2)).toContain('HeadObject')
    // what was sent was not seen to be checked: the ETag proves it
    expect(result.evidence.some(({ method, outcome }) => method === 'server-checked-write' && outcome === 'match')).toBe(false)
  })

  it('whose replies are lost, and somebody else writes after it: unverified, and theirs is kept', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    ground.destination.setFaults([
      on('PutObject', { kind: 'lost-reply' }),
      on('PutObject', { kind: 'second-writer', when: 'after', body: 'theirs' }, 'always', 2),
    ])
    const error = await failure(migrateObject(ground.options('key', { attempts: 1 })))
    expect(error).toMatchObject({ code: 'ERR_DESTINATION_CHANGED', result: { verdict: 'unverified' } })
    expect(ground.destination.peek('to', 'key')?.toString()).toBe('theirs')
    expect(ofOperation(ground.destination, 'DeleteObject')).toEqual([])
  })
})
