import type { ChecksumAlgorithm, Claim } from '@sealift/core'

/** The claims of a profile that a probe can answer, and what an answer looks like. */
export interface ProbedClaims {
  readonly 'etag.single': Claim
  readonly 'etag.multipart': Claim
  readonly 'etag.part': Claim
  readonly 'etag.inCompleteReply': boolean
  readonly 'checksums.returned': Claim
  readonly 'checksums.verifiedOnWrite': readonly ChecksumAlgorithm[]
  readonly 'checksums.contentMd5': Claim
  readonly 'checksums.multipartComposite': readonly ChecksumAlgorithm[]
  readonly 'reads.range': Claim
  readonly 'reads.ifMatch': Claim
  readonly 'reads.partNumber': Claim
  readonly 'reads.objectAttributes': Claim
  readonly 'writes.ifNoneMatch': Claim
  readonly 'writes.ifNoneMatchOnComplete': Claim
  readonly 'writes.deleteIfMatch': Claim
  readonly 'writes.sizeOnComplete': Claim
  readonly 'metadata.tags': Claim
  readonly 'metadata.tagsOnCreateUpload': Claim
  readonly 'metadata.underscoreBecomesDash': boolean
}

export type ProbedClaim = keyof ProbedClaims

/** Every claim that is asked for, in the order of a profile. */
export const PROBED_CLAIMS: readonly ProbedClaim[] = [
  'etag.single',
  'etag.multipart',
  'etag.part',
  'etag.inCompleteReply',
  'checksums.returned',
  'checksums.verifiedOnWrite',
  'checksums.contentMd5',
  'checksums.multipartComposite',
  'reads.range',
  'reads.ifMatch',
  'reads.partNumber',
  'reads.objectAttributes',
  'writes.ifNoneMatch',
  'writes.ifNoneMatchOnComplete',
  'writes.deleteIfMatch',
  'writes.sizeOnComplete',
  'metadata.tags',
  'metadata.tagsOnCreateUpload',
  'metadata.underscoreBecomesDash',
]

/** What the store answered to one question. Plain JSON data. */
export interface ProbeAnswer {
  /** path in a profile */
  readonly claim: ProbedClaim
  /** null: no answer was obtained, and the base profile's claim stands */
  readonly value: Claim | boolean | readonly ChecksumAlgorithm[] | null
  /** one sentence for a person: what was seen, or why there is no answer */
  readonly reason: string
}
