import { signalFor } from '../abort.ts'
import { SealiftError } from '../errors.ts'
import type { ObjectResult } from '../object-result.ts'
import type { OpenUpload, ResultStore, TaskStart } from '../ports/result-store.ts'
import { publish, type SealiftEvents } from './events.ts'

interface RecorderTask {
  readonly taskId: string
  /** the task is this one object's alone, and ends with it */
  readonly own: boolean
  readonly options: {
    readonly source: { readonly bucket: string }
    readonly destination: { readonly bucket: string }
    readonly sourceKey: string
    readonly destinationKey: string
    readonly recordedOptions: Readonly<Record<string, unknown>>
  }
  readonly events: SealiftEvents | undefined
}

/** Writes one object's row, and its open upload before the first part. The task appears in the store with its first write. */
export class TaskRecorder {
  readonly #store: ResultStore
  readonly #task: RecorderTask
  #started: Promise<unknown> | null = null

  constructor(store: ResultStore, task: RecorderTask) {
    this.#store = store
    this.#task = task
  }

  /** Opens the store before a byte is moved: a store that cannot be opened would lose the row. */
  async open(signal: AbortSignal): Promise<void> {
    await storeCall(() => this.#store.open(signalFor(signal)))
  }

  async uploadOpened(
    upload: Omit<OpenUpload, 'taskId' | 'partSizeBytes' | 'createdAt'> & { readonly partSizeBytes: number },
    signal: AbortSignal,
  ): Promise<void> {
    await this.#start()
    const { taskId } = this.#task
    await storeCall(() => this.#store.saveUpload({ taskId, epoch: 0 }, { ...upload, taskId, createdAt: new Date().toISOString() }, signalFor(signal)))
  }

  async uploadClosed(uploadId: string): Promise<void> {
    if (this.#started === null) return
    try {
      await this.#store.removeUpload({ taskId: this.#task.taskId, epoch: 0 }, uploadId)
    } catch (error) {
      // an upload noted too long is looked at once more by a later run; it is no reason to lose the object
      publish(this.#task.events, 'store:retry', { taskId: this.#task.taskId, reason: error instanceof Error ? error.message : String(error) })
    }
  }

  /** @throws `ERR_STORE` with `.result` where the row cannot be written */
  async save(result: ObjectResult): Promise<void> {
    try {
      if (this.#started === null && this.#store.record !== undefined) return await this.#recordAll(result)
      await this.#start()
      await storeCall(() => this.#store.saveResults({ taskId: this.#task.taskId, epoch: 0 }, [result]))
      if (this.#task.own) await storeCall(() => this.#store.finishTask({ taskId: this.#task.taskId, epoch: 0 }, 'completed'))
    } catch (error) {
      if (SealiftError.is(error)) error.result = result
      throw error
    }
  }

  /** The run ended without a result: a task that was begun for it is closed. Never rejects. */
  async aborted(): Promise<void> {
    if (this.#started === null || !this.#task.own) return
    await this.#started.then(() => this.#store.finishTask({ taskId: this.#task.taskId, epoch: 0 }, 'aborted')).catch(() => {})
  }

  /** Task and row in one transaction. */
  async #recordAll(result: ObjectResult): Promise<void> {
    await storeCall(async () => this.#store.record?.(this.#taskStart(), result, this.#task.own ? { finish: 'completed' } : undefined))
  }

  async #start(): Promise<void> {
    this.#started ??= storeCall(() => this.#store.startTask(this.#taskStart()))
    await this.#started
  }

  #taskStart(): TaskStart {
    const { taskId, options } = this.#task
    return {
      taskId,
      source: `${options.source.bucket}/${options.sourceKey}`,
      destination: `${options.destination.bucket}/${options.destinationKey}`,
      options: options.recordedOptions,
      optionsDigest: null,
    }
  }
}

/** What a store of the caller's own throws becomes `ERR_STORE`. */
async function storeCall<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (SealiftError.is(error)) throw error
    throw new SealiftError('ERR_STORE', `the result store failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}
