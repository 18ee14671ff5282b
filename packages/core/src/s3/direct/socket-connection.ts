import type { Socket } from 'node:net'
import { DeadlineTimer } from '../deadline-timer.ts'
import { type HttpOrigin, READ_BYTES } from './http-client.ts'
import { openSocket } from './open-socket.ts'

/** What a connection tells the request that it serves. */
export interface ConnectionUser {
  /** it can be written to */
  onReady(): void
  /** Bytes came; they are gone once this returns, but where it returns false: then no more are read, and they stay, until `resume`. */
  onBytes(bytes: Buffer): boolean
  /** the server sends nothing more */
  onEnd(): void
  /** it is gone */
  onClose(error: Error | null): void
}

/** One connection. Everything is read into one buffer of its own: a buffer for each read is what the collector of newer Nodes stumbles over. */
export class SocketConnection {
  readonly origin: HttpOrigin
  /** of the request that it serves */
  readonly timer: DeadlineTimer = new DeadlineTimer(true)
  /** replies that came whole */
  served = 0
  /** monotonic, when it became idle */
  idleSinceMs = 0
  /** how long it may be idle: what the server said it waits, less a margin */
  maxIdleMs = 0
  readonly #socket: Socket
  readonly #onClose: (connection: SocketConnection) => void
  #user: ConnectionUser | null
  #ready = false
  #ended = false
  #dropped = false
  #error: Error | null = null
  #paused = false

  /** @param onClose - called once */
  constructor(origin: HttpOrigin, user: ConnectionUser, onClose: (connection: SocketConnection) => void) {
    this.origin = origin
    this.#user = user
    this.#onClose = onClose
    this.#socket = openSocket(
      origin,
      (error) => {
        if (error !== null) return this.#closed(error)
        this.#ready = true
        this.#user?.onReady()
      },
      { buffer: Buffer.allocUnsafeSlow(READ_BYTES), callback: (size, buffer) => this.#onRead(size, buffer) },
    )
    this.#socket.on('error', (error) => {
      this.#error ??= error
    })
    this.#socket.once('end', () => {
      this.#ended = true
      const current = this.#user
      if (current === null) this.drop()
      else current.onEnd()
    })
    this.#socket.once('close', () => this.#closed(this.#error))
  }

  /** A request can go out now. */
  get isOpen(): boolean {
    return this.#ready && !this.#ended && !this.#dropped && !this.#socket.destroyed
  }

  /** Bytes that the kernel has not taken. */
  get unsentBytes(): number {
    return this.#socket.writableLength
  }

  /** Serves a request again. */
  take(user: ConnectionUser): void {
    this.#user = user
    this.#socket.ref()
  }

  /** Serves nobody, and does not keep the process alive. */
  release(): void {
    this.#user = null
    this.#socket.unref()
    this.resume()
  }

  write(bytes: Uint8Array | string): void {
    if (typeof bytes === 'string') this.#socket.write(bytes, 'latin1')
    else this.#socket.write(bytes)
  }

  /**
   * One of many pieces.
   * @param onSent - it is not read any more; not called where the connection breaks
   * @returns false: wait for `onDrain` before writing more
   */
  writePiece(bytes: Uint8Array, onDrain: () => void, onSent: () => void): boolean {
    const taken = this.#socket.write(bytes, (error) => {
      if (error === undefined || error === null) onSent()
    })
    if (!taken) this.#socket.once('drain', onDrain)
    return taken
  }

  /** Both in one go. */
  writeTwo(head: string, bytes: Uint8Array): void {
    this.#socket.cork()
    this.#socket.write(head, 'latin1')
    this.#socket.write(bytes)
    this.#socket.uncork()
  }

  /** Reads on. */
  resume(): void {
    if (!this.#paused) return
    this.#paused = false
    this.#socket.resume()
  }

  /** Closes it at once, whatever is under way; nothing is told any more. Idempotent. */
  drop(): void {
    if (this.#dropped) return
    this.#dropped = true
    this.#user = null
    this.timer.close()
    this.#socket.destroy()
  }

  #onRead(sizeBytes: number, buffer: Uint8Array): boolean {
    // after a drop what was read is nobody's
    if (this.#dropped) return false
    if (this.#user === null) {
      // nobody asked
      this.drop()
      return false
    }
    const goesOn = this.#user.onBytes((buffer as Buffer).subarray(0, sizeBytes))
    if (!goesOn) this.#paused = true
    return goesOn
  }

  #closed(error: Error | null): void {
    const user = this.#user
    this.#user = null
    this.#dropped = true
    this.timer.close()
    this.#socket.destroy()
    this.#onClose(this)
    user?.onClose(error)
  }
}
