import { SealiftError } from '../errors.ts'
import type { ObjectRead } from '../ports/object-store.ts'
import type { CopyJob } from './copy-job.ts'
import { canPin } from './object-pin.ts'
import type { PartLayout, PartRange } from './part-plan.ts'
import { withRetries } from './retry.ts'
import type { SourceSession } from './source-session.ts'

/** Where the bytes of parts come from. */
export interface PartSource {
  /** Parts that may be read at once, now; 1: one after the other, in order. */
  readonly readers: number
  /**
   * Fills `target` with a part's bytes, and calls `onFilled` as they arrive, in order, each byte once (offsets in `target`).
   * Nothing writes to `target` any more once it has settled.
   */
  fill(range: PartRange, target: Uint8Array, onFilled: (from: number, to: number) => void): Promise<void>
  /** All parts are filled: nothing may be left over. */
  end(): Promise<void>
  /** Frees what is still open. Idempotent. */
  close(): Promise<void>
}

/** Parts of one object that are read at once. */
const MAX_READERS = 3

/**
 * Several parts at once, each by a range of the pinned object, where the source is known to do both; else one reply that is cut into parts.
 * @param slots - parts that memory is there for
 */
export function openPartSource(job: CopyJob, session: SourceSession, layout: PartLayout, slots: number, fresh: boolean, signal: AbortSignal): PartSource {
  const { range, ifMatch } = job.source.profile.reads
  // half of the memory at most is being filled, so that parts on their way out do not keep the source waiting
  const readers = Math.min(MAX_READERS, Math.ceil(slots / 2), layout.count)
  const ranged = readers > 1 && range === 'yes' && ifMatch === 'yes' && canPin(session.pin)
  return ranged ? new RangedParts(job, session, readers, fresh, signal) : new ConsecutiveParts(job, session, fresh, signal)
}

/** Each part by a request of its own; the first is read from the reply that opened the session, which is dropped after it. */
class RangedParts implements PartSource {
  readonly #job: CopyJob
  readonly #session: SourceSession
  readonly #fresh: boolean
  readonly #signal: AbortSignal
  readonly #readers: number
  #first: ObjectRead | null

  constructor(job: CopyJob, session: SourceSession, readers: number, fresh: boolean, signal: AbortSignal) {
    this.#job = job
    this.#session = session
    this.#readers = readers
    this.#fresh = fresh
    this.#signal = signal
    this.#first = session.takeFirst()
  }

  get readers(): number {
    return Math.max(1, this.#readers >> Math.min(8, this.#session.reader.throttled))
  }

  async fill(range: PartRange, target: Uint8Array, onFilled: (from: number, to: number) => void): Promise<void> {
    const first = range.partNumber === 1 ? await this.#openingReply() : null
    await this.#session.reader.into(range, target, onFilled, { first, fresh: this.#fresh, signal: this.#signal })
  }

  /** Of the whole object: what it says of it is what the read is held to, as ranges offer no digest of the whole. */
  async #openingReply(): Promise<ObjectRead> {
    const { reader, sizeBytes } = this.#session
    const first = this.#first
    this.#first = null
    return first ?? withRetries(this.#job, 'source', (tryNumber) => reader.open(0, sizeBytes - 1, this.#fresh || tryNumber > 1, this.#signal))
  }

  async end(): Promise<void> {}

  async close(): Promise<void> {
    this.#first?.discard()
    this.#first = null
  }
}

/** One reply, cut into parts as it comes. */
class ConsecutiveParts implements PartSource {
  readonly readers = 1
  readonly #job: CopyJob
  readonly #sizeBytes: number
  readonly #source: AsyncGenerator<Uint8Array, void, undefined>
  #rest: Uint8Array = new Uint8Array()
  #count = 0

  constructor(job: CopyJob, session: SourceSession, fresh: boolean, signal: AbortSignal) {
    this.#job = job
    this.#sizeBytes = session.sizeBytes
    this.#source = session.bytes({ fresh, signal })
  }

  async fill(_range: PartRange, target: Uint8Array, onFilled: (from: number, to: number) => void): Promise<void> {
    let filled = 0
    while (filled < target.byteLength) {
      if (this.#rest.byteLength === 0) await this.#next()
      const from = filled
      const take = Math.min(this.#rest.byteLength, target.byteLength - filled)
      target.set(this.#rest.subarray(0, take), filled)
      this.#rest = this.#rest.subarray(take)
      filled += take
      this.#count += take
      onFilled(from, filled)
    }
  }

  /** Reads the reply to its end, so that its connection can serve again; bytes past the end are a failure. */
  async end(): Promise<void> {
    const more = await this.#source.next()
    if (this.#rest.byteLength > 0 || more.done !== true) throw this.#wrongCount('more than')
  }

  async close(): Promise<void> {
    await this.#source.return()
  }

  async #next(): Promise<void> {
    const next = await this.#source.next()
    if (next.done === true) throw this.#wrongCount(`only ${this.#count} of`)
    this.#rest = next.value
  }

  #wrongCount(how: string): SealiftError {
    const { bucket, key } = this.#job.sourceRef
    return new SealiftError('ERR_TRANSFER', `source ${bucket}/${key}: ${how} ${this.#sizeBytes} bytes came`, { retryable: true, context: { bucket, key } })
  }
}
