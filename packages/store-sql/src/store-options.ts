import { invalidOption } from '@sealift/core'

/** How often a call is tried, and how long it waits in between. */
export interface StoreRetryOptions {
  /**
   * How many times in all a call is tried while the database is away or busy; 1 to 100.
   * @defaultValue 6
   */
  readonly attempts?: number
  /**
   * The longest wait between two tries in milliseconds; waits grow from 50 ms, doubling, with full jitter; 0 to 60,000.
   * @defaultValue 2,000
   */
  readonly maxDelayMs?: number
}

/** Options that every SQL result store has. */
export interface SqlStoreOptions {
  readonly retry?: StoreRetryOptions
  /**
   * How long one try may take in milliseconds, 100 to 3,600,000. A driver that works synchronously (SQLite) cannot be interrupted by it.
   * @defaultValue 60,000
   */
  readonly timeoutMs?: number
}

export const DEFAULT_STORE_RETRY: Required<StoreRetryOptions> = { attempts: 6, maxDelayMs: 2_000 }
export const DEFAULT_STORE_TIMEOUT_MS = 60_000

export interface ResolvedStoreOptions {
  readonly retry: Required<StoreRetryOptions>
  readonly timeoutMs: number
}

export function resolveStoreOptions(options: SqlStoreOptions): ResolvedStoreOptions {
  if (options.retry !== undefined && (typeof options.retry !== 'object' || options.retry === null)) throw invalidOption('retry', options.retry, 'an object')
  const attempts = options.retry?.attempts ?? DEFAULT_STORE_RETRY.attempts
  const maxDelayMs = options.retry?.maxDelayMs ?? DEFAULT_STORE_RETRY.maxDelayMs
  const timeoutMs = options.timeoutMs ?? DEFAULT_STORE_TIMEOUT_MS
  checkInteger('retry.attempts', attempts, 1, 100)
  checkInteger('retry.maxDelayMs', maxDelayMs, 0, 60_000)
  checkInteger('timeoutMs', timeoutMs, 100, 3_600_000)
  return { retry: { attempts, maxDelayMs }, timeoutMs }
}

function checkInteger(option: string, value: number, min: number, max: number): void {
  if (!Number.isSafeInteger(value) || value < min || value > max) throw invalidOption(option, value, `an integer from ${min} to ${max}`)
}
