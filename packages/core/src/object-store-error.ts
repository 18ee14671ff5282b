import { type ErrorCode, type ErrorContext, SealiftError } from './errors.ts'
import type { StoreFailureReason } from './ports/object-store.ts'

const RETRYABLE: ReadonlySet<StoreFailureReason> = new Set(['throttled', 'server-error', 'transport', 'bad-digest', 'incomplete-body', 'invalid-reply'])

/** What an `ObjectStore` rejects with: a {@link SealiftError} that also says why in the port's own terms. */
export class ObjectStoreError extends SealiftError {
  readonly reason: StoreFailureReason
  /** false: no whole reply came, so that a write may have taken effect */
  readonly replied: boolean
  /** from Retry-After, in milliseconds */
  readonly retryAfterMs: number | null
  /** how often the request was sent */
  readonly attempts: number

  constructor(
    code: ErrorCode,
    message: string,
    details: {
      readonly reason: StoreFailureReason
      readonly replied: boolean
      readonly context: ErrorContext
      readonly retryAfterMs?: number | null
      readonly attempts?: number
      readonly cause?: unknown
    },
  ) {
    super(code, message, {
      retryable: RETRYABLE.has(details.reason),
      context: details.context,
      ...(details.cause === undefined ? {} : { cause: details.cause }),
    })
    this.reason = details.reason
    this.replied = details.replied
    this.retryAfterMs = details.retryAfterMs ?? null
    this.attempts = details.attempts ?? 1
  }
}
