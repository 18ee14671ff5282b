import type { FaultTarget } from '../faults/fault-schedule.ts'
import type { S3Operation } from '../faults/s3-operation.ts'

/** What a HEAD of a key once said: its headers, or that there was no such object. */
export type RememberedHead = Readonly<Record<string, string>> | 404

const KEYS_KEPT = 10_000
const WRITES: readonly S3Operation[] = ['PutObject', 'CopyObject', 'CompleteMultipartUpload', 'DeleteObject']

/** Remembers, for each key, the last reply before the latest write: what a store that is behind would still say. */
export class HeadMemory {
  readonly #entries: Map<string, { current: RememberedHead; previous: RememberedHead }> = new Map()

  /** Takes note of a reply that passed. */
  note(target: FaultTarget, status: number, headers: Readonly<Record<string, string>>): void {
    if (target.key === null) return
    const id = JSON.stringify([target.bucket, target.key])
    const entry = this.#entries.get(id) ?? { current: 404, previous: 404 }
    if (WRITES.includes(target.operation) && status >= 200 && status < 300) {
      entry.previous = entry.current
    } else if (target.operation === 'HeadObject' || target.operation === 'GetObject') {
      if (status === 200) entry.current = headers
      else if (status === 404) entry.current = 404
      else return
    } else return
    this.#entries.delete(id)
    this.#entries.set(id, entry)
    const oldest = this.#entries.keys().next().value
    if (this.#entries.size > KEYS_KEPT && oldest !== undefined) this.#entries.delete(oldest)
  }

  /** The last reply before the latest write; 404 when none is known. */
  previous(target: FaultTarget): RememberedHead {
    return this.#entries.get(JSON.stringify([target.bucket, target.key]))?.previous ?? 404
  }
}
