/** Names of the personalities that the kit brings. */
export const PERSONALITIES = ['aws', 'minio', 'ceph', 'swift', 'r2'] as const

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
  }
  readonly etag: {
    /** ETag of a single upload with customer or KMS keys. */
    readonly encrypted: 'md5' | 'opaque'
    /** CopyObject of a multipart object: plain MD5, or the source's ETag. */
    readonly copyOfMultipart: 'md5' | 'kept'
    /** What CompleteMultipartUpload's reply says the first time, and when it is sent again. */
    readonly completeReply: 'quoted' | 'empty'
    /** `if-etag-fits`: unquoted, for any upload id, when the object there has the ETag that the listed parts make (RGW). */
    readonly completeAgain: 'quoted' | 'if-etag-fits' | 'NoSuchUpload'
    readonly copyReply: 'quoted' | 'unquoted'
  }
  readonly checksums: {
    /** `x-amz-checksum-*`: checked, stored and given back; or not looked at. */
    readonly algorithms: readonly string[]
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
    readonly equalParts: boolean
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
    readonly deleteMarkerHeader: boolean
    readonly missingVersion: 'NoSuchVersion' | 'NoSuchKey'
    /** Whether `x-amz-copy-source-if-*` are looked at. */
    readonly copySourceConditions: boolean
  }
  readonly conditionalWrites: {
    readonly put: 'yes' | 'unquoted-etag-only' | PersonalityError
    readonly complete: 'yes' | 'ignored'
    readonly completeError: PersonalityError
    readonly delete: 'yes' | 'ignored'
  }
  readonly features: {
    readonly tagging: Support
    /** `x-amz-tagging` on writes, where it is answered differently from `?tagging`; null: as `tagging`. */
    readonly taggingHeader: Support | null
    readonly taggingOnCreateUpload: 'yes' | 'ignored'
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
  }
  readonly uploads: {
    /** ListParts, UploadPart and the like of an upload that is not there. */
    readonly missing: { readonly listParts: 'NoSuchUpload' | 'NoSuchKey' }
  }
  readonly errors: {
    readonly message: boolean
    readonly xml: 'aws' | 'minio' | 'ceph' | 'swift' | 'r2'
    readonly messages: Readonly<Record<string, string>>
  }
  /** The `Server` header; null for none. */
  readonly serverHeader: string | null
  readonly requestId: 'aws' | 'minio' | 'ceph' | 'swift' | 'r2'
}
