import { SealiftError } from '../errors.ts'
import { parseETag } from '../etag.ts'
import type { ObjectRead, ObjectStat } from '../ports/object-store.ts'
import { type SourceClaims, sourceClaims } from '../verify/source-claims.ts'
import { judgeSource, type SourceJudgement, type SourceRead } from '../verify/source-judgement.ts'
import type { CopyJob } from './copy-job.ts'
import { canPin, type ObjectPin, pinObject } from './object-pin.ts'
import { ObjectReader, type ReadHow } from './object-reader.ts'
import type { ReadDigests } from './read-hasher.ts'
import { withRetries } from './retry.ts'

/** One state of the source object: its pin, and every whole read of it so far. */
export class SourceSession {
  readonly stat: ObjectStat
  readonly pin: ObjectPin
  readonly sizeBytes: number
  readonly claims: SourceClaims
  /** by the ETag; null: it is not a multipart ETag */
  readonly partCount: number | null
  readonly sourceIsSingle: boolean
  readonly reader: ObjectReader
  readonly reads: SourceRead[] = []
  readonly #job: CopyJob
  #first: ObjectRead | null

  private constructor(job: CopyJob, first: ObjectRead, sizeBytes: number) {
    this.#job = job
    this.#first = first
    this.stat = first.stat
    this.sizeBytes = sizeBytes
    this.pin = { ...pinObject(job.sourceRef, first.stat), sizeBytes }
    this.claims = sourceClaims(first.stat, job.source.profile, job.sourceTrust)
    const etag = first.stat.etag === null ? null : parseETag(first.stat.etag)
    const { etag: rules } = job.source.profile
    // MinIO's mark of an ETag that is no digest: one PUT, and nothing to reproduce
    const isMark = rules.onePartAmbiguous === true && etag?.partCount === 1 && rules.opaqueWith.includes(first.stat.encryption)
    this.partCount = etag?.kind === 'multipart' && rules.multipart !== 'no' && !isMark ? (etag.partCount ?? null) : null
    this.sourceIsSingle = etag?.kind === 'md5' || isMark
    this.reader = new ObjectReader(job, 'source', this.pin, sizeBytes)
  }

  /** One GET of the whole object; its reply pins the source, and its body waits to be read. */
  static async open(job: CopyJob, fresh: boolean): Promise<SourceSession> {
    const first = await withRetries(job, 'source', () => job.source.read(job.sourceRef, { signal: job.signal, freshConnection: fresh }))
    try {
      if (first.stat.etag === null && job.source.profile.etag.mayBeAbsent !== true) throw noEtag(job)
      const sizeBytes = first.stat.sizeBytes ?? first.bodyBytes ?? (await sizeByHead(job))
      return new SourceSession(job, first, sizeBytes)
    } catch (error) {
      first.discard()
      throw error
    }
  }

  /** The whole object's bytes; the first call reads the reply that opened the session. */
  bytes(how: ReadHow): AsyncGenerator<Uint8Array, void, undefined> {
    return this.reader.bytes({ start: 0, endInclusive: this.sizeBytes - 1 }, this.takeFirst(), how)
  }

  /** Copies the whole object to the beginning of `target`, see `ObjectReader.into`. */
  into(target: Uint8Array, onFilled: (from: number, to: number) => void, fresh: boolean): Promise<void> {
    return this.reader.into({ start: 0, endInclusive: this.sizeBytes - 1 }, target, onFilled, { first: this.takeFirst(), fresh })
  }

  /** The unread reply that opened the session, once: whoever takes it reads or discards it. */
  takeFirst(): ObjectRead | null {
    const first = this.#first
    this.#first = null
    return first
  }

  /** What the reply of the latest whole read stated of the object. */
  get offered(): SourceClaims {
    const stat = this.reader.begun ?? this.stat
    return stat === this.stat ? this.claims : sourceClaims(stat, this.#job.source.profile, this.#job.sourceTrust)
  }

  /** Notes a whole read and judges the source leg by all reads so far. */
  judge(digests: ReadDigests, layoutKnown: boolean, extraEtags: readonly string[] = []): SourceJudgement {
    const stat = this.reader.begun ?? this.stat
    this.reads.push({
      sizeBytes: digests.sizeBytes,
      digests: digests.hex,
      multipartEtags: [...digests.multipartEtags, ...extraEtags],
      composites: layoutKnown ? digests.composites : {},
      layoutKnown,
      // TLS to a cache says nothing of the way from the store to it
      tls: this.#job.source.tls && !stat.fromCache,
      cached: this.stat.fromCache || this.reader.cached,
      // each read is held to what its own reply offered: a header harmed once must not condemn the next read
      offered: this.offered,
    })
    return judgeSource(this.reads, { secondRead: this.#job.settings.verify.secondRead, canReadAgain: canPin(this.pin) })
  }

  /** The latest read that was judged has more digests now. */
  completeRead({ hex }: ReadDigests): void {
    const latest = this.reads.pop()
    if (latest !== undefined) this.reads.push({ ...latest, digests: hex })
  }

  /** Ends the reply that nobody read. */
  close(): void {
    this.#first?.discard()
    this.#first = null
  }
}

function noEtag(job: CopyJob): SealiftError {
  const { bucket, key } = job.sourceRef
  return new SealiftError('ERR_TRANSFER', `source ${bucket}/${key}: the reply has no ETag, and the profile ${job.source.profile.id} does not allow that`, {
    retryable: true,
    context: { bucket, key },
  })
}

async function sizeByHead(job: CopyJob): Promise<number> {
  const stat = await withRetries(job, 'source', () => job.source.head(job.sourceRef, { signal: job.signal }))
  if (stat.sizeBytes !== null) return stat.sizeBytes
  const { bucket, key } = job.sourceRef
  throw new SealiftError('ERR_TRANSFER', `source ${bucket}/${key}: neither GET nor HEAD gives its size`, { retryable: true, context: { bucket, key } })
}
