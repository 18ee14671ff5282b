import type { FaultAction, FaultRule } from '@sealift/testing'
import type { Cell, Frequency, RequestFault, Side } from './cell.ts'

/** What the ground does for the faults that are people, not wires. */
export interface StageHands {
  changeSource(): Promise<void>
  writeAsSomebodyElse(): Promise<void>
  /** how a HEAD of the earlier object was answered; null: there was none */
  readonly earlierHead: Readonly<Record<string, string>> | null
}

/** The rules for one end of a cell, and which of the cell's faults each of them is. */
export function faultRules(cell: Cell, side: Side, hands: StageHands): { readonly fault: number; readonly rule: FaultRule }[] {
  return cell.row
    .faults(cell.shape)
    .flatMap((fault, at) =>
      'match' in fault && fault.at === side
        ? [{ fault: at, rule: { match: { times: timesOf(cell.frequency), ...nthOf(fault, cell.frequency), ...fault.match }, action: actionOf(fault, hands) } }]
        : [],
    )
}

function nthOf({ onceNth }: RequestFault, frequency: Frequency): { nth?: number } {
  return frequency === 'once' && onceNth !== undefined ? { nth: onceNth } : {}
}

function timesOf(frequency: Frequency): 1 | 'always' {
  return frequency === 'once' ? 1 : 'always'
}

function actionOf({ action }: RequestFault, hands: StageHands): FaultAction {
  switch (action.kind) {
    case 'source-changed':
      if (action.mix === true) return { ...action, mix: true }
      return { kind: 'hook', when: 'during-reply', afterBytes: action.afterBytes, run: () => hands.changeSource() }
    case 'second-writer':
      return { kind: 'hook', when: action.when === 'before' ? 'before-forward' : 'before-reply', run: () => hands.writeAsSomebodyElse() }
    case 'stale-head':
      return { kind: 'stale-head', head: action.head === 'missing' ? 404 : (hands.earlierHead ?? 404) }
    default:
      return action
  }
}
