import type { Personality } from '../personality.ts'
import { aws } from './aws.ts'

const RESOURCE_NOT_IMPLEMENTED = { status: 501, code: 'NotImplemented', message: 'The requested resource is not implemented' } as const
const CHUNKS_NOT_IMPLEMENTED = {
  status: 501,
  code: 'NotImplemented',
  message: 'Transfering payloads in multiple chunks using aws-chunked is not supported.',
} as const

/** OpenStack Swift 2.30.1 with s3api (Debian 12): measured, see the comparison with the real server in the tests. */
export const swift: Personality = {
  ...aws,
  id: 'swift',
  signature: {
    region: 'own',
    unknownKey: 'SignatureDoesNotMatch',
    anonymous: {
      status: 400,
      code: 'BadRequest',
      // s3api lets such a request through to Swift itself
      html: '<html><h1>Bad Request</h1><p>The server could not comply with the request since it is either malformed or otherwise incorrect.</p></html>',
    },
    signedChunks: CHUNKS_NOT_IMPLEMENTED,
    trailers: CHUNKS_NOT_IMPLEMENTED,
    missingLength: 'after-form',
    signsAllAmzHeaders: false,
    payloadMismatch: 'BadDigest',
    services: ['s3'],
    changedHeaders: [],
  },
  etag: { ...aws.etag, encrypted: 'md5', copyOfMultipart: 'kept', completeReply: 'quoted', completeAgain: 'quoted', copyReply: 'quoted' },
  checksums: { ...aws.checksums, algorithms: [], byDefault: null, compositeOnly: [], deleteObjectsNeedsContentMd5: true },
  limits: {
    ...aws.limits,
    metadataBytes: null,
    maxParts: 1000,
    maxPutBytes: 5 * 1024 ** 3 + 2,
    metadataValueBytes: 256,
    metadataTooLong: { status: 500, code: 'InternalError' },
    maxKeysReported: 'as-asked',
  },
  reads: {
    ...aws.reads,
    partNumber: { status: 405, code: 'MethodNotAllowed' },
    partsCountHeader: false,
    attributes: 'object',
    deleteMarkerHeader: false,
    missingVersion: 'NoSuchKey',
    copySourceConditions: true,
  },
  conditionalWrites: {
    put: { status: 501, code: 'NotImplemented', message: 'Conditional object PUTs are not supported.' },
    complete: 'yes',
    completeError: { status: 412, code: 'InvalidRequest' },
    delete: 'yes',
  },
  features: {
    ...aws.features,
    tagging: RESOURCE_NOT_IMPLEMENTED,
    taggingHeader: { status: 501, code: 'NotImplemented', message: 'Object tagging is not supported.' },
    bucketTagging: RESOURCE_NOT_IMPLEMENTED,
    acl: { status: 501, code: 'NotImplemented', message: 'Not implemented.' },
    cors: RESOURCE_NOT_IMPLEMENTED,
    policy: RESOURCE_NOT_IMPLEMENTED,
    lifecycle: { status: 400, code: 'MalformedXML' },
    objectLock: 'ignored',
    bucketEncryption: 'ignored',
    sseS3: { status: 501, code: 'NotImplemented', message: 'Server-side encryption is not supported.' },
    sseKms: { status: 501, code: 'NotImplemented', message: 'Server-side encryption is not supported.' },
    sseC: 'ignored',
    storageClasses: ['STANDARD'],
    websiteRedirect: { status: 501, code: 'NotImplemented', message: 'Website redirection is not supported.' },
    createBucketAgain: 'BucketAlreadyOwnedByYou',
    bucketRegionHeader: false,
    wrongLocation: 'InvalidLocationConstraint',
    readable: ['GetObjectTagging', 'GetBucketTagging', 'GetObjectAcl', 'GetBucketAcl'],
  },
  names: { ...aws.names, controlCharacters: { status: 500, code: 'InternalError' } },
  listing: { ...aws.listing, versionsLostAtPageEdge: true, copiesListedWithMd5: true },
  errors: {
    ...aws.errors,
    elements: ['RequestId', 'details'],
    messages: {
      PreconditionFailed: 'At least one of the preconditions you specified did not hold.',
      InvalidRange: 'The requested range cannot be satisfied.',
      InvalidDigest: 'The Content-MD5 you specified was an invalid.',
      NoSuchUpload:
        'The specified multipart upload does not exist. The upload ID might be invalid, or the multipart upload might have been aborted or completed.',
    },
  },
  serverHeader: null,
  requestId: 'swift',
  replyHeaders: { 'x-amz-request-id': '{requestId}', 'x-amz-id-2': '{requestId}', 'x-trans-id': '{requestId}', 'x-openstack-request-id': '{requestId}' },
}
