import { extendPersonality } from '../extend-personality.ts'
import type { Personality, PersonalityError } from '../personality.ts'
import { aws } from './aws.ts'

const NOT_IMPLEMENTED: PersonalityError = { status: 501, code: 'NotImplemented' }

/**
 * A store that nobody has heard of and that knows what all of them know: Amazon's ETags and Content-MD5, no checksums, nothing conditional on writes,
 * `?partNumber` unheeded. No header tells what it is. The personalities `generic-…` each have one habit more.
 */
export const generic: Personality = extendPersonality(aws, {
  id: 'generic',
  signature: { region: 'any', signsAllAmzHeaders: false, trailers: NOT_IMPLEMENTED },
  etag: { completeAgain: 'NoSuchUpload' },
  checksums: { algorithms: [], byDefault: null },
  limits: { metadataBytes: null },
  reads: { partNumber: 'ignored', partsCountHeader: false, attributes: 'object' },
  conditionalWrites: { put: 'ignored', complete: 'ignored', delete: 'ignored' },
  features: { createBucketAgain: 'BucketAlreadyOwnedByYou', bucketRegionHeader: false, wrongLocation: null },
  errors: { elements: ['RequestId'] },
  serverHeader: null,
  replyHeaders: {},
})
