import { AsyncLocalStorage } from 'node:async_hooks'
import { eitherSignal, neverAborted, unlessAborted } from '../abort.ts'
import type { CopyJob, CopySettings } from '../copy/copy-job.ts'
import { SealiftError } from '../errors.ts'
import { NativeHashEngine } from '../hash/native-hash-engine.ts'
import type { ObjectResult } from '../object-result.ts'
import type { ObjectStore } from '../ports/object-store.ts'
import type { ProviderProfile } from '../ports/provider-profile.ts'
import type { ResultStore } from '../ports/result-store.ts'
import { createS3ObjectStore } from '../s3/s3-object-store.ts'
import type { Verdict } from '../verify/evidence.ts'
import { checkCredentials, checkNotSame } from './endpoint-checks.ts'
import { isHeard, publish, type SealiftEvents } from './events.ts'
import type { DestinationLocation, Location, SourceLocation } from './location-options.ts'
import type { DetectProvider } from './migrate-options.ts'
import { createPace } from './pace.ts'
import { chooseProfile } from './provider-choice.ts'
import { serverSideBetween } from './same-endpoint.ts'
import { TaskRecorder } from './task-recorder.ts'
import { timeOrderedId } from './time-ordered-id.ts'

/** What one object's run needs, whether it copies or only verifies. */
export interface ObjectRunOptions {
  readonly source: SourceLocation
  readonly destination: DestinationLocation
  readonly sourceKey: string
  readonly destinationKey: string
  readonly settings: CopySettings
  readonly detect: DetectProvider | undefined
  readonly store: ResultStore | undefined
  readonly events: SealiftEvents | undefined
  readonly signal: AbortSignal | undefined
  readonly taskId: string | null
  readonly accept: readonly Verdict[]
  readonly timeoutMs: number | null
  readonly idleTimeoutMs: number
  readonly transport: 'auto' | 'sdk' | 'direct'
  /** a copy inside the endpoint is allowed. Default false */
  readonly serverSideCopy?: boolean
  /** for the task's record: options as plain data */
  readonly recordedOptions: Readonly<Record<string, unknown>>
}

/** The work in the middle: everything around it is the same for a copy and a verification. */
export type ObjectWork = (
  job: CopyJob,
  profiles: { readonly source: ProviderProfile; readonly destination: ProviderProfile },
) => Promise<Omit<ObjectResult, RunFields>>
type RunFields = 'taskId' | 'attempts' | 'bytesRead' | 'bytesWritten' | 'requests' | 'startedAt' | 'durationMs' | 'notCarried' | 'orphans'

const PROGRESS_EVERY_MS = 100

/**
 * Runs the work of one object: opens both endpoints, keeps the deadline, publishes events, records the result, and resolves or rejects by its verdict.
 * On the caller's abort it rejects with `signal.reason`, and nothing is recorded.
 */
export async function runObject(options: ObjectRunOptions, work: ObjectWork): Promise<ObjectResult> {
  const { signal, store } = options
  signal?.throwIfAborted()
  const taskId = options.taskId ?? timeOrderedId()
  const startedAt = new Date()
  const beganMs = performance.now()
  const deadline = new Deadline(signal, options.timeoutMs, options.sourceKey)
  const counters = { attempts: 1, bytesRead: 0, bytesWritten: 0, requests: 0 }
  const recorder = store === undefined ? null : new TaskRecorder(store, { taskId, own: options.taskId === null, options, events: options.events })
  const subject = {
    taskId,
    source: { bucket: options.source.bucket, key: options.sourceKey },
    destination: { bucket: options.destination.bucket, key: options.destinationKey },
  }
  const stores: ObjectStore[] = []
  let result: ObjectResult
  try {
    const profiles = await unlessAborted(prepare(options, recorder, deadline.signal), deadline.signal)
    const engine = await hashEngine()
    const open = async (side: 'source' | 'destination', location: Location): Promise<ObjectStore> => {
      const opened = await createS3ObjectStore({
        client: location.client,
        profile: profiles[side],
        side,
        sse: location.sse,
        expectedBucketOwner: location.expectedBucketOwner,
        requestPayer: location.requestPayer,
        idleTimeoutMs: options.idleTimeoutMs,
        transport: options.transport,
        onTransport: (info) => {
          if (isHeard(options.events, 'object:transport')) publish(options.events, 'object:transport', { ...subject, side, ...info })
        },
        firstByteTimeoutMs: options.idleTimeoutMs,
        connectTimeoutMs: Math.min(10_000, options.idleTimeoutMs),
        onRequest: (info) => {
          counters.requests += info.attempts
        },
      })
      stores.push(opened)
      return opened
    }
    let toldAtMs = Number.NEGATIVE_INFINITY
    // bytes arrive in the asynchronous context of whoever opened the connection
    const inCallersContext = isHeard(options.events, 'object:progress') ? AsyncLocalStorage.snapshot() : null
    const job: CopyJob = {
      source: await open('source', options.source),
      destination: await open('destination', options.destination),
      sourceRef: { bucket: options.source.bucket, key: options.sourceKey, versionId: options.source.versionId },
      destinationRef: { bucket: options.destination.bucket, key: options.destinationKey },
      sourceTrust: 'profile',
      destinationTrust: 'profile',
      settings: options.settings,
      signal: deadline.signal,
      engine,
      counters,
      observer: {
        retry: (info) => publish(options.events, 'object:retry', { ...subject, ...info }),
        throttled: (info) => publish(options.events, 'throttled', { ...subject, ...info }),
        progress: (info) => {
          if (!isHeard(options.events, 'object:progress')) return
          const now = performance.now()
          if (now - toldAtMs < PROGRESS_EVERY_MS) return
          toldAtMs = now
          const tell = (): void => publish(options.events, 'object:progress', { ...subject, ...info })
          if (inCallersContext === null) tell()
          else inCallersContext(tell)
        },
        partCompleted: (info) => publish(options.events, 'part:completed', { ...subject, ...info }),
        uploadOpened: async (info) => recorder?.uploadOpened({ ...info, key: options.sourceKey, versionId: options.source.versionId ?? null }, deadline.signal),
        uploadClosed: async (uploadId) => recorder?.uploadClosed(uploadId),
        routeChosen: (info) => publish(options.events, 'object:route', { ...subject, ...info }),
      },
      notCarried: [],
      orphans: [],
      lostWrite: { sinceMs: null },
      ...(options.serverSideCopy === true ? { serverSide: await unlessAborted(serverSideBetween(options.source, options.destination), deadline.signal) } : {}),
      history: [],
      pace: createPace(options.settings.bytesPerSecond, deadline.signal),
    }
    publish(options.events, 'object:started', subject)
    const complete = (done: Omit<ObjectResult, RunFields>): ObjectResult => ({
      ...done,
      taskId,
      notCarried: [...job.notCarried],
      orphans: [...job.orphans],
      attempts: counters.attempts,
      bytesRead: counters.bytesRead,
      bytesWritten: counters.bytesWritten,
      requests: counters.requests,
      startedAt: startedAt.toISOString(),
      durationMs: Math.round(performance.now() - beganMs),
    })
    try {
      result = complete(await work(job, profiles))
    } catch (error) {
      if (signal?.aborted === true) throw signal.reason
      result = complete(failedResult(options, profiles, deadline.expired ?? error))
    }
  } catch (error) {
    await recorder?.aborted()
    throw signal?.aborted === true ? signal.reason : (deadline.expired ?? error)
  } finally {
    deadline.clear()
    // after an abort or a time-out nothing of ours is left, idle connections included
    for (const opened of stores) opened.close({ idleConnections: deadline.signal.aborted })
  }
  await recorder?.save(result)
  publish(options.events, `object:${result.verdict === 'planned' ? 'skipped' : result.verdict}`, { ...subject, result })
  if (options.accept.includes(result.verdict)) return result
  const { code, message } = result.error ?? { code: 'ERR_UNVERIFIED' as const, message: `verdict ${result.verdict}` }
  const error = new SealiftError(code, message, { context: { bucket: options.destination.bucket, key: options.destinationKey } })
  error.result = result
  throw error
}

