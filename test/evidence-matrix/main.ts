// The evidence matrix by hand.
//   npm run evidence-matrix                   runs the legs and the pairs, and writes docs/evidence-matrix.md
//   npm run evidence-matrix -- --full         the full product; its totals are kept in full-run.json, and the document is written anew
//   npm run evidence-matrix -- --only PATTERN cells of the full product whose id (source/destination/kind/fault) holds the pattern; `*` stands for anything
//   npm run evidence-matrix -- --document     writes the document without running anything: for a change of words
// Exits 1 where a cell is not as expected, or a real server that the document speaks of does not run.
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { PERSONALITIES } from '@sealift/testing'
import { totalLines, totalsOf } from '../fault-matrix/totals.ts'
import { type EvidenceCell, productCells } from './evidence-cell.ts'
import { type Deviations, evidenceDocument } from './evidence-document.ts'
import { matrixStores } from './evidence-table.ts'
import { readFullRun, writeFullRun } from './full-run.ts'
import { destinationLegCells, pairCells, sourceLegCells } from './matrix-plan.ts'
import { predictionWord } from './oracle.ts'
import { type EvidenceJudgement, runEvidence } from './run-evidence.ts'
import { absentServers, openStoreHouse } from './store-house.ts'

const DOCUMENT = new URL('../../docs/evidence-matrix.md', import.meta.url)

const { values: options } = parseArgs({ options: { full: { type: 'boolean' }, only: { type: 'string' }, document: { type: 'boolean' } } })
const stores = matrixStores(PERSONALITIES)

if (options.document === true) {
  await writeDocument(new Map())
} else {
  const absent = options.only === undefined ? absentServers(stores) : []
  if (absent.length > 0) {
    console.error(`not running: ${absent.join(', ')} (test/servers/*.sh start)`)
    process.exit(1)
  }
  const items = chosenCells()
  const startedAt = performance.now()
  const judged = await run(items)
  const wallMs = performance.now() - startedAt
  for (const { judgement } of judged) if (judgement.complaints.length > 0) console.log(`${judgement.cell.id}: ${judgement.complaints.join('; ')}`)
  const judgements = judged.map(({ judgement }) => judgement)
  console.log(totalLines('evidence', judgements, wallMs))
  const deviations = new Map(judgements.filter(({ complaints }) => complaints.length > 0).map(({ cell, complaints }) => [cell.id, complaints]))
  if (options.full === true) {
    const words = items.map(({ prediction }) => predictionWord(prediction))
    await writeFullRun({
      date: new Date().toISOString().slice(0, 10),
      stores: stores.map(({ id }) => id),
      wallSeconds: Math.round(wallMs / 1000),
      totals: totalsOf(judgements),
      verdicts: Object.fromEntries([...new Set(words)].map((word) => [word, words.filter((other) => other === word).length])),
    })
  }
  if (options.only === undefined) await writeDocument(deviations)
  process.exitCode = deviations.size === 0 ? 0 : 1
}

function chosenCells(): EvidenceCell[] {
  if (options.only !== undefined) {
    const pieces = options.only.split('*').map((piece) => piece.replaceAll(/[^\w/-]/g, '\\$&'))
    const pattern = new RegExp(pieces.join('.*'))
    return productCells(stores, stores).filter(({ cell }) => pattern.test(cell.id))
  }
  return options.full === true ? productCells(stores, stores) : [...sourceLegCells(stores), ...destinationLegCells(stores), ...pairCells(stores)]
}

async function run(items: readonly EvidenceCell[]): Promise<EvidenceJudgement[]> {
  const house = openStoreHouse(stores, `${process.pid.toString(36)}${Date.now().toString(36)}`)
  try {
    return await runEvidence(items, house)
  } finally {
    await house.close()
  }
}

async function writeDocument(deviations: Deviations): Promise<void> {
  await writeFile(DOCUMENT, evidenceDocument(stores, deviations, await readFullRun()))
}
