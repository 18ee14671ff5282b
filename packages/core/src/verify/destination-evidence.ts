import type { ChecksumAlgorithm, HashAlgorithm } from '../checksum/algorithm.ts'
import { parseETag } from '../etag.ts'
import type { StoredChecksum } from '../ports/object-store.ts'
import type { Claim, EncryptionKind, ProviderProfile } from '../ports/provider-profile.ts'
import type { Evidence, EvidenceTrust } from './evidence.ts'
import { REASON_DIFFERS, REASON_OVERTURNED, sharedDigests, strongest } from './source-judgement.ts'
import { type EvidenceClaim, vouching } from './vouching.ts'

/** The profile does not vouch for a value: equal or not, it proves nothing. */
export const REASON_UNCONFIRMED = 'unconfirmed for this provider'

/** What we wrote, by our own reckoning. */
export interface Written {
  readonly sizeBytes: number
  /** lower-case hex, of the bytes that were written */
  readonly digests: Readonly<Partial<Record<HashAlgorithm, string>>>
  /** `hex-N` over the layout that was written; null for a single PUT */
  readonly multipartEtag: string | null
  /** `base64-N` over that layout */
  readonly composites: Readonly<Partial<Record<HashAlgorithm, string>>>
  /** every body (the PUT, or each part) was answered with success, and carried these checks */
  readonly checked: { readonly contentMd5: boolean; readonly checksums: readonly ChecksumAlgorithm[] }
}

/** What the destination said, in the write's reply or in a HEAD after it. */
export interface DestinationReply {
  readonly etag: string | null
  readonly checksums: readonly StoredChecksum[]
  readonly encryption: EncryptionKind
  /** null: this reply did not say (a write's reply) */
  readonly sizeBytes: number | null
  readonly fromCache: boolean
}

/**
 * Compares the destination's replies with what was written (design: evidence, destination leg). Pure.
 * A difference is `not-comparable` with reason `differs` here: a read-back decides (rule 3).
 */
export function destinationEvidence(
  written: Written,
  replies: readonly DestinationReply[],
  profile: ProviderProfile,
  trust: Exclude<EvidenceTrust, 'self'> = 'profile',
): Evidence[] {
  const evidence: Evidence[] = []
  for (const reply of replies) {
    if (reply.fromCache) {
      add(evidence, { ...of('etag-md5', trust), expected: null, actual: reply.etag, outcome: 'not-comparable', reason: 'the reply came from a cache' })
      continue
    }
    for (const checksum of reply.checksums) add(evidence, compareChecksum(checksum, written, profile, trust))
    // Ceph answers Complete with an empty one
    if (reply.etag !== null && reply.etag !== '') add(evidence, compareEtag(reply.etag, reply.encryption, written, profile, trust))
  }
  for (const item of checkedWrite(written, profile, trust)) add(evidence, item)
  add(evidence, sizeEvidence(written, replies, evidence))
  return evidence
}

/** Same comparison, same outcome, from two replies: kept once. */
function add(evidence: Evidence[], item: Evidence | null): void {
  if (item === null) return
  const same = (other: Evidence): boolean =>
    other.method === item.method &&
    other.algorithm === item.algorithm &&
    other.type === item.type &&
    other.actual === item.actual &&
    other.outcome === item.outcome
  if (!evidence.some(same)) evidence.push(item)
}

function of(method: Evidence['method'], trust: EvidenceTrust): Pick<Evidence, 'leg' | 'method' | 'algorithm' | 'type' | 'trust'> {
  return { leg: 'destination', method, algorithm: 'md5', type: null, trust }
}

