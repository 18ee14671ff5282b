import { createHash, randomBytes } from 'node:crypto'
import { S3 } from '@aws-sdk/client-s3'
import { migrateObject, type ObjectResult, type ProviderProfile } from '@sealift/core'
import { explainPair, genericProfile, type ObjectKind, profileById } from '@sealift/provider-detect'
import { type S3TestServer, startS3Server } from '@sealift/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const PERSONALITIES = ['aws', 'minio', 'ceph', 'swift', 'r2'] as const
type Personality = (typeof PERSONALITIES)[number]

/** Both ends take parts from this size on, and their profiles say so: looking for an unusual layout of megabytes would take 2 GiB of MD5. */
const MIN_PART_BYTES = 64 * 1024
// nearly equal, so that the true part size is among the first that a search of (size, ETag) comes to
const USUAL = [MIN_PART_BYTES, MIN_PART_BYTES, 62_000]
const UNUSUAL = [80_000, 90_001, 5]
const KINDS: readonly ObjectKind[] = [
  'empty',
  'small',
  'small-checksum',
  'small-sse-kms',
  'multipart',
  'multipart-unusual',
  'multipart-composite-checksum',
  'multipart-full-checksum',
  'multipart-sse-kms',
]

/** What a store refuses, or takes and does not do, so that the object is of another kind there. */
const NOT_MADE: Readonly<Record<Personality, readonly ObjectKind[]>> = {
  aws: [],
  minio: [],
  // no checksums and no SSE-KMS
  ceph: ['small-checksum', 'small-sse-kms', 'multipart-composite-checksum', 'multipart-full-checksum', 'multipart-sse-kms'],
  swift: ['small-checksum', 'small-sse-kms', 'multipart-composite-checksum', 'multipart-full-checksum', 'multipart-sse-kms'],
  // equal parts only
  r2: ['small-sse-kms', 'multipart-unusual', 'multipart-sse-kms'],
}

const servers = new Map<Personality, { readonly server: S3TestServer; readonly client: S3 }>()

beforeAll(async () => {
  for (const personality of PERSONALITIES) {
    const server = await startS3Server({
      personality: { id: `${personality}-small-parts`, extends: personality, limits: { minPartBytes: MIN_PART_BYTES } },
      buckets: ['data', 'copies'],
    })
    const client = new S3({ ...server.clientConfig, requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' })
    servers.set(personality, { server, client })
    for (const kind of KINDS) if (!NOT_MADE[personality].includes(kind)) await make(client, kind)
  }
})

afterAll(async () => {
  for (const { server, client } of servers.values()) {
    client.destroy()
    await server.close()
  }
})

async function make(client: S3, kind: ObjectKind): Promise<void> {
  const place = { Bucket: 'data', Key: kind }
  const kms = kind.endsWith('sse-kms') ? ({ ServerSideEncryption: 'aws:kms' } as const) : {}
  if (!kind.startsWith('multipart')) {
    const body = randomBytes(kind === 'empty' ? 0 : 100_000)
    const sum = kind === 'small-checksum' ? { ChecksumSHA256: createHash('sha256').update(body).digest('base64') } : {}
    await client.putObject({ ...place, ...kms, ...sum, Body: body })
    return
  }
  const announced =
    kind === 'multipart-composite-checksum'
      ? ({ ChecksumAlgorithm: 'SHA256', ChecksumType: 'COMPOSITE' } as const)
      : kind === 'multipart-full-checksum'
        ? ({ ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'FULL_OBJECT' } as const)
        : {}
  const { UploadId } = await client.createMultipartUpload({ ...place, ...kms, ...announced })
  const parts = []
  for (const [index, size] of (kind === 'multipart-unusual' ? UNUSUAL : USUAL).entries()) {
    const Body = randomBytes(size)
    const algorithm = 'ChecksumAlgorithm' in announced ? { ChecksumAlgorithm: announced.ChecksumAlgorithm } : {}
    const done = await client.uploadPart({ ...place, UploadId, PartNumber: index + 1, Body, ...algorithm })
    parts.push({ PartNumber: index + 1, ETag: done.ETag, ChecksumSHA256: done.ChecksumSHA256, ChecksumCRC64NVME: done.ChecksumCRC64NVME })
  }
  await client.completeMultipartUpload({ ...place, UploadId, MultipartUpload: { Parts: parts } })
}

const RANK = { none: 0, 'destination-only': 1, 'end-to-end': 2 } as const

function holdsWhatIsExplained(source: ProviderProfile, destination: ProviderProfile, kind: ObjectKind, result: ObjectResult): void {
  const explained = explainPair(source, destination, { sourceTls: false }).objects.find((object) => object.kind === kind)
  if (explained === undefined) throw new Error(`${kind} is not explained`)
  const { assurance, extraRequests, verified, sameEtag } = explained
  const where = `${source.id} to ${destination.id}, ${kind}`
  const writes = result.route === 'single' ? 1 : 2 + (result.parts?.count ?? 0)
  const extra = result.requests - 1 - writes
  expect([where, RANK[result.assurance] >= RANK[assurance.atLeast], RANK[result.assurance] <= RANK[assurance.atBest]]).toEqual([where, true, true])
  expect([where, result.verdict === 'verified']).toEqual([where, verified.atLeast || result.verdict === 'verified'])
  const counts = [extraRequests.atLeast.length, extraRequests.atBest.length]
  expect([where, extra, counts, extra >= Math.min(...counts) && extra <= Math.max(...counts)]).toEqual([where, extra, counts, true])
  if (sameEtag !== null) expect([where, result.source.etag === result.destination.etag]).toEqual([where, sameEtag])
}

/** Every personality on either side, with its own profile; a known store and an unknown one with the generic one. */
const PAIRS: readonly (readonly [from: Personality, to: Personality, which: 'own' | 'generic'])[] = [
  ['aws', 'ceph', 'own'],
  ['aws', 'r2', 'own'],
  ['minio', 'aws', 'own'],
  ['ceph', 'swift', 'own'],
  ['swift', 'minio', 'own'],
  ['r2', 'ceph', 'own'],
  ['aws', 'ceph', 'generic'],
  ['swift', 'r2', 'generic'],
]

function withSmallParts(profile: ProviderProfile | undefined): ProviderProfile | undefined {
  return profile && { ...profile, limits: { ...profile.limits, minPartBytes: MIN_PART_BYTES } }
}

describe('a copy of every kind of object comes to what explainPair says', () => {
  it.each(PAIRS)('from %s to %s, %s profiles', async (from, to, which) => {
    const [source, destination] = [from, to].map((name) => withSmallParts(which === 'own' ? profileById(name) : genericProfile))
    const [here, there] = [servers.get(from), servers.get(to)]
    if (source === undefined || destination === undefined || here === undefined || there === undefined) throw new Error('no such provider')
    for (const kind of KINDS.filter((name) => !NOT_MADE[from].includes(name))) {
      const result = await migrateObject({
        source: { client: here.client, bucket: 'data', key: kind, profile: source },
        destination: { client: there.client, bucket: 'copies', key: `${from}-${which}-${kind}`, profile: destination },
        accept: ['verified', 'unverified'],
      })
      holdsWhatIsExplained(source, destination, kind, result)
    }
  })
})
