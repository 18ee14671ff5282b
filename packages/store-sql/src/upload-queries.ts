import type { OpenUpload, TaskEpoch } from '@sealift/core'
import { isoInstant } from './check-input.ts'
import { asText, type StoreContext, within } from './store-context.ts'
import { lockTask } from './task-queries.ts'
import { escapeText, unescapeText } from './text-escape.ts'

/** Notes an upload; the same upload id of the same task again replaces its row. */
export async function saveUpload(context: StoreContext, task: TaskEpoch, upload: OpenUpload, signal: AbortSignal): Promise<void> {
  await context.flavor.writeTransaction(context.db, async (trx) => {
    await lockTask(within(context, trx), task)
    signal.throwIfAborted()
    const values = {
      object_key: escapeText(upload.key),
      version_id: escapeText(upload.versionId ?? ''),
      source_etag: upload.sourceEtag === null ? null : escapeText(upload.sourceEtag),
      part_size: upload.partSizeBytes,
      parts: upload.parts,
      created_at: isoInstant('upload.createdAt', upload.createdAt),
    }
    await trx
      .insertInto('open_uploads')
      .values({ task_id: escapeText(task.taskId), upload_id: escapeText(upload.uploadId), ...values })
      .onConflict((conflict) => conflict.columns(['task_id', 'upload_id']).doUpdateSet(values))
      .execute()
    signal.throwIfAborted()
  })
}

export async function removeUpload(context: StoreContext, task: TaskEpoch, uploadId: string, signal: AbortSignal): Promise<void> {
  await context.flavor.writeTransaction(context.db, async (trx) => {
    await lockTask(within(context, trx), task)
    signal.throwIfAborted()
    await trx.deleteFrom('open_uploads').where('task_id', '=', escapeText(task.taskId)).where('upload_id', '=', escapeText(uploadId)).execute()
  })
}

/** In the order of their begin. */
export async function readOpenUploads({ db, flavor }: StoreContext, taskId: string | undefined): Promise<OpenUpload[]> {
  let select = db
    .selectFrom('open_uploads')
    .select([
      'task_id',
      'object_key',
      'version_id',
      'upload_id',
      'source_etag',
      asText('part_size').as('part_size'),
      asText('parts').as('parts'),
      flavor.isoText('created_at').as('created_at'),
    ])
    .orderBy('open_uploads.created_at')
    .orderBy('task_id')
    .orderBy('upload_id')
  if (taskId !== undefined) select = select.where('task_id', '=', escapeText(taskId))
  return (await select.execute()).map((row) => ({
    taskId: unescapeText(row.task_id),
    key: unescapeText(row.object_key),
    versionId: row.version_id === '' ? null : unescapeText(row.version_id),
    uploadId: unescapeText(row.upload_id),
    sourceEtag: row.source_etag === null ? null : unescapeText(row.source_etag),
    partSizeBytes: Number(row.part_size),
    parts: Number(row.parts),
    createdAt: row.created_at ?? '',
  }))
}
