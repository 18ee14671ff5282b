import type { Exchange } from '../exchange.ts'
import type { StoredObject } from '../object-state.ts'
import { bucketOf, objectOf } from '../server-state.ts'

/** The object that a request names, as a record that may be changed (a generated one is kept from now on). */
export function heldObject({ state, request }: Exchange): StoredObject {
  const bucket = bucketOf(state, request.bucket)
  const object = objectOf(state, bucket, request.key, request.query.get('versionId'))
  bucket.hold(object)
  return object
}
