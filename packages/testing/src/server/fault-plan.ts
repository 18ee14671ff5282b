import type { FaultAction, FaultMatch, FaultRule, FiredFault } from '../faults/fault-rule.ts'
import type { S3Operation } from '../faults/s3-operation.ts'
import { toText } from './byte-string.ts'
import { DueFaults } from './due-faults.ts'
import type { S3Request } from './s3-request.ts'

/** As {@link FaultMatch}; the in-process server also takes a pattern for keys and any operation by its S3 name. */
export interface ServerFaultMatch extends Omit<FaultMatch, 'key' | 'operation'> {
  readonly operation?: S3Operation | (string & {}) | readonly (S3Operation | (string & {}))[]
  readonly key?: string | RegExp
}

/** A fault of the in-process server. Rules of the shape that the fault proxies take are such rules too. */
export interface ServerFaultRule {
  readonly match: ServerFaultMatch
  readonly action: FaultAction
}

/** A fault that took effect. */
export interface FiredServerFault extends Omit<FiredFault, 'rule' | 'operation'> {
  readonly rule: ServerFaultRule
  readonly operation: string
}

// these change how the request is carried out and go together with any other fault
const COMBINABLE = new Set<FaultAction['kind']>(['delay', 'ignore-conditions', 'echo-checksum'])

/** Decides, request by request, which faults are due. */
export class FaultPlan {
  readonly fired: FiredServerFault[] = []
  #rules: readonly ServerFaultRule[] = []
  #seen: number[] = []
  #requests = 0

  /** Replaces all rules; counts and the list of fired faults start anew. */
  replace(rules: readonly (ServerFaultRule | FaultRule)[]): void {
    this.#rules = [...rules]
    this.#seen = rules.map(() => 0)
    this.fired.length = 0
  }

  /**
   * The faults that hit this request: every due rule of a kind that combines (delay, ignore-conditions, echo-checksum), and of the
   * others the first in the list. Call it once a request.
   */
  take(request: S3Request, operation: string): DueFaults {
    const requestNumber = ++this.#requests
    if (this.#rules.length === 0) return new DueFaults([], requestNumber, () => {})
    const partNumber = /^\d+$/.test(request.query.get('partNumber') ?? '') ? Number(request.query.get('partNumber')) : null
    const target = { operation, bucket: request.bucket || null, key: request.key === '' ? null : toText(request.key), partNumber }
    const due: ServerFaultRule[] = []
    let hasMain = false
    this.#rules.forEach((rule, i) => {
      if (!matches(rule, target)) return
      const count = (this.#seen[i] ?? 0) + 1
      this.#seen[i] = count
      const nth = rule.match.nth ?? 1
      const times = rule.match.times ?? 1
      if (count < nth || (times !== 'always' && count >= nth + times)) return
      if (!COMBINABLE.has(rule.action.kind)) {
        if (hasMain) return
        hasMain = true
      }
      due.push(rule)
    })
    const actions = due.map((rule) => rule.action)
    const noted = new Set<FaultAction>()
    return new DueFaults(actions, requestNumber, (action) => {
      const rule = due[actions.indexOf(action)]
      if (rule === undefined || noted.has(action)) return
      noted.add(action)
      this.fired.push({ rule, requestNumber, ...target })
    })
  }
}

interface Target {
  readonly operation: string
  readonly bucket: string | null
  readonly key: string | null
  readonly partNumber: number | null
}

function matches({ match }: ServerFaultRule, target: Target): boolean {
  const { operation, key } = match
  if (operation !== undefined && (typeof operation === 'string' ? operation !== target.operation : !operation.includes(target.operation))) return false
  if (key instanceof RegExp) {
    if (target.key === null || target.key.search(key) < 0) return false
  } else if (key !== undefined && key !== target.key) return false
  return (match.bucket === undefined || match.bucket === target.bucket) && (match.partNumber === undefined || match.partNumber === target.partNumber)
}
