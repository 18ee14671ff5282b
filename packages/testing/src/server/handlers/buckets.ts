import { type Exchange, type Reply, xmlReply } from '../exchange.ts'
import { readCannedAcl } from '../object-description.ts'
import { receiveDocument } from '../request-body.ts'
import { parseRequestXml, textOf } from '../request-xml.ts'
import { S3Error } from '../s3-error.ts'
import { headerOf } from '../s3-request.ts'
import { addBucket, bucketOf } from '../server-state.ts'
import { document, element } from '../xml-writer.ts'
import { ownerXml, timeText } from './listing-parameters.ts'

/** ListBuckets. */
export function listBuckets({ state }: Exchange): Reply {
  const buckets = [...state.buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  return xmlReply(
    document('ListAllMyBucketsResult', [
      element('Owner', ownerXml(state)),
      element(
        'Buckets',
        buckets.map((bucket) => element('Bucket', element('Name', bucket.name), element('CreationDate', timeText(state.personality, bucket.createdMs)))),
      ),
    ]),
  )
}

/** CreateBucket. */
export async function createBucket(exchange: Exchange): Promise<Reply> {
  const { state, request } = exchange
  const { personality } = state
  const name = request.bucket
  const body = await receiveDocument(exchange)
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) throw new S3Error(400, 'InvalidBucketName', undefined, { BucketName: name })
  if (body.length > 0) {
    const constraint = textOf(parseRequestXml(body, 'CreateBucketConfiguration'), 'LocationConstraint') ?? ''
    const { wrongLocation, location } = personality.features
    if (wrongLocation !== null && constraint !== '' && constraint !== state.region && constraint !== location) {
      throw new S3Error(400, wrongLocation, 'The specified location constraint is not valid', { LocationConstraint: constraint })
    }
  }
  if (state.buckets.has(name)) {
    if (personality.features.createBucketAgain === 'ok') return { status: 200, headers: { location: `/${name}` } }
    throw new S3Error(409, 'BucketAlreadyOwnedByYou', undefined, { BucketName: name })
  }
  const bucket = addBucket(state, name)
  bucket.acl = readCannedAcl(request.incoming.headers)
  if (headerOf(request, 'x-amz-bucket-object-lock-enabled') === 'true' && personality.features.objectLock === 'yes') {
    bucket.objectLock = true
    bucket.versioning = 'Enabled'
  }
  return { status: 200, headers: { location: `/${name}` } }
}

/** HeadBucket. */
export function headBucket({ state, request }: Exchange): Reply {
  bucketOf(state, request.bucket)
  return { status: 200, headers: state.personality.features.bucketRegionHeader ? { 'x-amz-bucket-region': state.region } : {} }
}

/** DeleteBucket. */
export function deleteBucket({ state, request }: Exchange): Reply {
  const bucket = bucketOf(state, request.bucket)
  if (!bucket.isEmpty) throw new S3Error(409, 'BucketNotEmpty', undefined, { BucketName: bucket.name })
  state.buckets.delete(bucket.name)
  return { status: 204 }
}

/** GetBucketLocation. */
export function getBucketLocation({ state, request }: Exchange): Reply {
  bucketOf(state, request.bucket)
  return xmlReply(document('LocationConstraint', [state.personality.features.location ?? (state.region === 'us-east-1' ? '' : state.region)]))
}
