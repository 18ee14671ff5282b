/**
 * One alarm, set and put back many times a second, mostly with one delay: one timer of Node's serves for all of them.
 *
 * A lasting one stays when it is disarmed, and goes off in vain once it is left alone; it does not keep the process alive, as what it watches over (a socket)
 * does so itself. One that is not lasting is gone when it is disarmed.
 */
export class DeadlineTimer {
  readonly #lasting: boolean
  #timer: NodeJS.Timeout | null = null
  #delayMs = 0
  #onExpired: (() => void) | null = null

  constructor(lasting: boolean) {
    this.#lasting = lasting
  }

  /** Calls `onExpired` after `delayMs`, unless it is armed anew or disarmed before. */
  arm(delayMs: number, onExpired: () => void): void {
    if (this.#timer !== null && this.#delayMs === delayMs) {
      this.#timer.refresh()
    } else {
      this.close()
      this.#delayMs = delayMs
      this.#timer = setTimeout(() => this.#expire(), delayMs)
      if (this.#lasting) this.#timer.unref()
    }
    this.#onExpired = onExpired
  }

  disarm(): void {
    this.#onExpired = null
    if (!this.#lasting) this.close()
  }

  /** Nothing of it is left. It may be armed again. */
  close(): void {
    this.#onExpired = null
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  #expire(): void {
    const onExpired = this.#onExpired
    this.#onExpired = null
    onExpired?.()
  }
}
