import { eitherSignal } from '../abort.ts'
import { copyBuffers, pooledBytes } from '../buffer-pool.ts'
import type { CopyJob } from './copy-job.ts'
import { OrderedHash } from './ordered-hash.ts'
import type { PartDigests } from './part-digests.ts'
import { type PartLayout, type PartRange, partRanges } from './part-plan.ts'
import { openPartSource, type PartSource } from './part-source.ts'
import type { RawDigests, ReadHasher } from './read-hasher.ts'
import { PART_CONCURRENCY } from './send-parts.ts'
import type { SourceSession } from './source-session.ts'
import type { UploadSession } from './upload-session.ts'

/** What one read of an object feeds. */
export interface PartsRead {
  readonly layout: PartLayout
  readonly upload: UploadSession
  readonly hasher: ReadHasher
  readonly parts: PartDigests
  readonly fresh: boolean
}

/** How many parts of a layout can be held at once; 0: not even one. Pure. */
export function partSlots(layout: PartLayout, memoryBytes: number): number {
  const partBytes = largestPart(layout)
  if (partBytes > memoryBytes) return 0
  return Math.max(1, Math.min(PART_CONCURRENCY, Math.floor(memoryBytes / pooledBytes(partBytes))))
}

/**
 * Reads the source once and writes each part as soon as it has arrived. A part's memory is used again when it has been sent and hashed. The first failure
 * stops all others and is what the call rejects with; when it settles, nothing reads or writes any more.
 */
export async function copyBufferedParts(job: CopyJob, session: SourceSession, read: PartsRead, slots: number): Promise<void> {
  await new BufferedParts(job, session, read, slots).run()
}

class BufferedParts {
  readonly #job: CopyJob
  readonly #session: SourceSession
  readonly #read: PartsRead
  readonly #slots: number
  readonly #stop = new AbortController()
  readonly #signal: AbortSignal
  readonly #source: PartSource
  readonly #whole: OrderedHash
  readonly #partBytes: number
  readonly #free: Uint8Array[] = []
  readonly #running = new Set<Promise<void>>()
  #reading = 0
  #failure: { readonly error: unknown } | null = null
  #wake: () => void = () => {}

  constructor(job: CopyJob, session: SourceSession, read: PartsRead, slots: number) {
    this.#job = job
    this.#session = session
    this.#read = read
    this.#slots = slots
    this.#signal = eitherSignal(job.signal, this.#stop.signal)
    this.#source = openPartSource(job, session, read.layout, slots, read.fresh, this.#signal)
    this.#whole = new OrderedHash(read.hasher)
    this.#partBytes = Math.min(largestPart(read.layout), session.sizeBytes)
  }

  async run(): Promise<void> {
    try {
      for (const range of partRanges(this.#read.layout)) {
        await this.#room()
        if (this.#failure !== null) break
        this.#begin(range)
      }
      await this.#allDone()
      if (this.#failure === null) await this.#source.end().catch((error: unknown) => this.#fail(error))
    } finally {
      for (const buffer of this.#free) copyBuffers.give(buffer)
      await this.#source.close()
    }
    if (this.#failure !== null) throw (this.#failure as { readonly error: unknown }).error
  }

  /** Waits until one more part may be read. */
  async #room(): Promise<void> {
    while (this.#failure === null && (this.#running.size >= this.#slots || this.#reading >= this.#source.readers)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  async #allDone(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }

  #begin(range: PartRange): void {
    const buffer = this.#free.pop() ?? copyBuffers.take(this.#partBytes)
    const part = this.#copyPart(range, buffer)
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#running.delete(part)
        this.#wake()
      })
    this.#running.add(part)
  }

  #fail(error: unknown): void {
    if (this.#failure !== null) return
    this.#failure = { error }
    this.#whole.fail(error)
    this.#stop.abort(error)
    this.#wake()
  }

  async #copyPart(range: PartRange, buffer: Uint8Array): Promise<void> {
    const bytes = buffer.subarray(0, range.sizeBytes)
    const whole = this.#whole.add(bytes)
    let maySend = false
    try {
      const raw = await this.#fill(range, bytes, whole.filled)
      if (!hasSame(this.#read.upload, range, raw)) {
        maySend = true
        const { sends } = await this.#read.upload.uploadPart(
          range.partNumber,
          range.sizeBytes,
          () => ({ body: { kind: 'bytes', bytes }, digests: () => raw }),
          this.#signal,
        )
        // after a try that failed its socket may still hold the bytes
        maySend = sends > 1
      }
      await whole.done
    } finally {
      if (maySend) copyBuffers.forget(buffer)
      else this.#free.push(buffer)
    }
  }

  async #fill(range: PartRange, bytes: Uint8Array, onFilled: (filledBytes: number) => void): Promise<RawDigests> {
    const { parts } = this.#read
    const digests = parts.open(range.partNumber)
    this.#reading += 1
    try {
      // an empty part is no range that could be asked for
      if (range.sizeBytes === 0) onFilled(0)
      else
        await this.#source.fill(range, bytes, (from, to) => {
          // hashed where it will be sent from, so that what is judged is what goes out
          digests.push(bytes.subarray(from, to))
          onFilled(to)
        })
      return digests.finish()
    } catch (error) {
      digests.abandon()
      throw error
    } finally {
      this.#reading -= 1
      this.#wake()
      const { counters, observer } = this.#job
      observer.progress({ bytesRead: counters.bytesRead, bytesWritten: counters.bytesWritten, sizeBytes: this.#session.sizeBytes })
    }
  }
}

function largestPart(layout: PartLayout): number {
  return layout.kind === 'uniform' ? layout.partSizeBytes : Math.max(...layout.sizes)
}

/** True where the upload holds this part with these bytes already. */
function hasSame(upload: UploadSession, range: PartRange, raw: RawDigests): boolean {
  const md5 = upload.receipt(range.partNumber)?.md5
  return md5 !== undefined && raw.md5 !== undefined && Buffer.compare(md5, raw.md5) === 0
}
