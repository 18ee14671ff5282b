import type { Assurance, Evidence, EvidenceMethod, Verdict } from './evidence.ts'
import { REASON_DIFFERS, REASON_NO_LAYOUT, REASON_NOT_BINDING } from './source-judgement.ts'

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

/** What can prove the destination leg; anything else that is written there (TLS, a size) proves nothing of the stored bytes. */
const DESTINATION_PROOF: ReadonlySet<EvidenceMethod> = new Set(['read-back', 'stored-checksum', 'etag-md5', 'etag-multipart', 'server-checked-write'])

const STRONG_SOURCE: ReadonlySet<EvidenceMethod> = new Set(['stored-checksum', 'etag-md5', 'etag-multipart', 'client-digest'])

/**
 * The verdict that all evidence of one object allows (design: verdict rules 1 to 7). Pure; nothing but this function says `verified`.
 * @param identity - `ours` only where the destination's evidence was taken from the object that our own write named
 */
export function conclude(evidence: readonly Evidence[], identity: DestinationIdentity, policy: VerdictPolicy): Conclusion {
  // what a foreign object holds says nothing of ours, not even that it differs (rule 7)
  const contradiction = evidence.find((item) => item.outcome === 'mismatch' && (item.leg === 'source' || identity === 'ours'))
  if (contradiction !== undefined) return none('mismatch', `the ${contradiction.leg} leg differs: ${contradiction.method}`)
  if (identity !== 'ours')
    return none(
      'unverified',
      identity === 'other' ? 'the destination holds another object than the one written' : 'what the destination holds could not be told',
    )
  const unsettled = evidence.find((item) => item.outcome === 'not-comparable' && item.reason === REASON_DIFFERS)
  if (unsettled !== undefined) return none('unverified', `a difference on the ${unsettled.leg} leg was not settled: ${unsettled.method}`)
  const matches = evidence.filter((item) => item.outcome === 'match')
  if (!matches.some((item) => item.leg === 'destination' && DESTINATION_PROOF.has(item.method)))
    return none('unverified', 'nothing on the destination leg could be compared')
  if (!matches.some((item) => item.leg === 'both' && item.method === 'size')) return none('unverified', 'the sizes could not be compared')
  const source = matches.filter((item) => item.leg === 'source')
  const strong = source.find((item) => STRONG_SOURCE.has(item.method))
  if (strong !== undefined) return { verdict: 'verified', assurance: 'end-to-end', because: `${strong.method} on the source leg` }
  const stand = source.some((item) => item.method === 'second-read') || (!isDoubtful(evidence) && source.some((item) => item.method === 'tls'))
  if (!stand) return none('unverified', 'nothing on the source leg could be compared')
  if (policy.sourceEvidence === 'required') return none('unverified', 'the source offers nothing comparable, and source evidence is required')
  return { verdict: 'verified', assurance: 'destination-only', because: 'the source offers nothing comparable' }
}

/** A value of the source that should have matched did not, or two reads of it differ: TLS cannot stand in for that, only reads that agree can (rule 5). */
function isDoubtful(evidence: readonly Evidence[]): boolean {
  return evidence.some((item) => item.leg === 'source' && item.outcome === 'not-comparable' && (item.method === 'second-read' || DOUBTS.has(item.reason)))
}

const DOUBTS: ReadonlySet<string | null> = new Set([REASON_NOT_BINDING, REASON_NO_LAYOUT])

function none(verdict: 'mismatch' | 'unverified', because: string): Conclusion {
  return { verdict, assurance: 'none', because }
}
