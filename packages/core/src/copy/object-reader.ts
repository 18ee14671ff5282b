import { throwIfAborted } from '../abort.ts'
import { copyBuffers } from '../buffer-pool.ts'
import { SealiftError } from '../errors.ts'
import { ObjectStoreError } from '../object-store-error.ts'
import type { ObjectRead, ObjectStat, ObjectStore } from '../ports/object-store.ts'
import { CHUNK_BYTES } from './chunk-memory.ts'
import type { CopyJob } from './copy-job.ts'
import { canPin, changedError, type ObjectPin, pinContradiction } from './object-pin.ts'
import { isRetryable, MAX_TRIES, pauseBeforeRetry } from './retry.ts'

/** Progress after which earlier failures are forgiven; keeps a server that cuts every reply from going on for ever. */
const FORGIVE_AFTER_BYTES = 8 * 1024 * 1024

export interface ReadRange {
  readonly start: number
  readonly endInclusive: number
}

export interface ReadHow {
  /** ask on a connection of its own */
  readonly fresh: boolean
  readonly take?: (() => Uint8Array | null) | undefined
  /** the job's by default */
  readonly signal?: AbortSignal | undefined
}

/** Reads one pinned object, or a range of it, and resumes a broken reply at the last byte that was handed on. */
export class ObjectReader {
  readonly pin: ObjectPin
  readonly #job: CopyJob
  readonly #side: 'source' | 'destination'
  readonly #store: ObjectStore
  readonly #sizeBytes: number
  #begun: ObjectStat | null = null
  #cached = false
  #throttled = 0

  constructor(job: CopyJob, side: 'source' | 'destination', pin: ObjectPin, sizeBytes: number) {
    this.#job = job
    this.#side = side
    this.#store = side === 'source' ? job.source : job.destination
    this.#sizeBytes = sizeBytes
    this.pin = pin
  }

  /** The latest reply of the whole object: its headers may say more than the pin. */
  get begun(): ObjectStat | null {
    return this.#begun
  }

  /** True once any reply came out of a cache. */
  get cached(): boolean {
    return this.#cached
  }

  /** How often the store asked to be asked less. */
  get throttled(): number {
    return this.#throttled
  }

