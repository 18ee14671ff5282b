import { type IntegritySummary, SealiftError, type TaskEpoch, type TaskRecord, type TaskStart, type TaskStatus } from '@sealift/core'
import { runCompiled, type StatementBuilder } from './compiled-statement.ts'
import { asText, type StoreContext, within } from './store-context.ts'
import { integrityRate, type TaskCounts } from './task-counts.ts'
import { escapedJsonText, escapeText, unescapedJson, unescapeText } from './text-escape.ts'
import { writeTransaction } from './write-transaction.ts'

export async function startTask(context: StoreContext, task: TaskStart, signal: AbortSignal): Promise<TaskRecord> {
  const id = escapeText(task.taskId)
  if (context.startedTasks.has(id)) {
    // each object of a task starts it anew: where nothing would change, nothing is written
    const known = await getTask(context, task.taskId)
    if (known !== null && known.status === 'running' && known.finishedAt === null) return known
    signal.throwIfAborted()
  }
  const record = await writeTransaction(context, async (inTransaction) => {
    signal.throwIfAborted()
    await insertTask(inTransaction, task)
    signal.throwIfAborted()
    return await requireTask(inTransaction, task.taskId)
  })
  context.startedTasks.add(id)
  return record
}

/** Makes the task `running`, and makes it where it is not there. */
async function insertTask(context: StoreContext, task: TaskStart): Promise<void> {
  const optionsDigest = task.optionsDigest === null ? null : escapeText(task.optionsDigest)
  const values = [escapeText(task.taskId), escapeText(task.source), escapeText(task.destination), escapedJsonText(task.options), optionsDigest]
  await runCompiled(context, upsertTask, values)
}

const upsertTask: StatementBuilder<unknown> = ({ db, flavor }, slot) =>
  db
    .insertInto('migration_tasks')
    .values({
      id: slot(0),
      status: 'running',
      source: slot(1),
      destination: slot(2),
      options: slot(3),
      total_objects: 0,
      total_bytes: 0,
      verified_objects: 0,
      failed_objects: 0,
      integrity_verified: 0,
      integrity_rate: null,
      integrity_errors: 0,
      checkpoint: null,
      options_digest: slot(4),
      lease_owner: null,
      lease_epoch: 0,
      lease_expires_at: null,
      created_at: flavor.now(),
      started_at: flavor.now(),
      finished_at: null,
    })
    // a task that runs again has not ended: prune must not take it for an old one
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ status: 'running', finished_at: null }))

export async function finishTask(context: StoreContext, task: TaskEpoch, status: Exclude<TaskStatus, 'running'>, signal: AbortSignal): Promise<TaskRecord> {
  return await writeTransaction(context, async (inTransaction) => {
    await lockTask(inTransaction, task)
    signal.throwIfAborted()
    await setEnded(inTransaction, task.taskId, status)
    signal.throwIfAborted()
    return await requireTask(inTransaction, task.taskId)
  })
}

export async function setEnded(context: StoreContext, taskId: string, status: Exclude<TaskStatus, 'running'>): Promise<void> {
  await runCompiled(context, endTask, [escapeText(taskId), status])
}

const endTask: StatementBuilder<unknown> = ({ db, flavor }, slot) =>
  db
    .updateTable('migration_tasks')
    .set({ status: slot<string>(1), finished_at: flavor.now() })
    .where('id', '=', slot<string>(0))

export async function moveCheckpoint(context: StoreContext, task: TaskEpoch, checkpoint: string, signal: AbortSignal): Promise<void> {
  await context.flavor.writeTransaction(context.db, async (trx) => {
    await lockTask(within(context, trx), task)
    signal.throwIfAborted()
    await trx
      .updateTable('migration_tasks')
      .set({ checkpoint: escapeText(checkpoint) })
      .where('id', '=', escapeText(task.taskId))
      .execute()
  })
}

/**
 * Takes the task's row for this transaction and checks the writer's epoch.
 * @returns the counts as they are now
 * @throws `ERR_INVALID_STATE` for a task that was never started or an epoch that was never granted, `ERR_TASK_LOCKED` for an epoch that is no longer the newest
 */
