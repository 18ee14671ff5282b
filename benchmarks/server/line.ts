/** `setTimeout` is late by up to a millisecond: the rest of a wait is slept through in naps, between which the sockets are looked at. */
const TIMER_SLACK_MS = 1.2
const NAP_MS = 0.05

export interface LineRates {
  readonly bytesPerSecond: number
  readonly delayMs: number
}

interface Due {
  readonly atMs: number
  readonly act: () => void
}

/** A line with two directions that do not hinder each other, as full-duplex Ethernet has them. */
export class Line {
  readonly up: LineDirection
  readonly down: LineDirection
  #waitsFor: { readonly atMs: number; readonly timer: NodeJS.Timeout | null } | null = null
  /** something came or went since the sockets were looked at last: they may have more, and a nap would make the server the bottleneck */
  #isBusy = false

  constructor(rates: LineRates) {
    const onSent = (arrivesAtMs: number): void => {
      this.#isBusy = true
      if (this.#waitsFor === null) this.#wait()
      else if (this.#waitsFor.timer !== null && arrivesAtMs < this.#waitsFor.atMs) {
        clearTimeout(this.#waitsFor.timer)
        this.#wait()
      }
    }
    this.up = new LineDirection(rates, onSent)
    this.down = new LineDirection(rates, onSent)
  }

  readonly #deliver = (): void => {
    const delivered = this.up.deliver() + this.down.deliver()
    if (delivered > 0) this.#isBusy = true
    this.#wait()
  }

  #wait(): void {
    const atMs = Math.min(this.up.nextAtMs, this.down.nextAtMs)
    if (atMs === Number.POSITIVE_INFINITY) {
      this.#waitsFor = null
      return
    }
    const waitMs = atMs - performance.now()
    if (waitMs > TIMER_SLACK_MS) {
      this.#waitsFor = { atMs, timer: setTimeout(this.#deliver, waitMs - TIMER_SLACK_MS) }
      return
    }
    if (waitMs > 0 && !this.#isBusy) Atomics.wait(nap, 0, 0, Math.min(waitMs, NAP_MS))
    this.#isBusy = false
    this.#waitsFor = { atMs, timer: null }
    setImmediate(this.#deliver)
  }
}

/** One direction: a byte goes after the one before it, whichever connection that was of, and arrives `delayMs` later. */
export class LineDirection {
  readonly #bytesPerMs: number
  readonly #delayMs: number
  readonly #onSent: (arrivesAtMs: number) => void
  /** when all that was sent so far is on its way */
  #freeAtMs = 0
  /** what arrives, in order */
  #dues: Due[] = []
  #first = 0

  constructor({ bytesPerSecond, delayMs }: LineRates, onSent: (arrivesAtMs: number) => void) {
    this.#bytesPerMs = bytesPerSecond / 1000
    this.#delayMs = delayMs
    this.#onSent = onSent
  }

  /** @param arrive - called when the last of so many bytes is there, after everything that was sent before */
  send(sizeBytes: number, arrive: () => void): void {
    this.#freeAtMs = Math.max(this.#freeAtMs, performance.now()) + sizeBytes / this.#bytesPerMs
    const atMs = this.#freeAtMs + this.#delayMs
    this.#dues.push({ atMs, act: arrive })
    this.#onSent(atMs)
  }

  /** Infinity where nothing is on its way */
  get nextAtMs(): number {
    return this.#dues[this.#first]?.atMs ?? Number.POSITIVE_INFINITY
  }

  /** Hands on what has arrived. @returns how many pieces it was */
  deliver(): number {
    let delivered = 0
    for (let due = this.#dues[this.#first]; due !== undefined && due.atMs <= performance.now(); due = this.#dues[this.#first]) {
      this.#first += 1
      delivered += 1
      due.act()
    }
    if (this.#first === this.#dues.length || this.#first > 1_000) {
      this.#dues = this.#dues.slice(this.#first)
      this.#first = 0
    }
    return delivered
  }
}

const nap = new Int32Array(new SharedArrayBuffer(4))
