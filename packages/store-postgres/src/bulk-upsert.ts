import { RESULT_COLUMNS, RESULT_IDENTITY, RESULT_JSON_COLUMNS, type ResultRow, type SqlFlavor } from '@sealift/store-sql'
import { sql } from 'kysely'

/** Rows of one statement: a row is about 2 KiB of JSON, and a server parses the whole parameter at once. */
const MAX_ROWS = 1_000

/**
 * Writes rows by one statement with one parameter: a JSON array that PostgreSQL itself turns into rows of the table. The text of the statement never changes,
 * and there is no limit of 65,535 parameters.
 */
export function bulkUpsert(schema: string): NonNullable<SqlFlavor['upsertResults']> {
  const table = sql.table(`${schema}.integrity_results`)
  const columns = sql.join(RESULT_COLUMNS.map((column) => sql.ref(column)))
  const values = sql.join(RESULT_COLUMNS.map((column) => sql.ref(`r.${column}`)))
  const replaced = RESULT_COLUMNS.filter((column) => !(RESULT_IDENTITY as readonly string[]).includes(column))
  const updates = sql.join([...replaced, 'created_at'].map((column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`))
  const identity = sql.join(RESULT_IDENTITY.map((column) => sql.ref(column)))

  return async (trx, rows) => {
    for (let start = 0; start < rows.length; start += MAX_ROWS) {
      await sql`
        insert into ${table} (${columns}, created_at)
        select ${values}, clock_timestamp() from json_populate_recordset(null::${table}, cast(${toJson(rows.slice(start, start + MAX_ROWS))} as json)) as r
        on conflict (${identity}) do update set ${updates}`.execute(trx)
    }
  }
}

function toJson(rows: readonly ResultRow[]): string {
  return `[${rows.map((row) => `{${RESULT_COLUMNS.map((column) => `"${column}":${jsonOf(row, column)}`).join(',')}}`).join(',')}]`
}

function jsonOf(row: ResultRow, column: keyof ResultRow): string {
  const value = row[column]
  return typeof value === 'string' && RESULT_JSON_COLUMNS.has(column) ? value : JSON.stringify(value ?? null)
}
