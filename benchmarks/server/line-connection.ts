import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { Line, LineDirection } from './line.ts'

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

/** The server's end of a connection over the line, which lies between it and the client's socket. */
export class LineConnection extends Duplex {
  readonly #client: Socket
  readonly #down: LineDirection
  #downAheadBytes = 0
  /** the write that has to wait */
  #written: (() => void) | null = null

  constructor(client: Socket, line: Line) {
    super()
    this.#client = client
    this.#down = line.down
    let upAheadBytes = 0
    client.on('data', (bytes: Buffer) => {
      upAheadBytes += bytes.length
      if (upAheadBytes >= AHEAD_BYTES) client.pause()
      line.up.send(bytes.length, () => {
        upAheadBytes -= bytes.length
        if (upAheadBytes < AHEAD_BYTES) client.resume()
        // whoever reads it keeps up: what was not read yet is of the size of what is on the line
        this.push(bytes)
      })
    })
    client.once('end', () => line.up.send(0, () => this.push(null)))
    client.once('error', () => this.destroy())
    client.once('close', () => line.up.send(0, () => this.destroy()))
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    const pieceBytes = this.#downAheadBytes < LONG_FLOW_BYTES ? PIECE_BYTES : LONG_FLOW_PIECE_BYTES
    for (let start = 0; start < bytes.length; start += pieceBytes) {
      const piece = bytes.subarray(start, start + pieceBytes)
      this.#down.send(piece.length, () => {
        if (!this.#client.destroyed) this.#client.write(piece, () => this.#arrived(piece.length))
      })
    }
    this.#downAheadBytes += bytes.length
    if (this.#downAheadBytes < AHEAD_BYTES) done()
    else this.#written = done
  }

  override _final(done: () => void): void {
    this.#down.send(0, () => this.#client.end())
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#down.send(0, () => this.#client.destroySoon())
    done(error)
  }

  #arrived(sizeBytes: number): void {
    this.#downAheadBytes -= sizeBytes
    const written = this.#written
    if (written === null || this.#downAheadBytes >= AHEAD_BYTES) return
    this.#written = null
    written()
  }
}
