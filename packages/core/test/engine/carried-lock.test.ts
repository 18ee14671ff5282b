import {
  GetObjectAclCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { migrateObject } from '@sealift/core'
import { describe, expect, it } from 'vitest'
import { type CopyGround, MIB, openGround, patternBytes } from '../copy-ground.ts'

const SMALL = patternBytes(10_000, 71)
const LARGE = patternBytes(11 * MIB, 72)
/** The SDK's own CRC32 would be one thing more that most stores cannot hold. */
const NO_CHECKSUMS = { requestChecksumCalculation: 'WHEN_REQUIRED' } as const
const PARTS = { memoryBytes: 16 * MIB, partSizeBytes: 5 * MIB, layout: 'own' } as const
const UNTIL = new Date('2099-01-02T03:04:05Z')
const CARRY = { carry: { retention: true, legalHold: true } } as const

async function allowLocks(client: S3Client, Bucket: string): Promise<void> {
  await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }))
  await client.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } }))
}

async function lockedSource(ground: CopyGround, Body: Buffer): Promise<void> {
  await allowLocks(ground.sourceClient, 'from')
  const lock = { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: UNTIL, ObjectLockLegalHoldStatus: 'ON' } as const
  await ground.sourceClient.send(new PutObjectCommand({ Bucket: 'from', Key: 'key', Body, ...lock }))
}

/** The lock as a plain client sees it. */
async function lockAt(ground: CopyGround): Promise<unknown> {
  const head = await ground.destinationClient.send(new HeadObjectCommand({ Bucket: 'to', Key: 'key' }))
  return [head.ObjectLockMode, head.ObjectLockRetainUntilDate?.toISOString(), head.ObjectLockLegalHoldStatus]
}

/** Takes locks by requests of their own only. */
const FORGETFUL = {
  destinationServer: {
    personality: { id: 'forgetful', extends: 'aws', features: { objectLock: 'ignored', lockOnCreateUpload: 'ignored' } },
    buckets: ['to'],
  },
} as const

const LOCKED = ['GOVERNANCE', '2099-01-02T03:04:05.000Z', 'ON']

describe.each([
  ['one PUT', SMALL, {}],
  ['parts', LARGE, PARTS],
] as const)('retention and legal hold, %s', (_, bytes, extra) => {
  it.each(['aws', 'minio', 'ceph'] as const)('are kept on %s', async (destination) => {
    const ground = await openGround({ destination, client: NO_CHECKSUMS })
    await lockedSource(ground, bytes)
    await allowLocks(ground.destinationClient, 'to')
    const result = await migrateObject(ground.options('key', { ...CARRY, ...extra }))
    expect([result.verdict, result.notCarried]).toEqual(['verified', []])
    expect(await lockAt(ground)).toEqual(LOCKED)
  })

  it('are set where the store drops them', async () => {
    const ground = await openGround(FORGETFUL)
    await lockedSource(ground, bytes)
    await allowLocks(ground.destinationClient, 'to')
    const result = await migrateObject(ground.options('key', { ...CARRY, ...extra }))
    expect([result.verdict, result.notCarried]).toEqual(['verified', []])
    expect(await lockAt(ground)).toEqual(LOCKED)
  })

  it('are listed where the store drops and refuses them', async () => {
    const ground = await openGround(FORGETFUL)
    await lockedSource(ground, bytes)
    await allowLocks(ground.destinationClient, 'to')
    const operation = ['PutObjectRetention', 'PutObjectLegalHold'] as const
    ground.destination.setFaults([{ match: { operation, times: 'always' }, action: { kind: 'status', status: 403 } }])
    const result = await migrateObject(ground.options('key', { ...CARRY, ...extra }))
    expect(result.verdict).toBe('verified')
    expect(result.notCarried.map(({ what, reason }) => [what, reason])).toEqual([
      ['retention', 'the destination refused it (access-denied)'],
      ['legal-hold', 'the destination refused it (access-denied)'],
    ])
  })
})

describe('an ACL', () => {
  const copied = async (acl: ConstructorParameters<typeof PutObjectAclCommand>[0], destination: 'aws' | 'ceph' | 'r2' = 'aws') => {
    const ground = await openGround({ destination, client: NO_CHECKSUMS })
    await ground.sourceClient.send(new PutObjectCommand({ Bucket: 'from', Key: 'key', Body: SMALL }))
    await ground.sourceClient.send(new PutObjectAclCommand({ ...acl, Bucket: 'from', Key: 'key' }))
    const result = await migrateObject(ground.options('key', { carry: { acl: true } }))
    const held = destination === 'r2' ? null : await ground.destinationClient.send(new GetObjectAclCommand({ Bucket: 'to', Key: 'key' }))
    return {
      result,
      grants: (held?.Grants ?? []).map(({ Grantee, Permission }) => [Grantee?.URI ?? (Grantee?.ID === held?.Owner?.ID ? 'owner' : Grantee?.ID), Permission]),
    }
  }

  it('of a group is kept, and the owner keeps control', async () => {
    const { result, grants } = await copied({ Bucket: 'from', Key: 'key', ACL: 'public-read' }, 'ceph')
    expect([result.verdict, result.notCarried]).toEqual(['verified', []])
    expect(grants).toEqual([
      ['owner', 'FULL_CONTROL'],
      ['http://acs.amazonaws.com/groups/global/AllUsers', 'READ'],
    ])
  })

  it('of nobody but the owner needs nothing', async () => {
    const { result, grants } = await copied({ Bucket: 'from', Key: 'key', ACL: 'private' })
    expect([result.notCarried, grants]).toEqual([[], [['owner', 'FULL_CONTROL']]])
  })

  it.each([
    ['r2', 'Cloudflare R2 has no object ACLs'],
    ['aws', 'Amazon S3 is not known to keep object ACLs'],
  ] as const)('is listed at %s', async (destination, reason) => {
    const { result } = await copied({ Bucket: 'from', Key: 'key', ACL: 'public-read' }, destination)
    expect(result.notCarried).toEqual([{ what: 'acl', name: null, reason }])
  })
})
