import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { resultStoreConformance } from '@sealift/testing'
import BetterSqlite3 from 'better-sqlite3'
import Libsql from 'libsql'
import { afterAll, describe, it, vi } from 'vitest'
import { type AcceptedSqliteDatabase, SqliteResultStore } from '../src/index.ts'

vi.setConfig({ testTimeout: 120_000 })

const folder = mkdtempSync(join(tmpdir(), 'sealift-sqlite-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let files = 0
const newFile = (): string => join(folder, `${(files += 1)}.db`)

/** A reader of its own, on which auditors run their queries. */
function ask(file: string, statement: string): Record<string, unknown>[] {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    return database
      .prepare(statement)
      .all()
      .map((row) => ({ ...row }))
  } finally {
    database.close()
  }
}

describe('by path', () => {
  const paths = new WeakMap<object, string>()
  const open = (file: string): SqliteResultStore => {
    const store = new SqliteResultStore({ path: file })
    paths.set(store, file)
    return store
  }
  resultStoreConformance(
    { describe, it },
    {
      create: async () => open(newFile()),
      reopen: async (store) => open(paths.get(store) ?? ''),
      query: async (store, statement) => ask(paths.get(store) ?? '', statement),
      capabilities: { durable: true },
    },
  )
})

const drivers: Record<string, (file: string) => AcceptedSqliteDatabase & { close(): void }> = {
  'node:sqlite': (file) => new DatabaseSync(file),
  'better-sqlite3': (file) => new BetterSqlite3(file),
  libsql: (file) => new Libsql(file),
}

for (const [name, connect] of Object.entries(drivers)) {
  describe(`a database of ${name}`, () => {
    const opened: { close(): void }[] = []
    afterAll(() => {
      for (const database of opened) database.close()
    })
    const paths = new WeakMap<object, string>()
    const open = (file: string): SqliteResultStore => {
      const database = connect(file)
      opened.push(database)
      const store = new SqliteResultStore({ database })
      paths.set(store, file)
      return store
    }
    resultStoreConformance(
      { describe, it },
      {
        create: async () => open(newFile()),
        reopen: async (store) => open(paths.get(store) ?? ''),
        query: async (store, statement) => ask(paths.get(store) ?? '', statement),
        // SQLite's own default is synchronous=FULL with a rollback journal
        capabilities: { durable: true },
      },
    )
  })
}
