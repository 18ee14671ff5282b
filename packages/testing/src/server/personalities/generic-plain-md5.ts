import { extendPersonality } from '../extend-personality.ts'
import type { Personality } from '../personality.ts'
import { generic } from './generic.ts'

/** The ETag of a multipart object is the plain MD5 of its bytes, as with s3rver and some gateways. */
export const genericPlainMd5: Personality = extendPersonality(generic, {
  id: 'generic-plain-md5',
  etag: { multipart: 'md5' },
})
