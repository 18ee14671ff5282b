import { headerOf, type S3Request } from './s3-request.ts'

const OBJECT_SUB_RESOURCES: Readonly<Record<string, string>> = { tagging: 'Tagging', acl: 'Acl', retention: 'Retention', 'legal-hold': 'LegalHold' }
const BUCKET_SUB_RESOURCES: Readonly<Record<string, string>> = {
  tagging: 'BucketTagging',
  acl: 'BucketAcl',
  cors: 'BucketCors',
  policy: 'BucketPolicy',
  lifecycle: 'BucketLifecycleConfiguration',
  versioning: 'BucketVersioning',
  encryption: 'BucketEncryption',
  'object-lock': 'ObjectLockConfiguration',
}
const VERBS: Readonly<Record<string, string>> = { GET: 'Get', PUT: 'Put', DELETE: 'Delete' }

/** The name of the S3 operation that a request is; `'Unknown'` for what is none. */
export function operationOf(request: S3Request): string {
  if (request.bucket === '') return request.method === 'GET' ? 'ListBuckets' : 'Unknown'
  // the SDK asks `/bucket//?session` of an endpoint that it talks to in path style
  if (request.method === 'GET' && request.key === '/' && request.query.has('session')) return 'CreateSession'
  return request.key === '' ? bucketOperation(request) : objectOperation(request)
}

function bucketOperation({ method, query }: S3Request): string {
  if (method === 'HEAD') return 'HeadBucket'
  if (method === 'POST') return query.has('delete') ? 'DeleteObjects' : 'Unknown'
  for (const [name, resource] of Object.entries(BUCKET_SUB_RESOURCES)) if (query.has(name)) return (VERBS[method] ?? 'Unknown') + resource
  if (method === 'PUT') return 'CreateBucket'
  if (method === 'DELETE') return 'DeleteBucket'
  if (method !== 'GET') return 'Unknown'
  if (query.has('session')) return 'CreateSession'
  if (query.has('location')) return 'GetBucketLocation'
  if (query.has('uploads')) return 'ListMultipartUploads'
  if (query.has('versions')) return 'ListObjectVersions'
  return query.get('list-type') === '2' ? 'ListObjectsV2' : 'ListObjects'
}

function objectOperation(request: S3Request): string {
  const { method, query } = request
  for (const [name, resource] of Object.entries(OBJECT_SUB_RESOURCES)) if (query.has(name)) return `${VERBS[method] ?? 'Unknown'}Object${resource}`
  const hasUpload = query.has('uploadId')
  switch (method) {
    case 'HEAD':
      return 'HeadObject'
    case 'GET':
      if (hasUpload) return 'ListParts'
      return query.has('attributes') ? 'GetObjectAttributes' : 'GetObject'
    case 'PUT':
      if (hasUpload) return headerOf(request, 'x-amz-copy-source') === undefined ? 'UploadPart' : 'UploadPartCopy'
      return headerOf(request, 'x-amz-copy-source') === undefined ? 'PutObject' : 'CopyObject'
    case 'POST':
      if (query.has('uploads')) return 'CreateMultipartUpload'
      return hasUpload ? 'CompleteMultipartUpload' : 'Unknown'
    case 'DELETE':
      return hasUpload ? 'AbortMultipartUpload' : 'DeleteObject'
    default:
      return 'Unknown'
  }
}
