/** Every code that a {@link SealiftError} can carry. The list is closed: a new one is a minor release. */
export const ERROR_CODES = [
  'ERR_INVALID_OPTION',
  'ERR_SOURCE_NOT_FOUND',
  'ERR_SOURCE_CHANGED',
  'ERR_SOURCE_ARCHIVED',
  'ERR_SOURCE_INCONSISTENT',
  'ERR_ACCESS_DENIED',
  'ERR_DESTINATION_EXISTS',
  'ERR_DESTINATION_CHANGED',
  'ERR_KEY_COLLISION',
  'ERR_LISTING',
  'ERR_OBJECT_TOO_LARGE',
  'ERR_INTEGRITY_MISMATCH',
  'ERR_UNVERIFIED',
  'ERR_TIMEOUT',
  'ERR_THROTTLED',
  'ERR_TRANSFER',
  'ERR_STORE',
  'ERR_DESTINATION_NOT_FOUND',
  'ERR_CREDENTIALS',
  'ERR_INVALID_STATE',
  'ERR_TASK_LOCKED',
  'ERR_TASK_CHANGED',
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]

/** Plain data about an error; never a credential, a signature or a signed URL. */
export interface ErrorContext {
  /** the option that was wrong, as a path: `source.bucket` */
  readonly option?: string
  readonly bucket?: string
  readonly key?: string
  /** HTTP status of the reply, where there was one */
  readonly status?: number
  /** the server's own error code, e.g. `SlowDown` */
  readonly serverCode?: string
  readonly requestId?: string
  readonly expected?: string
  readonly actual?: string
}

export interface SealiftErrorOptions {
  readonly retryable?: boolean
  readonly context?: ErrorContext
  readonly cause?: unknown
}

const BRAND: unique symbol = Symbol.for('sealift.error')

/**
 * The one error class of sealift. Match on {@link SealiftError.code}, not on the message.
 *
 * @example
 * ```ts
 * try { await migrateObject(options) } catch (error) {
 *   if (SealiftError.is(error) && error.code === 'ERR_INTEGRITY_MISMATCH') console.error(error.result)
 * }
 * ```
 */
export class SealiftError extends Error {
  readonly code: ErrorCode
  /** true where the same call may succeed later without a change on the caller's side */
  readonly retryable: boolean
  readonly context: ErrorContext
  /** The `ObjectResult` of the object, where there is one (typed `unknown` here: errors know no results). */
  result?: unknown

  constructor(code: ErrorCode, message: string, options: SealiftErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'SealiftError'
    this.code = code
    this.retryable = options.retryable ?? false
    this.context = options.context ?? {}
    // set here, not declared as a field: a symbol-named class member fails isolatedDeclarations
    Object.defineProperty(this, BRAND, { value: true })
  }

  /** True for an error of this class, also one thrown by a second copy of sealift in the same process. */
  static is(error: unknown): error is SealiftError {
    return typeof error === 'object' && error !== null && (error as Record<symbol, unknown>)[BRAND] === true
  }
}

/**
 * The error for an option that cannot be used: names the option, what was given and what was expected.
 * @param actual - shown as JSON and cut to 120 characters; pass a description instead of a value that may be a secret
 */
export function invalidOption(option: string, actual: unknown, expected: string): SealiftError {
  const shown = describeValue(actual)
  return new SealiftError('ERR_INVALID_OPTION', `option ${option}: expected ${expected}, got ${shown}`, {
    context: { option, expected, actual: shown },
  })
}

/** What a value is, in at most 120 characters: primitives as they are, objects by their kind only (they may hold secrets). */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'undefined'
  if (value === null) return 'null'
  if (typeof value === 'string' && /X-Amz-(?:Signature|Credential|Security-Token)|Signature=/i.test(value)) return 'a signed URL, which is not shown'
  if (typeof value === 'string') return JSON.stringify(value.length > 100 ? `${value.slice(0, 100)}…` : value)
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'object') return Array.isArray(value) ? `an array of ${value.length}` : `an object (${value.constructor?.name ?? 'no prototype'})`
  return String(value)
}
