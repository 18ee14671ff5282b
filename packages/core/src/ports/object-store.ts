import type { ChecksumAlgorithm, ChecksumType, HashAlgorithm } from '../checksum/algorithm.ts'
import type { EncryptionKind, ProviderProfile } from './provider-profile.ts'

export interface ObjectRef {
  readonly bucket: string
  readonly key: string
  readonly versionId?: string | undefined
}

export interface StoreOptions {
  readonly signal?: AbortSignal | undefined
}

/** A checksum that a store holds for an object. */
export interface StoredChecksum {
  readonly algorithm: HashAlgorithm
  readonly type: ChecksumType
  /** lower-case hex for FULL_OBJECT, `base64-N` for COMPOSITE */
  readonly value: string
  /** the header it came in, lower case */
  readonly header: string
}

/** What is carried beside the bytes. Values are text (RFC 2047 decoded is *not* applied: they are kept as they came). */
export interface ObjectMetadata {
  readonly contentType?: string
  readonly cacheControl?: string
  readonly contentDisposition?: string
  /** without the token `aws-chunked`; absent where nothing else was there */
  readonly contentEncoding?: string
  readonly contentLanguage?: string
  /** the raw header text, not a date */
  readonly expires?: string
  readonly websiteRedirect?: string
  readonly storageClass?: string
  /** read: the KMS key that it is encrypted with, as the store names it; written: the one to use, at a location of `sse-kms` */
  readonly kmsKeyId?: string
  /** names lower case without `x-amz-meta-`; values as Unicode text (raw UTF-8 in a header is decoded) */
  readonly user: Readonly<Record<string, string>>
}

export interface ObjectLockState {
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE' | null
  /** ISO 8601 */
  readonly retainUntil: string | null
  readonly legalHold: boolean
}

/** What a GET's or HEAD's reply said of an object. */
export interface ObjectStat {
  /** raw, as in the header, quotes and `W/` included: conditions send it back as it is; null where the reply had none */
  readonly etag: string | null
  /** of the whole object, also on a ranged read; null where the reply did not say */
  readonly sizeBytes: number | null
  readonly lastModified: Date | null
  readonly versionId: string | null
  readonly checksums: readonly StoredChecksum[]
  readonly encryption: EncryptionKind
  /** false: the reply did not say so, and `encryption` is what the location asks for */
  readonly encryptionShown?: boolean
  readonly metadata: ObjectMetadata
  /** `x-amz-tagging-count`, null where the reply did not say */
  readonly tagCount: number | null
  /** `x-amz-mp-parts-count`, null where the reply did not say */
  readonly partsCount: number | null
  readonly lock: ObjectLockState | null
  /** the reply came out of a cache (`Age` above 0, `X-Cache: Hit`): it proves nothing about the store */
  readonly fromCache: boolean
  /** the server's clock, from `Date`; null without one */
  readonly serverDate: Date | null
  readonly requestId: string | null
}

/** What `close` ends. */
export interface CloseOptions {
  /** also idle connections of the adapter's own that other stores of the process might use again; they grow old by themselves otherwise */
  readonly idleConnections?: boolean
}

/** How often the request was sent (retries inside the client included). */
export interface CallCount {
  readonly attempts: number
}

export interface ConditionalReadOptions extends StoreOptions {
  /** raw ETag for If-Match */
  readonly ifMatch?: string | undefined
  /** do not reuse an idle connection */
  readonly freshConnection?: boolean | undefined
}

export interface HeadOptions extends ConditionalReadOptions {
  readonly partNumber?: number | undefined
}

export interface ReadOptions extends ConditionalReadOptions {
  /** both ends count from 0; `endInclusive` absent: to the end */
  readonly range?: { readonly start: number; readonly endInclusive?: number | undefined } | undefined
}

export interface ObjectRead {
  readonly stat: ObjectStat
  /** what the reply declared for this body; null: unknown (no Content-Length) */
  readonly bodyBytes: number | null
  /** the part of the object that the reply holds, from Content-Range; null: the whole object (status 200) */
  readonly range: { readonly start: number; readonly endInclusive: number } | null
  /**
   * The raw bytes. Read it to the end, or call `discard()`. Ends with an `ObjectStoreError` (`reason: 'transport'`) when the connection breaks,
   * when nothing arrives for `idleTimeoutMs`, or when fewer or more bytes than `bodyBytes` arrive.
   */
  readonly body: AsyncIterable<Uint8Array>
  /**
   * Instead of `body`, where the transport can: copies the whole body to the beginning of `target`, and ends as `body` does. Nothing writes to `target`
   * any more once it has settled.
   * @param onFilled - told how much of `target` is filled, each time that bytes have arrived
   * @returns the number of bytes
   */
  readInto?(target: Uint8Array, onFilled?: (filledBytes: number) => void): Promise<number>
  /**
   * As `body`, where the transport can, without memory of its own: each chunk is the beginning of what `take` gave for it.
   * @param take - asked when a chunk is wanted; of at least 128 KiB, and nobody else's until its chunk came. Null: this chunk has memory of its own
   */
  bodyIn?(take: () => Uint8Array | null): AsyncIterable<Uint8Array>
  /** Ends the reply without reading it; its connection is dropped. Idempotent. */
  discard(): void
  readonly attempts: number
}

