import fc from 'fast-check'
import { expect, it } from 'vitest'
import { identifyS3Request } from './identify-s3-request.ts'

it.each([
  ['GET', '/', false, 'ListBuckets', null, null, null],
  ['GET', '/b', false, 'ListObjects', 'b', null, null],
  ['GET', '/b/', false, 'ListObjects', 'b', null, null],
  ['GET', '/b?list-type=2&prefix=a%2F', false, 'ListObjectsV2', 'b', null, null],
  ['GET', '/b?uploads', false, 'ListMultipartUploads', 'b', null, null],
  ['GET', '/b?versions&max-keys=1', false, 'ListObjectVersions', 'b', null, null],
  ['GET', '/b?location', false, 'GetBucketLocation', 'b', null, null],
  ['GET', '/b?versioning', false, 'GetBucketVersioning', 'b', null, null],
  ['PUT', '/b?versioning', false, 'PutBucketVersioning', 'b', null, null],
  ['GET', '/b?lifecycle', false, 'Other', 'b', null, null],
  ['PUT', '/b', false, 'CreateBucket', 'b', null, null],
  ['PUT', '/b?cors', false, 'Other', 'b', null, null],
  ['HEAD', '/b', false, 'HeadBucket', 'b', null, null],
  ['DELETE', '/b', false, 'DeleteBucket', 'b', null, null],
  ['DELETE', '/b?tagging', false, 'Other', 'b', null, null],
  ['POST', '/b?delete', false, 'DeleteObjects', 'b', null, null],
  ['GET', '/b/k?x-id=GetObject', false, 'GetObject', 'b', 'k', null],
  ['GET', '/b/k?partNumber=3', false, 'GetObject', 'b', 'k', 3],
  ['HEAD', '/b/k?partNumber=1', false, 'HeadObject', 'b', 'k', 1],
  ['GET', '/b/k?uploadId=u&max-parts=9', false, 'ListParts', 'b', 'k', null],
  ['GET', '/b/k?attributes', false, 'GetObjectAttributes', 'b', 'k', null],
  ['GET', '/b/k?tagging', false, 'GetObjectTagging', 'b', 'k', null],
  ['GET', '/b/k?retention', false, 'Other', 'b', 'k', null],
  ['PUT', '/b/k', false, 'PutObject', 'b', 'k', null],
  ['PUT', '/b/k', true, 'CopyObject', 'b', 'k', null],
  ['PUT', '/b/k?partNumber=10000&uploadId=u', false, 'UploadPart', 'b', 'k', 10_000],
  ['PUT', '/b/k?uploadId=u&partNumber=2', true, 'UploadPartCopy', 'b', 'k', 2],
  ['PUT', '/b/k?tagging', false, 'PutObjectTagging', 'b', 'k', null],
  ['PUT', '/b/k?acl', false, 'PutObjectAcl', 'b', 'k', null],
  ['POST', '/b/k?uploads', false, 'CreateMultipartUpload', 'b', 'k', null],
  ['POST', '/b/k?uploadId=u', false, 'CompleteMultipartUpload', 'b', 'k', null],
  ['POST', '/b/k?restore', false, 'Other', 'b', 'k', null],
  ['DELETE', '/b/k?uploadId=u', false, 'AbortMultipartUpload', 'b', 'k', null],
  ['DELETE', '/b/k?versionId=v', false, 'DeleteObject', 'b', 'k', null],
  ['DELETE', '/b/k?tagging', false, 'DeleteObjectTagging', 'b', 'k', null],
  ['GET', '/b//lead/../a+b%2520%2F%E2%82%AC', false, 'GetObject', 'b', '/lead/../a+b%20/€', null],
  ['GET', '/b/%FF', false, 'GetObject', 'b', '%FF', null],
  ['OPTIONS', '/b/k', false, 'Other', 'b', 'k', null],
] as const)('%s %s (copy: %s) is %s', (method, target, isCopy, operation, bucket, key, partNumber) => {
  expect(identifyS3Request(method, target, isCopy)).toEqual({ operation, bucket, key, partNumber })
})

it('gives back every key as it was before it was encoded', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (key) => {
      expect(identifyS3Request('PUT', `/bucket/${encodeURIComponent(key)}?uploadId=u&partNumber=1`, false)).toEqual({
        operation: 'UploadPart',
        bucket: 'bucket',
        key,
        partNumber: 1,
      })
    }),
  )
})
