import { Readable } from 'node:stream'
import type { WriteBody } from '../ports/object-store.ts'
import { TransportFailure } from './transport-failure.ts'

/** Larger bodies, and larger chunks of a stream, go in slices, so that progress can be seen. */
const SLICE_BYTES = 128 * 1024

/** The body of one request over its attempts. */
export interface RequestBodySource {
  /** A stream body of which something was read: it cannot be sent again. */
  isSpent(): boolean
  /** The body was begun and not read to its end. */
  readonly unfinished: boolean
  /** What the caller's own stream or question threw, that the stream had the wrong length, or that the body was called off. */
  readonly error: unknown
  /** To be called before the last bytes go out of a body that `open` gave in one piece: throws what `error` is from then on. Null: nobody can call it off. */
  readonly ask: (() => void) | null
  /** To be told of each piece of a stream that nobody reads any more, in order. */
  onSent(piece: Uint8Array): void
  /** The body for one attempt. */
  open(): Uint8Array | Readable
  /** Ends the caller's stream, also one that was never begun. Idempotent. */
  stop(): void
}

export interface BodyListener {
  /** Bytes are on their way: the other side must take them, or answer. */
  onProgress(): void
  /** The caller's own stream has to deliver; the other side cannot be blamed. */
  onWait(): void
  /** The caller's stream failed: the request must end. */
  onError(): void
}

/** @param attempt - how often the request was sent, with this time; goes into errors */
export function requestBodySource(body: WriteBody, listener: BodyListener, attempt: number = 1): RequestBodySource {
  return body.kind === 'bytes' ? new BytesSource(body, listener, attempt) : streamSource(body, listener)
}

class BytesSource implements RequestBodySource {
  error: unknown = null
  unfinished = false
  readonly ask: (() => void) | null
  readonly #bytes: Uint8Array
  readonly #listener: BodyListener
  #current: Readable | null = null

  constructor({ bytes, mayComplete }: Extract<WriteBody, { kind: 'bytes' }>, listener: BodyListener, attempt: number) {
    this.#bytes = bytes
    this.#listener = listener
    this.ask = mayComplete === undefined ? null : () => this.#ask(mayComplete, attempt)
  }

  isSpent(): boolean {
    return false
  }

  open(): Uint8Array | Readable {
    this.stop()
    this.unfinished = false
    if (this.#bytes.byteLength <= SLICE_BYTES) return this.#bytes
    this.#current = Readable.from(this.#slices(), { objectMode: false, highWaterMark: SLICE_BYTES })
    // what was thrown is kept in `error`
    this.#current.on('error', () => this.#listener.onError())
    return this.#current
  }

  stop(): void {
    this.#current?.destroy()
  }

  onSent(): void {}

  #ask(mayComplete: () => boolean, attempt: number): void {
    try {
      if (mayComplete()) return
      throw calledOff(attempt)
    } catch (error) {
      this.error = error
      throw error
    }
  }

  *#slices(): Generator<Uint8Array> {
    this.unfinished = true
    for (let offset = 0; offset < this.#bytes.byteLength; offset += SLICE_BYTES) {
      this.#listener.onProgress()
      if (offset + SLICE_BYTES >= this.#bytes.byteLength) this.ask?.()
      yield this.#bytes.subarray(offset, offset + SLICE_BYTES)
    }
    this.unfinished = false
    this.#listener.onProgress()
  }
}

/** What a write ends with whose body must not become whole. */
export function calledOff(attempts: number): TransportFailure {
  return new TransportFailure('called-off', 'called off before its last bytes', attempts)
}

function streamSource({ stream, sizeBytes, onSent }: Extract<WriteBody, { kind: 'stream' }>, listener: BodyListener): RequestBodySource {
  const iterator = stream[Symbol.asyncIterator]()
  /** by the last slice of each; weak, as not every transport tells what it has sent */
  const chunks = new WeakMap<Uint8Array, Uint8Array>()
  let spent = false
  let done = false
  let stopped = false
  let error: unknown = null
  let current: Readable | null = null
  async function* counted(): AsyncGenerator<Uint8Array> {
    spent = true
    let seen = 0
    try {
      for (;;) {
        listener.onWait()
        const next = await iterator.next()
        listener.onProgress()
        if (next.done === true) break
        const chunk = next.value
        seen += chunk.byteLength
        if (seen > sizeBytes) throw new TransportFailure('body', `the body is longer than the ${sizeBytes} bytes that were announced`, 1)
        for (let start = 0; start < chunk.byteLength; start += SLICE_BYTES) {
          if (start > 0) listener.onProgress()
          // a Buffer passes through the stream as it is
          const slice = Buffer.from(chunk.buffer, chunk.byteOffset + start, Math.min(SLICE_BYTES, chunk.byteLength - start))
          if (start + SLICE_BYTES >= chunk.byteLength) chunks.set(slice, chunk)
          yield slice
        }
      }
      if (seen < sizeBytes) throw new TransportFailure('body', `the body ended after ${seen} of ${sizeBytes} bytes`, 1)
      done = true
    } catch (cause) {
      error = cause
      throw cause
    }
  }
  return {
    ask: null,
    onSent(slice) {
      const chunk = chunks.get(slice)
      if (chunk !== undefined) onSent?.(chunk)
    },
    isSpent: () => spent,
    get unfinished() {
      return spent && !done
    },
    get error() {
      return error
    },
    open() {
      current?.destroy()
      current = Readable.from(counted(), { objectMode: false })
      // the handler pipes it and does not listen; what it threw is kept in `error`
      current.on('error', () => listener.onError())
      return current
    },
    stop() {
      current?.destroy()
      if (stopped || done) return
      stopped = true
      iterator.return?.().then(undefined, () => {})
    },
  }
}