/** A body: bytes in memory (can be sent again), or a stream of a known size (can be sent once). */
export type WriteBody =
  | {
      readonly kind: 'bytes'
      readonly bytes: Uint8Array
      /**
       * Asked, maybe more than once, before the last of the bytes are handed over. False: the write is called off, it rejects with `called-off`, and nothing
       * may come of it. Given only to a store whose `asksToComplete` is true.
       */
      readonly mayComplete?: (() => boolean) | undefined
    }
  | {
      readonly kind: 'stream'
      readonly stream: AsyncIterable<Uint8Array>
      readonly sizeBytes: number
      /** Told of a chunk once nobody reads it any more, so that its memory may be used again. A store need not tell, and does not after a failure. */
      readonly onSent?: ((chunk: Uint8Array) => void) | undefined
    }

/** Checks that the server is asked to make. Raw digests; the adapter writes them as base64. */
export interface WriteChecks {
  readonly contentMd5?: Uint8Array | undefined
  readonly checksums?: readonly { readonly algorithm: ChecksumAlgorithm; readonly digest: Uint8Array }[] | undefined
  /** SHA-256 of a `bytes` body, if it is known already: signs the payload without a second pass */
  readonly sha256?: Uint8Array | undefined
}

export interface WriteConditions {
  /** `*`: only where no object has that key */
  readonly ifNoneMatch?: '*' | undefined
  readonly ifMatch?: string | undefined
}

export interface PutOptions extends StoreOptions, WriteChecks, WriteConditions {
  readonly metadata: ObjectMetadata
  readonly tags?: readonly ObjectTag[] | undefined
  /** `x-amz-acl`, or `x-amz-grant-*` headers, by name */
  readonly grants?: Readonly<Record<string, string>> | undefined
  readonly lock?: ObjectLockState | undefined
}

export interface ObjectTag {
  readonly key: string
  readonly value: string
}

/** The reply to a write. */
export interface WriteReceipt {
  /** raw; null where the reply had none or an empty one (Ceph's Complete) */
  readonly etag: string | null
  readonly versionId: string | null
  readonly checksums: readonly StoredChecksum[]
  readonly encryption: EncryptionKind
  /** false: the reply did not say so, and `encryption` is what the location asks for */
  readonly encryptionShown?: boolean
  /** the server's clock, from `Date` */
  readonly serverDate: Date | null
  readonly requestId: string | null
  /** more than 1: an earlier try of the client ended without a reply we saw */
  readonly attempts: number
}

export interface CreateUploadOptions extends StoreOptions {
  readonly metadata: ObjectMetadata
  readonly tags?: readonly ObjectTag[] | undefined
  /** `x-amz-acl`, or `x-amz-grant-*` headers, by name */
  readonly grants?: Readonly<Record<string, string>> | undefined
  readonly lock?: ObjectLockState | undefined
  /** announces the checksum that parts will carry */
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly type: ChecksumType } | undefined
}

export interface UploadCreated {
  readonly uploadId: string
  readonly serverDate: Date | null
  readonly attempts: number
}

export interface CompletedPart {
  readonly partNumber: number
  /** raw, from UploadPart's reply */
  readonly etag: string
  readonly checksums: readonly { readonly algorithm: ChecksumAlgorithm; readonly digest: Uint8Array }[]
}

export interface CompleteOptions extends StoreOptions, WriteConditions {
  /** sent as `x-amz-mp-object-size` where the profile says that it is honoured */
  readonly sizeBytes: number
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly type: ChecksumType; readonly value: string } | undefined
}

export interface ListedUpload {
  readonly key: string
  readonly uploadId: string
  readonly initiated: Date | null
}

export interface ListedPart {
  readonly partNumber: number
  readonly etag: string
  readonly sizeBytes: number
}

/** The object that a copy inside the endpoint is made of, as the destination's requests name it. */
export interface CopySource {
  readonly ref: ObjectRef
  /** raw ETag for `x-amz-copy-source-if-match` */
  readonly ifMatch?: string | undefined
  /** account id, sent as `x-amz-source-expected-bucket-owner` */
  readonly expectedBucketOwner?: string | undefined
  readonly requestPayer?: 'requester' | undefined
}

export interface CopyOptions extends StoreOptions {
  /** how many bytes the server has to copy before it answers: more of them get more time */
  readonly sizeBytes: number
}

/** Metadata replaces the source's, always: what is carried is decided by the caller. */
export interface CopyObjectOptions extends CopyOptions, Pick<WriteConditions, 'ifNoneMatch'> {
  readonly metadata: ObjectMetadata
  /** given: they replace the source's; absent: the server's own way with them */
  readonly tags?: readonly ObjectTag[] | undefined
}

