const MAX_INTERIM_BYTES = 16 * 1024
const START = Buffer.from('HTTP/1.1 100', 'latin1')
const END = Buffer.from('\r\n\r\n', 'latin1')

/**
 * Takes `100 Continue` out of what a server sends before its reply. A client has to bear it at any time (RFC 9110, 15.2); undici drops the connection
 * there. Other interim replies undici skips by itself.
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
      if (end === -1 || rest.byteLength < START.byteLength) {
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
  return bytes.compare(START, 0, length, 0, length) === 0
}
