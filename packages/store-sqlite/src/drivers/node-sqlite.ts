import { cachedPrepare } from './statement-cache.ts'
import type { SqliteConnection } from './types.ts'

/** What is called of `DatabaseSync`. @see {@link https://nodejs.org/docs/latest-v22.x/api/sqlite.html} */
export interface NodeSqliteDatabase {
  readonly isOpen: boolean
  readonly isTransaction: boolean
  prepare(sql: string): NodeSqliteStatement
  close(): void
}

export interface NodeSqliteStatement {
  columns(): readonly unknown[]
  all(...parameters: NodeSqliteValue[]): unknown[]
  run(...parameters: NodeSqliteValue[]): { changes: number | bigint; lastInsertRowid: number | bigint }
  iterate(...parameters: NodeSqliteValue[]): IterableIterator<unknown>
}

export type NodeSqliteValue = null | number | bigint | string

export function isNodeSqlite(database: object): database is NodeSqliteDatabase {
  return 'isTransaction' in database && 'isOpen' in database && 'prepare' in database
}

export function nodeSqliteConnection(database: NodeSqliteDatabase): SqliteConnection {
  return {
    driver: 'node:sqlite',
    prepare: cachedPrepare((sql) => {
      const statement = database.prepare(sql)
      const values = (parameters: readonly unknown[]): NodeSqliteValue[] => parameters as NodeSqliteValue[]
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...values(parameters)),
        run: (parameters) => statement.run(...values(parameters)),
        iterate: (parameters) => statement.iterate(...values(parameters)),
      }
    }),
    close: () => database.close(),
  }
}

/** Opens a file with Node's own SQLite. `node:sqlite` is loaded here and not before: Node 22 warns when it is. */
export async function openNodeSqlite(path: string, busyTimeoutMs: number): Promise<SqliteConnection> {
  const { DatabaseSync } = await import('node:sqlite')
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true })
  try {
    for (const pragma of ['journal_mode = wal', 'synchronous = full', 'foreign_keys = on']) database.exec(`pragma ${pragma}`)
  } catch (error) {
    database.close()
    throw error
  }
  return nodeSqliteConnection(database)
}
