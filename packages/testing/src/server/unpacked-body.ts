import { gunzipSync } from 'node:zlib'
import type { Exchange } from './exchange.ts'
import type { StoredObject } from './object-state.ts'
import { headerOf } from './s3-request.ts'
import { bodyBuffer, KeptBody, type StoredBody } from './stored-body.ts'

/** The unpacked bytes of an object of `Content-Encoding: gzip`, where the personality unpacks it for this reader; else null. */
export function unpackedBody({ state, request }: Exchange, { description, body }: StoredObject): StoredBody | null {
  if (state.personality.reads.gzip === 'kept' || description.headers['content-encoding'] !== 'gzip') return null
  if (/\bgzip\b/.test(headerOf(request, 'accept-encoding') ?? '') || /\bno-transform\b/.test(description.headers['cache-control'] ?? '')) return null
  try {
    return new KeptBody([gunzipSync(bodyBuffer(body))])
  } catch {
    // what only says that it is gzip goes out as it is
    return null
  }
}
