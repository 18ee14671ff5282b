import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import BetterSqlite3 from 'better-sqlite3'
import Libsql from 'libsql'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { oneResult } from '../../../test/one-result.ts'
import { type AcceptedSqliteDatabase, SqliteResultStore, type SqliteResultStoreOptions } from '../src/index.ts'

vi.setConfig({ testTimeout: 120_000 })

const folder = mkdtempSync(join(tmpdir(), 'sealift-sqlite-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
const newFile = (): string => join(folder, `${(files += 1)}.db`)
const TASK = { taskId: 't', source: 'a', destination: 'b', options: {}, optionsDigest: null }
const EPOCH = { taskId: 't', epoch: 0 }

function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let log = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      log += chunk.toString()
    })
    child.once('error', reject)
    child.once('exit', (code, signal) => (code === 0 ? resolve(log) : reject(new Error(`exit ${code ?? signal}: ${log}`))))
  })
}

describe('several processes', () => {
  it('open, migrate and write the same new file at once', async () => {
    const path = newFile()
    const script = fileURLToPath(new URL('./open-and-write.ts', import.meta.url))
    const names = ['one', 'two', 'three', 'four']
    const children = names.map((name) =>
      fork(script, [path, name, '10'], { execArgv: ['--conditions=@sealift/source'], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] }),
    )
    await Promise.all(children.map(ended))
    await using store = new SqliteResultStore({ path })
    const task = await store.getTask('shared')
    expect([task?.totalObjects, task?.verifiedObjects, task?.totalBytes]).toEqual([50, 50, 150])
    const database = new DatabaseSync(path)
    expect(database.prepare('select name from sealift_migrations').all()).toHaveLength(1)
    expect(database.prepare('pragma integrity_check').get()).toMatchObject({ integrity_check: 'ok' })
    database.close()
  })

  it('a write waits, without blocking, until another connection has let go', async () => {
    const path = newFile()
    await using store = new SqliteResultStore({ path, busyTimeoutMs: 0, retry: { attempts: 50, maxDelayMs: 50 } })
    await store.startTask(TASK)
    const other = new DatabaseSync(path)
    other.exec('begin immediate')
    const released = new Promise<void>((resolve) => {
      setTimeout(() => {
        other.exec('commit')
        resolve()
      }, 150)
    })
    await Promise.all([store.saveResults(EPOCH, [oneResult('t', 'k')]), released])
    other.close()
    expect((await store.getTask('t'))?.totalObjects).toBe(1)
  })

  it('gives up after its attempts, and says that a later try may succeed', async () => {
    const path = newFile()
    await using store = new SqliteResultStore({ path, busyTimeoutMs: 0, retry: { attempts: 3, maxDelayMs: 1 } })
    await store.startTask(TASK)
    const other = new DatabaseSync(path)
    other.exec('begin immediate')
    await expect(store.saveResults(EPOCH, [oneResult('t', 'k')])).rejects.toMatchObject({ code: 'ERR_STORE', retryable: true })
    const controller = new AbortController()
    const reason = new Error('enough')
    const patient = new SqliteResultStore({ path, busyTimeoutMs: 0, retry: { attempts: 100, maxDelayMs: 60_000 } })
    const saving = patient.saveResults(EPOCH, [oneResult('t', 'k')], { signal: controller.signal })
    setTimeout(() => controller.abort(reason), 50)
    await expect(saving).rejects.toBe(reason)
    other.exec('rollback')
    other.close()
    await patient.close()
    expect((await store.getTask('t'))?.totalObjects).toBe(0)
  })
})

describe('settings', () => {
  it('a path gets WAL, synchronous=FULL and foreign keys', async () => {
    const path = newFile()
    await using store = new SqliteResultStore({ path })
    await store.open()
    expect(store.durable).toBe(true)
    const database = new DatabaseSync(path)
    expect(database.prepare('pragma journal_mode').get()).toMatchObject({ journal_mode: 'wal' })
    database.close()
    await expect(store.saveResults({ taskId: 'nobody', epoch: 0 }, [oneResult('nobody', 'k')])).rejects.toMatchObject({ code: 'ERR_INVALID_STATE' })
  })

  const durability: readonly (readonly [string, readonly string[], boolean])[] = [
    ['SQLite’s defaults', [], true],
    ['synchronous=EXTRA', ['synchronous = extra'], true],
    ['WAL with synchronous=NORMAL', ['journal_mode = wal', 'synchronous = normal'], false],
    ['synchronous=OFF', ['synchronous = off'], false],
    ['a journal in memory', ['journal_mode = memory'], false],
    ['no journal', ['journal_mode = off'], false],
  ]
  it.each(durability)('durable with %s is told from the database', async (_title, pragmas, durable) => {
    const database = new DatabaseSync(newFile())
    for (const pragma of pragmas) database.exec(`pragma ${pragma}`)
    await using store = new SqliteResultStore({ database })
    await store.open()
    expect(store.durable).toBe(durable)
    await store.close()
    database.close()
  })

  it('a database in memory is not durable', async () => {
    await using store = new SqliteResultStore({ path: ':memory:' })
    await store.open()
    expect(store.durable).toBe(false)
  })
})

const drivers: Record<string, (file: string) => AcceptedSqliteDatabase & { close(): void }> = {
  'node:sqlite': (file) => new DatabaseSync(file),
  'better-sqlite3': (file) => new BetterSqlite3(file),
  libsql: (file) => new Libsql(file),
}

