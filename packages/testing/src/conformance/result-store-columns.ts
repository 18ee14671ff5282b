import assert from 'node:assert/strict'
import type { Evidence, Verdict } from '@sealift/core'
import { pause, sampleEvidence, sampleResult, sampleTask, started } from './result-store-samples.ts'
import type { ResultStoreSuite } from './result-store-subject.ts'

type Flag = boolean | null

const mismatch: Partial<Evidence> = { outcome: 'mismatch', actual: 'bb' }
const unknown: Partial<Evidence> = { outcome: 'not-comparable', actual: null, reason: 'no value' }

/** evidence, and what etag_match, size_match, md5_match and sha1_match must be */
const EVIDENCE_TABLE: readonly (readonly [title: string, evidence: readonly Partial<Evidence>[], expected: readonly [Flag, Flag, Flag, Flag]])[] = [
  ['no evidence', [], [null, null, null, null]],
  ['an ETag that is an MD5', [{ method: 'etag-md5' }], [true, null, true, null]],
  ['it differs', [{ method: 'etag-md5', ...mismatch }], [false, null, false, null]],
  ['it cannot be compared, though the texts are equal', [{ method: 'etag-md5', ...unknown, actual: 'aa' }], [null, null, null, null]],
  ['a multipart ETag', [{ method: 'etag-multipart', type: 'COMPOSITE' }], [true, null, null, null]],
  [
    'a match on one leg, not comparable on the other',
    [{ method: 'etag-multipart', leg: 'source', ...unknown }, { method: 'etag-md5' }],
    [true, null, true, null],
  ],
  [
    'a match on one leg, a mismatch on the other',
    [
      { method: 'etag-md5', leg: 'source' },
      { method: 'etag-md5', ...mismatch },
    ],
    [false, null, false, null],
  ],
  ['sizes', [{ method: 'size', leg: 'both', algorithm: null }], [null, true, null, null]],
  ['sizes differ', [{ method: 'size', leg: 'both', algorithm: null, ...mismatch }], [null, false, null, null]],
  ['read back with MD5', [{ method: 'read-back', trust: 'self' }], [null, null, true, null]],
  ['read back with SHA-1', [{ method: 'read-back', algorithm: 'sha1', trust: 'self' }], [null, null, null, true]],
  ['read back with SHA-1 differs', [{ method: 'read-back', algorithm: 'sha1', ...mismatch }], [null, null, null, false]],
  ['read back with SHA-256', [{ method: 'read-back', algorithm: 'sha256' }], [null, null, null, null]],
  ['a stored SHA-1', [{ method: 'stored-checksum', algorithm: 'sha1', type: 'FULL_OBJECT' }], [null, null, null, true]],
  ['a stored composite SHA-1', [{ method: 'stored-checksum', algorithm: 'sha1', type: 'COMPOSITE' }], [null, null, null, null]],
  ['a stored MD5', [{ method: 'stored-checksum', type: 'FULL_OBJECT' }], [null, null, true, null]],
  ['an MD5 in the metadata', [{ method: 'client-digest', leg: 'source' }], [null, null, true, null]],
  ['Content-MD5', [{ method: 'server-checked-write' }], [null, null, true, null]],
  ['a second read with MD5 and SHA-1', [{ method: 'second-read' }, { method: 'second-read', algorithm: 'sha1' }], [null, null, null, null]],
  ['TLS', [{ method: 'tls', leg: 'source', algorithm: null }], [null, null, null, null]],
]

const VALID_TABLE: readonly (readonly [Verdict, Flag])[] = [
  ['verified', true],
  ['mismatch', false],
  ['unverified', null],
  ['failed', null],
  ['skipped', null],
  ['planned', null],
]

