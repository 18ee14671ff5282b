import { sql } from 'kysely'
import type { FailureKind, SqlFlavor } from './flavor.ts'

/** "sealift" as a number; advisory locks are per database, so that two schemas of one database wait for each other once, which does no harm. */
const MIGRATION_LOCK_ID = '32481091426805364'
const LOCK_TIMEOUT_MS = 60_000

/** PostgreSQL, by whatever Kysely dialect. */
export const postgresFlavor: SqlFlavor = {
  id: 'postgres',
  columnTypes: {
    key: 'text collate "C"',
    text: 'text',
    bigint: 'bigint',
    boolean: 'boolean',
    json: 'jsonb',
    timestamp: 'timestamptz',
    autoId: 'bigint generated always as identity primary key',
  },
  rowLocks: true,
  maxParameters: 65_535,
  encodeBoolean: (value) => value,
  now: () => sql<string>`clock_timestamp()`,
  after: (delayMs) => sql<string>`(clock_timestamp() + cast(${delayMs} as double precision) * interval '1 millisecond')`,
  isoText: (column) => sql<string | null>`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  writeTransaction: (db, work) => db.transaction().execute(work),
  // the lock belongs to the transaction, so that it also works behind a pooler that shares connections, and ends with a process that dies
  migrationLock: (db, work) =>
    db.transaction().execute(async (trx) => {
      await sql`select set_config('lock_timeout', ${String(LOCK_TIMEOUT_MS)}, true)`.execute(trx)
      await sql`select pg_advisory_xact_lock(${sql.lit(MIGRATION_LOCK_ID)}::bigint)`.execute(trx)
      await work(trx)
    }),
  // Without fresh statistics the planner takes a task for a few rows and sorts all of them for every page; the unique index has them in order.
  orderedRead: (db, work) =>
    db.transaction().execute(async (trx) => {
      await sql`
        select set_config('enable_sort', 'off', true), set_config('enable_incremental_sort', 'off', true), set_config('enable_bitmapscan', 'off', true)`.execute(
        trx,
      )
      return await work(trx)
    }),
  isDurable: async (db) => {
    const settings = await sql<{ name: string; setting: string }>`
      select name, setting from pg_settings where name in ('synchronous_commit', 'fsync')`.execute(db)
    const setting = (name: string): string | undefined => settings.rows.find((row) => row.name === name)?.setting
    // `local` waits for this server's own flush, which is what durable promises; `off` does not
    return setting('fsync') === 'on' && ['on', 'local', 'remote_write', 'remote_apply'].includes(setting('synchronous_commit') ?? '')
  },
  classifyError: classifyPostgresError,
}

const NETWORK_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT', // the Unix socket of a server that is down
])

// what pg, pg-pool and Kysely say without a code
const LOST_CONNECTION =
  /connection terminated|connection ended|timeout exceeded when trying to connect|client has encountered a connection error|query read timeout|not queryable/i

/** https://www.postgresql.org/docs/18/errcodes-appendix.html */
function classifyPostgresError(error: unknown): FailureKind | null {
  if (typeof error !== 'object' || error === null) return null
  const { code, message, errors } = error as { code?: unknown; message?: unknown; errors?: unknown }
  if (typeof code === 'string') {
    if (NETWORK_CODES.has(code)) return 'unavailable'
    if (/^[0-9A-Z]{5}$/.test(code)) return kindOfSqlState(code)
  }
  // happy eyeballs: one error for every address that was tried
  if (Array.isArray(errors) && errors.some((entry) => classifyPostgresError(entry) === 'unavailable')) return 'unavailable'
  if (typeof message === 'string' && LOST_CONNECTION.test(message)) return 'unavailable'
  return null
}

function kindOfSqlState(state: string): FailureKind {
  // 08 connection exceptions; 53 out of resources (disk, memory, connections); 57P0x the server goes down or comes up; 58030 I/O error; 25006 a standby
  if (state.startsWith('08') || state.startsWith('53') || state.startsWith('57P') || state === '58030' || state === '25006') return 'unavailable'
  // 40 serialisation failures and deadlocks; 55P03 lock not available; 57014 cancelled by a time-out; 25P0x idle time-outs
  if (state.startsWith('40') || state === '55P03' || state === '57014' || state.startsWith('25P0')) return 'busy'
  // 22 data exceptions; 23 integrity constraints; 54 program limits (index row too large)
  if (state.startsWith('22') || state.startsWith('23') || state.startsWith('54')) return 'data'
  return 'other'
}
