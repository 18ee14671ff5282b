import { TransportFailure } from '../transport-failure.ts'
import { type HttpBody, READ_BYTES } from './http-client.ts'

/** What is held for a reader that is slower than the connection. */
const MAX_QUEUED_BYTES = 128 * 1024
/** On a slow line a chunk is handed on before it is full: whoever takes it must not be kept waiting until they give up. */
const MAX_FILLING_MS = 50

/** The connection's side of a reply. */
export interface ReplyControl {
  /** ends the reading, also of what came already */
  readonly signal: AbortSignal | undefined
  /** a reader waits for bytes */
  waiting(): void
  /** nobody waits */
  satisfied(): void
  /** the queue is empty: more may come */
  resume(): void
  /** the reply came whole, and all of it was handed on: the connection may serve again */
  consumed(): void
  /** the reader gave up: the connection goes */
  drop(): void
}

interface Sink {
  readonly target: Uint8Array
  readonly onFilled: ((filledBytes: number) => void) | undefined
  /** Not null for a chunk: it ends once another piece may not fit, with the first piece after this time, or with what came before the body ended or failed. */
  readonly chunkUntilMs: number | null
  filled: number
  resolve(filled: number): void
  reject(error: unknown): void
}

/** A body between a connection that pushes and a reader that pulls. Chunks are handed on as they came, and never changed afterwards. */
export class ReplyBody implements HttpBody, AsyncIterator<Uint8Array> {
  readonly #control: ReplyControl
  #queue: Uint8Array[] = []
  #queuedBytes = 0
  #paused = false
  #state: 'open' | 'ended' | 'failed' | 'discarded' = 'open'
  #error: unknown = null
  #reader: { resolve(result: IteratorResult<Uint8Array>): void; reject(error: unknown): void } | null = null
  #sink: Sink | null = null

  constructor(control: ReplyControl) {
    this.#control = control
  }

  /** Chunks are copied as they come, and need not last. */
  get isCopying(): boolean {
    return this.#sink !== null
  }

  /** A reader waits for the next chunk. */
  get isAwaited(): boolean {
    return this.#reader !== null
  }

