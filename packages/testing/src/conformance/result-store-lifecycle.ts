import assert from 'node:assert/strict'
import type { ResultStore } from '@sealift/core'
import { collect, refused, sampleResult, sampleTask, started, withoutRecordedAt } from './result-store-samples.ts'
import type { ResultStoreSuite } from './result-store-subject.ts'

/** Open, abort, close, and what is left afterwards. */
export function resultStoreLifecycle({ describe, test, subject }: ResultStoreSuite): void {
  describe('lifecycle', () => {
    test('open is idempotent, also at once, and says whether writes are durable', async (store) => {
      await Promise.all([store.open(), store.open(), store.open()])
      await store.open()
      assert.equal(store.durable, subject.capabilities.durable)
    })

    test('an aborted signal rejects with its reason, and nothing is written', async (store) => {
      const task = await started(store, 't')
      const reason = new Error('enough')
      const signal = AbortSignal.abort(reason)
      const calls: (() => Promise<unknown>)[] = [
        () => store.open({ signal }),
        () => store.startTask(sampleTask('u'), { signal }),
        () => store.saveResults(task, [sampleResult('t')], { signal }),
        () => store.checkpoint(task, 'x', { signal }),
        () => store.finishTask(task, 'completed', { signal }),
        () => store.getTask('t', { signal }),
        () => store.listTasks({}, { signal }),
        () => store.summary('t', { signal }),
        () => collect(store.results({}, { signal })),
        () => collect(store.failures({}, { signal })),
        () => store.findVerified({ bucket: 'b', key: 'k' }, { signal }),
        () => store.removeUpload(task, 'x', { signal }),
        () => store.openUploads('t', { signal }),
        () => store.acquireLease('t', 'me', 1000, { signal }),
        () => store.prune({ finishedBefore: new Date() }, { signal }),
      ]
      for (const call of calls) await assert.rejects(call, (error) => error === reason)
      assert.equal(await store.getTask('u'), null)
      const record = await store.getTask('t')
      assert.deepEqual([record?.status, record?.totalObjects, record?.checkpoint, record?.leaseEpoch], ['running', 0, null, 0])
    })

    test('an abort in the middle of a stream ends it', async (store) => {
      const task = await started(store, 't')
      await store.saveResults(
        task,
        Array.from({ length: 50 }, (_, index) => sampleResult('t', { key: `k${index}` })),
      )
      const controller = new AbortController()
      const reason = new Error('enough')
      let seen = 0
      await assert.rejects(
        async () => {
          for await (const _row of store.results({}, { signal: controller.signal })) {
            seen += 1
            if (seen === 10) controller.abort(reason)
          }
        },
        (error) => error === reason,
      )
      assert.equal(seen, 10)
    })

    test('an abort while writing leaves all of the batch or nothing', async (store) => {
      const task = await started(store, 't')
      for (let round = 0; round < 10; round += 1) {
        const controller = new AbortController()
        const batch = Array.from({ length: 100 }, (_, index) => sampleResult('t', { key: `${round}/${index}` }))
        const saving = store.saveResults(task, batch, { signal: controller.signal })
        setTimeout(() => controller.abort(), round)
        await saving.catch((error: unknown) => assert.equal(error, controller.signal.reason))
      }
      // behind whatever the aborted calls still do
      await store.saveResults(task, [sampleResult('t', { key: 'last' })])
      const rows = await collect(store.results())
      assert.equal((rows.length - 1) % 100, 0)
      assert.equal((await store.getTask('t'))?.totalObjects, rows.length)
    })

    test('close is idempotent, and every use after it is refused', async (store) => {
      const task = await started(store, 't')
      await Promise.all([store.close(), store.close()])
      await store.close()
      await store[Symbol.asyncDispose]()
      const calls: (() => Promise<unknown>)[] = [
        () => store.open(),
        () => store.startTask(sampleTask('t')),
        () => store.saveResults(task, [sampleResult('t')]),
        () => store.getTask('t'),
        () => store.summary(),
        () => collect(store.results()),
        () => store.acquireLease('t', 'me', 1000),
        () => store.openUploads(),
      ]
      for (const call of calls) await refused(call(), 'ERR_INVALID_STATE')
    })

    test('a store that was never opened can be closed', async () => {
      const unopened = await subject.create()
      await unopened.close()
    })

    const { reopen } = subject
    if (reopen !== undefined) {
      test('what was written is there after close and open', async (store) => {
        const task = await started(store, 't')
        const results = [sampleResult('t'), sampleResult('t', { key: '\u0000😀', verdict: 'mismatch' })]
        await store.saveResults(task, results)
        await store.checkpoint(task, 'here')
        const lease = await store.acquireLease('t', 'one', 60_000)
        const record = await store.getTask('t')
        await store.close()
        const again: ResultStore = await reopen(store)
        try {
          assert.deepEqual(await again.getTask('t'), record)
          assert.deepEqual((await collect(again.results())).map(withoutRecordedAt), [results[1], results[0]])
          await again.saveResults(lease, results)
          assert.equal((await again.getTask('t'))?.totalObjects, 2)
          assert.deepEqual(await again.startTask(sampleTask('t')), await again.getTask('t'))
        } finally {
          await again.close()
        }
      })
    }
  })
}
