import type { WriteBody } from '../../ports/object-store.ts'
import type { WireHeaders } from '../data-transport.ts'
import { TransportFailure } from '../transport-failure.ts'
import type { Deadlines } from '../watchdog.ts'

/** Where requests go. Requests to equal `key`s share connections. */
export interface HttpOrigin {
  /** `https://s3.example.com:8443` */
  readonly key: string
  readonly tls: boolean
  /** a name or an address; IPv6 without brackets */
  readonly hostname: string
  readonly port: number
}

export interface HttpRequest {
  readonly origin: HttpOrigin
  readonly method: 'GET' | 'HEAD' | 'PUT'
  /** path and query as they go over the wire; no parser touches them */
  readonly path: string
  /** name, value, name, value …; `host` among them, and `content-length` where there is a body */
  readonly headers: readonly string[]
  readonly body: WriteBody | null
  readonly signal: AbortSignal | undefined
  /** do not reuse an idle connection */
  readonly freshConnection: boolean
  readonly deadlines: Deadlines
  /** how often this request was sent, with this time; goes into errors */
  readonly attempt: number
}

/** One read of the kernel's; larger reads gain nothing. */
export const READ_BYTES: number = 128 * 1024

/** A reply's body, to be read once. */
export interface HttpBody extends AsyncIterable<Uint8Array> {
  /**
   * Copies the whole body to the beginning of `target`, without buffers of its own.
   * @param onFilled - told how much of `target` is filled, each time that bytes have arrived; what it throws ends the reply
   * @returns the number of bytes; the rest of `target` is untouched
   * @throws TransportFailure when the connection breaks or stalls, or when there is more than `target` holds
   */
  readInto(target: Uint8Array, onFilled?: (filledBytes: number) => void): Promise<number>
  /**
   * The body in chunks, without buffers of its own: each chunk is the beginning of what `take` gave for it.
   * @param take - asked when a chunk is wanted; nobody else's until its chunk came. Null: this chunk has memory of its own
   * @throws TransportFailure as iterating the body does; TypeError where `take` gives less than `READ_BYTES`
   */
  chunksIn(take: () => Uint8Array | null): AsyncGenerator<Uint8Array, void, undefined>
  /** Ends the reply; its connection is dropped where the body was not read to its end. Idempotent. */
  discard(): void
}

export interface HttpReply {
  readonly status: number
  /** names in lower case, values as Latin-1 */
  readonly headers: WireHeaders
  readonly body: HttpBody
}

/**
 * One request, one reply, over HTTP/1.1. No redirects, no retries, no decoding, no interim replies.
 * Rejects with `TransportFailure`, with `signal.reason` after an abort, and with whatever a `stream` body itself threw.
 */
export interface HttpClient {
  send(request: HttpRequest): Promise<HttpReply>
}

/** A client that keeps its connections. */
export interface PooledHttpClient extends HttpClient {
  /** connections that serve a request now */
  readonly busyConnections: number
  /** Closes the connections that serve no request. */
  dropIdle(): void
}

/** An idle connection that was reused turned out to be closed: no byte of a reply came. */
export class StaleConnection extends TransportFailure {}
