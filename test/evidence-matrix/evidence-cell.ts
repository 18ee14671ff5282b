import type { Cell, MatrixFault, Row } from '../fault-matrix/cell.ts'
import { SHAPES } from '../fault-matrix/shapes.ts'
import { CUT_AFTER_BYTES, type FaultName, FLIP_AT_BYTE, isAlways, isAtRest } from './matrix-faults.ts'
import { type CellQuestion, notApplicable, type Prediction, predict } from './oracle.ts'

/** A cell of the evidence matrix, in the form that the fault matrix runs and judges. */
export interface EvidenceCell extends CellQuestion {
  readonly cell: Cell
  readonly prediction: Prediction
}

/** Null where the question makes no sense. */
export function evidenceCell(question: CellQuestion): EvidenceCell | null {
  if (notApplicable(question) !== null) return null
  const { source, destination, kind, fault } = question
  const prediction = predict(question)
  const { verdict, assurance, code, atRest, apart } = prediction
  const expected = { verdicts: [verdict], assurance, codes: code === null ? [] : [code], atRest: [atRest], ...(apart === null ? {} : { apart }) }
  const frequency = isAlways(fault) ? 'always' : 'once'
  const row: Row = {
    name: fault,
    shapes: [],
    faults: () => faultsOf(fault),
    [frequency]: expected,
    ...(isAtRest(fault) ? { options: { verify: { readBack: 'always' } } } : {}),
  }
  const id = `${source.id}/${destination.id}/${kind}/${fault}`
  const shape = { ...SHAPES.small, attemptsUnderAlways: 2 } as const
  return { ...question, prediction, cell: { id, row, ground: 'evidence', shape, frequency, expected } }
}

function faultsOf(fault: FaultName): readonly MatrixFault[] {
  const reads = { at: 'source', match: { operation: 'GetObject' } } as const
  const writes = { at: 'destination', match: { operation: ['PutObject', 'UploadPart'] } } as const
  const commits = { at: 'destination', match: { operation: ['PutObject', 'CompleteMultipartUpload'] } } as const
  switch (fault) {
    case 'none':
      return []
    case 'read-flip-once':
    case 'read-flip-always':
      return [{ ...reads, action: { kind: 'flip', leg: 'response', at: FLIP_AT_BYTE } }]
    case 'read-cut-once':
    case 'read-cut-always':
      return [{ ...reads, action: { kind: 'truncate', leg: 'response', at: CUT_AFTER_BYTES } }]
    case 'write-flip-once':
    case 'write-flip-always':
      return [{ ...writes, action: { kind: 'flip', leg: 'request', at: FLIP_AT_BYTE } }]
    case 'write-cut-once':
    case 'write-cut-always':
      return [{ ...writes, action: { kind: 'truncate', leg: 'request', at: CUT_AFTER_BYTES } }]
    case 'rest-flip-once':
    case 'rest-flip-always':
      return [{ ...commits, action: { kind: 'flip', leg: 'rest', at: FLIP_AT_BYTE } }]
  }
}
