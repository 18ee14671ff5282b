import type { ChecksumType, HashAlgorithm } from '../checksum/algorithm.ts'
import { parseETag } from '../etag.ts'
import type { ObjectStat } from '../ports/object-store.ts'
import type { Claim, ProviderProfile } from '../ports/provider-profile.ts'
import { clientDigests } from './client-digests.ts'
import type { Evidence, EvidenceMethod, EvidenceTrust } from './evidence.ts'
import { vouching } from './vouching.ts'

/**
 * What a difference from a claim means.
 * - `binding`: a trusted digest of the whole object; two equal reads that differ from it are a contradiction
 * - `candidate`: a value whose rule or layout is not certain; a difference calls for a second read, it never condemns
 * - `hint`: left by a client and maybe stale; a difference says nothing
 */
export type ClaimStrength = 'binding' | 'candidate' | 'hint'

/** A value that the source offers to compare received bytes with. */
export interface SourceClaim {
  readonly method: Extract<EvidenceMethod, 'stored-checksum' | 'etag-md5' | 'etag-multipart' | 'client-digest'>
  readonly algorithm: HashAlgorithm
  readonly type: ChecksumType
  /** lower-case hex; `hex-N` for a multipart ETag; `base64-N` for a composite checksum */
  readonly expected: string
  readonly strength: ClaimStrength
  /** parts of the object, where the value is over parts */
  readonly partCount: number | null
  readonly trust: EvidenceTrust
}

export interface SourceClaims {
  /** strongest first */
  readonly claims: readonly SourceClaim[]
  /** what the source has but what cannot be compared, and why */
  readonly notComparable: readonly Evidence[]
}

export type ClaimingStat = Pick<ObjectStat, 'etag' | 'checksums' | 'encryption' | 'lastModified' | 'metadata' | 'sizeBytes' | 'fromCache'>

/**
 * The values that a reply offers for the source leg, by the profile's rules (design: evidence, source leg).
 * @param trust - who vouches for the claims of the profile that no probe answered
 */
export function sourceClaims(stat: ClaimingStat, profile: ProviderProfile, trust: Exclude<EvidenceTrust, 'self'> = 'profile'): SourceClaims {
  const claims: SourceClaim[] = []
  const notComparable: Evidence[] = []
  const skip = (method: EvidenceMethod, algorithm: string | null, expected: string | null, reason: string): void => {
    notComparable.push({ leg: 'source', method, algorithm, type: null, expected, actual: null, outcome: 'not-comparable', reason, trust })
  }
  for (const checksum of stat.checksums) {
    const vendor = !checksum.header.startsWith('x-amz-')
    const certainty: Claim = vendor ? (profile.checksums.vendorHeaders.some((name) => name === checksum.header) ? 'yes' : 'no') : profile.checksums.returned
    if (certainty === 'no') {
      skip('stored-checksum', checksum.algorithm, checksum.value, 'the provider does not vouch for it')
      continue
    }
    const composite = checksum.type === 'COMPOSITE'
    claims.push({
      method: 'stored-checksum',
      algorithm: checksum.algorithm,
      type: checksum.type,
      expected: checksum.value,
      strength: certainty === 'yes' && !composite ? 'binding' : 'candidate',
      partCount: composite ? compositeParts(checksum.value) : null,
      trust: vouching(profile, vendor ? 'checksums.vendorHeaders' : 'checksums.returned', trust),
    })
  }
  claims.sort((a, b) => Number(a.type === 'COMPOSITE') - Number(b.type === 'COMPOSITE'))
  const fromEtag = etagClaim(stat, profile, trust)
  if ('claim' in fromEtag) claims.push(fromEtag.claim)
  else if (stat.etag !== null) skip(fromEtag.method, 'md5', stat.etag, fromEtag.reason)
  for (const digest of clientDigests(stat.metadata.user)) {
    claims.push({ method: 'client-digest', algorithm: digest.algorithm, type: 'FULL_OBJECT', expected: digest.hex, strength: 'hint', partCount: null, trust })
  }
  if (!stat.fromCache) return { claims, notComparable }
  // what a cache says of an object proves nothing about the store behind it
  for (const claim of claims) skip(claim.method, claim.algorithm, claim.expected, 'the reply came from a cache')
  return { claims: [], notComparable }
}

type EtagClaim = { readonly claim: SourceClaim } | { readonly method: 'etag-md5' | 'etag-multipart'; readonly reason: string }

function etagClaim(stat: ClaimingStat, profile: ProviderProfile, trust: Exclude<EvidenceTrust, 'self'>): EtagClaim {
  if (stat.etag === null || stat.etag === '') return { method: 'etag-md5', reason: 'the reply had no ETag' }
  const etag = parseETag(stat.etag)
  if (etag.kind === 'opaque') return { method: 'etag-md5', reason: 'the ETag is opaque' }
  const method = etag.kind === 'md5' ? 'etag-md5' : 'etag-multipart'
  if (etag.weak) return { method, reason: 'the ETag is weak' }
  if (profile.etag.opaqueWith.includes(stat.encryption)) return { method, reason: `the ETag is opaque under ${stat.encryption}` }
  const certainty = etag.kind === 'md5' ? profile.etag.single : multipartCertainty(stat, profile, etag.partCount ?? 0)
  if (certainty === 'no') return { method, reason: 'the provider does not vouch for it' }
  return {
    claim: {
      method,
      algorithm: 'md5',
      type: etag.kind === 'md5' ? 'FULL_OBJECT' : 'COMPOSITE',
      expected: etag.value,
      // a multipart ETag never binds: its layout may be an unusual one
      strength: etag.kind === 'md5' && certainty === 'yes' && profile.etag.singleAmbiguous !== true ? 'binding' : 'candidate',
      partCount: etag.kind === 'md5' ? null : (etag.partCount ?? null),
      trust: vouching(profile, etag.kind === 'md5' ? 'etag.single' : 'etag.multipart', trust),
    },
  }
}

function multipartCertainty(stat: ClaimingStat, profile: ProviderProfile, partCount: number): Claim {
  const since = profile.etag.multipartSince
  if (since !== undefined && (stat.lastModified === null || stat.lastModified < new Date(since))) return 'no'
  if (profile.etag.onePartAmbiguous === true && partCount === 1) return profile.etag.multipart === 'no' ? 'no' : 'candidate'
  return profile.etag.multipart
}

function compositeParts(value: string): number | null {
  const match = /-([1-9]\d{0,4})$/.exec(value)
  return match === null ? null : Number(match[1])
}
