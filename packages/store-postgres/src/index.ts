export type { PostgresPool, PostgresPoolClient } from './postgres-pool.ts'
export { DEFAULT_SCHEMA, PostgresResultStore, type PostgresResultStoreOptions } from './postgres-result-store.ts'
