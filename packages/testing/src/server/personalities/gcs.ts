import { extendPersonality } from '../extend-personality.ts'
import type { Personality, PersonalityError } from '../personality.ts'
import { aws } from './aws.ts'

const NOT_IMPLEMENTED: PersonalityError = { status: 501, code: 'NotImplemented' }

/**
 * Google Cloud Storage by its S3-compatible XML API, from its documentation: `x-goog-hash` has a CRC32C of every object, and an MD5 of those that were not
 * uploaded in parts, whose ETags are made up. Objects in gzip are unpacked for who does not accept it. Amazon's checksums, conditions of writes and
 * encryption headers go unheeded; there is no UploadPartCopy and no batch delete.
 */
export const gcs: Personality = extendPersonality(aws, {
  id: 'gcs',
  region: 'auto',
  signature: { region: 'any', signsAllAmzHeaders: false, changedHeaders: ['accept-encoding'], trailers: { status: 403, code: 'SignatureDoesNotMatch' } },
  etag: { multipart: 'opaque', opaqueForm: 'base64', completeAgain: 'NoSuchUpload' },
  checksums: { algorithms: [], byDefault: null, vendorHeaders: ['x-goog-hash'] },
  limits: { maxPartBytes: 5_000_000_000, maxPutBytes: 5_000_000_000_000, maxCopyBytes: null, metadataBytes: null },
  reads: { partNumber: 'ignored', partsCountHeader: false, attributes: 'object', gzip: 'unpacked' },
  conditionalWrites: { put: 'ignored', complete: 'ignored', delete: 'ignored' },
  features: {
    tagging: NOT_IMPLEMENTED,
    taggingHeader: 'ignored',
    bucketTagging: NOT_IMPLEMENTED,
    objectLock: 'ignored',
    versioning: NOT_IMPLEMENTED,
    sseS3: 'ignored',
    sseKms: 'ignored',
    sseC: 'ignored',
    storageClasses: ['STANDARD', 'NEARLINE', 'COLDLINE', 'ARCHIVE'],
    websiteRedirect: 'ignored',
    createBucketAgain: 'BucketAlreadyOwnedByYou',
    bucketRegionHeader: false,
    wrongLocation: null,
  },
  listing: { lastModified: 'milliseconds' },
  errors: { elements: [] },
  operations: { UploadPartCopy: NOT_IMPLEMENTED, DeleteObjects: NOT_IMPLEMENTED },
  serverHeader: 'UploadServer',
  requestId: 'gcs',
  replyHeaders: { 'x-guploader-uploadid': '{requestId}' },
  objectHeaders: {
    'x-goog-generation': '{generation}',
    'x-goog-metageneration': '1',
    'x-goog-stored-content-encoding': '{encoding}',
    'x-goog-stored-content-length': '{size}',
  },
})
