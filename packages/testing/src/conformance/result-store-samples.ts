import assert from 'node:assert/strict'
import {
  type ErrorCode,
  type Evidence,
  type ObjectResult,
  type ResultStore,
  SealiftError,
  type StoredResult,
  type TaskEpoch,
  type TaskStart,
  type Verdict,
} from '@sealift/core'

/** A task's start that a store has to give back as it is. */
export function sampleTask(taskId: string): TaskStart {
  return {
    taskId,
    source: 'ceph:legacy/photos/',
    destination: 'r2:new',
    options: { prefix: 'photos/', nested: { hashes: ['md5', 'sha1'], partSizeBytes: 16_777_216, nothing: null }, overwrite: false },
    optionsDigest: '9f86d081884c7d65',
  }
}

/** Starts the task and gives the epoch of a writer without a lease. */
export async function started(store: ResultStore, taskId: string): Promise<TaskEpoch> {
  await store.startTask(sampleTask(taskId))
  return { taskId, epoch: 0 }
}

export interface SampleChanges {
  readonly key?: string
  readonly versionId?: string | null
  readonly verdict?: Verdict
  readonly sizeBytes?: number | null
  readonly evidence?: readonly Evidence[]
  readonly etag?: string | null
  readonly bucket?: string
  readonly more?: Partial<ObjectResult>
}

/** A whole, plausible result; everything in it is in the form in which a store gives it back. */
export function sampleResult(taskId: string, changes: SampleChanges = {}): ObjectResult {
  const key = changes.key ?? 'photos/1.jpg'
  const sizeBytes = changes.sizeBytes === undefined ? 1234 : changes.sizeBytes
  const etag = changes.etag === undefined ? '9e107d9d372bb6826bd81d3542a419d6' : changes.etag
  return {
    taskId,
    source: {
      provider: 'ceph',
      bucket: changes.bucket ?? 'legacy',
      key,
      versionId: changes.versionId ?? null,
      etag,
      sizeBytes,
      lastModified: '2026-01-31T12:34:56.789Z',
    },
    destination: { provider: 'r2', bucket: 'new', key: `moved/${key}`, versionId: 'v-7', etag, sizeBytes, lastModified: null },
    digests: {
      md5: '9e107d9d372bb6826bd81d3542a419d6',
      sha1: '2fd4e1c67a2d28fced849ee1bb76e7391b93eb12',
      sha256: 'd7a8fbb307d7809469ca9abcb0082e4f8d5651e46d3cdb762d02d0bf37c9e592',
      crc32: '414fa339',
      crc64nvme: 'ae8b14860a799888',
    },
    verdict: changes.verdict ?? 'verified',
    assurance: 'end-to-end',
    evidence: changes.evidence ?? [sampleEvidence({ method: 'size', leg: 'both', algorithm: null, expected: '1234', actual: '1234' })],
    route: 'multipart',
    parts: { count: 3, sizeBytes: 5_242_880, origin: 'record' },
    notCarried: [{ what: 'metadata', name: 'x-amz-meta-größe', reason: 'not ASCII' }],
    orphans: [{ bucket: 'new', key, uploadId: null, reason: 'Create got no reply' }],
    attempts: 2,
    bytesRead: 2468,
    bytesWritten: 1234,
    requests: 11,
    startedAt: '2026-02-28T23:59:59.001Z',
    durationMs: 4321,
    ...changes.more,
  }
}

export function sampleEvidence(changes: Partial<Evidence> = {}): Evidence {
  return {
    leg: 'destination',
    method: 'etag-md5',
    algorithm: 'md5',
    type: null,
    expected: 'aa',
    actual: 'aa',
    outcome: 'match',
    reason: null,
    trust: 'profile',
    ...changes,
  }
}

export async function collect(rows: AsyncIterable<StoredResult>): Promise<StoredResult[]> {
  const all: StoredResult[] = []
  for await (const row of rows) all.push(row)
  return all
}

/** The result in a stored one. */
export function withoutRecordedAt({ recordedAt, ...result }: StoredResult): ObjectResult {
  assert.match(recordedAt, ISO_INSTANT)
  return result
}

export const ISO_INSTANT: RegExp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** Asserts that a call is refused with this code, and gives the error. */
export async function refused(call: Promise<unknown>, code: ErrorCode): Promise<SealiftError> {
  try {
    await call
  } catch (error) {
    assert.ok(SealiftError.is(error), `expected a SealiftError, got ${String(error)}`)
    assert.equal(error.code, code, error.message)
    return error
  }
  return assert.fail(`expected ${code}, but the call resolved`)
}

export function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs))
}
