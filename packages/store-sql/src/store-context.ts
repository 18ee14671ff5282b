import type { Kysely, RawBuilder } from 'kysely'
import { sql } from 'kysely'
import type { SqlFlavor } from './flavor.ts'
import type { StoreTables } from './schema.ts'

/** What every query needs. */
export interface StoreContext {
  readonly db: Kysely<StoreTables>
  readonly flavor: SqlFlavor
}

/** A column as text: 64-bit integers above 2^53 are rounded or refused by drivers, decimals and JSON come in whatever form a driver likes. */
export function asText(column: string): RawBuilder<string | null> {
  return sql<string | null>`cast(${sql.ref(column)} as text)`
}
