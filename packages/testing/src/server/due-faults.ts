import type { FaultAction } from '../faults/fault-rule.ts'

/** The faults that hit one request. */
export class DueFaults {
  readonly actions: readonly FaultAction[]
  /** The n-th request since the start, from 1. */
  readonly requestNumber: number
  readonly #fire: (action: FaultAction) => void

  /** @param fire - called when a fault takes effect */
  constructor(actions: readonly FaultAction[], requestNumber: number, fire: (action: FaultAction) => void) {
    this.actions = actions
    this.requestNumber = requestNumber
    this.#fire = fire
  }

  /** The fault of that kind (and leg), if one is due; it counts as fired. */
  take<K extends FaultAction['kind']>(kind: K, leg?: 'request' | 'response' | 'rest'): Extract<FaultAction, { kind: K }> | null {
    const action = this.peek(kind, leg)
    if (action !== null) this.#fire(action)
    return action
  }

  /** As {@link take}, without saying that it took effect. */
  peek<K extends FaultAction['kind']>(kind: K, leg?: 'request' | 'response' | 'rest'): Extract<FaultAction, { kind: K }> | null {
    for (const action of this.actions) {
      if (action.kind === kind && (leg === undefined || !('leg' in action) || action.leg === leg)) return action as Extract<FaultAction, { kind: K }>
    }
    return null
  }

  fired(action: FaultAction): void {
    this.#fire(action)
  }
}
