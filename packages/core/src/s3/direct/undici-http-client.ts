import { throwIfAborted } from '../../abort.ts'
import type { HttpReply, HttpRequest, PooledHttpClient } from './http-client.ts'
import { UndiciConnection } from './undici-connection.ts'
import { UndiciExchange } from './undici-exchange.ts'

/**
 * `HttpClient` over undici. Connections are its own, kept by origin while they are idle (4 s at most), and do not keep the process alive then. How many
 * there are is up to the caller: one per request under way.
 */
export class UndiciHttpClient implements PooledHttpClient {
  readonly #undici: typeof import('undici')
  readonly #idle = new Map<string, UndiciConnection[]>()
  #busy = 0

  private constructor(undici: typeof import('undici')) {
    this.#undici = undici
  }

  /** Loads undici. */
  static async load(): Promise<UndiciHttpClient> {
    return new UndiciHttpClient(await import('undici'))
  }

  get busyConnections(): number {
    return this.#busy
  }

  async send(request: HttpRequest): Promise<HttpReply> {
    throwIfAborted(request.signal)
    const connection = (request.freshConnection ? undefined : this.#takeIdle(request.origin.key)) ?? this.#connect(request)
    this.#busy += 1
    return new UndiciExchange(connection, request, this.#done).send()
  }

  dropIdle(): void {
    for (const connection of [...this.#idle.values()].flat()) connection.drop()
    this.#idle.clear()
  }

  #connect(request: HttpRequest): UndiciConnection {
    return new UndiciConnection(this.#undici.Client, request.origin, this.#forget)
  }

  /** The one used last: the others may then grow old and go. */
  #takeIdle(key: string): UndiciConnection | undefined {
    const idle = this.#idle.get(key)
    for (;;) {
      const connection = idle?.pop()
      if (connection === undefined || connection.isOpen) return connection
      connection.drop()
    }
  }

  readonly #done = (connection: UndiciConnection, reusable: boolean): void => {
    this.#busy -= 1
    if (!reusable) return
    if (!connection.isOpen) {
      connection.drop()
      return
    }
    const idle = this.#idle.get(connection.origin.key)
    if (idle === undefined) this.#idle.set(connection.origin.key, [connection])
    else idle.push(connection)
  }

  readonly #forget = (connection: UndiciConnection): void => {
    const idle = this.#idle.get(connection.origin.key)
    const index = idle?.indexOf(connection) ?? -1
    if (index === -1) return
    idle?.splice(index, 1)
    if (idle?.length === 0) this.#idle.delete(connection.origin.key)
    connection.drop()
  }
}
