import { invalidOption } from '@sealift/core'
import { KyselyResultStore, type SqlStoreOptions } from '@sealift/store-sql'
import { type BetterSqlite3Database, betterSqlite3Connection, isBetterSqlite3 } from './drivers/better-sqlite3.ts'
import { isLibsql, type LibsqlDatabase, libsqlConnection } from './drivers/libsql.ts'
import { isNodeSqlite, type NodeSqliteDatabase, nodeSqliteConnection, openNodeSqlite } from './drivers/node-sqlite.ts'
import type { SqliteConnection } from './drivers/types.ts'
import { SqliteStoreDialect } from './sqlite-store-dialect.ts'

/** An open database of one of the accepted drivers. */
export type AcceptedSqliteDatabase = NodeSqliteDatabase | BetterSqlite3Database | LibsqlDatabase

/** Opens a file with Node's own `node:sqlite`. */
export interface SqlitePathOptions extends SqlStoreOptions {
  /** The file, created where it is missing (its folder is not); `:memory:` for a database that ends with the store. */
  readonly path: string
  readonly database?: undefined
  /**
   * How long one statement waits for another process's lock, blocking this thread, in milliseconds; 0 to 60,000. After it the store itself waits and
   * tries again (`retry`), without blocking.
   * @defaultValue 250
   */
  readonly busyTimeoutMs?: number | undefined
}

/** Uses a database that the caller opened, and leaves its settings as they are. */
export interface SqliteDatabaseOptions extends SqlStoreOptions {
  /** `DatabaseSync` of node:sqlite, `Database` of better-sqlite3, or `Database` of libsql; never closed by the store. */
  readonly database: AcceptedSqliteDatabase
  readonly path?: undefined
}

export type SqliteResultStoreOptions = SqlitePathOptions | SqliteDatabaseOptions

export const DEFAULT_BUSY_TIMEOUT_MS = 250

/**
 * The result store in one SQLite file. By `path` it opens the file with WAL, `synchronous=FULL` and foreign keys, so that `durable` is true.
 * A `database` that is passed in keeps its own settings and stays open; `durable` then says what they are worth.
 *
 * On Node 22 `node:sqlite` prints an ExperimentalWarning when it is first loaded, which a path does and a better-sqlite3 or libsql database does not.
 *
 * @example
 * ```ts
 * await using store = new SqliteResultStore({ path: 'audit.db' })
 * await migrateObject({ source, destination, store })
 * ```
 */
export class SqliteResultStore extends KyselyResultStore {
  /** Does no I/O. @throws `ERR_INVALID_OPTION` for an option that cannot be used */
  constructor(options: SqliteResultStoreOptions) {
    if (typeof options !== 'object' || options === null) throw invalidOption('options', options, 'an object with path or database')
    if ((options.path === undefined) === (options.database === undefined)) throw invalidOption('path', options.path, 'either path or database')
    const dialect = new SqliteStoreDialect({ handle: options.database ?? {}, connect: connector(options) })
    super({
      ...(options.retry === undefined ? {} : { retry: options.retry }),
      ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
      dialect,
      hold: () => dialect.hold(),
      direct: () => dialect.direct(),
      destroyOnClose: options.database === undefined,
    })
  }
}

function connector(options: SqliteResultStoreOptions): () => Promise<SqliteConnection> {
  if (options.database !== undefined) {
    const connection = connectionOf(options.database)
    return async () => connection
  }
  const { path, busyTimeoutMs = DEFAULT_BUSY_TIMEOUT_MS } = options
  if (typeof path !== 'string' || path === '' || path.includes('\u0000')) throw invalidOption('path', path, 'the path of a file')
  if (!Number.isSafeInteger(busyTimeoutMs) || busyTimeoutMs < 0 || busyTimeoutMs > 60_000) {
    throw invalidOption('busyTimeoutMs', busyTimeoutMs, 'an integer from 0 to 60000')
  }
  return () => openNodeSqlite(path, busyTimeoutMs)
}

function connectionOf(database: AcceptedSqliteDatabase): SqliteConnection {
  if (typeof database === 'object' && database !== null) {
    if (isNodeSqlite(database)) return nodeSqliteConnection(database)
    if (isLibsql(database)) return libsqlConnection(database)
    if (isBetterSqlite3(database)) return betterSqlite3Connection(database)
  }
  throw invalidOption('database', database, 'an open database of node:sqlite, better-sqlite3 or libsql')
}
