import { setImmediate as turn } from 'node:timers/promises'
import { HASH_ALGORITHMS, type HashAlgorithm } from '../checksum/algorithm.ts'
import type { HashEngine } from '../ports/hash-engine.ts'
import type { EvidencePlan } from '../verify/evidence-plan.ts'
import type { SourceClaims } from '../verify/source-claims.ts'
import type { CopyWork } from './copy-attempt.ts'
import type { CopyJob } from './copy-job.ts'
import { digestWhole, type RawDigests, type ReadDigests } from './read-hasher.ts'
import type { SourceSession } from './source-session.ts'

/** Below this the digests take less time than what it costs to put them off. */
const LEAST_BYTES = 16 * 1024
/** Below this the MD5 takes less than a twentieth of a millisecond: nothing that a write should be begun for before it is known to be right. */
const LEAST_OF_MD5_BYTES = 32 * 1024
/** Hashed in one go: more would keep everything else waiting for milliseconds. */
const MOST_BYTES = 1024 * 1024

/** What of an object that goes by one PUT can wait until its bytes are on their way. */
export interface LaterDigests {
  readonly algorithms: readonly HashAlgorithm[]
  /**
   * MD5 is among them: the write is sent with what the source states it to be, in lower-case hex, and its last bytes wait until that was seen to be true.
   * Null: MD5 is made, and the source leg judged, before anything is sent.
   */
  readonly statedMd5: string | null
}

const NOTHING_LATER: LaterDigests = { algorithms: [], statedMd5: null }

/** Nothing where a layout may be looked for, and nothing of a read that is compared with another one. */
export function laterDigests(job: CopyJob, session: SourceSession, { layout, known, candidates, plan }: CopyWork): LaterDigests {
  if (layout !== null || known !== null || candidates.length > 0 || session.reads.length > 0) return NOTHING_LATER
  if (session.sizeBytes < LEAST_BYTES || session.sizeBytes > MOST_BYTES) return NOTHING_LATER
  const statedMd5 = mayBeBrokenOff(job, session, plan) ? bindingMd5(session.claims) : null
  return { algorithms: statedMd5 === null ? plan.laterAlgorithms : ['md5', ...plan.laterAlgorithms], statedMd5 }
}

/**
 * Whether the write may be begun before its MD5 is known: where one read can do, where the server takes back what does not come whole and is known to refuse
 * bytes of another MD5, and where another digest is made beforehand: the hash engine takes no empty list of algorithms.
 */
function mayBeBrokenOff({ destination, settings }: CopyJob, { sizeBytes }: SourceSession, plan: EvidencePlan): boolean {
  if (sizeBytes < LEAST_OF_MD5_BYTES || settings.verify.secondRead === 'always' || destination.asksToComplete !== true) return false
  const { checksums, writes } = destination.profile
  if (!plan.sendContentMd5 || checksums.contentMd5 !== 'yes' || writes.atomicPut !== 'yes') return false
  return plan.algorithms.some((algorithm) => algorithm !== 'md5' && !plan.laterAlgorithms.includes(algorithm))
}

/** The MD5 of the whole object that the source's ETag is trusted to be. */
function bindingMd5({ claims }: SourceClaims): string | null {
  return claims.find((claim) => claim.method === 'etag-md5' && claim.strength === 'binding')?.expected ?? null
}

/** The digests of an object that is held, those that may come later still to be computed. */
export class HeldDigests {
  readonly #engine: HashEngine
  readonly #bytes: Uint8Array
  #later: readonly HashAlgorithm[]
  #digests: ReadDigests

  /** @param bytes - unchanged until `complete` was called, or nobody calls it any more */
  constructor(engine: HashEngine, bytes: Uint8Array, digests: ReadDigests, later: readonly HashAlgorithm[]) {
    this.#engine = engine
    this.#bytes = bytes
    this.#digests = digests
    this.#later = later
  }

  /** as far as they are there */
  get current(): ReadDigests {
    return this.#digests
  }

  /** Computes what is missing. */
  complete(): ReadDigests {
    return this.need(this.#later)
  }

  /** Computes what is missing of these. */
  need(algorithms: readonly HashAlgorithm[]): ReadDigests {
    const missing = this.#later.filter((algorithm) => algorithms.includes(algorithm))
    if (missing.length > 0) this.#digests = merged(this.#digests, digestWhole(this.#engine, missing, this.#bytes))
    this.#later = this.#later.filter((algorithm) => !missing.includes(algorithm))
    return this.#digests
  }

  /** Computes what is missing at the end of this turn of the event loop, when the bytes have gone out as a rule, and resolves as `sending` does. */
  async completeWhile<T>(sending: Promise<T>): Promise<T> {
    if (this.#later.length === 0) return sending
    // both are over before anybody gives the bytes' memory back
    const [sent, hashed] = await Promise.allSettled([sending, turn().then(() => this.complete())])
    if (sent.status === 'rejected') throw sent.reason
    if (hashed.status === 'rejected') throw hashed.reason
    return sent.value
  }
}

function merged(first: ReadDigests, later: ReadDigests): ReadDigests {
  return { ...first, raw: inOrder({ ...first.raw, ...later.raw }), hex: inOrder({ ...first.hex, ...later.hex }) }
}

function inOrder<T extends RawDigests | ReadDigests['hex']>(digests: T): T {
  return Object.fromEntries(HASH_ALGORITHMS.filter((algorithm) => digests[algorithm] !== undefined).map((algorithm) => [algorithm, digests[algorithm]])) as T
}
