import { sleep, throwIfAborted } from '../abort.ts'
import { ObjectStoreError } from '../object-store-error.ts'
import type { CopyJob } from './copy-job.ts'

/** How often a part or a small request is tried. */
export const MAX_TRIES = 4
const BASE_DELAY_MS = 100
const MAX_DELAY_MS = 10_000
/** A server that asks for more than this is not waited for any longer. */
const MAX_RETRY_AFTER_MS = 60_000

/** Backoff with full jitter; a server's Retry-After is honoured up to a minute. */
export function retryDelayMs(tryNumber: number, error: unknown, random: () => number = Math.random): number {
  const asked = error instanceof ObjectStoreError ? error.retryAfterMs : null
  const jittered = random() * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** tryNumber)
  return asked === null ? jittered : Math.min(MAX_RETRY_AFTER_MS, asked) + random() * BASE_DELAY_MS
}

/** True for a failure that another try of the same request may mend. */
export function isRetryable(error: unknown): error is ObjectStoreError {
  return error instanceof ObjectStoreError && error.retryable
}

/**
 * True for a failed write that may have taken effect all the same: its reply was lost, cannot be understood, or reports an error of the server's own
 * (a 200 may carry one).
 */
export function mayBeDone(error: ObjectStoreError): boolean {
  return !error.replied || error.attempts > 1 || error.reason === 'server-error' || error.reason === 'invalid-reply'
}

/** Waits before the next try and says so. Rejects with the signal's reason on abort. */
export async function pauseBeforeRetry(
  job: CopyJob,
  side: 'source' | 'destination',
  tryNumber: number,
  error: ObjectStoreError,
  signal: AbortSignal = job.signal,
): Promise<void> {
  const delayMs = retryDelayMs(tryNumber, error)
  if (error.reason === 'throttled') job.observer.throttled({ delayMs, side })
  job.observer.retry({ attempt: job.counters.attempts, reason: error.message, delayMs })
  await sleep(delayMs, signal)
}

/** Runs a request that may be repeated without harm, at most {@link MAX_TRIES} times. */
export async function withRetries<T>(job: CopyJob, side: 'source' | 'destination', request: (tryNumber: number) => Promise<T>): Promise<T> {
  for (let tryNumber = 1; ; tryNumber++) {
    throwIfAborted(job.signal)
    try {
      return await request(tryNumber)
    } catch (error) {
      if (tryNumber >= MAX_TRIES || !isRetryable(error)) throw error
      await pauseBeforeRetry(job, side, tryNumber, error)
    }
  }
}
