import { DeadlineTimer } from './deadline-timer.ts'

export interface Deadlines {
  /** until a connection stands */
  readonly connectTimeoutMs: number
  /** from the last byte sent until the reply's header */
  readonly firstByteTimeoutMs: number
  /** between two chunks, in either direction */
  readonly idleTimeoutMs: number
}

export type DeadlineKind = 'connect' | 'first-byte' | 'idle'

const MESSAGE: Readonly<Record<DeadlineKind, (timeoutMs: number) => string>> = {
  connect: (timeoutMs) => `no connection within ${timeoutMs} ms`,
  'first-byte': (timeoutMs) => `no reply within ${timeoutMs} ms`,
  idle: (timeoutMs) => `nothing moved for ${timeoutMs} ms`,
}

const LIMIT = { connect: 'connectTimeoutMs', 'first-byte': 'firstByteTimeoutMs', idle: 'idleTimeoutMs' } as const satisfies Record<
  DeadlineKind,
  keyof Deadlines
>

/** One alarm for one exchange: the deadline that applies now. `onExpired` is called once, at most. */
export class Watchdog {
  /** the deadline that passed, or null */
  expired: DeadlineKind | null = null
  message = ''
  readonly #deadlines: Deadlines
  readonly #onExpired: () => void
  readonly #timer: DeadlineTimer
  #phase: DeadlineKind = 'first-byte'
  #armed = false
  #replied = false
  #sendsBody = false
  #waitsForSource = false

  /** @param timer - this exchange's alone while it runs */
  constructor(deadlines: Deadlines, onExpired: () => void, timer: DeadlineTimer = new DeadlineTimer(false)) {
    this.#deadlines = deadlines
    this.#timer = timer
    this.#onExpired = onExpired
  }

  /** An attempt begins: the reply's header must come, or the body that is sent must move on. */
  start(sendsBody: boolean): void {
    this.#replied = false
    this.#sendsBody = sendsBody
    if (sendsBody) this.#arm('idle')
    else this.#arm('first-byte')
  }

  /** A new socket connects. */
  connecting(): void {
    if (!this.#replied && this.expired === null) this.#arm('connect')
  }

  /** The request has its connection (it may have waited for one in the client's pool). */
  connected(): void {
    if (this.#replied || this.expired !== null) return
    if (this.#waitsForSource) this.stop()
    else this.start(this.#sendsBody)
  }

  /** A request body is on its way: it must move on, and its reply come, within the idle time-out. */
  sending(): void {
    this.#waitsForSource = false
    if (!this.#replied && this.expired === null) this.resume()
  }

  /** The caller's own stream has to deliver the next chunk: no fault of the other side, and under a deadline of its own. */
  waitingForSource(): void {
    this.#waitsForSource = true
    if (!this.#replied && this.#phase === 'idle') this.stop()
  }

  /** Bytes moved. */
  progress(): void {
    if (this.#armed) this.#arm(this.#phase)
  }

  /** The reply's header is here: from now on chunks must come. */
  replied(): void {
    this.#replied = true
    this.#arm('idle')
  }

  /** Waiting for a chunk. */
  resume(): void {
    this.#arm('idle')
  }

  /** Nobody waits for the other side. */
  pause(): void {
    this.stop()
  }

  stop(): void {
    if (!this.#armed) return
    this.#armed = false
    this.#timer.disarm()
  }

  #arm(phase: DeadlineKind): void {
    this.#phase = phase
    this.#armed = true
    this.#timer.arm(this.#deadlines[LIMIT[phase]], this.#expire)
  }

  readonly #expire = (): void => {
    this.#armed = false
    this.expired = this.#phase
    this.message = MESSAGE[this.#phase](this.#deadlines[LIMIT[this.#phase]])
    this.#onExpired()
  }
}
