import type { CloseOptions, WriteBody } from '../ports/object-store.ts'

/** The four operations that move objects; everything else is the SDK's. */
export type DataOperation = 'GetObject' | 'HeadObject' | 'PutObject' | 'UploadPart'

/** Header names are lower case throughout; values are Latin-1 or ASCII text, as they go over the wire. */
export type WireHeaders = Readonly<Record<string, string>>

export interface DataRequest {
  readonly operation: DataOperation
  readonly bucket: string
  /** raw: never normalised */
  readonly key: string
  /** `partNumber`, `uploadId`, `versionId` */
  readonly query: Readonly<Record<string, string>>
  /** everything but host, content-length, the signature and the payload's hash */
  readonly headers: WireHeaders
  readonly body?: WriteBody | undefined
  /** lower-case hex SHA-256 of a `bytes` body, if it is known */
  readonly payloadSha256?: string | undefined
  /** The server checks a `bytes` body by a signed Content-MD5: no SHA-256 is computed only to sign it, where the transport can do without. */
  readonly checkedByMd5?: boolean | undefined
  readonly signal?: AbortSignal | undefined
  /** do not reuse an idle connection */
  readonly freshConnection?: boolean | undefined
}

export interface DataReply {
  readonly status: number
  readonly headers: WireHeaders
  /**
   * The raw bytes of the reply; of an error reply at most 256 KiB. It ends with a `TransportFailure` when the connection breaks or stalls,
   * and with the signal's reason after an abort. Returning early drops the connection.
   */
  readonly body: AsyncIterable<Uint8Array>
  /**
   * Instead of `body`, where the transport can: copies the whole body to the beginning of `target`, and says how many bytes it was.
   * Rejects as `body` does, and where there is more than `target` holds. `onFilled` is told how much of `target` is filled as bytes arrive.
   */
  readInto?(target: Uint8Array, onFilled?: (filledBytes: number) => void): Promise<number>
  /** As `body`, where the transport can, without memory of its own: see `ObjectRead.bodyIn`. */
  bodyIn?(take: () => Uint8Array | null): AsyncIterable<Uint8Array>
  /** Ends the reply; its connection is dropped where the body was not read to its end. Idempotent. */
  discard(): void
  /** how often the request was sent */
  readonly attempts: number
  /** this very exchange went over TLS */
  readonly tls: boolean
}

/**
 * One request, one reply; every status is a reply. Rejects with `TransportFailure` where there was none, with `signal.reason` after an abort,
 * and with whatever a `stream` body itself threw.
 */
export interface DataTransport {
  send(request: DataRequest): Promise<DataReply>
  close(options?: CloseOptions): void
}
