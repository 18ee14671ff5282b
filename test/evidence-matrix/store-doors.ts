import type { S3Client } from '@aws-sdk/client-s3'
import { type HttpFaultProxy, startHttpFaultProxy } from '@sealift/testing'
import { plainClient } from '../fault-matrix/plain-requests.ts'
import type { RealServer } from '../servers/real-servers.ts'

/** A way into a store: a fault proxy, and a client that goes through it. */
export interface StoreDoor {
  readonly proxy: HttpFaultProxy
  readonly client: S3Client
}

/** The ways into one store. Each serves one cell at a time, and many one after another. */
export class StoreDoors {
  readonly #server: Pick<RealServer, 'endpoint' | 'region' | 'credentials'>
  readonly #all: StoreDoor[] = []
  readonly #free: StoreDoor[] = []

  constructor(server: Pick<RealServer, 'endpoint' | 'region' | 'credentials'>) {
    this.#server = server
  }

  async take(): Promise<StoreDoor> {
    const free = this.#free.pop()
    if (free !== undefined) return free
    const { endpoint, region, credentials } = this.#server
    const proxy = await startHttpFaultProxy({ target: endpoint })
    const door = { proxy, client: plainClient({ endpoint: proxy.endpoint, region, credentials, maxAttempts: 1 }) }
    this.#all.push(door)
    return door
  }

  give(door: StoreDoor): void {
    this.#free.push(door)
  }

  /** @throws what a hook of a fault threw */
  async close(): Promise<void> {
    for (const { proxy, client } of this.#all.splice(0)) {
      client.destroy()
      await proxy.close()
      if (proxy.hookErrors.length > 0) throw proxy.hookErrors[0]
    }
    this.#free.length = 0
  }
}
