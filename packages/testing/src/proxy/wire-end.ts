import net from 'node:net'
import tls from 'node:tls'
import { resetTcp } from '../reset-tcp.ts'
import { WireReader } from './wire-reader.ts'

/** One end of a proxied connection: reads, writes with back-pressure, and closes in the three ways that a network knows. */
export class WireEnd {
  readonly #socket: net.Socket
  readonly #raw: net.Socket
  readonly reader: WireReader

  /**
   * @param socket - what is read and written: plain or TLS
   * @param raw - the TCP socket below it, which alone can be reset
   */
  constructor(socket: net.Socket, raw: net.Socket) {
    this.#socket = socket
    this.#raw = raw
    this.reader = new WireReader(socket)
    raw.on('error', () => {})
  }

  /** Writes, and waits while the peer is slow. Bytes for an end that is gone are dropped. */
  async write(bytes: Buffer): Promise<void> {
    if (this.#socket.destroyed || !this.#socket.writable || this.#socket.write(bytes)) return
    await new Promise<void>((resolve) => {
      const settle = (): void => {
        this.#socket.off('drain', settle)
        this.#socket.off('close', settle)
        resolve()
      }
      this.#socket.once('drain', settle)
      this.#socket.once('close', settle)
    })
  }

  /** FIN, after what was written. */
  end(): void {
    this.#socket.end()
  }

  /** Closed at once; what was written may be lost. */
  destroy(): void {
    this.#socket.destroy()
    this.#raw.destroy()
  }

  /** RST. */
  reset(): void {
    if (!this.#raw.destroyed) resetTcp(this.#raw, this.#socket)
    this.#socket.destroy()
  }
}

/** Where a connection goes. */
export interface WireTarget {
  readonly host: string
  readonly port: number
  /** TLS to the server; null for plain TCP. */
  readonly tls: { readonly ca?: string | Buffer; readonly rejectUnauthorized?: boolean } | null
}

/** Connects; rejects when the server refuses. */
export async function connectWire(target: WireTarget): Promise<WireEnd> {
  const raw = net.connect({ host: target.host, port: target.port, noDelay: true })
  const socket = target.tls === null ? raw : tls.connect({ socket: raw, ...target.tls, ...(net.isIP(target.host) === 0 ? { servername: target.host } : {}) })
  await new Promise<void>((resolve, reject) => {
    raw.once('error', reject)
    socket.once('error', reject)
    socket.once(target.tls === null ? 'connect' : 'secureConnect', resolve)
  }).catch((error: unknown) => {
    raw.destroy()
    throw error
  })
  return new WireEnd(socket, raw)
}
