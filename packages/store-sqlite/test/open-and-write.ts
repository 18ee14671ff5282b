// A process of its own: opens the store in argv[2] and writes argv[4] results under the name argv[3].
import { SqliteResultStore } from '@sealift/store-sqlite'
import { oneResult } from '../../../test/one-result.ts'

const [, , path = '', name = '', count = '0'] = process.argv
const store = new SqliteResultStore({ path, retry: { attempts: 50, maxDelayMs: 200 } })
await store.startTask({ taskId: 'shared', source: 'a', destination: 'b', options: {}, optionsDigest: null })
for (let index = 0; index < Number(count); index += 1) {
  await store.saveResults({ taskId: 'shared', epoch: 0 }, [oneResult('shared', `${name}/${index}`), oneResult('shared', `both/${index}`)])
}
await store.close()
