import { throwIfAborted } from '../abort.ts'
import type { ChecksumAlgorithm } from '../checksum/algorithm.ts'
import { SealiftError } from '../errors.ts'
import { ObjectStoreError } from '../object-store-error.ts'
import type { CompletedPart, CreateUploadOptions, ListedUpload, UploadCreated, WriteBody, WriteReceipt } from '../ports/object-store.ts'
import type { CopyJob } from './copy-job.ts'
import type { RawDigests } from './read-hasher.ts'
import { isRetryable, MAX_TRIES, mayBeDone, pauseBeforeRetry } from './retry.ts'

/** How long cleaning up may take after the caller's signal is gone. */
const CLEAN_UP_MS = 20_000
const CLOCK_TOLERANCE_MS = 2_000
/** How long an aborted copy waits for the reply of a CreateMultipartUpload that is on its way. */
const ABORT_PATIENCE_MS = 2_000

interface PartReceipt extends CompletedPart {
  readonly md5: Uint8Array
}

/** What was asked of the server to check with each part. */
export interface PartChecks {
  readonly contentMd5: boolean
  readonly checksums: readonly ChecksumAlgorithm[]
}

/** One multipart upload at the destination: what was sent, and that it never stays behind. */
export class UploadSession {
  readonly uploadId: string
  readonly checks: PartChecks
  /** monotonic, when Create was sent */
  readonly startedAtMs: number
  readonly #job: CopyJob
  readonly #parts = new Map<number, PartReceipt>()
  /** a part went as a stream, whose digests were not known before it was sent */
  #unchecked = false
  #closed = false

  private constructor(job: CopyJob, uploadId: string, checks: PartChecks, startedAtMs: number) {
    this.#job = job
    this.uploadId = uploadId
    this.checks = checks
    this.startedAtMs = startedAtMs
  }

