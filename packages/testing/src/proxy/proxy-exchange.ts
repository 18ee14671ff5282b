import type { FaultRule } from '../faults/fault-rule.ts'
import type { FaultTarget } from '../faults/fault-schedule.ts'
import type { HeadMemory } from './head-memory.ts'
import type { HttpHead } from './http-head.ts'
import type { WireEnd } from './wire-end.ts'

/** One request as the proxy met it; the fields without `readonly` are filled in as it goes on. */
export interface ProxyExchange extends FaultTarget {
  readonly requestNumber: number
  readonly method: string
  /** Path and query as they came. */
  readonly rawTarget: string
  /** By lower-case name; the values of `authorization` and `x-amz-security-token` are left out. */
  readonly headers: Readonly<Record<string, string>>
  /** The fault that was due, whether or not it came to fire. */
  readonly rule: FaultRule | null
  /** What the server answered; null when it was not asked or did not answer. */
  serverStatus: number | null
  /** What the client was told; null when it was told nothing. */
  clientStatus: number | null
}

/** What a connection needs from the proxy around it. */
export interface ProxyConnectionHost {
  /** Aborted when the proxy closes. */
  readonly signal: AbortSignal
  readonly memory: HeadMemory
  connect(): Promise<WireEnd>
  open(method: string, rawTarget: string, head: HttpHead): ProxyExchange
  fired(exchange: ProxyExchange): void
  hookFailed(error: unknown): void
}
