import { invalidOption } from '@sealift/core'
import { type Dialect, PostgresAdapter, SqliteAdapter } from 'kysely'
import type { SqlFlavor } from './flavor.ts'
import { postgresFlavor } from './postgres-flavor.ts'
import { sqliteFlavor } from './sqlite-flavor.ts'

/**
 * The flavor of a dialect, by its adapter: Kysely's `SqliteAdapter` or `PostgresAdapter`, a subclass of one, or one of that name from a second copy of Kysely.
 * @throws `ERR_INVALID_OPTION` for any other adapter: pass `flavor`
 */
export function detectFlavor(dialect: Dialect): SqlFlavor {
  const adapter = dialect.createAdapter()
  const names = prototypeNames(adapter)
  if (adapter instanceof SqliteAdapter || names.includes('SqliteAdapter')) return sqliteFlavor
  if (adapter instanceof PostgresAdapter || names.includes('PostgresAdapter')) return postgresFlavor
  throw invalidOption('dialect', adapter, 'a dialect whose adapter extends SqliteAdapter or PostgresAdapter, or the option flavor beside it')
}

function prototypeNames(value: object): string[] {
  const names: string[] = []
  for (
    let prototype: unknown = Object.getPrototypeOf(value);
    prototype !== null && typeof prototype === 'object';
    prototype = Object.getPrototypeOf(prototype)
  ) {
    names.push(prototype.constructor.name)
  }
  return names
}
