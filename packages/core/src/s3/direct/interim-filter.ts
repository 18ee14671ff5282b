const MAX_INTERIM_BYTES = 16 * 1024
const START = Buffer.from('HTTP/1.1 1', 'latin1')
const STATUS_END = START.byteLength + 2
const SWITCH = 'HTTP/1.1 101'
const END = Buffer.from('\r\n\r\n', 'latin1')

/**
 * Takes interim replies (1xx) out of what a server sends before its reply. A client has to bear them at any time (RFC 9110, 15.2); undici drops the
 * connection at a `100 Continue`. `101 Switching Protocols` is none of them.
 */
export class InterimFilter {
  #atStart = false
  #held: Buffer | null = null

  /** A request goes out: the next byte begins its reply. */
  expectReply(): void {
    this.#atStart = true
    this.#held = null
  }

  /** What is left of a chunk; null where nothing is. */
  pass(chunk: Buffer): Buffer | null {
    if (!this.#atStart) return chunk
    let rest = this.#held === null ? chunk : Buffer.concat([this.#held, chunk])
    this.#held = null
    for (;;) {
      if (!startsInterim(rest)) {
        this.#atStart = false
        return rest
      }
      const end = rest.indexOf(END)
      if (end === -1 || rest.byteLength < STATUS_END) {
        if (rest.byteLength > MAX_INTERIM_BYTES) {
          this.#atStart = false
          return rest
        }
        this.#held = rest
        return null
      }
      rest = rest.subarray(end + END.byteLength)
      if (rest.byteLength === 0) return null
    }
  }
}

/** True also while too little is there to tell. HTTP/1.0 has no interim replies. */
function startsInterim(bytes: Buffer): boolean {
  const length = Math.min(bytes.byteLength, START.byteLength)
  if (bytes.compare(START, 0, length, 0, length) !== 0) return false
  return bytes.byteLength < STATUS_END || bytes.toString('latin1', 0, STATUS_END) !== SWITCH
}
