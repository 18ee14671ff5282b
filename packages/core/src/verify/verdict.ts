import type { Assurance, Evidence, EvidenceMethod, Verdict } from './evidence.ts'
import { REASON_DIFFERS, REASON_NO_LAYOUT } from './source-judgement.ts'

/** Whose object the destination evidence was taken from. */
export type DestinationIdentity = 'ours' | 'other' | 'unknown'

export interface VerdictPolicy {
  readonly sourceEvidence: 'if-available' | 'required'
}

export interface Conclusion {
  readonly verdict: Extract<Verdict, 'verified' | 'mismatch' | 'unverified'>
  readonly assurance: Assurance
  /** one sentence for a person: what decided, or what was missing */
  readonly because: string
}

const STRONG_SOURCE: ReadonlySet<EvidenceMethod> = new Set(['stored-checksum', 'etag-md5', 'etag-multipart', 'client-digest'])

/**
 * The verdict that all evidence of one object allows (design: verdict rules 1 to 7). Pure; nothing but this function says `verified`.
 * @param identity - `ours` only where the destination's evidence was taken from the object that our own write named
 */
export function conclude(evidence: readonly Evidence[], identity: DestinationIdentity, policy: VerdictPolicy): Conclusion {
  const contradiction = evidence.find((item) => item.outcome === 'mismatch')
  if (contradiction !== undefined) return none('mismatch', `the ${contradiction.leg} leg differs: ${contradiction.method}`)
  if (identity !== 'ours') return none('unverified', identity === 'other' ? 'the destination holds another object than the one written' : 'what the destination holds could not be told')
  const unsettled = evidence.find((item) => item.leg !== 'source' && item.outcome === 'not-comparable' && item.reason === REASON_DIFFERS)
  if (unsettled !== undefined) return none('unverified', `a difference on the ${unsettled.leg} leg was not settled: ${unsettled.method}`)
  const matches = evidence.filter((item) => item.outcome === 'match')
  if (!matches.some((item) => item.leg === 'destination' && item.method !== 'size')) return none('unverified', 'nothing on the destination leg could be compared')
  if (!matches.some((item) => item.method === 'size')) return none('unverified', 'the sizes could not be compared')
  const source = matches.filter((item) => item.leg === 'source')
  const strong = source.find((item) => STRONG_SOURCE.has(item.method))
  if (strong !== undefined) return { verdict: 'verified', assurance: 'end-to-end', because: `${strong.method} on the source leg` }
  const stand = source.some((item) => item.method === 'second-read') || (!isDoubtful(evidence) && source.some((item) => item.method === 'tls'))
  if (!stand) return none('unverified', 'nothing on the source leg could be compared')
  if (policy.sourceEvidence === 'required') return none('unverified', 'the source offers nothing comparable, and source evidence is required')
  return { verdict: 'verified', assurance: 'destination-only', because: 'the source offers nothing comparable' }
}

/** A value of the source that should have matched did not: TLS cannot stand in for it, only a second read can (rule 5). */
function isDoubtful(evidence: readonly Evidence[]): boolean {
  return evidence.some((item) => item.leg === 'source' && item.outcome === 'not-comparable' && (item.reason === REASON_DIFFERS || item.reason === REASON_NO_LAYOUT))
}

function none(verdict: 'mismatch' | 'unverified', because: string): Conclusion {
  return { verdict, assurance: 'none', because }
}
