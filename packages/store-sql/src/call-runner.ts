import { SealiftError } from '@sealift/core'
import type { SqlFlavor } from './flavor.ts'
import { storeError } from './store-error.ts'
import type { ResolvedStoreOptions } from './store-options.ts'

const FIRST_DELAY_MS = 50

/** Runs calls on the database: each try has a deadline, tries are repeated while the database is away or busy, and an abort ends the wait at once. */
export class CallRunner {
  readonly #flavor: SqlFlavor
  readonly #options: ResolvedStoreOptions
  /** work that may still hold a connection, also where its caller has stopped waiting */
  readonly #running = new Set<Promise<unknown>>()

  constructor(flavor: SqlFlavor, options: ResolvedStoreOptions) {
    this.#flavor = flavor
    this.#options = options
  }

  /**
   * @param action - completes "the result store could not …"
   * @param work - may run more than once; looks at its signal between statements
   */
  async run<T>(action: string, signal: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { attempts, maxDelayMs } = this.#options.retry
    for (let attempt = 1; ; attempt += 1) {
      signal?.throwIfAborted()
      try {
        return await this.#attempt(action, signal, work)
      } catch (error) {
        if (signal?.aborted === true) throw signal.reason
        const wrapped = storeError(this.#flavor, action, error)
        if (wrapped.code !== 'ERR_STORE' || !wrapped.retryable || attempt >= attempts) throw wrapped
      }
      await sleep(Math.random() * Math.min(maxDelayMs, FIRST_DELAY_MS * 2 ** (attempt - 1)), signal)
    }
  }

  /** Waits for work that is still running, as long as one try may take; never rejects. */
  async idle(): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.#options.timeoutMs)
    })
    await Promise.race([Promise.allSettled([...this.#running]), limit])
    clearTimeout(timer)
  }

  async #attempt<T>(action: string, signal: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { timeoutMs } = this.#options
    const controller = new AbortController()
    let stop: (reason: unknown) => void = () => undefined
    const stopped = new Promise<never>((_resolve, reject) => {
      stop = reject
    })
    stopped.catch(() => undefined)
    const end = (reason: unknown): void => {
      controller.abort(reason)
      stop(reason)
    }
    const onAbort = (): void => end(signal?.reason)
    const timer = setTimeout(
      () => end(new SealiftError('ERR_STORE', `the result store could not ${action}: no answer within ${timeoutMs} ms`, { retryable: true })),
      timeoutMs,
    )
    signal?.addEventListener('abort', onAbort, { once: true })
    const running = work(controller.signal)
    this.#running.add(running)
    const done = (): void => void this.#running.delete(running)
    running.then(done, done)
    try {
      return await Promise.race([running, stopped])
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    }
  }
}

function sleep(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
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
