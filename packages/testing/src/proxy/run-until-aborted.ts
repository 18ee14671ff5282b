/**
 * Waits for `run`, but no longer than until the signal is aborted.
 * @throws what `run` throws, or the signal's reason
 */
export async function runUntilAborted(run: () => void | Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  let stop: () => void = () => {}
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop)
  })
  try {
    await Promise.race([run(), aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
