import type { Cell } from './cell.ts'
import { type Judgement, judgeCell } from './judge-cell.ts'
import { runCell } from './run-cell.ts'
import type { Stage } from './stage.ts'

/** Runs cells side by side, each on a stage of its own. A stage that cannot be prepared or cleared is a complaint, never a cell left out. */
export async function runMatrix(cells: readonly Cell[], prepare: (cell: Cell) => Promise<Stage>, concurrency: number): Promise<Judgement[]> {
  // the slow ones first: what waits for deadlines costs no time while others work
  const queue = [...cells].sort((a, b) => Number(isSlow(b)) - Number(isSlow(a)))
  const judgements: Judgement[] = []
  const lane = async (): Promise<void> => {
    for (let cell = queue.shift(); cell !== undefined; cell = queue.shift()) judgements.push(await one(cell, prepare))
  }
  await Promise.all(Array.from({ length: concurrency }, lane))
  return judgements
}

function isSlow({ row, frequency }: Cell): boolean {
  return frequency === 'always' && /stall|late|stale|head/.test(row.name)
}

async function one(cell: Cell, prepare: (cell: Cell) => Promise<Stage>): Promise<Judgement> {
  try {
    const stage = await prepare(cell)
    try {
      return judgeCell(await runCell(cell, stage))
    } finally {
      await stage.close()
    }
  } catch (error) {
    const complaints = [`the stage failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`]
    return { cell, verdict: 'none', wallMs: 0, recovered: false, falseVerified: false, falseMismatch: false, hung: false, orphaned: false, complaints }
  }
}
