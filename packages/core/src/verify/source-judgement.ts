import type { HashAlgorithm } from '../checksum/algorithm.ts'
import type { Evidence } from './evidence.ts'
import type { SourceClaim, SourceClaims } from './source-claims.ts'

/** What one whole read of the source gave. */
export interface SourceRead {
  readonly sizeBytes: number
  /** lower-case hex */
  readonly digests: Readonly<Partial<Record<HashAlgorithm, string>>>
  /** multipart ETags (`hex-N`) over every layout that was tried */
  readonly multipartEtags: readonly string[]
  /** composite checksums (`base64-N`) over the known layout */
  readonly composites: Readonly<Partial<Record<HashAlgorithm, string>>>
  /** the part layout was known beforehand, not guessed */
  readonly layoutKnown: boolean
  /** every byte came over TLS */
  readonly tls: boolean
  /** a reply of this read came out of a cache: it shows what the cache holds, not the store, and a second such read shows the same once more */
  readonly cached?: boolean
  /** the reply's own claims */
  readonly offered: SourceClaims
}

export interface SourcePolicy {
  readonly secondRead: 'when-needed' | 'always' | 'never'
  /** false: the source cannot be pinned, so that a second read may be another object */
  readonly canReadAgain: boolean
}

/**
 * What to make of the source leg.
 * - `proved`: a claim of the source equals ours
 * - `accepted`: nothing comparable, but a second read or TLS stands in (at most `destination-only`)
 * - `unproved`: nothing stands in and no further read is allowed
 * - `read-again`: one observation is not enough
 * - `inconsistent`: two equal reads differ from a trusted digest: the source contradicts itself
 */
export type SourceState = 'proved' | 'accepted' | 'unproved' | 'read-again' | 'inconsistent'

export interface SourceJudgement {
  readonly state: SourceState
  readonly evidence: readonly Evidence[]
  /** a trusted digest of the whole object differs from this read: such bytes are never written */
  readonly contradicted: boolean
}

/** Reasons in evidence that the verdict reads. `differs` is a difference that counts: while it stands, nothing is `verified`. */
export const REASON_DIFFERS = 'differs'
export const REASON_NOT_BINDING = 'differs, but such a value does not bind'
export const REASON_NO_LAYOUT = 'no tried layout gives it'
export const REASON_OVERTURNED = 'overturned'

/**
 * Judges the source leg (design: verdict rules 1, 3 and 5). Pure.
 * @param reads - all whole reads of the pinned source so far; the last one is what the destination gets
 */
export function judgeSource(reads: readonly SourceRead[], policy: SourcePolicy): SourceJudgement {
  const current = reads.at(-1)
  if (current === undefined) return { state: 'read-again', evidence: [], contradicted: false }
  const { compared, proved, doubtful, differences } = compareClaims(current)
  const twins = reads.slice(0, -1).filter((earlier) => sameBytes(earlier, current))
  const twin = current.cached === true ? null : (twins.find((read) => read.cached !== true) ?? null)
  const evidence: Evidence[] = [...current.offered.notComparable, ...compared]
  if (reads.length > 1) evidence.push(secondReadEvidence(current, twin))
  if (current.tls && current.cached !== true) evidence.push(tlsEvidence())
  // each reply is held to what it states itself: a header that was harmed on the way must be seen twice before it condemns
  const earlier = twins.flatMap((read) => compareClaims(read).differences)
  if (differences.length > 0) {
    const twice = differences.filter((item) => earlier.some((other) => sameClaim(item, other)))
    if (twice.length === 0) return { state: 'read-again', evidence, contradicted: true }
    const marked = evidence.map((item) => (twice.includes(item) ? { ...item, outcome: 'mismatch' as const } : item))
    return { state: 'inconsistent', evidence: marked, contradicted: true }
  }
  const mayReadAgain = policy.canReadAgain && policy.secondRead !== 'never' && current.cached !== true
  const enoughReads = policy.secondRead !== 'always' || reads.length > 1 || !policy.canReadAgain
  if (proved) return { state: enoughReads ? 'proved' : 'read-again', evidence, contradicted: false }
  // these same bytes differed from what an earlier reply stated, and nothing has settled that since
  if (earlier.length > 0) return { state: 'read-again', evidence: [...evidence, ...earlier], contradicted: true }
  if (twin !== null) return { state: 'accepted', evidence, contradicted: false }
  // reads that contradict each other are no better over TLS: neither is believed alone (rule 5)
  if (!doubtful && current.tls && current.cached !== true && reads.length === 1 && (policy.secondRead !== 'always' || !policy.canReadAgain))
    return { state: 'accepted', evidence, contradicted: false }
  return { state: mayReadAgain ? 'read-again' : 'unproved', evidence, contradicted: false }
}

