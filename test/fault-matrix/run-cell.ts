import { abortUploads, migrateObject, type ObjectResult, SealiftEvents, type SourceLocation, VERDICTS } from '@sealift/core'
import type { Cell } from './cell.ts'
import type { KnownBytes } from './object-bytes.ts'
import { bytesAtRest, openUploads } from './plain-requests.ts'
import type { Stage, StageEnd } from './stage.ts'
import { transportFor } from './transport-choice.ts'

/** Longer than this without an end is a hang; the longest legitimate cells are 12 stalls of 2 s and their backoff. */
const HANG_AFTER_MS = 90_000

/** Where nothing may ever move again, so that only the deadline ends it. */
const SHORT_DEADLINE_MS = 2_000
/** Elsewhere a deadline that passes on a busy machine would be a second fault. */
const LONG_DEADLINE_MS = 15_000

function needsDeadline({ row, shape }: Cell): boolean {
  return row.faults(shape).some((fault) => {
    if ('rule' in fault) return fault.rule.down?.stallAt !== undefined || fault.rule.up?.stallAt !== undefined || fault.rule.up?.endAt !== undefined
    const { action } = fault
    return action.kind === 'stall' || action.kind === 'delay' || (action.kind === 'flip-header' && action.name === 'content-length')
  })
}

/** What was seen of one cell. */
export interface CellOutcome {
  readonly cell: Cell
  readonly result: ObjectResult | null
  /** when and why something was tried again, as the engine's events tell it */
  readonly retries: readonly { readonly atMs: number; readonly reason: string }[]
  /** what the call rejected with; it should not, as every verdict is accepted */
  readonly rejected: unknown
  readonly hung: boolean
  readonly wallMs: number
  /** of each fault */
  readonly fired: readonly number[]
  readonly sourceStates: readonly KnownBytes[]
  /** null: no object there */
  readonly atRest: Buffer | null
  /** the very version that the result names, where the bucket keeps versions; else as `atRest` */
  readonly named: Buffer | null
  /** unfinished uploads right after the copy, and after `abortUploads` where that was due */
  readonly uploadsLeft: number
  readonly uploadsAfterAbort: number
}

/** Copies once under the cell's faults, lifts them, and looks at what is at rest past every proxy. */
export async function runCell(cell: Cell, stage: Stage): Promise<CellOutcome> {
  const { source, destination } = stage
  const startedAt = performance.now()
  const hang = new AbortController()
  const timer = setTimeout(() => hang.abort(new Error('hang')), HANG_AFTER_MS)
  let result: ObjectResult | null = null
  let rejected: unknown = null
  const retries: { readonly atMs: number; readonly reason: string }[] = []
  const events = new SealiftEvents()
  events.on('object:retry', ({ reason }) => void retries.push({ atMs: performance.now() - startedAt, reason }))
  try {
    result = await migrateObject({
      source: locationOf(source, stage),
      destination: locationOf(destination, stage),
      ...(stage.detect === undefined ? {} : { detect: stage.detect }),
      accept: VERDICTS,
      signal: hang.signal,
      events,
      idleTimeoutMs: needsDeadline(cell) ? SHORT_DEADLINE_MS : LONG_DEADLINE_MS,
      settleMs: 3_000,
      // the client of a faulty connection has an agent of its own, which the direct path refuses
      transport: cell.row.faults(cell.shape).some((fault) => 'connection' in fault) ? 'sdk' : transportFor(cell.ground === 'kit-ceph' ? 'sdk' : 'auto'),
      attempts: cell.frequency === 'always' ? cell.shape.attemptsUnderAlways : 3,
      ...(cell.shape.memoryBytes === null ? {} : { memoryBytes: cell.shape.memoryBytes }),
      ...cell.row.options,
    })
  } catch (error) {
    rejected = error
  } finally {
    clearTimeout(timer)
  }
  const wallMs = performance.now() - startedAt
  await stage.lift()
  const uploads = (): Promise<number> => openUploads(destination.plain, destination.bucket, destination.key).then((found) => found.length)
  const uploadsLeft = await uploads()
  if (cell.row.setting?.mayLeaveUploads === true || (result?.orphans.length ?? 0) > 0) {
    await abortUploads({ client: destination.plain, bucket: destination.bucket, key: destination.key, profile: destination.profile })
  }
  const versionId = cell.row.setting?.versionedDestination === true ? (result?.destination.versionId ?? null) : null
  const atRest = await bytesAtRest(destination.plain, destination.bucket, destination.key)
  return {
    cell,
    result,
    retries,
    rejected,
    hung: hang.signal.aborted,
    wallMs,
    fired: stage.fired(),
    sourceStates: await stage.sourceStates(),
    atRest,
    named: versionId === null ? atRest : await bytesAtRest(destination.plain, destination.bucket, destination.key, versionId),
    uploadsLeft,
    uploadsAfterAbort: await uploads(),
  }
}

function locationOf({ client, bucket, key, profile, sse }: StageEnd, { detect }: Stage): SourceLocation {
  return { client, bucket, key, ...(detect === undefined ? { profile } : {}), ...(sse === undefined ? {} : { sse }) }
}
