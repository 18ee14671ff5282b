import type { ReplyTraits } from './match-fingerprints.ts'

/**
 * Headers that a cache, a CDN or a proxy adds to what it passes on. Whether the store behind it is what the reply looks like cannot be certain then:
 * it may pass on some headers, answer for the store, or speak for several of them.
 */
const IN_BETWEEN: readonly string[] = [
  'via',
  'age',
  'x-cache',
  'x-cache-hits',
  'x-cache-status',
  'cf-ray',
  'cf-cache-status',
  'x-amz-cf-id',
  'x-amz-cf-pop',
  'x-served-by',
  'x-varnish',
  'x-fastly-request-id',
  'x-akamai-request-id',
  'akamai-grn',
  'x-azure-ref',
  'x-do-cdn-uuid',
  'x-proxy-cache',
]

/** What says that something stands between us and the store; empty where nothing does. Pure. */
export function signsInBetween(replies: readonly ReplyTraits[]): readonly string[] {
  return IN_BETWEEN.filter((name) => replies.some((reply) => Object.hasOwn(reply.headers, name)))
}
