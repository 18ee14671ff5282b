import type { Socket } from 'node:net'

/** What arrives at a time: at 1 Gbit/s a network card of 8,000 interrupts a second hands on as much with each. */
const PIECE_BYTES = 16 * 1024
/** What a connection has on the line where its flow is a long one: of that, Linux's receive offload hands on up to 64 KiB at once. */
const LONG_FLOW_BYTES = 256 * 1024
const LONG_FLOW_PIECE_BYTES = 64 * 1024
/**
 * A connection that has so much on the line has to wait; Linux lets one have as much (`tcp_wmem`). It is 34 ms of 1 Gbit/s, in which this process need not run and the
 * line does not stand still: with an eighth of it, a busy machine's line carried 4 % less than its rate.
 */
const AHEAD_BYTES = 4 * 1024 * 1024
/** `setTimeout` is late by up to a millisecond: the rest of a wait is slept through in naps, between which the sockets are looked at. */
const TIMER_SLACK_MS = 1.2
const NAP_MS = 0.05

interface Due {
  readonly atMs: number
  readonly act: () => void
}

/** One direction of the line: a byte goes after the one before it, whichever connection that was of, and arrives `delayMs` later. */
export class LineDirection {
  readonly #bytesPerMs: number
  readonly #delayMs: number
  /** when all that was sent so far is on its way */
  #freeAtMs = 0
  /** what arrives, in order */
  #dues: Due[] = []
  #first = 0
  #isWaiting = false

  constructor(line: { readonly bytesPerSecond: number; readonly delayMs: number }) {
    this.#bytesPerMs = line.bytesPerSecond / 1000
    this.#delayMs = line.delayMs
  }

  /** Everything that comes from one socket goes to the other, until it ends. */
  carry(from: Socket, to: Socket): void {
    let aheadBytes = 0
    const arrived = (sizeBytes: number): void => {
      aheadBytes -= sizeBytes
      if (aheadBytes < AHEAD_BYTES) from.resume()
    }
    from.on('data', (bytes: Buffer) => {
      const pieceBytes = aheadBytes < LONG_FLOW_BYTES ? PIECE_BYTES : LONG_FLOW_PIECE_BYTES
      for (let start = 0; start < bytes.length; start += pieceBytes) {
        const piece = bytes.subarray(start, start + pieceBytes)
        this.#freeAtMs = Math.max(this.#freeAtMs, performance.now()) + piece.length / this.#bytesPerMs
        this.#later(() => {
          if (!to.destroyed) to.write(piece, () => arrived(piece.length))
        })
      }
      aheadBytes += bytes.length
      if (aheadBytes >= AHEAD_BYTES) from.pause()
    })
    from.once('end', () => this.#later(() => to.end()))
    from.once('error', () => to.destroy())
    from.once('close', () => this.#later(() => to.destroySoon()))
  }

  #later(act: () => void): void {
    this.#dues.push({ atMs: Math.max(this.#freeAtMs, performance.now()) + this.#delayMs, act })
    if (this.#isWaiting) return
    this.#isWaiting = true
    this.#wait()
  }

  readonly #deliver = (): void => {
    for (;;) {
      const due = this.#dues[this.#first]
      if (due === undefined || due.atMs > performance.now()) break
      this.#first += 1
      due.act()
    }
    if (this.#first === this.#dues.length || this.#first > 1_000) {
      this.#dues = this.#dues.slice(this.#first)
      this.#first = 0
    }
    this.#wait()
  }

  #wait(): void {
    const due = this.#dues[this.#first]
    if (due === undefined) {
      this.#isWaiting = false
      return
    }
    const waitMs = due.atMs - performance.now()
    if (waitMs > TIMER_SLACK_MS) {
      setTimeout(this.#deliver, waitMs - TIMER_SLACK_MS)
      return
    }
    if (waitMs > 0) Atomics.wait(nap, 0, 0, Math.min(waitMs, NAP_MS))
    setImmediate(this.#deliver)
  }
}

const nap = new Int32Array(new SharedArrayBuffer(4))
