import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { PostgresResultStore, type PostgresResultStoreOptions } from '@sealift/store-postgres'
import { KyselyResultStore } from '@sealift/store-sql'
import { PostgresDialect } from 'kysely'
import { Pool, type PoolConfig } from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { oneResult } from '../../../test/one-result.ts'
import { startPostgres, type TestPostgres } from './start-postgres.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const TASK = { taskId: 't', source: 'a', destination: 'b', options: { n: 1 }, optionsDigest: null }
const EPOCH = { taskId: 't', epoch: 0 }

let postgres: TestPostgres
const pools: Pool[] = []
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(async () => {
  for (const pool of pools) await pool.end()
  await postgres?.stop()
})

function newPool(config: PoolConfig = {}): Pool {
  const pool = new Pool({ ...postgres.config, ...config })
  pool.on('error', () => undefined)
  pools.push(pool)
  return pool
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      log += chunk.toString()
    })
    child.once('error', reject)
    child.once('exit', (code, signal) => (code === 0 ? resolve() : reject(new Error(`exit ${code ?? signal}: ${log}`))))
  })
}

describe('PostgresResultStore', () => {
  it('several processes create the same schema and write at once', async () => {
    const script = fileURLToPath(new URL('./open-and-write.ts', import.meta.url))
    const { host, port, user, password, database } = postgres.config
    const env = { ...process.env, PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password, PGDATABASE: database }
    const options = { execArgv: ['--conditions=@sealift/source'], env, stdio: ['ignore' as const, 'ignore' as const, 'pipe' as const, 'ipc' as const] }
    await Promise.all(['one', 'two', 'three', 'four'].map((name) => ended(fork(script, ['shared_schema', name, '10'], options))))
    const pool = newPool()
    await using store = new PostgresResultStore({ pool, schema: 'shared_schema' })
    expect(await store.getTask('shared')).toMatchObject({ totalObjects: 50, verifiedObjects: 50, totalBytes: 150 })
    expect((await pool.query('select name from shared_schema.sealift_migrations')).rows).toEqual([{ name: '0001-result-store' }])
  })

  it('many stores in one process open a new schema at once', async () => {
    const pool = newPool({ max: 10 })
    await Promise.all(Array.from({ length: 10 }, () => new PostgresResultStore({ pool, schema: 'at_once' }).open()))
    expect((await pool.query('select name from at_once.sealift_migrations')).rows).toHaveLength(1)
  })

  it('lies in public by default, where the audit queries run as they are; the types are the agreed ones', async () => {
    const pool = newPool()
    await using store = new PostgresResultStore({ pool })
    await store.startTask(TASK)
    await store.saveResults(EPOCH, [oneResult('t', 'a'), oneResult('t', 'b'), { ...oneResult('t', 'c'), verdict: 'mismatch' }])
    expect((await pool.query('SELECT * FROM integrity_summary')).rows).toMatchObject([
      { task_id: 't', total_objects: '3', verified_objects: '2', failed_objects: '1', integrity_rate: '66.67' },
    ])
    expect((await pool.query('SELECT * FROM integrity_results ORDER BY created_at DESC LIMIT 10')).rows).toHaveLength(3)
    const types = await pool.query(`
      select column_name, data_type, numeric_precision, numeric_scale, is_nullable, collation_name, column_default from information_schema.columns
      where table_schema = 'public' and table_name in ('integrity_results', 'migration_tasks')
        and column_name in ('integrity_rate', 'source_size', 'etag_match', 'evidence', 'finished_at', 'version_id', 'object_key') order by column_name`)
    expect(types.rows).toMatchObject([
      { column_name: 'etag_match', data_type: 'boolean', is_nullable: 'YES' },
      { column_name: 'evidence', data_type: 'jsonb' },
      { column_name: 'finished_at', data_type: 'timestamp with time zone' },
      { column_name: 'integrity_rate', data_type: 'numeric', numeric_precision: 5, numeric_scale: 2 },
      { column_name: 'object_key', data_type: 'text', is_nullable: 'NO', collation_name: 'C' },
      { column_name: 'source_size', data_type: 'bigint', is_nullable: 'YES' },
      { column_name: 'version_id', data_type: 'text', is_nullable: 'NO', collation_name: 'C', column_default: "''::text" },
    ])
  })

  it('a schema name with upper case is kept, and two schemas know nothing of each other', async () => {
    const pool = newPool()
    await using one = new PostgresResultStore({ pool, schema: 'Audit_1' })
    await using two = new PostgresResultStore({ pool, schema: 'audit_1' })
    await one.startTask(TASK)
    expect(await two.getTask('t')).toBeNull()
    expect((await pool.query('select id from "Audit_1".migration_tasks')).rows).toEqual([{ id: 't' }])
  })

  it.each([
    ['the server’s default', undefined, true],
    ['synchronous_commit=off', '-c synchronous_commit=off', false],
    ['synchronous_commit=local', '-c synchronous_commit=local', true],
  ])('durable with %s is told from the server', async (_title, options, durable) => {
    await using store = new PostgresResultStore({ pool: newPool(options === undefined ? {} : { options }), schema: 'durable' })
    await store.open()
    expect(store.durable).toBe(durable)
  })

  it('never ends the pool', async () => {
    const pool = newPool()
    const store = new PostgresResultStore({ pool, schema: 'pool_stays' })
    await store.startTask(TASK)
    await store.close()
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    expect(pool.totalCount - pool.idleCount).toBe(0)
  })

  it('reads numbers and times right whatever type parsers the application has set', async () => {
    const types = { getTypeParser: () => (value: string) => ({ mine: value }) }
    const plain = newPool()
    await using writer = new PostgresResultStore({ pool: plain, schema: 'parsers' })
    await writer.startTask(TASK)
    await writer.saveResults(EPOCH, [{ ...oneResult('t', 'k'), bytesRead: Number.MAX_SAFE_INTEGER }])
    // text columns keep the usual parser: an application that changed those could read nothing at all
    const custom = newPool({ types: { getTypeParser: (id: number) => (id === 25 ? (value: string) => value : types.getTypeParser()) } as never })
    await using reader = new PostgresResultStore({ pool: custom, schema: 'parsers' })
    expect(await reader.getTask('t')).toEqual(await writer.getTask('t'))
    for await (const row of reader.results()) expect(row.bytesRead).toBe(Number.MAX_SAFE_INTEGER)
    expect(await reader.summary()).toEqual(await writer.summary())
    const lease = await writer.acquireLease('t', 'one', 60_000)
    await expect(reader.acquireLease('t', 'two', 60_000)).rejects.toMatchObject({ code: 'ERR_TASK_LOCKED' })
    expect((await reader.heartbeat(lease, 60_000)).epoch).toBe(1)
    expect(reader.durable).toBe(true)
  })

  it('a row that the database can never take is named, and the others of its batch are not written', async () => {
    await using store = new PostgresResultStore({ pool: newPool(), schema: 'poison' })
    await store.startTask(TASK)
    // an index row holds 2,704 bytes at most, and random text does not compress
    const poison = randomBytes(3000).toString('base64')
    const batch = ['a', 'b', 'c', poison, 'd', 'e'].map((key) => oneResult('t', key))
    const error = await store.saveResults(EPOCH, batch).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'ERR_STORE', retryable: false, context: { key: poison, bucket: 'b', serverCode: '54000' } })
    expect(await store.getTask('t')).toMatchObject({ totalObjects: 0 })
    await store.saveResults(
      EPOCH,
      batch.filter((result) => result.source.key !== poison),
    )
    expect(await store.getTask('t')).toMatchObject({ totalObjects: 5 })
  })

  it('waits for a connection of a busy pool, and an abort ends the wait', async () => {
    const pool = newPool({ max: 1 })
    await using store = new PostgresResultStore({ pool, schema: 'busy_pool' })
    await store.startTask(TASK)
    const held = await pool.connect()
    const reason = new Error('enough')
    const controller = new AbortController()
    const aborted = store.saveResults(EPOCH, [oneResult('t', 'aborted')], { signal: controller.signal })
    const waiting = store.saveResults(EPOCH, [oneResult('t', 'waited')])
    setTimeout(() => controller.abort(reason), 50)
    await expect(aborted).rejects.toBe(reason)
    held.release()
    await waiting
    const keys: string[] = []
    for await (const row of store.results()) keys.push(row.source.key)
    expect(keys).toEqual(['waited'])
  })

  it('works through a plain Kysely dialect too, with multi-row statements', async () => {
    const store = new KyselyResultStore({ dialect: new PostgresDialect({ pool: newPool() }), schema: 'plain_kysely' })
    await store.startTask(TASK)
    const keys = Array.from({ length: 450 }, (_, index) => `k${String(index).padStart(4, '0')}`)
    await store.saveResults(
      EPOCH,
      keys.map((key) => oneResult('t', key)),
    )
    await store.saveResults(
      EPOCH,
      keys.map((key) => ({ ...oneResult('t', key), verdict: 'mismatch' as const })),
    )
    expect(await store.getTask('t')).toMatchObject({ totalObjects: 450, verifiedObjects: 0, integrityErrors: 450, integrityRate: 0 })
    const read: string[] = []
    for await (const row of store.results({ taskId: 't' })) read.push(row.source.key)
    expect(read).toEqual(keys)
    await store.close()
  })

  it.each([
    ['no options', undefined, 'options'],
    ['no pool', {}, 'pool'],
    ['a connection string as a pool', { pool: 'postgres://me:hunter2@db/x' }, 'pool'],
    ['a schema that breaks out', { schema: 'x"; drop schema public cascade; --' }, 'schema'],
    ['a schema of PostgreSQL’s own', { schema: 'pg_catalog' }, 'schema'],
    ['a schema that is too long', { schema: 'x'.repeat(64) }, 'schema'],
    ['a schema that begins with a digit', { schema: '1x' }, 'schema'],
  ])('refuses %s', (_title, options, option) => {
    const complete = option === 'schema' ? { pool: newPool(), ...options } : options
    const make = () => new PostgresResultStore(complete as PostgresResultStoreOptions)
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_INVALID_OPTION', context: expect.objectContaining({ option }) }))
  })

  it('a server that is away is ERR_STORE, retryable, without the connection’s secrets', async () => {
    const pool = newPool({ port: 1, password: 'hunter2' })
    const store = new PostgresResultStore({ pool, retry: { attempts: 2, maxDelayMs: 1 } })
    const error = await store.startTask(TASK).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'ERR_STORE', retryable: true, context: { serverCode: 'ECONNREFUSED' } })
    expect(JSON.stringify([error, String(error), (error as Error).stack])).not.toContain('hunter2')
  })

  // last: it takes the server away
  it('a server that crashes and comes back loses no write', async () => {
    const pool = newPool({ max: 3 })
    const store = new PostgresResultStore({ pool, schema: 'crash', retry: { attempts: 100, maxDelayMs: 200 } })
    await store.startTask(TASK)
    let writing = true
    let written = 0
    const writer = (async () => {
      while (writing) {
        await store.saveResults(EPOCH, [oneResult('t', `k${written}`)])
        written += 1
      }
    })()
    await new Promise((resolve) => setTimeout(resolve, 200))
    await postgres.crash()
    const before = written
    const impatient = new PostgresResultStore({ pool, schema: 'crash', retry: { attempts: 2, maxDelayMs: 1 } })
    await expect(impatient.saveResults(EPOCH, [oneResult('t', 'x')])).rejects.toMatchObject({ code: 'ERR_STORE', retryable: true })
    await postgres.restart()
    await vi.waitFor(() => expect(written).toBeGreaterThan(before + 3), { timeout: 30_000 })
    writing = false
    await writer
    expect(await store.getTask('t')).toMatchObject({ totalObjects: written, verifiedObjects: written })
    await store.close()
  })
})
