// The evidence matrix by hand.
//   npm run evidence-matrix                   runs the legs and the pairs, and writes docs/evidence-matrix.md
//   npm run evidence-matrix -- --full         the full product; its totals are kept in full-run.json, and the document is written anew
//   npm run evidence-matrix -- --only PATTERN cells whose id (source/destination/kind/fault) holds the pattern; `*` stands for anything
//   npm run evidence-matrix -- --store FILE   the legs of a store that is in no table; the module exports it as `matrixStore` (added-store.ts)
//   npm run evidence-matrix -- --document     writes the document without running anything: for a change of words
// Exits 1 where a cell is not as expected, or a real server that the document speaks of does not run.
import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { PERSONALITIES } from '@sealift/testing'
import { totalLines, totalsOf } from '../fault-matrix/totals.ts'
import { type AddedStore, addedStoreOf } from './added-store.ts'
import type { EvidenceCell } from './evidence-cell.ts'
import { type Deviations, evidenceDocument } from './evidence-document.ts'
import { matrixStores } from './evidence-table.ts'
import { readFullRun, writeFullRun } from './full-run.ts'
import { destinationLegCells, legsOf, pairCells, pairedStores, productCells, sourceLegCells } from './matrix-plan.ts'
import { predictionWord } from './oracle.ts'
import { runEvidence } from './run-evidence.ts'
import { type RunReport, runShards } from './run-shards.ts'
import { absentServers, openStoreHouse } from './store-house.ts'

const DOCUMENT = new URL('../../docs/evidence-matrix.md', import.meta.url)

const { values: options } = parseArgs({
  options: {
    full: { type: 'boolean' },
    only: { type: 'string' },
    store: { type: 'string' },
    document: { type: 'boolean' },
    shards: { type: 'string' },
    // what `--full` starts itself with
    shard: { type: 'string' },
    // a file that the totals and the unexpected cells of `--shard` or `--store` go to, as JSON
    report: { type: 'string' },
  },
})
const stores = matrixStores(PERSONALITIES)

if (options.document === true) await writeDocument(new Map())
else if (options.shard !== undefined) await writeFile(options.report ?? '/dev/stdout', JSON.stringify(await run(shardOf(options.shard))))
else if (options.store !== undefined) await runAdded(options.store)
else if (options.only !== undefined) conclude(await run(cellsLike(options.only)))
else if (absentServers(stores).length > 0) {
  console.error(`not running: ${absentServers(stores).join(', ')} (test/servers/*.sh start)`)
  process.exitCode = 1
} else if (options.full === true) await runFull()
else {
  const report = await run(legsAndPairs())
  conclude(report)
  await writeDocument(new Map(report.deviations))
}

/** Both legs of a store that is in no table. */
async function runAdded(file: string): Promise<void> {
  const added = await addedStoreOf(
    file,
    stores.map(({ id }) => id),
  )
  const report = await run(legsOf(added.facts, stores), added)
  if (options.report !== undefined) await writeFile(options.report, JSON.stringify(report))
  conclude(report)
}

async function runFull(): Promise<void> {
  const startedAt = performance.now()
  const report = await runShards(Number(options.shards ?? availableParallelism()))
  const words = productCells(stores).map(({ prediction }) => predictionWord(prediction))
  await writeFullRun({
    date: new Date().toISOString().slice(0, 10),
    stores: pairedStores(stores).map(({ id }) => id),
    wallSeconds: Math.round((performance.now() - startedAt) / 1000),
    totals: report.totals,
    verdicts: Object.fromEntries([...new Set(words)].map((word) => [word, words.filter((other) => other === word).length])),
  })
  conclude(report)
  await writeDocument(new Map(report.deviations))
}

function legsAndPairs(): EvidenceCell[] {
  return [...sourceLegCells(stores), ...destinationLegCells(stores), ...pairCells(stores)]
}

function cellsLike(text: string): EvidenceCell[] {
  const pieces = text.split('*').map((piece) => piece.replaceAll(/[^\w/-]/g, '\\$&'))
  const pattern = new RegExp(pieces.join('.*'))
  const all = new Map([...legsAndPairs(), ...productCells(stores)].map((item) => [item.cell.id, item]))
  return [...all.values()].filter(({ cell }) => pattern.test(cell.id))
}

/** Every n-th source's cells. */
function shardOf(text: string): EvidenceCell[] {
  const [index = 0, count = 1] = text.split('/').map(Number)
  const ids = pairedStores(stores).map(({ id }) => id)
  return productCells(stores).filter(({ source }) => ids.indexOf(source.id) % count === index)
}

async function run(items: readonly EvidenceCell[], added?: AddedStore): Promise<RunReport> {
  const house = openStoreHouse(stores, `${process.pid.toString(36)}${Date.now().toString(36)}`, added)
  const startedAt = performance.now()
  try {
    const judgements = (await runEvidence(items, house)).map(({ judgement }) => judgement)
    console.error(totalLines('evidence', judgements, performance.now() - startedAt))
    const unexpected = judgements.filter(({ complaints }) => complaints.length > 0)
    return { totals: totalsOf(judgements), deviations: unexpected.map(({ cell, complaints }) => [cell.id, complaints]) }
  } finally {
    await house.close()
  }
}

function conclude({ deviations }: RunReport): void {
  for (const [id, complaints] of deviations) console.log(`${id}: ${complaints.join('; ')}`)
  process.exitCode = deviations.length === 0 ? 0 : 1
}

async function writeDocument(deviations: Deviations): Promise<void> {
  await writeFile(DOCUMENT, evidenceDocument(stores, deviations, await readFullRun()))
}
