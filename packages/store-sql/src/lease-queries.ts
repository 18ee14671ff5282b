import { type Lease, SealiftError } from '@sealift/core'
import { sql } from 'kysely'
import { asText, type StoreContext } from './store-context.ts'
import { escapeText, unescapeText } from './text-escape.ts'

/** Grants the lease, or refuses while another owner's has not expired by the database's clock. */
export async function acquireLease({ db, flavor }: StoreContext, taskId: string, owner: string, ttlMs: number, signal: AbortSignal): Promise<Lease> {
  return await flavor.writeTransaction(db, async (trx) => {
    signal.throwIfAborted()
    const id = escapeText(taskId)
    let query = trx
      .selectFrom('migration_tasks')
      .select([
        'lease_owner',
        asText('lease_epoch').as('lease_epoch'),
        flavor.isoText('lease_expires_at').as('expires_at'),
        sql<string>`cast(case when lease_expires_at > ${flavor.now()} then 1 else 0 end as text)`.as('live'),
      ])
      .where('id', '=', id)
    if (flavor.rowLocks) query = query.forUpdate()
    const row = await query.executeTakeFirst()
    if (row === undefined) throw new SealiftError('ERR_INVALID_STATE', `task ${JSON.stringify(taskId)} was never started in this store`)
    if (row.lease_owner !== null && row.lease_owner !== escapeText(owner) && row.live === '1') {
      throw new SealiftError(
        'ERR_TASK_LOCKED',
        `task ${JSON.stringify(taskId)} is held by ${JSON.stringify(unescapeText(row.lease_owner))} until ${row.expires_at}`,
      )
    }
    signal.throwIfAborted()
    const epoch = Number(row.lease_epoch) + 1
    await trx
      .updateTable('migration_tasks')
      .set({ lease_owner: escapeText(owner), lease_epoch: epoch, lease_expires_at: flavor.after(ttlMs) })
      .where('id', '=', id)
      .execute()
    return { taskId, owner, epoch, expiresAt: await expiry({ db: trx, flavor }, id) }
  })
}

/** Extends a lease that nobody else has taken since; one that has run out but was not taken is extended too (its epoch is still the newest). */
export async function heartbeat({ db, flavor }: StoreContext, lease: Lease, ttlMs: number, signal: AbortSignal): Promise<Lease> {
  return await flavor.writeTransaction(db, async (trx) => {
    signal.throwIfAborted()
    const id = escapeText(lease.taskId)
    const held = await trx
      .updateTable('migration_tasks')
      .set({ lease_expires_at: flavor.after(ttlMs) })
      .where('id', '=', id)
      .where('lease_owner', '=', escapeText(lease.owner))
      .where('lease_epoch', '=', lease.epoch)
      .executeTakeFirst()
    if (Number(held.numUpdatedRows) === 0) {
      throw new SealiftError('ERR_TASK_LOCKED', `the lease of task ${JSON.stringify(lease.taskId)} (epoch ${lease.epoch}) is no longer held`)
    }
    return { ...lease, expiresAt: await expiry({ db: trx, flavor }, id) }
  })
}

/** The epoch stays, so that the next grant is a new one. */
export async function releaseLease({ db, flavor }: StoreContext, lease: Lease, signal: AbortSignal): Promise<void> {
  await flavor.writeTransaction(db, async (trx) => {
    signal.throwIfAborted()
    await trx
      .updateTable('migration_tasks')
      .set({ lease_owner: null, lease_expires_at: null })
      .where('id', '=', escapeText(lease.taskId))
      .where('lease_owner', '=', escapeText(lease.owner))
      .where('lease_epoch', '=', lease.epoch)
      .execute()
  })
}

async function expiry({ db, flavor }: Pick<StoreContext, 'db' | 'flavor'>, id: string): Promise<string> {
  const row = await db.selectFrom('migration_tasks').select(flavor.isoText('lease_expires_at').as('expires_at')).where('id', '=', id).executeTakeFirstOrThrow()
  return row.expires_at ?? ''
}