  /** Begins an upload. A Create whose reply was lost is looked for and aborted, or reported as an orphan. */
  static async create(job: CopyJob, options: CreateUploadOptions, checks: PartChecks): Promise<UploadSession> {
    const startedAtMs = performance.now()
    let lost = false
    for (let tryNumber = 1; ; tryNumber++) {
      try {
        const created = await createToTheEnd(job, options)
        const session = new UploadSession(job, created.uploadId, checks, startedAtMs)
        if (lost || created.attempts > 1) {
          await session.#abortLostTwin(created.serverDate).catch(async (error: unknown) => {
            // an abort while uploads are listed: nobody else knows this one yet
            await session.abort()
            throw error
          })
        }
        return session
      } catch (error) {
        if (error instanceof ObjectStoreError && mayBeDone(error)) lost = true
        if (tryNumber < MAX_TRIES && isRetryable(error) && !job.signal.aborted) {
          await pauseBeforeRetry(job, 'destination', tryNumber, error)
          continue
        }
        if (lost) job.orphans.push({ ...orphanOf(job), uploadId: null, reason: 'CreateMultipartUpload got no reply; an upload may be left' })
        throw error
      }
    }
  }

  receipt(partNumber: number): PartReceipt | undefined {
    return this.#parts.get(partNumber)
  }

  /** What the server was asked to check with every part. */
  get checked(): PartChecks {
    return this.#unchecked ? { contentMd5: false, checksums: [] } : this.checks
  }

  /** In order, as Complete names them. */
  get parts(): CompletedPart[] {
    return [...this.#parts.values()].sort((a, b) => a.partNumber - b.partNumber)
  }

  /**
   * Sends one part, at most four times. A part ETag that should be the part's MD5 and is not counts as a failed try.
   * @param body - asked anew for each try, so that a stream can be read again; `sourceFailed`: the stream broke, after tries of its own
   * @returns how often it was sent: after more than one a socket of an earlier try may still hold the bytes
   */
  async uploadPart(
    partNumber: number,
    sizeBytes: number,
    body: () => { readonly body: WriteBody; readonly digests: () => RawDigests; readonly sourceFailed?: () => boolean },
    signal: AbortSignal,
  ): Promise<{ readonly sends: number }> {
    const job = this.#job
    for (let tryNumber = 1; ; tryNumber++) {
      const attempt = body()
      try {
        const buffered = attempt.body.kind === 'bytes' ? attempt.digests() : {}
        if (attempt.body.kind === 'stream') this.#unchecked = true
        const receipt = await job.destination.uploadPart(job.destinationRef, this.uploadId, partNumber, attempt.body, {
          signal,
          contentMd5: this.checks.contentMd5 ? buffered.md5 : undefined,
          checksums: checksumsOf(this.checks, buffered),
          sha256: buffered.sha256,
        })
        const digests = attempt.digests()
        const md5 = digests.md5
        if (md5 === undefined) throw new SealiftError('ERR_INVALID_STATE', 'a part is hashed with MD5')
        this.#checkPartEtag(partNumber, receipt.etag, receipt.encryption, md5)
        this.#parts.set(partNumber, { partNumber, etag: receipt.etag ?? '', checksums: checksumsOf(this.checks, digests), md5 })
        job.counters.bytesWritten += sizeBytes
        job.observer.partCompleted({ partNumber, sizeBytes })
        return { sends: tryNumber - 1 + receipt.attempts }
      } catch (error) {
        if (attempt.sourceFailed?.() === true) throw error
        if (tryNumber >= MAX_TRIES || !(isRetryable(error) || seemsGone(error)) || signal.aborted) throw error
        await pauseBeforeRetry(job, 'destination', tryNumber, error)
      }
    }
  }

  /** Has the server copy one part from an object of its own, at most four times. */
  async copyPart(partNumber: number, sizeBytes: number, copy: () => Promise<WriteReceipt>, signal: AbortSignal): Promise<void> {
    const job = this.#job
    this.#unchecked = true
    for (let tryNumber = 1; ; tryNumber++) {
      try {
        const { etag } = await copy()
        if (etag === null) throw this.#partFailure(partNumber, 'the reply has no ETag')
        // its bytes were not seen: nothing of them is known but what the server says
        this.#parts.set(partNumber, { partNumber, etag, checksums: [], md5: new Uint8Array() })
        job.observer.partCompleted({ partNumber, sizeBytes })
        return
      } catch (error) {
        if (tryNumber >= MAX_TRIES || !isRetryable(error) || signal.aborted) throw error
        await pauseBeforeRetry(job, 'destination', tryNumber, error)
      }
    }
  }

  #partFailure(partNumber: number, how: string): ObjectStoreError {
    const { bucket, key } = this.#job.destinationRef
    return new ObjectStoreError('ERR_TRANSFER', `part ${partNumber} of ${bucket}/${key}: ${how}`, {
      reason: 'invalid-reply',
      replied: true,
      context: { bucket, key },
    })
  }

  #checkPartEtag(partNumber: number, etag: string | null, encryption: CopyJob['destination']['profile']['etag']['opaqueWith'][number], md5: Uint8Array): void {
    const { profile } = this.#job.destination
    if (etag === null) throw this.#partFailure(partNumber, 'the reply has no ETag')
    if (profile.etag.part !== 'yes' || profile.etag.opaqueWith.includes(encryption)) return
    const expected = Buffer.from(md5).toString('hex')
    const actual = etag.replaceAll('"', '').toLowerCase()
    if (actual !== expected) throw this.#partFailure(partNumber, `its ETag is ${actual}, its MD5 ${expected}`)
  }

  /** Marks the upload as ended by a Complete. */
  async completed(): Promise<void> {
    this.#closed = true
    await this.#job.observer.uploadClosed(this.uploadId)
  }

  /** Aborts the upload, also after the caller's signal is gone. What cannot be aborted is reported in `orphans`. Never rejects. */
  async abort(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    const aborted = await abortQuietly(this.#job, this.uploadId)
    if (!aborted) this.#job.orphans.push({ ...orphanOf(this.#job), uploadId: this.uploadId, reason: 'the upload could not be aborted' })
    else await this.#job.observer.uploadClosed(this.uploadId).catch(() => {})
  }

  /** After a lost Create: the sole other upload of this key that began within our window, by the server's clock, is ours. */
  async #abortLostTwin(serverDate: Date | null): Promise<void> {
    const job = this.#job
    const others: ListedUpload[] = []
    try {
      for await (const upload of job.destination.listUploads(job.destinationRef.bucket, job.destinationRef.key, { signal: job.signal })) {
        if (upload.key === job.destinationRef.key && upload.uploadId !== this.uploadId) others.push(upload)
      }
    } catch (error) {
      if (!(error instanceof ObjectStoreError)) throw error
      job.orphans.push({ ...orphanOf(job), uploadId: null, reason: 'CreateMultipartUpload got no reply, and uploads cannot be listed' })
      return
    }
    const now = serverDate?.getTime() ?? Date.now()
    const since = now - (performance.now() - this.startedAtMs) - CLOCK_TOLERANCE_MS
    const recent = others.filter((upload) => upload.initiated !== null && upload.initiated.getTime() >= since)
    const sole = recent.length === 1 ? recent[0] : undefined
    if (sole !== undefined && (await abortQuietly(job, sole.uploadId))) return
    for (const upload of recent) {
      job.orphans.push({ ...orphanOf(job), uploadId: upload.uploadId, reason: 'it may stem from a CreateMultipartUpload of ours that got no reply' })
    }
  }
}