export async function lockTask(context: StoreContext, task: TaskEpoch): Promise<TaskCounts> {
  const row = await selectTaskRow(context, task.taskId)
  if (row === undefined) throw unknownTask(task.taskId)
  return countsOf(row, task)
}

/** As `lockTask`, for a task that is made, or made `running` again, where it is not. */
export async function lockRunningTask(context: StoreContext, task: TaskStart): Promise<TaskCounts> {
  const epoch = { taskId: task.taskId, epoch: 0 }
  const row = await selectTaskRow(context, task.taskId)
  if (row?.status === 'running' && row.finished_at === null) return countsOf(row, epoch)
  await insertTask(context, task)
  return await lockTask(context, epoch)
}

async function selectTaskRow(context: StoreContext, taskId: string): Promise<LockedRow | undefined> {
  const [row] = await runCompiled(context, selectLocked, [escapeText(taskId)])
  return row
}

function countsOf(row: LockedRow, task: TaskEpoch): TaskCounts {
  const epoch = Number(row.lease_epoch)
  if (task.epoch < epoch) {
    throw new SealiftError(
      'ERR_TASK_LOCKED',
      `task ${JSON.stringify(task.taskId)} is driven by another process by now (epoch ${epoch}, this writer has ${task.epoch})`,
      {
        retryable: false,
        context: { expected: String(epoch), actual: String(task.epoch) },
      },
    )
  }
  if (task.epoch > epoch) {
    throw new SealiftError('ERR_INVALID_STATE', `epoch ${task.epoch} of task ${JSON.stringify(task.taskId)} was never granted (the newest is ${epoch})`)
  }
  return {
    totalObjects: BigInt(row.total_objects ?? 0),
    totalBytes: BigInt(row.total_bytes ?? 0),
    verified: BigInt(row.verified_objects ?? 0),
    failed: BigInt(row.failed_objects ?? 0),
    mismatches: BigInt(row.integrity_errors ?? 0),
  }
}

const LOCKED_COLUMNS = [
  'status',
  'finished_at',
  'lease_epoch',
  'total_objects',
  'total_bytes',
  'verified_objects',
  'failed_objects',
  'integrity_errors',
] as const

type LockedRow = Record<(typeof LOCKED_COLUMNS)[number], string | null>

const selectLocked: StatementBuilder<LockedRow> = ({ db, flavor }, slot) => {
  const query = db
    .selectFrom('migration_tasks')
    .select(LOCKED_COLUMNS.map((column) => asText(column).as(column)))
    .where('id', '=', slot<string>(0))
  return flavor.rowLocks ? query.forUpdate() : query
}

export async function writeCounts(context: StoreContext, taskId: string, counts: TaskCounts): Promise<void> {
  await runCompiled(context, updateCounts, [
    escapeText(taskId),
    String(counts.totalObjects),
    String(counts.totalBytes),
    String(counts.verified),
    String(counts.failed),
    integrityRate(counts),
    String(counts.mismatches),
  ])
}

const updateCounts: StatementBuilder<unknown> = ({ db }, slot) =>
  db
    .updateTable('migration_tasks')
    .set({
      total_objects: slot<string>(1),
      total_bytes: slot<string>(2),
      verified_objects: slot<string>(3),
      failed_objects: slot<string>(4),
      integrity_verified: slot<string>(3),
      integrity_rate: slot<number | null>(5),
      integrity_errors: slot<string>(6),
    })
    .where('id', '=', slot<string>(0))

function unknownTask(taskId: string): SealiftError {
  return new SealiftError('ERR_INVALID_STATE', `task ${JSON.stringify(taskId)} was never started in this store`)
}

async function requireTask(context: StoreContext, taskId: string): Promise<TaskRecord> {
  const task = await getTask(context, taskId)
  if (task === null) throw unknownTask(taskId)
  return task
}

export async function getTask(context: StoreContext, taskId: string): Promise<TaskRecord | null> {
  const [row] = await runCompiled(context, selectTask, [escapeText(taskId)])
  return row === undefined ? null : toTaskRecord(row)
}

