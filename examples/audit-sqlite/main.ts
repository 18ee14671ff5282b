// Keep an audit trail in a SQLite file, and ask it the two usual questions.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { S3Client } from '@aws-sdk/client-s3'
import { migrateObject } from '@sealift/core'
import { cephProfile } from '@sealift/provider-detect'
import { SqliteResultStore } from '@sealift/store-sqlite'
import { startS3Server } from '@sealift/testing'

const folder = await mkdtemp(join(tmpdir(), 'sealift-audit-'))
const path = join(folder, 'audit.db')
const keys = ['a.bin', 'b.bin', 'c.bin']
const server = await startS3Server({ personality: 'ceph', buckets: ['copy'], objects: keys.map((key) => ({ bucket: 'data', key, sizeBytes: 100_000 })) })
const client = new S3Client(server.clientConfig)

const store = new SqliteResultStore({ path })
for (const key of keys) {
  await migrateObject({
    source: { client, bucket: 'data', key, profile: cephProfile },
    destination: { client, bucket: 'copy', profile: cephProfile },
    store,
    taskId: 'nightly',
  })
}
await store.close()

const database = new DatabaseSync(path)
console.table(database.prepare('SELECT * FROM integrity_summary').all())
for (const row of database.prepare('SELECT * FROM integrity_results ORDER BY created_at DESC LIMIT 10').all()) {
  console.log(row.object_key, row.verdict, row.assurance, row.calculated_sha256)
}
database.close()
client.destroy()
await server.close()
await rm(folder, { recursive: true })
