/** One statement, in the shape that Kysely's SQLite driver calls (better-sqlite3's). */
export interface PreparedStatement {
  /** true: it gives rows */
  readonly reader: boolean
  all(parameters: readonly unknown[]): unknown[]
  run(parameters: readonly unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint }
  iterate(parameters: readonly unknown[]): IterableIterator<unknown>
}

/** One open database, whatever driver is behind it. */
export interface SqliteConnection {
  readonly driver: 'node:sqlite' | 'better-sqlite3' | 'libsql'
  prepare(sql: string): PreparedStatement
  close(): void
}
