import type { DirectConnection, HeldConnection } from '@sealift/store-sql'
import {
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  type QueryCompiler,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type TransactionSettings,
} from 'kysely'
import { ConnectionLock } from './connection-lock.ts'
import type { SqliteConnection } from './drivers/types.ts'

export interface SqliteStoreDialectConfig {
  /** Called once, when the first query runs. */
  readonly connect: () => Promise<SqliteConnection>
  /** What the lock of a database in memory belongs to. */
  readonly handle: object
}

/** Kysely's SQLite dialect over any of the three drivers; stores on the same file take turns. */
export class SqliteStoreDialect implements Dialect {
  readonly #config: SqliteStoreDialectConfig
  #driver: QueueingDriver | null = null

  constructor(config: SqliteStoreDialectConfig) {
    this.#config = config
  }

  createDriver(): Driver {
    this.#driver = new QueueingDriver(this.#config)
    return this.#driver
  }

  /** The connection, alone, for statements that do not go by Kysely. Only after the driver was opened. */
  async hold(): Promise<HeldConnection> {
    if (this.#driver === null) throw new Error('the driver was not made yet')
    return await this.#driver.hold()
  }

  /** The connection where nobody uses it, for statements of this turn of the event loop. */
  direct(): DirectConnection | null {
    return this.#driver?.direct() ?? null
  }

  createQueryCompiler(): QueryCompiler {
    return new SqliteQueryCompiler()
  }

  createAdapter(): DialectAdapter {
    return new SqliteAdapter()
  }

  createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(db)
  }
}

class QueueingDriver implements Driver {
  readonly #driver: SqliteDriver
  #connection: SqliteConnection | null = null
  #lock: ConnectionLock | null = null
  #direct: DirectConnection | null = null
  #release: (() => void) | null = null

  constructor(config: SqliteStoreDialectConfig) {
    this.#driver = new SqliteDriver({
      database: async () => {
        const connection = await config.connect()
        this.#connection = connection
        this.#direct = { change: (sql, parameters) => Number(connection.prepare(sql).run(parameters).changes) }
        const rows = connection.prepare('pragma database_list').all([]) as { readonly name: string; readonly file: string | null }[]
        this.#lock = ConnectionLock.of(rows.find((row) => row.name === 'main')?.file ?? '', config.handle)
        return connection
      },
    })
  }

  async init(): Promise<void> {
    await this.#driver.init()
  }

  async hold(): Promise<HeldConnection> {
    const connection = this.#connection
    if (connection === null || this.#lock === null) throw new Error('the driver was not opened yet')
    const release = await this.#lock.acquire()
    return {
      run: (sql, parameters) => {
        const statement = connection.prepare(sql)
        if (statement.reader) return statement.all(parameters)
        statement.run(parameters)
        return []
      },
      release,
    }
  }

  direct(): DirectConnection | null {
    return this.#lock?.isFree === true ? this.#direct : null
  }

  // Kysely hands out this driver's one connection to one user at a time, so that one release is enough
  async acquireConnection(): Promise<DatabaseConnection> {
    this.#release = (await this.#lock?.acquire()) ?? null
    return await this.#driver.acquireConnection()
  }

  async releaseConnection(): Promise<void> {
    this.#release?.()
    this.#release = null
  }

  async beginTransaction(connection: DatabaseConnection, _settings: TransactionSettings): Promise<void> {
    await this.#driver.beginTransaction(connection)
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await this.#driver.commitTransaction(connection)
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await this.#driver.rollbackTransaction(connection)
  }

  async destroy(): Promise<void> {
    await this.#driver.destroy()
  }
}
