import { parseArgs } from 'node:util'
import { alternateRounds, type Cost } from '../harness/alternate.ts'
import { beginTable, printMachine, printTable, sizeName } from '../harness/print-table.ts'
import { clientTask, startServer } from '../harness/processes.ts'
import { serveRounds, startVariant, withVariants } from '../harness/variant-process.ts'
import { prepare, type Task, VARIANTS } from './prepare.ts'

const MIB = 1024 * 1024
// V8 goes on compiling for ten seconds and more
const CASES = [
  { sizeBytes: 1_000, atOnce: [1, 16], rounds: 31, operations: 100, warmUp: 3_000, warmUpMs: 10_000 },
  { sizeBytes: 100_000, atOnce: [1, 16], rounds: 31, operations: 100, warmUp: 1_000, warmUpMs: 5_000 },
  { sizeBytes: 16 * MIB, atOnce: [1], rounds: 7, operations: 2 },
  { sizeBytes: 1024 * MIB, atOnce: [1], rounds: 7, operations: 1 },
] as const
/** Of wall time on the line; what either is: docs/decisions/speed-yardsticks.md */
const MOST_OF_UNVERIFIED = 1.02
const GIGABIT = { bytesPerSecond: 125_000_000, delayMs: 1 }
const ROUND_TIMEOUT_MS = 180_000

const task = clientTask<Task>()
if (task !== null) serveRounds(await prepare(task))
else await main()

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { sizes: { type: 'string' }, lines: { type: 'string', default: 'unthrottled,1 Gbit/s' }, transport: { type: 'string', default: 'auto' } },
  })
  const sizes = values.sizes?.split(',').map(Number)
  printMachine()
  const judged: string[][] = []
  const server = await startServer()
  const line = await startServer(GIGABIT)
  try {
    const print = beginTable([
      'line',
      'size',
      'at once',
      ...['CPU', 'wall'].flatMap((what) => [`${what} µs bare`, `${what} µs unhashed`, `${what} µs verified`, 'verified / unhashed', 'verified / bare']),
    ])
    for (const name of values.lines.split(',')) {
      for (const { atOnce, ...measured } of casesOf(sizes)) {
        const { endpoint } = name === 'unthrottled' ? server : line
        const common = { endpoint, atOnce, sizeBytes: measured.sizeBytes, transport: values.transport as Task['transport'] }
        const costs = await withVariants(
          VARIANTS.map((variant) => () => startVariant(variant, import.meta.url, { ...common, variant } satisfies Task, { roundTimeoutMs: ROUND_TIMEOUT_MS })),
          (variants) => alternateRounds(variants, { ...measured, operations: measured.operations * atOnce }),
        )
        print([name, sizeName(measured.sizeBytes), atOnce, ...figures(costs)])
        if (name !== 'unthrottled')
          judged.push(...(['unhashed', 'bare'] as const).map((against) => judge(name, `${sizeName(measured.sizeBytes)}, ${atOnce} at once`, costs, against)))
      }
    }
    process.stdout.write('\n')
    if (judged.length > 0) printTable(['what', 'figure', 'wanted', 'met'], judged)
  } finally {
    await line.stop()
    await server.stop()
  }
}

/** Each case with each number of copies under way. */
function casesOf(sizes: readonly number[] | undefined) {
  const wanted = CASES.filter(({ sizeBytes }) => sizes === undefined || sizes.includes(sizeBytes))
  return wanted.flatMap(({ atOnce, ...measured }) => atOnce.map((copies) => ({ ...measured, atOnce: copies })))
}

function judge(line: string, what: string, costs: Record<string, Cost>, against: 'unhashed' | 'bare'): string[] {
  const ratio = (costs['verified']?.wallMicroseconds ?? Number.NaN) / (costs[against]?.wallMicroseconds ?? Number.NaN)
  return [
    `wall, verified / ${against}, ${what}, ${line}`,
    ratio.toFixed(3),
    `at most ${MOST_OF_UNVERIFIED.toFixed(3)}`,
    ratio <= MOST_OF_UNVERIFIED ? 'yes' : 'no',
  ]
}

function figures(costs: Record<string, Cost>): (string | number)[] {
  const { bare, unhashed, verified } = costs
  if (bare === undefined || unhashed === undefined || verified === undefined) throw new Error('the client measured something else')
  return (['cpuMicroseconds', 'wallMicroseconds'] as const).flatMap((unit) => [
    ...[bare, unhashed, verified].map((cost) => Math.round(cost[unit])),
    ...[unhashed, bare].map((cost) => (verified[unit] / cost[unit]).toFixed(2)),
  ])
}
