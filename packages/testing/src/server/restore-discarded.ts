import { md5Of, type StoredObject } from './object-state.ts'
import { S3Error } from './s3-error.ts'
import type { ServerState } from './server-state.ts'
import type { StoredBody } from './stored-body.ts'

/**
 * Makes an object readable whose bytes were thrown away (`discardBodies`), if a generated object of this server has the same bytes:
 * the MD5s that were taken on arrival, part by part, decide.
 * @throws `S3Error` 500 when there is none
 */
export async function restoreDiscarded({ generatedBodies }: ServerState, object: StoredObject): Promise<void> {
  if (!object.body.isDiscarded) return
  for (const body of generatedBodies) {
    if (body.sizeBytes === object.body.sizeBytes && (await hasTheseBytes(object, body))) {
      object.body = body
      object.rightBody = body
      return
    }
  }
  throw new S3Error(
    500,
    'InternalError',
    'the bytes of this object were discarded (discardBodies), and they are not those of a generated object of this server',
  )
}

async function hasTheseBytes(object: StoredObject, body: StoredBody): Promise<boolean> {
  if (object.parts === null) return (await md5Of(body)).toString('hex') === (await object.etag.get())
  let start = 0
  for (const part of object.parts) {
    if ((await md5Of(body, start, start + part.sizeBytes)).toString('hex') !== part.etag) return false
    start += part.sizeBytes
  }
  return true
}
