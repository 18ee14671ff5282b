import pLimit from 'p-limit'
import { eitherSignal } from '../abort.ts'
import type { CopyJob } from './copy-job.ts'

/** Parts of one object in flight at once. */
export const PART_CONCURRENCY = 4

/** Hands one part over; resolves when there is room for the next, not when it has been sent. Rejects once any part has failed. */
export type Send = (task: (signal: AbortSignal) => Promise<void>) => Promise<void>

/**
 * Runs part uploads side by side. The first failure stops the others and is what the call rejects with; when it settles, no part is in flight any more.
 */
export async function sendParts(job: CopyJob, produce: (send: Send) => Promise<void>, concurrency: number = PART_CONCURRENCY): Promise<void> {
  const stop = new AbortController()
  const signal = eitherSignal(job.signal, stop.signal)
  const limit = pLimit(concurrency)
  const running = new Set<Promise<void>>()
  let failure: { readonly error: unknown } | null = null
  const fail = (error: unknown): void => {
    failure ??= { error }
    stop.abort(error)
  }
  const send: Send = async (task) => {
    if (failure !== null) throw failure.error
    const sent = limit(() => task(signal)).catch(fail)
    running.add(sent)
    void sent.finally(() => running.delete(sent))
    // back-pressure: no more tasks wait than run
    while (running.size >= concurrency && failure === null) await Promise.race(running)
    if (failure !== null) throw (failure as { readonly error: unknown }).error
  }
  try {
    await produce(send)
  } catch (error) {
    fail(error)
  }
  await Promise.all(running)
  if (failure !== null) throw (failure as { readonly error: unknown }).error
}
