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
  /** Body bytes, without HTTP's and with aws-chunked framing. */
  readonly bytesIn: number
  readonly bytesOut: number
  /** Request headers, without `authorization` and what else is secret. */
  readonly headers: Readonly<Record<string, string>>
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  readonly durationMs: number
}

const SECRET_HEADERS = new Set(['authorization', 'x-amz-security-token', 'x-amz-server-side-encryption-customer-key', 'x-amz-copy-source-server-side-encryption-customer-key'])
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
