// better-sqlite3 brings no types of its own; this is all that the tests call
declare module 'better-sqlite3' {
  import type { BetterSqlite3Database } from '@sealift/store-sqlite'

  const Database: new (file: string, options?: { readonly timeout?: number }) => BetterSqlite3Database & { pragma(source: string): unknown; close(): void }
  export = Database
}
