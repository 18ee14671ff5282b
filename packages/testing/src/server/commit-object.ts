import type { BucketState } from './bucket-state.ts'
import { checkWriteConditions } from './conditions.ts'
import { bareETag } from './etag-text.ts'
import type { Exchange } from './exchange.ts'
import { foreignObject } from './foreign-object.ts'
import type { StoredObject } from './object-state.ts'
import { FlippedBody, type StoredBody } from './stored-body.ts'

/**
 * Puts a new object in place if the request's conditions hold; nothing can come between the check and the write.
 * The faults that concern what is stored happen here: a byte that flips at rest, another writer just before or after.
 */
export async function commitObject(exchange: Exchange, bucket: BucketState, object: StoredObject, what: 'put' | 'complete'): Promise<void> {
  const { faults } = exchange
  const writer = faults.peek('second-writer')
  if (writer?.when === 'before') {
    faults.fired(writer)
    bucket.add(foreignObject(object.key, writer.body))
  }
  const etag = await settledETag(bucket, object.key)
  checkWriteConditions(exchange, etag === null ? null : bareETag(exchange.state.personality, etag), what)
  object.rightBody ??= object.body
  object.body = damagedAtRest(exchange, object.body)
  bucket.add(object)
  if (writer?.when === 'after') {
    faults.fired(writer)
    bucket.add(foreignObject(object.key, writer.body))
  }
}

/** The body with the byte flipped that a fault `flip` of leg `rest` names; ETag and checksums are those of the right bytes. */
export function damagedAtRest({ faults }: Exchange, body: StoredBody): StoredBody {
  const flip = faults.peek('flip', 'rest')
  if (flip === null || flip.at >= body.sizeBytes) return body
  faults.fired(flip)
  return new FlippedBody(body, flip.at)
}

/** The present object's ETag, read so that it still is the present one when this returns. */
async function settledETag(bucket: BucketState, key: string): Promise<string | null> {
  for (;;) {
    const versions = bucket.versions.get(key)
    const etag = (await bucket.current(key)?.etag.get()) ?? null
    if (bucket.versions.get(key) === versions) return etag
  }
}
