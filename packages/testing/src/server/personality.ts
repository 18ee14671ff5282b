/** Names of the personalities that the kit brings. */
export const PERSONALITIES = [
  'aws',
  'minio',
  'ceph',
  'swift',
  'r2',
  'b2',
  'wasabi',
  'gcs',
  'spaces',
  'oss',
  'storj',
  'garage',
  'seaweedfs',
  'express',
  'generic',
  'generic-opaque',
  'generic-plain-md5',
  'generic-upper-case',
  'generic-no-etag',
  'generic-echo',
  'generic-careless',
  'generic-gzip',
  'generic-cached',
  'generic-retention',
  'generic-requester-pays',
] as const

export type PersonalityName = (typeof PERSONALITIES)[number]

/** An error that a personality gives where others do the thing. */
export interface PersonalityError {
  readonly status: number
  readonly code: string
  readonly message?: string
}

/** How a store answers a header or operation that it lacks: does it, leaves it unheeded, or refuses. */
export type Support = 'yes' | 'ignored' | PersonalityError

/**
 * In what a store differs from the others: plain data, so that a test can spread one and change a field.
 * Where nothing is said the server does what AWS documents.
 */
export interface Personality {
  readonly id: string
  readonly region: string
  readonly signature: {
    /** Which regions a signature may name. */
    readonly region: 'own' | 'any' | readonly string[]
    readonly unknownKey: 'InvalidAccessKeyId' | 'SignatureDoesNotMatch'
    /** What a request without a signature gets; with `html` it is that page instead of an S3 error. */
    readonly anonymous: PersonalityError & { readonly html?: string }
    /** Bodies in aws-chunked form, signed chunk by chunk, or unsigned with a trailer. */
    readonly signedChunks: Support
    readonly trailers: Support
    /** Uploads without Content-Length are 411 MissingContentLength; whether that is looked at before the form of the body. */
    readonly missingLength: 'before-form' | 'after-form'
    /** All `x-amz-*` headers of a request have to be signed. */
    readonly signsAllAmzHeaders: boolean
    /** What a body gets that is not the one whose SHA-256 was signed. */
    readonly payloadMismatch: 'XAmzContentSHA256Mismatch' | 'BadDigest'
    /** Service names that a scope may have: `s3`, and `s3express` for directory buckets. */
    readonly services: readonly string[]
    /** Headers that a front end changes on their way in: a signature over one of them does not fit. */
    readonly changedHeaders: readonly string[]
  }
  readonly etag: {
    /** What the ETag of a single upload and of a part is: the MD5, or made up. */
    readonly single: 'md5' | 'opaque'
    readonly part: 'md5' | 'opaque'
    /** ETag of a multipart object: `md5(md5₁‖…‖md5ₙ)-n`, the plain MD5 of all bytes, or made up. */
    readonly multipart: 'of-parts' | 'md5' | 'opaque'
    /** How made-up ETags look; `hex` ones of multipart objects end in `-n`, as Amazon's do. */
    readonly opaqueForm: 'hex' | 'alphanumeric' | 'base64'
    readonly letters: 'lower' | 'upper'
    /** Whether ETags stand in quotes, in headers and documents. */
    readonly quotes: boolean
    /** `absent`: no reply about an object says one; those of parts are said, as no multipart upload can do without. */
    readonly ofObjects: 'sent' | 'absent'
    /** ETag of a single upload with customer or KMS keys; `opaque-1`: random with `-1`, MinIO's mark for what is no checksum. */
    readonly encrypted: 'md5' | 'opaque' | 'opaque-1'
    /** CopyObject of a multipart object: plain MD5, or the source's ETag. */
    readonly copyOfMultipart: 'md5' | 'kept'
    /** What CompleteMultipartUpload's reply says the first time, and when it is sent again. */
    readonly completeReply: 'quoted' | 'empty'
    /** `if-etag-fits`: unquoted, for any upload id, when the object there has the ETag that the listed parts make (RGW). */
    readonly completeAgain: 'quoted' | 'if-etag-fits' | 'NoSuchUpload'
    readonly copyReply: 'quoted' | 'unquoted'
  }
  readonly checksums: {
    /** `x-amz-checksum-*` of these are stored. */
    readonly algorithms: readonly string[]
    /** What a checksum or an announcement of one gets whose algorithm is not among them. */
    readonly others: 'ignored' | PersonalityError
    /** `stored`: kept and given back as claimed, whatever the bytes are. */
    readonly claims: 'verified' | 'stored'
    /** Given back to a reader who asks for them. */
    readonly returned: boolean
    readonly contentMd5: 'verified' | 'ignored' | PersonalityError
    /** What a checksum on UploadPart gets when CreateMultipartUpload announced none. */
    readonly onPartUnannounced: 'yes' | PersonalityError
    /** The vendor's own headers with digests of the right bytes, whatever the client sent. */
    readonly vendorHeaders: readonly VendorHeader[]
    /** What the server adds by itself when the client sent none. */
    readonly byDefault: 'crc64nvme' | null
    readonly compositeOnly: readonly string[]
    readonly deleteObjectsNeedsContentMd5: boolean
  }
  readonly limits: {
    readonly minPartBytes: number
    readonly maxPartBytes: number
    readonly maxParts: number
    readonly maxPutBytes: number
    /** The largest source of one CopyObject; null: any object. */
    readonly maxCopyBytes: number | null
    readonly equalParts: boolean
    /** Complete takes parts 1 to N only, without a gap. */
    readonly consecutiveParts: boolean
    /** All user metadata together, names and values; null: no limit. */
    readonly metadataBytes: number | null
    readonly keyBytes: number
    readonly keyTooLong: string
    /** A metadata value longer than this fails with `metadataTooLong`; null: never. */
    readonly metadataValueBytes: number | null
    readonly metadataTooLong: PersonalityError
    readonly maxKeysReported: 'capped' | 'as-asked'
  }
  readonly reads: {
    readonly partNumber: Support
    readonly partsCountHeader: boolean
    readonly attributes: 'yes' | 'object' | PersonalityError
    /** Whether GetObjectAttributes lists all parts, or only those that have checksums. */
    readonly attributeParts: 'with-checksums' | 'always'
    /** `ignored`: a read with `Range` gets the whole object. */
    readonly range: 'yes' | 'ignored'
    /** `ignored`: a read with `If-Match` and its like gets the object in any case. */
    readonly conditions: 'yes' | 'ignored'
    /** `unpacked`: an object with `Content-Encoding: gzip` is unpacked for a reader that does not accept gzip, unless it says `no-transform`. */
    readonly gzip: 'kept' | 'unpacked'
    /** For so many seconds a cache in front answers GET and HEAD with what it read first, writes in between or not; 0: there is none. */
    readonly cacheSeconds: number
    readonly deleteMarkerHeader: boolean
    readonly missingVersion: 'NoSuchVersion' | 'NoSuchKey'
    /** Whether `x-amz-copy-source-if-*` are looked at. */
    readonly copySourceConditions: boolean
  }
  readonly conditionalWrites: {
    readonly put: 'yes' | 'ignored' | 'unquoted-etag-only' | PersonalityError
    readonly complete: 'yes' | 'ignored' | PersonalityError
    readonly completeError: PersonalityError
    readonly delete: 'yes' | 'ignored'
  }
  readonly features: {
    readonly tagging: Support
    /** `x-amz-tagging` on writes, where it is answered differently from `?tagging`; null: as `tagging`. */
    readonly taggingHeader: Support | null
    readonly taggingOnCreateUpload: 'yes' | 'ignored'
    /** The headers of retention and legal hold, on CreateMultipartUpload. */
    readonly lockOnCreateUpload: 'yes' | 'ignored'
    readonly bucketTagging: Support
    readonly acl: Support
    readonly cors: Support
    readonly policy: Support
    readonly lifecycle: Support
    readonly objectLock: Support
    readonly versioning: Support
    readonly sseS3: Support
    readonly sseKms: Support
    readonly sseC: Support
    readonly storageClasses: readonly string[] | 'any'
    readonly defaultStorageClass: string
    /** New buckets lock their objects by themselves. */
    readonly defaultRetention: { readonly mode: 'GOVERNANCE' | 'COMPLIANCE'; readonly days: number } | null
    /** Every request has to say `x-amz-request-payer: requester`. */
    readonly requesterPays: boolean
    readonly websiteRedirect: Support
    readonly bucketEncryption: Support
    readonly createBucketAgain: 'ok' | 'BucketAlreadyOwnedByYou'
    readonly bucketRegionHeader: boolean
    /** Code for a LocationConstraint that is not the server's region; null: taken. */
    readonly wrongLocation: string | null
    /** What GetBucketLocation says; null: the region, empty for us-east-1. */
    readonly location: string | null
    readonly uploadPartCopy: Support
    /** Operations that answer although the feature they belong to is refused. */
    readonly readable: readonly string[]
  }
  readonly names: {
    /** RGW turns `_` into `-` in the names of user metadata. */
    readonly underscoreInMetadata: 'kept' | 'hyphen'
    /** RGW stores the token `aws-chunked` of a Content-Encoding and gives it back. */
    readonly keepsAwsChunked: boolean
    /** MinIO: no `.`, `..` or empty segments, segments of at most 255 bytes, no object below another object. */
    readonly likeFiles: boolean
    /** Swift fails on control characters in keys. */
    readonly controlCharacters: 'ok' | PersonalityError
    readonly defaultContentType: string
  }
  readonly listing: {
    readonly lastModified: 'milliseconds' | 'seconds'
    /** Swift forgets versions at a page's edge (NextVersionIdMarker is `null` and the next page starts after the key). */
    readonly versionsLostAtPageEdge: boolean
    /** Swift lists a copied multipart object with the MD5 of its bytes, though HEAD gives the source's ETag. */
    readonly copiesListedWithMd5: boolean
    readonly ownerInV1: boolean
    /** `reversed`: the entries of a page are in no order that a reader could build on. */
    readonly order: 'by-key' | 'reversed'
    /** A prefix has to end in `/`. */
    readonly slashedPrefixes: boolean
  }
  readonly uploads: {
    /** ListParts, UploadPart and the like of an upload that is not there. */
    readonly missing: { readonly listParts: 'NoSuchUpload' | 'NoSuchKey' }
  }
  readonly errors: {
    readonly message: boolean
    readonly messages: Readonly<Record<string, string>>
    /** Elements of an error document after Code and Message; `details` are those of the single error. */
    readonly elements: readonly ErrorElement[]
    /** The `HostId`; `{requestId}` stands for the request's id, `{zone}` for the end of it. */
    readonly hostId: string
    /** null for none */
    readonly namespace: string | null
    /** A failed HEAD says the code in `x-minio-error-code`. */
    readonly codeInHeadHeaders: boolean
  }
  /** Operations that are refused, by name. */
  readonly operations: Readonly<Record<string, PersonalityError>>
  /** The `Server` header; null for none. */
  readonly serverHeader: string | null
  readonly requestId: RequestIdShape
  /** Headers of every reply; `{requestId}` stands for the request's id. */
  readonly replyHeaders: Readonly<Record<string, string>>
  /** Headers of GET and HEAD of an object; `{size}`, `{encoding}` and `{generation}` (microseconds) stand for those of the object. */
  readonly objectHeaders: Readonly<Record<string, string>>
}

export type VendorHeader = 'x-goog-hash' | 'x-oss-hash-crc64ecma' | 'x-cos-hash-crc64ecma'

export type ErrorElement = 'details' | 'Key' | 'BucketName' | 'Resource' | 'Region' | 'RequestId' | 'HostId'

export type RequestIdShape = 'aws' | 'minio' | 'ceph' | 'swift' | 'r2' | 'wasabi' | 'gcs' | 'oss' | 'seaweedfs'
