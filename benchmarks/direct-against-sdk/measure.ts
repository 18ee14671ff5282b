import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type MigrateObjectOptions, migrateObject } from '@sealift/core'
import { SqliteResultStore } from '@sealift/store-sqlite'
import { alternate, type Cost } from '../harness/alternate.ts'
import { createClients, keyOf, serverProfile } from '../harness/endpoints.ts'

export interface Task {
  readonly endpoint: string
  readonly sizeBytes: number
  readonly rounds: number
  readonly operations: number
  readonly warmUp?: number
  readonly warmUpMs?: number
  readonly liveObjects: number
  /** copies under way at any time */
  readonly atOnce: number
  readonly transports: readonly string[]
  /** false: no audit row, to see what of an object's cost is the row's */
  readonly auditRow: boolean
}

/** One size on one Node: every transport in turns, four digests, one audit row an object. */
export async function measure(task: Task): Promise<Record<string, Cost>> {
  const live = Array.from({ length: task.liveObjects }, (_, id) => ({ id, name: `object ${id}`, next: null }))
  const profile = serverProfile()
  const clients = createClients(task.endpoint)
  const folder = mkdtempSync(join(tmpdir(), 'sealift-benchmark-'))
  const store = new SqliteResultStore({ path: join(folder, 'audit.db') })
  try {
    const costs = await alternate(
      task.transports.map((transport) => ({
        name: transport,
        run: async (index) => {
          await migrateObject({
            source: { client: clients.source, bucket: 'source', key: keyOf(task.sizeBytes, index), profile: profile },
            destination: { client: clients.destination, bucket: 'destination', profile: profile },
            transport: transport as NonNullable<MigrateObjectOptions['transport']>,
            ...(task.auditRow ? { store } : {}),
            taskId: 'benchmark',
          })
        },
      })),
      task,
    )
    if (live.length !== task.liveObjects) throw new Error('the live objects have gone')
    return costs
  } finally {
    await store.close()
    clients.destroy()
    rmSync(folder, { recursive: true, force: true })
  }
}
