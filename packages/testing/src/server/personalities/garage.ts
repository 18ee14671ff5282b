import { extendPersonality } from '../extend-personality.ts'
import type { Personality, PersonalityError } from '../personality.ts'
import { aws } from './aws.ts'

const NOT_IMPLEMENTED: PersonalityError = { status: 501, code: 'NotImplemented' }

/** Garage 1.2 by its source: no least size of a part, four checksums (composite for multipart), conditions of writes unheeded, no request id at all. */
export const garage: Personality = extendPersonality(aws, {
  id: 'garage',
  region: 'garage',
  signature: { signsAllAmzHeaders: false },
  etag: { completeAgain: 'NoSuchUpload' },
  checksums: { algorithms: ['crc32', 'crc32c', 'sha1', 'sha256'], byDefault: null, compositeOnly: ['crc32', 'crc32c', 'sha1', 'sha256'] },
  limits: { minPartBytes: 0, metadataBytes: null },
  reads: { attributes: NOT_IMPLEMENTED },
  conditionalWrites: { put: 'ignored', complete: 'ignored', delete: 'ignored' },
  features: {
    tagging: NOT_IMPLEMENTED,
    taggingHeader: 'ignored',
    bucketTagging: NOT_IMPLEMENTED,
    acl: NOT_IMPLEMENTED,
    policy: NOT_IMPLEMENTED,
    objectLock: NOT_IMPLEMENTED,
    versioning: NOT_IMPLEMENTED,
    sseS3: 'ignored',
    sseKms: 'ignored',
    websiteRedirect: 'ignored',
    bucketRegionHeader: false,
    wrongLocation: null,
  },
  errors: { elements: ['Resource', 'Region'] },
  serverHeader: null,
  replyHeaders: {},
})
