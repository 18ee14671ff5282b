import type { ChecksumAlgorithm } from '../checksum/algorithm.ts'

/**
 * How sure a profile is of a claim.
 * - `yes`: documented or probed; evidence may rest on it, and a difference counts
 * - `candidate`: unconfirmed; on the source leg an equal value proves, a different one says nothing; on the destination leg it proves nothing
 * - `no`: known not to hold
 */
export type Claim = 'yes' | 'candidate' | 'no'

export type EncryptionKind = 'none' | 'sse-s3' | 'sse-kms' | 'sse-c'

/** What an endpoint's ETags mean. */
export interface EtagSemantics {
  /** The ETag of a single PUT is the MD5 of the content (unless `opaqueWith` applies). */
  readonly single: Claim
  /** The ETag of a multipart upload is `md5(md5₁‖…‖md5ₙ)-n`. */
  readonly multipart: Claim
  /** UploadPart answers with the MD5 of the part. */
  readonly part: Claim
  /** An MD5-shaped ETag may also be something else (Swift: a large object made through the native API): a difference never condemns the source. */
  readonly singleAmbiguous?: boolean
  /** Encryptions under which ETags are opaque. */
  readonly opaqueWith: readonly EncryptionKind[]
  /** Multipart ETags of objects last modified before this ISO date are opaque (R2: 2023-06-21). */
  readonly multipartSince?: string
  /** `<hex>-1` may also be a random value (MinIO): then it is a candidate only. */
  readonly onePartAmbiguous?: boolean
  /** CompleteMultipartUpload's reply carries the ETag; where not (Ceph), a HEAD gives it. */
  readonly inCompleteReply: boolean
  /** A reply without any ETag is normal there: reads cannot be pinned, one unbroken GET is the only read. */
  readonly mayBeAbsent?: boolean
}

export interface ChecksumSupport {
  /** `x-amz-checksum-*` is stored and returned with `x-amz-checksum-mode: ENABLED`. */
  readonly returned: Claim
  /** Algorithms whose wrong value is known to be refused on PUT and UploadPart; an algorithm that is merely stored or ignored is not listed. */
  readonly verifiedOnWrite: readonly ChecksumAlgorithm[]
  /** A wrong `Content-MD5` is refused with BadDigest. `no`: never send it. */
  readonly contentMd5: Claim
  /** Algorithms that a multipart upload can keep as FULL_OBJECT. */
  readonly multipartFullObject: readonly ChecksumAlgorithm[]
  /** Algorithms that a multipart upload can keep as COMPOSITE. */
  readonly multipartComposite: readonly ChecksumAlgorithm[]
  /** Vendor headers with a digest of the whole object on GET and HEAD. */
  readonly vendorHeaders: readonly ('x-goog-hash' | 'x-oss-hash-crc64ecma' | 'x-cos-hash-crc64ecma')[]
}

/** Sizes in bytes. */
export interface PartLimits {
  readonly minPartBytes: number
  readonly maxPartBytes: number
  readonly maxParts: number
  /** null: no limit is known */
  readonly maxObjectBytes: number | null
  readonly maxSinglePutBytes: number
  /** All parts but the last must have one size (R2). */
  readonly equalParts: boolean
  readonly maxKeyBytes: number
  /** All user metadata together, names and values; null: not known */
  readonly maxMetadataBytes: number | null
  /** One user metadata value; null: not known */
  readonly maxMetadataValueBytes: number | null
}

export interface ReadSupport {
  /** GET with `Range` is honoured. */
  readonly range: Claim
  /** GET and HEAD with `If-Match` are honoured. */
  readonly ifMatch: Claim
  /** HEAD `?partNumber=1` answers with the part's length and the part count; `no`: never ask (the whole object or 405 comes back). */
  readonly partNumber: Claim
  /** GetObjectAttributes is safe to call (elsewhere it answers with the object's bytes) and lists part sizes. */
  readonly objectAttributes: Claim
}