/** Why a call on a store failed, whatever the server called it. */
export type StoreFailureReason =
  | 'not-found' // the object or version
  | 'no-such-bucket'
  | 'no-such-upload'
  | 'access-denied'
  | 'credentials' // none, expired, unknown key, bad signature
  | 'precondition-failed' // 412, or 409 on a conditional write
  | 'archived' // InvalidObjectState
  | 'range' // 416
  | 'bad-digest' // the server found other bytes than were announced (BadDigest, XAmzContentSHA256Mismatch, InvalidDigest, …)
  | 'incomplete-body' // the server got fewer bytes than announced
  | 'invalid-part' // Complete named a part that the server does not have so
  | 'too-large'
  | 'throttled' // 429, 503, SlowDown-like codes
  | 'server-error' // other 5xx, 408 without a code, and errors inside a 200
  | 'called-off' // the caller's own doing: `mayComplete` said no
  | 'transport' // no (whole) reply: reset, cut, time-out, DNS, TLS
  | 'not-implemented' // 501, 405
  | 'invalid-request' // other 4xx
  | 'invalid-reply' // a reply that makes no sense: a missing uploadId, a lying Content-Range

/**
 * One bucket-capable endpoint, seen from one side of a copy. Every method rejects with `ObjectStoreError`; an abort rejects with `signal.reason`.
 * Methods send one request (listings: one per page) and do not retry beyond what the caller's client does by itself; `attempts` says how often that was.
 * Deadlines (connect, first byte, idle) are the adapter's; the caller decides on retries.
 */
export interface ObjectStore {
  readonly profile: ProviderProfile
  /** every byte goes over TLS */
  readonly tls: boolean
  /** `put` asks a body's `mayComplete`; absent: it may send everything unasked */
  readonly asksToComplete?: boolean | undefined
  head(ref: ObjectRef, options?: HeadOptions): Promise<ObjectStat & CallCount>
  read(ref: ObjectRef, options?: ReadOptions): Promise<ObjectRead>
  put(ref: ObjectRef, body: WriteBody, options: PutOptions): Promise<WriteReceipt>
  createUpload(ref: ObjectRef, options: CreateUploadOptions): Promise<UploadCreated>
  uploadPart(ref: ObjectRef, uploadId: string, partNumber: number, body: WriteBody, options?: StoreOptions & WriteChecks): Promise<WriteReceipt>
  completeUpload(ref: ObjectRef, uploadId: string, parts: readonly CompletedPart[], options: CompleteOptions): Promise<WriteReceipt>
  /** Resolves also where the upload is gone already. */
  abortUpload(ref: ObjectRef, uploadId: string, options?: StoreOptions): Promise<CallCount>
  /** Rejects `no-such-upload` where it is gone (Ceph answers NoSuchKey there: the adapter maps it). */
  listParts(ref: ObjectRef, uploadId: string, options?: StoreOptions): AsyncIterable<ListedPart>
  /** Uploads whose key starts with `prefix`, all pages; a listing that does not advance rejects `invalid-reply`. */
  listUploads(bucket: string, prefix: string, options?: StoreOptions): AsyncIterable<ListedUpload>
  delete(ref: ObjectRef, options?: StoreOptions & { readonly ifMatch?: string | undefined }): Promise<CallCount>
  getTags(ref: ObjectRef, options?: StoreOptions): Promise<{ readonly tags: readonly ObjectTag[] } & CallCount>
  putTags(ref: ObjectRef, tags: readonly ObjectTag[], options?: StoreOptions): Promise<CallCount>
  /** Sets the retention of an object that is there; absent: the adapter cannot. */
  putRetention?(
    ref: ObjectRef,
    retention: { readonly mode: 'GOVERNANCE' | 'COMPLIANCE'; readonly retainUntil: string },
    options?: StoreOptions,
  ): Promise<CallCount>
  /** Sets or lifts the legal hold of an object that is there; absent: the adapter cannot. */
  putLegalHold?(ref: ObjectRef, on: boolean, options?: StoreOptions): Promise<CallCount>
  /** Part sizes from GetObjectAttributes, all pages, in part order; null where the reply lists none. Call it only where the profile says that it is safe. */
  partSizes(ref: ObjectRef, options?: StoreOptions): Promise<{ readonly sizes: readonly number[] | null } & CallCount>
  /** The object's ACL as `x-amz-grant-*` headers, by name; the owner's own rights are left out. */
  getAclGrants(ref: ObjectRef, options?: StoreOptions): Promise<{ readonly grants: Readonly<Record<string, string>> } & CallCount>
  /** CopyObject: the bytes stay inside the endpoint. A 200 that carries an error rejects. */
  copyObject?(source: CopySource, ref: ObjectRef, options: CopyObjectOptions): Promise<WriteReceipt>
  /** UploadPartCopy. @param range - both ends inclusive; null: the whole source (an empty one has no range) */
  uploadPartCopy?(
    source: CopySource,
    range: { readonly start: number; readonly endInclusive: number } | null,
    ref: ObjectRef,
    uploadId: string,
    partNumber: number,
    options: CopyOptions,
  ): Promise<WriteReceipt>
  /** Frees what the store holds. Connections of the caller's own client are never touched. */
  close(options?: CloseOptions): void
}
