import { resultStoreColumns } from './result-store-columns.ts'
import { resultStoreKeys } from './result-store-keys.ts'
import { resultStoreLeases } from './result-store-leases.ts'
import { resultStoreLifecycle } from './result-store-lifecycle.ts'
import { resultStoreResults } from './result-store-results.ts'
import type { ResultStoreConformanceRunner, ResultStoreConformanceSubject, ResultStoreSuite } from './result-store-subject.ts'
import { resultStoreTasks } from './result-store-tasks.ts'

/**
 * What every `ResultStore` must do, as tests for any runner.
 * Tests that need something the store does not offer (`reopen`, `query`) are not registered, and the group's title says so.
 *
 * @example
 * ```ts
 * resultStoreConformance({ describe, it }, { create: async () => new MemoryResultStore(), capabilities: { durable: false } })
 * ```
 */
export function resultStoreConformance(runner: ResultStoreConformanceRunner, subject: ResultStoreConformanceSubject): void {
  const suite: ResultStoreSuite = {
    subject,
    describe: runner.describe,
    test: (title, body) => {
      runner.it(title, async () => {
        const store = await subject.create()
        try {
          await body(store)
        } finally {
          await store.close()
        }
      })
    },
  }
  const missing = [...(subject.reopen === undefined ? ['reopen'] : []), ...(subject.query === undefined ? ['query'] : [])]
  runner.describe(`result store${missing.length === 0 ? '' : ` (not offered, and so not tested: ${missing.join(', ')})`}`, () => {
    resultStoreTasks(suite)
    resultStoreResults(suite)
    resultStoreKeys(suite)
    resultStoreLeases(suite)
    resultStoreLifecycle(suite)
    resultStoreColumns(suite)
  })
}
