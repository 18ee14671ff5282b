import type { Cell } from './cell.ts'
import { type Judgement, judgeCell } from './judge-cell.ts'
import { runCell } from './run-cell.ts'
import type { Stage } from './stage.ts'

/** Cells at once that keep the processor busy: with more of them deadlines would pass for want of time. */
const BUSY_LANES = 4
/**
 * Cells at once that mostly wait, for a deadline to pass or for a store to settle. What they send again over TLS keeps the processor busy, too: with sixteen of them a
 * slow machine took 90 s for a cell of 20 s.
 */
const WAITING_LANES = 8
/** On a busy machine a deadline may pass before the fault is reached: then nothing was tested, and the cell is run again. */
const RUNS = 3

/**
 * Runs cells side by side, each on a stage of its own. A stage that cannot be prepared or cleared is a complaint, never a cell left out.
 * @param waits - whether a cell mostly waits, so that many of its kind may go at once
 */
export async function runMatrix(
  cells: readonly Cell[],
  prepare: (cell: Cell) => Promise<Stage>,
  waits: (cell: Cell) => boolean = waitsForDeadlines,
): Promise<Judgement[]> {
  const judgements: Judgement[] = []
  const lane = async (queue: Cell[]): Promise<void> => {
    for (let cell = queue.shift(); cell !== undefined; cell = queue.shift()) judgements.push(await judged(cell, prepare))
  }
  const waiting = cells.filter(waits)
  const busy = cells.filter((cell) => !waits(cell))
  await Promise.all([...Array.from({ length: WAITING_LANES }, () => lane(waiting)), ...Array.from({ length: BUSY_LANES }, () => lane(busy))])
  return judgements
}

function waitsForDeadlines({ row, frequency }: Cell): boolean {
  return frequency === 'always' && /stall|late|stale|head|second-writer-after|lost$/.test(row.name)
}

async function judged(cell: Cell, prepare: (cell: Cell) => Promise<Stage>): Promise<Judgement> {
  let judgement = await one(cell, prepare)
  for (let run = 2; run <= RUNS && judgement.untested; run++) {
    const before = judgement
    judgement = await one(cell, prepare)
    // what must never happen counts in every run
    judgement = {
      ...judgement,
      falseVerified: judgement.falseVerified || before.falseVerified,
      falseMismatch: judgement.falseMismatch || before.falseMismatch,
      hung: judgement.hung || before.hung,
      orphaned: judgement.orphaned || before.orphaned,
    }
  }
  return judgement
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
    return {
      cell,
      verdict: 'none',
      wallMs: 0,
      recovered: false,
      apart: null,
      falseVerified: false,
      falseMismatch: false,
      hung: false,
      orphaned: false,
      // the ground's own plain client may meet a connection that just went idle: the cell is run again, and stays a complaint if that does not help
      untested: true,
      complaints,
    }
  }
}
