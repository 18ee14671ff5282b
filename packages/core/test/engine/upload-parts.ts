import { createHash } from 'node:crypto'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'

/** Uploads parts as given, one after the other. @returns the ETag that the parts make, unquoted */
export async function uploadParts(
  client: S3Client,
  place: { readonly bucket: string; readonly key: string },
  parts: readonly Uint8Array[],
  extra: Partial<CreateMultipartUploadCommandInput> = {},
): Promise<string> {
  const name = { Bucket: place.bucket, Key: place.key }
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...name, ...extra }))
  const done: { PartNumber: number; ETag: string | undefined }[] = []
  for (const [index, Body] of parts.entries()) {
    const { ETag } = await client.send(new UploadPartCommand({ ...name, UploadId, PartNumber: index + 1, Body }))
    done.push({ PartNumber: index + 1, ETag })
  }
  await client.send(new CompleteMultipartUploadCommand({ ...name, UploadId, MultipartUpload: { Parts: done } }))
  return etagOfParts(parts)
}

/** `md5(md5₁‖…‖md5ₙ)-n`, computed here and not by the code under test. */
export function etagOfParts(parts: readonly Uint8Array[]): string {
  const md5s = parts.map((part) => createHash('md5').update(part).digest())
  return `${createHash('md5').update(Buffer.concat(md5s)).digest('hex')}-${parts.length}`
}

/** Consecutive pieces of these sizes. */
export function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  let at = 0
  return sizes.map((size) => bytes.subarray(at, (at += size)))
}
