import { CompleteMultipartUploadCommand, CreateMultipartUploadCommand, PutObjectCommand, type S3Client, UploadPartCommand } from '@aws-sdk/client-s3'
import type { DemoObject } from './demo-objects.ts'

/** Uploads a demo object as an ordinary client would. */
export async function uploadObject(client: S3Client, bucket: string, object: DemoObject): Promise<void> {
  const body = bytesOf(object)
  const target = { Bucket: bucket, Key: object.key }
  if (object.partSizeBytes === undefined) {
    await client.send(new PutObjectCommand({ ...target, Body: body, ContentType: 'application/x-demo', Metadata: { owner: 'demo' } }))
    return
  }
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(target))
  const parts: { PartNumber: number; ETag: string | undefined }[] = []
  for (let start = 0; start < body.length; start += object.partSizeBytes) {
    const PartNumber = parts.length + 1
    const { ETag } = await client.send(new UploadPartCommand({ ...target, UploadId, PartNumber, Body: body.subarray(start, start + object.partSizeBytes) }))
    parts.push({ PartNumber, ETag })
  }
  await client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts: parts } }))
}

/** Bytes that differ from place to place. */
function bytesOf(object: DemoObject): Buffer {
  const body = Buffer.alloc(object.sizeBytes)
  let state = object.key.length + 1
  for (let at = 0; at < body.length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    body[at] = state >>> 24
  }
  return body
}