/**
 * Sends Create, and on an abort waits a little for its reply: an upload whose id we never learn could not be aborted.
 */
async function createToTheEnd(job: CopyJob, options: CreateUploadOptions): Promise<UploadCreated> {
  throwIfAborted(job.signal)
  const patience = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const onAbort = (): void => {
    timer = setTimeout(() => patience.abort(job.signal.reason), ABORT_PATIENCE_MS)
  }
  job.signal.addEventListener('abort', onAbort, { once: true })
  try {
    const created = await job.destination.createUpload(job.destinationRef, { ...options, signal: patience.signal })
    if (job.signal.aborted && !(await abortQuietly(job, created.uploadId))) {
      job.orphans.push({ ...orphanOf(job), uploadId: created.uploadId, reason: 'the upload could not be aborted' })
    }
    throwIfAborted(job.signal)
    return created
  } catch (error) {
    if (patience.signal.aborted)
      job.orphans.push({ ...orphanOf(job), uploadId: null, reason: 'CreateMultipartUpload got no reply before the end; an upload may be left' })
    throw error
  } finally {
    clearTimeout(timer)
    job.signal.removeEventListener('abort', onAbort)
  }
}

function orphanOf(job: CopyJob): { readonly bucket: string; readonly key: string } {
  return { bucket: job.destinationRef.bucket, key: job.destinationRef.key }
}

/** Ceph answers a part whose body ended too early as if the upload were gone; where it truly is, the next tries say so again. */
function seemsGone(error: unknown): error is ObjectStoreError {
  return error instanceof ObjectStoreError && error.reason === 'no-such-upload'
}

function checksumsOf(checks: PartChecks, digests: RawDigests): { algorithm: ChecksumAlgorithm; digest: Uint8Array }[] {
  return checks.checksums.flatMap((algorithm) => {
    const digest = digests[algorithm]
    return digest === undefined ? [] : [{ algorithm, digest }]
  })
}

async function abortQuietly(job: CopyJob, uploadId: string): Promise<boolean> {
  const signal = AbortSignal.timeout(CLEAN_UP_MS)
  for (let tryNumber = 1; tryNumber <= MAX_TRIES; tryNumber++) {
    try {
      await job.destination.abortUpload(job.destinationRef, uploadId, { signal })
      return true
    } catch (error) {
      if (!isRetryable(error)) return false
      await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** tryNumber))
    }
  }
  return false
}