describe.each(Object.entries(drivers))('a database of %s', (_name, connect) => {
  it('keeps its own settings and stays open', async () => {
    const database = connect(newFile())
    database.prepare('pragma synchronous = normal').run()
    const store = new SqliteResultStore({ database })
    await store.startTask(TASK)
    await store.close()
    expect(database.prepare('select id from migration_tasks').all()).toHaveLength(1)
    expect(database.prepare('pragma synchronous').all()).toMatchObject([{ synchronous: 1 }])
    expect(database.prepare('pragma journal_mode').all()).toMatchObject([{ journal_mode: 'delete' }])
    database.close()
  })

  it('reads totals above 2^53 without rounding a row', async () => {
    const database = connect(newFile())
    await using store = new SqliteResultStore({ database })
    await store.startTask(TASK)
    const big = (key: string) => {
      const result = oneResult('t', key)
      return { ...result, source: { ...result.source, sizeBytes: Number.MAX_SAFE_INTEGER } }
    }
    await store.saveResults(EPOCH, [big('a'), big('b'), big('c')])
    expect(database.prepare('select cast(total_bytes as text) as total, typeof(total_bytes) as type from migration_tasks').all()).toMatchObject([
      { total: '27021597764222973', type: 'integer' },
    ])
    expect((await store.getTask('t'))?.totalObjects).toBe(3)
    await store.saveResults(EPOCH, [oneResult('t', 'a'), oneResult('t', 'b')])
    expect(await store.getTask('t')).toMatchObject({ totalObjects: 3, totalBytes: 3 + 3 + Number.MAX_SAFE_INTEGER })
    await store.close()
    database.close()
  })

  it('two stores on one handle take turns', async () => {
    const database = connect(newFile())
    const stores = [new SqliteResultStore({ database }), new SqliteResultStore({ database })]
    await Promise.all(stores.map((store) => store.startTask(TASK)))
    await Promise.all(stores.flatMap((store, index) => Array.from({ length: 10 }, (_, row) => store.saveResults(EPOCH, [oneResult('t', `${index}/${row}`)]))))
    expect((await stores[0]?.getTask('t'))?.totalObjects).toBe(20)
    for (const store of stores) await store.close()
    database.close()
  })

  it('waits while its owner holds a transaction on the same handle', async () => {
    const database = connect(newFile())
    const store = new SqliteResultStore({ database, retry: { attempts: 50, maxDelayMs: 20 } })
    await store.startTask(TASK)
    database.prepare('begin').run()
    const saving = store.saveResults(EPOCH, [oneResult('t', 'k')])
    await new Promise((resolve) => setTimeout(resolve, 60))
    database.prepare('rollback').run()
    await saving
    expect((await store.getTask('t'))?.totalObjects).toBe(1)
    await store.close()
    database.close()
  })

  it('a row that the database never takes is named, and the others of its batch are not written', async () => {
    const database = connect(newFile())
    const store = new SqliteResultStore({ database })
    await store.startTask(TASK)
    database.prepare("create trigger refuse before insert on integrity_results when new.object_key = 'poison' begin select raise(abort, 'no'); end").run()
    const batch = ['a', 'b', 'c', 'd', 'poison', 'e', 'f'].map((key) => oneResult('t', key))
    await expect(store.saveResults(EPOCH, batch)).rejects.toMatchObject({ code: 'ERR_STORE', retryable: false, context: { key: 'poison', bucket: 'b' } })
    expect((await store.getTask('t'))?.totalObjects).toBe(0)
    await store.saveResults(
      EPOCH,
      batch.filter((result) => result.source.key !== 'poison'),
    )
    expect((await store.getTask('t'))?.totalObjects).toBe(6)
    await store.close()
    database.close()
  })
})

describe('bad input', () => {
  const bad: readonly (readonly [string, unknown, string])[] = [
    ['no options', undefined, 'options'],
    ['neither path nor database', {}, 'path'],
    ['both', { path: 'x', database: new DatabaseSync(':memory:') }, 'path'],
    ['an empty path', { path: '' }, 'path'],
    ['a path that is not a text', { path: 7 }, 'path'],
    ['a path with U+0000', { path: 'a\u0000b' }, 'path'],
    ['something else as a database', { database: {} }, 'database'],
    ['a text as a database', { database: 'audit.db' }, 'database'],
    ['a busy time-out out of bounds', { path: 'x', busyTimeoutMs: -1 }, 'busyTimeoutMs'],
    ['a retry out of bounds', { path: 'x', retry: { attempts: 101 } }, 'retry.attempts'],
  ]
  it.each(bad)('refuses %s', (_title, options, option) => {
    expect(() => new SqliteResultStore(options as SqliteResultStoreOptions)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_OPTION', context: expect.objectContaining({ option }) }),
    )
  })

  it('a folder that is missing, and a file that is no database, are ERR_STORE without retry, and can be closed', async () => {
    const text = newFile()
    writeFileSync(text, 'this is not a database, but long enough to be taken for one '.repeat(20))
    for (const path of [join(folder, 'missing', 'x.db'), text]) {
      const store = new SqliteResultStore({ path })
      await expect(store.open()).rejects.toMatchObject({ code: 'ERR_STORE', retryable: false })
      await store.close()
    }
  })
})
