import type { Exchange, Handler, Reply } from './exchange.ts'
import { getBucketAcl, getObjectAcl, putBucketAcl, putObjectAcl } from './handlers/acl.ts'
import { BUCKET_DOCUMENT_HANDLERS } from './handlers/bucket-documents.ts'
import { createBucket, deleteBucket, getBucketLocation, headBucket, listBuckets } from './handlers/buckets.ts'
import { completeMultipartUpload } from './handlers/complete-upload.ts'
import { copyObject } from './handlers/copy-object.ts'
import { createSession } from './handlers/create-session.ts'
import { deleteObject, deleteObjects } from './handlers/delete-object.ts'
import { getObject } from './handlers/get-object.ts'
import { listObjectVersions } from './handlers/list-object-versions.ts'
import { listObjects } from './handlers/list-objects.ts'
import { listMultipartUploads, listParts } from './handlers/list-uploads.ts'
import { abortMultipartUpload, createMultipartUpload, uploadPart } from './handlers/multipart.ts'
import { getObjectAttributes } from './handlers/object-attributes.ts'
import * as lock from './handlers/object-lock.ts'
import { putObject } from './handlers/put-object.ts'
import * as tagging from './handlers/tagging.ts'
import { uploadPartCopy } from './handlers/upload-part-copy.ts'
import { getBucketVersioning, putBucketVersioning } from './handlers/versioning.ts'
import type { Personality } from './personality.ts'
import { refuse } from './request-body.ts'
import { S3Error } from './s3-error.ts'

const HANDLERS: Readonly<Record<string, Handler>> = {
  ListBuckets: listBuckets,
  CreateBucket: createBucket,
  CreateSession: createSession,
  HeadBucket: headBucket,
  DeleteBucket: deleteBucket,
  GetBucketLocation: getBucketLocation,
  ListObjects: listObjects,
  ListObjectsV2: listObjects,
  ListObjectVersions: listObjectVersions,
  GetBucketVersioning: getBucketVersioning,
  PutBucketVersioning: putBucketVersioning,
  PutObject: putObject,
  GetObject: getObject,
  HeadObject: getObject,
  DeleteObject: deleteObject,
  DeleteObjects: deleteObjects,
  CopyObject: copyObject,
  GetObjectAttributes: getObjectAttributes,
  CreateMultipartUpload: createMultipartUpload,
  UploadPart: uploadPart,
  UploadPartCopy: uploadPartCopy,
  CompleteMultipartUpload: completeMultipartUpload,
  AbortMultipartUpload: abortMultipartUpload,
  ListParts: listParts,
  ListMultipartUploads: listMultipartUploads,
  GetObjectTagging: tagging.getObjectTagging,
  PutObjectTagging: tagging.putObjectTagging,
  DeleteObjectTagging: tagging.deleteObjectTagging,
  GetBucketTagging: tagging.getBucketTagging,
  PutBucketTagging: tagging.putBucketTagging,
  DeleteBucketTagging: tagging.deleteBucketTagging,
  GetObjectAcl: getObjectAcl,
  PutObjectAcl: putObjectAcl,
  GetBucketAcl: getBucketAcl,
  PutBucketAcl: putBucketAcl,
  GetObjectRetention: lock.getObjectRetention,
  PutObjectRetention: lock.putObjectRetention,
  GetObjectLegalHold: lock.getObjectLegalHold,
  PutObjectLegalHold: lock.putObjectLegalHold,
  GetObjectLockConfiguration: lock.getObjectLockConfiguration,
  PutObjectLockConfiguration: lock.putObjectLockConfiguration,
  ...BUCKET_DOCUMENT_HANDLERS,
}

type Feature = 'tagging' | 'bucketTagging' | 'acl' | 'cors' | 'policy' | 'lifecycle' | 'objectLock' | 'versioning' | 'bucketEncryption' | 'uploadPartCopy'

const FEATURES: readonly (readonly [RegExp, Feature])[] = [
  [/ObjectTagging$/, 'tagging'],
  [/BucketTagging$/, 'bucketTagging'],
  [/Acl$/, 'acl'],
  [/BucketCors$/, 'cors'],
  [/BucketPolicy$/, 'policy'],
  [/BucketLifecycleConfiguration$/, 'lifecycle'],
  [/ObjectRetention$|ObjectLegalHold$|ObjectLockConfiguration$/, 'objectLock'],
  [/^PutBucketVersioning$/, 'versioning'],
  [/BucketEncryption$/, 'bucketEncryption'],
  [/^UploadPartCopy$/, 'uploadPartCopy'],
]

/** Carries out the operation. @throws `S3Error` */
export async function route(exchange: Exchange): Promise<Reply> {
  const { personality } = exchange.state
  refuse(Object.hasOwn(personality.operations, exchange.operation) ? personality.operations[exchange.operation] : undefined)
  const name = understoodAs(personality, exchange)
  const handler = HANDLERS[name]
  if (handler === undefined) throw new S3Error(501, 'NotImplemented')
  return handler(exchange)
}

/** A store that does not know a sub-resource does what is left of the request: GET becomes a plain read or listing. */
function understoodAs(personality: Personality, { operation, request }: Exchange): string {
  const { attributes } = personality.reads
  if (operation === 'GetObjectAttributes') {
    if (attributes === 'object') return 'GetObject'
    refuse(attributes === 'yes' ? 'yes' : attributes)
  }
  const feature = FEATURES.find(([pattern]) => pattern.test(operation))?.[1]
  if (feature === undefined || personality.features.readable.includes(operation)) return operation
  const support = personality.features[feature]
  refuse(support)
  if (support === 'yes' || request.method !== 'GET') return operation
  return request.key === '' ? 'ListObjects' : 'GetObject'
}
