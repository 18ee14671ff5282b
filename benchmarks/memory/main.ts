import { parseArgs } from 'node:util'
import { beginTable, printMachine, sizeName } from '../harness/print-table.ts'
import { clientTask, runClient, startServer } from '../harness/processes.ts'
import { type Memory, measure, type Task } from './measure.ts'

const GIB = 1024 ** 3
const LIMIT_BYTES = 200 * 1024 * 1024
const CLIENT_TIMEOUT_MS = 3_600_000

const task = clientTask<Task>()
if (task !== null) process.stdout.write(JSON.stringify(await measure(task)))
else await main()

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { full: { type: 'boolean', default: false }, transport: { type: 'string', default: 'auto' } } })
  const cases = [
    { name: 'nothing but the start (one object of 1 KB)', sizeBytes: 1_000, objects: 1, readBack: 'when-needed' },
    { name: '5,000 objects of 1 KB', sizeBytes: 1_000, objects: 5_000, readBack: 'when-needed' },
    { name: '1 GiB, read back', sizeBytes: GIB, objects: 1, readBack: 'always' },
    // more than one PUT may carry, so that it goes in parts, several at once
    { name: 'one large object, in parts', sizeBytes: (values.full ? 20 : 6) * GIB, objects: 1, readBack: 'when-needed' },
  ] as const
  // the client does not load this: what bundles is far larger than what is measured
  const { bundleClient } = await import('./bundle-client.ts')
  const client = await bundleClient()
  printMachine()
  const server = await startServer()
  try {
    const print = beginTable(['case', 'size', 'peak RSS MiB', 'below 200 MiB', 'seconds', 'verdicts'])
    for (const { name, ...measured } of cases) {
      const { peakBytes, seconds, verdicts, readBacks } = await runClient<Memory>(
        client,
        { ...measured, endpoint: server.endpoint, transport: values.transport },
        { timeoutMs: CLIENT_TIMEOUT_MS },
      )
      const mebibytes = Math.round(peakBytes / 1024 / 1024)
      const told = Object.entries(verdicts).map(([verdict, count]) => `${count} ${verdict}`)
      print([
        name,
        sizeName(measured.sizeBytes),
        mebibytes,
        peakBytes < LIMIT_BYTES ? 'yes' : 'NO',
        seconds.toFixed(1),
        `${told.join(', ')}${readBacks > 0 ? `, ${readBacks} read back` : ''}`,
      ])
    }
  } finally {
    await server.stop()
  }
}
