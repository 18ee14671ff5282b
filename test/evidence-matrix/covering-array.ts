/** A choice for every factor: `row[f]` is an index into the values of factor `f`. */
export type CoveringRow = readonly number[]

/**
 * Rows in which every pair of values of two factors comes together at least once, where any allowed row holds that pair. Greedy and deterministic: the same
 * input gives the same rows. Meant for a few factors of a few dozen values.
 * @param sizes - how many values each factor has
 * @param isAllowed - whether a full row makes sense
 */
export function coveringArray(sizes: readonly number[], isAllowed: (row: CoveringRow) => boolean): CoveringRow[] {
  const open = new Set<string>()
  forEachPair(sizes, (pair) => open.add(keyOf(pair)))
  const rows: CoveringRow[] = []
  forEachPair(sizes, (pair) => {
    if (!open.has(keyOf(pair))) return
    const row = bestRow(sizes, pair, open, isAllowed, rows.length)
    if (row === null) {
      open.delete(keyOf(pair))
      return
    }
    rows.push(row)
    for (const covered of pairsOf(row)) open.delete(keyOf(covered))
  })
  return rows
}

interface Pair {
  readonly factors: readonly [number, number]
  readonly values: readonly [number, number]
}

/** The allowed row with that pair which covers the most pairs that are still open; null where no allowed row has it. */
function bestRow(
  sizes: readonly number[],
  { factors, values }: Pair,
  open: ReadonlySet<string>,
  isAllowed: (row: CoveringRow) => boolean,
  turn: number,
): CoveringRow | null {
  let best: { readonly row: CoveringRow; readonly gain: number } | null = null
  const row = sizes.map(() => 0)
  row[factors[0]] = values[0]
  row[factors[1]] = values[1]
  const free = sizes.flatMap((_, factor) => (factors.includes(factor) ? [] : [factor]))
  const count = free.reduce((product, factor) => product * (sizes[factor] ?? 1), 1)
  for (let step = 0; step < count; step++) {
    // another beginning for each row, so that ties do not all fall on the first values
    let rest = (step + turn * 7) % count
    for (const factor of free) {
      const size = sizes[factor] ?? 1
      row[factor] = rest % size
      rest = Math.floor(rest / size)
    }
    const gain = pairsOf(row).filter((pair) => open.has(keyOf(pair))).length
    if ((best === null || gain > best.gain) && isAllowed(row)) best = { row: [...row], gain }
  }
  return best?.row ?? null
}

function pairsOf(row: CoveringRow): Pair[] {
  return row.flatMap((a, f) => row.slice(f + 1).map((b, after): Pair => ({ factors: [f, f + 1 + after], values: [a, b] })))
}

function forEachPair(sizes: readonly number[], visit: (pair: Pair) => void): void {
  for (let f = 0; f < sizes.length; f++) {
    for (let g = f + 1; g < sizes.length; g++) {
      for (let a = 0; a < (sizes[f] ?? 0); a++) for (let b = 0; b < (sizes[g] ?? 0); b++) visit({ factors: [f, g], values: [a, b] })
    }
  }
}

function keyOf({ factors, values }: Pair): string {
  return `${factors[0]}.${values[0]}/${factors[1]}.${values[1]}`
}
