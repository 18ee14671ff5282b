import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { PERSONALITIES, type PersonalityName } from '@sealift/testing'
import { describe, expect, it } from 'vitest'
import { openServer, type RawReply, rawRequest } from './open-server.ts'
import { signRequest } from './sign-request.ts'
import { uploadInParts } from './upload-in-parts.ts'

// published digests of `123456789` and `abc`; that of their parts by openssl and coreutils: both MD5s, as bytes, into md5sum; that of both together by md5sum
const NINE = '25f9e794323b453885f5181f1b624d0b'
const ABC = '900150983cd24fb0d6963f7d28e17f72'
const OF_PARTS = '"04196f658df48cc0330f9af75b99ee31-2"'
const WHEN_REQUIRED = { requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' } as const
const HEX = /^"[0-9a-f]{32}"$/
const ALPHANUMERIC = /^"[a-z0-9]{32}"$/

interface ETags {
  /** of a PUT of `123456789` */
  readonly single: string | RegExp | undefined
  /** of the part `abc` */
  readonly part: string | RegExp
  /** of the parts `123456789`, `abc` */
  readonly multipart: string | RegExp | undefined
  /** of a PUT under SSE-KMS; null where it is refused or not heeded */
  readonly kms: RegExp | undefined | null
}

const AMAZONS = { single: `"${NINE}"`, part: `"${ABC}"`, multipart: OF_PARTS }
const OPAQUE: ETags = { single: ALPHANUMERIC, part: ALPHANUMERIC, multipart: ALPHANUMERIC, kms: ALPHANUMERIC }

const EXPECTED: Readonly<Record<PersonalityName, ETags>> = {
  aws: { ...AMAZONS, kms: HEX },
  minio: { ...AMAZONS, kms: /^"[0-9a-f]{32}-1"$/ },
  ceph: { ...AMAZONS, kms: null },
  swift: { ...AMAZONS, kms: null },
  r2: { ...AMAZONS, kms: null },
  b2: { ...AMAZONS, kms: null },
  wasabi: { ...AMAZONS, kms: null },
  gcs: { ...AMAZONS, multipart: /^"-C[A-Za-z0-9+/]{14}="$/, kms: null },
  spaces: { ...AMAZONS, kms: null },
  oss: { single: `"${NINE.toUpperCase()}"`, part: `"${ABC.toUpperCase()}"`, multipart: /^"[0-9A-F]{32}-2"$/, kms: /^"[0-9A-F]{32}"$/ },
  storj: { ...AMAZONS, kms: null },
  garage: { ...AMAZONS, kms: null },
  seaweedfs: { ...AMAZONS, kms: HEX },
  express: OPAQUE,
  generic: { ...AMAZONS, kms: HEX },
  'generic-opaque': OPAQUE,
  'generic-plain-md5': { ...AMAZONS, multipart: '"d266f2f31cf903c870027659030e967e"', kms: HEX },
  'generic-upper-case': { single: NINE.toUpperCase(), part: ABC.toUpperCase(), multipart: '04196F658DF48CC0330F9AF75B99EE31-2', kms: /^[0-9A-F]{32}$/ },
  'generic-no-etag': { single: undefined, part: `"${ABC}"`, multipart: undefined, kms: undefined },
  'generic-echo': { ...AMAZONS, kms: HEX },
  'generic-careless': { ...AMAZONS, kms: HEX },
  'generic-gzip': { ...AMAZONS, kms: HEX },
  'generic-cached': { ...AMAZONS, kms: HEX },
  'generic-retention': { ...AMAZONS, kms: HEX },
  'generic-requester-pays': { ...AMAZONS, kms: HEX },
}

function expectETag(actual: string | undefined, expected: string | RegExp | undefined): void {
  if (expected instanceof RegExp) expect(actual).toMatch(expected)
  else expect(actual).toBe(expected)
}

describe.each(PERSONALITIES)('ETags of %s', (name) => {
  const { single, part, multipart, kms } = EXPECTED[name]
  const payer = name === 'generic-requester-pays' ? ({ RequestPayer: 'requester' } as const) : {}
  const open = () => openServer({ personality: { extends: name, id: name, limits: { minPartBytes: 1, equalParts: false } } }, WHEN_REQUIRED)

  it('of a PUT and of a HEAD after it', async () => {
    const { client } = await open()
    const digest = name === 'express' ? {} : { ContentMD5: 'JfnnlDI7RTiF9RgfG2JNCw==' }
    const put = await client.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: '123456789', ...digest, ...payer }))
    expectETag(put.ETag, single)
    expect((await client.send(new HeadObjectCommand({ Bucket: 'b', Key: 'k', ...payer }))).ETag).toBe(put.ETag)
  })

  it('of parts and of what they make', async () => {
    const { client } = await open()
    const { partETags, completeETag } = await uploadInParts(client, 'k', ['123456789', 'abc'], payer)
    expectETag(partETags[1], part)
    const head = await client.send(new HeadObjectCommand({ Bucket: 'b', Key: 'k', ...payer }))
    expectETag(head.ETag, multipart)
    expect(completeETag).toBe(name === 'ceph' || name === 'spaces' ? '' : head.ETag)
  })

  it('of a PUT under SSE-KMS', async () => {
    const { client } = await open()
    const digest = name === 'express' ? {} : { ContentMD5: 'JfnnlDI7RTiF9RgfG2JNCw==' }
    const put = await client
      .send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: '123456789', ServerSideEncryption: 'aws:kms', ...digest, ...payer }))
      .catch((error: Error) => error.name)
    if (typeof put === 'string' || kms === null) {
      // refused, or left unheeded and so not confirmed
      expect([typeof put === 'string' ? put : put.ServerSideEncryption, kms]).toEqual([typeof put === 'string' ? 'NotImplemented' : undefined, null])
      return
    }
    expectETag(put.ETag, kms)
    expect(put.ETag ?? 'none').not.toBe(single)
  })
})

