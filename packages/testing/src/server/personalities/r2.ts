import type { Personality } from '../personality.ts'
import { aws } from './aws.ts'

const NOT_IMPLEMENTED = { status: 501, code: 'NotImplemented', message: 'This operation is not implemented.' } as const

/** Cloudflare R2 by its documentation: equal parts, no tags, no versions, no ACLs, checksums of fixed types, no aws-chunked trailers. */
export const r2: Personality = {
  ...aws,
  id: 'r2',
  region: 'auto',
  signature: {
    ...aws.signature,
    region: ['auto', 'us-east-1', ''],
    anonymous: { status: 401, code: 'Unauthorized', message: 'Unauthorized' },
    signsAllAmzHeaders: false,
    trailers: { status: 501, code: 'NotImplemented', message: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER not implemented' },
  },
  etag: { ...aws.etag, completeAgain: 'NoSuchUpload' },
  checksums: {
    ...aws.checksums,
    algorithms: ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'],
    byDefault: 'crc64nvme',
    compositeOnly: ['crc32', 'crc32c', 'sha1', 'sha256'],
    deleteObjectsNeedsContentMd5: false,
  },
  // 4.995 GiB, in whole bytes
  limits: { ...aws.limits, metadataBytes: 8192, maxPartBytes: Math.floor(4.995 * 1024 ** 3), maxPutBytes: Math.floor(4.995 * 1024 ** 3), equalParts: true },
  reads: { ...aws.reads, attributes: NOT_IMPLEMENTED },
  conditionalWrites: { ...aws.conditionalWrites, delete: 'ignored' },
  features: {
    ...aws.features,
    tagging: NOT_IMPLEMENTED,
    bucketTagging: NOT_IMPLEMENTED,
    acl: NOT_IMPLEMENTED,
    policy: NOT_IMPLEMENTED,
    objectLock: NOT_IMPLEMENTED,
    versioning: NOT_IMPLEMENTED,
    sseKms: NOT_IMPLEMENTED,
    storageClasses: ['STANDARD', 'STANDARD_IA'],
    websiteRedirect: 'ignored',
    wrongLocation: null,
    createBucketAgain: 'BucketAlreadyOwnedByYou',
  },
  listing: { ...aws.listing, lastModified: 'milliseconds' },
  errors: { ...aws.errors, elements: [] },
  serverHeader: 'cloudflare',
  requestId: 'r2',
  replyHeaders: { 'cf-ray': '{requestId}-AMS' },
}
