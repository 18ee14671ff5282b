import { open, stat } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'

/** A request as Ceph's log tells of it, e.g. `2026-11-22T04:00:10.941+0000 … beast: …: 127.0.0.1 - src [22/Nov/2026:…] "GET /bucket/key?uploads HTTP/1.1" 200 …`. */
const LINE = / beast: .*? "([A-Z]+) (\S+) HTTP\/1\.[01]" (\d{3}) /
const WITHIN_MS = 20_000

export interface RgwRequest {
  readonly method: string
  /** path and query, as they were sent */
  readonly target: string
  readonly status: number
}

/** The requests that a Ceph RGW writes to its access log from here on. */
export class RgwAccessLog {
  readonly #path: string
  readonly #from: number

  private constructor(path: string, from: number) {
    this.#path = path
    this.#from = from
  }

  static async from(path: string): Promise<RgwAccessLog> {
    return new RgwAccessLog(path, (await stat(path)).size)
  }

  /**
   * Every request below `/<bucket>/` so far. RGW writes its log a moment later, in the order in which it has answered.
   * @param mark - sends a request for `/<bucket>/<markKey>`, after which the log holds all that came before; it is not among those given
   */
  async requestsFor(bucket: string, markKey: string, mark: () => Promise<unknown>): Promise<readonly RgwRequest[]> {
    await mark()
    const marked = `/${bucket}/${markKey}`
    for (const end = performance.now() + WITHIN_MS; performance.now() < end; await pause(50)) {
      const requests = parseRgwLog(await this.#text()).filter(({ target }) => target.startsWith(`/${bucket}/`))
      const at = requests.findIndex(({ target }) => target === marked)
      if (at >= 0) return requests.slice(0, at)
    }
    throw new Error(`${this.#path} does not tell of ${marked} after ${WITHIN_MS} ms`)
  }

  async #text(): Promise<string> {
    const file = await open(this.#path, 'r')
    try {
      const sizeBytes = (await file.stat()).size - this.#from
      const { buffer } = await file.read(Buffer.alloc(Math.max(sizeBytes, 0)), 0, sizeBytes, this.#from)
      return buffer.toString('latin1')
    } finally {
      await file.close()
    }
  }
}

export function parseRgwLog(text: string): readonly RgwRequest[] {
  return text.split('\n').flatMap((line) => {
    const [, method, target, status] = LINE.exec(line) ?? []
    return method === undefined || target === undefined ? [] : [{ method, target, status: Number(status) }]
  })
}
