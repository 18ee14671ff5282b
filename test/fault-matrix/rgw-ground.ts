import { CreateBucketCommand, DeleteBucketCommand, ListObjectVersionsCommand, PutBucketVersioningCommand, type S3Client } from '@aws-sdk/client-s3'
import type { RealServer } from '../servers/real-servers.ts'
import { sourceBytes } from './object-bytes.ts'
import { plainClient, removeKey, upload } from './plain-requests.ts'
import type { Shape } from './shapes.ts'

/** The two RGW and the buckets of one run. */
export interface RgwGround {
  readonly servers: { readonly source: RealServer; readonly destination: RealServer }
  /** past the proxies */
  readonly source: S3Client
  readonly destination: S3Client
  readonly sourceBucket: string
  readonly versionedSourceBucket: string
  readonly destinationBucket: string
  readonly versionedDestinationBucket: string
  /** the key of a source that no cell changes; uploaded when it is first asked for */
  sharedSource(bucket: string, shape: Shape): Promise<string>
  /** removes the buckets and closes the clients */
  close(): Promise<void>
}

/** @param run - makes the buckets' names this run's own */
export async function rgwGround(servers: RgwGround['servers'], run: string): Promise<RgwGround> {
  const client = ({ endpoint, region, credentials }: RealServer): S3Client => plainClient({ endpoint, region, credentials })
  const source = client(servers.source)
  const destination = client(servers.destination)
  const names = {
    sourceBucket: `matrix-src-${run}`,
    versionedSourceBucket: `matrix-src-versions-${run}`,
    destinationBucket: `matrix-dst-${run}`,
    versionedDestinationBucket: `matrix-dst-versions-${run}`,
  }
  await makeBucket(source, names.sourceBucket, false)
  await makeBucket(source, names.versionedSourceBucket, true)
  await makeBucket(destination, names.destinationBucket, false)
  await makeBucket(destination, names.versionedDestinationBucket, true)
  const shared = new Map<string, Promise<void>>()
  return {
    servers,
    source,
    destination,
    ...names,
    async sharedSource(bucket, shape) {
      const key = `shared/${shape.name}`
      const id = `${bucket}/${key}`
      const made = shared.get(id) ?? upload(source, bucket, key, sourceBytes(shape).bytes, shape.partSizeBytes)
      shared.set(id, made)
      await made
      return key
    },
    async close() {
      await dropBucket(source, names.sourceBucket)
      await dropBucket(source, names.versionedSourceBucket)
      await dropBucket(destination, names.destinationBucket)
      await dropBucket(destination, names.versionedDestinationBucket)
      source.destroy()
      destination.destroy()
    },
  }
}

async function makeBucket(client: S3Client, Bucket: string, versioned: boolean): Promise<void> {
  await client.send(new CreateBucketCommand({ Bucket }))
  if (versioned) await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }))
}

async function dropBucket(client: S3Client, Bucket: string): Promise<void> {
  const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }))
  const keys = new Set([...Versions, ...DeleteMarkers].flatMap(({ Key }) => Key ?? []))
  for (const key of keys) await removeKey(client, Bucket, key, true)
  await client.send(new DeleteBucketCommand({ Bucket }))
}