export interface WriteSupport {
  /** PUT `If-None-Match: *` */
  readonly ifNoneMatch: Claim
  /** The same in a bucket with versioning; absent: as `ifNoneMatch`. Where it is not `yes`, a HEAD is asked right before the PUT as well. */
  readonly ifNoneMatchVersioned?: Claim
  /** A PUT whose body does not come whole leaves what was there as it was, and nothing where nothing was. Absent: not known; none is begun that may be broken off. */
  readonly atomicPut?: Claim
  /** CompleteMultipartUpload `If-None-Match: *` */
  readonly ifNoneMatchOnComplete: Claim
  /** DELETE `If-Match` */
  readonly deleteIfMatch: Claim
  /** CompleteMultipartUpload honours `x-amz-mp-object-size`. */
  readonly sizeOnComplete: Claim
}

export interface MetadataSupport {
  /** Object tagging exists. */
  readonly tags: Claim
  /** `x-amz-tagging` on CreateMultipartUpload is kept; where not, tags are set after Complete. */
  readonly tagsOnCreateUpload: Claim
  /** `_` in user metadata names becomes `-` (Ceph). */
  readonly underscoreBecomesDash: boolean
  /** Storage classes it accepts; the first is its default. */
  readonly storageClasses: readonly string[]
  /** `x-amz-website-redirect-location` is kept. */
  readonly websiteRedirect: Claim
  readonly acl: Claim
  readonly objectLock: Claim
  /** A key may hold control characters U+0001 to U+001F. */
  readonly controlCharactersInKeys: Claim
}

/** Copies inside one endpoint: CopyObject and UploadPartCopy. */
export interface CopySupport {
  /** CopyObject exists. */
  readonly object: Claim
  /** UploadPartCopy exists, with `x-amz-copy-source-range`. */
  readonly part: Claim
  /** CopyObject honours `x-amz-copy-source-if-match`. Where it does not, another state of the source may be copied: the copy is read back. */
  readonly ifMatch: Claim
  /** UploadPartCopy honours it. `no`: it is not sent. */
  readonly partIfMatch: Claim
  /** ETags and checksums of a copy are computed from the bytes that were copied. Where they may be the source's own, they prove nothing of the copy. */
  readonly recomputes: Claim
  /** CopyObject honours `If-None-Match: *`. */
  readonly ifNoneMatch: Claim
  /** `x-amz-tagging` with `x-amz-tagging-directive: REPLACE` is kept; where not, tags are set after the copy. */
  readonly tags: Claim
  /** The largest object that one CopyObject takes. */
  readonly maxObjectBytes: number
}

/** Where a claim of a profile comes from. */
export interface ClaimSource {
  /** Which claims, as paths: `etag.multipart`, `limits` */
  readonly claim: string
  /** A public page, `repo@commit:path`, or how it was measured; `unconfirmed` where no source is known */
  readonly source: string
  /** ISO date on which it was read or measured */
  readonly date: string
}

/**
 * What an endpoint's ETags mean, what it accepts, and its limits. Plain JSON data.
 * A profile that the caller passes is taken as certain.
 */
export interface ProviderProfile {
  /** The same as the testing kit's personality name, e.g. `ceph` */
  readonly id: string
  /** For people */
  readonly name: string
  readonly etag: EtagSemantics
  readonly checksums: ChecksumSupport
  readonly limits: PartLimits
  readonly reads: ReadSupport
  readonly writes: WriteSupport
  readonly metadata: MetadataSupport
  /** Absent: nothing is known; a copy inside the endpoint is tried, and proved by reading back */
  readonly copies?: CopySupport
  readonly sources: readonly ClaimSource[]
  /** Paths of the claims that a probe of this very endpoint answered, e.g. `etag.single`: evidence that rests on them says `trust: 'probe'` */
  readonly probed?: readonly string[]
}
