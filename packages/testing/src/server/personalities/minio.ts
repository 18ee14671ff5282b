import type { Personality } from '../personality.ts'
import { aws } from './aws.ts'

/** MinIO, a release of 2025: checksums of the five classic kinds, trailers, conditional writes; names that must work as files. */
export const minio: Personality = {
  ...aws,
  id: 'minio',
  signature: { ...aws.signature, region: 'any', signsAllAmzHeaders: false },
  // its ETags that end in `-1` are either a one-part upload's or no checksum at all; single uploads with keys of the customer or KMS are of the second kind
  etag: { ...aws.etag, completeAgain: 'NoSuchUpload' },
  checksums: { ...aws.checksums, algorithms: ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'], byDefault: null },
  limits: { ...aws.limits, maxPartBytes: 5 * 1024 ** 4, maxPutBytes: 5 * 1024 ** 4 },
  conditionalWrites: { ...aws.conditionalWrites, delete: 'ignored' },
  features: { ...aws.features, createBucketAgain: 'BucketAlreadyOwnedByYou', bucketRegionHeader: false, wrongLocation: null },
  names: { ...aws.names, likeFiles: true },
  listing: { ...aws.listing, lastModified: 'milliseconds' },
  errors: { message: true, xml: 'minio', messages: {} },
  serverHeader: 'MinIO',
  requestId: 'minio',
}
