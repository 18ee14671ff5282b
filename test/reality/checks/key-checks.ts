import type { ProbeCheck } from '../probe-check.ts'
import { BODY, BODY_ETAG, want } from '../probe-context.ts'

const LONGEST_KEY = 'k'.repeat(1024)

const ODD_KEYS = [
  'a b',
  'a+b',
  'a%20b',
  'a%2Fb',
  'ø/æ',
  '日本語',
  '😀',
  '\uFF5E',
  'a&b=c?d#e',
  'q\'"<>',
  'x//y',
  '/lead',
  'trail/',
  './dot',
  '../up',
  'a/../b',
  'back\\slash',
  'tab\there',
  'nl\nhere',
  'ctl\u0001x',
  LONGEST_KEY,
]

/** Names under `encoding-type=url` come as in a form: `+` for a blank. */
function formDecoded(text: string | undefined): string {
  return decodeURIComponent((text ?? '').replaceAll('+', ' '))
}

export const KEY_CHECKS: readonly ProbeCheck[] = [
  ...ODD_KEYS.map(
    (odd): ProbeCheck => ({
      name: `key ${JSON.stringify(odd === LONGEST_KEY ? '1024 bytes' : odd)} PUT/GET/list`,
      run: async (probe) => {
        const { s3, bucket: Bucket } = probe
        const Key = odd === LONGEST_KEY ? odd : `odd/${odd}`
        await s3.putObject({ Bucket, Key, Body: odd })
        want((await probe.read(Key)).toString() === odd, 'content differs')
        const encoded = (await s3.listObjectsV2({ Bucket, Prefix: Key, EncodingType: 'url' })).Contents?.map((entry) => entry.Key)
        want(
          encoded?.some((key) => formDecoded(key) === Key),
          `listed (encoding-type=url) as ${JSON.stringify(encoded?.slice(0, 3))}`,
        )
        const plain = (await s3.listObjectsV2({ Bucket, Prefix: Key })).Contents?.map((entry) => entry.Key)
        want(plain?.includes(Key), `encoding-type=url fine, plain listing shows ${JSON.stringify(plain?.slice(0, 3))}`)
        return undefined
      },
    }),
  ),
  {
    name: 'key of 1025 bytes refused (400 KeyTooLongError)',
    run: (probe) => probe.fails(probe.s3.putObject({ Bucket: probe.bucket, Key: 'k'.repeat(1025), Body: 'x' }), 400, 'KeyTooLongError'),
  },
  {
    name: 'zero-byte object',
    run: async (probe) => {
      const { s3, bucket: Bucket } = probe
      await s3.putObject({ Bucket, Key: 'zero', Body: Buffer.alloc(0) })
      const { ContentLength, ETag } = await s3.headObject({ Bucket, Key: 'zero' })
      want(ContentLength === 0 && ETag === '"d41d8cd98f00b204e9800998ecf8427e"', `${ContentLength} ${ETag}`)
      want((await probe.read('zero')).length === 0, 'GET not empty')
      return undefined
    },
  },
  {
    name: '"dir" and "dir/file" and "dir/" side by side',
    run: async (probe) => {
      const keys = ['dir', 'dir/file', 'dir/']
      for (const key of keys) await probe.s3.putObject({ Bucket: probe.bucket, Key: key, Body: `x${key}` })
      for (const key of keys) want((await probe.read(key)).toString() === `x${key}`, key)
      return undefined
    },
  },
]

const MIXED_KEYS = ['\uFF5Ez', '😀', 'Z', 'a', 'é', '\u{10000}', '\uE000', '!', '~', '0']

export const LIST_CHECKS: readonly ProbeCheck[] = [
  {
    name: 'setup 60 keys',
    run: async ({ s3, listBucket: Bucket }) => {
      await s3.createBucket({ Bucket })
      for (let i = 0; i < 50; i++) await s3.putObject({ Bucket, Key: numberedKey(i), Body: 'x' })
      for (const Key of MIXED_KEYS) await s3.putObject({ Bucket, Key, Body: 'x' })
      return undefined
    },
  },
  {
    name: 'ListObjectsV2 pages of 7 with ContinuationToken: all, in UTF-8 byte order',
    run: async ({ s3, listBucket: Bucket }) => {
      const keys: string[] = []
      let token: string | undefined
      let pages = 0
      do {
        const page = await s3.listObjectsV2({ Bucket, MaxKeys: 7, EncodingType: 'url', ...(token === undefined ? {} : { ContinuationToken: token }) })
        keys.push(...(page.Contents ?? []).map(({ Key }) => formDecoded(Key)))
        token = page.NextContinuationToken
        pages += 1
      } while (token !== undefined && pages < 50)
      want(keys.length === 60 && new Set(keys).size === 60, `${keys.length} keys, ${new Set(keys).size} distinct, ${pages} pages`)
      const sorted = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      want(JSON.stringify(sorted) === JSON.stringify(keys), `order differs: ${JSON.stringify(keys.filter((key) => !key.startsWith('p')))}`)
      return `${pages} pages`
    },
  },
  {
    name: 'StartAfter',
    run: async ({ s3, listBucket: Bucket }) => {
      const { Contents } = await s3.listObjectsV2({ Bucket, StartAfter: 'p3/k999', Prefix: 'p' })
      want(Contents?.length === 10 && Contents[0]?.Key?.startsWith('p4/'), `${Contents?.length} ${Contents?.[0]?.Key}`)
      return undefined
    },
  },
  {
    name: 'Delimiter → CommonPrefixes, KeyCount',
    run: async ({ s3, listBucket: Bucket }) => {
      const { CommonPrefixes, KeyCount } = await s3.listObjectsV2({ Bucket, Prefix: 'p', Delimiter: '/' })
      want(CommonPrefixes?.length === 5 && KeyCount === 5, `${CommonPrefixes?.length} KeyCount=${KeyCount}`)
      return undefined
    },
  },
  {
    name: 'FetchOwner',
    run: async ({ s3, listBucket: Bucket }) => {
      const { Contents } = await s3.listObjectsV2({ Bucket, MaxKeys: 1, FetchOwner: true })
      return `owner ${JSON.stringify(Contents?.[0]?.Owner)}`
    },
  },
  {
    name: 'entries: ETag, Size, StorageClass, ChecksumAlgorithm',
    run: async ({ s3, bucket: Bucket }) => {
      const entry = (await s3.listObjectsV2({ Bucket, Prefix: 'ckCRC32' })).Contents?.[0]
      want(entry?.ETag === BODY_ETAG && entry.Size === BODY.length, JSON.stringify(entry))
      return `StorageClass=${entry.StorageClass} ChecksumAlgorithm=${entry.ChecksumAlgorithm}`
    },
  },
  {
    name: 'MaxKeys=2000 → at most 1000',
    run: async ({ s3, listBucket: Bucket }) => `MaxKeys reported ${(await s3.listObjectsV2({ Bucket, MaxKeys: 2000 })).MaxKeys}`,
  },
  {
    name: 'ListObjects v1 with Marker',
    run: async ({ s3, listBucket: Bucket }) => {
      const { Contents } = await s3.listObjects({ Bucket, Marker: 'p3/k999', Prefix: 'p' })
      want(Contents?.length === 10, String(Contents?.length))
      return undefined
    },
  },
]

/** The i-th of the fifty numbered keys that {@link LIST_CHECKS} makes. */
export function numberedKey(i: number): string {
  return `p${i % 5}/k${String(i).padStart(3, '0')}`
}
