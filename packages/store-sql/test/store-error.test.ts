import { SealiftError } from '@sealift/core'
import { describe, expect, it } from 'vitest'
import { postgresFlavor } from '../src/postgres-flavor.ts'
import { sqliteFlavor } from '../src/sqlite-flavor.ts'
import { storeError } from '../src/store-error.ts'

const withCode = (code: string, message = 'x'): Error => Object.assign(new Error(message), { code })

// https://www.postgresql.org/docs/18/errcodes-appendix.html
const POSTGRES: readonly (readonly [Error, string | null])[] = [
  [withCode('ECONNREFUSED'), 'unavailable'],
  [withCode('ECONNRESET'), 'unavailable'],
  [withCode('ENOTFOUND'), 'unavailable'],
  [new AggregateError([withCode('ECONNREFUSED'), withCode('ECONNREFUSED')]), 'unavailable'],
  [new Error('Connection terminated unexpectedly'), 'unavailable'],
  [new Error('timeout exceeded when trying to connect'), 'unavailable'],
  [withCode('57P01'), 'unavailable'],
  [withCode('57P03'), 'unavailable'],
  [withCode('53300'), 'unavailable'],
  [withCode('08006'), 'unavailable'],
  [withCode('40001'), 'busy'],
  [withCode('40P01'), 'busy'],
  [withCode('55P03'), 'busy'],
  [withCode('22P05'), 'data'],
  [withCode('23514'), 'data'],
  [withCode('54000'), 'data'],
  [withCode('42501'), 'other'],
  [withCode('42P01'), 'other'],
  [withCode('28P01'), 'other'],
  [new Error('something else'), null],
]

// https://www.sqlite.org/rescode.html
const SQLITE: readonly (readonly [unknown, string | null])[] = [
  [{ code: 'ERR_SQLITE_ERROR', errcode: 5 }, 'busy'],
  [{ code: 'ERR_SQLITE_ERROR', errcode: 517 }, 'busy'],
  [{ code: 'ERR_SQLITE_ERROR', errcode: 2067 }, 'data'],
  [{ code: 'ERR_SQLITE_ERROR', errcode: 266 }, 'unavailable'],
  [{ code: 'ERR_SQLITE_ERROR', errcode: 14 }, 'other'],
  [withCode('SQLITE_BUSY_SNAPSHOT'), 'busy'],
  [withCode('SQLITE_FULL'), 'unavailable'],
  [withCode('SQLITE_CONSTRAINT_UNIQUE'), 'data'],
  [withCode('SQLITE_TOOBIG'), 'data'],
  [withCode('SQLITE_CORRUPT'), 'other'],
  [withCode('SQLITE_ERROR', 'cannot start a transaction within a transaction'), 'busy'],
  [new Error('database is locked'), 'busy'],
  [new Error('something else'), null],
]

describe('classifyError', () => {
  it.each(POSTGRES)('PostgreSQL: %o is %s', (error, kind) => expect(postgresFlavor.classifyError(error)).toBe(kind))
  it.each(SQLITE)('SQLite: %o is %s', (error, kind) => expect(sqliteFlavor.classifyError(error)).toBe(kind))
})

describe('storeError', () => {
  it('is retryable where the database is away or busy, and names the driver’s code', () => {
    const away = storeError(postgresFlavor, 'save results', withCode('57P01', 'terminating connection'))
    expect([away.code, away.retryable, away.context.serverCode]).toEqual(['ERR_STORE', true, '57P01'])
    expect(storeError(postgresFlavor, 'save results', withCode('42501', 'permission denied')).retryable).toBe(false)
  })

  it('lets no connection string out, neither in the message nor in the cause', () => {
    for (const secret of [
      'postgres://me:hunter2@db.internal/x',
      'host=db password=hunter2 user=me',
      'libsql://x?authToken=hunter2',
      'postgresql://hunter2@db',
    ]) {
      const error = storeError(postgresFlavor, 'open its database', new Error(`cannot reach ${secret}`))
      expect(error.message).not.toContain('hunter2')
      expect(error.cause).toBeUndefined()
    }
    expect(storeError(postgresFlavor, 'open its database', new Error('harmless')).cause).toBeInstanceOf(Error)
  })

  it('passes sealift’s own errors on', () => {
    const own = new SealiftError('ERR_TASK_LOCKED', 'x')
    expect(storeError(sqliteFlavor, 'save results', own)).toBe(own)
  })
})
