import type { Evidence, ObjectResult } from '@sealift/core'

export interface DemoRow {
  readonly what: string
  readonly result: ObjectResult
}

/** The results as a table that people can read. */
export function resultTable(rows: readonly DemoRow[]): string {
  const head = ['object', 'verdict', 'assurance', 'decided by (source / destination)', 'tries', 'ms']
  const cells = rows.map(({ what, result }) => [
    what,
    result.verdict,
    result.assurance,
    `${deciding(result.evidence, 'source')} / ${deciding(result.evidence, 'destination')}`,
    String(result.attempts),
    String(result.durationMs),
  ])
  const widths = head.map((title, column) => Math.max(title.length, ...cells.map((row) => (row[column] ?? '').length)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n')
}

function deciding(evidence: readonly Evidence[], leg: Evidence['leg']): string {
  return evidence.find((item) => item.leg === leg && item.outcome === 'match' && item.method !== 'size')?.method ?? 'nothing'
}
