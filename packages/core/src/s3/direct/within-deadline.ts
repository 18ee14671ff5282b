import { TransportFailure } from '../transport-failure.ts'

/** The promise, or the signal's reason, or a `TransportFailure` once the deadline is over. For what runs on in the caller's own code and cannot be stopped. */
export function withinDeadline<T>(promise: Promise<T>, limits: { readonly signal: AbortSignal | undefined; readonly timeoutMs: number }): Promise<T> {
  const { signal, timeoutMs } = limits
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(() => reject(new TransportFailure('first-byte', `no credentials within ${timeoutMs} ms`, 0))), timeoutMs)
    const onAbort = (): void => end(() => reject(signal?.reason))
    const end = (settle: () => void): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      settle()
    }
    signal?.addEventListener('abort', onAbort)
    promise.then(
      (value) => end(() => resolve(value)),
      (error: unknown) => end(() => reject(error)),
    )
  })
}
