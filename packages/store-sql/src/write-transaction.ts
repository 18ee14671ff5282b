import { type StoreContext, within } from './store-context.ts'

/** A connection that is its holder's alone, for the few statements that run for each object: Kysely's executor costs more than SQLite does. */
export interface HeldConnection {
  /** Runs a statement at once and gives its rows. */
  run(sql: string, parameters: readonly unknown[]): readonly unknown[]
  release(): void
}

/**
 * Runs `work` in one transaction that holds the right to write from its start; rolls back when it throws. Inside it, statements run by `runCompiled` only
 * where the context has a held connection.
 */
export async function writeTransaction<T>(context: StoreContext, work: (inTransaction: StoreContext) => Promise<T>): Promise<T> {
  if (context.hold === null) return await context.flavor.writeTransaction(context.db, (trx) => work(within(context, trx)))
  const held = await context.hold()
  try {
    held.run('begin immediate', [])
    try {
      const result = await work({ ...context, held })
      held.run('commit', [])
      return result
    } catch (error) {
      rollBack(held)
      throw error
    }
  } finally {
    held.release()
  }
}

/** SQLite may have rolled back by itself (disk full): the first error is the one that counts. */
function rollBack(held: HeldConnection): void {
  try {
    held.run('rollback', [])
  } catch {
    // nothing is open any more
  }
}