const selectTask: StatementBuilder<SelectedTask> = (context, slot) => selectTasks(context).where('id', '=', slot<string>(0))

export async function listTasks(context: StoreContext, query: { readonly status?: TaskStatus; readonly limit?: number }): Promise<TaskRecord[]> {
  let select = selectTasks(context).orderBy('migration_tasks.created_at', 'desc').orderBy('id', 'desc')
  if (query.status !== undefined) select = select.where('status', '=', query.status)
  if (query.limit !== undefined) select = select.limit(query.limit)
  return (await select.execute()).map(toTaskRecord)
}

export async function readSummary({ db, flavor }: StoreContext, taskId: string | undefined): Promise<IntegritySummary[]> {
  let select = db
    .selectFrom('integrity_summary')
    .innerJoin('migration_tasks', 'migration_tasks.id', 'integrity_summary.task_id')
    .select([
      'integrity_summary.task_id',
      asText('integrity_summary.total_objects').as('total_objects'),
      asText('integrity_summary.verified_objects').as('verified_objects'),
      asText('integrity_summary.failed_objects').as('failed_objects'),
      asText('integrity_summary.integrity_rate').as('integrity_rate'),
      flavor.isoText('integrity_summary.last_verified').as('last_verified'),
    ])
    .orderBy('migration_tasks.created_at', 'desc')
    .orderBy('migration_tasks.id', 'desc')
  if (taskId !== undefined) select = select.where('integrity_summary.task_id', '=', escapeText(taskId))
  return (await select.execute()).map((row) => ({
    taskId: unescapeText(row.task_id),
    totalObjects: Number(row.total_objects),
    verifiedObjects: Number(row.verified_objects),
    failedObjects: Number(row.failed_objects),
    integrityRate: row.integrity_rate === null ? null : Number(row.integrity_rate),
    lastVerified: row.last_verified,
  }))
}

function selectTasks({ db, flavor }: StoreContext) {
  return db
    .selectFrom('migration_tasks')
    .select([
      'id',
      'status',
      'source',
      'destination',
      asText('options').as('options'),
      asText('total_objects').as('total_objects'),
      asText('total_bytes').as('total_bytes'),
      asText('verified_objects').as('verified_objects'),
      asText('failed_objects').as('failed_objects'),
      asText('integrity_verified').as('integrity_verified'),
      asText('integrity_rate').as('integrity_rate'),
      asText('integrity_errors').as('integrity_errors'),
      'checkpoint',
      'options_digest',
      'lease_owner',
      asText('lease_epoch').as('lease_epoch'),
      flavor.isoText('lease_expires_at').as('lease_expires_at'),
      flavor.isoText('created_at').as('created_at'),
      flavor.isoText('started_at').as('started_at'),
      flavor.isoText('finished_at').as('finished_at'),
    ])
}

type SelectedTask = Awaited<ReturnType<ReturnType<typeof selectTasks>['executeTakeFirstOrThrow']>>

function toTaskRecord(row: SelectedTask): TaskRecord {
  const textOrNull = (value: string | null): string | null => (value === null ? null : unescapeText(value))
  return {
    taskId: unescapeText(row.id),
    source: unescapeText(row.source),
    destination: unescapeText(row.destination),
    options: unescapedJson(row.options ?? '{}') as Record<string, unknown>,
    optionsDigest: textOrNull(row.options_digest),
    status: row.status as TaskStatus,
    totalObjects: Number(row.total_objects),
    totalBytes: Number(row.total_bytes),
    verifiedObjects: Number(row.verified_objects),
    failedObjects: Number(row.failed_objects),
    integrityVerified: Number(row.integrity_verified),
    integrityRate: row.integrity_rate === null ? null : Number(row.integrity_rate),
    integrityErrors: Number(row.integrity_errors),
    checkpoint: textOrNull(row.checkpoint),
    leaseOwner: textOrNull(row.lease_owner),
    leaseEpoch: Number(row.lease_epoch),
    leaseExpiresAt: row.lease_expires_at,
    createdAt: row.created_at ?? '',
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  }
}
