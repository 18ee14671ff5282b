import type { Duplex } from 'node:stream'

/** How much is read ahead before the peer is made to wait. */
const READ_AHEAD_BYTES = 262_144

/**
 * Reads a socket piece by piece, and notices at once when the peer ends or breaks the connection, also while nobody is reading.
 */
export class WireReader {
  readonly #socket: Duplex
  #queue: Buffer[] = []
  #queuedBytes = 0
  #over = false
  #wake: (() => void) | null = null
  /** Resolves when the peer has ended or broken the connection. */
  readonly closed: Promise<void>

  constructor(socket: Duplex) {
    this.#socket = socket
    let settle: () => void = () => {}
    this.closed = new Promise((resolve) => {
      settle = resolve
    })
    const end = (): void => {
      this.#over = true
      settle()
      this.#signal()
    }
    socket.on('data', (piece: Buffer) => {
      this.#queue.push(piece)
      this.#queuedBytes += piece.length
      if (this.#queuedBytes > READ_AHEAD_BYTES) socket.pause()
      this.#signal()
    })
    socket.once('end', end)
    socket.once('close', end)
    socket.on('error', end)
  }

  get over(): boolean {
    return this.#over
  }

  /** Whether something came that nobody has read. */
  get unread(): boolean {
    return this.#queue.length > 0
  }

  /** The next piece, or null when the peer has ended or broken the connection. */
  async read(): Promise<Buffer | null> {
    for (;;) {
      const piece = this.#queue.shift()
      if (piece !== undefined) {
        this.#queuedBytes -= piece.length
        if (this.#queuedBytes <= READ_AHEAD_BYTES && this.#socket.isPaused()) this.#socket.resume()
        return piece
      }
      if (this.#over) return null
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** Gives back what was read too far. */
  putBack(piece: Buffer): void {
    if (piece.length === 0) return
    this.#queue.unshift(piece)
    this.#queuedBytes += piece.length
  }

  /**
   * Everything up to and including `end`.
   * @returns null when the connection is over before `end` came
   * @throws Error when `end` is not within `limitBytes`
   */
  async readThrough(end: string, limitBytes: number): Promise<Buffer | null> {
    let held: Buffer = Buffer.alloc(0)
    for (;;) {
      const piece = await this.read()
      if (piece === null) return null
      const from = Math.max(0, held.length - end.length)
      held = held.length === 0 ? piece : Buffer.concat([held, piece])
      const at = held.indexOf(end, from, 'latin1')
      if (at >= 0) {
        this.putBack(held.subarray(at + end.length))
        return held.subarray(0, at + end.length)
      }
      if (held.length > limitBytes) throw new Error(`no end of the head or line within ${limitBytes} bytes`)
    }
  }

  #signal(): void {
    const wake = this.#wake
    this.#wake = null
    wake?.()
  }
}
