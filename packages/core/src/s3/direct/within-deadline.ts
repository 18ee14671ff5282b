import { TransportFailure } from '../transport-failure.ts'

/** A provider that has its answer gives it within so many turns of the microtask queue. */
const TURNS = 16

/** The promise, or the signal's reason, or a `TransportFailure` once the deadline is over. For what runs on in the caller's own code and cannot be stopped. */
export async function withinDeadline<T>(promise: Promise<T>, limits: { readonly signal: AbortSignal | undefined; readonly timeoutMs: number }): Promise<T> {
  let settled = false
  const mark = (): void => {
    settled = true
  }
  promise.then(mark, mark)
  // no timer and no listener for an answer that is there already: this runs for each request
  for (let turn = 0; turn < TURNS && !settled; turn++) await null
  return settled ? promise : raced(promise, limits)
}

function raced<T>(promise: Promise<T>, limits: { readonly signal: AbortSignal | undefined; readonly timeoutMs: number }): Promise<T> {
  const { signal, timeoutMs } = limits
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => end(() => reject(new TransportFailure('first-byte', `no answer of the client's own providers within ${timeoutMs} ms`, 0))),
      timeoutMs,
    )
    const onAbort = (): void => end(() => reject(signal?.reason))
    const end = (settle: () => void): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      settle()
    }
    if (signal?.aborted === true) return onAbort()
    signal?.addEventListener('abort', onAbort)
    promise.then(
      (value) => end(() => resolve(value)),
      (error: unknown) => end(() => reject(error)),
    )
  })
}
