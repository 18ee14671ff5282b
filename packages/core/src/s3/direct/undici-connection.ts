import type { Socket } from 'node:net'
import type { Client, Dispatcher } from 'undici'
import type { HttpOrigin } from './http-client.ts'
import { InterimFilter } from './interim-filter.ts'
import { openSocket } from './open-socket.ts'
import { MAX_HEADER_BYTES } from './reply-parser.ts'

/** Told of the connection under a request. */
export interface ConnectionListener {
  connecting(): void
  connected(): void
}

/** An idle connection is closed after this; a server's own `Keep-Alive` hint goes before. Common servers wait 5 s and more. */
const IDLE_MS = 4_000

type ClientClass = new (origin: string, options: Client.Options) => Client

/** One connection, by one undici `Client`: so we know its socket, whether it served before, and can drop it alone. */
export class UndiciConnection {
  readonly origin: HttpOrigin
  /** the request that it serves */
  listener: ConnectionListener | null = null
  /** replies that came whole over the present socket */
  served = 0
  readonly #client: Client
  readonly #filter = new InterimFilter()
  readonly #onClose: (connection: UndiciConnection) => void
  #socket: Socket | null = null
  #ready = false
  #dropped = false

  constructor(ClientOf: ClientClass, origin: HttpOrigin, onClose: (connection: UndiciConnection) => void) {
    this.origin = origin
    this.#onClose = onClose
    this.#client = new ClientOf(origin.key, {
      pipelining: 1,
      allowH2: false,
      maxHeaderSize: MAX_HEADER_BYTES,
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: IDLE_MS,
      // the deadlines are our own
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (_options, callback) => this.#open(callback as (error: Error | null, socket: Socket | null) => void),
    })
  }

  /** A request can go out without a handshake. */
  get isOpen(): boolean {
    return this.#ready && !this.#dropped && this.#socket?.destroyed === false
  }

  /** Bytes of the request that the kernel has not taken. */
  get unsentBytes(): number {
    return this.#socket?.writableLength ?? 0
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    if (!this.isOpen) this.listener?.connecting()
    this.#client.dispatch(options, handler)
  }

  /** The next byte begins a reply. */
  expectReply(): void {
    this.#filter.expectReply()
  }

  /** Closes it at once, whatever is under way. Idempotent. */
  drop(): void {
    if (this.#dropped) return
    this.#dropped = true
    this.#client.destroy().then(undefined, () => {})
    this.#socket?.destroy()
  }

  #open(callback: (error: Error | null, socket: Socket | null) => void): void {
    this.served = 0
    this.#ready = false
    this.listener?.connecting()
    const socket = openSocket(this.origin, (error) => {
      if (error !== null) return callback(error, null)
      this.#ready = true
      this.listener?.connected()
      callback(null, socket)
    })
    this.#socket = socket
    if (this.#dropped) socket.destroy()
    socket.once('close', () => this.#onClose(this))
    const read = socket.read.bind(socket)
    socket.read = (sizeBytes) => {
      for (;;) {
        const chunk = read(sizeBytes) as Buffer | null
        if (chunk === null) return null
        const rest = this.#filter.pass(chunk)
        if (rest !== null) return rest
      }
    }
  }
}
