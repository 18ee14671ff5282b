import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { Upload } from '@aws-sdk/lib-storage'
import type { ProbeCheck } from '../probe-check.ts'
import { BIG_BODY, BODY, bytesOf, MIN_PART_BYTES, type ProbeContext, type UploadedMultipart, WRONG_ETAG, want } from '../probe-context.ts'

function madeBefore(probe: ProbeContext): UploadedMultipart {
  if (probe.multipart === null) throw new Error('the multipart object mp was not made')
  return probe.multipart
}

export const MULTIPART_CHECKS: readonly ProbeCheck[] = [
  {
    name: 'multipart 3 parts (5 MiB, 5 MiB, 1 KiB): content and md5-of-md5s ETag',
    run: async (probe) => {
      const made = await probe.upload('mp', [MIN_PART_BYTES, MIN_PART_BYTES, 1024], { create: { ContentType: 'x/y', Metadata: { a: 'b' } } })
      probe.multipart = made
      const reply = await probe.s3.getObject({ Bucket: probe.bucket, Key: 'mp' })
      want((await bytesOf(reply)).equals(Buffer.concat(made.bodies)), 'content differs')
      want(reply.ETag === made.etag, `ETag ${reply.ETag}, want ${made.etag}`)
      want(reply.ContentType === 'x/y' && reply.Metadata?.['a'] === 'b', 'metadata lost')
      return undefined
    },
  },
  {
    name: 'CompleteMultipartUpload’s reply has that ETag, quoted',
    run: async (probe) => {
      const { completedETag, etag } = madeBefore(probe)
      want(completedETag === etag, `reply has ${JSON.stringify(completedETag)}`)
      return undefined
    },
  },
  {
    name: 'CompleteMultipartUpload sent twice: same answer',
    run: async (probe) => {
      const { uploadId, parts } = madeBefore(probe)
      const again = await probe.s3.completeMultipartUpload({ Bucket: probe.bucket, Key: 'mp', UploadId: uploadId, MultipartUpload: { Parts: parts } })
      return `200 ETag=${again.ETag}`
    },
  },
  {
    name: 'multipart with unequal parts (7 MiB, 5 MiB, 6 MiB)',
    run: async (probe) => {
      const made = await probe.upload('mpu', [7 << 20, 5 << 20, 6 << 20])
      const reply = await probe.s3.getObject({ Bucket: probe.bucket, Key: 'mpu' })
      want((await bytesOf(reply)).equals(Buffer.concat(made.bodies)), 'content differs')
      want(reply.ETag === made.etag, `ETag ${reply.ETag}`)
      return undefined
    },
  },
  {
    name: 'HEAD ?partNumber=1 gives PartsCount and the part’s length',
    run: async ({ s3, bucket: Bucket }) => {
      const { PartsCount, ContentLength, ETag, $metadata } = await s3.headObject({ Bucket, Key: 'mp', PartNumber: 1 })
      const seen = `PartsCount=${PartsCount} ContentLength=${ContentLength} status=${$metadata.httpStatusCode} ETag=${ETag}`
      want(PartsCount === 3 && ContentLength === MIN_PART_BYTES, seen)
      return `status ${$metadata.httpStatusCode}`
    },
  },
  {
    name: 'GET ?partNumber=3 gives the last part',
    run: async (probe) => {
      const reply = await probe.s3.getObject({ Bucket: probe.bucket, Key: 'mp', PartNumber: 3 })
      const got = await bytesOf(reply)
      want(
        got.equals(madeBefore(probe).bodies[2] ?? Buffer.alloc(0)),
        `got ${got.length} bytes, ContentRange=${reply.ContentRange} PartsCount=${reply.PartsCount}`,
      )
      return `${reply.$metadata.httpStatusCode} ${reply.ContentRange} PartsCount=${reply.PartsCount}`
    },
  },
  {
    name: 'GET ?partNumber beyond → 416',
    run: (probe) =>
      probe.fails(
        probe.s3.getObject({ Bucket: probe.bucket, Key: 'mp', PartNumber: 9 }).then(async (reply) => {
          await bytesOf(reply)
          return reply
        }),
        416,
      ),
  },
  {
    name: 'GetObjectAttributes: ETag, ObjectSize, ObjectParts, StorageClass',
    run: async ({ s3, bucket: Bucket }) => {
      const ObjectAttributes = ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'] as const
      const reply = await s3.getObjectAttributes({ Bucket, Key: 'mp', ObjectAttributes: [...ObjectAttributes] })
      const right = reply.ObjectSize === 2 * MIN_PART_BYTES + 1024 && reply.ObjectParts?.TotalPartsCount === 3
      want(right, JSON.stringify({ size: reply.ObjectSize, etag: reply.ETag, parts: reply.ObjectParts, checksum: reply.Checksum }))
      return JSON.stringify({ etag: reply.ETag, checksum: reply.Checksum, parts: reply.ObjectParts?.Parts?.length })
    },
  },
  {
    name: 'ListParts / ListMultipartUploads / Abort',
    run: async (probe) => {
      const { s3, bucket: Bucket } = probe
      const { UploadId } = await s3.createMultipartUpload({ Bucket, Key: 'ab' })
      await s3.uploadPart({ Bucket, Key: 'ab', UploadId, PartNumber: 2, Body: BODY })
      const { Parts } = await s3.listParts({ Bucket, Key: 'ab', UploadId })
      want(Parts?.length === 1 && Parts[0]?.PartNumber === 2 && Parts[0].Size === BODY.length, `ListParts ${JSON.stringify(Parts)}`)
      const { Uploads } = await s3.listMultipartUploads({ Bucket })
      want(
        Uploads?.some((upload) => upload.UploadId === UploadId),
        'upload not listed',
      )
      await s3.abortMultipartUpload({ Bucket, Key: 'ab', UploadId })
      return await probe.fails(s3.listParts({ Bucket, Key: 'ab', UploadId }), 404, 'NoSuchUpload')
    },
  },
  {
    name: 'a part of less than 5 MiB that is not last → 400 EntityTooSmall',
    run: (probe) => probe.fails(probe.upload('small', [1024, 1024]), 400, 'EntityTooSmall'),
  },
  {
    name: 'Complete with a wrong part ETag → 400 InvalidPart',
    run: async (probe) => {
      const { s3, bucket: Bucket } = probe
      const { UploadId } = await s3.createMultipartUpload({ Bucket, Key: 'wp' })
      await s3.uploadPart({ Bucket, Key: 'wp', UploadId, PartNumber: 1, Body: BODY })
      const MultipartUpload = { Parts: [{ PartNumber: 1, ETag: WRONG_ETAG }] }
      return await probe.fails(s3.completeMultipartUpload({ Bucket, Key: 'wp', UploadId, MultipartUpload }), 400, 'InvalidPart')
    },
  },
  {
    name: 'UploadPart from a stream (known length)',
    run: async (probe) => {
      const { s3, bucket: Bucket } = probe
      const { UploadId } = await s3.createMultipartUpload({ Bucket, Key: 'sp' })
      const { ETag, ChecksumCRC32 } = await s3.uploadPart({
        Bucket,
        Key: 'sp',
        UploadId,
        PartNumber: 1,
        Body: Readable.from([BIG_BODY]),
        ContentLength: BIG_BODY.length,
      })
      const sent = probe.sent()
      await s3.completeMultipartUpload({ Bucket, Key: 'sp', UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag, ChecksumCRC32 }] } })
      const got = await probe.read('sp')
      want(got.equals(BIG_BODY), `stored bytes differ: ${got.length} vs ${BIG_BODY.length}; ${sent}`)
      return sent
    },
  },
  {
    name: 'UploadPartCopy whole and ranged',
    run: async (probe) => {
      const { s3, bucket: Bucket } = probe
      const { UploadId } = await s3.createMultipartUpload({ Bucket, Key: 'pc' })
      const CopySourceRange = `bytes=0-${MIN_PART_BYTES - 1}`
      const first = await s3.uploadPartCopy({ Bucket, Key: 'pc', UploadId, PartNumber: 1, CopySource: `${Bucket}/mp`, CopySourceRange })
      const second = await s3.uploadPartCopy({ Bucket, Key: 'pc', UploadId, PartNumber: 2, CopySource: `${Bucket}/buf` })
      const Parts = [first, second].map(({ CopyPartResult }, i) => ({ PartNumber: i + 1, ETag: CopyPartResult?.ETag }))
      await s3.completeMultipartUpload({ Bucket, Key: 'pc', UploadId, MultipartUpload: { Parts } })
      const got = await probe.read('pc')
      want(got.equals(Buffer.concat([madeBefore(probe).bodies[0] ?? Buffer.alloc(0), BODY])), `content differs ${got.length}`)
      return undefined
    },
  },
  ...(
    [
      ['CRC32', 'COMPOSITE'],
      ['SHA256', 'COMPOSITE'],
      ['CRC32', 'FULL_OBJECT'],
      ['CRC64NVME', 'FULL_OBJECT'],
    ] as const
  ).map(
    ([algorithm, type]): ProbeCheck => ({
      name: `multipart ChecksumAlgorithm=${algorithm} ChecksumType=${type}`,
      run: async (probe) => {
        const key = `mpck${algorithm}${type}`
        await probe.upload(key, [MIN_PART_BYTES, 1000], {
          create: { ChecksumAlgorithm: algorithm, ChecksumType: type },
          part: { ChecksumAlgorithm: algorithm },
        })
        const head = await probe.s3.headObject({ Bucket: probe.bucket, Key: key, ChecksumMode: 'ENABLED' })
        want(head[`Checksum${algorithm}`], 'upload worked; HEAD gives no checksum')
        return String(head.ChecksumType)
      },
    }),
  ),
  {
    name: 'CompleteMultipartUpload If-None-Match:* on an existing key → 412',
    run: (probe) => probe.fails(probe.upload('mp', [1000], { complete: { IfNoneMatch: '*' } }), 412),
  },
  {
    name: 'lib-storage Upload of 12 MiB stream of unknown length',
    run: async (probe) => {
      const body = randomBytes(12 << 20)
      const Body = Readable.from([body.subarray(0, 7 << 20), body.subarray(7 << 20)])
      await new Upload({ client: probe.s3, params: { Bucket: probe.bucket, Key: 'lib', Body } }).done()
      want((await probe.read('lib')).equals(body), 'content differs')
      return undefined
    },
  },
]

