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

/**
 * Measures variants against each other: each round runs every variant `operations` times, in turns, so that whatever else the machine does falls on all of
 * them. `atOnce` operations are under way at any time, one by default. Before the first round each variant warms up, by `warmUp` operations (as many as in a
 * round by default), and for `warmUpMs` at least.
 */
export async function alternate(
  variants: readonly Variant[],
  options: { readonly rounds: number; readonly operations: number; readonly warmUp?: number; readonly warmUpMs?: number; readonly atOnce?: number },
): Promise<Record<string, Cost>> {
  const samples = new Map<string, { cpu: number[]; wall: number[] }>(variants.map(({ name }) => [name, { cpu: [], wall: [] }]))
  let index = 0
  const times = async (run: Variant['run'], count: number, untilMs = 0): Promise<void> => {
    let left = count
    const lane = async (): Promise<void> => {
      while (left > 0 || performance.now() < untilMs) {
        left -= 1
        await run((index += 1))
      }
    }
    await Promise.all(Array.from({ length: options.atOnce ?? 1 }, lane))
  }
  for (const { run } of variants) await times(run, options.warmUp ?? options.operations, performance.now() + (options.warmUpMs ?? 0))
  for (let round = 0; round < options.rounds; round += 1) {
    const order = round % 2 === 0 ? variants : [...variants].reverse()
    for (const { name, run } of order) {
      const cpuBefore = process.cpuUsage()
      const began = performance.now()
      await times(run, options.operations)
      const wall = (performance.now() - began) * 1000
      const cpu = process.cpuUsage(cpuBefore)
      samples.get(name)?.cpu.push((cpu.user + cpu.system) / options.operations)
      samples.get(name)?.wall.push(wall / options.operations)
    }
  }
  return Object.fromEntries([...samples].map(([name, { cpu, wall }]) => [name, { cpuMicroseconds: median(cpu), wallMicroseconds: median(wall) }]))
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] ?? Number.NaN) : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}
