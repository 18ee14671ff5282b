import type { Assurance, ErrorCode, Evidence, HashAlgorithm, NotCarried, ObjectResult, Orphan, Route, StoredResult, Verdict } from '@sealift/core'
import { isoInstant } from './check-input.ts'
import { evidenceColumns } from './evidence-columns.ts'
import { escapedJsonText, escapeText, unescapedJson, unescapeText } from './text-escape.ts'

/** A row of `integrity_results` before it is encoded for a database: texts are escaped, JSON columns hold JSON text, booleans are still booleans. `id` and `created_at` are the database's. */
export interface ResultRow {
  readonly task_id: string
  readonly object_key: string
  /** `''` for none: a NULL would defeat the uniqueness of (task, key, version) */
  readonly version_id: string
  readonly source_bucket: string
  readonly source_etag: string | null
  readonly source_size: number | null
  readonly source_provider: string
  readonly dest_bucket: string
  readonly dest_key: string
  readonly dest_version_id: string | null
  readonly dest_etag: string | null
  readonly dest_size: number | null
  readonly dest_provider: string
  readonly calculated_md5: string | null
  readonly calculated_sha1: string | null
  readonly calculated_sha256: string | null
  readonly calculated_crc32: string | null
  /** digests that have no column of their own, as JSON text: `{ "crc64nvme": "<hex>" }` */
  readonly calculated_digests: string | null
  readonly source_last_modified: string | null
  readonly dest_last_modified: string | null
  readonly etag_match: boolean | null
  readonly size_match: boolean | null
  readonly md5_match: boolean | null
  readonly sha1_match: boolean | null
  readonly verdict: Verdict
  readonly assurance: Assurance
  readonly is_valid: boolean | null
  readonly evidence: string
  readonly not_carried: string
  readonly orphans: string
  readonly route: Route | null
  readonly part_count: number | null
  readonly part_size: number | null
  readonly attempts: number
  readonly requests: number
  readonly bytes_read: number
  readonly bytes_written: number
  readonly started_at: string
  readonly duration_ms: number
  readonly error_code: string | null
  readonly error_message: string | null
}

/** Every column that a writer fills, in table order. */
export const RESULT_COLUMNS: readonly (keyof ResultRow)[] = [
  'task_id',
  'object_key',
  'version_id',
  'source_bucket',
  'source_etag',
  'source_size',
  'source_provider',
  'dest_bucket',
  'dest_key',
  'dest_version_id',
  'dest_etag',
  'dest_size',
  'dest_provider',
  'calculated_md5',
  'calculated_sha1',
  'calculated_sha256',
  'calculated_crc32',
  'calculated_digests',
  'source_last_modified',
  'dest_last_modified',
  'etag_match',
  'size_match',
  'md5_match',
  'sha1_match',
  'verdict',
  'assurance',
  'is_valid',
  'evidence',
  'not_carried',
  'orphans',
  'route',
  'part_count',
  'part_size',
  'attempts',
  'requests',
  'bytes_read',
  'bytes_written',
  'started_at',
  'duration_ms',
  'error_code',
  'error_message',
]

/** The columns of {@link RESULT_COLUMNS} whose value is JSON text. */
export const RESULT_JSON_COLUMNS: ReadonlySet<keyof ResultRow> = new Set(['calculated_digests', 'evidence', 'not_carried', 'orphans'])

/** What makes a row unique. */
export const RESULT_IDENTITY = ['task_id', 'object_key', 'version_id'] as const