function compareChecksum(checksum: StoredChecksum, written: Written, profile: ProviderProfile, trust: EvidenceTrust): Evidence {
  const expected = (checksum.type === 'COMPOSITE' ? written.composites[checksum.algorithm] : written.digests[checksum.algorithm]) ?? null
  const claim = checksum.header.startsWith('x-amz-') ? 'checksums.returned' : 'checksums.vendorHeaders'
  const base = {
    ...of('stored-checksum', vouching(profile, claim, trust)),
    algorithm: checksum.algorithm,
    type: checksum.type,
    expected,
    actual: checksum.value,
  }
  if (expected === null) return { ...base, outcome: 'not-comparable', reason: 'not computed' }
  const sentByUs = written.checked.checksums.some((algorithm) => algorithm === checksum.algorithm)
  const certain: boolean = checksum.header.startsWith('x-amz-')
    ? profile.checksums.returned === 'yes' && (!sentByUs || profile.checksums.verifiedOnWrite.some((algorithm) => algorithm === checksum.algorithm))
    : profile.checksums.vendorHeaders.some((name) => name === checksum.header)
  return judged(base, certain ? 'yes' : 'candidate', expected === checksum.value)
}

function compareEtag(raw: string, encryption: EncryptionKind, written: Written, profile: ProviderProfile, trust: EvidenceTrust): Evidence {
  const etag = parseETag(raw)
  const multipart = written.multipartEtag !== null
  const expected = written.multipartEtag ?? written.digests.md5 ?? null
  const base = {
    ...of(multipart ? 'etag-multipart' : 'etag-md5', vouching(profile, multipart ? 'etag.multipart' : 'etag.single', trust)),
    type: multipart ? ('COMPOSITE' as const) : ('FULL_OBJECT' as const),
    expected,
    actual: etag.value,
  }
  const refuse = (reason: string): Evidence => ({ ...base, outcome: 'not-comparable', reason })
  if (expected === null) return refuse('not computed')
  if (profile.etag.opaqueWith.includes(encryption)) return refuse(`the ETag is opaque under ${encryption}`)
  if (etag.kind === 'opaque') return refuse('the ETag is opaque')
  if (etag.weak) return refuse('the ETag is weak')
  const claim = multipart ? multipartClaim(profile, etag.partCount) : profile.etag.single
  if (claim === 'no') return refuse('the provider does not vouch for it')
  return judged(base, claim, etag.value === expected)
}

function multipartClaim(profile: ProviderProfile, partCount: number | undefined): Claim {
  if (profile.etag.onePartAmbiguous === true && partCount === 1 && profile.etag.multipart === 'yes') return 'candidate'
  return profile.etag.multipart
}

function judged(base: Omit<Evidence, 'outcome' | 'reason'>, claim: Claim, equal: boolean): Evidence {
  // an unconfirmed value may be an echo of what we sent: equal or not, it proves nothing here
  if (claim !== 'yes') return { ...base, outcome: 'not-comparable', reason: REASON_UNCONFIRMED }
  return equal ? { ...base, outcome: 'match', reason: null } : { ...base, outcome: 'not-comparable', reason: REASON_DIFFERS }
}

function checkedWrite(written: Written, profile: ProviderProfile, trust: EvidenceTrust): Evidence[] {
  const type = written.multipartEtag === null ? ('FULL_OBJECT' as const) : ('COMPOSITE' as const)
  const found: Evidence[] = []
  const value = (algorithm: HashAlgorithm): string | null =>
    (written.multipartEtag === null ? written.digests[algorithm] : algorithm === 'md5' ? written.multipartEtag : written.composites[algorithm]) ?? null
  const push = (algorithm: ChecksumAlgorithm, certain: boolean, claim: EvidenceClaim): void => {
    const shown = value(algorithm)
    // a check whose value we cannot show is no evidence
    const proved = certain && shown !== null
    found.push({
      ...of('server-checked-write', vouching(profile, claim, trust)),
      algorithm,
      type,
      expected: shown,
      actual: proved ? shown : null,
      outcome: proved ? 'match' : 'not-comparable',
      reason: proved ? 'the server refuses a body that does not fit' : certain ? 'not computed' : REASON_UNCONFIRMED,
    })
  }
  if (written.checked.contentMd5) push('md5', profile.checksums.contentMd5 === 'yes', 'checksums.contentMd5')
  for (const algorithm of written.checked.checksums) push(algorithm, profile.checksums.verifiedOnWrite.includes(algorithm), 'checksums.verifiedOnWrite')
  return found
}

