import { extendPersonality } from '../extend-personality.ts'
import type { Personality, PersonalityError } from '../personality.ts'
import { aws } from './aws.ts'

const NOT_IMPLEMENTED: PersonalityError = { status: 501, code: 'NotImplemented' }

/**
 * Directory buckets of Amazon S3 (Express One Zone) by its documentation: made-up ETags, checksums, no Content-MD5, no versions, tags or ACLs, listings in
 * no order, parts 1 to N. Requests are signed for `s3express`, with CreateSession where the bucket's name ends in `--x-s3`.
 */
export const express: Personality = extendPersonality(aws, {
  id: 'express',
  signature: { services: ['s3', 's3express'] },
  etag: { single: 'opaque', part: 'opaque', multipart: 'opaque', opaqueForm: 'alphanumeric' },
  checksums: { algorithms: ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'], contentMd5: NOT_IMPLEMENTED },
  limits: { consecutiveParts: true },
  reads: { attributeParts: 'always' },
  features: {
    tagging: NOT_IMPLEMENTED,
    bucketTagging: NOT_IMPLEMENTED,
    acl: NOT_IMPLEMENTED,
    cors: NOT_IMPLEMENTED,
    objectLock: NOT_IMPLEMENTED,
    versioning: NOT_IMPLEMENTED,
    sseC: NOT_IMPLEMENTED,
    storageClasses: ['EXPRESS_ONEZONE'],
    defaultStorageClass: 'EXPRESS_ONEZONE',
    websiteRedirect: NOT_IMPLEMENTED,
    createBucketAgain: 'BucketAlreadyOwnedByYou',
  },
  listing: { order: 'reversed', slashedPrefixes: true },
})
