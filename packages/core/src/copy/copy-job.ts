import type { HashAlgorithm } from '../checksum/algorithm.ts'
import type { NotCarried, Orphan } from '../object-result.ts'
import type { HashEngine } from '../ports/hash-engine.ts'
import type { ObjectRef, ObjectStore } from '../ports/object-store.ts'
import type { Evidence, EvidenceTrust } from '../verify/evidence.ts'

/** The resolved options that the copy engine works by. */
export interface CopySettings {
  readonly hashes: readonly HashAlgorithm[]
  readonly verify: {
    readonly readBack: 'when-needed' | 'always' | 'never'
    readonly sourceEvidence: 'if-available' | 'required'
    readonly secondRead: 'when-needed' | 'always' | 'never'
  }
  readonly overwrite: 'always' | 'never' | 'if-different'
  readonly onMismatch: 'delete' | 'keep'
  readonly layout: 'preserve' | 'exact' | 'own'
  readonly carry: { readonly acl: boolean; readonly retention: boolean; readonly legalHold: boolean }
  readonly storageClassMap: Readonly<Record<string, string>>
  /** the source's KMS key → the destination's; null where none is mapped */
  readonly kmsKeyMap: Readonly<Record<string, string>> | null
  /** null: 16 MiB, scaled to the destination's part count */
  readonly partSizeBytes: number | null
  readonly attempts: number
  readonly settleMs: number
  readonly memoryBytes: number
  readonly bytesPerSecond: number | null
}

/** What the engine tells while it works; the caller turns it into events and open-upload records. */
export interface CopyObserver {
  retry(info: { readonly attempt: number; readonly reason: string; readonly delayMs: number }): void
  throttled(info: { readonly delayMs: number; readonly side: 'source' | 'destination' }): void
  progress(info: { readonly bytesRead: number; readonly bytesWritten: number; readonly sizeBytes: number }): void
  partCompleted(info: { readonly partNumber: number; readonly sizeBytes: number }): void
  /** before the first part goes out; a rejection stops the copy */
  uploadOpened(info: { readonly uploadId: string; readonly sourceEtag: string | null; readonly partSizeBytes: number; readonly parts: number }): Promise<void>
  uploadClosed(uploadId: string): Promise<void>
  /** a copy inside the endpoint was allowed, and this is what became of it; `reason` says why the bytes come through us */
  routeChosen?(info: { readonly route: 'server-side' | 'through-us'; readonly reason: string | null }): void
}

/** Counts of one object's work; `requests` is counted by the adapters. */
export interface CopyCounters {
  attempts: number
  bytesRead: number
  bytesWritten: number
  requests: number
}

/** A copy inside the endpoint, that the caller allows. */
export interface ServerSide {
  /** why it is not made; null: it may be. Set once the server refused it */
  refusal: string | null
  /** of the source's location */
  readonly expectedBucketOwner: string | undefined
  readonly requestPayer: 'requester' | undefined
}

/** Everything that the steps of one object's copy share. */
export interface CopyJob {
  readonly source: ObjectStore
  readonly destination: ObjectStore
  readonly sourceRef: ObjectRef
  readonly destinationRef: ObjectRef
  readonly sourceTrust: Exclude<EvidenceTrust, 'self'>
  readonly destinationTrust: Exclude<EvidenceTrust, 'self'>
  readonly settings: CopySettings
  /** the caller's signal and the object's deadline */
  readonly signal: AbortSignal
  readonly engine: HashEngine
  readonly counters: CopyCounters
  readonly observer: CopyObserver
  readonly notCarried: NotCarried[]
  readonly orphans: Orphan[]
  /** the first write of this object whose reply was lost, over all attempts: a HEAD after the last reply is obligatory from then on */
  readonly lostWrite: { sinceMs: number | null }
  /** absent: the bytes come through us, as nobody asked for a copy inside the endpoint */
  readonly serverSide?: ServerSide
  /** differences of attempts that were overturned */
  readonly history: Evidence[]
  /** waits until so many bytes may go by `bytesPerSecond` */
  readonly pace: (sizeBytes: number) => Promise<void>
}
