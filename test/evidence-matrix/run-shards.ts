import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Totals } from '../fault-matrix/totals.ts'

/** What a run of some cells came to; plain JSON. */
export interface RunReport {
  readonly totals: Totals
  /** complaints by the id of the cell */
  readonly deviations: readonly (readonly [string, readonly string[]])[]
}

/** Runs the full product in processes of their own, each with every n-th source, and adds up what they came to. */
export async function runShards(count: number): Promise<RunReport> {
  const folder = await mkdtemp(join(tmpdir(), 'evidence-matrix-'))
  try {
    const reports = await Promise.all(Array.from({ length: count }, (_, index) => runShard(index, count, join(folder, `${index}.json`))))
    const keys = Object.keys(reports[0]?.totals ?? {}) as (keyof Totals)[]
    const sum = (key: keyof Totals): number => reports.reduce((total, { totals }) => total + totals[key], 0)
    return { totals: Object.fromEntries(keys.map((key) => [key, sum(key)])) as unknown as Totals, deviations: reports.flatMap(({ deviations }) => deviations) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function runShard(index: number, count: number, file: string): Promise<RunReport> {
  const main = fileURLToPath(new URL('main.ts', import.meta.url))
  const child = spawn(process.execPath, ['--conditions=@sealift/source', main, '--shard', `${index}/${count}`, '--report', file], { stdio: 'inherit' })
  await new Promise<void>((resolve, reject) => child.once('error', reject).once('close', () => resolve()))
  return JSON.parse(await readFile(file, 'utf8')) as RunReport
}
