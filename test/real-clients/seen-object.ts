import { createHash } from 'node:crypto'
import { GetObjectCommand, GetObjectTaggingCommand, type S3Client } from '@aws-sdk/client-s3'
import type { ProviderProfile } from '@sealift/core'
import type { SeenObject } from './compare-copy.ts'

/** The object as a plain SDK client gets it. */
export async function seenObject(client: S3Client, bucket: string, key: string, profile: ProviderProfile): Promise<SeenObject> {
  const where = { Bucket: bucket, Key: key }
  const reply = await client.send(new GetObjectCommand(where))
  const hash = createHash('sha256')
  let sizeBytes = 0
  for await (const chunk of reply.Body as AsyncIterable<Uint8Array>) {
    hash.update(chunk)
    sizeBytes += chunk.byteLength
  }
  const tagging = profile.metadata.tags === 'yes' ? await client.send(new GetObjectTaggingCommand(where)) : undefined
  return {
    etag: reply.ETag?.replaceAll('"', '') ?? null,
    sizeBytes,
    sha256: hash.digest('hex'),
    headers: {
      contentType: reply.ContentType,
      cacheControl: reply.CacheControl,
      contentDisposition: reply.ContentDisposition,
      contentEncoding: reply.ContentEncoding,
      contentLanguage: reply.ContentLanguage,
      expires: reply.ExpiresString,
    },
    metadata: reply.Metadata ?? {},
    tags: (tagging?.TagSet ?? []).map((tag) => ({ key: tag.Key ?? '', value: tag.Value ?? '' })),
    storageClass: reply.StorageClass ?? 'STANDARD',
    websiteRedirect: reply.WebsiteRedirectLocation ?? null,
  }
}