export function toResultRow(result: ObjectResult): ResultRow {
  const { source, destination, parts } = result
  const { md5 = null, sha1 = null, sha256 = null, crc32 = null, ...others } = result.digests
  return {
    task_id: escapeText(result.taskId),
    object_key: escapeText(source.key),
    version_id: escapeText(source.versionId ?? ''),
    source_bucket: escapeText(source.bucket),
    source_etag: escapeOrNull(source.etag),
    source_size: source.sizeBytes,
    source_provider: escapeText(source.provider),
    dest_bucket: escapeText(destination.bucket),
    dest_key: escapeText(destination.key),
    dest_version_id: escapeOrNull(destination.versionId),
    dest_etag: escapeOrNull(destination.etag),
    dest_size: destination.sizeBytes,
    dest_provider: escapeText(destination.provider),
    calculated_md5: escapeOrNull(md5),
    calculated_sha1: escapeOrNull(sha1),
    calculated_sha256: escapeOrNull(sha256),
    calculated_crc32: escapeOrNull(crc32),
    calculated_digests: Object.values(others).some((value) => value !== undefined) ? escapedJsonText(others) : null,
    source_last_modified: source.lastModified === null ? null : isoInstant('source.lastModified', source.lastModified),
    dest_last_modified: destination.lastModified === null ? null : isoInstant('destination.lastModified', destination.lastModified),
    ...evidenceColumns(result.evidence),
    verdict: result.verdict,
    assurance: result.assurance,
    is_valid: result.verdict === 'verified' ? true : result.verdict === 'mismatch' ? false : null,
    evidence: escapedJsonText(result.evidence),
    not_carried: escapedJsonText(result.notCarried),
    orphans: escapedJsonText(result.orphans),
    route: result.route,
    part_count: parts?.count ?? null,
    part_size: parts?.sizeBytes ?? null,
    attempts: result.attempts,
    requests: result.requests,
    bytes_read: result.bytesRead,
    bytes_written: result.bytesWritten,
    started_at: isoInstant('startedAt', result.startedAt),
    duration_ms: Math.round(result.durationMs),
    error_code: result.error?.code ?? null,
    error_message: escapeOrNull(result.error?.message ?? null),
  }
}

/** A row as the read query gives it: every number and JSON value as text, whatever the driver's own habits are. */
export interface SelectedResultRow extends Record<Exclude<keyof ResultRow, `${string}_match` | 'is_valid'>, string | null> {
  readonly created_at: string | null
}

/**
 * The result behind a row. Two things come back in another form than they were given: an empty version id is null, and the layout's origin is `record`
 * (`single` on that route), since the row is where the layout now comes from.
 */
export function fromResultRow(row: SelectedResultRow): StoredResult {
  const digests: Partial<Record<HashAlgorithm, string>> = {}
  for (const algorithm of ['md5', 'sha1', 'sha256', 'crc32'] as const) {
    const value = row[`calculated_${algorithm}`]
    if (value !== null) digests[algorithm] = unescapeText(value)
  }
  if (row.calculated_digests !== null) Object.assign(digests, parseJson<Record<string, string>>(row.calculated_digests))
  const route = row.route as Route | null
  return {
    taskId: text(row.task_id),
    source: {
      provider: text(row.source_provider),
      bucket: text(row.source_bucket),
      key: text(row.object_key),
      versionId: row.version_id === '' ? null : unescapeOrNull(row.version_id),
      etag: unescapeOrNull(row.source_etag),
      sizeBytes: numberOrNull(row.source_size),
      lastModified: row.source_last_modified,
    },
    destination: {
      provider: text(row.dest_provider),
      bucket: text(row.dest_bucket),
      key: text(row.dest_key),
      versionId: unescapeOrNull(row.dest_version_id),
      etag: unescapeOrNull(row.dest_etag),
      sizeBytes: numberOrNull(row.dest_size),
      lastModified: row.dest_last_modified,
    },
    digests,
    verdict: row.verdict as Verdict,
    assurance: row.assurance as Assurance,
    evidence: parseJson<Evidence[]>(row.evidence ?? '[]'),
    route,
    parts:
      row.part_count === null || row.part_size === null
        ? null
        : { count: Number(row.part_count), sizeBytes: Number(row.part_size), origin: route === 'single' ? 'single' : 'record' },
    notCarried: parseJson<NotCarried[]>(row.not_carried ?? '[]'),
    orphans: parseJson<Orphan[]>(row.orphans ?? '[]'),
    attempts: Number(row.attempts),
    bytesRead: Number(row.bytes_read),
    bytesWritten: Number(row.bytes_written),
    requests: Number(row.requests),
    startedAt: row.started_at ?? '',
    durationMs: Number(row.duration_ms),
    ...(row.error_code === null ? {} : { error: { code: row.error_code as ErrorCode, message: text(row.error_message) } }),
    recordedAt: row.created_at ?? '',
  }
}

function escapeOrNull(value: string | null): string | null {
  return value === null ? null : escapeText(value)
}

function unescapeOrNull(value: string | null): string | null {
  return value === null ? null : unescapeText(value)
}

function text(value: string | null): string {
  return value === null ? '' : unescapeText(value)
}

function numberOrNull(value: string | null): number | null {
  return value === null ? null : Number(value)
}

function parseJson<T>(stored: string): T {
  return unescapedJson(stored) as T
}
