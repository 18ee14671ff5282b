import type { ColumnType, GeneratedAlways } from 'kysely'

/** A 64-bit integer: written as a number or decimal text, always read as text (`cast(… as text)`), because drivers round or throw above 2^53. */
type BigIntColumn = ColumnType<unknown, number | string, number | string>
type NullableBigIntColumn = ColumnType<unknown, number | string | null, number | string | null>
/** Written as ISO 8601 text or an SQL expression, read through the flavor's `isoText`. */
type TimestampColumn = ColumnType<unknown, string, string>
type NullableTimestampColumn = ColumnType<unknown, string | null, string | null>
/** SQLite has no booleans: 0 and 1 there. */
type BooleanColumn = ColumnType<unknown, boolean | number | null, boolean | number | null>
/** JSON as text; `jsonb` on PostgreSQL. */
type JsonColumn = ColumnType<unknown, string, string>
type NullableJsonColumn = ColumnType<unknown, string | null, string | null>

/** One run over one or many objects. Counts are kept in the transaction that writes the results. */
export interface MigrationTasksTable {
  id: string
  status: string
  source: string
  destination: string
  options: JsonColumn
  total_objects: BigIntColumn
  total_bytes: BigIntColumn
  verified_objects: BigIntColumn
  failed_objects: BigIntColumn
  integrity_verified: BigIntColumn
  integrity_rate: NullableBigIntColumn
  integrity_errors: BigIntColumn
  checkpoint: string | null
  options_digest: string | null
  lease_owner: string | null
  lease_epoch: BigIntColumn
  lease_expires_at: NullableTimestampColumn
  created_at: TimestampColumn
  started_at: NullableTimestampColumn
  finished_at: NullableTimestampColumn
}

/** One object of one task: the audit row. */
export interface IntegrityResultsTable {
  id: GeneratedAlways<number>
  task_id: string
  object_key: string
  version_id: string
  source_bucket: string
  source_etag: string | null
  source_size: NullableBigIntColumn
  source_provider: string
  dest_bucket: string
  dest_key: string
  dest_version_id: string | null
  dest_etag: string | null
  dest_size: NullableBigIntColumn
  dest_provider: string
  calculated_md5: string | null
  calculated_sha1: string | null
  calculated_sha256: string | null
  calculated_crc32: string | null
  calculated_digests: NullableJsonColumn
  source_last_modified: NullableTimestampColumn
  dest_last_modified: NullableTimestampColumn
  etag_match: BooleanColumn
  size_match: BooleanColumn
  md5_match: BooleanColumn
  sha1_match: BooleanColumn
  verdict: string
  assurance: string
  is_valid: BooleanColumn
  evidence: JsonColumn
  not_carried: JsonColumn
  orphans: JsonColumn
  route: string | null
  part_count: NullableBigIntColumn
  part_size: NullableBigIntColumn
  attempts: BigIntColumn
  requests: BigIntColumn
  bytes_read: BigIntColumn
  bytes_written: BigIntColumn
  started_at: TimestampColumn
  duration_ms: BigIntColumn
  error_code: string | null
  error_message: string | null
  created_at: TimestampColumn
}

/** Multipart uploads that were begun and not yet ended. */
export interface OpenUploadsTable {
  task_id: string
  object_key: string
  version_id: string
  upload_id: string
  source_etag: string | null
  part_size: BigIntColumn
  parts: BigIntColumn
  created_at: TimestampColumn
}

/** The view for audits: one row a task. */
export interface IntegritySummaryView {
  task_id: string
  total_objects: BigIntColumn
  verified_objects: BigIntColumn
  failed_objects: BigIntColumn
  integrity_rate: NullableBigIntColumn
  last_verified: NullableTimestampColumn
}

/** Kysely's view of the result store's tables. */
export interface StoreTables {
  migration_tasks: MigrationTasksTable
  integrity_results: IntegrityResultsTable
  open_uploads: OpenUploadsTable
  integrity_summary: IntegritySummaryView
}
