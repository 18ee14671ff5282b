import { cachedPrepare } from './statement-cache.ts'
import type { PreparedStatement, SqliteConnection } from './types.ts'

/** What is called of a better-sqlite3 `Database`. @see {@link https://github.com/WiseLibs/better-sqlite3/blob/master/docs/api.md} */
export interface BetterSqlite3Database {
  readonly open: boolean
  readonly inTransaction: boolean
  readonly readonly: boolean
  prepare(sql: string): BetterSqlite3Statement
}

export interface BetterSqlite3Statement {
  readonly reader: boolean
  all(...parameters: unknown[]): unknown[]
  run(...parameters: unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint }
  iterate(...parameters: unknown[]): IterableIterator<unknown>
}

export function isBetterSqlite3(database: object): database is BetterSqlite3Database {
  return 'inTransaction' in database && 'prepare' in database && 'defaultSafeIntegers' in database && !('syncUntil' in database)
}

export function betterSqlite3Connection(database: BetterSqlite3Database): SqliteConnection {
  return {
    driver: 'better-sqlite3',
    prepare: cachedPrepare((sql): PreparedStatement => {
      const statement = database.prepare(sql)
      return {
        reader: statement.reader,
        all: (parameters) => statement.all(parameters),
        run: (parameters) => statement.run(parameters),
        iterate: (parameters) => statement.iterate(parameters),
      }
    }),
    // only a database that the store opened itself is closed, and it opens none with this driver
    close: () => undefined,
  }
}
