import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { generatedBytes } from '@sealift/testing'
import { describe, expect, it } from 'vitest'
import { bytesOf, openServer } from './open-server.ts'

const MIB = 1024 ** 2
const GIB = 1024 ** 3
const md5 = (bytes: Uint8Array): Buffer => createHash('md5').update(bytes).digest()

describe('generated objects', () => {
  it('a range at 19 GiB of a 20 GiB object, without ever having its bytes', async () => {
    const before = process.memoryUsage().rss
    const { client } = await openServer({ objects: [{ bucket: 'b', key: 'huge', sizeBytes: 20 * GIB, etag: 'opaque' }] })
    const head = await client.send(new HeadObjectCommand({ Bucket: 'b', Key: 'huge' }))
    expect([head.ContentLength, head.ETag]).toEqual([20 * GIB, expect.stringMatching(/^"opaque-/)])
    const get = await client.send(new GetObjectCommand({ Bucket: 'b', Key: 'huge', Range: `bytes=${19 * GIB + 5}-${19 * GIB + 100_004}`, IfMatch: head.ETag }))
    expect(get.ContentRange).toBe(`bytes ${19 * GIB + 5}-${19 * GIB + 100_004}/${20 * GIB}`)
    expect((await bytesOf(get)).equals(generatedBytes({ key: 'huge' }, 19 * GIB + 5, 19 * GIB + 100_005))).toBe(true)
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * MIB)
  })

  it('has the ETag of its bytes, in one piece and in parts', async () => {
    const { client } = await openServer({
      objects: [
        { bucket: 'b', key: 'one', sizeBytes: 100_000, seed: 4, metadata: { a: '1' }, contentType: 'x/y', tags: { t: '2' } },
        { bucket: 'b', key: 'parts', sizeBytes: 11 * MIB, partSizeBytes: 5 * MIB },
        { bucket: 'b', key: 'given', sizeBytes: 1, etag: 'abc' },
        { bucket: 'b', key: 'empty', sizeBytes: 0 },
      ],
    })
    const head = (Key: string, PartNumber?: number) =>
      client.send(new HeadObjectCommand({ Bucket: 'b', Key, ...(PartNumber === undefined ? {} : { PartNumber }) }))
    expect(await head('one')).toMatchObject({
      ETag: `"${md5(generatedBytes({ key: 'one', seed: 4 }, 0, 100_000)).toString('hex')}"`,
      ContentType: 'x/y',
      Metadata: { a: '1' },
    })
    expect((await client.send(new GetObjectTaggingCommand({ Bucket: 'b', Key: 'one' }))).TagSet).toEqual([{ Key: 't', Value: '2' }])
    const bytes = generatedBytes({ key: 'parts' }, 0, 11 * MIB)
    const digests = [0, 5, 10].map((start) => md5(bytes.subarray(start * MIB, (start + 5) * MIB)))
    expect((await head('parts')).ETag).toBe(`"${md5(Buffer.concat(digests)).toString('hex')}-3"`)
    expect(await head('parts', 3)).toMatchObject({ ContentLength: MIB, PartsCount: 3 })
    expect((await head('given')).ETag).toBe('"abc"')
    expect((await head('empty')).ETag).toBe('"d41d8cd98f00b204e9800998ecf8427e"')
  })

  it('a million keys: pages in order, a start anywhere, prefixes that are leapt over', async () => {
    const keyOf = (i: number): string => `${String(i % 10)}/${String(Math.floor(i / 10)).padStart(6, '0')}`
    const inOrder = (i: number): string => `${Math.floor(i / 100_000)}/${String(i % 100_000).padStart(6, '0')}`
    for (const one of [inOrder, keyOf]) {
      const { client, server } = await openServer({ objects: [{ bucket: 'b', count: 1_000_000, keyOf: one, sizeBytes: 3 }] })
      const first = await client.send(new ListObjectsV2Command({ Bucket: 'b' }))
      expect([first.KeyCount, first.Contents?.[0]?.Key, first.Contents?.at(-1)?.Key]).toEqual([1000, '0/000000', '0/000999'])
      const next = await client.send(new ListObjectsV2Command({ Bucket: 'b', ContinuationToken: first.NextContinuationToken }))
      expect(next.Contents?.[0]?.Key).toBe('0/001000')
      const late = await client.send(new ListObjectsV2Command({ Bucket: 'b', StartAfter: '9/099990' }))
      expect([late.KeyCount, late.IsTruncated]).toEqual([9, false])
      const rolled = await client.send(new ListObjectsV2Command({ Bucket: 'b', Delimiter: '/' }))
      expect(rolled.CommonPrefixes?.map((prefix) => prefix.Prefix)).toEqual(Array.from({ length: 10 }, (_, i) => `${i}/`))
      expect((await bytesOf(await client.send(new GetObjectCommand({ Bucket: 'b', Key: '5/000007' })))).equals(generatedBytes({ key: '5/000007' }, 0, 3))).toBe(
        true,
      )
      await client.send(new DeleteObjectCommand({ Bucket: 'b', Key: '0/000000' }))
      await client.send(new PutObjectCommand({ Bucket: 'b', Key: '0/000001', Body: 'mine' }))
      const after = await client.send(new ListObjectsV2Command({ Bucket: 'b', MaxKeys: 2 }))
      expect(after.Contents?.map((object) => [object.Key, object.Size])).toEqual([
        ['0/000001', 4],
        ['0/000002', 3],
      ])
      await expect(client.send(new HeadObjectCommand({ Bucket: 'b', Key: '0/000000' }))).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } })
      await server.close()
    }
  })

  it('every key of a family is listed once, whatever the page size', async () => {
    const { client } = await openServer({ objects: [{ bucket: 'b', count: 2345, keyOf: (i) => `k${i}`, sizeBytes: 0 }] })
    const keys: string[] = []
    let token: string | undefined
    do {
      const page = await client.send(new ListObjectsV2Command({ Bucket: 'b', MaxKeys: 77, ContinuationToken: token }))
      keys.push(...(page.Contents ?? []).map((object) => object.Key ?? ''))
      token = page.NextContinuationToken
    } while (token !== undefined)
    expect(keys).toEqual(Array.from({ length: 2345 }, (_, i) => `k${i}`).sort())
  })

  it('source-changed on a large one costs nothing', async () => {
    const { client, server } = await openServer({ objects: [{ bucket: 'b', key: 'huge', sizeBytes: 20 * GIB, etag: 'opaque' }] })
    server.setFaults([{ match: { operation: 'GetObject' }, action: { kind: 'source-changed', afterBytes: 10 } }])
    const range = { Bucket: 'b', Key: 'huge', Range: 'bytes=0-99' }
    const old = await client.send(new GetObjectCommand(range))
    const now = await client.send(new GetObjectCommand(range))
    expect((await bytesOf(old)).equals(await bytesOf(now))).toBe(false)
    expect(now.ETag).not.toBe(old.ETag)
    expect(now.ContentRange).toBe(old.ContentRange)
  })
})

