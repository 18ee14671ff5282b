import type { ObjectStat } from '../ports/object-store.ts'
import type { ProviderProfile } from '../ports/provider-profile.ts'
import type { Evidence, EvidenceTrust } from './evidence.ts'
import { type SourceClaim, sourceClaims } from './source-claims.ts'

/** One end of a comparison without reading. */
export interface StatedObject {
  readonly stat: ObjectStat
  readonly profile: ProviderProfile
  readonly trust: Exclude<EvidenceTrust, 'self'>
}

/**
 * Compares what two stores say of their objects, without reading either (facts: equal ETags on two stores prove equal content only with both ends
 * trusted; unequal ones never prove unequal content). A difference is never a mismatch here: only reading can say so. Pure.
 */
export function compareMetadata(source: StatedObject, destination: StatedObject): Evidence[] {
  const evidence: Evidence[] = [sizes(source.stat, destination.stat)]
  const held = sourceClaims(destination.stat, destination.profile, destination.trust)
  const stated = sourceClaims(source.stat, source.profile, source.trust)
  evidence.push(...stated.notComparable)
  for (const claim of stated.claims) {
    const other = held.claims.find((candidate) => candidate.algorithm === claim.algorithm && candidate.type === claim.type && sameKind(candidate, claim))
    if (other === undefined) continue
    const base = { method: claim.method, algorithm: claim.algorithm, type: claim.type, expected: claim.expected, actual: other.expected }
    const trusted = isTrusted(claim, source.profile) && isTrusted(other, destination.profile)
    const equal = claim.expected === other.expected
    if (trusted && equal) {
      // one comparison stands for both legs: each store vouches for its own value
      evidence.push({ ...base, leg: 'source', outcome: 'match', reason: null, trust: source.trust })
      evidence.push({ ...base, leg: 'destination', outcome: 'match', reason: null, trust: destination.trust })
    } else {
      const reason = equal ? 'one of the two is unconfirmed' : 'unequal, which does not prove unequal content'
      evidence.push({ ...base, leg: 'destination', outcome: 'not-comparable', reason, trust: destination.trust })
    }
  }
  return evidence
}

function sameKind(a: SourceClaim, b: SourceClaim): boolean {
  return (a.method === 'client-digest') === (b.method === 'client-digest')
}

/** A value that its own store makes from the bytes; a digest that a client left proves nothing of the bytes there now. */
function isTrusted(claim: SourceClaim, profile: ProviderProfile): boolean {
  switch (claim.method) {
    case 'stored-checksum':
      // a CRC of 32 bits over unread bytes is a thin proof, and a composite depends on a layout that may differ
      return claim.strength === 'binding' && claim.algorithm !== 'crc32' && claim.algorithm !== 'crc32c'
    case 'etag-md5':
      return profile.etag.single === 'yes' && profile.etag.singleAmbiguous !== true
    case 'etag-multipart':
      return profile.etag.multipart === 'yes' && !(profile.etag.onePartAmbiguous === true && claim.partCount === 1)
    case 'client-digest':
      return false
  }
}

function sizes(source: ObjectStat, destination: ObjectStat): Evidence {
  const known = source.sizeBytes !== null && destination.sizeBytes !== null
  const equal = known && source.sizeBytes === destination.sizeBytes
  return {
    leg: 'both',
    method: 'size',
    algorithm: null,
    type: null,
    expected: source.sizeBytes === null ? null : String(source.sizeBytes),
    actual: destination.sizeBytes === null ? null : String(destination.sizeBytes),
    outcome: equal ? 'match' : 'not-comparable',
    reason: equal ? null : known ? 'differs' : 'not known',
    trust: 'self',
  }
}