let engineOfProcess: Promise<NativeHashEngine> | null = null

/** One for all objects: its streams have nothing to do with each other. */
function hashEngine(): Promise<NativeHashEngine> {
  engineOfProcess ??= NativeHashEngine.create().catch((error: unknown) => {
    engineOfProcess = null
    throw error
  })
  return engineOfProcess
}

/** What is the caller's own and may take any time: the store, the credentials, the detection. */
async function prepare(
  options: ObjectRunOptions,
  recorder: TaskRecorder | null,
  signal: AbortSignal,
): Promise<{ readonly source: ProviderProfile; readonly destination: ProviderProfile }> {
  await recorder?.open(signal)
  await checkCredentials('source', options.source)
  await checkCredentials('destination', options.destination)
  await checkNotSame(options)
  return {
    source: await chooseProfile('source', options.source, options.detect, signal),
    destination: await chooseProfile('destination', options.destination, options.detect, signal),
  }
}

function failedResult(
  options: ObjectRunOptions,
  profiles: { readonly source: ProviderProfile; readonly destination: ProviderProfile },
  error: unknown,
): Omit<ObjectResult, RunFields> {
  const known = SealiftError.is(error)
    ? error
    : new SealiftError('ERR_TRANSFER', `the copy failed unexpectedly: ${error instanceof Error ? error.message : String(error)}`)
  const end = (side: 'source' | 'destination', bucket: string, key: string, versionId: string | null): ObjectResult['source'] => ({
    provider: profiles[side].id,
    bucket,
    key,
    versionId,
    etag: null,
    sizeBytes: null,
    lastModified: null,
  })
  return {
    source: end('source', options.source.bucket, options.sourceKey, options.source.versionId ?? null),
    destination: end('destination', options.destination.bucket, options.destinationKey, null),
    digests: {},
    verdict: known.code === 'ERR_DESTINATION_EXISTS' ? 'skipped' : 'failed',
    assurance: 'none',
    evidence: [],
    route: null,
    parts: null,
    error: { code: known.code, message: known.message },
  }
}

/** The caller's signal and the object's own time limit in one. */
class Deadline {
  readonly signal: AbortSignal
  readonly #timer: NodeJS.Timeout | null = null
  #expired: SealiftError | null = null

  constructor(signal: AbortSignal | undefined, timeoutMs: number | null, key: string) {
    if (timeoutMs === null) {
      this.signal = signal ?? neverAborted
      return
    }
    const controller = new AbortController()
    this.signal = eitherSignal(signal ?? neverAborted, controller.signal)
    this.#timer = setTimeout(() => {
      this.#expired = new SealiftError('ERR_TIMEOUT', `${key}: not done after ${timeoutMs} ms`, {
        retryable: true,
        context: { key, expected: `at most ${timeoutMs} ms` },
      })
      controller.abort(this.#expired)
    }, timeoutMs)
  }

  /** the error of the limit, once it has passed */
  get expired(): SealiftError | null {
    return this.#expired
  }

  clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
  }
}
