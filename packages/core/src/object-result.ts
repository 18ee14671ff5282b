import type { HashAlgorithm } from './checksum/algorithm.ts'
import type { ErrorCode } from './errors.ts'
import type { Assurance, Evidence, Verdict } from './verify/evidence.ts'

/** How the bytes went. */
export type Route = 'single' | 'multipart' | 'server-side'

/** Where a part layout came from. */
export type LayoutOrigin = 'record' | 'attributes' | 'part-number' | 'derived' | 'ranked' | 'single' | 'own'

/** One end of a copy, as it was seen. */
export interface EndpointResult {
  /** profile id */
  readonly provider: string
  readonly bucket: string
  readonly key: string
  readonly versionId: string | null
  /** as the server wrote it, without quotes; null where it gave none */
  readonly etag: string | null
  readonly sizeBytes: number | null
  /** ISO 8601, UTC */
  readonly lastModified: string | null
}

/** Something that the destination does not hold as the source did. */
export interface NotCarried {
  readonly what: 'header' | 'metadata' | 'tags' | 'storage-class' | 'acl' | 'retention' | 'legal-hold' | 'website-redirect' | 'encryption' | 'checksum'
  /** the header's, metadata entry's or tag's name, a checksum's algorithm; null where the whole kind is meant */
  readonly name: string | null
  readonly reason: string
}

/** A multipart upload that may be left at the destination. */
export interface Orphan {
  readonly bucket: string
  readonly key: string
  /** null: its Create got no reply, so that its id is not known */
  readonly uploadId: string | null
  readonly reason: string
}

/** Everything that is known of one object after it was copied or verified. Plain JSON: no class instances, no secrets. */
export interface ObjectResult {
  readonly taskId: string
  readonly source: EndpointResult
  readonly destination: EndpointResult
  /** lower-case hex, of the bytes that were received */
  readonly digests: Readonly<Partial<Record<HashAlgorithm, string>>>
  readonly verdict: Verdict
  readonly assurance: Assurance
  readonly evidence: readonly Evidence[]
  /** null where no byte went */
  readonly route: Route | null
  readonly parts: { readonly count: number; readonly sizeBytes: number; readonly origin: LayoutOrigin } | null
  readonly notCarried: readonly NotCarried[]
  readonly orphans: readonly Orphan[]
  readonly attempts: number
  readonly bytesRead: number
  readonly bytesWritten: number
  /** requests sent, retries inside the SDK included */
  readonly requests: number
  /** ISO 8601, UTC */
  readonly startedAt: string
  readonly durationMs: number
  readonly error?: { readonly code: ErrorCode; readonly message: string }
}
