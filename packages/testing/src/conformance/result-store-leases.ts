import assert from 'node:assert/strict'
import { collect, ISO_INSTANT, pause, refused, sampleResult, started } from './result-store-samples.ts'
import type { ResultStoreSuite } from './result-store-subject.ts'

/** Leases and epochs: one driver a task, and a writer that lost its lease writes nothing. */
export function resultStoreLeases({ describe, test, subject }: ResultStoreSuite): void {
  describe('leases', () => {
    test('a lease is granted once, extended, given back, and every grant raises the epoch', async (store) => {
      await started(store, 't')
      const lease = await store.acquireLease('t', 'one', 60_000)
      assert.deepEqual([lease.taskId, lease.owner, lease.epoch], ['t', 'one', 1])
      assert.match(lease.expiresAt, ISO_INSTANT)
      assert.ok(Math.abs(Date.parse(lease.expiresAt) - Date.now() - 60_000) < 30_000)
      const record = await store.getTask('t')
      assert.deepEqual([record?.leaseOwner, record?.leaseEpoch, record?.leaseExpiresAt], ['one', 1, lease.expiresAt])
      const locked = await refused(store.acquireLease('t', 'two', 1000), 'ERR_TASK_LOCKED')
      assert.equal(locked.retryable, false)
      const longer = await store.heartbeat(lease, 120_000)
      assert.equal(longer.epoch, 1)
      assert.ok(Date.parse(longer.expiresAt) > Date.parse(lease.expiresAt))
      assert.equal((await store.acquireLease('t', 'one', 60_000)).epoch, 2)
      await refused(store.heartbeat(lease, 1000), 'ERR_TASK_LOCKED')
      await store.releaseLease({ ...lease, epoch: 2 })
      await store.releaseLease({ ...lease, epoch: 2 })
      await refused(store.heartbeat({ ...lease, epoch: 2 }, 1000), 'ERR_TASK_LOCKED')
      assert.equal((await store.acquireLease('t', 'two', 60_000)).epoch, 3)
    })

    test('a lease that ran out can be taken over, and the old owner is refused everything', async (store) => {
      await started(store, 't')
      const old = await store.acquireLease('t', 'one', 30)
      await store.saveResults(old, [sampleResult('t', { key: 'before' })])
      await pause(60)
      const taken = await store.acquireLease('t', 'two', 60_000)
      assert.equal(taken.epoch, 2)
      for (const epoch of [0, 1]) {
        const stale = { taskId: 't', epoch }
        await refused(store.saveResults(stale, [sampleResult('t', { key: 'stale' })]), 'ERR_TASK_LOCKED')
        await refused(store.checkpoint(stale, 'stale'), 'ERR_TASK_LOCKED')
        await refused(store.finishTask(stale, 'completed'), 'ERR_TASK_LOCKED')
        await refused(store.removeUpload(stale, 'x'), 'ERR_TASK_LOCKED')
        await refused(
          store.saveUpload(stale, {
            taskId: 't',
            key: 'k',
            versionId: null,
            uploadId: 'x',
            sourceEtag: null,
            partSizeBytes: 1,
            parts: 1,
            createdAt: '2026-01-01T00:00:00.000Z',
          }),
          'ERR_TASK_LOCKED',
        )
      }
      await refused(store.heartbeat(old, 1000), 'ERR_TASK_LOCKED')
      await store.releaseLease(old)
      assert.equal((await store.getTask('t'))?.leaseOwner, 'two')
      await store.saveResults(taken, [sampleResult('t', { key: 'after' })])
      assert.deepEqual(
        (await collect(store.results())).map((row) => row.source.key),
        ['after', 'before'],
      )
      assert.equal((await store.getTask('t'))?.checkpoint, null)
    })

    test('an epoch that was never granted is refused', async (store) => {
      await started(store, 't')
      await refused(store.saveResults({ taskId: 't', epoch: 1 }, [sampleResult('t')]), 'ERR_INVALID_STATE')
    })

    test('of many that ask at once, one is granted', async (store) => {
      await started(store, 't')
      const answers = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => store.acquireLease('t', `owner-${index}`, 60_000)))
      assert.equal(answers.filter((answer) => answer.status === 'fulfilled').length, 1)
      assert.equal((await store.getTask('t'))?.leaseEpoch, 1)
    })

    const { reopen } = subject
    if (reopen !== undefined) {
      test('two stores over the same data see each other: leases, epochs, rows, counts', async (store) => {
        const other = await reopen(store)
        try {
          const task = await started(store, 't')
          await started(other, 't')
          const write = async (writer: typeof store, name: string): Promise<void> => {
            for (let index = 0; index < 20; index += 1)
              await writer.saveResults(task, [sampleResult('t', { key: `${name}${index}` }), sampleResult('t', { key: `both${index}` })])
          }
          await Promise.all([write(store, 'a'), write(other, 'b')])
          for (const reader of [store, other]) {
            const record = await reader.getTask('t')
            assert.deepEqual([record?.totalObjects, record?.verifiedObjects, record?.totalBytes], [60, 60, 60 * 1234])
            assert.equal((await collect(reader.results())).length, 60)
          }
          const lease = await store.acquireLease('t', 'one', 60_000)
          await refused(other.acquireLease('t', 'two', 60_000), 'ERR_TASK_LOCKED')
          await refused(other.saveResults(task, [sampleResult('t')]), 'ERR_TASK_LOCKED')
          await other.saveResults(lease, [sampleResult('t')])
        } finally {
          await other.close()
        }
      })
    }
  })
}
