// Keep an audit trail in PostgreSQL, on a pool of your own. PG_URL names a database; without it a throw-away one is started.
import { S3Client } from '@aws-sdk/client-s3'
import { migrateObject } from '@sealift/core'
import { cephProfile } from '@sealift/provider-detect'
import { PostgresResultStore } from '@sealift/store-postgres'
import { startS3Server } from '@sealift/testing'
import { Pool } from 'pg'
import { startPostgres } from '../../packages/store-postgres/test/start-postgres.ts'

const throwAway = process.env.PG_URL === undefined ? await startPostgres() : null
const server = await startS3Server({ personality: 'ceph', buckets: ['copy'], objects: [{ bucket: 'data', key: 'a.bin', sizeBytes: 100_000 }] })
const client = new S3Client(server.clientConfig)
const pool = new Pool(throwAway === null ? { connectionString: process.env.PG_URL } : throwAway.config)
// pg ends the process when an idle connection breaks and nobody listens
pool.on('error', (error) => console.error(error.message))

const store = new PostgresResultStore({ pool, schema: 'sealift_example' })
await migrateObject({
  source: { client, bucket: 'data', key: 'a.bin', profile: cephProfile },
  destination: { client, bucket: 'copy', profile: cephProfile },
  store,
})

const summary = await pool.query('SELECT * FROM sealift_example.integrity_summary')
console.table(summary.rows)
const rows = await pool.query('SELECT * FROM sealift_example.integrity_results ORDER BY created_at DESC LIMIT 10')
for (const row of rows.rows) console.log(row.object_key, row.verdict, row.assurance, row.calculated_sha256)

await store.close()
await pool.end()
client.destroy()
await server.close()
await throwAway?.stop()
