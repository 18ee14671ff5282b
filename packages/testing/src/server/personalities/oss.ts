import { extendPersonality } from '../extend-personality.ts'
import type { Personality, PersonalityError } from '../personality.ts'
import { aws } from './aws.ts'

const NOT_IMPLEMENTED: PersonalityError = { status: 501, code: 'NotImplemented' }
const NO_CHUNKS: PersonalityError = {
  status: 400,
  code: 'InvalidArgument',
  message: 'aws-chunked encoding is not supported with the specified x-amz-content-sha256 value.',
}

/**
 * Alibaba Cloud OSS by its S3-compatible API, from its documentation: ETags in upper case, those of multipart uploads by a rule of its own;
 * `x-oss-hash-crc64ecma` has a CRC-64 of every object and part. Parts may be of 100 KiB. (That it refuses path style is left out.)
 */
export const oss: Personality = extendPersonality(aws, {
  id: 'oss',
  region: 'cn-hangzhou',
  signature: { region: 'any', signsAllAmzHeaders: false, signedChunks: NO_CHUNKS, trailers: NO_CHUNKS },
  etag: { multipart: 'opaque', letters: 'upper', completeAgain: 'NoSuchUpload' },
  checksums: { algorithms: [], byDefault: null, vendorHeaders: ['x-oss-hash-crc64ecma'] },
  limits: { minPartBytes: 102_400, maxPartBytes: 5_000_000_000, maxPutBytes: 5_000_000_000, metadataBytes: 8192 },
  reads: { partNumber: 'ignored', partsCountHeader: false, attributes: 'object' },
  conditionalWrites: { put: 'ignored', complete: 'ignored', delete: 'ignored' },
  features: {
    tagging: NOT_IMPLEMENTED,
    taggingHeader: 'ignored',
    bucketTagging: NOT_IMPLEMENTED,
    objectLock: 'ignored',
    versioning: NOT_IMPLEMENTED,
    websiteRedirect: 'ignored',
    createBucketAgain: 'BucketAlreadyOwnedByYou',
    bucketRegionHeader: false,
    wrongLocation: null,
  },
  listing: { lastModified: 'milliseconds' },
  errors: { elements: ['RequestId', 'HostId'], hostId: 'oss-cn-hangzhou.example', namespace: 'http://doc.oss-cn-hangzhou.example' },
  operations: { ListMultipartUploads: NOT_IMPLEMENTED },
  serverHeader: 'AliyunOSS',
  requestId: 'oss',
  replyHeaders: { 'x-oss-request-id': '{requestId}', 'x-oss-server-time': '5' },
  objectHeaders: { 'x-oss-object-type': 'Normal' },
})