describe('vendor headers: digests of what came in, that stay as they are when a byte rots', () => {
  // published check values of CRC-32C, CRC-64/XZ and MD5 for `123456789`; the others from facts of the algorithms for `abc`
  it.each([
    ['gcs', 'x-goog-hash', 'crc32c=4waSgw==,md5=JfnnlDI7RTiF9RgfG2JNCw==', 'crc32c=Nks/tw==,md5=kAFQmDzST7DWlj99KOF/cg=='],
    ['oss', 'x-oss-hash-crc64ecma', '11051210869376104954', '3231342946509354535'],
  ] as const)('%s', async (name, header, nine, abc) => {
    const { server, client } = await openServer({ personality: { extends: name, id: name, limits: { minPartBytes: 1 } } })
    const ask = (method: string, path: string, body = ''): Promise<RawReply> =>
      rawRequest(server, signRequest(server, { method, path, body, headers: { 'content-length': String(body.length) } }).request)
    expect((await ask('PUT', '/b/k', '123456789')).headers[header]).toBe(nine)
    expect((await ask('HEAD', '/b/k')).headers[header]).toBe(nine)
    server.corruptAtRest('b', 'k', 3)
    const rotten = await ask('GET', '/b/k')
    expect([rotten.headers[header], rotten.body.toString()]).toEqual([nine, '123556789'])
    server.put('b', 'foreign', 'abc')
    expect((await ask('GET', '/b/foreign')).headers[header]).toBe(abc)
    await uploadInParts(client, 'm', ['1234567', '89'])
    // whole-object values: Google has no MD5 of a multipart object
    expect((await ask('GET', '/b/m')).headers[header]).toBe(name === 'gcs' ? 'crc32c=4waSgw==' : nine)
    expect(server.peek('b', 'm')?.toString()).toBe('123456789')
  })

  it("Alibaba's Complete says the CRC of the whole, each part its own; Google's Complete says nothing", async () => {
    for (const [name, header, expected] of [
      ['oss', 'x-oss-hash-crc64ecma', '11051210869376104954'],
      ['gcs', 'x-goog-hash', undefined],
    ] as const) {
      const { server } = await openServer({ personality: { extends: name, id: name, limits: { minPartBytes: 1 } } })
      const ask = (method: string, path: string, body: string): Promise<RawReply> =>
        rawRequest(server, signRequest(server, { method, path, body, headers: { 'content-length': String(body.length) } }).request)
      const uploadId = /<UploadId>([^<]+)</.exec((await ask('POST', '/b/k?uploads', '')).body.toString())?.[1] ?? ''
      const part = await ask('PUT', `/b/k?partNumber=1&uploadId=${uploadId}`, '123456789')
      expect(part.headers[header]).toBe(name === 'oss' ? expected : 'crc32c=4waSgw==,md5=JfnnlDI7RTiF9RgfG2JNCw==')
      const document = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${part.headers.etag}</ETag></Part></CompleteMultipartUpload>`
      const done = await ask('POST', `/b/k?uploadId=${uploadId}`, document)
      expect([done.status, done.headers[header]]).toEqual([200, expected])
    }
  })
})