  /** A chunk came. False: hold the connection until `resume()`. */
  push(chunk: Uint8Array): boolean {
    if (this.#state !== 'open' || chunk.byteLength === 0) return true
    if (this.#sink !== null) {
      this.#control.waiting()
      return this.#fill(chunk)
    }
    const reader = this.#reader
    if (reader !== null) {
      this.#reader = null
      this.#control.satisfied()
      reader.resolve({ done: false, value: chunk })
      return true
    }
    this.#queue.push(chunk)
    this.#queuedBytes += chunk.byteLength
    // until the queue is empty: over TLS pieces come for a while after the connection was held, and it has to be told to go on all the same
    if (this.#queuedBytes >= MAX_QUEUED_BYTES) this.#paused = true
    return !this.#paused
  }

  end(): void {
    if (this.#state !== 'open') return
    this.#state = 'ended'
    this.#control.satisfied()
    if (this.#queue.length === 0) this.#control.consumed()
    this.#settle()
  }

  /** The connection broke. What came before is still delivered, unless `forget` says that nobody wants it. */
  fail(error: unknown, forget: boolean): void {
    if (this.#state !== 'open') return
    this.#state = 'failed'
    this.#error = error
    if (forget) this.#clear()
    this.#control.satisfied()
    this.#settle(forget)
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return this
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    const { signal } = this.#control
    if (signal?.aborted === true) {
      this.discard()
      return Promise.reject(signal.reason)
    }
    const chunk = this.#queue.shift()
    if (chunk !== undefined) {
      this.#queuedBytes -= chunk.byteLength
      if (this.#queue.length === 0) {
        if (this.#state === 'ended') this.#control.consumed()
        else if (this.#paused) this.#unpause()
      }
      return Promise.resolve({ done: false, value: chunk })
    }
    if (this.#state === 'failed') {
      this.#state = 'discarded'
      return Promise.reject(this.#error)
    }
    if (this.#state !== 'open') return Promise.resolve({ done: true, value: undefined })
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject }
      this.#control.waiting()
    })
  }

  return(): Promise<IteratorResult<Uint8Array>> {
    this.discard()
    return Promise.resolve({ done: true, value: undefined })
  }

  readInto(target: Uint8Array, onFilled?: (filledBytes: number) => void): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#sink = { target, onFilled, chunkUntilMs: null, filled: 0, resolve, reject }
      const queue = this.#queue
      this.#clear()
      for (const chunk of queue) if (!this.#fill(chunk)) return
      if (this.#state === 'ended' && queue.length > 0) this.#control.consumed()
      if (this.#state !== 'open') return this.#settle()
      this.#control.waiting()
      if (this.#paused) this.#unpause()
    })
  }

  async *chunksIn(take: () => Uint8Array | null): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (;;) {
        const target = take()
        if (target === null) {
          const next = await this.next()
          if (next.done === true) return
          yield next.value
          continue
        }
        const filled = await this.#nextIn(target)
        if (filled === 0) return
        yield target.subarray(0, filled)
      }
    } finally {
      this.discard()
    }
  }

  /** As `next`, copied to the beginning of `target`; 0 at the end. */
  #nextIn(target: Uint8Array): Promise<number> {
    const { signal } = this.#control
    if (signal?.aborted === true) {
      this.discard()
      return Promise.reject(signal.reason)
    }
    if (target.byteLength < READ_BYTES) return Promise.reject(new TypeError(`a chunk's memory has at least ${READ_BYTES} bytes, not ${target.byteLength}`))
    return new Promise((resolve, reject) => {
      const queued = this.#queue.length > 0
      this.#sink = { target, onFilled: undefined, chunkUntilMs: performance.now() + MAX_FILLING_MS, filled: 0, resolve, reject }
      while (this.#sink !== null) {
        const chunk = this.#queue.shift()
        if (chunk === undefined) break
        this.#queuedBytes -= chunk.byteLength
        this.#fill(chunk)
      }
      if (this.#queue.length > 0) return
      if (this.#state === 'ended' && queued) this.#control.consumed()
      if (this.#state !== 'open') return this.#settle()
      if (this.#sink !== null) this.#control.waiting()
      if (this.#paused) this.#unpause()
    })
  }

  discard(): void {
    if (this.#state === 'discarded') return
    const unread = this.#state === 'open' || this.#queue.length > 0
    this.#state = 'discarded'
    this.#clear()
    this.#settle()
    if (unread) this.#control.drop()
  }

  /** False where the target is too small, or its owner does not want more. */
  #fill(chunk: Uint8Array): boolean {
    const sink = this.#sink
    if (sink === null) return false
    if (sink.filled + chunk.byteLength > sink.target.byteLength) {
      return this.#refuse(sink, new TransportFailure('connection', `more than the expected ${sink.target.byteLength} bytes arrived`, 1))
    }
    sink.target.set(chunk, sink.filled)
    sink.filled += chunk.byteLength
    try {
      sink.onFilled?.(sink.filled)
    } catch (error) {
      return this.#refuse(sink, error)
    }
    if (sink.chunkUntilMs !== null && (sink.target.byteLength - sink.filled < READ_BYTES || performance.now() > sink.chunkUntilMs)) {
      this.#sink = null
      this.#control.satisfied()
      sink.resolve(sink.filled)
    }
    return true
  }

  #refuse(sink: Sink, error: unknown): false {
    this.#sink = null
    this.#state = 'discarded'
    sink.reject(error)
    this.#control.drop()
    return false
  }

  /** Tells whoever waits how it ended. */
  #settle(forget: boolean = false): void {
    const sink = this.#sink
    const reader = this.#reader
    this.#sink = null
    this.#reader = null
    // the next chunk is told of the failure
    const isLastChunk = !forget && sink !== null && sink.chunkUntilMs !== null && sink.filled > 0
    if (this.#state === 'failed' && !isLastChunk && (sink !== null || reader !== null)) {
      this.#state = 'discarded'
      sink?.reject(this.#error)
      reader?.reject(this.#error)
      return
    }
    sink?.resolve(sink.filled)
    reader?.resolve({ done: true, value: undefined })
  }

  #unpause(): void {
    this.#paused = false
    if (this.#state === 'open') this.#control.resume()
  }

  #clear(): void {
    this.#queue = []
    this.#queuedBytes = 0
  }
}
