import { type CreateTableBuilder, type Kysely, type RawBuilder, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { SqlFlavor } from '../flavor.ts'

/**
 * The first schema: three tables and the view for audits.
 * @param schema - where the tables lie; undefined: the connection's default
 */
export function createResultStore(flavor: SqlFlavor, schema: string | undefined): Migration {
  const types = flavor.columnTypes
  // a flavor's type names are code, never input
  const type = (name: keyof typeof types): RawBuilder<unknown> => sql.raw(types[name])
  const table = (name: string): RawBuilder<unknown> => (schema === undefined ? sql.table(name) : sql.table(`${schema}.${name}`))

  return {
    up: async (db: Kysely<unknown>): Promise<void> => {
      const scoped = schema === undefined ? db : db.withSchema(schema)
      const { schema: builder } = scoped

      await withColumns(builder.createTable('migration_tasks'), [
        ['id', type('key'), 'primary'],
        ['status', type('text'), 'required'],
        ['source', type('text'), 'required'],
        ['destination', type('text'), 'required'],
        ['options', type('json'), 'required'],
        ['total_objects', type('bigint'), 'required'],
        ['total_bytes', type('bigint'), 'required'],
        ['verified_objects', type('bigint'), 'required'],
        ['failed_objects', type('bigint'), 'required'],
        ['integrity_verified', type('bigint'), 'required'],
        ['integrity_rate', sql`decimal(5, 2)`, 'nullable'],
        ['integrity_errors', type('bigint'), 'required'],
        ['checkpoint', type('text'), 'nullable'],
        ['options_digest', type('text'), 'nullable'],
        ['lease_owner', type('text'), 'nullable'],
        ['lease_epoch', type('bigint'), 'required'],
        ['lease_expires_at', type('timestamp'), 'nullable'],
        ['created_at', type('timestamp'), 'required'],
        ['started_at', type('timestamp'), 'nullable'],
        ['finished_at', type('timestamp'), 'nullable'],
      ]).execute()

      await withColumns(builder.createTable('integrity_results'), [
        ['id', type('autoId'), 'nullable'],
        ['task_id', type('key'), 'required'],
        ['object_key', type('key'), 'required'],
        ['version_id', sql`${type('key')} default ''`, 'required'],
        ['source_bucket', type('key'), 'required'],
        ['source_etag', type('text'), 'nullable'],
        ['source_size', type('bigint'), 'nullable'],
        ['source_provider', type('text'), 'required'],
        ['dest_bucket', type('key'), 'required'],
        ['dest_key', type('key'), 'required'],
        ['dest_version_id', type('text'), 'nullable'],
        ['dest_etag', type('text'), 'nullable'],
        ['dest_size', type('bigint'), 'nullable'],
        ['dest_provider', type('text'), 'required'],
        ['calculated_md5', type('text'), 'nullable'],
        ['calculated_sha1', type('text'), 'nullable'],
        ['calculated_sha256', type('text'), 'nullable'],
        ['calculated_crc32', type('text'), 'nullable'],
        ['calculated_digests', type('json'), 'nullable'],
        ['source_last_modified', type('timestamp'), 'nullable'],
        ['dest_last_modified', type('timestamp'), 'nullable'],
        ['etag_match', type('boolean'), 'nullable'],
        ['size_match', type('boolean'), 'nullable'],
        ['md5_match', type('boolean'), 'nullable'],
        ['sha1_match', type('boolean'), 'nullable'],
        ['verdict', type('text'), 'required'],
        ['assurance', type('text'), 'required'],
        ['is_valid', type('boolean'), 'nullable'],
        ['evidence', type('json'), 'required'],
        ['not_carried', type('json'), 'required'],
        ['orphans', type('json'), 'required'],
        ['route', type('text'), 'nullable'],
        ['part_count', type('bigint'), 'nullable'],
        ['part_size', type('bigint'), 'nullable'],
        ['attempts', type('bigint'), 'required'],
        ['requests', type('bigint'), 'required'],
        ['bytes_read', type('bigint'), 'required'],
        ['bytes_written', type('bigint'), 'required'],
        ['started_at', type('timestamp'), 'required'],
        ['duration_ms', type('bigint'), 'required'],
        ['error_code', type('text'), 'nullable'],
        ['error_message', type('text'), 'nullable'],
        ['created_at', type('timestamp'), 'required'],
      ])
        .addForeignKeyConstraint('integrity_results_task', ['task_id'], 'migration_tasks', ['id'])
        .addUniqueConstraint('integrity_results_identity', ['task_id', 'object_key', 'version_id'])
        .execute()

      await withColumns(builder.createTable('open_uploads'), [
        ['task_id', type('key'), 'required'],
        ['object_key', type('key'), 'required'],
        ['version_id', sql`${type('key')} default ''`, 'required'],
        ['upload_id', type('key'), 'required'],
        ['source_etag', type('text'), 'nullable'],
        ['part_size', type('bigint'), 'required'],
        ['parts', type('bigint'), 'required'],
        ['created_at', type('timestamp'), 'required'],
      ])
        .addForeignKeyConstraint('open_uploads_task', ['task_id'], 'migration_tasks', ['id'])
        .addPrimaryKeyConstraint('open_uploads_identity', ['task_id', 'upload_id'])
        .execute()

      await builder.createIndex('integrity_results_task_valid').on('integrity_results').columns(['task_id', 'is_valid']).execute()
      await builder.createIndex('integrity_results_created_at').on('integrity_results').column('created_at').execute()
      // findVerified asks by the source object, once for every object of a later run
      await builder.createIndex('integrity_results_source').on('integrity_results').columns(['object_key', 'source_bucket']).execute()

      await sql`
        create view ${table('integrity_summary')} as
        select
          t.id as task_id,
          t.total_objects as total_objects,
          t.verified_objects as verified_objects,
          t.failed_objects as failed_objects,
          t.integrity_rate as integrity_rate,
          (select max(r.created_at) from ${table('integrity_results')} r where r.task_id = t.id and r.is_valid = true) as last_verified
        from ${table('migration_tasks')} t`.execute(db)
    },
  }
}

type ColumnRule = 'primary' | 'required' | 'nullable'

function withColumns<Table extends string>(
  builder: CreateTableBuilder<Table>,
  columns: readonly (readonly [name: string, type: RawBuilder<unknown>, rule: ColumnRule])[],
): CreateTableBuilder<Table, string> {
  let table: CreateTableBuilder<Table, string> = builder
  for (const [name, type, rule] of columns) {
    table = table.addColumn(name, type, (column) => (rule === 'primary' ? column.primaryKey().notNull() : rule === 'required' ? column.notNull() : column))
  }
  return table
}
