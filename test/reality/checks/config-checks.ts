import { createHash, randomBytes } from 'node:crypto'
import { presignUrl } from '../presign-url.ts'
import type { ProbeCheck } from '../probe-check.ts'
import { BODY, BODY_ETAG, bytesOf, errorText, type ProbeContext, type ServerError, want } from '../probe-context.ts'

/** Status of a GET without a signature. */
async function anonymousStatus(probe: ProbeContext, key: string): Promise<number> {
  const reply = await fetch(`${probe.target.endpoint}/${probe.bucket}/${key}`)
  await reply.arrayBuffer()
  return reply.status
}

export const CONFIG_CHECKS: readonly ProbeCheck[] = [
  {
    name: 'GetObjectAcl / PutObjectAcl canned',
    run: async ({ s3, bucket: Bucket }) => {
      await s3.putObjectAcl({ Bucket, Key: 'buf', ACL: 'public-read' })
      return `${(await s3.getObjectAcl({ Bucket, Key: 'buf' })).Grants?.length} grants`
    },
  },
  {
    name: 'x-amz-acl: public-read on PUT makes it readable unsigned',
    run: async (probe) => {
      await probe.s3.putObject({ Bucket: probe.bucket, Key: 'pub', Body: BODY, ACL: 'public-read' })
      const status = await anonymousStatus(probe, 'pub')
      want(status === 200, `anonymous GET ${status}`)
      return undefined
    },
  },
  {
    name: 'private object refuses unsigned GET (403)',
    run: async (probe) => {
      const status = await anonymousStatus(probe, 'meta')
      want(status === 403, `anonymous GET ${status}`)
      return undefined
    },
  },
  {
    name: 'Put/GetBucketCors',
    run: async ({ s3, bucket: Bucket }) => {
      await s3.putBucketCors({ Bucket, CORSConfiguration: { CORSRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['*'] }] } })
      await s3.getBucketCors({ Bucket })
      return undefined
    },
  },
  {
    name: 'Put/GetBucketPolicy',
    run: async (probe) => {
      const { s3, bucket: Bucket } = probe
      const deny = { Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/denied` }
      await s3.putBucketPolicy({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement: [deny] }) })
      await s3.getBucketPolicy({ Bucket })
      await s3.putObject({ Bucket, Key: 'denied', Body: 'x' })
      return await probe.fails(probe.read('denied'), 403, 'AccessDenied')
    },
  },
  {
    name: 'Put/GetBucketLifecycleConfiguration',
    run: async ({ s3, bucket: Bucket }) => {
      const rule = { ID: 'x', Status: 'Enabled', Filter: { Prefix: 'zzz/' }, Expiration: { Days: 30 } } as const
      await s3.putBucketLifecycleConfiguration({ Bucket, LifecycleConfiguration: { Rules: [rule] } })
      await s3.getBucketLifecycleConfiguration({ Bucket })
      return undefined
    },
  },
  {
    name: 'Object Lock bucket: retention GOVERNANCE refuses delete of the version',
    run: async (probe) => {
      const { s3, lockBucket: Bucket } = probe
      await s3.createBucket({ Bucket, ObjectLockEnabledForBucket: true })
      const ObjectLockRetainUntilDate = new Date(Date.now() + 3_600_000)
      const { VersionId } = await s3.putObject({ Bucket, Key: 'l', Body: 'x', ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate })
      const { ObjectLockMode } = await s3.headObject({ Bucket, Key: 'l' })
      want(ObjectLockMode === 'GOVERNANCE', `HEAD ${ObjectLockMode}`)
      return await probe.fails(s3.deleteObject({ Bucket, Key: 'l', VersionId }), 403)
    },
  },
  {
    name: 'SSE-S3 (AES256) header',
    run: async ({ s3, bucket: Bucket }) => {
      const { ServerSideEncryption } = await s3.putObject({ Bucket, Key: 'sse', Body: BODY, ServerSideEncryption: 'AES256' })
      want(ServerSideEncryption === 'AES256', `accepted, reply says ${ServerSideEncryption}`)
      return undefined
    },
  },
  {
    name: 'SSE-C',
    run: async ({ s3, bucket: Bucket }) => {
      const key = randomBytes(32)
      const customer = {
        SSECustomerAlgorithm: 'AES256',
        SSECustomerKey: key.toString('base64'),
        SSECustomerKeyMD5: createHash('md5').update(key).digest('base64'),
      }
      const { ETag } = await s3.putObject({ Bucket, Key: 'ssec', Body: BODY, ...customer })
      const reply = await s3.getObject({ Bucket, Key: 'ssec', ...customer })
      want((await bytesOf(reply)).equals(BODY), 'content')
      want(reply.SSECustomerAlgorithm === 'AES256', 'ignored: no header in the reply')
      return ETag === BODY_ETAG ? 'ETag is still the md5' : 'ETag is not the md5'
    },
  },
]

export const SIGNATURE_CHECKS: readonly ProbeCheck[] = [
  {
    name: 'presigned GET and PUT URLs',
    run: async ({ target, bucket }) => {
      const got = await fetch(presignUrl(target, 'GET', bucket, 'buf'))
      want(Buffer.from(await got.arrayBuffer()).equals(BODY) && got.status === 200, `GET ${got.status}`)
      const put = await fetch(presignUrl(target, 'PUT', bucket, 'pre'), { method: 'PUT', body: new Uint8Array(BODY) })
      const said = await put.text()
      want(put.status === 200, `PUT ${put.status} ${said.slice(0, 120)}`)
      return undefined
    },
  },
  {
    name: 'wrong secret → 403 SignatureDoesNotMatch',
    run: (probe) => {
      const { accessKeyId } = probe.target.credentials
      const client = probe.client({ credentials: { accessKeyId, secretAccessKey: 'wrong' } })
      return probe.fails(client.listObjectsV2({ Bucket: probe.bucket }), 403, 'SignatureDoesNotMatch')
    },
  },
  {
    name: 'unknown access key → 403 InvalidAccessKeyId',
    run: (probe) => {
      const client = probe.client({ credentials: { accessKeyId: 'UNKNOWNUNKNOWN00', secretAccessKey: 'wrong' } })
      return probe.fails(client.listObjectsV2({ Bucket: probe.bucket }), 403, 'InvalidAccessKeyId')
    },
  },
  {
    name: 'clock skew of 1 h → 403 RequestTimeTooSkewed',
    run: (probe) => {
      const client = probe.client({ systemClockOffset: 3_601_000 })
      return probe.fails(client.listObjectsV2({ Bucket: probe.bucket }), 403, 'RequestTimeTooSkewed')
    },
  },
  {
    name: 'other region in the signature',
    run: async (probe) => {
      try {
        await probe.client({ region: 'eu-west-3' }).listObjectsV2({ Bucket: probe.bucket })
        return 'accepted'
      } catch (error) {
        return errorText(error as ServerError)
      }
    },
  },
]
