import type { S3ClientConfig } from '@aws-sdk/client-s3'
import type { ErrorCode, MigrateObjectOptions } from '@sealift/core'
import type { FaultRule } from '@sealift/testing'
import { type CopyGround, type GroundOptions, profileOf } from './copy-ground.ts'

/** A copy whose options are well-formed, and which the world refuses. */
export interface RefusedCopy {
  readonly name: string
  readonly ground?: GroundOptions
  readonly options: (ground: CopyGround) => MigrateObjectOptions | Promise<MigrateObjectOptions>
  readonly code: ErrorCode
  /** the message contains each */
  readonly says: readonly string[]
  /** `failed`: it is recorded; `none`: it was found before the object was begun */
  readonly row: 'none' | 'failed'
  /** writes that were sent and refused */
  readonly refusedWrites?: readonly string[]
}

const GIB = 1024 ** 3

const source = (change: Record<string, unknown>): RefusedCopy['options'] => {
  return (ground) => ({ ...ground.options(), source: { ...ground.options().source, ...change } })
}
const destination = (change: Record<string, unknown>): RefusedCopy['options'] => {
  return (ground) => ({ ...ground.options(), destination: { ...ground.options().destination, ...change } })
}
const sourceClient = (config: (ground: CopyGround) => S3ClientConfig): RefusedCopy['options'] => {
  return (ground) => ({ ...ground.options(), source: { ...ground.options().source, client: ground.secondSourceClient(config(ground)) } })
}
const status = (code: string, http: number, operation: FaultRule['match']['operation']): FaultRule[] => [
  { match: { ...(operation === undefined ? {} : { operation }), times: 'always' }, action: { kind: 'status', status: http, code } },
]
const generated = (sizeBytes: number): GroundOptions => ({
  sourceServer: { buckets: ['from'], objects: [{ bucket: 'from', key: 'huge', sizeBytes, etag: 'opaque' }] },
})

const NO_CREDENTIALS = ['gives no credentials', 'expected an S3Client whose credentials resolve to an access key']

