import assert from 'node:assert/strict'
import { ISO_INSTANT, pause, refused, sampleResult, sampleTask, started } from './result-store-samples.ts'
import type { ResultStoreSuite } from './result-store-subject.ts'

/** Tasks: start, find, checkpoint, finish, list, prune. */
export function resultStoreTasks({ describe, test }: ResultStoreSuite): void {
  describe('tasks', () => {
    test('a task starts with its data, no counts and a clock', async (store) => {
      const record = await store.startTask(sampleTask('task-1'))
      const { createdAt, startedAt, ...rest } = record
      assert.match(createdAt, ISO_INSTANT)
      assert.match(startedAt ?? '', ISO_INSTANT)
      assert.ok(Math.abs(Date.parse(createdAt) - Date.now()) < 60_000)
      assert.deepEqual(rest, {
        ...sampleTask('task-1'),
        status: 'running',
        totalObjects: 0,
        totalBytes: 0,
        verifiedObjects: 0,
        failedObjects: 0,
        integrityVerified: 0,
        integrityRate: null,
        integrityErrors: 0,
        checkpoint: null,
        leaseOwner: null,
        leaseEpoch: 0,
        leaseExpiresAt: null,
        finishedAt: null,
      })
      assert.deepEqual(await store.getTask('task-1'), record)
    })

    test('a second start finds the first one, and only the status goes back to running', async (store) => {
      const task = await started(store, 't')
      await store.saveResults(task, [sampleResult('t')])
      await store.checkpoint(task, 'photos/1.jpg')
      const finished = await store.finishTask(task, 'failed')
      assert.equal(finished.status, 'failed')
      assert.match(finished.finishedAt ?? '', ISO_INSTANT)
      const again = await store.startTask({ ...sampleTask('t'), source: 'other', options: { other: true }, optionsDigest: null })
      assert.deepEqual(again, { ...finished, status: 'running', finishedAt: null })
    })

    test('record, where a store has it: task, row and end at once, and the same again changes nothing', async (store) => {
      if (store.record === undefined) return
      await store.record(sampleTask('own'), sampleResult('own'), { finish: 'completed' })
      await store.record(sampleTask('own'), sampleResult('own'), { finish: 'completed' })
      const own = await store.getTask('own')
      assert.deepEqual([own?.status, own?.source, own?.totalObjects, own?.verifiedObjects], ['completed', sampleTask('own').source, 1, 1])
      assert.match(own?.finishedAt ?? '', ISO_INSTANT)
      await store.record(sampleTask('shared'), sampleResult('shared', { key: 'a' }))
      await store.record({ ...sampleTask('shared'), source: 'other' }, sampleResult('shared', { key: 'b', verdict: 'mismatch' }))
      const shared = await store.getTask('shared')
      assert.deepEqual(
        [shared?.status, shared?.finishedAt, shared?.source, shared?.totalObjects, shared?.integrityErrors],
        ['running', null, sampleTask('shared').source, 2, 1],
      )
      await store.finishTask({ taskId: 'shared', epoch: 0 }, 'failed')
      await store.record(sampleTask('shared'), sampleResult('shared', { key: 'c' }))
      const again = await store.getTask('shared')
      assert.deepEqual([again?.status, again?.finishedAt, again?.totalObjects, again?.verifiedObjects], ['running', null, 3, 2])
      await store.record(sampleTask('shared'), sampleResult('shared', { key: 'last' }), { finish: 'failed' })
      const ended = await store.getTask('shared')
      assert.deepEqual([ended?.status, ended?.totalObjects, ended?.verifiedObjects], ['failed', 4, 3])
      assert.match(ended?.finishedAt ?? '', ISO_INSTANT)
      await store.startTask(sampleTask('begun'))
      await store.record(sampleTask('begun'), sampleResult('begun'), { finish: 'completed' })
      assert.equal((await store.getTask('begun'))?.status, 'completed')
      await refused(store.record(sampleTask('new'), sampleResult('another')), 'ERR_INVALID_OPTION')
      assert.equal(await store.getTask('new'), null)
      await store.startTask(sampleTask('shared'))
      await store.acquireLease('shared', 'me', 60_000)
      await refused(store.record(sampleTask('shared'), sampleResult('shared', { key: 'late' })), 'ERR_TASK_LOCKED')
    })

    test('an unknown task is null, and nothing can be written to it', async (store) => {
      const task = { taskId: 'nobody', epoch: 0 }
      assert.equal(await store.getTask('nobody'), null)
      await refused(store.saveResults(task, [sampleResult('nobody')]), 'ERR_INVALID_STATE')
      await refused(store.checkpoint(task, 'x'), 'ERR_INVALID_STATE')
      await refused(store.finishTask(task, 'completed'), 'ERR_INVALID_STATE')
      await refused(store.acquireLease('nobody', 'me', 1000), 'ERR_INVALID_STATE')
      assert.equal((await store.summary('nobody')).length, 0)
    })

    test('odd texts come back as they were', async (store) => {
      const odd = 'a\u0000b\u0001c\n😀 \ud800 "\\'
      const record = await store.startTask({ taskId: odd, source: odd, destination: odd, options: { [odd]: [odd] }, optionsDigest: odd })
      assert.equal(record.taskId, odd)
      await store.checkpoint({ taskId: odd, epoch: 0 }, odd)
      const found = await store.getTask(odd)
      assert.deepEqual([found?.source, found?.destination, found?.options, found?.optionsDigest, found?.checkpoint], [odd, odd, { [odd]: [odd] }, odd, odd])
    })

    test('tasks are listed newest first, by status and limit', async (store) => {
      for (const id of ['b', 'c', 'a']) {
        await started(store, id)
        await pause(5)
      }
      await store.finishTask({ taskId: 'c', epoch: 0 }, 'completed')
      const ids = (tasks: readonly { readonly taskId: string }[]): string[] => tasks.map((task) => task.taskId)
      assert.deepEqual(ids(await store.listTasks()), ['a', 'c', 'b'])
      assert.deepEqual(ids(await store.listTasks({ limit: 2 })), ['a', 'c'])
      assert.deepEqual(ids(await store.listTasks({ status: 'running' })), ['a', 'b'])
      assert.deepEqual(ids(await store.listTasks({ status: 'aborted' })), [])
      assert.deepEqual(ids(await store.summary()), ['a', 'c', 'b'])
    })

    test('prune deletes tasks that ended before the instant, with their results, and no others', async (store) => {
      for (const id of ['old', 'running', 'new']) await store.saveResults(await started(store, id), [sampleResult(id), sampleResult(id, { key: 'two' })])
      await store.saveUpload({ taskId: 'old', epoch: 0 }, sampleUpload('old'))
      await store.finishTask({ taskId: 'old', epoch: 0 }, 'completed')
      await pause(20)
      const finished = await store.finishTask({ taskId: 'new', epoch: 0 }, 'aborted')
      const finishedBefore = new Date(Date.parse(finished.finishedAt ?? ''))
      assert.deepEqual(await store.prune({ finishedBefore }), { tasks: 1, results: 2 })
      assert.deepEqual((await store.listTasks()).map((task) => task.taskId).sort(), ['new', 'running'])
      assert.equal((await store.openUploads()).length, 0)
      assert.deepEqual(await store.prune({ finishedBefore }), { tasks: 0, results: 0 })
      assert.deepEqual(await store.prune({ finishedBefore: new Date(Date.now() + 3_600_000) }), { tasks: 1, results: 2 })
      assert.deepEqual(
        (await store.listTasks()).map((task) => task.taskId),
        ['running'],
      )
    })

    test('uploads are kept until they are forgotten', async (store) => {
      const task = await started(store, 't')
      const upload = sampleUpload('t')
      await store.saveUpload(task, upload)
      await store.saveUpload(task, upload)
      await store.saveUpload(task, {
        ...upload,
        uploadId: 'second',
        key: '../x\u0000',
        versionId: 'v1',
        sourceEtag: null,
        createdAt: '2026-03-01T00:00:01.000Z',
      })
      await store.saveUpload(await started(store, 'u'), { ...upload, taskId: 'u' })
      const open = await store.openUploads('t')
      assert.deepEqual(open[0], upload)
      assert.deepEqual(open[1], { ...upload, uploadId: 'second', key: '../x\u0000', versionId: 'v1', sourceEtag: null, createdAt: '2026-03-01T00:00:01.000Z' })
      assert.equal(open.length, 2)
      assert.equal((await store.openUploads()).length, 3)
      await store.removeUpload(task, upload.uploadId)
      await store.removeUpload(task, upload.uploadId)
      assert.deepEqual(
        (await store.openUploads('t')).map((entry) => entry.uploadId),
        ['second'],
      )
      assert.equal((await store.openUploads('u')).length, 1)
    })
  })
}

function sampleUpload(taskId: string) {
  return {
    taskId,
    key: 'big/😀',
    versionId: null,
    uploadId: '2~abc/def==',
    sourceEtag: 'd41d8cd98f00b204e9800998ecf8427e-3',
    partSizeBytes: 5_368_709_120,
    parts: 3,
    createdAt: '2026-03-01T00:00:00.000Z',
  }
}
