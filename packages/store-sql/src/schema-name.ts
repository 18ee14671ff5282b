import { invalidOption } from '@sealift/core'

/**
 * Refuses a schema name that is not plain: a letter or `_`, then letters, digits and `_`, 63 characters at most, and not one of the database's own
 * (`pg_…`, `information_schema`). The name is quoted wherever it is used, so that upper case is kept.
 */
export function checkSchemaName(option: string, value: unknown): void {
  const plain = typeof value === 'string' && /^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(value) && !/^(pg_|information_schema$)/i.test(value)
  if (!plain) throw invalidOption(option, value, 'a letter or _, then letters, digits and _ (63 at most), not pg_… or information_schema')
}
