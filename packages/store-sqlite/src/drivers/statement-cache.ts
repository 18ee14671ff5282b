import type { PreparedStatement } from './types.ts'

/** The store's own statements are about twenty; a page or an audit adds a few. */
const MAX_STATEMENTS = 48
/** An INSERT of 200 rows is 30 KB of text, and a task of many objects runs it often. */
const MAX_SQL_LENGTH = 65_536

/**
 * Prepared statements by their text, the one used longest ago making room: SQLite takes longer to prepare a statement of the store than to run it.
 * A statement that is being iterated could not run a second time, so that each iteration prepares one of its own.
 */
export function cachedPrepare(prepare: (sql: string) => PreparedStatement): (sql: string) => PreparedStatement {
  const statements = new Map<string, PreparedStatement>()
  return (sql) => {
    if (sql.length > MAX_SQL_LENGTH) return prepare(sql)
    const known = statements.get(sql)
    if (known !== undefined) {
      statements.delete(sql)
      statements.set(sql, known)
      return known
    }
    const { reader, all, run } = prepare(sql)
    const statement: PreparedStatement = { reader, all, run, iterate: (parameters) => prepare(sql).iterate(parameters) }
    statements.set(sql, statement)
    const [oldest] = statements.keys()
    if (statements.size > MAX_STATEMENTS && oldest !== undefined) statements.delete(oldest)
    return statement
  }
}