function sizeEvidence(written: Written, replies: readonly DestinationReply[], evidence: readonly Evidence[]): Evidence {
  const base = { leg: 'both' as const, method: 'size' as const, algorithm: null, type: null, expected: String(written.sizeBytes), trust: 'self' as const }
  const seen = replies.findLast((reply) => reply.sizeBytes !== null && !reply.fromCache)?.sizeBytes
  if (seen !== undefined && seen !== null) {
    const equal = seen === written.sizeBytes
    return { ...base, actual: String(seen), outcome: equal ? 'match' : 'not-comparable', reason: equal ? null : REASON_DIFFERS }
  }
  const implied = evidence.some(
    (item) => item.outcome === 'match' && item.type === 'FULL_OBJECT' && item.algorithm !== null && IMPLIES_SIZE.has(item.algorithm),
  )
  return { ...base, actual: null, outcome: implied ? 'match' : 'not-comparable', reason: implied ? 'implied' : 'no reply gave the size' }
}

/** MD5 or stronger: an equal value leaves no room for another length. */
const IMPLIES_SIZE: ReadonlySet<string> = new Set(['md5', 'sha1', 'sha256', 'sha512'])

/** One reading of the object that the destination holds. */
export interface ReadBack {
  readonly sizeBytes: number
  readonly digests: Readonly<Partial<Record<HashAlgorithm, string>>>
}

/**
 * What the read-backs say (rule 3): one that equals what was written proves, and overturns every difference before it;
 * the same wrong bytes twice, or a wrong size twice, is a mismatch; anything else is undecided.
 */
export function judgeReadBacks(
  written: Written,
  readBacks: readonly ReadBack[],
): { readonly state: 'proved' | 'mismatch' | 'read-again'; readonly evidence: readonly Evidence[] } {
  const items = readBacks.map((item): Evidence => {
    const [algorithm, actual] = strongest(sharedDigests(item.digests, written.digests))
    const expected = algorithm === null ? null : (written.digests[algorithm] ?? null)
    const equal = item.sizeBytes === written.sizeBytes && actual !== null && actual === expected
    return {
      leg: 'destination',
      method: 'read-back',
      algorithm,
      type: 'FULL_OBJECT',
      expected,
      actual,
      outcome: equal ? 'match' : 'not-comparable',
      reason: equal ? null : REASON_DIFFERS,
      trust: 'self',
    }
  })
  const sizes = readBacks.map((item) => sizeOf(written, item))
  if (items.some((item) => item.outcome === 'match')) {
    return { state: 'proved', evidence: [...items.map(overturn), { ...sizeOf(written, { sizeBytes: written.sizeBytes }), reason: null }] }
  }
  const repeated = (same: (a: number, b: number) => boolean): number => readBacks.findIndex((_, b) => readBacks.some((__, a) => a < b && same(a, b)))
  const twice = repeated((a, b) => {
    const [one, other] = [items[a], items[b]]
    const compared = one?.actual != null && one.algorithm === other?.algorithm
    return compared && one.actual === other?.actual && readBacks[a]?.sizeBytes === readBacks[b]?.sizeBytes
  })
  if (twice >= 0) return { state: 'mismatch', evidence: items.map((item, at) => (at === twice ? { ...item, outcome: 'mismatch' as const } : item)) }
  const wrongSize = repeated((a, b) => sizes[a]?.outcome !== 'match' && sizes[b]?.outcome !== 'match')
  if (wrongSize >= 0) return { state: 'mismatch', evidence: [...items, { ...(sizes[wrongSize] as Evidence), outcome: 'mismatch' }] }
  return { state: 'read-again', evidence: items }
}

function sizeOf(written: Written, seen: Pick<ReadBack, 'sizeBytes'>): Evidence {
  const equal = seen.sizeBytes === written.sizeBytes
  return {
    leg: 'both',
    method: 'size',
    algorithm: null,
    type: null,
    expected: String(written.sizeBytes),
    actual: String(seen.sizeBytes),
    outcome: equal ? 'match' : 'not-comparable',
    reason: equal ? null : REASON_DIFFERS,
    trust: 'self',
  }
}

/** A difference that a later observation refuted stays in the record, without its weight. */
export function overturn(item: Evidence): Evidence {
  return item.outcome === 'not-comparable' && item.reason === REASON_DIFFERS ? { ...item, reason: REASON_OVERTURNED } : item
}
