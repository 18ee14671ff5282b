import type { FaultRule } from '../faults/fault-rule.ts'
import type { PersonalityDefinition } from './define-personality.ts'
import type { FiredServerFault, ServerFaultRule } from './fault-plan.ts'
import type { GeneratedFamily, GeneratedObject } from './generated-objects.ts'
import type { Personality, PersonalityName } from './personality.ts'
import type { LoggedRequest } from './request-log.ts'
import type { Credentials } from './signature.ts'

/** How many requests the log keeps when nothing else is said. */
export const DEFAULT_LOGGED_REQUESTS: number = 100_000

export interface S3ServerOptions {
  /**
   * How the server behaves: the name of a kind of store, a {@link Personality}, or what sets one apart from another (see `definePersonality`).
   * @defaultValue `'aws'`
   */
  readonly personality?: PersonalityName | Personality | PersonalityDefinition
  /** Buckets that exist from the start; those that `objects` name exist too. */
  readonly buckets?: readonly string[]
  /** Objects that are there from the start and whose bytes are made when they are read. */
  readonly objects?: readonly (GeneratedObject | GeneratedFamily)[]
  readonly faults?: readonly (ServerFaultRule | FaultRule)[]
  /** @defaultValue a free one */
  readonly port?: number
  /** @defaultValue made up */
  readonly credentials?: Credentials
  /** @defaultValue what the personality says: `us-east-1`, or `auto` for r2 */
  readonly region?: string
  /** Serve https with this certificate (PEM). */
  readonly tls?: { readonly key: string | Buffer; readonly cert: string | Buffer }
  /** Keep sizes and digests of uploads, not their bytes: for objects larger than the memory. Reading one of them is a 500. @defaultValue false */
  readonly discardBodies?: boolean
  /** Requests that the log keeps; the oldest go first. @defaultValue 100000 */
  readonly maxLoggedRequests?: number
}

/** What an S3Client takes to talk to the server. */
export interface S3ClientConfigLike {
  readonly endpoint: string
  readonly region: string
  readonly credentials: Credentials
  readonly forcePathStyle: true
}

/** A running server. */
export interface S3TestServer {
  readonly endpoint: string
  readonly port: number
  readonly region: string
  readonly credentials: Credentials
  /** For `new S3Client(server.clientConfig)`. */
  readonly clientConfig: S3ClientConfigLike
  readonly personality: Personality
  /** What was asked, in the order in which it was done with. */
  readonly requests: readonly LoggedRequest[]
  /** How many requests there were since the start (or `clearRequests`), by operation. */
  readonly requestCounts: Readonly<Record<string, number>>
  clearRequests(): void
  /** Replaces the faults; counts start anew. */
  setFaults(faults: readonly (ServerFaultRule | FaultRule)[]): void
  /** The faults that took effect, oldest first; emptied by `setFaults`. */
  readonly firedFaults: readonly FiredServerFault[]
  /** Makes a bucket past the protocol; one that exists stays as it is. With `objectLock` it has versions and takes locks. */
  createBucket(name: string, options?: { readonly objectLock?: boolean }): void
  /** Stores an object past the protocol, as somebody else might. */
  put(bucket: string, key: string, bytes: string | Uint8Array, options?: PutPastProtocolOptions): void
  /** The bytes at rest, or null when there is no such object. Do not ask it for objects larger than the memory. */
  peek(bucket: string, key: string): Buffer | null
  /** What is stored beside the bytes, whatever the protocol would say of it; null when there is no such object. */
  describe(bucket: string, key: string): StoredDescription | null
  /** Inverts the lowest bit of a stored byte; ETag and checksums stay as they are. */
  corruptAtRest(bucket: string, key: string, offset: number): void
  /** Keys of the bucket's objects (delete markers left out), in UTF-8 byte order. */
  keys(bucket: string): string[]
  /** Multipart uploads that are neither completed nor aborted. */
  uploads(bucket?: string): readonly OpenUpload[]
  /** Ends all connections and stops. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** What a stored object has beside its bytes. */
export interface StoredDescription {
  /** content-type, cache-control and their like, and `x-amz-website-redirect-location`, by lower-case header name; as they came in */
  readonly headers: Readonly<Record<string, string>>
  /** by lower-case name, without `x-amz-meta-`; text that is not ASCII is UTF-8 */
  readonly metadata: Readonly<Record<string, string>>
  readonly storageClass: string
  readonly tags: Readonly<Record<string, string>>
  /** without the owner's own */
  readonly grants: readonly StoredGrant[]
  /** `until` is an ISO date */
  readonly retention: { readonly mode: string; readonly until: string } | null
  readonly legalHold: boolean
}

/** To a user id or a group address. */
export interface StoredGrant {
  readonly grantee: string
  readonly permission: 'READ' | 'WRITE' | 'READ_ACP' | 'WRITE_ACP' | 'FULL_CONTROL'
}

export interface PutPastProtocolOptions {
  readonly contentType?: string
  /** More headers, by lower-case name: `cache-control`, `x-amz-website-redirect-location` and their like. */
  readonly headers?: Readonly<Record<string, string>>
  readonly grants?: readonly StoredGrant[]
  /** `until` is an ISO date. */
  readonly retention?: { readonly mode: 'GOVERNANCE' | 'COMPLIANCE'; readonly until: string }
  readonly legalHold?: boolean
  readonly metadata?: Readonly<Record<string, string>>
  readonly tags?: Readonly<Record<string, string>>
  readonly storageClass?: string
  /** Unquoted. @defaultValue the MD5 */
  readonly etag?: string
}

/** A multipart upload that is under way. */
export interface OpenUpload {
  readonly bucket: string
  readonly key: string
  readonly uploadId: string
  readonly initiatedAt: number
  readonly parts: readonly { readonly partNumber: number; readonly sizeBytes: number; readonly etag: string }[]
}
