import { extendPersonality } from '../extend-personality.ts'
import type { Personality } from '../personality.ts'
import { aws } from './aws.ts'

/** SeaweedFS, a release of late 2025, by its source: the five classic checksums, trailers, conditional PUTs; no least size of a part. */
export const seaweedfs: Personality = extendPersonality(aws, {
  id: 'seaweedfs',
  signature: { region: 'any', signsAllAmzHeaders: false },
  etag: { completeAgain: 'NoSuchUpload' },
  checksums: { algorithms: ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'], byDefault: null },
  limits: { minPartBytes: 0, metadataBytes: null },
  conditionalWrites: { complete: 'ignored', delete: 'ignored' },
  features: { createBucketAgain: 'BucketAlreadyOwnedByYou', bucketRegionHeader: false, wrongLocation: null },
  errors: { elements: ['Key', 'BucketName', 'Resource', 'RequestId'] },
  serverHeader: 'SeaweedFS 4.02',
  requestId: 'seaweedfs',
  replyHeaders: { 'x-amz-request-id': '{requestId}' },
})
