import { SealiftError, type TaskEpoch, type Verdict } from '@sealift/core'
import { type Kysely, sql } from 'kysely'
import { RESULT_COLUMNS, RESULT_IDENTITY, type ResultRow } from './result-row.ts'
import type { StoreTables } from './schema.ts'
import { asText, type StoreContext } from './store-context.ts'
import { failureKind, storeError } from './store-error.ts'
import { adjustCounts, type CountedRow } from './task-counts.ts'
import { lockTask, writeCounts } from './task-queries.ts'
import { unescapeText } from './text-escape.ts'

/** Rows of one INSERT; more would compile slower than they save round trips. */
const MAX_INSERT_ROWS = 200
const MAX_LOOKUP_ROWS = 500

/**
 * Writes the rows and the task's counts in one transaction. Rows with the same identity replace each other, the last one wins.
 * @throws `ERR_STORE` with `context.key` when the database refuses one of the rows for what it is
 */
export async function saveResultRows(context: StoreContext, task: TaskEpoch, given: readonly ResultRow[], signal: AbortSignal): Promise<void> {
  const { db, flavor } = context
  const rows = [...new Map(given.map((row) => [identity(row), row])).values()]
  try {
    await flavor.writeTransaction(db, async (trx) => {
      const inTransaction = { db: trx, flavor }
      const counts = await lockTask(inTransaction, task)
      if (rows.length === 0) return
      signal.throwIfAborted()
      const replaced = await rowsToReplace(trx, rows)
      signal.throwIfAborted()
      await upsertRows(inTransaction, rows)
      signal.throwIfAborted()
      await writeCounts(inTransaction, task.taskId, adjustCounts(counts, rows.map(counted), replaced))
      signal.throwIfAborted()
    })
  } catch (error) {
    if (SealiftError.is(error) || failureKind(flavor, error) !== 'data') throw error
    const row = await refusedRow(context, rows, signal)
    if (row === null) throw error
    const key = unescapeText(row.object_key)
    const bucket = unescapeText(row.source_bucket)
    throw storeError(flavor, `take the row of ${JSON.stringify(key)} in bucket ${JSON.stringify(bucket)}`, error, { bucket, key })
  }
}

/** Multi-row INSERTs that replace rows of the same identity. */
async function upsertRows({ db, flavor }: StoreContext, rows: readonly ResultRow[]): Promise<void> {
  if (flavor.upsertResults !== undefined) return await flavor.upsertResults(db, rows)
  const replaced = RESULT_COLUMNS.filter((column) => !(RESULT_IDENTITY as readonly string[]).includes(column))
  const size = Math.min(MAX_INSERT_ROWS, Math.floor(flavor.maxParameters / RESULT_COLUMNS.length))
  for (let start = 0; start < rows.length; start += size) {
    await db
      .insertInto('integrity_results')
      .values(rows.slice(start, start + size).map((row) => ({ ...encodeRow(row, flavor.encodeBoolean), created_at: flavor.now() })))
      .onConflict((conflict) =>
        conflict
          .columns([...RESULT_IDENTITY])
          .doUpdateSet(Object.fromEntries([...replaced, 'created_at'].map((column) => [column, sql.ref(`excluded.${column}`)]))),
      )
      .execute()
  }
}

function encodeRow(row: ResultRow, encodeBoolean: (value: boolean | null) => boolean | number | null) {
  return {
    ...row,
    calculated_digests: row.calculated_digests === null ? null : JSON.stringify(row.calculated_digests),
    evidence: JSON.stringify(row.evidence),
    not_carried: JSON.stringify(row.not_carried),
    orphans: JSON.stringify(row.orphans),
    etag_match: encodeBoolean(row.etag_match),
    size_match: encodeBoolean(row.size_match),
    md5_match: encodeBoolean(row.md5_match),
    sha1_match: encodeBoolean(row.sha1_match),
    is_valid: encodeBoolean(row.is_valid),
  }
}

/** What the rows that will be replaced count for now. */
async function rowsToReplace(trx: Kysely<StoreTables>, rows: readonly ResultRow[]): Promise<CountedRow[]> {
  const found: CountedRow[] = []
  for (let start = 0; start < rows.length; start += MAX_LOOKUP_ROWS) {
    const identities = rows.slice(start, start + MAX_LOOKUP_ROWS).map((row) => sql`(${row.task_id}, ${row.object_key}, ${row.version_id})`)
    const stored = await trx
      .selectFrom('integrity_results')
      .select(['verdict', asText('source_size').as('source_size'), asText('dest_size').as('dest_size')])
      // whole identities, so that every planner goes by the unique index, however many rows the task has
      .where(sql<boolean>`(task_id, object_key, version_id) in (values ${sql.join(identities)})`)
      .execute()
    for (const row of stored) found.push({ verdict: row.verdict as Verdict, sizeBytes: BigInt(row.source_size ?? row.dest_size ?? 0) })
  }
  return found
}

function counted(row: ResultRow): CountedRow {
  return { verdict: row.verdict, sizeBytes: BigInt(row.source_size ?? row.dest_size ?? 0) }
}

// U+0000 never occurs in an escaped text
function identity(row: Pick<ResultRow, 'object_key' | 'version_id'>): string {
  return `${row.object_key}\u0000${row.version_id}`
}

/** The row that the database refuses, by halving: each try is rolled back. */
async function refusedRow(context: StoreContext, rows: readonly ResultRow[], signal: AbortSignal): Promise<ResultRow | null> {
  let suspects = rows
  while (suspects.length > 1) {
    signal.throwIfAborted()
    const half = suspects.slice(0, suspects.length >> 1)
    suspects = (await isRefused(context, half)) ? half : suspects.slice(half.length)
  }
  return suspects[0] ?? null
}

async function isRefused({ db, flavor }: StoreContext, rows: readonly ResultRow[]): Promise<boolean> {
  const rollback = new Error('rolled back on purpose')
  try {
    await flavor.writeTransaction(db, async (trx) => {
      await upsertRows({ db: trx, flavor }, rows)
      throw rollback
    })
  } catch (error) {
    if (error === rollback) return false
    if (failureKind(flavor, error) === 'data') return true
    throw error
  }
  return false
}
