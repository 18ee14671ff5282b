import {
  type IntegritySummary,
  invalidOption,
  type Lease,
  type ObjectResult,
  type OpenUpload,
  type ResultQuery,
  type ResultStore,
  SealiftError,
  type StoreCallOptions,
  type StoredResult,
  type TaskEpoch,
  type TaskRecord,
  type TaskStart,
  type TaskStatus,
  type Verdict,
} from '@sealift/core'
import { compareUtf8 } from './compare-utf8.ts'
import { checkCount, checkTaskId, checkTtl, isoInstant, storedForm } from './memory-result-form.ts'
import { countResults } from './memory-task-counts.ts'

interface MemoryTask {
  record: TaskRecord
  /** by key and version */
  readonly results: Map<string, StoredResult>
  readonly uploads: Map<string, OpenUpload>
}

const FAILURES: readonly Verdict[] = ['mismatch', 'unverified', 'failed']

/**
 * A `ResultStore` in this process's memory, for tests: the same rules as the SQL stores, nothing survives `close()`, `durable` is false.
 * Leases go by this process's clock.
 */
export class MemoryResultStore implements ResultStore {
  readonly durable: boolean = false
  /** in the order of their start */
  readonly #tasks = new Map<string, MemoryTask>()
  #closed = false

  async open(options?: StoreCallOptions): Promise<void> {
    this.#enter(options)
  }

  async startTask(task: TaskStart, options?: StoreCallOptions): Promise<TaskRecord> {
    this.#enter(options)
    checkTaskId('task.taskId', task?.taskId)
    const known = this.#tasks.get(task.taskId)
    if (known !== undefined) {
      known.record = { ...known.record, status: 'running', finishedAt: null }
      return structuredClone(known.record)
    }
    const now = new Date().toISOString()
    const record: TaskRecord = {
      taskId: task.taskId,
      source: task.source,
      destination: task.destination,
      options: JSON.parse(JSON.stringify(task.options)) as Record<string, unknown>,
      optionsDigest: task.optionsDigest,
      status: 'running',
      totalObjects: 0,
      totalBytes: 0,
      verifiedObjects: 0,
      failedObjects: 0,
      integrityVerified: 0,
      integrityRate: null,
      integrityErrors: 0,
      checkpoint: null,
      leaseOwner: null,
      leaseEpoch: 0,
      leaseExpiresAt: null,
      createdAt: now,
      startedAt: now,
      finishedAt: null,
    }
    this.#tasks.set(task.taskId, { record, results: new Map(), uploads: new Map() })
    return structuredClone(record)
  }

  async saveResults(task: TaskEpoch, results: readonly ObjectResult[], options?: StoreCallOptions): Promise<void> {
    this.#enter(options)
    checkTaskId('task.taskId', task?.taskId)
    if (!Array.isArray(results)) throw invalidOption('results', results, 'an array')
    const now = new Date().toISOString()
    const stored = results.map((result, index) => storedForm(`results[${index}]`, result, task.taskId, now))
    const held = this.#writable(task)
    for (const result of stored) {
      const identity = JSON.stringify([result.source.key, result.source.versionId])
      // deleted first: a replaced row counts as the newest
      held.results.delete(identity)
      held.results.set(identity, result)
    }
    held.record = { ...held.record, ...countResults(held.results.values()) }
  }

  async checkpoint(task: TaskEpoch, checkpoint: string, options?: StoreCallOptions): Promise<void> {
    this.#enter(options)
    const held = this.#writable(task)
    held.record = { ...held.record, checkpoint }
  }

  async finishTask(task: TaskEpoch, status: Exclude<TaskStatus, 'running'>, options?: StoreCallOptions): Promise<TaskRecord> {
    this.#enter(options)
    if (!['completed', 'failed', 'aborted'].includes(status)) throw invalidOption('status', status, 'completed, failed or aborted')
    const held = this.#writable(task)
    held.record = { ...held.record, status, finishedAt: new Date().toISOString() }
    return structuredClone(held.record)
  }

