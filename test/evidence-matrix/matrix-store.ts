import { CreateBucketCommand, DeleteBucketCommand, DeleteObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3'
import type { ProviderProfile } from '@sealift/core'
import { profileById } from '@sealift/provider-detect'
import { generatedBytes, type PersonalityDefinition, type PersonalityName, startS3Server } from '@sealift/testing'
import type { KnownBytes } from '../fault-matrix/object-bytes.ts'
import { headHeaders, plainClient } from '../fault-matrix/plain-requests.ts'
import type { RealServer } from '../servers/real-servers.ts'
import type { AddedStore } from './added-store.ts'
import { MIN_PART_BYTES, OBJECT_KINDS, type ObjectKind, partSizesOf, sizeOf } from './object-kinds.ts'
import { StoreDoors } from './store-doors.ts'
import { isHeld, type StoreFacts } from './store-facts.ts'
import { uploadKind } from './upload-kind.ts'

/** A store that runs: one side of many cells. */
export interface MatrixStore {
  readonly facts: StoreFacts
  readonly profile: ProviderProfile
  readonly bucket: string
  /** where the engine comes in */
  readonly doors: StoreDoors
  /** past every proxy */
  readonly plain: S3Client
  /** the object of that kind, uploaded when it is first asked for and shared by all cells */
  object(kind: ObjectKind): Promise<KnownBytes>
  /** inverts a bit of a stored byte behind every digest; the kit only */
  rot(key: string, offset: number): void
  close(): Promise<void>
}

/**
 * A personality in a server of its own. It and its profile take small parts here; nothing else of them is changed.
 * @param added - brings personality and profile; default: the kit's and the package's own, by the ids of the row
 */
export async function openKitStore(facts: StoreFacts, added?: AddedStore): Promise<MatrixStore> {
  const minPartBytes = MIN_PART_BYTES[facts.scale]
  const bucket = 'evidence'
  const personality: PersonalityDefinition = added?.personality ?? { id: facts.id, extends: facts.id as PersonalityName }
  const server = await startS3Server({
    personality: { ...personality, limits: { ...personality.limits, minPartBytes } },
    buckets: [bucket],
    maxLoggedRequests: 1,
  })
  const profile = added?.profile ?? profileOf(facts)
  const plain = plainClient(server.clientConfig)
  const doors = new StoreDoors(server.clientConfig)
  return {
    facts,
    profile: { ...profile, limits: { ...profile.limits, minPartBytes } },
    bucket,
    doors,
    plain,
    object: sharedObjects(facts, async (kind, bytes) => {
      if (kind === 'checksum-none') server.put(bucket, kind, bytes)
      else await uploadKind(plain, bucket, kind, kind, bytes, partsOf(facts, kind))
      return headHeaders(plain, bucket, kind)
    }),
    rot: (key, offset) => server.corruptAtRest(bucket, key, offset),
    async close() {
      await doors.close()
      plain.destroy()
      await server.close()
    },
  }
}

/** A real server, with a bucket of this run's own. */
export async function openRealStore(facts: StoreFacts, server: RealServer, bucket: string): Promise<MatrixStore> {
  const { endpoint, region, credentials } = server
  const plain = plainClient({ endpoint, region, credentials })
  const doors = new StoreDoors({ endpoint, region, credentials })
  await plain.send(new CreateBucketCommand({ Bucket: bucket }))
  return {
    facts,
    profile: profileOf(facts),
    bucket,
    doors,
    plain,
    object: sharedObjects(facts, async (kind, bytes) => {
      await uploadKind(plain, bucket, kind, kind, bytes, partsOf(facts, kind))
      return headHeaders(plain, bucket, kind)
    }),
    rot() {
      throw new Error(`${facts.name} cannot be harmed at rest`)
    },
    async close() {
      await doors.close()
      const { Contents = [] } = await plain.send(new ListObjectsV2Command({ Bucket: bucket }))
      for (const { Key } of Contents) await plain.send(new DeleteObjectCommand({ Bucket: bucket, Key }))
      await plain.send(new DeleteBucketCommand({ Bucket: bucket }))
      plain.destroy()
    },
  }
}

function partsOf({ scale, destination }: StoreFacts, kind: ObjectKind): readonly number[] | null {
  return partSizesOf(kind, scale, destination.equalPartsOnly)
}

function profileOf({ profileId, name }: StoreFacts): ProviderProfile {
  const profile = profileById(profileId)
  if (profile === undefined) throw new Error(`@sealift/provider-detect has no profile ${profileId}, which ${name} of the evidence matrix needs`)
  return profile
}

function sharedObjects(
  facts: StoreFacts,
  upload: (kind: ObjectKind, bytes: Buffer) => Promise<Record<string, string>>,
): (kind: ObjectKind) => Promise<KnownBytes> {
  const made = new Map<ObjectKind, Promise<KnownBytes>>()
  return (kind) => {
    const known = made.get(kind) ?? make(kind)
    made.set(kind, known)
    return known
  }
  async function make(kind: ObjectKind): Promise<KnownBytes> {
    if (!isHeld(facts.source[kind])) throw new Error(`${facts.name} cannot hold ${kind}`)
    const sizeBytes = sizeOf(kind, facts.scale, facts.destination.equalPartsOnly)
    const bytes = generatedBytes({ key: '', seed: 1 + OBJECT_KINDS.indexOf(kind) }, 0, sizeBytes)
    const { etag = '' } = await upload(kind, bytes)
    return { bytes, etag: etag.replaceAll('"', '') }
  }
}
