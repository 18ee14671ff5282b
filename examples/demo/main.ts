// npm run demo: copies objects of several kinds between two stores, some of them under faults, and shows the verdicts and the audit trail.
// With the variables that `test/servers/*.sh env` prints (S3_SRC_ENDPOINT …, S3_DST_ENDPOINT …) it runs between two real endpoints.
import { randomUUID } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { migrateObject, type ObjectResult, SealiftError } from '@sealift/core'
import { SqliteResultStore } from '@sealift/store-sqlite'
import { openEndpoint } from './demo-endpoints.ts'
import { DEMO_OBJECTS } from './demo-objects.ts'
import { type DemoRow, resultTable } from './result-table.ts'
import { uploadObject } from './upload-object.ts'

const source = await openEndpoint('S3_SRC', 'ceph')
const destination = await openEndpoint('S3_DST', 'aws')
const bucket = `demo-${randomUUID().slice(0, 8)}`
await source.client.send(new CreateBucketCommand({ Bucket: bucket }))
await destination.client.send(new CreateBucketCommand({ Bucket: bucket }))
console.log(`source       ${source.title}\ndestination  ${destination.title}\nbucket       ${bucket}\n`)

const path = join(await mkdtemp(join(tmpdir(), 'sealift-demo-')), 'audit.db')
const rows: DemoRow[] = []
const store = new SqliteResultStore({ path })
for (const object of DEMO_OBJECTS) {
  // faults are scripted in the in-process server; a real one is left in peace
  if (object.fault !== undefined && source.server === null) continue
  await uploadObject(source.client, bucket, object)
  if (object.fault !== undefined) source.server?.setFaults([{ match: { operation: 'GetObject', key: object.key }, action: object.fault }])
  rows.push({ what: object.what, result: await resultOf(object.key, store) })
}
await store.close()
console.log(resultTable(rows))

const database = new DatabaseSync(path)
console.log('\nSELECT * FROM integrity_summary')
console.table(database.prepare('SELECT * FROM integrity_summary').all())
console.log('SELECT * FROM integrity_results ORDER BY created_at DESC LIMIT 10')
console.table(
  database
    .prepare('SELECT * FROM integrity_results ORDER BY created_at DESC LIMIT 10')
    .all()
    .map((row) => ({
      object_key: row.object_key,
      verdict: row.verdict,
      is_valid: row.is_valid,
      etag_match: row.etag_match,
      size_match: row.size_match,
      md5: row.calculated_md5,
    })),
)
database.close()
console.log(`The audit trail is in ${path}`)
await source.close()
await destination.close()
if (rows.some((row) => row.result.verdict !== 'verified')) process.exitCode = 1

async function resultOf(key: string, store: SqliteResultStore): Promise<ObjectResult> {
  try {
    return await migrateObject({
      source: { client: source.client, bucket, key, profile: source.profile },
      destination: { client: destination.client, bucket, profile: destination.profile },
      store,
      taskId: bucket,
    })
  } catch (error) {
    if (!SealiftError.is(error) || error.result === undefined) throw error
    return error.result as ObjectResult
  }
}
