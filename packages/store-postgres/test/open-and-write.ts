// A process of its own: opens the store in the schema argv[2] and writes argv[4] pairs of results under the name argv[3]. The server comes by the environment.
import { PostgresResultStore } from '@sealift/store-postgres'
import { Pool } from 'pg'
import { oneResult } from '../../../test/one-result.ts'

const [, , schema = '', name = '', count = '0'] = process.argv
const { PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE } = process.env
const pool = new Pool({ host: PGHOST, port: Number(PGPORT), user: PGUSER, password: PGPASSWORD, database: PGDATABASE, max: 2 })
const store = new PostgresResultStore({ pool, schema })
await store.startTask({ taskId: 'shared', source: 'a', destination: 'b', options: {}, optionsDigest: null })
for (let index = 0; index < Number(count); index += 1) {
  await store.saveResults({ taskId: 'shared', epoch: 0 }, [oneResult('shared', `${name}/${index}`), oneResult('shared', `both/${index}`)])
}
await store.close()
await pool.end()