export const COPY_CHECKS: readonly ProbeCheck[] = [
  {
    name: 'CopyObject same server, metadata kept',
    run: async ({ s3, bucket: Bucket }) => {
      await s3.copyObject({ Bucket, Key: 'cp', CopySource: `${Bucket}/meta` })
      const head = await s3.headObject({ Bucket, Key: 'cp' })
      want(head.Metadata?.['other'] === 'x=1;y' && head.CacheControl === 'max-age=60, private', JSON.stringify(head.Metadata))
      return undefined
    },
  },
  {
    name: 'CopyObject MetadataDirective=REPLACE',
    run: async ({ s3, bucket: Bucket }) => {
      await s3.copyObject({ Bucket, Key: 'cp2', CopySource: `${Bucket}/meta`, MetadataDirective: 'REPLACE', Metadata: { z: '1' }, ContentType: 'q/r' })
      const head = await s3.headObject({ Bucket, Key: 'cp2' })
      want(head.Metadata?.['z'] === '1' && head.Metadata['other'] === undefined && head.ContentType === 'q/r', JSON.stringify(head.Metadata))
      return undefined
    },
  },
  {
    name: 'CopyObject of a multipart object: ETag kept or re-made?',
    run: async (probe) => {
      const { s3, bucket: Bucket } = probe
      await s3.copyObject({ Bucket, Key: 'cp3', CopySource: `${Bucket}/mp` })
      const { ETag } = await s3.headObject({ Bucket, Key: 'cp3' })
      return ETag === madeBefore(probe).etag ? 'kept the -N ETag (AWS would re-make it)' : `now ${ETag}`
    },
  },
  {
    name: 'CopyObject x-amz-copy-source-if-match wrong → 412',
    run: (probe) => {
      const { s3, bucket: Bucket } = probe
      return probe.fails(s3.copyObject({ Bucket, Key: 'cp4', CopySource: `${Bucket}/buf`, CopySourceIfMatch: WRONG_ETAG }), 412)
    },
  },
]
