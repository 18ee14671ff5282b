import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it } from 'vitest'
import { oneResult } from '../../../test/one-result.ts'
import { SqliteResultStore } from '../src/index.ts'

const closing: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A store on a database that notes what is prepared on it. */
function counted(): { readonly store: SqliteResultStore; readonly database: DatabaseSync; readonly prepared: string[] } {
  const database = new DatabaseSync(':memory:')
  const prepared: string[] = []
  const prepare = database.prepare.bind(database)
  database.prepare = (sql) => {
    prepared.push(sql)
    return prepare(sql)
  }
  const store = new SqliteResultStore({ database })
  closing.push(
    () => database.close(),
    () => store.close(),
  )
  return { store, database, prepared }
}

const start = (taskId: string) => ({ taskId, source: 'a/k', destination: 'b/k', options: { first: true }, optionsDigest: null })

describe('the hot path of the audit row', () => {
  it('prepares nothing after the first row', async () => {
    const { store, prepared } = counted()
    await store.startTask(start('t'))
    await store.startTask(start('t'))
    await store.saveResults({ taskId: 't', epoch: 0 }, [oneResult('t', 'first')])
    prepared.length = 0
    for (let row = 0; row < 20; row += 1) {
      await store.startTask(start('t'))
      await store.saveResults({ taskId: 't', epoch: 0 }, [oneResult('t', `key ${row}`)])
    }
    expect(prepared).toEqual([])
    expect(await store.getTask('t')).toMatchObject({ totalObjects: 21, verifiedObjects: 21, totalBytes: 63 })
  })

  // 200 + 50 + 10 + 3 + 1: every size of statement once
  it.each([1, 2, 3, 13, 199, 264, 465])('a batch of %i rows, twice, is counted once', async (size) => {
    const { store } = counted()
    await store.startTask(start('t'))
    const rows = Array.from({ length: size }, (_, row) => oneResult('t', `key ${row}`))
    await store.saveResults({ taskId: 't', epoch: 0 }, rows)
    expect(await store.getTask('t')).toMatchObject({ totalObjects: size, verifiedObjects: size, totalBytes: 3 * size })
    await store.saveResults(
      { taskId: 't', epoch: 0 },
      rows.map((row, index) => (index === 0 ? { ...row, verdict: 'mismatch' as const } : row)),
    )
    expect(await store.getTask('t')).toMatchObject({
      totalObjects: size,
      verifiedObjects: size - 1,
      failedObjects: 1,
      integrityErrors: 1,
      totalBytes: 3 * size,
    })
    const keys: string[] = []
    for await (const row of store.results({ taskId: 't' })) keys.push(row.source.key)
    expect(keys).toEqual(rows.map((row) => row.source.key).sort())
  })
})

describe('startTask of a task that this store started before', () => {
  it('writes nothing while the task runs, and gives what is stored', async () => {
    const { store, database } = counted()
    const first = await store.startTask(start('t'))
    const changes = () => database.prepare('select total_changes() as n').get()
    const before = changes()
    expect(await store.startTask({ ...start('t'), options: { first: false } })).toEqual(first)
    expect(changes()).toEqual(before)
  })

  it('sets it running again where it was ended, by whomever', async () => {
    const { store, database } = counted()
    const other = new SqliteResultStore({ database })
    closing.push(() => other.close())
    await store.startTask(start('t'))
    await other.finishTask({ taskId: 't', epoch: 0 }, 'failed')
    expect(await store.startTask(start('t'))).toMatchObject({ status: 'running', finishedAt: null })
    expect(await other.getTask('t')).toMatchObject({ status: 'running', finishedAt: null })
  })

  it('begins it anew where it was pruned', async () => {
    const { store, database } = counted()
    await store.startTask(start('t'))
    database.exec('delete from migration_tasks')
    expect(await store.startTask({ ...start('t'), options: { second: true } })).toMatchObject({ options: { second: true }, status: 'running' })
  })
})

describe('record', () => {
  it('is one transaction, also for a task of its own, and prepares nothing after the first', async () => {
    const { store, prepared } = counted()
    await store.record(start('own'), oneResult('own', 'k'), { finish: 'completed' })
    await store.record(start('t'), oneResult('t', 'first'))
    expect(prepared.filter((sql) => sql === 'commit')).toHaveLength(1)
    prepared.length = 0
    for (let row = 0; row < 20; row += 1) await store.record(start('t'), oneResult('t', `key ${row}`))
    await store.record(start('own-2'), oneResult('own-2', 'k'), { finish: 'completed' })
    expect(prepared).toEqual([])
    expect(await store.getTask('t')).toMatchObject({ totalObjects: 21, status: 'running' })
    expect(await store.getTask('own-2')).toMatchObject({ totalObjects: 1, status: 'completed' })
  })

  it('leaves no task where the row is refused', async () => {
    const { store, database } = counted()
    await store.open()
    database.exec("create trigger refuse before insert on integrity_results begin select raise(abort, 'no') ; end")
    await expect(store.record(start('own'), oneResult('own', 'k'), { finish: 'completed' })).rejects.toMatchObject({
      code: 'ERR_STORE',
      retryable: false,
      context: { key: 'k' },
    })
    expect(await store.getTask('own')).toBeNull()
    database.exec('drop trigger refuse')
    await store.record(start('own'), oneResult('own', 'k'), { finish: 'completed' })
    expect(await store.getTask('own')).toMatchObject({ status: 'completed', totalObjects: 1 })
  })

  it('waits for its turn on the connection, and others for it', async () => {
    const { store } = counted()
    await store.startTask(start('t'))
    const rows = Array.from({ length: 20 }, (_, row) => oneResult('t', `key ${row}`))
    await Promise.all(
      rows.flatMap((row) => [
        store.record(start('t'), row),
        store.getTask('t'),
        store.checkpoint({ taskId: 't', epoch: 0 }, row.source.key),
        store.saveResults({ taskId: 't', epoch: 0 }, [oneResult('t', `saved ${row.source.key}`)]),
      ]),
    )
    expect(await store.getTask('t')).toMatchObject({ totalObjects: 40, verifiedObjects: 40 })
  })
})
