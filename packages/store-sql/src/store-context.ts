import type { Kysely, RawBuilder } from 'kysely'
import { sql } from 'kysely'
import type { CompiledStatement } from './compiled-statement.ts'
import type { SqlFlavor } from './flavor.ts'
import type { RecentTasks } from './recent-tasks.ts'
import type { StoreTables } from './schema.ts'
import type { HeldConnection } from './write-transaction.ts'

/** What every query needs. */
export interface StoreContext {
  readonly db: Kysely<StoreTables>
  readonly flavor: SqlFlavor
  /** compiled statements of this store, each under the function that builds it */
  readonly statements: Map<object, CompiledStatement>
  /** tasks that this store has started lately, by their stored id */
  readonly startedTasks: RecentTasks
  /** holds the connection past Kysely, where the database has but one; null: go by Kysely */
  readonly hold: (() => Promise<HeldConnection>) | null
  /** the connection of the transaction under way, where `hold` gave it */
  readonly held: HeldConnection | null
}

/** The same context, on a transaction's own connection. */
export function within(context: StoreContext, trx: Kysely<StoreTables>): StoreContext {
  return { ...context, db: trx }
}

/** A column as text: 64-bit integers above 2^53 are rounded or refused by drivers, decimals and JSON come in whatever form a driver likes. */
export function asText(column: string): RawBuilder<string | null> {
  return sql<string | null>`cast(${sql.ref(column)} as text)`
}
