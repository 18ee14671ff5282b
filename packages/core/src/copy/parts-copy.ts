import { SealiftError } from '../errors.ts'
import { completeUpload } from './complete-upload.ts'
import { type AttemptResult, type CopyWork, describeWritten, isOnlyRead, mayCommit, sameLayout } from './copy-attempt.ts'
import type { CopyJob } from './copy-job.ts'
import { predictedEtag } from './destination-check.ts'
import { openUpload } from './open-upload.ts'
import { checkAbsent } from './overwrite-check.ts'
import { PartDigests } from './part-digests.ts'
import { type PartLayout, type PartRange, partRanges } from './part-plan.ts'
import type { RawDigests } from './read-hasher.ts'
import { type ReadDigests, ReadHasher } from './read-hasher.ts'
import { PART_CONCURRENCY, sendParts } from './send-parts.ts'
import { candidatesForRead } from './source-layout.ts'
import type { SourceSession } from './source-session.ts'
import { streamPart } from './stream-part.ts'
import type { UploadSession } from './upload-session.ts'

/**
 * Reads the source once, in order, and writes it in parts of a layout that is fixed beforehand. A further read of the same source (a second read, or
 * one after a difference) goes over the same upload: only parts whose bytes differ are sent again.
 */
export async function copyInParts(job: CopyJob, session: SourceSession, work: CopyWork, fresh: boolean): Promise<AttemptResult> {
  const { layout } = work
  if (layout === null) throw new SealiftError('ERR_INVALID_STATE', 'an object is written in parts of a layout')
  if (work.upload === null) await checkAbsent(job)
  const upload = work.upload ?? (await openUpload(job, session, work, layout))
  const tried = work.known === null ? candidatesForRead(work.candidates, session.reads.length, isOnlyRead(job)) : [work.known.layout]
  const others = tried.filter((candidate) => !sameLayout(candidate, layout))
  const hasher = new ReadHasher(job.engine, work.plan.algorithms, others, work.plan.partAlgorithms)
  const parts = new PartDigests(job.engine, work.plan.partAlgorithms)
  let digests: ReadDigests
  try {
    const partBytes = layout.kind === 'uniform' ? layout.partSizeBytes : Math.max(...layout.sizes)
    const slots = Math.min(PART_CONCURRENCY, Math.floor(job.settings.memoryBytes / partBytes))
    if (slots >= 1) await bufferedParts(job, session, layout, upload, hasher, parts, fresh, slots)
    else await streamedParts(job, session, layout, upload, hasher, parts, fresh)
    digests = hasher.finish()
  } catch (error) {
    hasher.abandon()
    throw error
  }
  const combined = parts.combine()
  const overKnown = work.known !== null && sameLayout(work.known.layout, layout)
  const judged: ReadDigests = overKnown ? { ...digests, composites: combined.composites } : digests
  const overTried = tried.some((candidate) => sameLayout(candidate, layout))
  const judgement = session.judge(judged, work.known !== null, overTried ? [combined.etag] : [])
  if (!mayCommit(job, session, judgement)) return { kind: 'held-back', judgement, digests }
  const written = describeWritten(digests, combined, upload.checked)
  await checkAbsent(job)
  const outcome = await completeUpload(job, upload, written, predictedEtag(written, job.destination.profile))
  work.upload = null
  return { kind: 'written', judgement, digests, outcome, route: 'multipart' }
}

async function bufferedParts(
  job: CopyJob,
  session: SourceSession,
  layout: PartLayout,
  upload: UploadSession,
  hasher: ReadHasher,
  parts: PartDigests,
  fresh: boolean,
  slots: number,
): Promise<void> {
  const source = session.bytes(fresh)
  const free: Uint8Array[] = []
  const spare = new ByteSpare(source)
  try {
    await sendParts(
      job,
      async (send) => {
        for (const range of partRanges(layout)) {
          // `send` lets no more tasks run than there are buffers, so that one is free here
          const buffer = free.pop() ?? allocate(layout)
          const bytes = buffer.subarray(0, range.sizeBytes)
          await spare.fill(bytes, session.sizeBytes, job)
          hasher.push(bytes)
          const raw = parts.add(range.partNumber, bytes)
          if (hasSame(upload, range, raw)) {
            free.push(buffer)
            continue
          }
          await send(async (signal) => {
            await upload.uploadPart(range.partNumber, range.sizeBytes, () => ({ body: { kind: 'bytes', bytes }, digests: () => raw }), signal)
            free.push(buffer)
          })
        }
        await spare.end(session.sizeBytes, job)
      },
      Math.max(1, slots - 1),
    )
  } finally {
    await source.return()
  }
}

function allocate(layout: PartLayout): Uint8Array {
  return Buffer.allocUnsafeSlow(layout.kind === 'uniform' ? Math.min(layout.partSizeBytes, layout.sizeBytes) : Math.max(...layout.sizes))
}

/** True where the upload holds this part with these bytes already. */
function hasSame(upload: UploadSession, range: PartRange, raw: RawDigests): boolean {
  const md5 = upload.receipt(range.partNumber)?.md5
  return md5 !== undefined && raw.md5 !== undefined && Buffer.compare(md5, raw.md5) === 0
}

async function streamedParts(
  job: CopyJob,
  session: SourceSession,
  layout: PartLayout,
  upload: UploadSession,
  hasher: ReadHasher,
  parts: PartDigests,
  fresh: boolean,
): Promise<void> {
  // the reply that opened the session is of the whole object; parts are read by range
  session.close()
  // a further read is held to what a reply of its own offers, as ranges offer no digest of the whole
  if (session.reads.length > 0) (await session.reader.open(0, session.sizeBytes - 1, true)).discard()
  for (const range of partRanges(layout)) parts.set(range.partNumber, await streamPart(job, session, upload, range, hasher, fresh))
}

/** Cuts a stream of chunks into buffers of given sizes. */
class ByteSpare {
  readonly #source: AsyncGenerator<Uint8Array, void, undefined>
  #rest: Uint8Array = new Uint8Array()
  #count = 0

  constructor(source: AsyncGenerator<Uint8Array, void, undefined>) {
    this.#source = source
  }

  async fill(target: Uint8Array, sizeBytes: number, job: CopyJob): Promise<void> {
    let filled = 0
    while (filled < target.byteLength) {
      if (this.#rest.byteLength === 0) await this.#next(sizeBytes, job)
      const take = Math.min(this.#rest.byteLength, target.byteLength - filled)
      target.set(this.#rest.subarray(0, take), filled)
      this.#rest = this.#rest.subarray(take)
      filled += take
      this.#count += take
    }
    job.observer.progress({ bytesRead: job.counters.bytesRead, bytesWritten: job.counters.bytesWritten, sizeBytes })
  }

  /** Reads the source to its end, so that its connection can serve again; bytes past the end are a failure. */
  async end(sizeBytes: number, job: CopyJob): Promise<void> {
    const more = await this.#source.next()
    if (this.#rest.byteLength > 0 || more.done !== true) throw wrongCount(job, sizeBytes, 'more than')
  }

  async #next(sizeBytes: number, job: CopyJob): Promise<void> {
    const next = await this.#source.next()
    if (next.done === true) throw wrongCount(job, sizeBytes, `only ${this.#count} of`)
    this.#rest = next.value
  }
}

function wrongCount(job: CopyJob, sizeBytes: number, how: string): SealiftError {
  const { bucket, key } = job.sourceRef
  return new SealiftError('ERR_TRANSFER', `source ${bucket}/${key}: ${how} ${sizeBytes} bytes came`, { retryable: true, context: { bucket, key } })
}
