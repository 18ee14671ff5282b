import { PERSONALITIES } from '@sealift/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { matrixStores } from '../evidence-matrix/evidence-table.ts'
import { destinationLegCells, pairCells, sourceLegCells } from '../evidence-matrix/matrix-plan.ts'
import { type EvidenceJudgement, runEvidence } from '../evidence-matrix/run-evidence.ts'
import { absentServers, openStoreHouse } from '../evidence-matrix/store-house.ts'
import { resourcesLeft } from '../fault-matrix/resources-left.ts'
import { totalLines, totalsOf } from '../fault-matrix/totals.ts'

const RUN_WITHIN_MS = 400_000

// Each leg exhaustively, and the pairs by a covering array; docs/evidence-matrix.md shows what every cell came to.
describe('the evidence matrix', () => {
  const stores = matrixStores(PERSONALITIES)
  const absent = absentServers(stores)
  const all = [...sourceLegCells(stores), ...destinationLegCells(stores), ...pairCells(stores)]
  const items = all.filter(({ source, destination }) => !absent.includes(source.id) && !absent.includes(destination.id))
  let judged: readonly EvidenceJudgement[] = []
  let left: readonly string[] = []

  beforeAll(async () => {
    const before = process.getActiveResourcesInfo()
    const house = openStoreHouse(stores, `${process.pid.toString(36)}${Date.now().toString(36)}`)
    const startedAt = performance.now()
    try {
      judged = await runEvidence(items, house)
    } finally {
      await house.close()
    }
    left = await resourcesLeft(before)
    const judgements = judged.map(({ judgement }) => judgement)
    console.log(totalLines('evidence', judgements, performance.now() - startedAt))
  }, RUN_WITHIN_MS)

  afterAll(() => {
    judged = []
  })

  it('has every real server that the document speaks of', (context) => {
    const required = absent.filter((id) => id !== 'moto')
    if (process.env.REQUIRE_REAL_SERVERS === '1' && required.length > 0) throw new Error(`${required.join(', ')} not running, and REQUIRE_REAL_SERVERS=1`)
    if (absent.length > 0) context.skip(`not running: ${absent.join(', ')}`)
  })

  it('judges every cell once', () => {
    expect(judged.map(({ item }) => item.cell.id).sort()).toEqual(items.map(({ cell }) => cell.id).sort())
    expect(judged.length).toBeGreaterThan(400)
  })

  it('never says verified of other bytes, nor mismatch of right ones; never hangs; leaves no upload', () => {
    const { falseVerified, falseMismatch, hangs, orphans } = totalsOf(judged.map(({ judgement }) => judgement))
    expect({ falseVerified, falseMismatch, hangs, orphans }).toEqual({ falseVerified: 0, falseMismatch: 0, hangs: 0, orphans: 0 })
  })

  it('comes to the verdict, the assurance and the requests that the oracle says, in every cell', () => {
    expect(judged.flatMap(({ item, judgement }) => judgement.complaints.map((complaint) => `${item.cell.id}: ${complaint}`))).toEqual([])
  })

  it('leaves no socket, server or timer behind', () => {
    expect(left).toEqual([])
  })
})
