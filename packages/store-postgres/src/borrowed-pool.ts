import type { PostgresPool as KyselyPool, PostgresPoolClient as KyselyPoolClient } from 'kysely'
import type { PostgresPool } from './postgres-pool.ts'

/**
 * The caller's pool as Kysely takes it: it is never ended, and a connection that breaks while it is in use rejects its query instead of ending the process
 * (pg emits `error` on the client too, and the pool listens for it only while the client is idle).
 */
export function borrowedPool(pool: PostgresPool): KyselyPool {
  return {
    options: {},
    end: async () => undefined,
    connect: async () => {
      const client = await pool.connect()
      const release = client.release
      const ignore = (): void => undefined
      client.on('error', ignore)
      // the pool gives the client a new `release` for each use, so that this one is used once
      client.release = (destroy) => {
        client.removeListener('error', ignore)
        client.release = release
        release.call(client, destroy)
      }
      return client as unknown as KyselyPoolClient
    },
  }
}
