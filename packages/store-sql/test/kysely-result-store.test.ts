import { DatabaseSync } from 'node:sqlite'
import { resultStoreConformance } from '@sealift/testing'
import BetterSqlite3 from 'better-sqlite3'
import { type Dialect, MysqlAdapter, type SqliteDatabase, SqliteDialect } from 'kysely'
import { describe, expect, it, vi } from 'vitest'
import { KyselyResultStore, type KyselyResultStoreOptions, sqliteFlavor } from '../src/index.ts'

vi.setConfig({ testTimeout: 120_000 })

describe('over a Kysely dialect of somebody else', () => {
  resultStoreConformance(
    { describe, it },
    {
      create: async () =>
        new KyselyResultStore({ dialect: new SqliteDialect({ database: new BetterSqlite3(':memory:') as unknown as SqliteDatabase }), destroyOnClose: true }),
      capabilities: { durable: false },
    },
  )
})

describe('KyselyResultStore', () => {
  const dialect = (): Dialect => new SqliteDialect({ database: new BetterSqlite3(':memory:') as unknown as SqliteDatabase })

  it('leaves the connections behind the dialect open, and ends them where it is told to', async () => {
    for (const destroyOnClose of [false, true]) {
      const database = new BetterSqlite3(':memory:')
      const store = new KyselyResultStore({ dialect: new SqliteDialect({ database: database as unknown as SqliteDatabase }), destroyOnClose })
      await store.open()
      await store.close()
      expect(database.open).toBe(!destroyOnClose)
      database.close()
    }
  })

  it('refuses a database of a newer release', async () => {
    const database = new BetterSqlite3(':memory:')
    await new KyselyResultStore({ dialect: new SqliteDialect({ database: database as unknown as SqliteDatabase }) }).open()
    database.prepare("insert into sealift_migrations (name, timestamp) values ('9999-later', '2030-01-01T00:00:00.000Z')").run()
    const store = new KyselyResultStore({ dialect: new SqliteDialect({ database: database as unknown as SqliteDatabase }) })
    await expect(store.open()).rejects.toMatchObject({ code: 'ERR_STORE', retryable: false, message: expect.stringContaining('9999-later') })
  })

  it('a migration that fails leaves nothing behind, and the next open succeeds', async () => {
    const database = new DatabaseSync(':memory:')
    database.exec('create table open_uploads (mine text)')
    const wrap = new BetterSqlite3(':memory:')
    wrap.prepare('create table open_uploads (mine text)').run()
    const store = new KyselyResultStore({ dialect: new SqliteDialect({ database: wrap as unknown as SqliteDatabase }), retry: { attempts: 1 } })
    await expect(store.open()).rejects.toMatchObject({ code: 'ERR_STORE', retryable: false })
    expect(wrap.prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'").all()).toEqual([{ name: 'open_uploads' }])
    wrap.prepare('drop table open_uploads').run()
    await store.open()
    expect(await store.listTasks()).toEqual([])
  })

  const bad: readonly (readonly [string, unknown, string])[] = [
    ['no options', undefined, 'options'],
    ['no dialect', {}, 'dialect'],
    ['a database instead of a dialect', { dialect: new DatabaseSync(':memory:') }, 'dialect'],
    [
      'a dialect of another family',
      { dialect: Object.assign(Object.create(dialect()), { createAdapter: () => new MysqlAdapter(), createDriver: () => null }) },
      'dialect',
    ],
    ['a schema name that is not plain', { dialect: dialect(), schema: 'a"; drop table x; --' }, 'schema'],
    ['a schema of the database itself', { dialect: dialect(), schema: 'pg_catalog' }, 'schema'],
    ['an empty schema', { dialect: dialect(), schema: '' }, 'schema'],
    ['no attempts', { dialect: dialect(), retry: { attempts: 0 } }, 'retry.attempts'],
    ['attempts that are a text', { dialect: dialect(), retry: { attempts: '3' } }, 'retry.attempts'],
    ['a delay out of bounds', { dialect: dialect(), retry: { maxDelayMs: 60_001 } }, 'retry.maxDelayMs'],
    ['a time-out out of bounds', { dialect: dialect(), timeoutMs: 99 }, 'timeoutMs'],
  ]
  it.each(bad)('refuses %s', (_title, options, option) => {
    expect(() => new KyselyResultStore(options as KyselyResultStoreOptions)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_OPTION', context: expect.objectContaining({ option }) }),
    )
  })

  it('takes a flavor beside a dialect that it does not know', async () => {
    const base = dialect()
    const adapter = base.createAdapter()
    const foreign: Dialect = {
      createDriver: () => base.createDriver(),
      createQueryCompiler: () => base.createQueryCompiler(),
      createIntrospector: (db) => base.createIntrospector(db),
      createAdapter: () => ({
        supportsMultipleConnections: false,
        supportsCreateIfNotExists: true,
        supportsReturning: true,
        acquireMigrationLock: (db, options) => adapter.acquireMigrationLock(db, options),
        releaseMigrationLock: (db, options) => adapter.releaseMigrationLock(db, options),
      }),
    }
    expect(() => new KyselyResultStore({ dialect: foreign })).toThrow('flavor')
    await new KyselyResultStore({ dialect: foreign, flavor: sqliteFlavor }).open()
  })
})
