import type * as S3 from '@aws-sdk/client-s3'
import { plainHeader } from '../header-text.ts'
import type { CopyObjectOptions, CopyOptions, CopySource, ObjectRef, ObjectStore, WriteReceipt } from '../ports/object-store.ts'
import { copySourceHeader } from './copy-source-header.ts'
import { conditionHeaders, objectStateHeaders, receiptFromHeaders } from './s3-mappers.ts'
import { callOf, type StoreParts } from './store-parts.ts'

/** What a server copies at the least, for how long it may take to answer: 8 MiB a second. */
const SLOWEST_BYTES_PER_MS = (8 * 1024 * 1024) / 1000

/** CopyObject and UploadPartCopy: the bytes stay inside the endpoint. */
export function createCopyOperations(parts: StoreParts): Required<Pick<ObjectStore, 'copyObject' | 'uploadPartCopy'>> {
  const { sdk, caller, location } = parts

  async function copyObject(source: CopySource, ref: ObjectRef, options: CopyObjectOptions): Promise<WriteReceipt> {
    const call = callOf(parts, 'CopyObject', ref, {
      ifNoneMatch: options.ifNoneMatch !== undefined,
      conditional: options.ifNoneMatch !== undefined || source.ifMatch !== undefined,
    })
    const command = new sdk.CopyObjectCommand({ Bucket: ref.bucket, Key: ref.key, CopySource: copySourceHeader(source.ref) })
    const { output, reply, attempts } = await caller.control<S3.CopyObjectCommandOutput>(call, command, {
      headers: {
        ...location.write,
        ...objectStateHeaders(options),
        'x-amz-metadata-directive': 'REPLACE',
        ...(options.tags === undefined ? {} : { 'x-amz-tagging-directive': 'REPLACE' }),
        ...sourceHeaders(source),
        ...conditionHeaders({ ifNoneMatch: options.ifNoneMatch }),
      },
      ownContentType: true,
      signal: options.signal,
      extraWaitMs: extraWaitMs(options),
    })
    return receiptFromHeaders(reply.headers, attempts, output.CopyObjectResult?.ETag, location.asked)
  }

  async function uploadPartCopy(
    source: CopySource,
    range: { readonly start: number; readonly endInclusive: number } | null,
    ref: ObjectRef,
    uploadId: string,
    partNumber: number,
    options: CopyOptions,
  ): Promise<WriteReceipt> {
    // NoSuchKey may speak of the source here, NoSuchUpload only of the upload
    const call = callOf(parts, 'UploadPartCopy', ref, { conditional: source.ifMatch !== undefined })
    const command = new sdk.UploadPartCopyCommand({
      Bucket: ref.bucket,
      Key: ref.key,
      UploadId: uploadId,
      PartNumber: partNumber,
      CopySource: copySourceHeader(source.ref),
    })
    const { output, reply, attempts } = await caller.control<S3.UploadPartCopyCommandOutput>(call, command, {
      headers: {
        ...location.access,
        ...sourceHeaders(source),
        ...(range === null ? {} : { 'x-amz-copy-source-range': `bytes=${range.start}-${range.endInclusive}` }),
      },
      signal: options.signal,
      extraWaitMs: extraWaitMs(options),
    })
    return receiptFromHeaders(reply.headers, attempts, output.CopyPartResult?.ETag, location.asked)
  }

  return { copyObject, uploadPartCopy }
}

function sourceHeaders(source: CopySource): Record<string, string> {
  const { ifMatch, expectedBucketOwner, requestPayer } = source
  return {
    'x-amz-copy-source': copySourceHeader(source.ref),
    ...(ifMatch === undefined ? {} : { 'x-amz-copy-source-if-match': plainHeader('ifMatch', ifMatch) }),
    ...(expectedBucketOwner === undefined ? {} : { 'x-amz-source-expected-bucket-owner': plainHeader('expectedBucketOwner', expectedBucketOwner) }),
    ...(requestPayer === undefined ? {} : { 'x-amz-request-payer': requestPayer }),
  }
}

function extraWaitMs(options: CopyOptions): number {
  return Math.ceil(options.sizeBytes / SLOWEST_BYTES_PER_MS)
}
