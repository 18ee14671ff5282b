import { sleep } from '../abort.ts'

/** Lets bytes through no faster than a rate; unlimited where it is null. */
export function createPace(bytesPerSecond: number | null, signal: AbortSignal): (sizeBytes: number) => Promise<void> {
  if (bytesPerSecond === null) return () => Promise.resolve()
  let freeAtMs = performance.now()
  return async (sizeBytes) => {
    const now = performance.now()
    freeAtMs = Math.max(freeAtMs, now) + (sizeBytes / bytesPerSecond) * 1000
    // short waits cost more than they pace
    if (freeAtMs - now > 20) await sleep(freeAtMs - now, signal)
  }
}
