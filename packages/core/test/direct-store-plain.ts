import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { awsProfile } from '@sealift/provider-detect'
import type { ObjectStore } from '../src/index.ts'
import { createS3ObjectStore, type S3ObjectStoreOptions } from '../src/s3/s3-object-store.ts'

export const REF = { bucket: 'bucket', key: 'key' }
export const NO_METADATA = { metadata: { user: {} } }

export function clientAt(endpoint: string, config: S3ClientConfig = {}): S3Client {
  return new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret' }, ...config })
}

/** A store over the direct path, with short deadlines. */
export async function directStore(endpoint: string, config: S3ClientConfig = {}, options: Partial<S3ObjectStoreOptions> = {}): Promise<ObjectStore> {
  return createS3ObjectStore({
    client: clientAt(endpoint, config),
    profile: awsProfile,
    side: 'source',
    transport: 'direct',
    connectTimeoutMs: 2_000,
    firstByteTimeoutMs: 2_000,
    idleTimeoutMs: 2_000,
    ...options,
  })
}

export function bytes(text: string | Buffer): { readonly kind: 'bytes'; readonly bytes: Uint8Array } {
  return { kind: 'bytes', bytes: Buffer.from(text) }
}

export async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks).toString('latin1')
}
