import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { ProbeCheck } from '../probe-check.ts'
import { BIG_BODY, BODY, BODY_ETAG, bytesOf, want } from '../probe-context.ts'

function storedDiffers(got: Buffer, sent: string): string {
  return `stored bytes differ: ${got.length} bytes starting ${JSON.stringify(got.subarray(0, 40).toString())}; ${sent}`
}

export const PUT_CHECKS: readonly ProbeCheck[] = [
  {
    name: 'PutObject Buffer, SDK settings of this mode',
    run: async (probe) => {
      const put = await probe.s3.putObject({ Bucket: probe.bucket, Key: 'buf', Body: BODY })
      const sent = probe.sent()
      const reply = await probe.s3.getObject({ Bucket: probe.bucket, Key: 'buf' })
      const got = await bytesOf(reply)
      want(got.equals(BODY), storedDiffers(got, sent))
      want(put.ETag === BODY_ETAG, `etag ${put.ETag}`)
      return sent + (reply.ContentEncoding ? ` STORED Content-Encoding=${reply.ContentEncoding}` : '')
    },
  },
  {
    name: 'PutObject stream of known length (plain http → trailer in default mode)',
    run: async (probe) => {
      const Body = Readable.from([BODY.subarray(0, 100), BODY.subarray(100)])
      await probe.s3.putObject({ Bucket: probe.bucket, Key: 'stream', Body, ContentLength: BODY.length })
      const sent = probe.sent()
      const reply = await probe.s3.getObject({ Bucket: probe.bucket, Key: 'stream' })
      const got = await bytesOf(reply)
      want(got.equals(BODY), storedDiffers(got, sent))
      return sent + (reply.ContentEncoding ? ` STORED Content-Encoding=${reply.ContentEncoding}` : '')
    },
  },
  {
    name: 'PutObject 6 MiB stream of known length',
    run: async (probe) => {
      const Body = Readable.from([BIG_BODY.subarray(0, 65_536), BIG_BODY.subarray(65_536)])
      await probe.s3.putObject({ Bucket: probe.bucket, Key: 'stream6', Body, ContentLength: BIG_BODY.length })
      const sent = probe.sent()
      const got = await probe.read('stream6')
      want(got.equals(BIG_BODY), `stored bytes differ: ${got.length}; ${sent}`)
      return sent
    },
  },
  {
    name: 'PutObject Buffer with Content-Encoding: gzip kept as is',
    run: async ({ s3, bucket: Bucket }) => {
      await s3.putObject({ Bucket, Key: 'gz', Body: BODY, ContentEncoding: 'gzip' })
      const head = await s3.headObject({ Bucket, Key: 'gz' })
      want(head.ContentEncoding === 'gzip', `got ${head.ContentEncoding}`)
      return undefined
    },
  },
  {
    name: 'PutObject stream with Content-Encoding: gzip kept as is',
    run: async ({ s3, bucket: Bucket }) => {
      await s3.putObject({ Bucket, Key: 'gz2', Body: Readable.from([BODY]), ContentLength: BODY.length, ContentEncoding: 'gzip' })
      const head = await s3.headObject({ Bucket, Key: 'gz2' })
      want(head.ContentEncoding === 'gzip' && head.ContentLength === BODY.length, `got ${head.ContentEncoding}, ${head.ContentLength} bytes of ${BODY.length}`)
      return undefined
    },
  },
]

const OTHER_MD5 = createHash('md5').update('x').digest('base64')

export const CHECKSUM_CHECKS: readonly ProbeCheck[] = [
  ...(['CRC32', 'CRC32C', 'SHA1', 'SHA256', 'CRC64NVME'] as const).map(
    (algorithm): ProbeCheck => ({
      name: `PutObject ChecksumAlgorithm=${algorithm} (buffer) and HEAD ChecksumMode returns it`,
      run: async (probe) => {
        const { s3, bucket: Bucket } = probe
        const put = await s3.putObject({ Bucket, Key: `ck${algorithm}`, Body: BODY, ChecksumAlgorithm: algorithm })
        const sent = probe.sentHeaders[`x-amz-checksum-${algorithm.toLowerCase()}`]
        const head = await s3.headObject({ Bucket, Key: `ck${algorithm}`, ChecksumMode: 'ENABLED' })
        const got = head[`Checksum${algorithm}`]
        want(
          got !== undefined && got === sent,
          `PUT accepted; reply had ${put[`Checksum${algorithm}`] === undefined ? 'no checksum' : 'it'}; HEAD gives ${got}`,
        )
        return `type=${head.ChecksumType}`
      },
    }),
  ),
  {
    name: 'PutObject stream ChecksumAlgorithm=CRC32 (trailer) stores right bytes, HEAD returns it',
    run: async (probe) => {
      const { s3, bucket: Bucket } = probe
      await s3.putObject({ Bucket, Key: 'cktr', Body: Readable.from([BODY]), ContentLength: BODY.length, ChecksumAlgorithm: 'CRC32' })
      const sent = probe.sent()
      const reply = await s3.getObject({ Bucket, Key: 'cktr', ChecksumMode: 'ENABLED' })
      const got = await bytesOf(reply)
      want(got.equals(BODY), `stored bytes differ: ${got.length} bytes; ${sent}`)
      want(reply.ChecksumCRC32, `bytes right, no checksum returned; ${sent}`)
      return sent
    },
  },
  {
    name: 'wrong x-amz-checksum-crc32 refused (400)',
    run: (probe) => probe.fails(probe.s3.putObject({ Bucket: probe.bucket, Key: 'bad', Body: BODY, ChecksumCRC32: 'AAAAAA==' }), 400),
  },
  {
    name: 'wrong x-amz-checksum-sha256 refused (400)',
    run: (probe) => {
      const ChecksumSHA256 = createHash('sha256').update('x').digest('base64')
      return probe.fails(probe.s3.putObject({ Bucket: probe.bucket, Key: 'bad', Body: BODY, ChecksumSHA256 }), 400)
    },
  },
  {
    name: 'wrong Content-MD5 refused (400 BadDigest)',
    run: (probe) => probe.fails(probe.s3.putObject({ Bucket: probe.bucket, Key: 'bad', Body: BODY, ContentMD5: OTHER_MD5 }), 400, 'BadDigest'),
  },
  {
    name: 'right Content-MD5 accepted',
    run: async ({ s3, bucket: Bucket }) => {
      await s3.putObject({ Bucket, Key: 'good', Body: BODY, ContentMD5: createHash('md5').update(BODY).digest('base64') })
      return undefined
    },
  },
  { name: 'a refused PUT leaves no object', run: (probe) => probe.fails(probe.s3.headObject({ Bucket: probe.bucket, Key: 'bad' }), 404) },
]
