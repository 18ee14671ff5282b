import assert from 'node:assert/strict'
import type { ObjectResult } from '@sealift/core'
import { collect, pause, refused, sampleResult, started, withoutRecordedAt } from './result-store-samples.ts'
import type { ResultStoreSuite } from './result-store-subject.ts'

const MANY = 20_000
const BATCH = 2_000

/** Results: save, replace, count, refuse, read back, stream. */
export function resultStoreResults({ describe, test }: ResultStoreSuite): void {
  describe('results', () => {
    test('a result comes back whole', async (store) => {
      const task = await started(store, 't')
      const results = [
        sampleResult('t', { key: 'a', versionId: 'version-1' }),
        sampleResult('t', {
          key: 'b',
          verdict: 'failed',
          sizeBytes: null,
          etag: null,
          evidence: [],
          more: {
            digests: {},
            assurance: 'none',
            route: null,
            parts: null,
            notCarried: [],
            orphans: [],
            error: { code: 'ERR_TRANSFER', message: 'cut\u0000 off\n' },
          },
        }),
        sampleResult('t', { key: 'c', more: { route: 'single', parts: { count: 1, sizeBytes: 0, origin: 'single' } } }),
      ]
      await store.saveResults(task, results)
      assert.deepEqual((await collect(store.results({ taskId: 't' }))).map(withoutRecordedAt), results)
    })

    test('counts follow every save, and a replaced row counts once', async (store) => {
      const task = await started(store, 't')
      const save = async (results: readonly ObjectResult[]): Promise<unknown> => {
        await store.saveResults(task, results)
        const record = await store.getTask('t')
        assert.equal(record?.integrityVerified, record?.verifiedObjects)
        const [summary] = await store.summary('t')
        assert.deepEqual(
          [summary?.totalObjects, summary?.verifiedObjects, summary?.failedObjects, summary?.integrityRate],
          [record?.totalObjects, record?.verifiedObjects, record?.failedObjects, record?.integrityRate],
        )
        return [record?.totalObjects, record?.totalBytes, record?.verifiedObjects, record?.failedObjects, record?.integrityErrors, record?.integrityRate]
      }
      assert.deepEqual(await save([]), [0, 0, 0, 0, 0, null])
      assert.deepEqual(await save([sampleResult('t', { key: 'p', verdict: 'planned', sizeBytes: 5 })]), [1, 5, 0, 0, 0, null])
      assert.deepEqual(await save([sampleResult('t', { key: 'a', sizeBytes: 10 }), sampleResult('t', { key: 'b', sizeBytes: 20 })]), [3, 35, 2, 0, 0, 100])
      assert.deepEqual(await save([sampleResult('t', { key: 'c', verdict: 'mismatch', sizeBytes: 40 })]), [4, 75, 2, 1, 1, 66.67])
      assert.deepEqual(await save([sampleResult('t', { key: 'd', verdict: 'unverified', sizeBytes: 0 })]), [5, 75, 2, 2, 1, 50])
      assert.deepEqual(await save([sampleResult('t', { key: 'e', verdict: 'failed', sizeBytes: null })]), [6, 75, 2, 3, 1, 40])
      assert.deepEqual(await save([sampleResult('t', { key: 's', verdict: 'skipped', sizeBytes: 1 })]), [7, 76, 2, 3, 1, 40])
      // the same again, twice in one call, and another verdict and size
      assert.deepEqual(await save([sampleResult('t', { key: 'a', sizeBytes: 10 })]), [7, 76, 2, 3, 1, 40])
      assert.deepEqual(await save([sampleResult('t', { key: 'c', sizeBytes: 30 }), sampleResult('t', { key: 'c', sizeBytes: 41 })]), [7, 77, 3, 2, 0, 60])
      // another version of a key is another row
      assert.deepEqual(await save([sampleResult('t', { key: 'a', versionId: 'v2', sizeBytes: 1 })]), [8, 78, 4, 2, 0, 66.67])
    })

    test('counts are kept for each task apart', async (store) => {
      await store.saveResults(await started(store, 't'), [sampleResult('t')])
      await store.saveResults(await started(store, 'u'), [sampleResult('u', { verdict: 'mismatch' }), sampleResult('u', { key: 'z' })])
      assert.deepEqual((await store.listTasks()).map((task) => [task.taskId, task.totalObjects, task.verifiedObjects]).sort(), [
        ['t', 1, 1],
        ['u', 2, 1],
      ])
    })

    test('the last verified row is named in the summary', async (store) => {
      const task = await started(store, 't')
      await store.saveResults(task, [sampleResult('t', { verdict: 'failed' })])
      assert.equal((await store.summary('t'))[0]?.lastVerified, null)
      await store.saveResults(task, [sampleResult('t')])
      const [row] = await collect(store.results())
      assert.equal((await store.summary('t'))[0]?.lastVerified, row?.recordedAt)
    })

    test('sizes above 2^31 are right, above 2^53-1 refused before anything is written', async (store) => {
      const task = await started(store, 't')
      for (const sizeBytes of [2 ** 31, 2 ** 32 + 1, 5 * 2 ** 40, Number.MAX_SAFE_INTEGER]) {
        const more = { bytesRead: sizeBytes, bytesWritten: sizeBytes, requests: sizeBytes, parts: { count: 1, sizeBytes, origin: 'record' as const } }
        const result = sampleResult('t', { sizeBytes, more })
        await store.saveResults(task, [result])
        assert.deepEqual((await collect(store.results())).map(withoutRecordedAt), [result])
        assert.equal((await store.getTask('t'))?.totalBytes, sizeBytes)
      }
      for (const sizeBytes of [2 ** 53, 1.5, -1, Number.NaN]) {
        const error = await refused(
          store.saveResults(task, [sampleResult('t', { key: 'good' }), sampleResult('t', { key: 'bad', sizeBytes })]),
          'ERR_INVALID_OPTION',
        )
        assert.equal(error.context.option, 'results[1].source.sizeBytes')
        assert.equal(error.context.key, 'bad')
      }
      assert.deepEqual(
        (await collect(store.results())).map((row) => row.source.key),
        ['photos/1.jpg'],
      )
    })

    test('a result of another task is refused, and none of the call is written', async (store) => {
      const task = await started(store, 't')
      await started(store, 'u')
      await refused(store.saveResults(task, [sampleResult('t'), sampleResult('u')]), 'ERR_INVALID_OPTION')
      assert.equal((await store.getTask('t'))?.totalObjects, 0)
      assert.deepEqual(await collect(store.results()), [])
    })

    test('results are filtered by task, verdicts and limit', async (store) => {
      const verdicts = ['verified', 'mismatch', 'unverified', 'failed', 'skipped', 'planned'] as const
      for (const id of ['t', 'u']) {
        const task = await started(store, id)
        await store.saveResults(
          task,
          verdicts.map((verdict, index) => sampleResult(id, { key: `${index}`, verdict })),
        )
      }
      const keys = async (rows: Parameters<typeof collect>[0]): Promise<string[]> => (await collect(rows)).map((row) => `${row.taskId}${row.source.key}`)
      assert.deepEqual(await keys(store.results({ taskId: 'u' })), ['u0', 'u1', 'u2', 'u3', 'u4', 'u5'])
      assert.deepEqual(await keys(store.results({ verdicts: ['verified', 'planned'] })), ['t0', 't5', 'u0', 'u5'])
      assert.deepEqual(await keys(store.results({ limit: 7 })), ['t0', 't1', 't2', 't3', 't4', 't5', 'u0'])
      assert.deepEqual(await keys(store.results({ verdicts: [] })), [])
      assert.deepEqual(await keys(store.failures()), ['t1', 't2', 't3', 'u1', 'u2', 'u3'])
      assert.deepEqual(await keys(store.failures({ taskId: 't', limit: 2 })), ['t1', 't2'])
      assert.deepEqual(await keys(store.failures({ verdicts: ['verified', 'failed'] })), ['t3', 'u3'])
    })

    test('the newest verified row of a source object is found, of any task', async (store) => {
      const save = async (taskId: string, ...changes: Parameters<typeof sampleResult>[1][]): Promise<void> => {
        await store.saveResults(
          await started(store, taskId),
          changes.map((change) => sampleResult(taskId, change)),
        )
        await pause(5)
      }
      await save('a', { key: 'x', versionId: 'v1', etag: 'one' }, { key: 'y' })
      await save('b', { key: 'x', versionId: 'v2', etag: 'two' }, { key: 'x', bucket: 'other' })
      await save('c', { key: 'x', versionId: 'v3', verdict: 'failed' })
      const found = async (source: { bucket: string; key: string; versionId?: string | null; etag?: string | null }): Promise<string | undefined> =>
        (await store.findVerified(source))?.taskId
      assert.equal(await found({ bucket: 'legacy', key: 'x' }), 'b')
      assert.equal(await found({ bucket: 'legacy', key: 'x', versionId: null, etag: null }), 'b')
      assert.equal(await found({ bucket: 'legacy', key: 'x', etag: 'one' }), 'a')
      assert.equal(await found({ bucket: 'legacy', key: 'x', versionId: 'v1' }), 'a')
      assert.equal(await found({ bucket: 'legacy', key: 'x', versionId: 'v1', etag: 'two' }), undefined)
      assert.equal(await found({ bucket: 'legacy', key: 'x', versionId: 'v3' }), undefined)
      assert.equal(await found({ bucket: 'legacy', key: 'X' }), undefined)
      await save('a', { key: 'x', versionId: 'v1', etag: 'one' })
      assert.equal(await found({ bucket: 'legacy', key: 'x' }), 'a')
    })

    test(`${MANY} rows are streamed in order, also while others are written`, async (store) => {
      const task = await started(store, 't')
      // written in an order that is not theirs
      for (let batch = 0; batch < MANY / BATCH; batch += 1) {
        await store.saveResults(
          task,
          Array.from({ length: BATCH }, (_, index) => sampleResult('t', { key: `k/${String((index * (MANY / BATCH) + batch) % MANY).padStart(6, '0')}` })),
        )
      }
      let count = 0
      for await (const row of store.results({ taskId: 't' })) {
        assert.equal(row.source.key, `k/${String(count).padStart(6, '0')}`)
        if (count === MANY / 2) await store.saveResults(task, [sampleResult('t', { key: 'a/before everything' })])
        count += 1
      }
      assert.equal(count, MANY)
      assert.equal((await store.getTask('t'))?.totalObjects, MANY + 1)
      for await (const row of store.results({ taskId: 't' })) {
        assert.equal(row.source.key, 'a/before everything')
        break
      }
      // 20,000 of 20,001 are 99.995…: a rate of 100 is said only when every object was verified
      await store.saveResults(task, [sampleResult('t', { key: 'a/before everything', verdict: 'failed' })])
      assert.equal((await store.getTask('t'))?.integrityRate, 99.99)
    })
  })
}
