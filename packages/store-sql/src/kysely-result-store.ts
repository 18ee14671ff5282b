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
import { type Dialect, Kysely } from 'kysely'
import { CallRunner } from './call-runner.ts'
import {
  checkDate,
  checkEnd,
  checkLimit,
  checkPlainJson,
  checkResult,
  checkStatus,
  checkTaskEpoch,
  checkTaskId,
  checkTaskStart,
  checkText,
  checkTtl,
  checkUpload,
  checkVerdicts,
} from './check-input.ts'
import { detectFlavor } from './detect-flavor.ts'
import type { DirectConnection } from './direct-connection.ts'
import type { SqlFlavor } from './flavor.ts'
import { acquireLease, heartbeat, releaseLease } from './lease-queries.ts'
import { migrateToLatest } from './migrate.ts'
import { pruneTasks } from './prune-tasks.ts'
import { findVerified, type PagePosition, type ResultPage, readPage } from './read-results.ts'
import { RecentTasks } from './recent-tasks.ts'
import { RecordQueue } from './record-queue.ts'
import { toResultRow } from './result-row.ts'
import { recordResultRows, saveResultRows } from './save-results.ts'
import type { StoreTables } from './schema.ts'
import { checkSchemaName } from './schema-name.ts'
import type { StoreContext } from './store-context.ts'
import { resolveStoreOptions, type SqlStoreOptions } from './store-options.ts'
import { finishTask, getTask, listTasks, moveCheckpoint, readSummary, startTask } from './task-queries.ts'
import { escapedJsonText } from './text-escape.ts'
import { readOpenUploads, removeUpload, saveUpload } from './upload-queries.ts'
import type { HeldConnection } from './write-transaction.ts'

const PAGE_ROWS = 500
const FAILURES: readonly Verdict[] = ['mismatch', 'unverified', 'failed']

export interface KyselyResultStoreOptions extends SqlStoreOptions {
  /** Any Kysely dialect. */
  readonly dialect: Dialect
  /**
   * What Kysely's dialect does not say about the database.
   * @defaultValue by the dialect's adapter: `SqliteAdapter` or `PostgresAdapter`
   */
  readonly flavor?: SqlFlavor | undefined
  /**
   * Where the tables lie, for databases that have schemas: a letter or `_`, then letters, digits and `_`, 63 characters at most.
   * @defaultValue the connection's own default
   */
  readonly schema?: string | undefined
  /**
   * true: `close()` also ends the connections behind the dialect (Kysely's `destroy`). The dialect of a pool or database that others use too leaves it false.
   * @defaultValue false
   */
  readonly destroyOnClose?: boolean | undefined
  /**
   * For SQLite: holds the dialect's one connection, past Kysely's executor, for the statements that run for each object. Nobody else may use the connection
   * until it is released. Called after the dialect's driver was opened.
   */
  readonly hold?: (() => Promise<HeldConnection>) | undefined
  /**
   * For SQLite: the same connection without waiting, where nobody uses or awaits it at this moment; null where somebody does. It is used within the same
   * turn of the event loop and not kept. `record` writes with it what is due at once, in one transaction. Called after the dialect's driver was opened.
   */
  readonly direct?: (() => DirectConnection | null) | undefined
}

/**
 * The result store in SQL, written once for every database that Kysely knows: three tables and the view `integrity_summary`.
 *
 * Every write is one transaction. Calls are repeated, with growing waits, while the database is away or busy (`retry`); what they write is idempotent.
 * Text is stored escaped where a database could not hold it (U+0000, U+0001, lone surrogates: {@link escapeText}).
 *
 * @example
 * ```ts
 * const store = new KyselyResultStore({ dialect: new PostgresDialect({ pool }) })
 * await migrateObject({ source, destination, store })
 * ```
 */
export class KyselyResultStore implements ResultStore {
  readonly #context: StoreContext
  readonly #unscoped: Kysely<StoreTables>
  readonly #schema: string | undefined
  readonly #destroyOnClose: boolean
  readonly #runner: CallRunner
  readonly #records: RecordQueue | null
  #opened = false
  #opening: Promise<void> | null = null
  #closing: Promise<void> | null = null
  /** calls of `record` that have not settled */
  #recording = 0
  #onRecorded: (() => void) | null = null
  #durable = false

