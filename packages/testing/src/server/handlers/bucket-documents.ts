import { type Exchange, type Handler, type Reply, xmlReply } from '../exchange.ts'
import { receiveDocument } from '../request-body.ts'
import { parseRequestXml } from '../request-xml.ts'
import { S3Error } from '../s3-error.ts'
import { bucketOf } from '../server-state.ts'

interface DocumentKind {
  readonly name: string
  /** Root element; null for JSON. */
  readonly root: string | null
  readonly missing: string
}

const CORS: DocumentKind = { name: 'cors', root: 'CORSConfiguration', missing: 'NoSuchCORSConfiguration' }
const LIFECYCLE: DocumentKind = { name: 'lifecycle', root: 'LifecycleConfiguration', missing: 'NoSuchLifecycleConfiguration' }
const POLICY: DocumentKind = { name: 'policy', root: null, missing: 'NoSuchBucketPolicy' }
const ENCRYPTION: DocumentKind = { name: 'encryption', root: 'ServerSideEncryptionConfiguration', missing: 'ServerSideEncryptionConfigurationNotFoundError' }

function get(kind: DocumentKind): Handler {
  return ({ state, request }: Exchange): Reply => {
    const text = bucketOf(state, request.bucket).documents.get(kind.name)
    if (text === undefined) throw new S3Error(404, kind.missing, undefined, { BucketName: request.bucket })
    return kind.root === null ? { status: 200, headers: { 'content-type': 'application/json' }, body: text } : xmlReply(text)
  }
}

function put(kind: DocumentKind): Handler {
  return async (exchange: Exchange): Promise<Reply> => {
    const bucket = bucketOf(exchange.state, exchange.request.bucket)
    const body = await receiveDocument(exchange)
    if (kind.root === null) checkJson(body)
    else parseRequestXml(body, kind.root)
    bucket.documents.set(kind.name, body.toString('utf8'))
    return { status: kind.root === null ? 204 : 200 }
  }
}

function remove(kind: DocumentKind): Handler {
  return ({ state, request }: Exchange): Reply => {
    bucketOf(state, request.bucket).documents.delete(kind.name)
    return { status: 204 }
  }
}

function checkJson(body: Buffer): void {
  try {
    JSON.parse(body.toString('utf8'))
  } catch {
    throw new S3Error(400, 'MalformedPolicy', 'Policies must be valid JSON and the first byte must be {')
  }
}

/** Get, put and delete of the bucket documents that are kept as they came: CORS, lifecycle, policy, encryption. Only the policy has an effect. */
export const BUCKET_DOCUMENT_HANDLERS: Readonly<Record<string, Handler>> = {
  GetBucketCors: get(CORS),
  PutBucketCors: put(CORS),
  DeleteBucketCors: remove(CORS),
  GetBucketLifecycleConfiguration: get(LIFECYCLE),
  PutBucketLifecycleConfiguration: put(LIFECYCLE),
  DeleteBucketLifecycleConfiguration: remove(LIFECYCLE),
  GetBucketPolicy: get(POLICY),
  PutBucketPolicy: put(POLICY),
  DeleteBucketPolicy: remove(POLICY),
  GetBucketEncryption: get(ENCRYPTION),
  PutBucketEncryption: put(ENCRYPTION),
  DeleteBucketEncryption: remove(ENCRYPTION),
}
