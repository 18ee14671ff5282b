import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Cell, GROUNDS, type Ground } from './cell.ts'
import type { Judgement } from './judge-cell.ts'
import { cellsOf, whole } from './matrix-cells.ts'
import { resourcesLeft } from './resources-left.ts'
import { runMatrix } from './run-matrix.ts'
import { overTls } from './secure-matrix.ts'
import type { Stage } from './stage.ts'
import { totalLines, totalsOf } from './totals.ts'

const RUN_WITHIN_MS = whole ? 25 * 60_000 : 600_000

/** How a ground's stages are prepared, for a whole run. */
export interface MatrixGround {
  readonly prepare: (cell: Cell) => Promise<Stage>
  readonly close: () => Promise<void>
}

/**
 * The tests of one ground's cells: call it inside a `describe`.
 * @param counts - how many cells there are, written down by the caller, so that one that goes missing is noticed
 */
export function matrixSuite(ground: Ground, counts: { readonly usual: number; readonly whole: number }, open: () => Promise<MatrixGround>): void {
  const cells = cellsOf(ground)
  const cellCount = whole ? counts.whole : counts.usual
  let judgements: readonly Judgement[] = []
  let left: readonly string[] = []

  beforeAll(async () => {
    const before = process.getActiveResourcesInfo()
    const opened = await open()
    const startedAt = performance.now()
    try {
      judgements = await runMatrix(cells, opened.prepare)
    } finally {
      await opened.close()
    }
    left = await resourcesLeft(before)
    console.log(totalLines(ground, judgements, performance.now() - startedAt))
  }, RUN_WITHIN_MS)

  afterAll(() => {
    judgements = []
  })

  it(`judges all ${cellCount} cells`, () => {
    expect(GROUNDS).toContain(ground)
    expect(new Set(cells.map(({ id }) => id)).size).toBe(cellCount)
    expect(new Set(judgements.map(({ cell }) => cell.id)).size).toBe(cellCount)
  })

  it('never says verified of other bytes, nor mismatch of right ones; never hangs; leaves no upload', () => {
    const { falseVerified, falseMismatch, hangs, orphans } = totalsOf(judgements)
    expect({ falseVerified, falseMismatch, hangs, orphans }).toEqual({ falseVerified: 0, falseMismatch: 0, hangs: 0, orphans: 0 })
  })

  it('comes out in every cell as the design says', () => {
    const complaints = judgements.filter((item) => item.complaints.length > 0).map(({ cell, complaints: found }) => `${cell.id}: ${found.join('; ')}`)
    expect(complaints).toEqual([])
  })

  it('lists the open case apart: every read harmed alike, at a source that offers nothing that binds', () => {
    const open = judgements.filter(({ cell }) => cell.expected.apart === 'open')
    for (const { cell, verdict } of open)
      expect([cell.id, overTls || cell.frequency === 'always', cell.expected.verdicts.includes(verdict as 'verified')]).toEqual([cell.id, true, true])
    console.log(`open in theory, over ${ground}:\n${open.map(({ cell, verdict }) => `  ${cell.id}: ${verdict}`).join('\n')}`)
    expect(open.length).toBeGreaterThan(0)
  })

  it('leaves no socket, server or timer behind', () => {
    expect(left).toEqual([])
  })
}
