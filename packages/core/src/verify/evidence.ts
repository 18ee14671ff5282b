import type { ChecksumType } from '../checksum/algorithm.ts'

export type EvidenceLeg = 'source' | 'destination' | 'both'

export type EvidenceMethod =
  | 'size'
  | 'stored-checksum'
  | 'etag-md5'
  | 'etag-multipart'
  | 'client-digest'
  | 'second-read'
  | 'tls'
  | 'read-back'
  | 'server-checked-write'

export type EvidenceOutcome = 'match' | 'mismatch' | 'not-comparable'

/** Who vouches for a comparison: the profile, a probe of the endpoint, or ourselves (we read the bytes). */
export type EvidenceTrust = 'profile' | 'probe' | 'self'

/** One comparison. Values are lower-case hex, composites `base64-N`, sizes decimal. */
export interface Evidence {
  readonly leg: EvidenceLeg
  readonly method: EvidenceMethod
  /** `md5`, `sha256`, …; null for sizes and TLS */
  readonly algorithm: string | null
  readonly type: ChecksumType | null
  readonly expected: string | null
  readonly actual: string | null
  readonly outcome: EvidenceOutcome
  /** Why it was not comparable, or a note on a match (`implied`) */
  readonly reason: string | null
  readonly trust: EvidenceTrust
}

/** How far a proof reaches. */
export type Assurance = 'end-to-end' | 'destination-only' | 'none'

/** The conclusion from all evidence of one object. */
export const VERDICTS = ['verified', 'mismatch', 'unverified', 'failed', 'skipped', 'planned'] as const
export type Verdict = (typeof VERDICTS)[number]
