import {
  type EndpointResult,
  type ErrorContext,
  invalidOption,
  type ObjectResult,
  type OpenUpload,
  SealiftError,
  type TaskEpoch,
  type TaskStart,
  type TaskStatus,
  VERDICTS,
  type Verdict,
} from '@sealift/core'

/** The longest delay that a lease may have. */
const MAX_TTL_MS = 24 * 60 * 60 * 1000
const STATUSES: readonly TaskStatus[] = ['running', 'completed', 'failed', 'aborted']

export function checkTaskId(option: string, value: unknown): void {
  if (typeof value !== 'string' || value === '' || value.length > 512) throw invalidOption(option, value, 'a text of 1 to 512 characters')
}

export function checkTaskEpoch(task: TaskEpoch): void {
  checkTaskId('task.taskId', task?.taskId)
  if (!Number.isSafeInteger(task.epoch) || task.epoch < 0) throw invalidOption('task.epoch', task.epoch, 'an integer of at least 0')
}

export function checkTtl(ttlMs: unknown): void {
  if (!Number.isSafeInteger(ttlMs) || (ttlMs as number) < 1 || (ttlMs as number) > MAX_TTL_MS) {
    throw invalidOption('ttlMs', ttlMs, `an integer from 1 to ${MAX_TTL_MS}`)
  }
}

export function checkText(option: string, value: unknown): void {
  if (typeof value !== 'string') throw invalidOption(option, value, 'a text')
}

export function checkLimit(option: string, value: unknown): void {
  if (value !== undefined && (!Number.isSafeInteger(value) || (value as number) < 1)) throw invalidOption(option, value, 'an integer of at least 1')
}

export function checkVerdicts(option: string, value: readonly Verdict[] | undefined): void {
  if (value === undefined) return
  if (!Array.isArray(value) || value.some((verdict) => !VERDICTS.includes(verdict))) throw invalidOption(option, value, `an array of ${VERDICTS.join(', ')}`)
}

export function checkDate(option: string, value: unknown): void {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) throw invalidOption(option, value, 'a valid Date')
}

/** The stored form itself, on days that every month has: nothing to parse, and formatting a date is dear. */
const STORED_INSTANT = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/

/** ISO 8601 text in the one form that is stored: UTC, milliseconds. */
export function isoInstant(option: string, value: string, context: ErrorContext = {}): string {
  if (typeof value === 'string' && STORED_INSTANT.test(value)) return value
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN
  if (Number.isNaN(time)) throw inContext(invalidOption(option, value, 'an ISO 8601 instant'), context)
  return new Date(time).toISOString()
}

/** Refuses a result that no row can hold, before anything is written. */
export function checkResult(option: string, result: ObjectResult, taskId: string): void {
  const context: ErrorContext =
    typeof result?.source?.key === 'string' && typeof result.source.bucket === 'string' ? { bucket: result.source.bucket, key: result.source.key } : {}
  const fail = (name: string, actual: unknown, expected: string): never => {
    throw inContext(invalidOption(`${option}.${name}`, actual, expected), context)
  }
  const checkCount = (name: string, value: unknown): void => {
    if (!Number.isSafeInteger(value) || (value as number) < 0) fail(name, value, 'an integer from 0 to 2^53-1')
  }
  const checkEndpoint = (name: string, end: EndpointResult): void => {
    if (typeof end !== 'object' || end === null) fail(name, end, 'an object')
    for (const field of ['provider', 'bucket', 'key'] as const) if (typeof end[field] !== 'string') fail(`${name}.${field}`, end[field], 'a text')
    for (const field of ['versionId', 'etag'] as const)
      if (end[field] !== null && typeof end[field] !== 'string') fail(`${name}.${field}`, end[field], 'a text or null')
    if (end.sizeBytes !== null) checkCount(`${name}.sizeBytes`, end.sizeBytes)
    if (end.lastModified !== null) isoInstant(`${option}.${name}.lastModified`, end.lastModified, context)
  }

  if (typeof result !== 'object' || result === null) fail('', result, 'an ObjectResult')
  if (result.taskId !== taskId) fail('taskId', result.taskId, `the task's own id, ${JSON.stringify(taskId)}`)
  checkEndpoint('source', result.source)
  checkEndpoint('destination', result.destination)
  if (!VERDICTS.includes(result.verdict)) fail('verdict', result.verdict, `one of ${VERDICTS.join(', ')}`)
  for (const list of ['evidence', 'notCarried', 'orphans'] as const) if (!Array.isArray(result[list])) fail(list, result[list], 'an array')
  for (const count of ['attempts', 'bytesRead', 'bytesWritten', 'requests'] as const) checkCount(count, result[count])
  if (!Number.isFinite(result.durationMs) || result.durationMs < 0 || result.durationMs > Number.MAX_SAFE_INTEGER) {
    fail('durationMs', result.durationMs, 'a number of milliseconds of at least 0')
  }
  if (typeof result.digests !== 'object' || result.digests === null) fail('digests', result.digests, 'an object')
  for (const [algorithm, digest] of Object.entries(result.digests)) if (typeof digest !== 'string') fail(`digests.${algorithm}`, digest, 'lower-case hex')
  if (result.parts !== null) {
    checkCount('parts.count', result.parts.count)
    checkCount('parts.sizeBytes', result.parts.sizeBytes)
  }
  isoInstant(`${option}.startedAt`, result.startedAt, context)
}

function inContext(error: SealiftError, context: ErrorContext): SealiftError {
  return new SealiftError(error.code, error.message, { context: { ...error.context, ...context } })
}

/** All but the options, which are looked at where they are stored. */
export function checkTaskStart(task: TaskStart): void {
  checkTaskId('task.taskId', task?.taskId)
  checkText('task.source', task.source)
  checkText('task.destination', task.destination)
  if (task.optionsDigest !== null) checkText('task.optionsDigest', task.optionsDigest)
}

export function checkStatus(option: string, status: TaskStatus): void {
  if (!STATUSES.includes(status)) throw invalidOption(option, status, STATUSES.join(', '))
}

/** How a task may end. */
export function checkEnd(option: string, status: TaskStatus): void {
  if (status === 'running' || !STATUSES.includes(status)) throw invalidOption(option, status, 'completed, failed or aborted')
}

export function checkUpload(task: TaskEpoch, upload: OpenUpload): void {
  if (upload?.taskId !== task.taskId) throw invalidOption('upload.taskId', upload?.taskId, `the task's own id, ${JSON.stringify(task.taskId)}`)
  checkText('upload.key', upload.key)
  checkText('upload.uploadId', upload.uploadId)
  for (const field of ['partSizeBytes', 'parts'] as const) {
    if (!Number.isSafeInteger(upload[field]) || upload[field] < 0) throw invalidOption(`upload.${field}`, upload[field], 'an integer from 0 to 2^53-1')
  }
  isoInstant('upload.createdAt', upload.createdAt)
}

/** @returns the value as JSON text */
export function checkPlainJson(option: string, value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalidOption(option, value, 'plain JSON data')
  try {
    return JSON.stringify(value)
  } catch {
    throw invalidOption(option, value, 'plain JSON data (no cycles, no bigints)')
  }
}
