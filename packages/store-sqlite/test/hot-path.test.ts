import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { oneResult } from '../../../test/one-result.ts'
import { SqliteResultStore } from '../src/index.ts'

const closing: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const verb = (sql: string) => sql.split(' ')[0]

/** A store on a database that notes what is prepared on it, and what is run that gives no rows. */
function counted(): { readonly store: SqliteResultStore; readonly database: DatabaseSync; readonly prepared: string[]; readonly run: string[] } {
  const database = new DatabaseSync(':memory:')
  const prepared: string[] = []
  const run: string[] = []
  const prepare = database.prepare.bind(database)
  database.prepare = (sql) => {
    prepared.push(sql)
    const statement = prepare(sql)
    const runStatement = statement.run.bind(statement) as (...values: unknown[]) => ReturnType<typeof statement.run>
    statement.run = (...values: unknown[]) => {
      run.push(sql)
      return runStatement(...values)
    }
    return statement
  }
  const store = new SqliteResultStore({ database })
  closing.push(
    () => database.close(),
    () => store.close(),
  )
  return { store, database, prepared, run }
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
    await store.record(start('t'), oneResult('t', 'second'))
    expect(prepared.filter((sql) => sql === 'commit')).toHaveLength(1)
    prepared.length = 0
    for (let row = 1; row < 20; row += 1) await store.record(start('t'), oneResult('t', `key ${row}`))
    await store.record(start('own-2'), oneResult('own-2', 'k'), { finish: 'completed' })
    expect(prepared).toEqual([])
    expect(await store.getTask('t')).toMatchObject({ totalObjects: 21, status: 'running' })
    expect(await store.getTask('own-2')).toMatchObject({ totalObjects: 1, status: 'completed' })
  })

  it('two statements a record; records of one turn share a transaction, and those of one task the statement for the task', async () => {
    const { store, run } = counted()
    await store.record(start('t'), oneResult('t', 'first'))
    run.length = 0
    await store.record(start('own'), oneResult('own', 'k'), { finish: 'completed' })
    expect(run.map(verb)).toEqual(['begin', 'insert', 'insert', 'commit'])
    run.length = 0
    await store.record(start('t'), oneResult('t', 'second'))
    expect(run.map(verb)).toEqual(['begin', 'update', 'insert', 'commit'])
    run.length = 0
    await Promise.all([
      store.record(start('new'), oneResult('new', 'a')),
      store.record(start('new'), oneResult('new', 'b')),
      store.record(start('own-2'), oneResult('own-2', 'k'), { finish: 'failed' }),
    ])
    expect(run.map(verb)).toEqual(['begin', 'insert', 'insert', 'insert', 'insert', 'insert', 'commit'])
    expect(await store.getTask('new')).toMatchObject({ totalObjects: 2, status: 'running', finishedAt: null })
    run.length = 0
    await Promise.all(['c', 'd', 'e'].map((key) => store.record(start('new'), { ...oneResult('new', key), verdict: 'failed' })))
    expect(run.map(verb)).toEqual(['begin', 'update', 'insert', 'insert', 'insert', 'commit'])
    expect(await store.getTask('new')).toMatchObject({ totalObjects: 5, verifiedObjects: 2, failedObjects: 3 })
    expect(await store.getTask('own-2')).toMatchObject({ totalObjects: 1, status: 'failed' })
  })

  it('waits for records that come turn after turn, and no longer', async () => {
    const { store, run } = counted()
    await store.record(start('t'), oneResult('t', 'first'))
    run.length = 0
    const records: Promise<void>[] = []
    for (let turn = 0; turn < 5; turn += 1) {
      records.push(store.record(start('t'), oneResult('t', `key ${turn}`)))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await Promise.all(records)
    expect(run.filter((sql) => verb(sql) === 'commit')).toHaveLength(1)
    expect(run.filter((sql) => verb(sql) === 'insert')).toHaveLength(5)
  })

  it('waits no longer than some milliseconds, however slow the turns are', async () => {
    const { store } = counted()
    await store.record(start('t'), oneResult('t', 'first'))
    let ended = false
    const records = [store.record(start('t'), oneResult('t', 'waits')).then(() => (ended = true))]
    for (let turn = 0; turn < 8 && !ended; turn += 1) {
      const until = performance.now() + 5
      while (performance.now() < until);
      records.push(store.record(start('t'), oneResult('t', `key ${turn}`)).then(() => true))
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(ended).toBe(true)
    await Promise.all(records)
    expect(await store.getTask('t')).toMatchObject({ totalObjects: records.length + 1 })
  })

  it('is written where it was handed in before close(), also the long way', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sealift-record-'))
    closing.push(() => rmSync(folder, { recursive: true, force: true }))
    const store = new SqliteResultStore({ path: join(folder, 'audit.db') })
    await store.record(start('t'), oneResult('t', 'there'))
    // one that is there already: none of the transaction can go the short way
    const records = ['a', 'b', 'there', 'c'].map((key) => store.record(start('t'), oneResult('t', key)))
    await Promise.all([store.close(), ...records])
    const again = new SqliteResultStore({ path: join(folder, 'audit.db') })
    closing.push(() => again.close())
    expect(await again.getTask('t')).toMatchObject({ totalObjects: 4, verifiedObjects: 4 })
    await expect(store.record(start('t'), oneResult('t', 'late'))).rejects.toMatchObject({ code: 'ERR_INVALID_STATE' })
  })

  it('is committed when it resolves: another connection sees it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sealift-record-'))
    closing.push(() => rmSync(folder, { recursive: true, force: true }))
    const store = new SqliteResultStore({ path: join(folder, 'audit.db') })
    closing.push(() => store.close())
    await store.open()
    const other = new DatabaseSync(join(folder, 'audit.db'))
    closing.push(() => other.close())
    const rowsOf = other.prepare('select count(*) as n from integrity_results where task_id = ?')
    const ids = Array.from({ length: 5 }, (_, index) => `own ${index}`)
    const seen = ids.map((id) => store.record(start(id), oneResult(id, 'k'), { finish: 'completed' }).then(() => rowsOf.get(id)))
    expect(ids.map((id) => rowsOf.get(id))).toEqual(ids.map(() => ({ n: 0 })))
    expect(await Promise.all(seen)).toEqual(ids.map(() => ({ n: 1 })))
  })

  it('one of a turn that is refused does not take the others along', async () => {
    const { store, database } = counted()
    await store.open()
    database.exec("create trigger refuse before insert on integrity_results when new.object_key = 'bad' begin select raise(abort, 'no') ; end")
    const keys = ['a', 'bad', 'b']
    const settled = await Promise.allSettled(keys.map((key) => store.record(start(key), oneResult(key, key), { finish: 'completed' })))
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await Promise.all(keys.map((key) => store.getTask(key)))).toMatchObject([{ totalObjects: 1 }, null, { totalObjects: 1 }])
  })

  it('an abort before the turn writes nothing of its own', async () => {
    const { store } = counted()
    await store.record(start('t'), oneResult('t', 'first'))
    const controller = new AbortController()
    const aborted = store.record(start('gone'), oneResult('gone', 'k'), { finish: 'completed', signal: controller.signal })
    const kept = store.record(start('t'), oneResult('t', 'second'))
    controller.abort(new Error('enough'))
    await expect(aborted).rejects.toThrow('enough')
    await kept
    expect(await store.getTask('gone')).toBeNull()
    expect(await store.getTask('t')).toMatchObject({ totalObjects: 2 })
  })

  it('close writes what is waiting', async () => {
    const { store, database } = counted()
    await store.open()
    const saved = store.record(start('own'), oneResult('own', 'k'), { finish: 'completed' })
    await new Promise<void>((resolve) => queueMicrotask(resolve))
    await Promise.all([saved, store.close()])
    expect(database.prepare('select total_objects from migration_tasks').all()).toEqual([{ total_objects: 1 }])
  })

  it('counts as the long way does, whatever the order of verdicts', async () => {
    const verdicts = ['verified', 'mismatch', 'unverified', 'failed', 'skipped', 'planned'] as const
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ verdict: fc.constantFrom(...verdicts), key: fc.integer({ min: 0, max: 12 }) }), { maxLength: 25 }),
        async (objects) => {
          const short = counted()
          const long = counted()
          await long.store.startTask(start('t'))
          await short.store.startTask(start('t'))
          for (const { verdict, key } of objects) {
            const result = { ...oneResult('t', `key ${key}`), verdict }
            await short.store.record(start('t'), result)
            await long.store.saveResults({ taskId: 't', epoch: 0 }, [result])
          }
          const counts =
            'select total_objects, total_bytes, verified_objects, failed_objects, integrity_verified, integrity_rate, integrity_errors, typeof(total_bytes), typeof(integrity_rate) from migration_tasks'
          expect(short.database.prepare(counts).all()).toEqual(long.database.prepare(counts).all())
        },
      ),
      { numRuns: 30 },
    )
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
