import { extendPersonality } from '../extend-personality.ts'
import type { Personality, PersonalityError } from '../personality.ts'
import { aws } from './aws.ts'

const NOT_IMPLEMENTED: PersonalityError = { status: 501, code: 'NotImplemented' }

/**
 * Wasabi by its documentation and by reports: checksums are kept, but a part may only have one that CreateMultipartUpload announced.
 * Nothing says what its ETags are, and whether it heeds conditions of a write: MD5s here, and ignored.
 */
export const wasabi: Personality = extendPersonality(aws, {
  id: 'wasabi',
  signature: { signsAllAmzHeaders: false },
  etag: { completeAgain: 'NoSuchUpload' },
  checksums: {
    algorithms: ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'],
    byDefault: null,
    onPartUnannounced: {
      status: 400,
      code: 'InvalidRequest',
      message: 'Checksum Type mismatch occurred, expected checksum Type: null, actual checksum Type: crc32',
    },
  },
  limits: { maxPartBytes: 5_000_000_000, maxPutBytes: 5_000_000_000, metadataBytes: null },
  reads: { partNumber: 'ignored', partsCountHeader: false, attributes: NOT_IMPLEMENTED },
  conditionalWrites: { put: 'ignored', complete: 'ignored', delete: 'ignored' },
  features: { sseKms: NOT_IMPLEMENTED, storageClasses: ['STANDARD'], createBucketAgain: 'BucketAlreadyOwnedByYou' },
  serverHeader: 'WasabiS3/7.21.4621-2024-09-13-2a5fd6c2fa (head5)',
  requestId: 'wasabi',
  replyHeaders: {
    'x-amz-request-id': '{requestId}',
    'x-amz-id-2': 'c2VhbGlmdCB0ZXN0IHNlcnZlcjogbm90IFdhc2FiaSwgb25seSBzaGFwZWQgbGlrZSBpdA==',
    'x-wasabi-cm-reference-id': '1731000000000 127.0.0.1 ConID:1/EngineConID:1/Core:1',
  },
})
