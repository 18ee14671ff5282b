import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { partsOf } from './object-bytes.ts'

/** A client without checksums of its own. */
export function plainClient(config: S3ClientConfig): S3Client {
  return new S3Client({ forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED', ...config })
}

export async function put(client: S3Client, Bucket: string, Key: string, Body: Buffer): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket, Key, Body }))
}

/** One PUT, or parts of that size. */
export async function upload(client: S3Client, Bucket: string, Key: string, bytes: Buffer, partSizeBytes: number | null): Promise<void> {
  if (partSizeBytes === null) return put(client, Bucket, Key, bytes)
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }))
  const Parts = await Promise.all(
    partsOf(bytes, partSizeBytes).map(async (Body, at) => {
      const { ETag } = await client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: at + 1, Body }))
      return { PartNumber: at + 1, ETag }
    }),
  )
  await client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }))
}

/** The bytes at rest; null where there is no such object. */
export async function bytesAtRest(client: S3Client, Bucket: string, Key: string, VersionId?: string): Promise<Buffer | null> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }))
    return Body === undefined ? Buffer.alloc(0) : Buffer.from(await Body.transformToByteArray())
  } catch (error) {
    if (error instanceof Error && ['NoSuchKey', 'NoSuchVersion', 'NotFound'].includes(error.name)) return null
    throw error
  }
}

/** What a HEAD says, as headers. */
export async function headHeaders(client: S3Client, Bucket: string, Key: string): Promise<Record<string, string>> {
  const { ETag = '', ContentLength = 0, LastModified } = await client.send(new HeadObjectCommand({ Bucket, Key }))
  return {
    etag: ETag,
    'content-length': String(ContentLength),
    'content-type': 'application/octet-stream',
    'last-modified': (LastModified ?? new Date()).toUTCString(),
  }
}

/** The ids of the unfinished uploads of exactly that key; none where a store does not list them. */
export async function openUploads(client: S3Client, Bucket: string, Key: string): Promise<string[]> {
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: Key })).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'NotImplemented') return { Uploads: [] }
    throw error
  })
  return Uploads.flatMap((found) => (found.Key === Key && found.UploadId !== undefined ? [found.UploadId] : []))
}

/** Every version and every upload of exactly that key. */
export async function removeKey(client: S3Client, Bucket: string, Key: string, versioned: boolean): Promise<void> {
  for (const UploadId of await openUploads(client, Bucket, Key)) await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }))
  if (!versioned) {
    await client.send(new DeleteObjectCommand({ Bucket, Key }))
    return
  }
  const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }))
  for (const found of [...Versions, ...DeleteMarkers]) {
    if (found.Key === Key) await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId: found.VersionId }))
  }
}
