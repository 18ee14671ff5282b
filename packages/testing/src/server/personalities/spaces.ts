import { extendPersonality } from '../extend-personality.ts'
import type { Personality } from '../personality.ts'
import { ceph } from './ceph.ts'

/** DigitalOcean Spaces: Ceph RGW behind a brand, of a release that nobody says. What its documentation denies is refused, all else as Ceph 16 does it. */
export const spaces: Personality = extendPersonality(ceph, {
  id: 'spaces',
  region: 'nyc3',
  limits: { maxPartBytes: 5_000_000_000, maxPutBytes: 5_000_000_000 },
  features: { bucketTagging: { status: 501, code: 'NotImplemented' }, location: null },
  replyHeaders: { 'x-amz-request-id': '{requestId}', 'strict-transport-security': 'max-age=15552000; includeSubDomains; preload' },
})
