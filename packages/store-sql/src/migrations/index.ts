import type { Migration } from 'kysely/migration'
import type { SqlFlavor } from '../flavor.ts'
import { createResultStore } from './0001-result-store.ts'

/** Every migration by name, in order. A published one is never changed: add the next. */
export function storeMigrations(flavor: SqlFlavor, schema: string | undefined): Record<string, Migration> {
  return {
    '0001-result-store': createResultStore(flavor, schema),
  }
}
