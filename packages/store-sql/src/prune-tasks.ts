import type { StoreContext } from './store-context.ts'

/** Deletes finished tasks that ended before an instant, with everything that hangs on them. */
export async function pruneTasks({ db, flavor }: StoreContext, finishedBefore: Date, signal: AbortSignal): Promise<{ tasks: number; results: number }> {
  return await flavor.writeTransaction(db, async (trx) => {
    signal.throwIfAborted()
    let query = trx.selectFrom('migration_tasks').select('id').where('status', '!=', 'running').where('finished_at', '<', finishedBefore.toISOString())
    // a task that is started again meanwhile must not lose its rows
    if (flavor.rowLocks) query = query.forUpdate()
    let results = 0
    let tasks = 0
    for (const { id } of await query.execute()) {
      signal.throwIfAborted()
      await trx.deleteFrom('open_uploads').where('task_id', '=', id).execute()
      results += Number((await trx.deleteFrom('integrity_results').where('task_id', '=', id).executeTakeFirst()).numDeletedRows)
      tasks += Number((await trx.deleteFrom('migration_tasks').where('id', '=', id).executeTakeFirst()).numDeletedRows)
    }
    signal.throwIfAborted()
    return { tasks, results }
  })
}
