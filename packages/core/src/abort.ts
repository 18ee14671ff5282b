/** The signal of work that nobody can end: nothing listens to it, as all such work shares it. */
export const neverAborted: AbortSignal = new AbortController().signal

/** A signal that is aborted with either. */
export function eitherSignal(signal: AbortSignal, other: AbortSignal): AbortSignal {
  // a signal that lives for ever would note every other one
  return signal === neverAborted ? other : AbortSignal.any([signal, other])
}

/** True where waiting for an abort makes sense. */
export function canAbort(signal: AbortSignal | undefined): signal is AbortSignal {
  return signal !== undefined && signal !== neverAborted
}

/** For work of the caller's own, which may note it for ever: none where it cannot be aborted. */
export function signalFor(signal: AbortSignal): { readonly signal?: AbortSignal } {
  return canAbort(signal) ? { signal } : {}
}

/** Rejects with the signal's own reason when it is aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw signal.reason
}

/** Resolves after `delayMs`, or rejects with `signal.reason`; the timer and the listener are gone in either case. */
export function sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason)
    const onAbort = (): void => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }, delayMs)
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}

/** Like the promise, but rejects with `signal.reason` at an abort, also where the work itself does not heed the signal. The listener is gone in either case. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (!canAbort(signal)) return await work
  let onAbort: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason)
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort)
  }
}
