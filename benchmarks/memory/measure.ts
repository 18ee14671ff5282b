import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type MigrateObjectOptions, migrateObject } from '@sealift/core'
import { SqliteResultStore } from '@sealift/store-sqlite'
import { createClients, keyOf, serverProfile } from '../harness/endpoints.ts'

export interface Task {
  readonly endpoint: string
  readonly sizeBytes: number
  readonly objects: number
  readonly readBack: 'when-needed' | 'always'
  readonly transport: string
}

export interface Memory {
  readonly peakBytes: number
  readonly seconds: number
  readonly verdicts: Readonly<Record<string, number>>
  /** the read-backs among the evidence */
  readonly readBacks: number
}

/** Copies one object after another and says how much memory the process had at most. */
export async function measure(task: Task): Promise<Memory> {
  const profile = serverProfile()
  const clients = createClients(task.endpoint)
  const folder = mkdtempSync(join(tmpdir(), 'sealift-benchmark-'))
  const store = new SqliteResultStore({ path: join(folder, 'audit.db') })
  const verdicts: Record<string, number> = {}
  let readBacks = 0
  const began = performance.now()
  try {
    for (let index = 0; index < task.objects; index += 1) {
      const result = await migrateObject({
        source: { client: clients.source, bucket: 'source', key: keyOf(task.sizeBytes, index), profile },
        destination: { client: clients.destination, bucket: 'destination', profile },
        transport: task.transport as NonNullable<MigrateObjectOptions['transport']>,
        verify: { readBack: task.readBack },
        store,
        taskId: 'benchmark',
      })
      verdicts[result.verdict] = (verdicts[result.verdict] ?? 0) + 1
      readBacks += result.evidence.some(({ method, outcome }) => method === 'read-back' && outcome === 'match') ? 1 : 0
    }
    return { peakBytes: process.resourceUsage().maxRSS * 1024, seconds: (performance.now() - began) / 1000, verdicts, readBacks }
  } finally {
    await store.close()
    clients.destroy()
    rmSync(folder, { recursive: true, force: true })
  }
}
