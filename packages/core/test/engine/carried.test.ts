import { GetObjectTaggingCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { migrateObject } from '@sealift/core'
import type { PersonalityName } from '@sealift/testing'
import { describe, expect, it } from 'vitest'
import { type CopyGround, MIB, ofOperation, openGround, patternBytes } from '../copy-ground.ts'

const SMALL = patternBytes(10_000, 61)
const LARGE = patternBytes(11 * MIB, 62)
/** The SDK's own CRC32 would be one thing more that most stores cannot hold. */
const NO_CHECKSUMS = { requestChecksumCalculation: 'WHEN_REQUIRED' } as const
const PARTS = { memoryBytes: 16 * MIB, partSizeBytes: 5 * MIB, layout: 'own' } as const

const HEADERS = {
  ContentType: 'text/plain; charset=utf-8',
  CacheControl: 'max-age=60, public',
  ContentDisposition: 'attachment; filename="a b.txt"',
  ContentEncoding: 'gzip',
  ContentLanguage: 'de, en',
  Expires: new Date('2030-01-01T00:00:00Z'),
  WebsiteRedirectLocation: '/elsewhere',
}
const METADATA = { plain: 'a value', mixed: 'x=1; y=2', empty: '' }
const TAGGING = 'team=storage&colour=deep%20blue'

async function tagsOf(ground: CopyGround, key: string): Promise<Record<string, string>> {
  const { TagSet = [] } = await ground.destinationClient.send(new GetObjectTaggingCommand({ Bucket: 'to', Key: key }))
  return Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]))
}

describe.each([
  ['one PUT', SMALL, {}],
  ['parts', LARGE, PARTS],
] as const)('%s', (_, bytes, extra) => {
  it.each(['aws', 'ceph', 'minio'] as const)('everything that %s can hold is carried', async (destination) => {
    const ground = await openGround({ destination, client: NO_CHECKSUMS })
    await ground.sourceClient.send(new PutObjectCommand({ Bucket: 'from', Key: 'key', Body: bytes, ...HEADERS, Metadata: METADATA, Tagging: TAGGING }))
    const result = await migrateObject(ground.options('key', extra))
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end' })
    const head = await ground.destinationClient.send(new HeadObjectCommand({ Bucket: 'to', Key: 'key' }))
    const { Expires: _expires, WebsiteRedirectLocation: redirect, ...headers } = HEADERS
    expect(head).toMatchObject(headers)
    expect(head.ExpiresString).toContain('01 Jan 2030')
    expect(head.Metadata).toEqual(METADATA)
    expect(await tagsOf(ground, 'key')).toEqual({ team: 'storage', colour: 'deep blue' })
    const listed = result.notCarried.map(({ what }) => what)
    if (!listed.includes('website-redirect')) expect(head.WebsiteRedirectLocation).toBe(redirect)
    expect(listed.filter((what) => what !== 'website-redirect')).toEqual([])
  })
})

describe('what the destination cannot hold is listed', () => {
  const listed = async (destination: PersonalityName, put: Partial<ConstructorParameters<typeof PutObjectCommand>[0]>, extra = {}) => {
    const ground = await openGround({ destination, client: NO_CHECKSUMS })
    await ground.sourceClient.send(new PutObjectCommand({ Bucket: 'from', Key: 'key', Body: SMALL, ...put }))
    const result = await migrateObject(ground.options('key', extra))
    expect(result.verdict).toBe('verified')
    expect(await ground.rows()).toMatchObject([{ notCarried: result.notCarried }])
    return { ground, result }
  }

  it.each(['swift', 'r2'] as const)('tags on %s', async (destination) => {
    const { result, ground } = await listed(destination, { Tagging: TAGGING })
    expect(result.notCarried).toEqual([{ what: 'tags', name: null, reason: expect.stringContaining('has no object tags') }])
    expect(ofOperation(ground.destination, 'PutObjectTagging')).toEqual([])
    expect(ofOperation(ground.destination, 'PutObject')[0]?.headers['x-amz-tagging']).toBeUndefined()
  })

  it('a long metadata value on swift, by its name', async () => {
    const { result, ground } = await listed('swift', { Metadata: { long: 'x'.repeat(300), short: 'y' } })
    expect(result.notCarried).toEqual([{ what: 'metadata', name: 'long', reason: expect.stringContaining('256') }])
    const head = await ground.destinationClient.send(new HeadObjectCommand({ Bucket: 'to', Key: 'key' }))
    expect(head.Metadata).toEqual({ short: 'y' })
  })

  it('a name with an underscore on ceph, which stores it under another', async () => {
    const { result, ground } = await listed('ceph', { Metadata: { a_b: '1' } })
    expect(result.notCarried).toEqual([{ what: 'metadata', name: 'a_b', reason: expect.stringContaining('a-b') }])
    const head = await ground.destinationClient.send(new HeadObjectCommand({ Bucket: 'to', Key: 'key' }))
    expect(head.Metadata).toEqual({ 'a-b': '1' })
  })

  it('a storage class that is not there, and one that is mapped', async () => {
    const { result } = await listed('ceph', { StorageClass: 'STANDARD_IA' })
    expect(result.notCarried).toEqual([{ what: 'storage-class', name: 'STANDARD_IA', reason: expect.stringContaining('STANDARD_IA') }])
    const mapped = await listed('minio', { StorageClass: 'STANDARD_IA' }, { storageClasses: { STANDARD_IA: 'REDUCED_REDUNDANCY' } })
    expect(mapped.result.notCarried).toEqual([])
    expect(ofOperation(mapped.ground.destination, 'PutObject')[0]?.headers['x-amz-storage-class']).toBe('REDUCED_REDUNDANCY')
  })

  it('tags that the destination refuses: the object is verified all the same', async () => {
    const ground = await openGround({ destination: 'ceph' })
    ground.source.put('from', 'key', LARGE, { tags: { a: 'b' } })
    ground.destination.setFaults([{ match: { operation: 'PutObjectTagging', times: 'always' }, action: { kind: 'status', status: 403, code: 'AccessDenied' } }])
    const result = await migrateObject(ground.options('key', PARTS))
    expect(result).toMatchObject({ verdict: 'verified', notCarried: [{ what: 'tags', name: null, reason: 'the destination refused them (access-denied)' }] })
  })
})

