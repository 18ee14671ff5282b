import { extendPersonality } from '../extend-personality.ts'
import type { Personality, PersonalityError } from '../personality.ts'
import { aws } from './aws.ts'

const UNSUPPORTED_HEADER: PersonalityError = { status: 400, code: 'InvalidArgument', message: 'Unsupported header received for this API call.' }
const NOT_IMPLEMENTED: PersonalityError = { status: 501, code: 'NotImplemented' }

/**
 * Backblaze B2 by its documentation and by reports of 2024 and 2025: an `x-amz-*` header that it does not know is refused, checksums and tags among them.
 * Nothing says what its ETags are, and whether it heeds conditions of a write: MD5s here, and ignored.
 */
export const b2: Personality = extendPersonality(aws, {
  id: 'b2',
  region: 'us-west-004',
  signature: { signsAllAmzHeaders: false, trailers: UNSUPPORTED_HEADER },
  etag: { completeAgain: 'NoSuchUpload' },
  checksums: { algorithms: [], byDefault: null, others: UNSUPPORTED_HEADER },
  limits: { minPartBytes: 5_000_000, maxPartBytes: 5_000_000_000, maxPutBytes: 5_000_000_000, metadataBytes: null },
  reads: { partsCountHeader: false, attributes: NOT_IMPLEMENTED },
  conditionalWrites: { put: 'ignored', complete: 'ignored', delete: 'ignored' },
  features: {
    tagging: NOT_IMPLEMENTED,
    taggingHeader: UNSUPPORTED_HEADER,
    bucketTagging: NOT_IMPLEMENTED,
    sseKms: NOT_IMPLEMENTED,
    storageClasses: ['STANDARD'],
    websiteRedirect: 'ignored',
    createBucketAgain: 'BucketAlreadyOwnedByYou',
    wrongLocation: null,
  },
  serverHeader: 'nginx',
  requestId: 'r2',
  replyHeaders: { 'x-amz-request-id': '{requestId}', 'x-amz-id-2': 'aMYJmWzYwM4=', 'strict-transport-security': 'max-age=63072000' },
})
