import type { PreparedStatement, SqliteConnection } from './types.ts'

/** What is called of a libsql `Database`. @see {@link https://github.com/tursodatabase/libsql-js/blob/main/docs/api.md} */
export interface LibsqlDatabase {
  readonly open: boolean
  readonly inTransaction: boolean
  prepare(sql: string): LibsqlStatement
  syncUntil(replicationIndex: number): unknown
}

export interface LibsqlStatement {
  readonly reader: boolean
  all(...parameters: unknown[]): unknown[]
  run(...parameters: unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint }
  iterate(...parameters: unknown[]): IterableIterator<unknown>
}

export function isLibsql(database: object): database is LibsqlDatabase {
  return 'inTransaction' in database && 'prepare' in database && 'syncUntil' in database
}

export function libsqlConnection(database: LibsqlDatabase): SqliteConnection {
  return {
    driver: 'libsql',
    prepare: (sql): PreparedStatement => {
      const statement = database.prepare(sql)
      return {
        reader: statement.reader,
        all: (parameters) => statement.all(parameters),
        run: (parameters) => statement.run(parameters),
        iterate: (parameters) => statement.iterate(parameters),
      }
    },
    // only a database that the store opened itself is closed, and it opens none with this driver
    close: () => undefined,
  }
}
