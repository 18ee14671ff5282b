import type { ObjectResult } from '../object-result.ts'
import type { Verdict } from '../verify/evidence.ts'

export interface StoreCallOptions {
  readonly signal?: AbortSignal | undefined
}

export type TaskStatus = 'running' | 'completed' | 'failed' | 'aborted'

/** What a task is started with. */
export interface TaskStart {
  readonly taskId: string
  /** `provider:bucket/prefix-or-key`, for people; no credentials, no signed URLs */
  readonly source: string
  readonly destination: string
  /** the options as plain JSON, clients and secrets left out */
  readonly options: Readonly<Record<string, unknown>>
  /** a digest of the options that matter for a resume, or null */
  readonly optionsDigest: string | null
}

export interface TaskRecord extends TaskStart {
  readonly status: TaskStatus
  readonly totalObjects: number
  readonly totalBytes: number
  readonly verifiedObjects: number
  readonly failedObjects: number
  /** verified objects with assurance `end-to-end` or `destination-only`; the same as verifiedObjects, kept for audit queries */
  readonly integrityVerified: number
  /** percent, two decimals, of the objects that had to be proved (verified, mismatch, unverified, failed); null while there are none */
  readonly integrityRate: number | null
  /** objects with verdict `mismatch` */
  readonly integrityErrors: number
  readonly checkpoint: string | null
  readonly leaseOwner: string | null
  readonly leaseEpoch: number
  readonly leaseExpiresAt: string | null
  readonly createdAt: string
  readonly startedAt: string | null
  readonly finishedAt: string | null
}

/** One row of the view `integrity_summary`. */
export interface IntegritySummary {
  readonly taskId: string
  readonly totalObjects: number
  readonly verifiedObjects: number
  readonly failedObjects: number
  readonly integrityRate: number | null
  readonly lastVerified: string | null
}

export interface ResultQuery {
  readonly taskId?: string
  readonly verdicts?: readonly Verdict[]
  readonly limit?: number
}

/** A recorded result, as the store gives it back. */
export interface StoredResult extends ObjectResult {
  /** ISO 8601, UTC: when the row was written */
  readonly recordedAt: string
}

/** A multipart upload that was begun and not yet ended. */
export interface OpenUpload {
  readonly taskId: string
  readonly key: string
  readonly versionId: string | null
  readonly uploadId: string
  readonly sourceEtag: string | null
  readonly partSizeBytes: number
  readonly parts: number
  readonly createdAt: string
}

export interface Lease {
  readonly taskId: string
  readonly owner: string
  readonly epoch: number
  /** by the database's clock, ISO 8601 */
  readonly expiresAt: string
}

/** Every write of a task names its epoch; one older than the lease's is refused with `ERR_TASK_LOCKED`. */
export interface TaskEpoch {
  readonly taskId: string
  /** 0 where no lease was taken (a single `migrateObject`) */
  readonly epoch: number
}

/**
 * Where results are kept. All methods may be called at once; all reject with `SealiftError` (`ERR_STORE`, `retryable` where a
 * later try may succeed). What is not in it: transactions across calls, and any knowledge of S3.
 */
export interface ResultStore extends AsyncDisposable {
  /** true where a resolved write survives a power cut (SQLite `synchronous=FULL`, PostgreSQL `synchronous_commit=on`); known after `open()` */
  readonly durable: boolean
  /** Opens and migrates; idempotent, safe from several processes at once (migrations run under a lock). Other methods call it themselves. */
  open(options?: StoreCallOptions): Promise<void>
  /** Creates the task, or finds the one of that id (then its stored start is returned and nothing is changed but status `running`). */
  startTask(task: TaskStart, options?: StoreCallOptions): Promise<TaskRecord>
  /**
   * Writes results, all or none, and updates the task's counts in the same transaction. Idempotent: the same (task, key, version) again replaces its row.
   * A row that the database can never take rejects with `ERR_STORE`, `retryable: false` and `context.key`; a size above 2^53-1 is `ERR_INVALID_OPTION`.
   */
  saveResults(task: TaskEpoch, results: readonly ObjectResult[], options?: StoreCallOptions): Promise<void>
  /**
   * `startTask`, `saveResults` of one result by epoch 0, and `finishTask` where `finish` is given, all or none of them, in one transaction. Idempotent.
   * Optional: where a store has it not, the three are called one after another.
   */
  record?(task: TaskStart, result: ObjectResult, options?: StoreCallOptions & { readonly finish?: Exclude<TaskStatus, 'running'> | undefined }): Promise<void>
  /** Moves the task's checkpoint. */
  checkpoint(task: TaskEpoch, checkpoint: string, options?: StoreCallOptions): Promise<void>
  finishTask(task: TaskEpoch, status: Exclude<TaskStatus, 'running'>, options?: StoreCallOptions): Promise<TaskRecord>
  getTask(taskId: string, options?: StoreCallOptions): Promise<TaskRecord | null>
  /** Newest first. */
  listTasks(query?: { readonly status?: TaskStatus; readonly limit?: number }, options?: StoreCallOptions): Promise<TaskRecord[]>
  /** The rows of `integrity_summary`, newest task first; one task's where an id is given. */
  summary(taskId?: string, options?: StoreCallOptions): Promise<IntegritySummary[]>
  /** Streams results in the order (task, key in UTF-8 byte order, version); never holds more than a page of rows. */
  results(query?: ResultQuery, options?: StoreCallOptions): AsyncIterable<StoredResult>
  /** The same for verdicts `mismatch`, `unverified` and `failed`. */
  failures(query?: ResultQuery, options?: StoreCallOptions): AsyncIterable<StoredResult>
  /** The newest `verified` record of that source object, of any task, or null. */
  findVerified(
    source: { readonly bucket: string; readonly key: string; readonly versionId?: string | null; readonly etag?: string | null },
    options?: StoreCallOptions,
  ): Promise<StoredResult | null>
  /** Notes an upload before its first part goes out. */
  saveUpload(task: TaskEpoch, upload: OpenUpload, options?: StoreCallOptions): Promise<void>
  /** Forgets it. Idempotent. */
  removeUpload(task: TaskEpoch, uploadId: string, options?: StoreCallOptions): Promise<void>
  openUploads(taskId?: string, options?: StoreCallOptions): Promise<OpenUpload[]>
  /** Takes the task's lease for `ttlMs`, or rejects `ERR_TASK_LOCKED` while another owner's has not expired by the database's clock. Each grant raises the epoch. */
  acquireLease(taskId: string, owner: string, ttlMs: number, options?: StoreCallOptions): Promise<Lease>
  /** Extends it by `ttlMs` from now; `ERR_TASK_LOCKED` where it is no longer held. */
  heartbeat(lease: Lease, ttlMs: number, options?: StoreCallOptions): Promise<Lease>
  /** Gives it back. Idempotent; a lease that somebody else holds by now is left alone. */
  releaseLease(lease: Lease, options?: StoreCallOptions): Promise<void>
  /** Deletes finished tasks (with their results) that ended before `finishedBefore`; returns how many. Running tasks stay. */
  prune(query: { readonly finishedBefore: Date }, options?: StoreCallOptions): Promise<{ readonly tasks: number; readonly results: number }>
  /** Closes what the store opened itself; a pool or database that was passed in stays open. Idempotent. */
  close(): Promise<void>
}
