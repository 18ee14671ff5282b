import { type ErrorContext, SealiftError } from '@sealift/core'
import type { FailureKind, SqlFlavor } from './flavor.ts'

// scheme://user:password@host, and password=… in key-value connection strings
const CREDENTIALS = /([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@|(password|passwd|authtoken)\s*[=:]\s*[^\s;,]+/gi

export function failureKind(flavor: SqlFlavor, error: unknown): FailureKind {
  return flavor.classifyError(error) ?? 'other'
}

/** A driver's error as `ERR_STORE`: retryable where the database is away or busy. Connection strings never get into the message. */
export function storeError(flavor: SqlFlavor, action: string, error: unknown, context: ErrorContext = {}): SealiftError {
  if (SealiftError.is(error)) return error
  const kind = failureKind(flavor, error)
  const text = error instanceof AggregateError && error.message === '' ? String(error.errors[0]) : error instanceof Error ? error.message : String(error)
  const shown = redact(text).slice(0, 500)
  const code = (error as { code?: unknown } | null)?.code
  return new SealiftError('ERR_STORE', `the result store could not ${action}: ${shown}`, {
    retryable: kind === 'unavailable' || kind === 'busy',
    context: { ...context, ...(typeof code === 'string' ? { serverCode: code } : {}) },
    // an error that carries a secret in its text is not passed on
    ...(redact(text) === text ? { cause: error } : {}),
  })
}

function redact(text: string): string {
  return text.replace(CREDENTIALS, (_match, scheme: string | undefined, name: string | undefined) => (scheme === undefined ? `${name}=***` : `${scheme}***@`))
}