  /** Asks for the pinned object from `start` on; a reply that contradicts the pin is discarded and rejects. */
  async open(start: number, endInclusive: number, fresh: boolean, signal: AbortSignal = this.#job.signal): Promise<ObjectRead> {
    const whole = start === 0 && endInclusive === this.#sizeBytes - 1
    let read: ObjectRead
    try {
      read = await this.#store.read(this.pin.ref, {
        signal,
        ifMatch: this.pin.ifMatch ?? undefined,
        freshConnection: fresh,
        // some stores answer 416 to any range on an empty object
        range: whole || this.#sizeBytes === 0 ? undefined : { start, endInclusive: endInclusive === this.#sizeBytes - 1 ? undefined : endInclusive },
      })
    } catch (error) {
      if (error instanceof ObjectStoreError && error.reason === 'precondition-failed')
        throw changedError(this.#side, this.pin.ref, 'it no longer has the pinned ETag', error)
      // a first reply came from it, so that it was there; whether it is gone or its version was misread shows when the copy starts over
      if (error instanceof ObjectStoreError && error.reason === 'not-found') throw changedError(this.#side, this.pin.ref, 'it is not there any more', error)
      // the size that was pinned is not the object's: it changed, or the length was harmed on its way
      if (error instanceof ObjectStoreError && error.reason === 'range') throw changedError(this.#side, this.pin.ref, `it has no byte ${start}`, error)
      throw error
    }
    const contradiction = pinContradiction(this.pin, read.stat)
    if (contradiction !== null) {
      read.discard()
      throw changedError(this.#side, this.pin.ref, contradiction)
    }
    if (whole && read.range === null) this.#begun = read.stat
    return read
  }

  /**
   * The bytes of a range (both ends inclusive), exactly, in order. A chunk is the caller's until the next one is asked for; where `take` gives its memory,
   * for as long as `take` says.
   * @param first - a reply that is open already and starts at the range's start
   * @param how - `fresh`: ask on a connection of its own; `take`: memory for a chunk, see `ObjectRead.bodyIn`
   */
  async *bytes(range: ReadRange, first: ObjectRead | null, how: ReadHow): AsyncGenerator<Uint8Array, void, undefined> {
    const own = how.take === undefined && range.endInclusive - range.start >= CHUNK_BYTES ? copyBuffers.take(CHUNK_BYTES) : null
    try {
      yield* this.#chunks(range, first, { ...how, take: own === null ? how.take : () => own })
    } finally {
      if (own !== null) copyBuffers.give(own)
    }
  }

  async *#chunks(range: ReadRange, first: ObjectRead | null, { fresh, take, signal = this.#job.signal }: ReadHow): AsyncGenerator<Uint8Array, void, undefined> {
    const failures = new ReadFailures(range.start)
    let next = range.start
    let reply = first
    // an empty object still needs its one reply, to see that it is there and empty
    let opened = false
    while (next <= range.endInclusive || !opened) {
      throwIfAborted(signal)
      try {
        reply ??= await this.open(next, range.endInclusive, fresh || failures.count > 0, signal)
        this.#note(reply, opened)
        opened = true
        for await (const chunk of this.#deliver(reply, next, range.endInclusive, take)) {
          next += chunk.byteLength
          yield chunk
        }
        // read to its end: the connection may serve again
        reply = null
        if (next <= range.endInclusive) throw this.#endedEarly(next, range)
      } catch (error) {
        await this.#pause(failures, error, next, range, signal)
      } finally {
        reply?.discard()
        reply = null
      }
    }
  }

  /**
   * Copies a range to the beginning of `target`, which nobody else may touch until this settles; then nothing of it writes there any more.
   * @param onFilled - called as bytes have arrived, in order, each byte once: offsets in `target`
   * @param how - `first`: a reply that is open already and starts at the range's start; `fresh`: ask on a connection of its own
   */
  async into(
    range: ReadRange,
    target: Uint8Array,
    onFilled: (from: number, to: number) => void,
    how: { readonly first: ObjectRead | null; readonly fresh: boolean; readonly signal?: AbortSignal },
  ): Promise<void> {
    const { signal = this.#job.signal } = how
    const failures = new ReadFailures(range.start)
    const sizeBytes = range.endInclusive - range.start + 1
    let filled = 0
    let reply = how.first
    let opened = false
    while (filled < sizeBytes || !opened) {
      throwIfAborted(signal)
      try {
        reply ??= await this.open(range.start + filled, range.endInclusive, how.fresh || failures.count > 0, signal)
        this.#note(reply, opened)
        opened = true
        if (this.#fits(reply, range.start + filled, sizeBytes - filled)) {
          const begin = filled
          await reply.readInto?.(target.subarray(begin, sizeBytes), (gotBytes) => {
            const from = filled
            filled = begin + gotBytes
            this.#job.counters.bytesRead += filled - from
            onFilled(from, filled)
          })
        } else {
          for await (const chunk of this.#deliver(reply, range.start + filled, range.endInclusive)) {
            const from = filled
            target.set(chunk, from)
            filled += chunk.byteLength
            onFilled(from, filled)
          }
        }
        reply = null
        if (filled < sizeBytes) throw this.#endedEarly(range.start + filled, range)
      } catch (error) {
        await this.#pause(failures, error, range.start + filled, range, signal)
      } finally {
        reply?.discard()
        reply = null
      }
    }
  }

  /** True for a reply that can be copied as it comes: exactly the bytes that are wanted, and no pace to keep. */
  #fits(reply: ObjectRead, start: number, sizeBytes: number): boolean {
    return (
      reply.readInto !== undefined &&
      this.#job.settings.bytesPerSecond === null &&
      (reply.range?.start ?? 0) === start &&
      reply.bodyBytes === sizeBytes &&
      (reply.range === null || reply.range.endInclusive - start + 1 === sizeBytes)
    )
  }

  #note(reply: ObjectRead, opened: boolean): void {
    // a part of the object is no reply to hold the whole to: it carries no checksum of it
    if (!opened && reply.range === null) this.#begun = reply.stat
    this.#cached ||= reply.stat.fromCache
  }

  #endedEarly(next: number, range: ReadRange): ObjectStoreError {
    const { bucket, key } = this.pin.ref
    return new ObjectStoreError('ERR_TRANSFER', `${this.#side} ${bucket}/${key}: the reply ended at byte ${next} of ${range.endInclusive + 1}`, {
      reason: 'transport',
      replied: false,
      context: { bucket, key },
    })
  }

  /** Waits before the next try, or rejects with what ended this one where none may follow. */
  async #pause(failures: ReadFailures, error: unknown, next: number, range: ReadRange, signal: AbortSignal): Promise<void> {
    throwIfAborted(signal)
    const count = failures.add(next)
    const resumable = canPin(this.pin) && (next === range.start || this.#store.profile.reads.range !== 'no')
    if (!isRetryable(error) || count >= MAX_TRIES || !resumable) throw error
    if (error.reason === 'throttled') this.#throttled += 1
    await pauseBeforeRetry(this.#job, this.#side, count, error, signal)
  }

  /** The reply's bytes from `start` on, no further than `endInclusive`; skips what a server that ignores Range sends before them. */
  async *#deliver(read: ObjectRead, start: number, endInclusive: number, take?: () => Uint8Array | null): AsyncGenerator<Uint8Array, void, undefined> {
    let position = read.range?.start ?? 0
    if (position > start) {
      throw new SealiftError(
        'ERR_TRANSFER',
        `${this.#side} ${this.pin.ref.bucket}/${this.pin.ref.key}: asked for byte ${start}, got a reply from byte ${position}`,
        { retryable: true },
      )
    }
    // a reply that goes on past the range is left there; one that ends with it is read to its end, so that its connection can serve again
    const goesOn = endInclusive < (read.range?.endInclusive ?? this.#sizeBytes - 1)
    const isPaced = this.#job.settings.bytesPerSecond !== null
    const body = take === undefined || read.bodyIn === undefined || isPaced ? read.body : read.bodyIn(take)
    for await (const chunk of body) {
      const from = Math.max(0, start - position)
      const to = Math.min(chunk.byteLength, endInclusive + 1 - position)
      position += chunk.byteLength
      this.#job.counters.bytesRead += Math.max(0, to)
      await this.#job.pace(chunk.byteLength)
      if (to > from) yield chunk.subarray(from, to)
      if (goesOn && position > endInclusive) return
      if (position > endInclusive + 1 && position <= this.#sizeBytes) return
      if (position > this.#sizeBytes) throw changedError(this.#side, this.pin.ref, `more than ${this.#sizeBytes} bytes came`)
    }
  }
}

/** Failures of one range without progress between them that counts. */
class ReadFailures {
  #count = 0
  #at: number

  constructor(start: number) {
    this.#at = start
  }

  get count(): number {
    return this.#count
  }

  add(position: number): number {
    if (position - this.#at >= FORGIVE_AFTER_BYTES) this.#count = 0
    this.#at = position
    this.#count += 1
    return this.#count
  }
}