describe('discardBodies', () => {
  it('keeps size and digests; what a generated object of the server equals can be read again, all else cannot', async () => {
    const { client, server } = await openServer({ discardBodies: true, objects: [{ bucket: 'reference', key: 'k', sizeBytes: 6 * MIB }] })
    const bytes = generatedBytes({ key: 'k' }, 0, 6 * MIB)
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: 'b', Key: 'k' }))
    const Parts = []
    for (const [i, Body] of [bytes.subarray(0, 5 * MIB), bytes.subarray(5 * MIB)].entries()) {
      const { ETag } = await client.send(new UploadPartCommand({ Bucket: 'b', Key: 'k', UploadId, PartNumber: i + 1, Body }))
      Parts.push({ PartNumber: i + 1, ETag })
    }
    await client.send(new CompleteMultipartUploadCommand({ Bucket: 'b', Key: 'k', UploadId, MultipartUpload: { Parts } }))
    expect((await bytesOf(await client.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' })))).equals(bytes)).toBe(true)
    const other = randomBytes(6 * MIB)
    const { ETag } = await client.send(new PutObjectCommand({ Bucket: 'b', Key: 'other', Body: other }))
    expect(ETag).toBe(`"${md5(other).toString('hex')}"`)
    expect((await client.send(new HeadObjectCommand({ Bucket: 'b', Key: 'other' }))).ContentLength).toBe(6 * MIB)
    await expect(client.send(new GetObjectCommand({ Bucket: 'b', Key: 'other' }))).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } })
    expect(() => server.peek('b', 'other')).toThrow(/discarded/)
  })
})

describe('sealift-s3', () => {
  const run = (...args: string[]) => {
    const script = fileURLToPath(new URL('../src/sealift-s3.ts', import.meta.url))
    const child = spawn(process.execPath, ['--conditions=@sealift/source', '--no-warnings', script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    const said = { out: '', err: '' }
    child.stdout.on('data', (piece) => {
      said.out += String(piece)
    })
    child.stderr.on('data', (piece) => {
      said.err += String(piece)
    })
    return { child, said, ended: once(child, 'exit') }
  }

  it('prints what a client needs and ends with SIGTERM', async () => {
    const { child, said, ended } = run(
      '--personality',
      'ceph',
      '--bucket',
      'one',
      '--bucket',
      'two',
      '--access-key',
      'AK',
      '--secret-key',
      'SK',
      '--region',
      'here',
    )
    await expect.poll(() => said.out, { timeout: 10_000 }).toContain('S3_SECRET_ACCESS_KEY=SK\n')
    const endpoint = /^S3_ENDPOINT=(http:\/\/127\.0\.0\.1:\d+)$/m.exec(said.out)?.[1] ?? ''
    expect(said.out).toMatch(/^S3_REGION=here$/m)
    const client = new S3Client({ endpoint, region: 'here', forcePathStyle: true, credentials: { accessKeyId: 'AK', secretAccessKey: 'SK' } })
    expect((await client.send(new ListObjectsV2Command({ Bucket: 'two' }))).KeyCount).toBe(0)
    client.destroy()
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
    expect(said.err).toBe('')
  })

  it.each([
    [['--personality', 'nonesuch'], /--personality: got nonesuch/],
    [['--port', 'x'], /--port/],
    [['--access-key', 'AK'], /go together/],
    [['--nonesuch'], /nonesuch/],
  ])('refuses %j', async (args, message) => {
    const { said, ended } = run(...args)
    expect(await ended).toEqual([2, null])
    expect(said.err).toMatch(message)
    expect(said.out).toBe('')
  })
})
