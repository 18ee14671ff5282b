import type { Kysely, RawBuilder } from 'kysely'
import type { ResultRow } from './result-row.ts'
import type { StoreTables } from './schema.ts'

/**
 * Why a database call failed.
 * `unavailable`: no connection, or the server goes down; `busy`: locked by somebody else, deadlock, time-out (both may succeed later);
 * `data`: this row can never be stored; `other`: anything else (missing table, no permission, a bug).
 */
export type FailureKind = 'unavailable' | 'busy' | 'data' | 'other'

/** Column types in the database's own words. */
export interface FlavorColumnTypes {
  /** text that compares and sorts by its bytes */
  readonly key: string
  readonly text: string
  readonly bigint: string
  readonly boolean: string
  readonly json: string
  readonly timestamp: string
  /** the whole type of an ascending integer primary key, `PRIMARY KEY` included */
  readonly autoId: string
}

/**
 * The differences between databases that Kysely's dialect does not hide. {@link sqliteFlavor} and {@link postgresFlavor} are built in and chosen by the
 * dialect; give another one to `KyselyResultStore({ dialect, flavor })` for a database that is neither.
 * The database must know `INSERT … ON CONFLICT (…) DO UPDATE` (or the flavor brings `upsertResults`), row values in comparisons, and views.
 */
export interface SqlFlavor {
  readonly id: string
  readonly columnTypes: FlavorColumnTypes
  /** true: `SELECT … FOR UPDATE` is understood and needed, since several writers may hold a transaction at once */
  readonly rowLocks: boolean
  /** how many parameters one statement may carry */
  readonly maxParameters: number
  encodeBoolean(value: boolean | null): boolean | number | null
  /** the database's clock, now (not the transaction's start) */
  now(): RawBuilder<string>
  /** the database's clock, `delayMs` from now */
  after(delayMs: number): RawBuilder<string>
  /** a timestamp column as ISO 8601 text in UTC with milliseconds: `2026-01-31T12:00:00.000Z` */
  isoText(column: string): RawBuilder<string | null>
  /** Runs `work` in one transaction that holds the right to write from its start; rolls back when it throws. */
  writeTransaction<T>(db: Kysely<StoreTables>, work: (trx: Kysely<StoreTables>) => Promise<T>): Promise<T>
  /** Runs `work` while no other process migrates the same database. */
  migrationLock(db: Kysely<StoreTables>, work: (locked: Kysely<StoreTables>) => Promise<void>): Promise<void>
  /** Does a committed transaction survive a power cut? */
  isDurable(db: Kysely<StoreTables>): Promise<boolean>
  /** null: not an error of this database's drivers */
  classifyError(error: unknown): FailureKind | null
  /** Runs one query that reads a page of a long, ordered list. Default: as any other query. */
  readonly orderedRead?: (<T>(db: Kysely<StoreTables>, work: (connection: Kysely<StoreTables>) => Promise<T>) => Promise<T>) | undefined
  /** A faster way to write many rows. Default: multi-row INSERT statements with ON CONFLICT. */
  readonly upsertResults?: ((trx: Kysely<StoreTables>, rows: readonly ResultRow[]) => Promise<void>) | undefined
}
