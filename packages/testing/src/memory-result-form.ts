import { type ErrorContext, invalidOption, type ObjectResult, SealiftError, type StoredResult, VERDICTS } from '@sealift/core'

const MAX_TTL_MS = 24 * 60 * 60 * 1000

export function checkTaskId(option: string, value: unknown): void {
  if (typeof value !== 'string' || value === '' || value.length > 512) throw invalidOption(option, value, 'a text of 1 to 512 characters')
}

export function checkTtl(ttlMs: unknown): void {
  if (!Number.isSafeInteger(ttlMs) || (ttlMs as number) < 1 || (ttlMs as number) > MAX_TTL_MS)
    throw invalidOption('ttlMs', ttlMs, `an integer from 1 to ${MAX_TTL_MS}`)
}

export function checkCount(option: string, value: unknown): void {
  if (value !== undefined && (!Number.isSafeInteger(value) || (value as number) < 1)) throw invalidOption(option, value, 'an integer of at least 1')
}

export function isoInstant(option: string, value: string): string {
  const time = Date.parse(value)
  if (Number.isNaN(time)) throw invalidOption(option, value, 'an ISO 8601 instant')
  return new Date(time).toISOString()
}

/** The form in which a result comes back from a store: instants in UTC with milliseconds, no empty version, the layout's origin `record` or `single`. */
export function storedForm(option: string, result: ObjectResult, taskId: string, recordedAt: string): StoredResult {
  const context: ErrorContext = typeof result?.source?.key === 'string' ? { key: result.source.key } : {}
  const refuse = (name: string, actual: unknown, expected: string): never => {
    const error = invalidOption(`${option}.${name}`, actual, expected)
    throw new SealiftError(error.code, error.message, { context: { ...error.context, ...context } })
  }
  if (result.taskId !== taskId) refuse('taskId', result.taskId, `the task's own id, ${JSON.stringify(taskId)}`)
  if (!VERDICTS.includes(result.verdict)) refuse('verdict', result.verdict, `one of ${VERDICTS.join(', ')}`)
  const counts: readonly (readonly [string, number | null])[] = [
    ['source.sizeBytes', result.source.sizeBytes],
    ['destination.sizeBytes', result.destination.sizeBytes],
    ['attempts', result.attempts],
    ['bytesRead', result.bytesRead],
    ['bytesWritten', result.bytesWritten],
    ['requests', result.requests],
    ['parts.count', result.parts?.count ?? null],
    ['parts.sizeBytes', result.parts?.sizeBytes ?? null],
  ]
  for (const [name, value] of counts) if (value !== null && (!Number.isSafeInteger(value) || value < 0)) refuse(name, value, 'an integer from 0 to 2^53-1')
  const copy = structuredClone(result)
  const instant = (name: string, value: string | null): string | null => (value === null ? null : isoInstant(`${option}.${name}`, value))
  return {
    ...copy,
    source: {
      ...copy.source,
      versionId: copy.source.versionId === '' ? null : copy.source.versionId,
      lastModified: instant('source.lastModified', copy.source.lastModified),
    },
    destination: { ...copy.destination, lastModified: instant('destination.lastModified', copy.destination.lastModified) },
    parts: copy.parts === null ? null : { ...copy.parts, origin: copy.route === 'single' ? 'single' : 'record' },
    startedAt: isoInstant(`${option}.startedAt`, copy.startedAt),
    durationMs: Math.round(copy.durationMs),
    recordedAt,
  }
}