describe('tags of an object in parts', () => {
  it.each([
    ['aws', 'with Create', true],
    ['ceph', 'after Complete', false],
  ] as const)('%s: %s', async (destination, _, withCreate) => {
    const ground = await openGround({ destination })
    ground.source.put('from', 'key', LARGE, { tags: { a: 'b c', ü: 'ö' } })
    const result = await migrateObject(ground.options('key', PARTS))
    expect(result.notCarried).toEqual([])
    expect(await tagsOf(ground, 'key')).toEqual({ a: 'b c', ü: 'ö' })
    expect(ofOperation(ground.destination, 'CreateMultipartUpload')[0]?.headers['x-amz-tagging'] !== undefined).toBe(withCreate)
    expect(ofOperation(ground.destination, 'PutObjectTagging')).toHaveLength(withCreate ? 0 : 1)
  })

  it('no tags, no question', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', SMALL)
    await migrateObject(ground.options())
    expect(ofOperation(ground.source, 'GetObjectTagging')).toEqual([])
    expect(ofOperation(ground.destination, 'PutObjectTagging')).toEqual([])
  })
})

describe('text that is not ASCII', () => {
  it('goes as RFC 2047 words', async () => {
    const ground = await openGround()
    await ground.sourceClient.send(
      new PutObjectCommand({ Bucket: 'from', Key: 'key', Body: SMALL, Metadata: { title: `=?UTF-8?B?${Buffer.from('Größe ✓').toString('base64')}?=` } }),
    )
    const result = await migrateObject(ground.options())
    expect(result).toMatchObject({ verdict: 'verified', notCarried: [] })
    const sent = ofOperation(ground.destination, 'PutObject')[0]?.headers['x-amz-meta-title'] ?? ''
    expect(sent).toMatch(/^=\?UTF-8\?[BQ]\?.*\?=$/i)
    expect(sent).not.toMatch(/[^\x20-\x7e]/)
    const [, encoding = '', text = ''] = /^=\?UTF-8\?([BQ])\?(.*)\?=$/i.exec(sent) ?? []
    const decoded =
      encoding.toUpperCase() === 'B' ? Buffer.from(text, 'base64').toString() : decodeURIComponent(text.replaceAll('_', '%20').replaceAll('=', '%'))
    expect(decoded).toBe('Größe ✓')
  })
})

describe('identity encoding', () => {
  it('Accept-Encoding: identity on every read; the token aws-chunked goes, the rest stays', async () => {
    const ground = await openGround({ source: 'ceph' })
    await ground.sourceClient.send(new PutObjectCommand({ Bucket: 'from', Key: 'key', Body: SMALL, ContentEncoding: 'gzip,aws-chunked' }))
    const result = await migrateObject(ground.options('key', { verify: { readBack: 'always' } }))
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end' })
    for (const server of [ground.source, ground.destination]) {
      for (const { headers } of ofOperation(server, 'GetObject')) expect(headers['accept-encoding']).toBe('identity')
    }
    expect(ofOperation(ground.destination, 'PutObject')[0]?.headers['content-encoding']).toBe('gzip')
    const only = await openGround({ source: 'ceph' })
    await only.sourceClient.send(new PutObjectCommand({ Bucket: 'from', Key: 'key', Body: SMALL, ContentEncoding: 'aws-chunked' }))
    await migrateObject(only.options())
    expect(ofOperation(only.destination, 'PutObject')[0]?.headers['content-encoding']).toBeUndefined()
  })
})

describe('keys are bytes', () => {
  it.each([
    'a//b',
    './a/../b',
    '..',
    'a/./b',
    '/lead',
    'trail/',
    'a+b c%20d?e#f',
    'emoji 🚢 ü',
    'quote\'"<>&',
    'tab\tnew\nline\u0001',
    'back\\slash',
    '%',
    'é',
    'e\u0301',
    '~*()!',
  ])('%j', async (key) => {
    const ground = await openGround()
    ground.source.put('from', key, SMALL)
    const result = await migrateObject(ground.options(key, { verify: { readBack: 'always' } }))
    expect(result).toMatchObject({ verdict: 'verified', source: { key }, destination: { key } })
    expect(ground.destination.keys('to')).toEqual([key])
    const [row] = await ground.rows()
    expect(row?.source.key).toBe(key)
  })

  it('1,024 bytes, and a key of its own at the destination', async () => {
    const ground = await openGround()
    const longest = `${'€'.repeat(341)}x`
    ground.source.put('from', longest, SMALL)
    const options = ground.options(longest)
    const result = await migrateObject({ ...options, destination: { ...options.destination, key: 'renamed/$1' } })
    expect(result).toMatchObject({ verdict: 'verified', source: { key: longest }, destination: { key: 'renamed/$1' } })
    expect(ground.destination.keys('to')).toEqual(['renamed/$1'])
  })
})
