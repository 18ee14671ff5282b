import type { HashAlgorithm } from '../checksum/algorithm.ts'
import { compositeChecksum } from '../checksum/composite-checksum.ts'
import type { HashEngine } from '../ports/hash-engine.ts'
import { compositeToEtag, type HexDigests, type RawDigests } from './read-hasher.ts'

/** One part on its way into its hash; a chunk may be reused as soon as `push` returns. */
export interface PartHash {
  push(bytes: Uint8Array): void
  finish(): RawDigests
  abandon(): void
}

/** The digests of the parts that are written, in part order, whatever order they were hashed in. */
export class PartDigests {
  readonly #engine: HashEngine
  readonly #algorithms: readonly HashAlgorithm[]
  readonly #parts = new Map<number, RawDigests>()

  constructor(engine: HashEngine, algorithms: readonly HashAlgorithm[]) {
    this.#engine = engine
    this.#algorithms = algorithms
  }

  /** Hashes a whole part. */
  add(partNumber: number, bytes: Uint8Array): RawDigests {
    const part = this.open(partNumber)
    part.push(bytes)
    return part.finish()
  }

  /** Hashes a part as it comes. */
  open(partNumber: number): PartHash {
    const stream = this.#engine.open(this.#algorithms)
    return {
      push: (bytes) => {
        stream.push(bytes)
        this.#engine.flush()
      },
      finish: () => this.set(partNumber, stream.digests()),
      abandon: () => stream.abandon(),
    }
  }

  set(partNumber: number, digests: RawDigests): RawDigests {
    this.#parts.set(partNumber, digests)
    return digests
  }

  /** Multipart ETag and composites over all parts. */
  combine(): { readonly etag: string; readonly composites: HexDigests } {
    const ordered = [...this.#parts].sort(([a], [b]) => a - b).map(([, digests]) => digests)
    const composites: Partial<Record<HashAlgorithm, string>> = {}
    for (const algorithm of this.#algorithms) {
      composites[algorithm] = compositeChecksum(
        algorithm,
        ordered.map((digests) => digests[algorithm] ?? new Uint8Array()),
      ).value
    }
    return { etag: compositeToEtag(composites.md5 ?? ''), composites }
  }
}
