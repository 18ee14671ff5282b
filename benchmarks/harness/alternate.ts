/** What one operation cost, medians over the rounds. */
export interface Cost {
  /** user and system time of the whole process, its garbage collector's threads among it */
  readonly cpuMicroseconds: number
  readonly wallMicroseconds: number
}

export interface Variant {
  readonly name: string
  readonly run: (index: number) => Promise<void>
}

/** A variant wherever it runs: in this process, or in one of its own (`variant-process.ts`). */
export interface RoundRunner {
  readonly name: string
  /** Runs so many operations, and goes on for `leastMs` at least. */
  round(operations: number, leastMs: number): Promise<Cost>
}

export interface Rounds {
  readonly rounds: number
  readonly operations: number
  /** as many as in a round by default */
  readonly warmUp?: number
  readonly warmUpMs?: number
}

/**
 * Measures variants against each other: each round runs every one of them, in turns, so that whatever else the machine does falls on all. Before the first
 * round each warms up, by `warmUp` operations, and for `warmUpMs` at least.
 */
export async function alternateRounds(runners: readonly RoundRunner[], options: Rounds): Promise<Record<string, Cost>> {
  const samples = new Map<string, Cost[]>(runners.map(({ name }) => [name, []]))
  for (const runner of runners) await runner.round(options.warmUp ?? options.operations, options.warmUpMs ?? 0)
  for (let round = 0; round < options.rounds; round += 1) {
    for (const runner of round % 2 === 0 ? runners : [...runners].reverse()) samples.get(runner.name)?.push(await runner.round(options.operations, 0))
  }
  return Object.fromEntries([...samples].map(([name, costs]) => [name, medianCost(costs)]))
}

/** {@link alternateRounds} of variants in this process, one operation after the other. */
export async function alternate(variants: readonly Variant[], options: Rounds): Promise<Record<string, Cost>> {
  const counter = { index: 0 }
  return await alternateRounds(
    variants.map(({ name, run }) => ({ name, round: (operations, leastMs) => measureRound(run, { operations, leastMs, atOnce: 1, counter }) })),
    options,
  )
}

/**
 * One round in this process.
 * @param how - `atOnce` operations are under way at any time; `counter` goes on from round to round
 */
export async function measureRound(
  run: Variant['run'],
  how: { readonly operations: number; readonly leastMs: number; readonly atOnce: number; readonly counter: { index: number } },
): Promise<Cost> {
  const { operations, atOnce, counter } = how
  const first = counter.index
  const cpuBefore = process.cpuUsage()
  const began = performance.now()
  const lane = async (): Promise<void> => {
    while (counter.index - first < operations || performance.now() - began < how.leastMs) {
      counter.index += 1
      await run(counter.index)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  const wall = (performance.now() - began) * 1000
  const cpu = process.cpuUsage(cpuBefore)
  const done = counter.index - first
  return { cpuMicroseconds: (cpu.user + cpu.system) / done, wallMicroseconds: wall / done }
}

function medianCost(costs: readonly Cost[]): Cost {
  return { cpuMicroseconds: median(costs.map((cost) => cost.cpuMicroseconds)), wallMicroseconds: median(costs.map((cost) => cost.wallMicroseconds)) }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] ?? Number.NaN) : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}