export const REFUSED_COPIES: readonly RefusedCopy[] = [
  { name: 'a source that is missing', options: source({ key: 'nothing here' }), code: 'ERR_SOURCE_NOT_FOUND', says: ['nothing here', 'from'], row: 'failed' },
  {
    name: 'a source version that is missing',
    options: source({ versionId: 'nosuchversion' }),
    code: 'ERR_SOURCE_NOT_FOUND',
    says: ['key', 'from'],
    row: 'failed',
  },
  {
    name: 'a source bucket that is missing',
    options: source({ bucket: 'nowhere' }),
    code: 'ERR_SOURCE_NOT_FOUND',
    says: ['nowhere', 'NoSuchBucket'],
    row: 'failed',
  },
  {
    name: 'a destination bucket that is missing',
    options: destination({ bucket: 'nowhere' }),
    code: 'ERR_DESTINATION_NOT_FOUND',
    says: ['nowhere', 'NoSuchBucket'],
    row: 'failed',
    refusedWrites: ['PutObject 404'],
  },
  {
    name: 'a destination bucket that is missing, and may not be overwritten',
    options: (ground) => ({ ...ground.options('key', { overwrite: 'never' }), destination: { ...ground.options().destination, bucket: 'nowhere' } }),
    code: 'ERR_DESTINATION_NOT_FOUND',
    says: ['nowhere'],
    row: 'failed',
    refusedWrites: ['PutObject 404'],
  },
  {
    name: 'a destination that is forbidden',
    ground: { destinationServer: { buckets: ['to'], faults: status('AccessDenied', 403, undefined) } },
    options: (ground) => ground.options(),
    code: 'ERR_ACCESS_DENIED',
    says: ['to', 'key', 'AccessDenied', '403'],
    row: 'failed',
    refusedWrites: ['PutObject 403'],
  },
  {
    name: 'a source that is forbidden',
    ground: { sourceServer: { buckets: ['from'], faults: status('AccessDenied', 403, 'GetObject') } },
    options: (ground) => ground.options(),
    code: 'ERR_ACCESS_DENIED',
    says: ['from', 'key', 'AccessDenied', 'source'],
    row: 'failed',
  },
  {
    name: 'a source that is archived',
    options: (ground) => {
      ground.source.put('from', 'cold', 'cold bytes', { storageClass: 'GLACIER' })
      return ground.options('cold')
    },
    code: 'ERR_SOURCE_ARCHIVED',
    says: ['cold', 'from', 'InvalidObjectState'],
    row: 'failed',
  },
  {
    name: 'a source owned by somebody else',
    ground: { sourceServer: { buckets: ['from'], faults: status('AccessDenied', 403, 'GetObject') } },
    options: source({ expectedBucketOwner: '111122223333' }),
    code: 'ERR_ACCESS_DENIED',
    says: ['from', 'AccessDenied'],
    row: 'failed',
  },
  {
    name: 'an object beyond the destination’s limit',
    ground: generated(60 * GIB),
    options: (ground) => ({
      ...ground.options('huge'),
      destination: { ...ground.options().destination, profile: { ...profileOf('aws'), limits: { ...profileOf('aws').limits, maxObjectBytes: 5 * GIB } } },
    }),
    code: 'ERR_OBJECT_TOO_LARGE',
    says: ['huge', `${60 * GIB} bytes`, `at most ${5 * GIB} bytes`, 'Amazon S3'],
    row: 'failed',
  },
  {
    name: 'an object that no part layout of the destination can hold',
    ground: generated(60 * GIB),
    options: (ground) => ({
      ...ground.options('huge'),
      destination: { ...ground.options().destination, profile: { ...profileOf('aws'), limits: { ...profileOf('aws').limits, maxParts: 10 } } },
    }),
    code: 'ERR_OBJECT_TOO_LARGE',
    says: [`${60 * GIB}`],
    row: 'failed',
  },
  {
    name: 'credentials: a provider that fails',
    options: sourceClient(() => ({
      credentials: async () => {
        throw new Error('vault sealed, token s.AbCdEf')
      },
    })),
    code: 'ERR_CREDENTIALS',
    says: ['source.client', ...NO_CREDENTIALS],
    row: 'none',
  },
  {
    name: 'credentials: an empty access key',
    options: sourceClient(() => ({ credentials: { accessKeyId: '', secretAccessKey: '' } })),
    code: 'ERR_CREDENTIALS',
    says: ['source.client', ...NO_CREDENTIALS],
    row: 'none',
  },
  {
    name: 'credentials: none at all',
    options: async (ground) => {
      // keeps the SDK's default chain from files and from the metadata service
      Object.assign(process.env, { AWS_EC2_METADATA_DISABLED: 'true', AWS_SHARED_CREDENTIALS_FILE: '/nonexistent', AWS_CONFIG_FILE: '/nonexistent' })
      const { S3Client } = await import('@aws-sdk/client-s3')
      const { endpoint, region } = ground.destination
      return { ...ground.options(), destination: { ...ground.options().destination, client: new S3Client({ endpoint, region, forcePathStyle: true }) } }
    },
    code: 'ERR_CREDENTIALS',
    says: ['destination.client', ...NO_CREDENTIALS],
    row: 'none',
  },
  {
    name: 'credentials: a wrong secret',
    options: sourceClient(({ source: { credentials } }) => ({ credentials: { accessKeyId: credentials.accessKeyId, secretAccessKey: 'not the secret' } })),
    code: 'ERR_CREDENTIALS',
    says: ['SignatureDoesNotMatch', 'from'],
    row: 'failed',
  },
  {
    name: 'credentials: an unknown access key',
    options: sourceClient(() => ({ credentials: { accessKeyId: 'AKIANOBODYKNOWSIT', secretAccessKey: 'nor the secret' } })),
    code: 'ERR_CREDENTIALS',
    says: ['InvalidAccessKeyId', 'from'],
    row: 'failed',
  },
  {
    name: 'credentials: a wrong secret at the destination',
    options: (ground) => {
      const { endpoint, credentials } = ground.destination
      const client = ground.secondSourceClient({ endpoint, credentials: { accessKeyId: credentials.accessKeyId, secretAccessKey: 'not the secret' } })
      return { ...ground.options(), destination: { ...ground.options().destination, client } }
    },
    code: 'ERR_CREDENTIALS',
    says: ['SignatureDoesNotMatch', 'to', 'destination'],
    row: 'failed',
    // a header that is harmed on its way looks the same: tried once more
    refusedWrites: ['PutObject 403', 'PutObject 403'],
  },
  {
    name: 'credentials: an expired token',
    ground: { sourceServer: { buckets: ['from'], faults: status('ExpiredToken', 400, 'GetObject') } },
    options: (ground) => ground.options(),
    code: 'ERR_CREDENTIALS',
    says: ['ExpiredToken', 'from'],
    row: 'failed',
  },
  {
    name: 'a profile of detect() that is broken',
    options: (ground) => {
      const { profile: _, ...place } = ground.options().source
      return { ...ground.options(), source: place, detect: async () => ({ profile: { id: 'x' } as never, confidence: 'certain', reasons: [] }) }
    },
    code: 'ERR_INVALID_OPTION',
    says: ['profile of detect()', 'name'],
    row: 'none',
  },
  {
    name: 'an expected owner that is no header',
    options: source({ expectedBucketOwner: 'a\r\nx-amz-acl: public-read' }),
    code: 'ERR_INVALID_OPTION',
    says: ['expectedBucketOwner'],
    row: 'none',
  },
]
