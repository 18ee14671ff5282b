/** One request that the server saw. */
export interface LoggedRequest {
  /** S3's name of the operation; `'Unknown'` for what is none. */
  readonly operation: string
  readonly method: string
  readonly bucket: string
  /** Decoded; empty for a request to a bucket. */
  readonly key: string
  /** Decoded query parameters; signatures are left out. */
  readonly query: Readonly<Record<string, string>>
  readonly partNumber?: number
  /** 0 when there was no answer: the connection broke or a fault ate it. */
  readonly status: number
  /** S3's error code, when the answer was an error. */
  readonly errorCode?: string
  /** Body bytes that were read: without HTTP's framing, with that of aws-chunked; a body that was refused counts 0. */
  readonly bytesIn: number
  /** Body bytes that were written. */
  readonly bytesOut: number
  /** Request headers, without `authorization` and what else is secret. */
  readonly headers: Readonly<Record<string, string>>
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  readonly durationMs: number
}

const SECRET_HEADERS = new Set([
  'authorization',
  'x-amz-security-token',
  'x-amz-server-side-encryption-customer-key',
  'x-amz-copy-source-server-side-encryption-customer-key',
])
const SECRET_PARAMETERS = new Set(['X-Amz-Signature', 'X-Amz-Credential', 'X-Amz-Security-Token'])

/** Headers that may be shown. */
export function publicHeaders(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  const shown: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) if (value !== undefined && !SECRET_HEADERS.has(name)) shown[name] = String(value)
  return shown
}

/** Query parameters that may be shown. */
export function publicParameters(parameters: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries(parameters.filter(([name]) => !SECRET_PARAMETERS.has(name)))
}

/** The latest requests, and how many there were of each operation. */
export class RequestLog {
  readonly entries: LoggedRequest[] = []
  readonly counts: Map<string, number> = new Map()
  readonly #most: number

  /** @param most - entries that are kept; the oldest go first */
  constructor(most: number) {
    this.#most = most
  }

  add(entry: LoggedRequest): void {
    this.counts.set(entry.operation, (this.counts.get(entry.operation) ?? 0) + 1)
    this.entries.push(entry)
    if (this.entries.length > this.#most) this.entries.splice(0, this.entries.length - this.#most)
  }

  clear(): void {
    this.entries.length = 0
    this.counts.clear()
  }
}
