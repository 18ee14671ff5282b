import type { Judgement } from './judge-cell.ts'

/** What a run of the matrix came to. */
export interface Totals {
  readonly cells: number
  readonly asExpected: number
  readonly recovered: number
  readonly failedAsExpected: number
  /** counted apart */
  readonly open: number
  readonly everyReadingWrong: number
  readonly falseVerified: number
  readonly falseMismatch: number
  readonly hangs: number
  readonly orphans: number
}

export function totalsOf(judgements: readonly Judgement[]): Totals {
  const count = (test: (judgement: Judgement) => boolean): number => judgements.filter(test).length
  const good = (judgement: Judgement): boolean => judgement.complaints.length === 0
  return {
    cells: judgements.length,
    asExpected: count(good),
    recovered: count((item) => good(item) && item.recovered),
    failedAsExpected: count((item) => good(item) && !item.recovered && item.apart === null),
    open: count((item) => item.apart === 'open'),
    everyReadingWrong: count((item) => item.apart === 'every-reading-wrong'),
    falseVerified: count((item) => item.falseVerified),
    falseMismatch: count((item) => item.falseMismatch),
    hangs: count((item) => item.hung),
    orphans: count((item) => item.orphaned),
  }
}

/** The totals in lines for a person. */
export function totalLines(title: string, judgements: readonly Judgement[], wallMs: number): string {
  const totals = totalsOf(judgements)
  const slowest = [...judgements].sort((a, b) => b.wallMs - a.wallMs)[0]
  return [
    `fault matrix, ${title}: ${totals.cells} cells in ${Math.round(wallMs / 1000)} s, ${totals.asExpected} as expected`,
    `  recovered and verified ${totals.recovered}, failed as expected ${totals.failedAsExpected}, every reading wrong ${totals.everyReadingWrong}, open in theory (destination-only) ${totals.open}`,
    `  false verified ${totals.falseVerified}, false mismatch ${totals.falseMismatch}, hangs ${totals.hangs}, orphaned uploads ${totals.orphans}`,
    ...(slowest === undefined ? [] : [`  slowest ${slowest.cell.id}: ${Math.round(slowest.wallMs)} ms`]),
  ].join('\n')
}
