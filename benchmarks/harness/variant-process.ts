import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Cost, measureRound, type RoundRunner } from './alternate.ts'
import { endProcess, reply, SOURCE_CONDITION } from './processes.ts'

/** A variant in a process of its own: nothing of the others is in its heap, and nothing that V8 learnt of them in its code. */
export interface VariantProcess extends RoundRunner {
  stop(): Promise<void>
}

interface RoundOrder {
  readonly operations: number
  readonly leastMs: number
}

/** What the client makes of its task: one operation, run `atOnce` side by side, and what ends it. */
export interface PreparedVariant {
  readonly atOnce: number
  run(index: number): Promise<void>
  close(): Promise<void>
}

/**
 * Starts a benchmark's own `main.ts` as the client of one variant.
 * @param node - the executable of the Node to measure; the running one by default
 * @param roundTimeoutMs - for each round, the warm-up among them
 */
export async function startVariant(
  name: string,
  main: string,
  task: unknown,
  { node = process.execPath, roundTimeoutMs }: { readonly node?: string; readonly roundTimeoutMs: number },
): Promise<VariantProcess> {
  const child = fork(fileURLToPath(main), ['--client', JSON.stringify(task)], { execPath: node, execArgv: [SOURCE_CONDITION, '--no-warnings'] })
  await reply<{ ready: true }>(child)
  return {
    name,
    round: async (operations, leastMs) => {
      const answer = reply<{ cost: Cost }>(child, roundTimeoutMs)
      child.send({ operations, leastMs } satisfies RoundOrder)
      return (await answer).cost
    },
    stop: () => endProcess(child),
  }
}

/** Runs the work with all of the variants' processes, and ends them. */
export async function withVariants<T>(
  starting: readonly (() => Promise<VariantProcess>)[],
  work: (variants: readonly VariantProcess[]) => Promise<T>,
): Promise<T> {
  const variants: VariantProcess[] = []
  try {
    for (const start of starting) variants.push(await start())
    return await work(variants)
  } finally {
    for (const variant of variants) await variant.stop()
  }
}

/** The client's side: answers each order with what the round cost, until the benchmark closes the channel. */
export function serveRounds(prepared: PreparedVariant): void {
  const counter = { index: 0 }
  process.on('message', ({ operations, leastMs }: RoundOrder) => {
    measureRound((index) => prepared.run(index), { operations, leastMs, atOnce: prepared.atOnce, counter }).then(
      (cost) => process.send?.({ cost }),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
        process.exit(1)
      },
    )
  })
  process.once('disconnect', () => {
    const exit = (): never => process.exit(0)
    prepared.close().then(exit, exit)
  })
  process.send?.({ ready: true })
}
