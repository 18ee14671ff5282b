import type { AtRest, Cell } from './cell.ts'
import { EARLIER, FOREIGN } from './object-bytes.ts'
import type { CellOutcome } from './run-cell.ts'

/** What the judge makes of one cell. */
export interface Judgement {
  readonly cell: Cell
  readonly verdict: string
  readonly wallMs: number
  readonly recovered: boolean
  /** a verdict that no reader could do better than; not among the false ones */
  readonly apart: 'open' | 'every-reading-wrong' | null
  readonly falseVerified: boolean
  readonly falseMismatch: boolean
  readonly hung: boolean
  readonly orphaned: boolean
  /** a fault never took effect */
  readonly untested: boolean
  /** everything in which the cell is not what was expected; empty where it is */
  readonly complaints: readonly string[]
}

/** Compares what was seen with what was written down beforehand, and with the bytes at rest. */
export function judgeCell(outcome: CellOutcome): Judgement {
  const { cell, result, wallMs, hung } = outcome
  const { expected, row, frequency } = cell
  const verdict = result?.verdict ?? (hung ? 'hang' : 'rejected')
  const complaints: string[] = []
  const complain = (text: string): number => complaints.push(text)
  if (hung) complain(`no end after ${Math.round(wallMs)} ms`)
  else if (result === null) complain(`rejected: ${String(outcome.rejected)}`)
  if (result !== null && !expected.verdicts.includes(result.verdict)) {
    complain(`verdict ${result.verdict} (${result.error?.code ?? 'no error'}: ${result.error?.message ?? ''}), expected ${expected.verdicts.join(' or ')}`)
  }
  const code = result?.error?.code
  if (result !== null && code !== undefined && !expected.codes.includes(code))
    complain(`error ${code} (${result.error?.message}), expected ${expected.codes.join(' or ') || 'none'}`)
  if (result !== null && code === undefined && result.verdict !== 'verified') complain('no error says why')
  if (result?.verdict === 'verified' && result.assurance !== expected.assurance && expected.verdicts[0] === 'verified') {
    complain(`assurance ${result.assurance}, expected ${expected.assurance}`)
  }
  let untested = false
  row.faults(cell.shape).forEach((fault, at) => {
    const fired = outcome.fired[at] ?? 0
    if (fired === 0) untested = true
    if (fired === 0) complain(`fault ${at} (${'action' in fault ? fault.action.kind : 'connection'}) never took effect: nothing was tested`)
    if (frequency === 'once' && 'match' in fault && fault.match.times === undefined && fired > 1) complain(`fault ${at} took effect ${fired} times`)
  })
  const seen = kindOf(outcome, outcome.atRest)
  // where versions are kept the verdict speaks of the one that the write's reply named, unless that name is what was harmed
  const byVersion = row.setting?.versionedDestination === true && row.setting.harmedVersionId !== true
  if (!expected.atRest.includes(seen)) complain(`at rest: ${seen}, expected ${expected.atRest.join(' or ')}`)
  if (byVersion && result?.verdict === 'verified' && kindOf(outcome, outcome.named) !== 'source') {
    complain(`the version that the result names: ${kindOf(outcome, outcome.named)}`)
  }
  const lastRetry = outcome.retries.at(-1)
  if (complaints.length > 0 && lastRetry !== undefined) {
    const reasons = [...new Set(outcome.retries.map(({ reason }) => reason))].join(' | ')
    complain(`tried again ${outcome.retries.length} times, the last time ${Math.round(lastRetry.atMs)} ms after the start, after: ${reasons}`)
  }
  const orphaned = outcome.uploadsAfterAbort > 0 || (outcome.uploadsLeft > 0 && row.setting?.mayLeaveUploads !== true && result?.orphans.length === 0)
  if (orphaned) complain(`uploads left: ${outcome.uploadsLeft}, after abortUploads ${outcome.uploadsAfterAbort}`)
  const rightBytes = (byVersion ? kindOf(outcome, outcome.named) : seen) === 'source'
  // what somebody else wrote after our write was named and proved says nothing of our write
  const overtaken = !byVersion && seen === 'second-writer' && expected.atRest.includes('second-writer')
  const isOpen = result?.verdict === 'verified' && !rightBytes && expected.apart === 'open'
  if (isOpen && result.assurance !== 'destination-only') complain(`assurance ${result.assurance} of bytes that are not the source's`)
  const everyReadingWrong = result?.verdict === 'mismatch' && expected.apart === 'every-reading-wrong'
  return {
    cell,
    verdict,
    wallMs,
    hung,
    orphaned,
    untested,
    recovered: result?.verdict === 'verified' && rightBytes,
    apart: isOpen ? 'open' : everyReadingWrong ? 'every-reading-wrong' : null,
    falseVerified: result?.verdict === 'verified' && !rightBytes && !overtaken && !isOpen,
    falseMismatch: result?.verdict === 'mismatch' && !expected.verdicts.includes('mismatch'),
    complaints,
  }
}

/** Which bytes these are. */
function kindOf({ result, sourceStates }: CellOutcome, bytes: Buffer | null): AtRest {
  if (bytes === null) return 'absent'
  if (bytes.equals(EARLIER)) return 'earlier'
  if (bytes.equals(FOREIGN)) return 'second-writer'
  // of a source that changed: the state that the result names, and no other
  const changed = sourceStates.length > 1
  const etag = result?.source.etag
  const right = sourceStates.some((state) => state.bytes.equals(bytes) && (!changed || result?.verdict !== 'verified' || state.etag === etag))
  return right ? 'source' : 'harmed'
}
