import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type MigrateObjectOptions, migrateObject } from '@sealift/core'
import { SqliteResultStore } from '@sealift/store-sqlite'
import { createClients, keyOf, serverProfile } from '../harness/endpoints.ts'
import type { PreparedVariant } from '../harness/variant-process.ts'

export interface Task {
  readonly endpoint: string
  readonly sizeBytes: number
  readonly liveObjects: number
  /** copies under way at any time */
  readonly atOnce: number
  readonly transport: string
  /** false: no audit row, to see what of an object's cost is the row's */
  readonly auditRow: boolean
}

/** One size by one transport: four digests, one audit row an object. */
export function prepare(task: Task): PreparedVariant {
  const live = Array.from({ length: task.liveObjects }, (_, id) => ({ id, name: `object ${id}`, next: null }))
  const profile = serverProfile()
  const clients = createClients(task.endpoint)
  const folder = mkdtempSync(join(tmpdir(), 'sealift-benchmark-'))
  const store = new SqliteResultStore({ path: join(folder, 'audit.db') })
  return {
    atOnce: task.atOnce,
    async run(index) {
      await migrateObject({
        source: { client: clients.source, bucket: 'source', key: keyOf(task.sizeBytes, index), profile: profile },
        destination: { client: clients.destination, bucket: 'destination', profile: profile },
        transport: task.transport as NonNullable<MigrateObjectOptions['transport']>,
        ...(task.auditRow ? { store } : {}),
        taskId: 'benchmark',
      })
      if (live.length !== task.liveObjects) throw new Error('the live objects have gone')
    },
    async close() {
      await store.close()
      clients.destroy()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
