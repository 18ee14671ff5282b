import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectAclCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { migrateObject } from '@sealift/core'
import { cephProfile } from '@sealift/provider-detect'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeWithServer, type RealServer } from '../servers/real-servers.ts'

const MIB = 1024 * 1024
const RUN = `${process.pid.toString(36)}${Date.now().toString(36)}`
const BUCKET = `carried-lock-${RUN}`
/** GOVERNANCE, so that the test can remove what it made. */
const UNTIL = new Date('2099-01-02T03:04:05Z')

const clientOf = ({ endpoint, region, credentials }: RealServer): S3Client =>
  new S3Client({
    endpoint,
    region,
    credentials,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })

describeWithServer(['rgw-source', 'rgw-destination'], 'what is carried on request, between two Ceph RGW', (servers) => {
  const source = clientOf(servers['rgw-source'])
  const destination = clientOf(servers['rgw-destination'])
  const written: { readonly key: string; readonly versionId: string | undefined; readonly client: S3Client }[] = []

  beforeAll(async () => {
    for (const client of [source, destination]) await client.send(new CreateBucketCommand({ Bucket: BUCKET, ObjectLockEnabledForBucket: true }))
  })

  afterAll(async () => {
    for (const { key, versionId, client } of written) {
      const released = { Bucket: BUCKET, Key: key, VersionId: versionId, LegalHold: { Status: 'OFF' } } as const
      await client.send(new PutObjectLegalHoldCommand(released)).catch(() => {})
      await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: key, VersionId: versionId, BypassGovernanceRetention: true })).catch(() => {})
    }
    source.destroy()
    destination.destroy()
  })

  describe.each([
    ['one PUT', 10_000, {}],
    ['parts', 11 * MIB, { partSizeBytes: 5 * MIB, layout: 'own' }],
  ] as const)('%s', (way, sizeBytes, extra) => {
    const key = `locked ${way}`

    it('keeps retention and legal hold', async () => {
      const lock = { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: UNTIL, ObjectLockLegalHoldStatus: 'ON' } as const
      const put = await source.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: Buffer.alloc(sizeBytes, way), ...lock }))
      written.push({ key, versionId: put.VersionId, client: source })
      const result = await migrateObject({
        source: { client: source, bucket: BUCKET, key, profile: cephProfile },
        destination: { client: destination, bucket: BUCKET, profile: cephProfile },
        carry: { retention: true, legalHold: true },
        ...extra,
      })
      const head = await destination.send(new HeadObjectCommand({ Bucket: BUCKET, Key: key }))
      written.push({ key, versionId: head.VersionId, client: destination })
      expect([result.verdict, result.notCarried]).toEqual(['verified', []])
      expect([head.ObjectLockMode, head.ObjectLockRetainUntilDate?.getTime(), head.ObjectLockLegalHoldStatus]).toEqual(['GOVERNANCE', UNTIL.getTime(), 'ON'])
    })

    it('keeps what an ACL gives to everybody', async () => {
      const open = `open ${way}`
      const put = await source.send(new PutObjectCommand({ Bucket: BUCKET, Key: open, Body: Buffer.alloc(sizeBytes, way), ACL: 'public-read' }))
      written.push({ key: open, versionId: put.VersionId, client: source })
      const result = await migrateObject({
        source: { client: source, bucket: BUCKET, key: open, profile: cephProfile },
        destination: { client: destination, bucket: BUCKET, profile: cephProfile },
        carry: { acl: true },
        ...extra,
      })
      written.push({ key: open, versionId: result.destination.versionId ?? undefined, client: destination })
      const { Grants = [], Owner } = await destination.send(new GetObjectAclCommand({ Bucket: BUCKET, Key: open }))
      expect([result.verdict, result.notCarried]).toEqual(['verified', []])
      const grants = Grants.map(({ Grantee, Permission }) => [Grantee?.URI ?? (Grantee?.ID === Owner?.ID ? 'owner' : Grantee?.ID), Permission])
      expect(grants.sort()).toEqual([
        ['http://acs.amazonaws.com/groups/global/AllUsers', 'READ'],
        ['owner', 'FULL_CONTROL'],
      ])
    })
  })
})
