import { invalidOption } from '@sealift/core'
import { checkSchemaName, KyselyResultStore, postgresFlavor, type SqlStoreOptions } from '@sealift/store-sql'
import { PostgresDialect } from 'kysely'
import { borrowedPool } from './borrowed-pool.ts'
import { bulkUpsert } from './bulk-upsert.ts'
import type { PostgresPool } from './postgres-pool.ts'

export interface PostgresResultStoreOptions extends SqlStoreOptions {
  /** A `pg` Pool; never ended by the store. It uses one connection for each call that runs at the time. */
  readonly pool: PostgresPool
  /**
   * Where the tables lie; created where it is missing. A letter or `_`, then letters, digits and `_`, 63 characters at most, not `pg_…`.
   * @defaultValue `public`
   */
  readonly schema?: string | undefined
}

export const DEFAULT_SCHEMA = 'public'

/**
 * The result store in PostgreSQL, on the caller's own pool.
 *
 * Migrations run under an advisory lock, so that several processes may start at once. `durable` follows `synchronous_commit` and `fsync`.
 * Give the pool an `error` listener of your own: pg ends the process when an idle connection breaks and nobody listens.
 *
 * @example
 * ```ts
 * const pool = new Pool({ connectionString: process.env.DATABASE_URL })
 * await using store = new PostgresResultStore({ pool })
 * await migrateObject({ source, destination, store })
 * ```
 */
export class PostgresResultStore extends KyselyResultStore {
  /** Does no I/O. @throws `ERR_INVALID_OPTION` for an option that cannot be used */
  constructor(options: PostgresResultStoreOptions) {
    if (typeof options !== 'object' || options === null) throw invalidOption('options', options, 'an object with pool')
    if (typeof options.pool?.connect !== 'function') throw invalidOption('pool', options.pool, 'a pg Pool')
    const schema = options.schema ?? DEFAULT_SCHEMA
    checkSchemaName('schema', schema)
    super({
      ...(options.retry === undefined ? {} : { retry: options.retry }),
      ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
      dialect: new PostgresDialect({ pool: borrowedPool(options.pool) }),
      flavor: { ...postgresFlavor, upsertResults: bulkUpsert(schema) },
      schema,
    })
  }
}
