import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { SqliteResultStore } from '@sealift/store-sqlite'
import { alternate, type Variant } from '../harness/alternate.ts'
import { printMachine, printTable } from '../harness/print-table.ts'
import { sampleResult } from './sample-result.ts'

const SYNCHRONOUS = ['full', 'off'] as const
const ROUNDS = 7
const OPERATIONS = 300
const WARM_UP = 1_500

printMachine()
const folder = mkdtempSync(join(tmpdir(), 'sealift-benchmark-'))
const rows: (string | number)[][] = []
try {
  for (const synchronous of SYNCHRONOUS) {
    const database = new DatabaseSync(join(folder, `${synchronous}.db`))
    database.exec(`pragma journal_mode = wal; pragma synchronous = ${synchronous}`)
    const store = new SqliteResultStore({ database })
    const costs = await alternate(variants(store), { rounds: ROUNDS, operations: OPERATIONS, warmUp: WARM_UP })
    for (const [name, { cpuMicroseconds, wallMicroseconds }] of Object.entries(costs)) {
      rows.push([synchronous, name, Math.round(cpuMicroseconds), Math.round(wallMicroseconds)])
    }
    await store.close()
    database.close()
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
printTable(['synchronous', 'what', 'CPU µs', 'wall µs'], rows)

function variants(store: SqliteResultStore): Variant[] {
  const task = (taskId: string) => ({ taskId, source: 'a/k', destination: 'b/k', options: { operation: 'benchmark' }, optionsDigest: null })
  const start = (taskId: string) => store.startTask(task(taskId))
  const save = (taskId: string, key: string) => store.saveResults({ taskId, epoch: 0 }, [sampleResult(taskId, key)])
  return [
    {
      name: 'an object of a task: record, as migrateObject does',
      run: (index) => store.record(task('recorded'), sampleResult('recorded', `key-${index}`)),
    },
    {
      name: 'a task of its own: record, as migrateObject does',
      run: (index) => store.record(task(`own-${index}`), sampleResult(`own-${index}`, 'key'), { finish: 'completed' }),
    },
    {
      name: 'a task of its own: record, eight at once, a row',
      run: async (index) => {
        if (index % 8 !== 0) return
        const ids = Array.from({ length: 8 }, (_, row) => `side-by-side-${index}-${row}`)
        await Promise.all(ids.map((id) => store.record(task(id), sampleResult(id, 'key'), { finish: 'completed' })))
      },
    },
    {
      name: 'an object of a task: startTask of the known task, saveResults of one row',
      run: async (index) => {
        await start('task')
        await save('task', `key-${index}`)
      },
    },
    {
      name: 'a task of its own: startTask, saveResults, finishTask',
      run: async (index) => {
        await start(`task-${index}`)
        await save(`task-${index}`, 'key')
        await store.finishTask({ taskId: `task-${index}`, epoch: 0 }, 'completed')
      },
    },
    {
      name: '100 rows in one saveResults, a row',
      run: async (index) => {
        if (index % 100 !== 0) return
        await start('batches')
        const results = Array.from({ length: 100 }, (_, row) => sampleResult('batches', `key-${index}-${row}`))
        await store.saveResults({ taskId: 'batches', epoch: 0 }, results)
      },
    },
  ]
}
