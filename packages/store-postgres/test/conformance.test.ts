import { PostgresResultStore } from '@sealift/store-postgres'
import { resultStoreConformance } from '@sealift/testing'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, it, vi } from 'vitest'
import { startPostgres, type TestPostgres } from './start-postgres.ts'

vi.setConfig({ testTimeout: 120_000 })

let postgres: TestPostgres
let pool: Pool
beforeAll(async () => {
  postgres = await startPostgres()
  pool = new Pool({ ...postgres.config, max: 10 })
}, 120_000)
afterAll(async () => {
  await pool?.end()
  await postgres?.stop()
}, 60_000)

describe('PostgresResultStore', () => {
  let schemas = 0
  const schemaOf = new WeakMap<object, string>()
  const open = (schema: string): PostgresResultStore => {
    const store = new PostgresResultStore({ pool, schema })
    schemaOf.set(store, schema)
    return store
  }
  resultStoreConformance(
    { describe, it },
    {
      create: async () => open(`Store_${(schemas += 1)}`),
      reopen: async (store) => open(schemaOf.get(store) ?? ''),
      query: async (store, statement) => {
        const client = await pool.connect()
        try {
          await client.query(`set search_path to "${schemaOf.get(store)}"`)
          return (await client.query(statement)).rows
        } finally {
          client.release(true)
        }
      },
      capabilities: { durable: true },
    },
  )
})
