import { STATUS_CODES } from 'node:http'

const DEFAULT_CODES: Readonly<Record<number, string>> = { 429: 'TooManyRequests', 500: 'InternalError', 503: 'SlowDown' }

/** A whole HTTP reply with an S3 error document (no body for HEAD), as it goes on the wire. */
export function s3ErrorReply(options: {
  readonly method: string
  readonly status: number
  readonly code?: string | undefined
  readonly retryAfterSeconds?: number | undefined
  readonly requestId: string
  readonly close: boolean
}): Buffer {
  const { method, status, requestId } = options
  const code = options.code ?? DEFAULT_CODES[status] ?? (status === 200 ? 'InternalError' : 'UnknownError')
  const body = Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>Put here by a test's fault rule.</Message><RequestId>${requestId}</RequestId></Error>`,
  )
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `x-amz-request-id: ${requestId}`,
    `Date: ${new Date().toUTCString()}`,
    'Content-Type: application/xml',
    ...(options.retryAfterSeconds === undefined ? [] : [`Retry-After: ${options.retryAfterSeconds}`]),
    ...(options.close ? ['Connection: close'] : []),
    ...(method === 'HEAD' ? [] : [`Content-Length: ${body.length}`]),
  ]
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  return method === 'HEAD' ? head : Buffer.concat([head, body])
}
