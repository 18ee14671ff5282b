import type { Exchange, Handler, Reply } from './exchange.ts'
import { createBucket, deleteBucket, getBucketLocation, headBucket, listBuckets } from './handlers/buckets.ts'
import { completeMultipartUpload } from './handlers/complete-upload.ts'
import { deleteObject, deleteObjects } from './handlers/delete-object.ts'
import { getObject } from './handlers/get-object.ts'
import { listObjects } from './handlers/list-objects.ts'
import { listMultipartUploads, listParts } from './handlers/list-uploads.ts'
import { abortMultipartUpload, createMultipartUpload, uploadPart } from './handlers/multipart.ts'
import { putObject } from './handlers/put-object.ts'
import { S3Error } from './s3-error.ts'

const HANDLERS: Readonly<Record<string, Handler>> = {
  ListBuckets: listBuckets,
  CreateBucket: createBucket,
  HeadBucket: headBucket,
  DeleteBucket: deleteBucket,
  GetBucketLocation: getBucketLocation,
  ListObjects: listObjects,
  ListObjectsV2: listObjects,
  PutObject: putObject,
  GetObject: getObject,
  HeadObject: getObject,
  DeleteObject: deleteObject,
  DeleteObjects: deleteObjects,
  CreateMultipartUpload: createMultipartUpload,
  UploadPart: uploadPart,
  CompleteMultipartUpload: completeMultipartUpload,
  AbortMultipartUpload: abortMultipartUpload,
  ListParts: listParts,
  ListMultipartUploads: listMultipartUploads,
}

/** Carries out the operation. @throws `S3Error` */
export async function route(exchange: Exchange): Promise<Reply> {
  const handler = HANDLERS[exchange.operation]
  if (handler === undefined) throw new S3Error(501, 'NotImplemented', 'A header you provided implies functionality that is not implemented')
  return handler(exchange)
}
