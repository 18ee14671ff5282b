import type { Personality } from '../personality.ts'
import { aws } from './aws.ts'

/** Ceph RGW 16.2.15 (Pacific, the one that Debian 12 ships): measured, see the comparison with the real server in the tests. */
export const ceph: Personality = {
  ...aws,
  id: 'ceph',
  signature: {
    region: 'any',
    unknownKey: 'InvalidAccessKeyId',
    anonymous: { status: 403, code: 'AccessDenied' },
    signedChunks: 'yes',
    trailers: { status: 400, code: 'XAmzContentSHA256Mismatch' },
    missingLength: 'before-form',
    signsAllAmzHeaders: false,
    payloadMismatch: 'XAmzContentSHA256Mismatch',
    services: ['s3'],
    changedHeaders: [],
  },
  etag: { ...aws.etag, encrypted: 'md5', copyOfMultipart: 'kept', completeReply: 'empty', completeAgain: 'if-etag-fits', copyReply: 'unquoted' },
  checksums: { ...aws.checksums, algorithms: [], byDefault: null, compositeOnly: [], deleteObjectsNeedsContentMd5: false },
  limits: { ...aws.limits, metadataBytes: null, keyTooLong: 'InvalidObjectName' },
  reads: {
    ...aws.reads,
    partNumber: 'ignored',
    partsCountHeader: false,
    attributes: 'object',
    deleteMarkerHeader: false,
    missingVersion: 'NoSuchKey',
    copySourceConditions: false,
  },
  conditionalWrites: { put: 'unquoted-etag-only', complete: 'ignored', completeError: { status: 412, code: 'PreconditionFailed' }, delete: 'ignored' },
  features: {
    ...aws.features,
    taggingOnCreateUpload: 'ignored',
    lockOnCreateUpload: 'ignored',
    sseS3: 'ignored',
    sseKms: 'ignored',
    bucketEncryption: 'ignored',
    bucketRegionHeader: false,
    wrongLocation: 'InvalidLocationConstraint',
    // the name of the zonegroup
    location: 'default',
  },
  names: { ...aws.names, underscoreInMetadata: 'hyphen', keepsAwsChunked: true },
  listing: { ...aws.listing, lastModified: 'milliseconds' },
  uploads: { missing: { listParts: 'NoSuchKey' } },
  errors: { ...aws.errors, message: false, elements: ['BucketName', 'RequestId', 'HostId'], hostId: '{zone}' },
  serverHeader: null,
  requestId: 'ceph',
  replyHeaders: { 'x-amz-request-id': '{requestId}' },
  objectHeaders: { 'x-rgw-object-type': 'Normal' },
}
