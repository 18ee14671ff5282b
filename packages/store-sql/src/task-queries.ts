import { type IntegritySummary, SealiftError, type TaskEpoch, type TaskRecord, type TaskStart, type TaskStatus } from '@sealift/core'
import type { Kysely } from 'kysely'
import type { StoreTables } from './schema.ts'
import { asText, type StoreContext } from './store-context.ts'
import { integrityRate, type TaskCounts } from './task-counts.ts'
import { escapeJson, escapeText, type JsonValue, unescapeJson, unescapeText } from './text-escape.ts'

export async function startTask({ db, flavor }: StoreContext, task: TaskStart, signal: AbortSignal): Promise<TaskRecord> {
  const id = escapeText(task.taskId)
  return await flavor.writeTransaction(db, async (trx) => {
    signal.throwIfAborted()
    await trx
      .insertInto('migration_tasks')
      .values({
        id,
        status: 'running',
        source: escapeText(task.source),
        destination: escapeText(task.destination),
        options: JSON.stringify(escapeJson(task.options)),
        total_objects: 0,
        total_bytes: 0,
        verified_objects: 0,
        failed_objects: 0,
        integrity_verified: 0,
        integrity_rate: null,
        integrity_errors: 0,
        checkpoint: null,
        options_digest: task.optionsDigest === null ? null : escapeText(task.optionsDigest),
        lease_owner: null,
        lease_epoch: 0,
        lease_expires_at: null,
        created_at: flavor.now(),
        started_at: flavor.now(),
        finished_at: null,
      })
      // a task that runs again has not ended: prune must not take it for an old one
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ status: 'running', finished_at: null }))
      .execute()
    signal.throwIfAborted()
    return await requireTask({ db: trx, flavor }, task.taskId)
  })
}

export async function finishTask(
  { db, flavor }: StoreContext,
  task: TaskEpoch,
  status: Exclude<TaskStatus, 'running'>,
  signal: AbortSignal,
): Promise<TaskRecord> {
  return await flavor.writeTransaction(db, async (trx) => {
    await lockTask({ db: trx, flavor }, task)
    signal.throwIfAborted()
    await trx.updateTable('migration_tasks').set({ status, finished_at: flavor.now() }).where('id', '=', escapeText(task.taskId)).execute()
    signal.throwIfAborted()
    return await requireTask({ db: trx, flavor }, task.taskId)
  })
}

export async function moveCheckpoint({ db, flavor }: StoreContext, task: TaskEpoch, checkpoint: string, signal: AbortSignal): Promise<void> {
  await flavor.writeTransaction(db, async (trx) => {
    await lockTask({ db: trx, flavor }, task)
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
export async function lockTask({ db, flavor }: StoreContext, task: TaskEpoch): Promise<TaskCounts> {
  const row = await lockedRow(db, flavor.rowLocks, task.taskId)
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

async function lockedRow(db: Kysely<StoreTables>, rowLocks: boolean, taskId: string) {
  let query = db
    .selectFrom('migration_tasks')
    .select([
      asText('lease_epoch').as('lease_epoch'),
      asText('total_objects').as('total_objects'),
      asText('total_bytes').as('total_bytes'),
      asText('verified_objects').as('verified_objects'),
      asText('failed_objects').as('failed_objects'),
      asText('integrity_errors').as('integrity_errors'),
    ])
    .where('id', '=', escapeText(taskId))
  if (rowLocks) query = query.forUpdate()
  const row = await query.executeTakeFirst()
  if (row === undefined) throw unknownTask(taskId)
  return row
}

export async function writeCounts({ db }: StoreContext, taskId: string, counts: TaskCounts): Promise<void> {
  await db
    .updateTable('migration_tasks')
    .set({
      total_objects: String(counts.totalObjects),
      total_bytes: String(counts.totalBytes),
      verified_objects: String(counts.verified),
      failed_objects: String(counts.failed),
      integrity_verified: String(counts.verified),
      integrity_rate: integrityRate(counts),
      integrity_errors: String(counts.mismatches),
    })
    .where('id', '=', escapeText(taskId))
    .execute()
}

function unknownTask(taskId: string): SealiftError {
  return new SealiftError('ERR_INVALID_STATE', `task ${JSON.stringify(taskId)} was never started in this store`)
}

async function requireTask(context: StoreContext, taskId: string): Promise<TaskRecord> {
  const task = await getTask(context, taskId)
  if (task === null) throw unknownTask(taskId)
  return task
}

export async function getTask(context: StoreContext, taskId: string): Promise<TaskRecord | null> {
  const row = await selectTasks(context).where('id', '=', escapeText(taskId)).executeTakeFirst()
  return row === undefined ? null : toTaskRecord(row)
}

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
    options: unescapeJson(JSON.parse(row.options ?? '{}') as JsonValue) as Record<string, unknown>,
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
