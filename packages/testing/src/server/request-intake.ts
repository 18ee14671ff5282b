import type { IncomingMessage, ServerResponse } from 'node:http'

// a client may take its time to send what nobody wants; then the connection is cut, as by any server
const DRAIN_MS = 10_000

/** A request's body on its way in: asked for only when somebody wants it, counted, and thrown away where nobody did. */
export class RequestIntake {
  /** Body bytes that were read, as they were on the wire. */
  bytesIn = 0
  readonly #incoming: IncomingMessage
  readonly #response: ServerResponse
  #isAwaited: boolean

  constructor(incoming: IncomingMessage, response: ServerResponse) {
    this.#incoming = incoming
    this.#response = response
    this.#isAwaited = incoming.headers.expect?.toLowerCase() === '100-continue'
  }

  /** Answers `Expect: 100-continue`; to be called before the body is read. */
  begin(): void {
    if (this.#isAwaited) this.#response.writeContinue()
    this.#isAwaited = false
  }

  /** True when the client still waits for leave to send its body: after a final answer the connection is of no more use. */
  get isAwaited(): boolean {
    return this.#isAwaited
  }

  /** Reads the rest of a body that was refused, so that the client gets to read the answer. */
  async drain(): Promise<void> {
    const incoming = this.#incoming
    if (incoming.complete || incoming.destroyed || this.#isAwaited) return
    incoming.resume()
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, DRAIN_MS)
      const done = (): void => {
        clearTimeout(timer)
        resolve()
      }
      incoming.once('end', done)
      incoming.once('close', done)
    })
  }
}
