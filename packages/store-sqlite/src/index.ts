export type { BetterSqlite3Database, BetterSqlite3Statement } from './drivers/better-sqlite3.ts'
export type { LibsqlDatabase, LibsqlStatement } from './drivers/libsql.ts'
export type { NodeSqliteDatabase, NodeSqliteStatement, NodeSqliteValue } from './drivers/node-sqlite.ts'
export {
  type AcceptedSqliteDatabase,
  DEFAULT_BUSY_TIMEOUT_MS,
  type SqliteDatabaseOptions,
  type SqlitePathOptions,
  SqliteResultStore,
  type SqliteResultStoreOptions,
} from './sqlite-result-store.ts'
