import { SealiftError, type TaskEpoch, type TaskStart, type TaskStatus, type Verdict } from '@sealift/core'
import { sql } from 'kysely'
import { runCompiled, type StatementBuilder } from './compiled-statement.ts'
import { RESULT_COLUMNS, RESULT_IDENTITY, type ResultRow } from './result-row.ts'
import { asText, type StoreContext } from './store-context.ts'
import { failureKind, storeError } from './store-error.ts'
import { adjustCounts, type CountedRow, type TaskCounts } from './task-counts.ts'
import { lockRunningTask, lockTask, setEnded, writeCounts } from './task-queries.ts'
import { unescapeText } from './text-escape.ts'
import { writeTransaction } from './write-transaction.ts'

/** Rows of one statement. A few sizes only, each compiled once: compiling an INSERT of 200 rows takes longer than running it. */
const CHUNK_ROWS = [200, 50, 10, 3, 1] as const

type ChunkRows = (typeof CHUNK_ROWS)[number]

/**
 * Writes the rows and the task's counts in one transaction. Rows with the same identity replace each other, the last one wins.
 * @throws `ERR_STORE` with `context.key` when the database refuses one of the rows for what it is
 */
export async function saveResultRows(context: StoreContext, task: TaskEpoch, given: readonly ResultRow[], signal: AbortSignal): Promise<void> {
  const rows = given.length === 1 ? given : [...new Map(given.map((row) => [identity(row), row])).values()]
  await refusalsNamed(context, rows, signal, () =>
    writeTransaction(context, async (inTransaction) => {
      const counts = await lockTask(inTransaction, task)
      if (rows.length > 0) await replaceRows(inTransaction, task.taskId, rows, counts, signal)
    }),
  )
}

/**
 * Starts the task where it does not run, writes the rows and its counts, and ends it where `status` says so, in one transaction.
 * @throws as `saveResultRows`
 */
export async function recordResultRows(
  context: StoreContext,
  task: TaskStart,
  rows: readonly ResultRow[],
  status: Exclude<TaskStatus, 'running'> | null,
  signal: AbortSignal,
): Promise<void> {
  await refusalsNamed(context, rows, signal, () =>
    writeTransaction(context, async (inTransaction) => {
      signal.throwIfAborted()
      const counts = await lockRunningTask(inTransaction, task)
      await replaceRows(inTransaction, task.taskId, rows, counts, signal)
      if (status !== null) await setEnded(inTransaction, task.taskId, status)
      signal.throwIfAborted()
    }),
  )
}

async function replaceRows(context: StoreContext, taskId: string, rows: readonly ResultRow[], counts: TaskCounts, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const replaced = await rowsToReplace(context, rows)
  signal.throwIfAborted()
  await upsertRows(context, rows)
  signal.throwIfAborted()
  await writeCounts(context, taskId, adjustCounts(counts, rows.map(counted), replaced))
  signal.throwIfAborted()
}

/** Where the database refuses a row for what it is, the error names it. */
async function refusalsNamed(context: StoreContext, rows: readonly ResultRow[], signal: AbortSignal, write: () => Promise<void>): Promise<void> {
  const { flavor } = context
  try {
    await write()
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
async function upsertRows(context: StoreContext, rows: readonly ResultRow[]): Promise<void> {
  const { db, flavor } = context
  if (flavor.upsertResults !== undefined) return await flavor.upsertResults(db, rows)
  for (const chunk of chunks(rows, Math.floor(flavor.maxParameters / RESULT_COLUMNS.length))) {
    const values = chunk.rows.flatMap((row) => RESULT_COLUMNS.map((column) => encoded(row[column], flavor.encodeBoolean)))
    await runCompiled(context, UPSERTS[chunk.size], values)
  }
}

function encoded(value: ResultRow[keyof ResultRow], encodeBoolean: (value: boolean | null) => boolean | number | null) {
  return typeof value === 'boolean' ? encodeBoolean(value) : (value ?? null)
}

const UPSERTS = bySize((size): StatementBuilder<unknown> => {
  const replaced = RESULT_COLUMNS.filter((column) => !(RESULT_IDENTITY as readonly string[]).includes(column))
  return ({ db, flavor }, slot) =>
    db
      .insertInto('integrity_results')
      .values(
        Array.from({ length: size }, (_, row) => ({
          ...(Object.fromEntries(RESULT_COLUMNS.map((column, index) => [column, slot(row * RESULT_COLUMNS.length + index)])) as unknown as ResultRow),
          created_at: flavor.now(),
        })),
      )
      .onConflict((conflict) =>
        conflict
          .columns([...RESULT_IDENTITY])
          .doUpdateSet(Object.fromEntries([...replaced, 'created_at'].map((column) => [column, sql.ref(`excluded.${column}`)]))),
      )
})

/** What the rows that will be replaced count for now. */
async function rowsToReplace(context: StoreContext, rows: readonly ResultRow[]): Promise<CountedRow[]> {
  const found: CountedRow[] = []
  for (const chunk of chunks(rows, Math.floor(context.flavor.maxParameters / RESULT_IDENTITY.length))) {
    const values = chunk.rows.flatMap((row) => [row.task_id, row.object_key, row.version_id])
    const stored = await runCompiled(context, LOOKUPS[chunk.size], values)
    for (const row of stored) found.push({ verdict: row.verdict as Verdict, sizeBytes: BigInt(row.source_size ?? row.dest_size ?? 0) })
  }
  return found
}

interface StoredCount {
  readonly verdict: string
  readonly source_size: string | null
  readonly dest_size: string | null
}

const LOOKUPS = bySize(
  (size): StatementBuilder<StoredCount> =>
    ({ db }, slot) => {
      const query = db.selectFrom('integrity_results').select(['verdict', asText('source_size').as('source_size'), asText('dest_size').as('dest_size')])
      if (size === 1) {
        return query.where('task_id', '=', slot<string>(0)).where('object_key', '=', slot<string>(1)).where('version_id', '=', slot<string>(2))
      }
      const identities = Array.from({ length: size }, (_, row) => sql`(${slot(3 * row)}, ${slot(3 * row + 1)}, ${slot(3 * row + 2)})`)
      // whole identities, so that every planner goes by the unique index, however many rows the task has
      return query.where(sql<boolean>`(task_id, object_key, version_id) in (values ${sql.join(identities)})`)
    },
)

function bySize<T>(build: (size: ChunkRows) => T): Readonly<Record<ChunkRows, T>> {
  return Object.fromEntries(CHUNK_ROWS.map((size) => [size, build(size)])) as Record<ChunkRows, T>
}

/** The rows in statements of known sizes, the biggest that fits first. */
function* chunks(rows: readonly ResultRow[], maxRows: number): Generator<{ readonly size: ChunkRows; readonly rows: readonly ResultRow[] }> {
  for (let start = 0; start < rows.length; ) {
    const left = Math.min(rows.length - start, maxRows)
    const size = CHUNK_ROWS.find((candidate) => candidate <= left) ?? 1
    yield { size, rows: rows.slice(start, start + size) }
    start += size
  }
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

async function isRefused(context: StoreContext, rows: readonly ResultRow[]): Promise<boolean> {
  const { flavor } = context
  const rollback = new Error('rolled back on purpose')
  try {
    await writeTransaction(context, async (inTransaction) => {
      await upsertRows(inTransaction, rows)
      throw rollback
    })
  } catch (error) {
    if (error === rollback) return false
    if (failureKind(flavor, error) === 'data') return true
    throw error
  }
  return false
}
