import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { type MigrateObjectOptions, migrateObject } from '@sealift/core'
import { profiles } from '@sealift/provider-detect'
import { startS3Server } from '@sealift/testing'
import { printTable } from '../harness/print-table.ts'

const MIB = 1024 * 1024
const PERSONALITIES = ['ceph', 'aws', 'minio', 'swift', 'r2'] as const

interface Kind {
  readonly name: string
  readonly key: string
  readonly sizeBytes: number
  readonly partSizeBytes?: number
  readonly metadata?: Readonly<Record<string, string>>
  readonly tagging?: string
  /** more would be a request too many */
  readonly atMost?: number
  readonly options?: Pick<MigrateObjectOptions, 'verify' | 'overwrite'>
}

const KINDS: readonly Kind[] = [
  { name: '1 KB', key: 'small', sizeBytes: 1_000, atMost: 2 },
  { name: 'empty', key: 'empty', sizeBytes: 0, atMost: 2 },
  { name: '1 KB with metadata', key: 'metadata', sizeBytes: 1_000, metadata: { colour: 'blue' }, atMost: 2 },
  { name: '1 KB with tags', key: 'tags', sizeBytes: 1_000, tagging: 'a=1&b=2', atMost: 3 },
  { name: '1 KB, readBack always', key: 'back', sizeBytes: 1_000, options: { verify: { readBack: 'always' } } },
  { name: '1 KB, overwrite never', key: 'never', sizeBytes: 1_000, options: { overwrite: 'never' } },
  { name: '12 MiB in 3 parts of 5 MiB', key: 'parts', sizeBytes: 12 * MIB, partSizeBytes: 5 * MIB },
  { name: '80 MiB in one PUT', key: 'single', sizeBytes: 80 * MIB },
  { name: '80 MiB in 10 parts of 8 MiB', key: 'many', sizeBytes: 80 * MIB, partSizeBytes: 8 * MIB },
]

const rows: string[][] = []
for (const personality of PERSONALITIES) {
  const source = await startS3Server({ personality, buckets: ['source'] })
  const destination = await startS3Server({ personality, buckets: ['destination'] })
  const sourceClient = new S3Client(source.clientConfig)
  const destinationClient = new S3Client(destination.clientConfig)
  const profile = profiles[personality]
  for (const kind of KINDS) {
    try {
      await upload(sourceClient, kind)
    } catch (error) {
      rows.push([personality, kind.name, '', '', '', `not uploaded: ${error instanceof Error ? error.name : String(error)}`])
      continue
    }
    source.clearRequests()
    destination.clearRequests()
    const result = await migrateObject({
      source: { client: sourceClient, bucket: 'source', key: kind.key, ...(profile === undefined ? {} : { profile }) },
      destination: { client: destinationClient, bucket: 'destination', ...(profile === undefined ? {} : { profile }) },
      accept: ['verified', 'unverified', 'mismatch', 'failed', 'skipped'],
      ...kind.options,
    })
    const total = source.requests.length + destination.requests.length
    if (result.verdict !== 'verified' || total > (kind.atMost ?? Number.POSITIVE_INFINITY)) process.exitCode = 1
    rows.push([personality, kind.name, told(source.requestCounts), told(destination.requestCounts), String(total), `${result.verdict}, ${result.assurance}`])
  }
  sourceClient.destroy()
  destinationClient.destroy()
  await source.close()
  await destination.close()
}
printTable(['both ends', 'object', 'at the source', 'at the destination', 'in all', 'verdict'], rows)

async function upload(client: S3Client, kind: Kind): Promise<void> {
  const given = {
    Bucket: 'source',
    Key: kind.key,
    Body: Buffer.alloc(kind.sizeBytes, 'x'),
    ...(kind.metadata === undefined ? {} : { Metadata: { ...kind.metadata } }),
    ...(kind.tagging === undefined ? {} : { Tagging: kind.tagging }),
  }
  if (kind.partSizeBytes === undefined) await client.send(new PutObjectCommand(given))
  else await new Upload({ client, params: given, partSize: kind.partSizeBytes, queueSize: 1 }).done()
}

function told(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([operation, count]) => (count === 1 ? operation : `${count} ${operation}`))
    .join(', ')
}
