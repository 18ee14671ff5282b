import { CompiledQuery, sql } from 'kysely'
import type { FailureKind, SqlFlavor } from './flavor.ts'

const BEGIN_IMMEDIATE = CompiledQuery.raw('begin immediate')
const COMMIT = CompiledQuery.raw('commit')
const ROLLBACK = CompiledQuery.raw('rollback')

const NOW_FORMAT = '%Y-%m-%dT%H:%M:%fZ'

// https://www.sqlite.org/rescode.html, primary codes
const KIND_BY_CODE: Readonly<Record<number, FailureKind>> = {
  4: 'busy', // ABORT
  5: 'busy', // BUSY
  6: 'busy', // LOCKED
  10: 'unavailable', // IOERR
  13: 'unavailable', // FULL: space may come back
  15: 'busy', // PROTOCOL: WAL locking
  18: 'data', // TOOBIG
  19: 'data', // CONSTRAINT
  20: 'data', // MISMATCH
}
const KIND_BY_NAME: readonly (readonly [string, FailureKind])[] = [
  ['SQLITE_ABORT', 'busy'],
  ['SQLITE_BUSY', 'busy'],
  ['SQLITE_LOCKED', 'busy'],
  ['SQLITE_IOERR', 'unavailable'],
  ['SQLITE_FULL', 'unavailable'],
  ['SQLITE_PROTOCOL', 'busy'],
  ['SQLITE_TOOBIG', 'data'],
  ['SQLITE_CONSTRAINT', 'data'],
  ['SQLITE_MISMATCH', 'data'],
]

/** SQLite, by whatever driver: node:sqlite, better-sqlite3, libsql, or another Kysely dialect over SQLite. */
export const sqliteFlavor: SqlFlavor = {
  id: 'sqlite',
  columnTypes: {
    key: 'text collate binary',
    text: 'text',
    bigint: 'bigint',
    boolean: 'boolean',
    json: 'text',
    timestamp: 'text',
    autoId: 'integer primary key autoincrement',
  },
  rowLocks: false,
  maxParameters: 32_766,
  encodeBoolean: (value) => (value === null ? null : value ? 1 : 0),
  now: () => sql<string>`strftime(${sql.lit(NOW_FORMAT)}, 'now')`,
  after: (delayMs) => sql<string>`strftime(${sql.lit(NOW_FORMAT)}, 'now', ${`+${(delayMs / 1000).toFixed(3)} seconds`})`,
  isoText: (column) => sql<string | null>`${sql.ref(column)}`,
  writeTransaction: (db, work) =>
    db.connection().execute(async (connection) => {
      // not Kysely's own transaction: its deferred BEGIN takes the write lock late, and then fails at once instead of waiting for it
      await connection.executeQuery(BEGIN_IMMEDIATE)
      try {
        const result = await work(connection)
        await connection.executeQuery(COMMIT)
        return result
      } catch (error) {
        // SQLite may have rolled back by itself (disk full): the first error is the one that counts
        await connection.executeQuery(ROLLBACK).catch(() => undefined)
        throw error
      }
    }),
  migrationLock: (db, work) => sqliteFlavor.writeTransaction(db, work),
  isDurable: async (db) =>
    await db.connection().execute(async (connection) => {
      const files = await sql<{ name: string; file: string | null }>`pragma database_list`.execute(connection)
      if (!files.rows.some((row) => row.name === 'main' && row.file !== null && row.file !== '')) return false
      const journal = await sql<{ journal_mode: string }>`pragma journal_mode`.execute(connection)
      if (!['wal', 'delete', 'truncate', 'persist'].includes(String(journal.rows[0]?.journal_mode).toLowerCase())) return false
      const synchronous = await sql<{ synchronous: number | bigint }>`pragma synchronous`.execute(connection)
      return Number(synchronous.rows[0]?.synchronous) >= 2
    }),
  classifyError: classifySqliteError,
}

function classifySqliteError(error: unknown): FailureKind | null {
  if (typeof error !== 'object' || error === null) return null
  const { code, errcode, message } = error as { code?: unknown; errcode?: unknown; message?: unknown }
  // a handle that was passed in, on which its owner holds a transaction open
  if (typeof message === 'string' && message.includes('cannot start a transaction within a transaction')) return 'busy'
  if (code === 'ERR_SQLITE_ERROR' && typeof errcode === 'number') return KIND_BY_CODE[errcode & 0xff] ?? 'other'
  if (typeof code === 'string' && code.startsWith('SQLITE_')) return KIND_BY_NAME.find(([name]) => code.startsWith(name))?.[1] ?? 'other'
  if (typeof message === 'string' && /database (table )?is locked/.test(message)) return 'busy'
  return null
}
