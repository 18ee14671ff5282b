import type net from 'node:net'
import type { TcpFault } from './tcp-fault.ts'

/** How long bytes before an RST get to arrive, so that the peer reads them first. */
const BEFORE_RESET_MS = 5
/** A sender that is this far ahead of the rate is made to wait. */
const AHEAD_OF_RATE_MS = 50
/** So much may wait for its delay before the sender is made to wait too. */
const HELD_BYTES = 4 << 20

/** One direction of a proxied connection, with its fault. */
export class TcpPipe {
  readonly #from: net.Socket
  readonly #to: net.Socket
  readonly #fault: TcpFault
  /** What is to be done, in order, and when. */
  readonly #queue: { readonly at: number; readonly act: () => void }[] = []
  #timer: NodeJS.Timeout | null = null
  readonly #reset: () => void
  readonly #count: (bytes: number) => void
  #seen = 0
  #held = 0
  /** When, by the rate, the next piece may go. */
  #freeAt = 0
  #over = false

  constructor(from: net.Socket, to: net.Socket, fault: TcpFault, reset: () => void, count: (bytes: number) => void) {
    this.#from = from
    this.#to = to
    this.#fault = fault
    this.#reset = reset
    this.#count = count
    from.on('data', (piece: Buffer) => this.#pass(piece))
    from.once('end', () => {
      if (!this.#over) this.#later(this.#waitMs(Date.now()), () => to.end())
    })
  }

  /** Nothing more passes; no timer is left. */
  stop(): void {
    this.#over = true
    this.#queue.length = 0
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  #pass(arrived: Buffer): void {
    if (this.#over) return
    const { corruptAt, endAt, resetAt, stallAt, rateBytesPerSecond } = this.#fault
    const start = this.#seen
    this.#seen += arrived.length
    let piece = arrived
    if (corruptAt !== undefined && corruptAt >= start && corruptAt < this.#seen) {
      piece = Buffer.from(arrived)
      piece.writeUInt8(piece.readUInt8(corruptAt - start) ^ 0xff, corruptAt - start)
    }
    const stopAt = Math.min(endAt ?? Infinity, resetAt ?? Infinity, stallAt ?? Infinity)
    const last = stopAt < this.#seen
    if (last) {
      piece = piece.subarray(0, stopAt - start)
      this.#over = true
      this.#from.pause()
    }
    this.#count(piece.length)
    this.#held += piece.length
    const now = Date.now()
    if (rateBytesPerSecond !== undefined) this.#freeAt = Math.max(this.#freeAt, now) + (piece.length / rateBytesPerSecond) * 1000
    this.#later(this.#waitMs(now), () => {
      this.#held -= piece.length
      if (this.#to.destroyed) return
      const roomy = piece.length === 0 || this.#to.write(piece)
      if (last) {
        if (stopAt === resetAt) this.#later(BEFORE_RESET_MS, this.#reset)
        else if (stopAt === endAt) this.#to.end()
      } else if (!roomy) this.#to.once('drain', () => this.#continue())
      else this.#continue()
    })
    if (!last && (this.#to.writableNeedDrain || this.#held > HELD_BYTES || this.#freeAt - now > AHEAD_OF_RATE_MS)) this.#from.pause()
  }

  /** Reads on, if what is under way allows it. */
  #continue(): void {
    if (this.#over || this.#to.writableNeedDrain || this.#held > HELD_BYTES) return
    const aheadMs = this.#freeAt - Date.now()
    if (aheadMs > AHEAD_OF_RATE_MS) this.#later(aheadMs, () => this.#continue())
    else this.#from.resume()
  }

  #waitMs(now: number): number {
    return (this.#fault.delayMs ?? 0) + Math.max(0, this.#freeAt - now)
  }

  /** Acts keep their order, whatever the timers' rounding. */
  #later(waitMs: number, act: () => void): void {
    if (waitMs <= 0 && this.#queue.length === 0) {
      act()
      return
    }
    this.#queue.push({ at: Math.max(Date.now() + waitMs, this.#queue.at(-1)?.at ?? 0), act })
    this.#arm()
  }

  #arm(): void {
    const first = this.#queue[0]
    if (this.#timer !== null || first === undefined) return
    this.#timer = setTimeout(
      () => {
        this.#timer = null
        while (this.#queue[0] !== undefined && this.#queue[0].at <= Date.now()) this.#queue.shift()?.act()
        this.#arm()
      },
      Math.max(1, first.at - Date.now()),
    )
  }
}