interface ComparedClaims {
  readonly compared: readonly Evidence[]
  readonly proved: boolean
  readonly doubtful: boolean
  /** those of `compared` that bind and differ */
  readonly differences: readonly Evidence[]
}

/** A read against what its own reply offered. */
function compareClaims(read: SourceRead): ComparedClaims {
  const compared = read.offered.claims.map((claim) => compareClaim(claim, read))
  // a value that was not computed neither contradicts nor casts doubt
  const differing = (strength: SourceClaim['strength']): Evidence[] =>
    compared.filter((item, at) => read.offered.claims[at]?.strength === strength && item.outcome !== 'match' && item.actual !== null)
  return {
    compared,
    proved: compared.some((item) => item.outcome === 'match'),
    doubtful: differing('candidate').length > 0,
    differences: differing('binding'),
  }
}

function sameClaim(a: Evidence, b: Evidence): boolean {
  return a.method === b.method && a.algorithm === b.algorithm && a.type === b.type && a.expected === b.expected
}

/** Two reads that gave the same digests of the same length. */
function sameBytes(a: Pick<SourceRead, 'sizeBytes' | 'digests'>, b: Pick<SourceRead, 'sizeBytes' | 'digests'>): boolean {
  const shared = Object.entries(sharedDigests(a.digests, b.digests)) as [HashAlgorithm, string][]
  return a.sizeBytes === b.sizeBytes && shared.length > 0 && shared.every(([algorithm, value]) => value === b.digests[algorithm])
}

/** Those of `digests` whose algorithm was also computed over there: nothing else can be compared. */
export function sharedDigests(digests: SourceRead['digests'], other: SourceRead['digests']): SourceRead['digests'] {
  return Object.fromEntries(Object.entries(digests).filter(([algorithm]) => other[algorithm as HashAlgorithm] !== undefined))
}

function compareClaim(claim: SourceClaim, read: SourceRead): Evidence {
  const base = { leg: 'source' as const, method: claim.method, algorithm: claim.algorithm, type: claim.type, expected: claim.expected, trust: claim.trust }
  if (claim.method === 'etag-multipart') {
    const match = read.multipartEtags.includes(claim.expected)
    // with no layout to try, nothing was compared; yet the rule is known, so that the object stays doubtful
    const actual = match ? claim.expected : (read.multipartEtags[0] ?? 'none')
    return { ...base, actual, outcome: match ? 'match' : 'not-comparable', reason: match ? null : read.layoutKnown ? REASON_NOT_BINDING : REASON_NO_LAYOUT }
  }
  const actual = (claim.type === 'COMPOSITE' ? read.composites[claim.algorithm] : read.digests[claim.algorithm]) ?? null
  if (actual === null)
    return { ...base, actual, outcome: 'not-comparable', reason: claim.type === 'COMPOSITE' ? 'the part layout is not known' : 'not computed' }
  if (actual === claim.expected) return { ...base, actual, outcome: 'match', reason: null }
  return { ...base, actual, outcome: 'not-comparable', reason: DIFFERENCE_REASON[claim.strength] }
}

const DIFFERENCE_REASON: Readonly<Record<SourceClaim['strength'], string>> = {
  binding: REASON_DIFFERS,
  candidate: REASON_NOT_BINDING,
  hint: 'a client left it and it may be stale',
}

function secondReadEvidence(read: SourceRead, twin: SourceRead | null): Evidence {
  const [algorithm, value] = strongest(twin === null ? read.digests : sharedDigests(read.digests, twin.digests))
  return {
    leg: 'source',
    method: 'second-read',
    algorithm,
    type: 'FULL_OBJECT',
    expected: value,
    actual: twin === null ? null : value,
    outcome: twin === null ? 'not-comparable' : 'match',
    reason: twin === null ? 'no earlier read gave the same digests' : null,
    trust: 'self',
  }
}

function tlsEvidence(): Evidence {
  return {
    leg: 'source',
    method: 'tls',
    algorithm: null,
    type: null,
    expected: null,
    actual: null,
    outcome: 'match',
    reason: 'covers the way, not the store',
    trust: 'self',
  }
}

const STRENGTH: readonly HashAlgorithm[] = ['sha512', 'sha256', 'sha1', 'md5', 'xxhash128', 'crc64nvme', 'crc64ecma', 'xxhash3', 'xxhash64', 'crc32c', 'crc32']

/** The strongest of some algorithms; null of none. */
export function strongestOf(algorithms: readonly HashAlgorithm[]): HashAlgorithm | null {
  return STRENGTH.find((algorithm) => algorithms.includes(algorithm)) ?? null
}

/** The strongest digest among those computed. */
export function strongest(digests: SourceRead['digests']): readonly [HashAlgorithm | null, string | null] {
  const algorithm = strongestOf(Object.keys(digests) as HashAlgorithm[])
  return algorithm === null ? [null, null] : [algorithm, digests[algorithm] ?? null]
}
