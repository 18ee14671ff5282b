import type { ComparableAnswer } from './comparable-answer.ts'
import type { ProbeMode } from './probe-result.ts'

/** A check in which a personality answers otherwise than the real server, and may. */
export interface RealityException {
  readonly personality: 'ceph' | 'swift'
  readonly check: string
  readonly modes: readonly ProbeMode[]
  /** What differs; everything else of the answer must agree. */
  readonly differsIn: readonly (keyof ComparableAnswer)[]
  readonly reason: string
}

const BOTH: readonly ProbeMode[] = ['default', 'required']

/** Every known difference. The test fails for one that is not here, and for one that is here and no longer a difference. */
export const REALITY_EXCEPTIONS: readonly RealityException[] = [
  {
    personality: 'ceph',
    check: 'GetBucketLocation',
    modes: BOTH,
    differsIn: ['note'],
    reason: "RGW answers with the name of its zonegroup, which the test cluster calls 'src'; the personality has no zonegroups",
  },
  {
    personality: 'ceph',
    check: 'FetchOwner',
    modes: BOTH,
    differsIn: ['note'],
    reason: 'the owner is the account that made the object; the test cluster has another one than the kit',
  },
  {
    personality: 'ceph',
    check: 'x-amz-tagging on CreateMultipartUpload',
    modes: BOTH,
    differsIn: ['note'],
    reason: 'both drop the tags; RGW then leaves out the TagSet element (for multipart objects only), the personality sends an empty one',
  },
  {
    personality: 'swift',
    check: 'FetchOwner',
    modes: BOTH,
    differsIn: ['note'],
    reason: 'the owner is the account that made the object; the test cluster has another one than the kit',
  },
]