  /** Does no I/O. @throws `ERR_INVALID_OPTION` for an option that cannot be used */
  constructor(options: KyselyResultStoreOptions) {
    if (typeof options !== 'object' || options === null) throw invalidOption('options', options, 'an object')
    if (typeof options.dialect?.createDriver !== 'function') throw invalidOption('dialect', options.dialect, 'a Kysely dialect')
    if (options.schema !== undefined) checkSchemaName('schema', options.schema)
    const flavor = options.flavor ?? detectFlavor(options.dialect)
    this.#runner = new CallRunner(flavor, resolveStoreOptions(options))
    this.#unscoped = new Kysely<StoreTables>({ dialect: options.dialect })
    this.#schema = options.schema
    this.#context = {
      flavor,
      db: options.schema === undefined ? this.#unscoped : this.#unscoped.withSchema(options.schema),
      statements: new Map(),
      startedTasks: new RecentTasks(),
      hold: options.hold ?? null,
      held: null,
    }
    this.#records = options.direct === undefined ? null : new RecordQueue(this.#context, options.direct)
    this.#destroyOnClose = options.destroyOnClose ?? false
  }

  get durable(): boolean {
    return this.#durable
  }

  async open(options?: StoreCallOptions): Promise<void> {
    options?.signal?.throwIfAborted()
    this.#assertOpen()
    if (this.#opened) return
    // shared by all callers: one caller's abort ends its own wait only
    this.#opening ??= this.#openOnce().catch((error: unknown) => {
      this.#opening = null
      throw error
    })
    await untilAborted(this.#opening, options?.signal)
  }

  async startTask(task: TaskStart, options?: StoreCallOptions): Promise<TaskRecord> {
    checkTaskStart(task)
    checkPlainJson('task.options', task.options)
    return await this.#call('start a task', options, (signal) => startTask(this.#context, task, signal))
  }

  async saveResults(task: TaskEpoch, results: readonly ObjectResult[], options?: StoreCallOptions): Promise<void> {
    checkTaskEpoch(task)
    if (!Array.isArray(results)) throw invalidOption('results', results, 'an array')
    results.forEach((result, index) => {
      checkResult(`results[${index}]`, result, task.taskId)
    })
    const rows = results.map(toResultRow)
    await this.#call('save results', options, (signal) => saveResultRows(this.#context, task, rows, signal))
  }

  async record(
    task: TaskStart,
    result: ObjectResult,
    options: StoreCallOptions & { readonly finish?: Exclude<TaskStatus, 'running'> | undefined } = {},
  ): Promise<void> {
    checkTaskStart(task)
    // those of a task that is there are not stored again
    const known = this.#context.startedTasks.has(task.taskId) && options.finish === undefined
    const taskOptions = known ? null : escapedJsonText(task.options, checkPlainJson('task.options', task.options))
    if (options.finish !== undefined) checkEnd('finish', options.finish)
    checkResult('result', result, task.taskId)
    const row = toResultRow(result)
    const finish = options.finish ?? null
    this.#recording += 1
    try {
      await this.open(options)
      if (this.#records !== null && (await this.#records.add({ task, options: taskOptions, row, finish }, options.signal))) return
      // also where the store is being closed: this row was handed in before
      await this.#runner.run('save results', options.signal, (signal) => recordResultRows(this.#context, task, [row], finish, signal))
    } finally {
      this.#recording -= 1
      if (this.#recording === 0) this.#onRecorded?.()
    }
  }

  async checkpoint(task: TaskEpoch, checkpoint: string, options?: StoreCallOptions): Promise<void> {
    checkTaskEpoch(task)
    checkText('checkpoint', checkpoint)
    await this.#call('move a checkpoint', options, (signal) => moveCheckpoint(this.#context, task, checkpoint, signal))
  }

  async finishTask(task: TaskEpoch, status: Exclude<TaskStatus, 'running'>, options?: StoreCallOptions): Promise<TaskRecord> {
    checkTaskEpoch(task)
    checkEnd('status', status)
    return await this.#call('finish a task', options, (signal) => finishTask(this.#context, task, status, signal))
  }

  async getTask(taskId: string, options?: StoreCallOptions): Promise<TaskRecord | null> {
    checkTaskId('taskId', taskId)
    return await this.#call('read a task', options, () => getTask(this.#context, taskId))
  }

  async listTasks(query: { readonly status?: TaskStatus; readonly limit?: number } = {}, options?: StoreCallOptions): Promise<TaskRecord[]> {
    if (query.status !== undefined) checkStatus('query.status', query.status)
    checkLimit('query.limit', query.limit)
    return await this.#call('list tasks', options, () => listTasks(this.#context, query))
  }

  async summary(taskId?: string, options?: StoreCallOptions): Promise<IntegritySummary[]> {
    if (taskId !== undefined) checkTaskId('taskId', taskId)
    return await this.#call('read the summary', options, () => readSummary(this.#context, taskId))
  }

  results(query: ResultQuery = {}, options?: StoreCallOptions): AsyncIterable<StoredResult> {
    if (query.taskId !== undefined) checkTaskId('query.taskId', query.taskId)
    checkLimit('query.limit', query.limit)
    checkVerdicts('query.verdicts', query.verdicts)
    return this.#pages(query, options)
  }

  failures(query: ResultQuery = {}, options?: StoreCallOptions): AsyncIterable<StoredResult> {
    checkVerdicts('query.verdicts', query.verdicts)
    const asked = query.verdicts
    return this.results({ ...query, verdicts: asked === undefined ? FAILURES : FAILURES.filter((verdict) => asked.includes(verdict)) }, options)
  }

  async findVerified(
    source: { readonly bucket: string; readonly key: string; readonly versionId?: string | null; readonly etag?: string | null },
    options?: StoreCallOptions,
  ): Promise<StoredResult | null> {
    checkText('source.bucket', source?.bucket)
    checkText('source.key', source.key)
    return await this.#call('look for a verified object', options, () => findVerified(this.#context, source))
  }

  async saveUpload(task: TaskEpoch, upload: OpenUpload, options?: StoreCallOptions): Promise<void> {
    checkTaskEpoch(task)
    checkUpload(task, upload)
    await this.#call('note an upload', options, (signal) => saveUpload(this.#context, task, upload, signal))
  }

  async removeUpload(task: TaskEpoch, uploadId: string, options?: StoreCallOptions): Promise<void> {
    checkTaskEpoch(task)
    checkText('uploadId', uploadId)
    await this.#call('forget an upload', options, (signal) => removeUpload(this.#context, task, uploadId, signal))
  }

  async openUploads(taskId?: string, options?: StoreCallOptions): Promise<OpenUpload[]> {
    if (taskId !== undefined) checkTaskId('taskId', taskId)
    return await this.#call('list open uploads', options, () => readOpenUploads(this.#context, taskId))
  }

  async acquireLease(taskId: string, owner: string, ttlMs: number, options?: StoreCallOptions): Promise<Lease> {
    checkTaskId('taskId', taskId)
    if (typeof owner !== 'string' || owner === '') throw invalidOption('owner', owner, 'a text that is not empty')
    checkTtl(ttlMs)
    return await this.#call('take a lease', options, (signal) => acquireLease(this.#context, taskId, owner, ttlMs, signal))
  }

  async heartbeat(lease: Lease, ttlMs: number, options?: StoreCallOptions): Promise<Lease> {
    checkTaskEpoch(lease)
    checkTtl(ttlMs)
    return await this.#call('extend a lease', options, (signal) => heartbeat(this.#context, lease, ttlMs, signal))
  }

  async releaseLease(lease: Lease, options?: StoreCallOptions): Promise<void> {
    checkTaskEpoch(lease)
    await this.#call('release a lease', options, (signal) => releaseLease(this.#context, lease, signal))
  }

  async prune(query: { readonly finishedBefore: Date }, options?: StoreCallOptions): Promise<{ readonly tasks: number; readonly results: number }> {
    checkDate('query.finishedBefore', query?.finishedBefore)
    return await this.#call('prune', options, (signal) => pruneTasks(this.#context, query.finishedBefore, signal))
  }

  async close(): Promise<void> {
    this.#closing ??= this.#closeOnce()
    await this.#closing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async *#pages(query: ResultQuery, options: StoreCallOptions | undefined): AsyncGenerator<StoredResult, void, undefined> {
    let left = query.limit ?? Number.POSITIVE_INFINITY
    let after: PagePosition | null = null
    do {
      const limit = Math.min(PAGE_ROWS, left)
      const { taskId, verdicts } = query
      const position: PagePosition | null = after
      const page: ResultPage = await this.#call('read results', options, () => readPage(this.#context, { taskId, verdicts, limit, after: position }))
      for (const result of page.results) {
        options?.signal?.throwIfAborted()
        yield result
      }
      left -= page.results.length
      after = page.next
    } while (after !== null && left > 0)
  }

  async #call<T>(action: string, options: StoreCallOptions | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    await this.open(options)
    this.#assertOpen()
    return await this.#runner.run(action, options?.signal, work)
  }

  async #openOnce(): Promise<void> {
    await this.#runner.run('open its database', undefined, async () => {
      await migrateToLatest(this.#unscoped, this.#context.flavor, this.#schema)
      this.#durable = await this.#context.flavor.isDurable(this.#unscoped)
    })
    this.#opened = true
  }

  async #closeOnce(): Promise<void> {
    await this.#opening?.catch(() => undefined)
    this.#records?.flush()
    if (this.#recording > 0) {
      await new Promise<void>((resolve) => {
        this.#onRecorded = resolve
      })
    }
    await this.#runner.idle()
    if (this.#destroyOnClose) await this.#unscoped.destroy()
  }

  #assertOpen(): void {
    if (this.#closing !== null) throw new SealiftError('ERR_INVALID_STATE', 'the result store was closed')
  }
}

async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await promise
  let onAbort: () => void = () => undefined
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
