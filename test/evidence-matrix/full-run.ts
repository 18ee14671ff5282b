import { readFile, writeFile } from 'node:fs/promises'
import type { Totals } from '../fault-matrix/totals.ts'

const FILE = new URL('full-run.json', import.meta.url)

/** What the last run of the full product came to. */
export interface FullRun {
  /** ISO date */
  readonly date: string
  readonly stores: readonly string[]
  readonly wallSeconds: number
  readonly totals: Totals
  /** by the word of the prediction, that is, of the verdict or its assurance */
  readonly verdicts: Readonly<Record<string, number>>
}

export async function readFullRun(): Promise<FullRun> {
  return JSON.parse(await readFile(FILE, 'utf8')) as FullRun
}

export async function writeFullRun(run: FullRun): Promise<void> {
  await writeFile(FILE, `${JSON.stringify(run, null, 2)}\n`)
}
