import { parseArgs } from 'node:util'
import { alternateRounds, type Cost } from '../harness/alternate.ts'
import { withNodes } from '../harness/node-binaries.ts'
import { beginTable, printMachine, printTable, sizeName } from '../harness/print-table.ts'
import { clientTask, startServer } from '../harness/processes.ts'
import { serveRounds, startVariant, type VariantProcess, withVariants } from '../harness/variant-process.ts'
import { judgedRows, type MeasuredRow } from './judged-rows.ts'
import { prepare, ROWS, type Task } from './prepare.ts'

// V8 goes on compiling for ten seconds and more, whatever the path; both get as long
const CASES = [
  { sizeBytes: 1_000, rounds: 15, operations: 1_000, warmUp: 4_000, warmUpMs: 12_000, liveObjects: [0, 300_000], atOnce: [1, 16] },
  { sizeBytes: 100_000, rounds: 7, operations: 100, warmUp: 1_000, warmUpMs: 5_000, liveObjects: [0, 300_000], atOnce: [1, 16] },
  { sizeBytes: 1024 ** 3, rounds: 5, operations: 1, warmUp: 1, warmUpMs: 0, liveObjects: [0, 300_000], atOnce: [1] },
] as const
const ROUND_TIMEOUT_MS = 180_000

const task = clientTask<Task>()
if (task !== null) serveRounds(prepare(task))
else await main()

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      nodes: { type: 'string', default: '22,24,26' },
      sizes: { type: 'string' },
      transports: { type: 'string', default: 'sdk,direct' },
      quick: { type: 'boolean', default: false },
      row: { type: 'string', default: 'durable' },
    },
  })
  const sizes = values.sizes?.split(',').map(Number)
  const transports = values.transports.split(',')
  const row = ROWS.find((name) => name === values.row)
  if (row === undefined) throw new Error(`--row is ${values.row}, and not one of ${ROWS.join(', ')}`)
  const rows: MeasuredRow[] = []
  printMachine()
  process.stdout.write(`audit row: ${row}\n\n`)
  const server = await startServer()
  try {
    await withNodes(values.nodes.split(','), async (nodes) => {
      const [first = '', second] = transports
      const print = beginTable([
        'size',
        'Node',
        'live objects',
        'at once',
        ...transports.map((name) => `${name} CPU µs`),
        ...(second === undefined ? [] : [`${second} / ${first}`]),
        ...transports.map((name) => `${name} MB/s`),
      ])
      for (const measured of CASES.filter(({ sizeBytes }) => sizes === undefined || sizes.includes(sizeBytes))) {
        for (const node of nodes) {
          await checkWays(node.path, server, measured.sizeBytes, transports)
          for (const { liveObjects, atOnce } of measured.liveObjects.flatMap((live) =>
            measured.atOnce.map((lanes) => ({ liveObjects: live, atOnce: lanes })),
          )) {
            const { rounds, warmUp, warmUpMs } = values.quick ? quicker(measured) : measured
            const common = { endpoint: server.endpoint, sizeBytes: measured.sizeBytes, liveObjects, atOnce, row }
            const costs = await withVariants(
              transports.map((transport) => () => startTransport({ ...common, transport }, node.path)),
              (variants) => alternateRounds(variants, { rounds, operations: measured.operations, warmUp, warmUpMs }),
            )
            rows.push({ sizeBytes: measured.sizeBytes, node: node.version, liveObjects, atOnce, costs })
            print([sizeName(measured.sizeBytes), node.version, liveObjects, atOnce, ...figures(costs, transports, measured.sizeBytes)])
          }
        }
      }
    })
    process.stdout.write('\n')
    // what is wanted is wanted with the row on the disk
    if (row === 'durable') printTable(['what', 'Node', 'figure', 'wanted', 'met'], judgedRows(rows))
  } finally {
    await server.stop()
  }
}

function startTransport(task: Task, node: string): Promise<VariantProcess> {
  return startVariant(task.transport, import.meta.url, task, { node, roundTimeoutMs: ROUND_TIMEOUT_MS })
}

/** For a first look: less warm, and so less in favour of the direct path. */
function quicker(measured: (typeof CASES)[number]): { readonly rounds: number; readonly warmUp: number; readonly warmUpMs: number } {
  return { rounds: Math.min(measured.rounds, 3), warmUp: Math.min(measured.warmUp, 800), warmUpMs: 0 }
}

/** A figure counts only where the requests really went the way that it is named after. */
async function checkWays(node: string, server: Awaited<ReturnType<typeof startServer>>, sizeBytes: number, transports: readonly string[]): Promise<void> {
  for (const transport of transports) {
    await server.clear()
    const once = { endpoint: server.endpoint, sizeBytes: Math.min(sizeBytes, 100_000), liveObjects: 0, atOnce: 1, row: 'durable', transport } as const
    await withVariants([() => startTransport(once, node)], async ([variant]) => variant?.round(1, 0))
    const { requests, bySdk } = await server.counts()
    const expected = transport === 'sdk' ? requests : 0
    if (bySdk !== expected) process.stdout.write(`NOT COMPARABLE: of ${requests} requests with transport '${transport}' ${bySdk} came from the SDK\n`)
  }
}

function figures(costs: Record<string, Cost>, transports: readonly string[], sizeBytes: number): (string | number)[] {
  const [first, second] = transports.map((name) => costs[name]?.cpuMicroseconds ?? Number.NaN)
  return [
    ...transports.map((name) => Math.round(costs[name]?.cpuMicroseconds ?? Number.NaN)),
    ...(first === undefined || second === undefined ? [] : [(second / first).toFixed(2)]),
    ...transports.map((name) => (sizeBytes / (costs[name]?.wallMicroseconds ?? Number.NaN)).toFixed(1)),
  ]
}
