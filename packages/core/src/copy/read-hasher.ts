import type { HashAlgorithm } from '../checksum/algorithm.ts'
import { compositeChecksum } from '../checksum/composite-checksum.ts'
import { toHex } from '../checksum/digest.ts'
import type { HashEngine, HashStream } from '../ports/hash-engine.ts'
import { type PartLayout, partRange } from './part-plan.ts'

export type HexDigests = Readonly<Partial<Record<HashAlgorithm, string>>>
export type RawDigests = Readonly<Partial<Record<HashAlgorithm, Uint8Array>>>

/** Hex of every digest. */
export function hexDigests(raw: RawDigests): HexDigests {
  const hex: Partial<Record<HashAlgorithm, string>> = {}
  for (const [algorithm, digest] of Object.entries(raw)) hex[algorithm as HashAlgorithm] = toHex(digest)
  return hex
}

/** Hashes a stream part by part over one layout, and gives the multipart ETag and composite checksums of it. */
export class LayoutHasher {
  readonly layout: PartLayout
  readonly #engine: HashEngine
  readonly #algorithms: readonly HashAlgorithm[]
  readonly #digests: Map<HashAlgorithm, Uint8Array[]>
  #part: HashStream
  #partNumber = 1
  #room: number

  constructor(engine: HashEngine, layout: PartLayout, algorithms: readonly HashAlgorithm[]) {
    this.layout = layout
    this.#engine = engine
    this.#algorithms = algorithms
    this.#digests = new Map(algorithms.map((algorithm) => [algorithm, []]))
    this.#part = engine.open(algorithms)
    this.#room = partRange(layout, 1).sizeBytes
  }

  push(chunk: Uint8Array): void {
    let rest = chunk
    while (rest.byteLength > 0) {
      while (this.#room === 0 && this.#partNumber < this.layout.count) this.#nextPart()
      // more bytes than the layout has: the caller's byte count finds that; here they only go into the last part
      const take = this.#partNumber === this.layout.count ? rest.byteLength : Math.min(this.#room, rest.byteLength)
      this.#part.push(rest.subarray(0, take))
      this.#room -= take
      rest = rest.subarray(take)
    }
  }

  finish(): { readonly etag: string; readonly composites: HexDigests } {
    // no byte comes for empty parts at the end
    while (this.#partNumber < this.layout.count) this.#nextPart()
    this.#close()
    const composites: Partial<Record<HashAlgorithm, string>> = {}
    for (const [algorithm, digests] of this.#digests) composites[algorithm] = compositeChecksum(algorithm, digests).value
    const md5 = composites.md5
    if (md5 === undefined) throw new Error('a layout is hashed with MD5')
    return { etag: compositeToEtag(md5), composites }
  }

  abandon(): void {
    this.#part.abandon()
  }

  #nextPart(): void {
    this.#close()
    this.#partNumber++
    this.#part = this.#engine.open(this.#algorithms)
    this.#room = partRange(this.layout, this.#partNumber).sizeBytes
  }

  #close(): void {
    this.#engine.flush()
    const digests = this.#part.digests()
    for (const [algorithm, list] of this.#digests) {
      const digest = digests[algorithm]
      if (digest !== undefined) list.push(digest)
    }
  }
}

/** The multipart ETag is the MD5 composite in hex (facts: "The MD5 composite is the multipart ETag in base64"). */
export function compositeToEtag(composite: string): string {
  const dash = composite.lastIndexOf('-')
  return `${Buffer.from(composite.slice(0, dash), 'base64').toString('hex')}${composite.slice(dash)}`
}

/** What one whole read gave. */
export interface ReadDigests {
  readonly sizeBytes: number
  readonly raw: RawDigests
  readonly hex: HexDigests
  /** `hex-N` by layout tried, in the order given */
  readonly multipartEtags: readonly string[]
  /** composites over the first layout */
  readonly composites: HexDigests
}

/** Hashes a whole object that is there at once, over no layout. */
export function digestWhole(engine: HashEngine, algorithms: readonly HashAlgorithm[], bytes: Uint8Array): ReadDigests {
  if (engine.digest !== undefined) return readDigests(bytes.byteLength, engine.digest(algorithms, bytes), [])
  const hasher = new ReadHasher(engine, algorithms, [], [])
  hasher.push(bytes)
  return hasher.finish()
}

function readDigests(sizeBytes: number, raw: RawDigests, layouts: readonly { readonly etag: string; readonly composites: HexDigests }[]): ReadDigests {
  return { sizeBytes, raw, hex: hexDigests(raw), multipartEtags: layouts.map((layout) => layout.etag), composites: layouts[0]?.composites ?? {} }
}

/** Hashes one read of a whole object: the object itself, and over every layout that is tried. */
export class ReadHasher {
  readonly #engine: HashEngine
  readonly #whole: HashStream
  readonly #layouts: readonly LayoutHasher[]

  /**
   * @param layouts - the first one, if it is known, is hashed with `partAlgorithms`; the others with MD5 only
   */
  constructor(engine: HashEngine, algorithms: readonly HashAlgorithm[], layouts: readonly PartLayout[], partAlgorithms: readonly HashAlgorithm[]) {
    this.#engine = engine
    this.#whole = engine.open(algorithms)
    this.#layouts = layouts.map((layout, at) => new LayoutHasher(engine, layout, at === 0 ? partAlgorithms : ['md5']))
  }

  /** The chunk may be reused as soon as this returns. */
  push(chunk: Uint8Array): void {
    this.#whole.push(chunk)
    for (const layout of this.#layouts) layout.push(chunk)
    this.#engine.flush()
  }

  finish(): ReadDigests {
    const sizeBytes = this.#whole.sizeBytes
    const raw = this.#whole.digests()
    return readDigests(
      sizeBytes,
      raw,
      this.#layouts.map((layout) => layout.finish()),
    )
  }

  abandon(): void {
    this.#whole.abandon()
    for (const layout of this.#layouts) layout.abandon()
  }
}
