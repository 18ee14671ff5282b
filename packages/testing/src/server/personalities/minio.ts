import type { Personality } from '../personality.ts'
import { aws } from './aws.ts'

// a SHA-256 of the node, in 64 hex digits
const HOST_ID = 'dd9025bab4ad464b049177c95eb6ebf374d3b3fd1af9251148b658df7ac2e3e8'

/** MinIO, a release of 2025: checksums of the five classic kinds, trailers, conditional writes; names that must work as files. */
export const minio: Personality = {
  ...aws,
  id: 'minio',
  signature: { ...aws.signature, region: 'any', signsAllAmzHeaders: false },
  // its ETags that end in `-1` are either a one-part upload's or no checksum at all; single uploads with keys of the customer or KMS are of the second kind
  etag: { ...aws.etag, encrypted: 'opaque-1', completeAgain: 'NoSuchUpload' },
  checksums: { ...aws.checksums, algorithms: ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'], byDefault: null },
  limits: { ...aws.limits, metadataBytes: null, maxPartBytes: 5 * 1024 ** 4, maxPutBytes: 5 * 1024 ** 4 },
  conditionalWrites: { ...aws.conditionalWrites, delete: 'ignored' },
  features: { ...aws.features, createBucketAgain: 'BucketAlreadyOwnedByYou', bucketRegionHeader: false, wrongLocation: null },
  names: { ...aws.names, likeFiles: true },
  listing: { ...aws.listing, lastModified: 'milliseconds' },
  errors: {
    ...aws.errors,
    elements: ['Key', 'BucketName', 'Resource', 'Region', 'RequestId', 'HostId'],
    hostId: HOST_ID,
    namespace: 'http://s3.amazonaws.com/doc/2006-03-01/',
    codeInHeadHeaders: true,
  },
  serverHeader: 'MinIO',
  requestId: 'minio',
  replyHeaders: { 'x-amz-request-id': '{requestId}', 'x-amz-id-2': HOST_ID },
}
