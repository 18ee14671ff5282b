import type { TaskStart, TaskStatus } from '@sealift/core'
import { type RawBuilder, sql } from 'kysely'
import { bindCompiled, type StatementBuilder } from './compiled-statement.ts'
import type { DirectConnection } from './direct-connection.ts'
import { RESULT_COLUMNS, type ResultRow } from './result-row.ts'
import type { StoreContext } from './store-context.ts'
import { adjustCounts, integrityRate, NO_COUNTS } from './task-counts.ts'
import { escapeText } from './text-escape.ts'

export interface ObjectRecord {
  readonly task: TaskStart
  /** the task's options as they are stored; null where the task is known to be there */
  readonly options: string | null
  readonly row: ResultRow
  /** how the task ends with this row; null: it goes on */
  readonly finish: Exclude<TaskStatus, 'running'> | null
}

/**
 * Writes the records of objects of one task: one statement for the task, one for each row, in the transaction that is open on the connection. Does the plain
 * cases only: the task is new, or runs and was never leased, and the rows are new.
 * @param records - at least one, all of one task
 * @param now - the time of the transaction, ISO 8601
 * @returns false for any other case; the caller rolls back, and goes by `recordResultRows`
 */
export function recordAtOnce(context: StoreContext, connection: DirectConnection, now: string, records: readonly ObjectRecord[]): boolean {
  const [first] = records
  if (first === undefined) return true
  // a task that ends with its row has no other one
  if (records.length > 1 && records.some(({ finish }) => finish !== null)) return false
  const change = (build: StatementBuilder<unknown>, values: readonly unknown[]): number => {
    const { query, parameters } = bindCompiled(context, build, values)
    return connection.change(query.sql, parameters)
  }
  if (!countIn(context, change, now, first, records)) return false
  return records.every(({ row }) => change(INSERT_ROW, rowValues(context, row, now)) === 1)
}

/** The task, with what the rows add to it. */
function countIn(
  context: StoreContext,
  change: (build: StatementBuilder<unknown>, values: readonly unknown[]) => number,
  now: string,
  { task, options, row, finish }: ObjectRecord,
  records: readonly ObjectRecord[],
): boolean {
  const rows = records.map((record) => ({ verdict: record.row.verdict, sizeBytes: BigInt(record.row.source_size ?? record.row.dest_size ?? 0) }))
  const counts = adjustCounts(NO_COUNTS, rows, [])
  const added = [Number(counts.totalObjects), String(counts.totalBytes), Number(counts.verified), Number(counts.failed), Number(counts.mismatches)]
  if (context.startedTasks.has(row.task_id)) return finish === null && change(ADD_COUNTS, [row.task_id, ...added]) === 1
  if (options === null) return false
  const begun = [
    row.task_id,
    ...added,
    escapeText(task.source),
    escapeText(task.destination),
    options,
    task.optionsDigest === null ? null : escapeText(task.optionsDigest),
    integrityRate(counts),
    finish ?? 'running',
    now,
  ]
  if (change(finish === null ? INSERT_RUNNING : INSERT_ENDED, begun) === 1) return true
  return finish === null && change(ADD_COUNTS, [row.task_id, ...added]) === 1
}

function rowValues({ flavor }: StoreContext, row: ResultRow, now: string): unknown[] {
  const values: unknown[] = []
  for (const column of RESULT_COLUMNS) {
    const value = row[column]
    values.push(typeof value === 'boolean' ? flavor.encodeBoolean(value) : value)
  }
  values.push(now)
  return values
}

/** `slots` 0: the task's id; 1 to 5: objects, bytes, verified, failed, mismatches; 6 to 9: the task; 10: the rate; 11: the status; 12: the time. */
function insertTask(ended: boolean): StatementBuilder<unknown> {
  return ({ db }, slot) =>
    db
      .insertInto('migration_tasks')
      .values({
        id: slot(0),
        status: slot(11),
        source: slot(6),
        destination: slot(7),
        options: slot(8),
        total_objects: slot(1),
        total_bytes: slot(2),
        verified_objects: slot(3),
        failed_objects: slot(4),
        integrity_verified: slot(3),
        integrity_rate: slot(10),
        integrity_errors: slot(5),
        checkpoint: sql`null`,
        options_digest: slot(9),
        lease_owner: sql`null`,
        lease_epoch: sql`0`,
        lease_expires_at: sql`null`,
        created_at: slot(12),
        started_at: slot(12),
        finished_at: ended ? slot(12) : sql`null`,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
}

const INSERT_RUNNING = insertTask(false)
const INSERT_ENDED = insertTask(true)

/** Adds objects to a task that runs and was never leased. `slots` 1 to 5: objects, bytes, verified, failed, mismatches. */
const ADD_COUNTS: StatementBuilder<unknown> = ({ db }, slot) => {
  const verified = sql<string>`(verified_objects + ${slot(3)})`
  const failed = sql<string>`(failed_objects + ${slot(4)})`
  return (
    db
      .updateTable('migration_tasks')
      .set({
        total_objects: sql`total_objects + ${slot(1)}`,
        // as text, since a driver may bind every number as a double
        total_bytes: sql`total_bytes + cast(${slot(2)} as integer)`,
        verified_objects: verified,
        failed_objects: failed,
        integrity_verified: verified,
        integrity_rate: rateOf(verified, failed),
        integrity_errors: sql`integrity_errors + ${slot(5)}`,
      })
      .where('id', '=', slot<string>(0))
      .where('status', '=', 'running')
      .where('finished_at', 'is', null)
      // as many bytes as a double cannot count go the long way, too
      .where(sql<boolean>`lease_epoch = 0 and total_bytes < 4503599627370496`)
  )
}

/** {@link integrityRate} in SQL. */
function rateOf(verified: RawBuilder<unknown>, failed: RawBuilder<unknown>): RawBuilder<number | null> {
  const proved = sql`cast(${verified} + ${failed} as integer)`
  return sql<number | null>`case
    when ${proved} = 0 then null
    when ${failed} = 0 then 100
    when ${verified} = 0 then 0
    else min(max((cast(${verified} as integer) * 20000 + ${proved}) / (2 * ${proved}), 1), 9999) / 100.0
  end`
}

const INSERT_ROW: StatementBuilder<unknown> = ({ db }, slot) =>
  db
    .insertInto('integrity_results')
    .values({
      ...(Object.fromEntries(RESULT_COLUMNS.map((column, index) => [column, slot(index)])) as unknown as ResultRow),
      created_at: slot(RESULT_COLUMNS.length),
    })
    .onConflict((conflict) => conflict.columns(['task_id', 'object_key', 'version_id']).doNothing())
