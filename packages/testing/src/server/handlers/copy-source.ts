import { percentDecode } from '../byte-string.ts'
import { checkReadConditions } from '../conditions.ts'
import type { Exchange } from '../exchange.ts'
import { checkCustomerKey } from '../object-description.ts'
import type { StoredObject } from '../object-state.ts'
import { S3Error } from '../s3-error.ts'
import { headerOf } from '../s3-request.ts'
import { bucketOf, objectOf } from '../server-state.ts'

/** Where a copy comes from. */
export interface CopySource {
  readonly bucket: string
  readonly key: string
  readonly versionId: string | undefined
  readonly object: StoredObject
}

/** Reads `x-amz-copy-source` and its conditions. @throws `S3Error` */
export async function copySourceOf(exchange: Exchange): Promise<CopySource> {
  const { state, request } = exchange
  const header = headerOf(request, 'x-amz-copy-source') ?? ''
  const [path = '', version] = header.split('?versionId=', 2)
  const decoded = percentDecode(path).replace(/^\//, '')
  const slash = decoded.indexOf('/')
  if (slash <= 0 || slash === decoded.length - 1) {
    throw new S3Error(400, 'InvalidArgument', 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey')
  }
  const bucket = decoded.slice(0, slash)
  const key = decoded.slice(slash + 1)
  const object = objectOf(state, bucketOf(state, bucket), key, version)
  checkCustomerKey(object, request.incoming.headers, 'x-amz-copy-source-server-side-encryption-customer-key-md5')
  if (state.personality.reads.copySourceConditions) checkReadConditions(exchange, object, await object.etag.get(), 'x-amz-copy-source-')
  return { bucket, key, versionId: version, object }
}
