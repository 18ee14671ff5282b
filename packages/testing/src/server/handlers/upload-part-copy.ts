import { openChecksum } from '../checksum.ts'
import { etagText, partETag } from '../etag-text.ts'
import { type Exchange, type Reply, xmlReply } from '../exchange.ts'
import { md5Of } from '../object-state.ts'
import { S3Error } from '../s3-error.ts'
import { headerOf } from '../s3-request.ts'
import { bucketOf } from '../server-state.ts'
import { SlicedBody } from '../stored-body.ts'
import { document, element } from '../xml-writer.ts'
import { copySourceOf } from './copy-source.ts'
import { timeText } from './listing-parameters.ts'
import { partNumberOf, uploadOf } from './multipart.ts'

/** UploadPartCopy: a part from a stretch of an object that is here. */
export async function uploadPartCopy(exchange: Exchange): Promise<Reply> {
  const { state, request } = exchange
  const bucket = bucketOf(state, request.bucket)
  const upload = uploadOf(bucket, exchange)
  const partNumber = partNumberOf(exchange)
  const { object } = await copySourceOf(exchange)
  const { start, end } = copyRange(headerOf(request, 'x-amz-copy-source-range'), object.body.sizeBytes)
  if (end - start > state.personality.limits.maxPartBytes)
    throw new S3Error(400, 'InvalidRequest', 'The specified copy source is larger than the maximum allowable size for a copy source')
  const body = new SlicedBody(object.body, start, end)
  const etag = partETag((await md5Of(body)).toString('hex'), upload.description, state.personality)
  const algorithm = upload.checksum?.algorithm ?? state.personality.checksums.byDefault
  const computed = new Map<string, string>()
  if (algorithm !== null) {
    const running = await openChecksum(algorithm)
    for (const piece of body.read(0, body.sizeBytes)) running.update(piece)
    computed.set(algorithm, running.digest().toString('base64'))
  }
  const lastModifiedMs = Date.now()
  upload.parts.set(partNumber, {
    partNumber,
    sizeBytes: body.sizeBytes,
    etag,
    checksums: upload.checksum === null ? new Map() : computed,
    computed,
    body,
    lastModifiedMs,
  })
  return xmlReply(
    document('CopyPartResult', [element('LastModified', timeText(state.personality, lastModifiedMs)), element('ETag', etagText(state.personality, etag))]),
  )
}

function copyRange(header: string | undefined, sizeBytes: number): { start: number; end: number } {
  if (header === undefined) return { start: 0, end: sizeBytes }
  const match = /^bytes=(\d+)-(\d+)$/.exec(header)
  if (match === null)
    throw new S3Error(
      400,
      'InvalidArgument',
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
    )
  const start = Number(match[1])
  const end = Number(match[2]) + 1
  if (start >= end || end > sizeBytes) {
    throw new S3Error(400, 'InvalidArgument', `Range specified is not valid for source object of size: ${sizeBytes}`)
  }
  return { start, end }
}