  async getTask(taskId: string, options?: StoreCallOptions): Promise<TaskRecord | null> {
    this.#enter(options)
    return structuredClone(this.#tasks.get(taskId)?.record ?? null)
  }

  async listTasks(query: { readonly status?: TaskStatus; readonly limit?: number } = {}, options?: StoreCallOptions): Promise<TaskRecord[]> {
    this.#enter(options)
    checkCount('query.limit', query.limit)
    const records = [...this.#tasks.values()].map((task) => task.record).reverse()
    return structuredClone(records.filter((record) => query.status === undefined || record.status === query.status).slice(0, query.limit))
  }

  async summary(taskId?: string, options?: StoreCallOptions): Promise<IntegritySummary[]> {
    this.#enter(options)
    const tasks = [...this.#tasks.values()].reverse().filter((task) => taskId === undefined || task.record.taskId === taskId)
    return tasks.map(({ record, results }) => ({
      taskId: record.taskId,
      totalObjects: record.totalObjects,
      verifiedObjects: record.verifiedObjects,
      failedObjects: record.failedObjects,
      integrityRate: record.integrityRate,
      lastVerified: [...results.values()].filter((result) => result.verdict === 'verified').reduce<string | null>(latest, null),
    }))
  }

  results(query: ResultQuery = {}, options?: StoreCallOptions): AsyncIterable<StoredResult> {
    checkCount('query.limit', query.limit)
    return this.#stream(query, options)
  }

  failures(query: ResultQuery = {}, options?: StoreCallOptions): AsyncIterable<StoredResult> {
    const asked = query.verdicts
    return this.results({ ...query, verdicts: asked === undefined ? FAILURES : FAILURES.filter((verdict) => asked.includes(verdict)) }, options)
  }

  async findVerified(
    source: { readonly bucket: string; readonly key: string; readonly versionId?: string | null; readonly etag?: string | null },
    options?: StoreCallOptions,
  ): Promise<StoredResult | null> {
    this.#enter(options)
    let newest: StoredResult | null = null
    for (const { results } of this.#tasks.values()) {
      for (const result of results.values()) {
        const end = result.source
        if (result.verdict !== 'verified' || end.bucket !== source.bucket || end.key !== source.key) continue
        if (source.versionId !== null && source.versionId !== undefined && end.versionId !== source.versionId) continue
        if (source.etag !== null && source.etag !== undefined && end.etag !== source.etag) continue
        if (newest === null || result.recordedAt >= newest.recordedAt) newest = result
      }
    }
    return structuredClone(newest)
  }

  async saveUpload(task: TaskEpoch, upload: OpenUpload, options?: StoreCallOptions): Promise<void> {
    this.#enter(options)
    const held = this.#writable(task)
    if (upload?.taskId !== task.taskId) throw invalidOption('upload.taskId', upload?.taskId, `the task's own id, ${JSON.stringify(task.taskId)}`)
    held.uploads.set(upload.uploadId, {
      ...upload,
      versionId: upload.versionId === '' ? null : upload.versionId,
      createdAt: isoInstant('upload.createdAt', upload.createdAt),
    })
  }

  async removeUpload(task: TaskEpoch, uploadId: string, options?: StoreCallOptions): Promise<void> {
    this.#enter(options)
    this.#writable(task).uploads.delete(uploadId)
  }

  async openUploads(taskId?: string, options?: StoreCallOptions): Promise<OpenUpload[]> {
    this.#enter(options)
    const tasks = [...this.#tasks.values()].filter((task) => taskId === undefined || task.record.taskId === taskId)
    const uploads = tasks.flatMap((task) => [...task.uploads.values()])
    return structuredClone(
      uploads.sort((a, b) => compareUtf8(a.createdAt, b.createdAt) || compareUtf8(a.taskId, b.taskId) || compareUtf8(a.uploadId, b.uploadId)),
    )
  }

  async acquireLease(taskId: string, owner: string, ttlMs: number, options?: StoreCallOptions): Promise<Lease> {
    this.#enter(options)
    checkTtl(ttlMs)
    if (typeof owner !== 'string' || owner === '') throw invalidOption('owner', owner, 'a text that is not empty')
    const held = this.#task(taskId)
    const { leaseOwner, leaseExpiresAt } = held.record
    if (leaseOwner !== null && leaseOwner !== owner && leaseExpiresAt !== null && Date.parse(leaseExpiresAt) > Date.now()) {
      throw new SealiftError('ERR_TASK_LOCKED', `task ${JSON.stringify(taskId)} is held by ${JSON.stringify(leaseOwner)} until ${leaseExpiresAt}`)
    }
    const lease: Lease = { taskId, owner, epoch: held.record.leaseEpoch + 1, expiresAt: new Date(Date.now() + ttlMs).toISOString() }
    held.record = { ...held.record, leaseOwner: owner, leaseEpoch: lease.epoch, leaseExpiresAt: lease.expiresAt }
    return lease
  }

  async heartbeat(lease: Lease, ttlMs: number, options?: StoreCallOptions): Promise<Lease> {
    this.#enter(options)
    checkTtl(ttlMs)
    const held = this.#holder(lease)
    if (held === null) throw new SealiftError('ERR_TASK_LOCKED', `the lease of task ${JSON.stringify(lease.taskId)} (epoch ${lease.epoch}) is no longer held`)
    const expiresAt = new Date(Date.now() + ttlMs).toISOString()
    held.record = { ...held.record, leaseExpiresAt: expiresAt }
    return { ...lease, expiresAt }
  }

  async releaseLease(lease: Lease, options?: StoreCallOptions): Promise<void> {
    this.#enter(options)
    const held = this.#holder(lease)
    if (held !== null) held.record = { ...held.record, leaseOwner: null, leaseExpiresAt: null }
  }

  async prune(query: { readonly finishedBefore: Date }, options?: StoreCallOptions): Promise<{ readonly tasks: number; readonly results: number }> {
    this.#enter(options)
    const before = query?.finishedBefore
    if (!(before instanceof Date) || Number.isNaN(before.getTime())) throw invalidOption('query.finishedBefore', before, 'a valid Date')
    let tasks = 0
    let results = 0
    for (const [taskId, task] of this.#tasks) {
      const { status, finishedAt } = task.record
      if (status === 'running' || finishedAt === null || Date.parse(finishedAt) >= before.getTime()) continue
      this.#tasks.delete(taskId)
      tasks += 1
      results += task.results.size
    }
    return { tasks, results }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#tasks.clear()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async *#stream(query: ResultQuery, options: StoreCallOptions | undefined): AsyncGenerator<StoredResult, void, undefined> {
    this.#enter(options)
    const tasks = [...this.#tasks.values()].filter((task) => query.taskId === undefined || task.record.taskId === query.taskId)
    const found = tasks
      .flatMap((task) => [...task.results.values()])
      .filter((result) => query.verdicts === undefined || query.verdicts.includes(result.verdict))
      .sort(
        (a, b) => compareUtf8(a.taskId, b.taskId) || compareUtf8(a.source.key, b.source.key) || compareUtf8(a.source.versionId ?? '', b.source.versionId ?? ''),
      )
    for (const result of found.slice(0, query.limit)) {
      this.#enter(options)
      yield structuredClone(result)
    }
  }

  #enter(options: StoreCallOptions | undefined): void {
    options?.signal?.throwIfAborted()
    if (this.#closed) throw new SealiftError('ERR_INVALID_STATE', 'the result store was closed')
  }

  #task(taskId: string): MemoryTask {
    const task = this.#tasks.get(taskId)
    if (task === undefined) throw new SealiftError('ERR_INVALID_STATE', `task ${JSON.stringify(taskId)} was never started in this store`)
    return task
  }

  #writable({ taskId, epoch }: TaskEpoch): MemoryTask {
    const task = this.#task(taskId)
    const newest = task.record.leaseEpoch
    if (epoch < newest)
      throw new SealiftError(
        'ERR_TASK_LOCKED',
        `task ${JSON.stringify(taskId)} is driven by another process by now (epoch ${newest}, this writer has ${epoch})`,
      )
    if (epoch > newest)
      throw new SealiftError('ERR_INVALID_STATE', `epoch ${epoch} of task ${JSON.stringify(taskId)} was never granted (the newest is ${newest})`)
    return task
  }

  #holder(lease: Lease): MemoryTask | null {
    const task = this.#tasks.get(lease.taskId)
    return task !== undefined && task.record.leaseOwner === lease.owner && task.record.leaseEpoch === lease.epoch ? task : null
  }
}

function latest(newest: string | null, result: StoredResult): string | null {
  return newest === null || result.recordedAt > newest ? result.recordedAt : newest
}
