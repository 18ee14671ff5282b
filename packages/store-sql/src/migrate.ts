import { SealiftError } from '@sealift/core'
import { type Kysely, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import type { SqlFlavor } from './flavor.ts'
import { storeMigrations } from './migrations/index.ts'
import type { StoreTables } from './schema.ts'
import { failureKind } from './store-error.ts'

/** Names of our own, since the database may hold another application's Kysely migrations too. */
const MIGRATION_TABLE = 'sealift_migrations'
const MIGRATION_LOCK_TABLE = 'sealift_migrations_lock'

/**
 * Brings the database to the newest schema. Safe from several processes at once: the first one migrates under the flavor's lock, the others find it done.
 * A database that is up to date already is only read.
 * @param db - without a schema of its own
 */
export async function migrateToLatest(db: Kysely<StoreTables>, flavor: SqlFlavor, schema: string | undefined): Promise<void> {
  const migrations = storeMigrations(flavor, schema)
  const wanted = Object.keys(migrations)
  const present = await presentMigrations(db, flavor, schema)
  if (present !== null) {
    const unknown = present.find((name) => !wanted.includes(name))
    if (unknown !== undefined) {
      throw new SealiftError(
        'ERR_STORE',
        `the result store's database was written by a newer release (it has migration ${JSON.stringify(unknown)}): update sealift`,
      )
    }
    if (wanted.every((name) => present.includes(name))) return
  }
  await flavor.migrationLock(db, async (locked) => {
    const migrator = new Migrator({
      db: locked,
      provider: { getMigrations: async () => migrations },
      migrationTableName: MIGRATION_TABLE,
      migrationLockTableName: MIGRATION_LOCK_TABLE,
      ...(schema === undefined ? {} : { migrationTableSchema: schema }),
    })
    const { error } = await migrator.migrateToLatest()
    if (error !== undefined) throw error
  })
}

/** null where there is no migration table yet. Asked for directly: Kysely's introspection reads every table of the database. */
async function presentMigrations(db: Kysely<StoreTables>, flavor: SqlFlavor, schema: string | undefined): Promise<string[] | null> {
  const table = schema === undefined ? sql.table(MIGRATION_TABLE) : sql.table(`${schema}.${MIGRATION_TABLE}`)
  try {
    const { rows } = await sql<{ name: string }>`select cast(name as text) as name from ${table}`.execute(db)
    return rows.map((row) => row.name)
  } catch (error) {
    // no such table, or no right to see it: migrating says which
    if (failureKind(flavor, error) === 'other') return null
    throw error
  }
}
