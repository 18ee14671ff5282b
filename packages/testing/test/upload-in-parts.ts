import { CompleteMultipartUploadCommand, CreateMultipartUploadCommand, type S3Client, UploadPartCommand } from '@aws-sdk/client-s3'

/** What the replies of a multipart upload said. */
export interface PartsReplies {
  readonly partETags: readonly (string | undefined)[]
  readonly completeETag: string | undefined
}

/** A multipart upload to the bucket `b`, one part after another. */
export async function uploadInParts(
  client: S3Client,
  key: string,
  parts: readonly string[],
  extra: { RequestPayer?: 'requester' } = {},
): Promise<PartsReplies> {
  const object = { Bucket: 'b', Key: key, ...extra }
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(object))
  const done = []
  for (const [i, Body] of parts.entries()) {
    const { ETag } = await client.send(new UploadPartCommand({ ...object, UploadId, PartNumber: i + 1, Body }))
    done.push({ PartNumber: i + 1, ETag })
  }
  const { ETag } = await client.send(new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload: { Parts: done } }))
  return { partETags: done.map((part) => part.ETag), completeETag: ETag }
}
