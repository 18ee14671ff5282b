import { setImmediate as turn } from 'node:timers/promises'
import { HASH_ALGORITHMS, type HashAlgorithm } from '../checksum/algorithm.ts'
import type { HashEngine } from '../ports/hash-engine.ts'
import type { CopyWork } from './copy-attempt.ts'
import { digestWhole, type RawDigests, type ReadDigests } from './read-hasher.ts'
import type { SourceSession } from './source-session.ts'

/** Below this the digests take less time than what it costs to put them off. */
const LEAST_BYTES = 16 * 1024
/** Hashed in one go: more would keep everything else waiting for milliseconds. */
const MOST_BYTES = 1024 * 1024

/**
 * The algorithms of an object that goes by one PUT that can wait until its bytes are on their way; none where a layout may be looked for, and none of a read
 * that is compared with another one.
 */
export function laterAlgorithms(session: SourceSession, { layout, known, candidates, plan }: CopyWork): readonly HashAlgorithm[] {
  if (layout !== null || known !== null || candidates.length > 0 || session.reads.length > 0) return []
  return session.sizeBytes < LEAST_BYTES || session.sizeBytes > MOST_BYTES ? [] : plan.laterAlgorithms
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
    if (this.#later.length > 0) this.#digests = merged(this.#digests, digestWhole(this.#engine, this.#later, this.#bytes))
    this.#later = []
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
