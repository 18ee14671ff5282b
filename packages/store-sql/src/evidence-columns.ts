import type { Evidence, EvidenceMethod } from '@sealift/core'

/** The columns that say at a glance which comparisons were made: true a match, false a binding mismatch, null nothing comparable. */
export interface EvidenceColumns {
  /** methods `etag-md5` and `etag-multipart`, any leg */
  readonly etag_match: boolean | null
  /** method `size` */
  readonly size_match: boolean | null
  /** MD5 over the whole object, by any method that compares with a value somebody else holds */
  readonly md5_match: boolean | null
  /** the same for SHA-1 */
  readonly sha1_match: boolean | null
}

const ETAG_METHODS: ReadonlySet<EvidenceMethod> = new Set(['etag-md5', 'etag-multipart'])

// second-read is missing on purpose: it compares our own two reads with each other, not with what a store says
const DIGEST_METHODS: ReadonlySet<EvidenceMethod> = new Set(['etag-md5', 'client-digest', 'read-back', 'stored-checksum', 'server-checked-write'])

/**
 * What the evidence says, per column: one `mismatch` among the column's comparisons gives false; else one `match` gives true; else null.
 * It is never derived from comparing the stored strings, and never true because a comparison was skipped.
 */
export function evidenceColumns(evidence: readonly Evidence[]): EvidenceColumns {
  return {
    etag_match: conclude(evidence, (entry) => ETAG_METHODS.has(entry.method)),
    size_match: conclude(evidence, (entry) => entry.method === 'size'),
    md5_match: conclude(evidence, (entry) => isFullDigest(entry, 'md5')),
    sha1_match: conclude(evidence, (entry) => isFullDigest(entry, 'sha1')),
  }
}

function isFullDigest(entry: Evidence, algorithm: string): boolean {
  return DIGEST_METHODS.has(entry.method) && entry.algorithm === algorithm && entry.type !== 'COMPOSITE'
}

function conclude(evidence: readonly Evidence[], isAbout: (entry: Evidence) => boolean): boolean | null {
  let conclusion: boolean | null = null
  for (const entry of evidence) {
    if (!isAbout(entry)) continue
    if (entry.outcome === 'mismatch') return false
    if (entry.outcome === 'match') conclusion = true
  }
  return conclusion
}
