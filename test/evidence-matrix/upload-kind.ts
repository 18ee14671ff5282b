import { CompleteMultipartUploadCommand, CreateMultipartUploadCommand, PutObjectCommand, type S3Client, UploadPartCommand } from '@aws-sdk/client-s3'
import type { ObjectKind } from './object-kinds.ts'

/**
 * Uploads an object of a kind as a plain client does, with the client's own checksums off unless the kind asks for one.
 * @param parts - part sizes in bytes; null: one PUT
 */
export async function uploadKind(
  client: S3Client,
  Bucket: string,
  Key: string,
  kind: ObjectKind,
  bytes: Buffer,
  parts: readonly number[] | null,
): Promise<void> {
  if (parts === null) {
    const encryption = kind === 'sse-kms' ? ({ ServerSideEncryption: 'aws:kms' } as const) : {}
    await client.send(new PutObjectCommand({ Bucket, Key, Body: bytes, ...encryption }))
    return
  }
  // CRC64NVME is the one kind that every store with checksums of whole multipart objects keeps
  const checksum =
    kind === 'checksum-full'
      ? ({ ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'FULL_OBJECT' } as const)
      : kind === 'checksum-composite'
        ? ({ ChecksumAlgorithm: 'SHA256', ChecksumType: 'COMPOSITE' } as const)
        : {}
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...checksum }))
  const Parts: { PartNumber: number; ETag: string | undefined; ChecksumSHA256?: string }[] = []
  let start = 0
  for (const [index, sizeBytes] of parts.entries()) {
    const Body = bytes.subarray(start, start + sizeBytes)
    start += sizeBytes
    const algorithm = kind === 'checksum-composite' ? ({ ChecksumAlgorithm: 'SHA256' } as const) : {}
    const { ETag, ChecksumSHA256 } = await client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: index + 1, Body, ...algorithm }))
    Parts.push({ PartNumber: index + 1, ETag, ...(kind === 'checksum-composite' && ChecksumSHA256 !== undefined ? { ChecksumSHA256 } : {}) })
  }
  await client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }))
}
