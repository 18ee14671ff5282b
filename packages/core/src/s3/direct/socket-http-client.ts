import type { HttpReply, HttpRequest, PooledHttpClient } from './http-client.ts'
import type { ReplyHead } from './reply-parser.ts'
import { SocketConnection } from './socket-connection.ts'
import { SocketExchange } from './socket-exchange.ts'

/** An idle connection is closed after this; a server's own `Keep-Alive` hint goes before. Common servers wait 5 s and more. */
const IDLE_MS = 4_000
/** The server's clock began before ours. */
const HINT_MARGIN_MS = 1_000
const SWEEP_EVERY_MS = 1_000

/**
 * `HttpClient` over Node's own sockets. Connections are its own, kept by origin while they are idle (4 s at most), and do not keep the process alive then.
 * How many there are is up to the caller: one per request under way.
 */
export class SocketHttpClient implements PooledHttpClient {
  readonly #idle = new Map<string, SocketConnection[]>()
  #busy = 0
  #sweep: NodeJS.Timeout | null = null

  get busyConnections(): number {
    return this.#busy
  }

  send(request: HttpRequest): Promise<HttpReply> {
    if (request.signal?.aborted === true) return Promise.reject(request.signal.reason)
    const exchange = new SocketExchange(request, this.#done)
    const idle = request.freshConnection ? undefined : this.#takeIdle(request.origin.key)
    idle?.take(exchange)
    const connection = idle ?? new SocketConnection(request.origin, exchange, this.#forget)
    this.#busy += 1
    return exchange.send(connection)
  }

  dropIdle(): void {
    for (const connection of [...this.#idle.values()].flat()) connection.drop()
    this.#idle.clear()
  }

  /** The one used last: the others may then grow old and go. */
  #takeIdle(key: string): SocketConnection | undefined {
    const idle = this.#idle.get(key)
    if (idle === undefined || idle.length === 0) return undefined
    const nowMs = performance.now()
    for (;;) {
      const connection = idle.pop()
      if (connection === undefined || (connection.isOpen && nowMs - connection.idleSinceMs < connection.maxIdleMs)) return connection
      connection.drop()
    }
  }

  readonly #done = (connection: SocketConnection, head: ReplyHead | null): void => {
    this.#busy -= 1
    if (head === null) return
    connection.maxIdleMs = Math.min(IDLE_MS, head.idleSeconds === null ? IDLE_MS : head.idleSeconds * 1000 - HINT_MARGIN_MS)
    if (!connection.isOpen || connection.maxIdleMs <= 0) {
      connection.drop()
      return
    }
    connection.idleSinceMs = performance.now()
    connection.release()
    const idle = this.#idle.get(connection.origin.key)
    if (idle === undefined) this.#idle.set(connection.origin.key, [connection])
    else idle.push(connection)
    this.#sweep ??= setTimeout(this.#dropOld, SWEEP_EVERY_MS).unref()
  }

  readonly #dropOld = (): void => {
    this.#sweep = null
    const nowMs = performance.now()
    for (const connection of [...this.#idle.values()].flat()) if (nowMs - connection.idleSinceMs >= connection.maxIdleMs) this.#forget(connection)
    if (this.#idle.size > 0) this.#sweep = setTimeout(this.#dropOld, SWEEP_EVERY_MS).unref()
  }

  readonly #forget = (connection: SocketConnection): void => {
    const idle = this.#idle.get(connection.origin.key)
    const index = idle?.indexOf(connection) ?? -1
    if (index !== -1) idle?.splice(index, 1)
    if (idle?.length === 0) this.#idle.delete(connection.origin.key)
    connection.drop()
  }
}
