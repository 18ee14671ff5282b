import type { DirectConnection } from './direct-connection.ts'
import { type ObjectRecord, recordAtOnce } from './record-at-once.ts'
import type { StoreContext } from './store-context.ts'

/** A transaction blocks the thread; a hundred rows are some milliseconds. */
const MAX_ROWS = 100
/** A row that is not written yet is lost with the process, and its caller waits. */
const MAX_WAIT_MS = 10

interface Waiting {
  readonly record: ObjectRecord
  readonly signal: AbortSignal | undefined
  readonly settle: (written: boolean) => void
}

/**
 * Records that come in one turn of the event loop, or in turns one after the other, written in one transaction: each waits for its own commit, and those of
 * objects copied side by side share it. Where anything is out of the ordinary nothing is written, and each goes the long way by itself.
 */
export class RecordQueue {
  readonly #context: StoreContext
  readonly #direct: () => DirectConnection | null
  #waiting: Waiting[] = []
  #turn: NodeJS.Immediate | null = null
  /** `performance.now()`, when the first of those that wait came */
  #sinceMs = 0

  /** @param direct - the connection, or null where somebody uses it */
  constructor(context: StoreContext, direct: () => DirectConnection | null) {
    this.#context = context
    this.#direct = direct
  }

  /** @returns true: committed; false: not written (also where `signal` was aborted before it began) */
  async add(record: ObjectRecord, signal: AbortSignal | undefined): Promise<boolean> {
    return await new Promise<boolean>((settle) => {
      if (this.#waiting.length === 0) this.#sinceMs = performance.now()
      this.#waiting.push({ record, signal, settle })
      if (this.#waiting.length >= MAX_ROWS) this.flush()
      else this.#turn ??= this.#nextTurn(this.#waiting.length)
    })
  }

  /** A commit costs more than all of its rows: while each turn brings another one it waits, as it would have to wait for the one before anyway. */
  #nextTurn(seen: number): NodeJS.Immediate {
    return setImmediate(() => {
      const { length } = this.#waiting
      if (length > seen && performance.now() - this.#sinceMs < MAX_WAIT_MS) this.#turn = this.#nextTurn(length)
      else this.flush()
    })
  }

  /** Writes what is waiting, now. */
  flush(): void {
    if (this.#turn !== null) clearImmediate(this.#turn)
    this.#turn = null
    const waiting = this.#waiting
    this.#waiting = []
    const due = waiting.filter(({ signal }) => signal?.aborted !== true)
    const written = due.length > 0 && this.#write(due)
    for (const entry of waiting) entry.settle(written && due.includes(entry))
  }

  #write(due: readonly Waiting[]): boolean {
    const connection = this.#direct()
    if (connection === null) return false
    const started: string[] = []
    try {
      connection.change('begin immediate', [])
    } catch {
      return false
    }
    try {
      // the database's clock is this process's; in SQL it would be read for every column
      const now = new Date().toISOString()
      for (const [taskId, records] of Map.groupBy(
        due.map(({ record }) => record),
        ({ row }) => row.task_id,
      )) {
        if (!recordAtOnce(this.#context, connection, now, records)) return rollBack(connection)
        if (records[0]?.finish === null) started.push(taskId)
      }
      connection.change('commit', [])
    } catch {
      // the long way meets the error again, and says it
      return rollBack(connection)
    }
    for (const id of started) this.#context.startedTasks.add(id)
    return true
  }
}

function rollBack(connection: DirectConnection): false {
  try {
    connection.change('rollback', [])
  } catch {
    // nothing is open any more
  }
  return false
}
