import type { Judgement } from '../fault-matrix/judge-cell.ts'
import { runMatrix } from '../fault-matrix/run-matrix.ts'
import type { EvidenceCell } from './evidence-cell.ts'
import { evidenceStage, type RequestsSeen } from './evidence-stage.ts'
import type { MatrixStore } from './matrix-store.ts'

/** A cell, what the judge makes of it, and what it cost. */
export interface EvidenceJudgement {
  readonly item: EvidenceCell
  readonly judgement: Judgement
  readonly requests: RequestsSeen | null
}

/** The stores of a run: each opened when a cell first needs it. */
export interface StoreHouse {
  source(id: string): Promise<MatrixStore>
  destination(id: string): Promise<MatrixStore>
  close(): Promise<void>
}

/** Runs and judges the cells; the requests that a copy took are judged, too. */
export async function runEvidence(items: readonly EvidenceCell[], house: StoreHouse): Promise<EvidenceJudgement[]> {
  const byId = new Map(items.map((item) => [item.cell.id, item]))
  if (byId.size !== items.length) throw new Error('two cells have one id')
  const requests = new Map<string, RequestsSeen>()
  const judgements = await runMatrix(
    items.map(({ cell }) => cell),
    async (cell) => {
      const item = itemOf(byId, cell.id)
      const [source, destination] = await Promise.all([house.source(item.source.id), house.destination(item.destination.id)])
      return evidenceStage(item, source, destination, (seen) => requests.set(cell.id, seen))
    },
    // pauses between tries
    ({ frequency }) => frequency === 'always',
  )
  return judgements.map((judgement) => {
    const item = itemOf(byId, judgement.cell.id)
    const seen = requests.get(judgement.cell.id) ?? null
    const complaint = seen === null ? null : costComplaint(item, seen)
    return { item, requests: seen, judgement: complaint === null ? judgement : { ...judgement, complaints: [...judgement.complaints, complaint] } }
  })
}

function totalOf({ source, destination }: RequestsSeen): number {
  return [...Object.values(source), ...Object.values(destination)].reduce((sum, count) => sum + count, 0)
}

function costComplaint({ prediction }: EvidenceCell, seen: RequestsSeen): string | null {
  const total = totalOf(seen)
  const expected = prediction.requests
  const fits = 'exactly' in expected ? total === expected.exactly : total <= expected.atMost
  if (fits) return null
  return `${total} requests (${JSON.stringify(seen)}), expected ${'exactly' in expected ? expected.exactly : `at most ${expected.atMost}`}`
}

function itemOf(byId: ReadonlyMap<string, EvidenceCell>, id: string): EvidenceCell {
  const item = byId.get(id)
  if (item === undefined) throw new Error(`no cell ${id}`)
  return item
}
