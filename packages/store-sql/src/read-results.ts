import type { StoredResult, Verdict } from '@sealift/core'
import { type RawBuilder, sql } from 'kysely'
import { fromResultRow, RESULT_COLUMNS, type ResultRow, type SelectedResultRow } from './result-row.ts'
import { asText, type StoreContext, within } from './store-context.ts'
import { escapeText } from './text-escape.ts'

/** Where the next page begins: the identity of the last row of the page before it, as it is stored. */
export interface PagePosition {
  readonly taskId: string
  readonly objectKey: string
  readonly versionId: string
}

export interface PageQuery {
  readonly taskId?: string | undefined
  readonly verdicts?: readonly Verdict[] | undefined
  readonly limit: number
  readonly after: PagePosition | null
}

export interface ResultPage {
  readonly results: readonly StoredResult[]
  /** null: the last page */
  readonly next: PagePosition | null
}

/** One page in the order (task, key, version), each by its bytes. */
export async function readPage(context: StoreContext, query: PageQuery): Promise<ResultPage> {
  const { flavor } = context
  const rows = await (flavor.orderedRead === undefined
    ? selectPage(context, query)
    : flavor.orderedRead(context.db, (connection) => selectPage(within(context, connection), query)))
  const last = rows.length < query.limit ? undefined : rows.at(-1)
  return {
    results: rows.map(fromResultRow),
    next: last === undefined ? null : { taskId: last.task_id ?? '', objectKey: last.object_key ?? '', versionId: last.version_id ?? '' },
  }
}

async function selectPage(context: StoreContext, query: PageQuery): Promise<SelectedResultRow[]> {
  let select = selectResults(context)
    .orderBy('integrity_results.task_id')
    .orderBy('integrity_results.object_key')
    .orderBy('integrity_results.version_id')
    .limit(query.limit)
  const { after } = query
  if (query.taskId !== undefined) {
    select = select.where('integrity_results.task_id', '=', escapeText(query.taskId))
    if (after !== null) select = select.where(sql<boolean>`(object_key, version_id) > (${after.objectKey}, ${after.versionId})`)
  } else if (after !== null) {
    select = select.where(sql<boolean>`(task_id, object_key, version_id) > (${after.taskId}, ${after.objectKey}, ${after.versionId})`)
  }
  if (query.verdicts !== undefined) select = select.where('integrity_results.verdict', 'in', query.verdicts.length === 0 ? [''] : [...query.verdicts])
  return (await select.execute()) as unknown as SelectedResultRow[]
}

/** The newest verified row of one source object, of any task; what is null or undefined is not asked about. */
export async function findVerified(
  context: StoreContext,
  source: { readonly bucket: string; readonly key: string; readonly versionId?: string | null; readonly etag?: string | null },
): Promise<StoredResult | null> {
  let select = selectResults(context)
    .where('integrity_results.object_key', '=', escapeText(source.key))
    .where('integrity_results.source_bucket', '=', escapeText(source.bucket))
    .where('integrity_results.verdict', '=', 'verified')
    .orderBy('integrity_results.created_at', 'desc')
    .orderBy('integrity_results.id', 'desc')
    .limit(1)
  if (source.versionId !== null && source.versionId !== undefined) select = select.where('integrity_results.version_id', '=', escapeText(source.versionId))
  if (source.etag !== null && source.etag !== undefined) select = select.where('integrity_results.source_etag', '=', escapeText(source.etag))
  const row = (await select.executeTakeFirst()) as SelectedResultRow | undefined
  return row === undefined ? null : fromResultRow(row)
}

const TIMESTAMPS: ReadonlySet<keyof ResultRow> = new Set(['source_last_modified', 'dest_last_modified', 'started_at'])
const DERIVED: ReadonlySet<keyof ResultRow> = new Set(['etag_match', 'size_match', 'md5_match', 'sha1_match', 'is_valid'])

function selectResults({ db, flavor }: StoreContext) {
  const expression = (column: keyof ResultRow): RawBuilder<string | null> => (TIMESTAMPS.has(column) ? flavor.isoText(column) : asText(column))
  return db
    .selectFrom('integrity_results')
    .select([
      ...RESULT_COLUMNS.filter((column) => !DERIVED.has(column)).map((column) => expression(column).as(column)),
      flavor.isoText('created_at').as('created_at'),
    ])
}
