import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type MigrateObjectOptions, migrateObject } from '@sealift/core'
import { SqliteResultStore } from '@sealift/store-sqlite'
import { createClients, keyOf, serverProfile } from '../harness/endpoints.ts'
import type { PreparedVariant } from '../harness/variant-process.ts'

/** The audit row: on the disk when `migrateObject` resolves; in the file, but the disk not waited for (`synchronous=NORMAL`); or none. */
export const ROWS = ['durable', 'normal', 'none'] as const

export interface Task {
  readonly endpoint: string
  readonly sizeBytes: number
  readonly liveObjects: number
  /** copies under way at any time */
  readonly atOnce: number
  readonly transport: string
  /** to see what of an object's cost is the row's, and what of the row's the disk's */
  readonly row: (typeof ROWS)[number]
}

/** One size by one transport: four digests, one audit row an object. */
export function prepare(task: Task): PreparedVariant {
  const live = Array.from({ length: task.liveObjects }, (_, id) => ({ id, name: `object ${id}`, next: null }))
  const profile = serverProfile()
  const clients = createClients(task.endpoint)
  const folder = mkdtempSync(join(tmpdir(), 'sealift-benchmark-'))
  const { store, closeStore } = openStore(join(folder, 'audit.db'), task.row)
  return {
    atOnce: task.atOnce,
    async run(index) {
      await migrateObject({
        source: { client: clients.source, bucket: 'source', key: keyOf(task.sizeBytes, index), profile: profile },
        destination: { client: clients.destination, bucket: 'destination', profile: profile },
        transport: task.transport as NonNullable<MigrateObjectOptions['transport']>,
        ...(task.row === 'none' ? {} : { store }),
        taskId: 'benchmark',
      })
      if (live.length !== task.liveObjects) throw new Error('the live objects have gone')
    },
    async close() {
      await closeStore()
      clients.destroy()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function openStore(path: string, row: Task['row']): { readonly store: SqliteResultStore; closeStore(): Promise<void> } {
  if (row !== 'normal') {
    const store = new SqliteResultStore({ path })
    return { store, closeStore: () => store.close() }
  }
  // loaded here and not before: Node 22 warns when it is
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
  const database = new DatabaseSync(path)
  database.exec('pragma journal_mode = wal; pragma synchronous = normal')
  const store = new SqliteResultStore({ database })
  return {
    store,
    closeStore: async () => {
      await store.close()
      database.close()
    },
  }
}