/** The tables as an auditor sees them. */
export function resultStoreColumns({ describe, test, subject }: ResultStoreSuite): void {
  const { query } = subject
  if (query === undefined) return
  describe('columns', () => {
    test('match columns follow the evidence: true, false, or NULL where nothing was comparable', async (store) => {
      const task = await started(store, 't')
      await store.saveResults(
        task,
        EVIDENCE_TABLE.map(([title, evidence]) => sampleResult('t', { key: title, verdict: 'unverified', evidence: evidence.map(sampleEvidence) })),
      )
      const rows = await query(store, 'SELECT * FROM integrity_results')
      assert.equal(rows.length, EVIDENCE_TABLE.length)
      for (const [title, , expected] of EVIDENCE_TABLE) {
        const row = rows.find((candidate) => candidate.object_key === title)
        assert.deepEqual([row?.etag_match, row?.size_match, row?.md5_match, row?.sha1_match].map(flag), expected, title)
      }
    })

    test('is_valid is true for verified, false for mismatch, NULL for everything else', async (store) => {
      const task = await started(store, 't')
      await store.saveResults(
        task,
        VALID_TABLE.map(([verdict]) => sampleResult('t', { key: verdict, verdict })),
      )
      const rows = await query(store, 'SELECT object_key, is_valid FROM integrity_results')
      for (const [verdict, expected] of VALID_TABLE) assert.deepEqual(flag(rows.find((row) => row.object_key === verdict)?.is_valid), expected, verdict)
    })

    test('the two audit queries run as they are', async (store) => {
      await store.startTask(sampleTask('empty'))
      await pause(5)
      const task = await started(store, 't')
      for (let index = 0; index < 12; index += 1) {
        await store.saveResults(task, [sampleResult('t', { key: `k${index}`, verdict: index < 8 ? 'verified' : 'mismatch', sizeBytes: 2 ** 40 })])
        await pause(3)
      }
      const summary = await query(store, 'SELECT * FROM integrity_summary')
      assert.deepEqual(Object.keys(summary[0] ?? {}), ['task_id', 'total_objects', 'verified_objects', 'failed_objects', 'integrity_rate', 'last_verified'])
      const filled = summary.find((row) => row.task_id === 't')
      assert.deepEqual([filled?.total_objects, filled?.verified_objects, filled?.failed_objects, filled?.integrity_rate].map(Number), [12, 8, 4, 66.67])
      const empty = summary.find((row) => row.task_id === 'empty')
      assert.deepEqual([empty?.integrity_rate, empty?.last_verified], [null, null])
      const rows = await query(store, 'SELECT * FROM integrity_results ORDER BY created_at DESC LIMIT 10')
      assert.deepEqual(
        rows.map((row) => row.object_key),
        ['k11', 'k10', 'k9', 'k8', 'k7', 'k6', 'k5', 'k4', 'k3', 'k2'],
      )
      const [row] = rows
      assert.deepEqual(Object.keys(row ?? {}), RESULT_COLUMNS)
      assert.equal(Number(row?.source_size), 2 ** 40)
      assert.equal(row?.version_id, '')
      assert.deepEqual(
        [row?.calculated_md5, row?.calculated_sha1, row?.calculated_sha256, row?.calculated_crc32],
        [
          '9e107d9d372bb6826bd81d3542a419d6',
          '2fd4e1c67a2d28fced849ee1bb76e7391b93eb12',
          'd7a8fbb307d7809469ca9abcb0082e4f8d5651e46d3cdb762d02d0bf37c9e592',
          '414fa339',
        ],
      )
      assert.deepEqual(json(row?.calculated_digests), { crc64nvme: 'ae8b14860a799888' })
      assert.deepEqual(json(row?.evidence), sampleResult('t').evidence)
    })

    test('tasks have the agreed columns', async (store) => {
      await started(store, 't')
      const [task] = await query(store, 'SELECT * FROM migration_tasks')
      assert.deepEqual(Object.keys(task ?? {}), TASK_COLUMNS)
      await store.saveUpload(
        { taskId: 't', epoch: 0 },
        { taskId: 't', key: 'k', versionId: null, uploadId: 'u', sourceEtag: null, partSizeBytes: 1, parts: 1, createdAt: '2026-01-01T00:00:00.000Z' },
      )
      const [upload] = await query(store, 'SELECT * FROM open_uploads')
      assert.deepEqual(Object.keys(upload ?? {}), UPLOAD_COLUMNS)
    })
  })
}

/** SQLite has 0 and 1. */
function flag(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) === 1 : value
}

/** PostgreSQL's driver has parsed it already. */
function json(value: unknown): unknown {
  return typeof value === 'string' ? JSON.parse(value) : value
}

const RESULT_COLUMNS: readonly string[] = (
  'id task_id object_key version_id source_bucket source_etag source_size source_provider dest_bucket dest_key dest_version_id dest_etag dest_size ' +
  'dest_provider calculated_md5 calculated_sha1 calculated_sha256 calculated_crc32 calculated_digests source_last_modified dest_last_modified etag_match ' +
  'size_match md5_match sha1_match verdict assurance is_valid evidence not_carried orphans route part_count part_size attempts requests bytes_read ' +
  'bytes_written started_at duration_ms error_code error_message created_at'
).split(' ')

const TASK_COLUMNS: readonly string[] = (
  'id status source destination options total_objects total_bytes verified_objects failed_objects integrity_verified integrity_rate integrity_errors ' +
  'checkpoint options_digest lease_owner lease_epoch lease_expires_at created_at started_at finished_at'
).split(' ')

const UPLOAD_COLUMNS: readonly string[] = 'task_id object_key version_id upload_id source_etag part_size parts created_at'.split(' ')
