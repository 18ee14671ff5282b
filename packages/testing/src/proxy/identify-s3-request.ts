import type { FaultTarget } from '../faults/fault-schedule.ts'
import type { S3Operation } from '../faults/s3-operation.ts'

/**
 * Which S3 operation a path-style request asks for.
 * @param target - the raw request target, `/bucket/key?query`; the key is decoded once, and left as it is where it is no valid UTF-8
 * @param isCopy - whether `x-amz-copy-source` was sent
 */
export function identifyS3Request(method: string, target: string, isCopy: boolean): FaultTarget {
  const mark = target.indexOf('?')
  const path = (mark < 0 ? target : target.slice(0, mark)).replace(/^https?:\/\/[^/]*/, '')
  const query = new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1))
  const slash = path.indexOf('/', 1)
  const bucket = decode(slash < 0 ? path.slice(1) : path.slice(1, slash))
  const key = slash < 0 ? '' : decode(path.slice(slash + 1))
  const partNumber = Number.parseInt(query.get('partNumber') ?? '', 10)
  return {
    operation:
      key !== '' ? objectOperation(method, query, isCopy) : bucket !== '' ? bucketOperation(method, query) : method === 'GET' ? 'ListBuckets' : 'Other',
    bucket: bucket === '' ? null : bucket,
    key: key === '' ? null : key,
    partNumber: Number.isNaN(partNumber) ? null : partNumber,
  }
}

/** Subresources of a key, by method; what is not here and in {@link OBJECT_OTHER} is the object itself. */
const OBJECT_SUBRESOURCES: Readonly<Record<string, Readonly<Record<string, S3Operation>>>> = {
  GET: { uploadId: 'ListParts', attributes: 'GetObjectAttributes', tagging: 'GetObjectTagging', acl: 'GetObjectAcl' },
  PUT: { uploadId: 'UploadPart', tagging: 'PutObjectTagging', acl: 'PutObjectAcl' },
  POST: { uploads: 'CreateMultipartUpload', uploadId: 'CompleteMultipartUpload' },
  DELETE: { uploadId: 'AbortMultipartUpload', tagging: 'DeleteObjectTagging' },
}
const OBJECT_OTHER = ['retention', 'legal-hold', 'torrent', 'restore', 'select', 'renameObject']
const OBJECT_PLAIN: Readonly<Record<string, S3Operation>> = { GET: 'GetObject', HEAD: 'HeadObject', PUT: 'PutObject', DELETE: 'DeleteObject' }

function objectOperation(method: string, query: URLSearchParams, isCopy: boolean): S3Operation {
  if (OBJECT_OTHER.some((name) => query.has(name))) return 'Other'
  const named = Object.entries(OBJECT_SUBRESOURCES[method] ?? {}).find(([name]) => query.has(name))?.[1] ?? OBJECT_PLAIN[method] ?? 'Other'
  if (isCopy && named === 'PutObject') return 'CopyObject'
  if (isCopy && named === 'UploadPart') return 'UploadPartCopy'
  return named
}

const BUCKET_SUBRESOURCES: Readonly<Record<string, Readonly<Record<string, S3Operation>>>> = {
  GET: { uploads: 'ListMultipartUploads', versions: 'ListObjectVersions', location: 'GetBucketLocation', versioning: 'GetBucketVersioning' },
  PUT: { versioning: 'PutBucketVersioning' },
  POST: { delete: 'DeleteObjects' },
}
const BUCKET_OTHER =
  /^(accelerate|acl|analytics|cors|encryption|intelligent-tiering|inventory|lifecycle|logging|metrics|notification|object-lock|ownershipControls|policy|policyStatus|publicAccessBlock|replication|requestPayment|tagging|website|session)$/
const BUCKET_PLAIN: Readonly<Record<string, S3Operation>> = { GET: 'ListObjects', HEAD: 'HeadBucket', PUT: 'CreateBucket', DELETE: 'DeleteBucket' }

function bucketOperation(method: string, query: URLSearchParams): S3Operation {
  if ([...query.keys()].some((name) => BUCKET_OTHER.test(name))) return 'Other'
  if (method === 'GET' && query.get('list-type') === '2') return 'ListObjectsV2'
  return Object.entries(BUCKET_SUBRESOURCES[method] ?? {}).find(([name]) => query.has(name))?.[1] ?? BUCKET_PLAIN[method] ?? 'Other'
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
