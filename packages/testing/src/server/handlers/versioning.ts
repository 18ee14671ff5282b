import { type Exchange, type Reply, xmlReply } from '../exchange.ts'
import { receiveDocument } from '../request-body.ts'
import { parseRequestXml, textOf } from '../request-xml.ts'
import { S3Error } from '../s3-error.ts'
import { bucketOf } from '../server-state.ts'
import { document, element } from '../xml-writer.ts'

/** GetBucketVersioning: an empty document for a bucket that never had it. */
export function getBucketVersioning({ state, request }: Exchange): Reply {
  const { versioning } = bucketOf(state, request.bucket)
  return xmlReply(document('VersioningConfiguration', versioning === 'Off' ? [] : [element('Status', versioning)]))
}

/** PutBucketVersioning. */
export async function putBucketVersioning(exchange: Exchange): Promise<Reply> {
  const bucket = bucketOf(exchange.state, exchange.request.bucket)
  const status = textOf(parseRequestXml(await receiveDocument(exchange), 'VersioningConfiguration'), 'Status')
  if (status !== 'Enabled' && status !== 'Suspended') throw new S3Error(400, 'MalformedXML')
  if (bucket.objectLock && status === 'Suspended')
    throw new S3Error(409, 'InvalidBucketState', 'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.')
  bucket.versioning = status
  return { status: 200 }
}
