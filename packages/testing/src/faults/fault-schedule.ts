import type { FaultRule } from './fault-rule.ts'
import type { S3Operation } from './s3-operation.ts'

/** The parts of a request that a {@link FaultRule} is matched against. */
export interface FaultTarget {
  readonly operation: S3Operation
  readonly bucket: string | null
  readonly key: string | null
  readonly partNumber: number | null
}

/** Decides, request by request, which fault is due; counts per rule. */
export class FaultSchedule {
  readonly #rules: readonly FaultRule[]
  readonly #seen: number[]

  constructor(rules: readonly FaultRule[]) {
    this.#rules = [...rules]
    this.#seen = rules.map(() => 0)
  }

  /**
   * The rule that hits this request, the first one in the list, or null. Every rule whose fields match counts the request, also
   * when another one wins. Call it once a request, when its head arrives.
   */
  take(target: FaultTarget): FaultRule | null {
    let due: FaultRule | null = null
    this.#rules.forEach((rule, i) => {
      if (!matches(rule, target)) return
      const count = (this.#seen[i] ?? 0) + 1
      this.#seen[i] = count
      const nth = rule.match.nth ?? 1
      const times = rule.match.times ?? 1
      if (due === null && count >= nth && (times === 'always' || count < nth + times)) due = rule
    })
    return due
  }
}

function matches({ match }: FaultRule, target: FaultTarget): boolean {
  const { operation } = match
  if (operation !== undefined && (typeof operation === 'string' ? operation !== target.operation : !operation.includes(target.operation))) return false
  return (
    (match.bucket === undefined || match.bucket === target.bucket) &&
    (match.key === undefined || match.key === target.key) &&
    (match.partNumber === undefined || match.partNumber === target.partNumber)
  )
}
