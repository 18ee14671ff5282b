import { SealiftError } from '../errors.ts'
import { ObjectStoreError } from '../object-store-error.ts'
import type { ObjectStat } from '../ports/object-store.ts'
import { judgeReadBacks, overturn, type ReadBack, type Written } from '../verify/destination-evidence.ts'
import type { Assurance, Evidence, Verdict } from '../verify/evidence.ts'
import { planEvidence } from '../verify/evidence-plan.ts'
import { compareMetadata } from '../verify/metadata-evidence.ts'
import type { SourceJudgement } from '../verify/source-judgement.ts'
import { conclude } from '../verify/verdict.ts'
import { isOnlyRead } from './copy-attempt.ts'
import type { CopyJob } from './copy-job.ts'
import { changedError, pinObject } from './object-pin.ts'
import { ObjectReader } from './object-reader.ts'
import type { PartLayout } from './part-plan.ts'
import { type HexDigests, hexDigests, type ReadDigests, ReadHasher } from './read-hasher.ts'
import { withRetries } from './retry.ts'
import { sameEncoding } from './same-encoding.ts'
import { candidateLayouts, candidatesForRead, type KnownLayout, knownLayout } from './source-layout.ts'
import { SourceSession } from './source-session.ts'

/** What two existing objects came to. */
export interface ComparedObjects {
  readonly verdict: Extract<Verdict, 'verified' | 'mismatch' | 'unverified'>
  readonly assurance: Assurance
  readonly evidence: readonly Evidence[]
  readonly digests: HexDigests
  readonly source: ObjectStat | null
  readonly destination: ObjectStat | null
  readonly error: SealiftError | null
}

const MAX_READ_BACKS = 4

/**
 * Compares two objects that are both there. `metadata` compares what the stores say of them; `read-back` reads both.
 * Rejects `ERR_SOURCE_NOT_FOUND` where the source is missing, `ERR_DESTINATION_NOT_FOUND` where the destination is.
 */
export async function compareObjects(job: CopyJob, depth: 'metadata' | 'read-back'): Promise<ComparedObjects> {
  return depth === 'metadata' ? compareStats(job) : compareBytes(job)
}

async function compareStats(job: CopyJob): Promise<ComparedObjects> {
  const source = await withRetries(job, 'source', () => job.source.head(job.sourceRef, { signal: job.signal }))
  const destination = await headOrNull(job)
  if (destination === null) {
    const { bucket, key } = job.destinationRef
    const error = new SealiftError('ERR_DESTINATION_NOT_FOUND', `destination ${bucket}/${key} does not exist`, { context: { bucket, key } })
    return { verdict: 'unverified', assurance: 'none', evidence: [], digests: {}, source, destination, error }
  }
  const evidence = compareMetadata(
    { stat: source, profile: job.source.profile, trust: job.sourceTrust },
    { stat: destination, profile: job.destination.profile, trust: job.destinationTrust },
  )
  const conclusion = conclude(evidence, 'ours', { sourceEvidence: job.settings.verify.sourceEvidence })
  return { ...conclusion, evidence, digests: {}, source, destination, error: errorOf(job, conclusion) }
}

async function headOrNull(job: CopyJob): Promise<ObjectStat | null> {
  try {
    return await withRetries(job, 'destination', () => job.destination.head(job.destinationRef, { signal: job.signal }))
  } catch (error) {
    if (error instanceof ObjectStoreError && error.reason === 'not-found') return null
    throw error
  }
}

async function compareBytes(job: CopyJob): Promise<ComparedObjects> {
  for (;;) {
    try {
      return await compareBytesOnce(job)
    } catch (error) {
      const changed = SealiftError.is(error) && (error.code === 'ERR_SOURCE_CHANGED' || error.code === 'ERR_DESTINATION_CHANGED')
      if (!changed || job.counters.attempts >= job.settings.attempts || job.signal.aborted) throw error
      job.counters.attempts++
      job.observer.retry({ attempt: job.counters.attempts, reason: error.message, delayMs: 0 })
    }
  }
}

async function compareBytesOnce(job: CopyJob): Promise<ComparedObjects> {
  const session = await SourceSession.open(job, false)
  try {
    const reader = await SourceReadings.prepare(job, session)
    let source = await reader.read()
    const readBacks: ReadBack[] = []
    let confirmed = false
    for (;;) {
      const written = describe(source.digests)
      const reading = await readDestination(job, readBacks.length > 0)
      readBacks.push(reading.readBack)
      const judged = judgeReadBacks(written, readBacks)
      if (judged.state !== 'proved' && !confirmed) {
        // a difference may as well stem from our read of the source: it is read again before anything is said
        confirmed = true
        source = await reader.readAgain(source)
        if (judgeReadBacks(describe(source.digests), readBacks).state === 'proved') readBacks.splice(0, readBacks.length - 1)
        else if (judged.state === 'read-again') continue
      }
      const final = judgeReadBacks(describe(source.digests), readBacks)
      if (final.state === 'read-again' && readBacks.length < MAX_READ_BACKS) continue
      // bytes that come in another encoding than the source's were packed or unpacked on their way: they do not condemn
      const transcoded = !sameEncoding(session.stat.metadata.contentEncoding, reading.stat.metadata.contentEncoding)
      const settled = transcoded ? final.evidence.map(withoutMismatch) : final.evidence
      const destinationEvidence = final.state === 'proved' ? final.evidence.map(overturn) : settled
      const evidence = [...source.judgement.evidence, ...destinationEvidence]
      const conclusion = conclude(evidence, 'ours', { sourceEvidence: job.settings.verify.sourceEvidence })
      return {
        ...conclusion,
        evidence,
        digests: source.digests.hex,
        source: session.stat,
        destination: reading.stat,
        error: errorOf(job, conclusion, source.judgement),
      }
    }
  } finally {
    session.close()
  }
}

function withoutMismatch(item: Evidence): Evidence {
  return item.outcome === 'mismatch' ? { ...item, outcome: 'not-comparable' } : item
}

interface JudgedRead {
  readonly digests: ReadDigests
  readonly judgement: SourceJudgement
}

/** Whole reads of the source, until its leg is settled. */
class SourceReadings {
  readonly #job: CopyJob
  readonly #session: SourceSession
  readonly #known: KnownLayout | null
  readonly #candidates: readonly PartLayout[]
  #reads = 0

  private constructor(job: CopyJob, session: SourceSession, known: KnownLayout | null) {
    this.#job = job
    this.#session = session
    this.#known = known
    const derivable = session.claims.claims.some((claim) => claim.method === 'etag-multipart')
    this.#candidates = session.partCount === null || !derivable ? [] : candidateLayouts(session.sizeBytes, session.partCount)
  }

  static async prepare(job: CopyJob, session: SourceSession): Promise<SourceReadings> {
    const known = session.partCount === null ? null : await knownLayout(job, session.pin, session.sizeBytes, session.partCount)
    return new SourceReadings(job, session, known)
  }

  async read(): Promise<JudgedRead> {
    for (;;) {
      const read = await this.#once()
      const { judgement } = read
      if (judgement.state !== 'read-again') return read
      if (this.#job.counters.attempts >= this.#job.settings.attempts) {
        if (!judgement.contradicted && this.#reads === 1) return read
        const { bucket, key } = this.#job.sourceRef
        throw new SealiftError(
          'ERR_TRANSFER',
          `source ${bucket}/${key}: no two of ${this.#reads} reads gave the same bytes, or they differ from what it states`,
          {
            context: { bucket, key },
          },
        )
      }
      this.#job.counters.attempts++
      this.#job.observer.retry({ attempt: this.#job.counters.attempts, reason: 'one read of the source is not enough', delayMs: 0 })
    }
  }

  /** One more read; what it says counts from now on. */
  async readAgain(before: JudgedRead): Promise<JudgedRead> {
    const again = await this.#once()
    return again.judgement.state === 'read-again' && !before.judgement.contradicted ? this.read() : again
  }

  async #once(): Promise<JudgedRead> {
    const job = this.#job
    const session = this.#session
    const layouts = this.#known !== null ? [this.#known.layout] : candidatesForRead(this.#candidates, this.#reads, isOnlyRead(job))
    const plan = planEvidence({ hashes: job.settings.hashes, claims: session.claims.claims, destination: job.destination.profile, readBack: 'always' })
    const hasher = new ReadHasher(job.engine, plan.algorithms, layouts, plan.partAlgorithms)
    try {
      for await (const chunk of session.bytes({ fresh: this.#reads > 0 })) {
        hasher.push(chunk)
        job.observer.progress({ bytesRead: job.counters.bytesRead, bytesWritten: 0, sizeBytes: session.sizeBytes })
      }
      this.#reads++
      const digests = hasher.finish()
      return { digests, judgement: session.judge(digests, this.#known !== null) }
    } catch (error) {
      hasher.abandon()
      throw error
    }
  }
}

function describe(digests: ReadDigests): Written {
  return { sizeBytes: digests.sizeBytes, digests: digests.hex, multipartEtag: null, composites: {}, checked: { contentMd5: false, checksums: [] } }
}

async function readDestination(job: CopyJob, fresh: boolean): Promise<{ readonly readBack: ReadBack; readonly stat: ObjectStat }> {
  const ref = job.destinationRef
  const first = await withRetries(job, 'destination', () => job.destination.read(ref, { signal: job.signal, freshConnection: fresh }))
  const fromCache = (): SealiftError => changedError('destination', ref, 'the reply came from a cache')
  if (first.stat.fromCache) {
    first.discard()
    throw fromCache()
  }
  const sizeBytes = first.stat.sizeBytes ?? first.bodyBytes
  const stream = job.engine.open(['md5', 'sha256'])
  try {
    if (sizeBytes === null) {
      for await (const chunk of first.body) {
        stream.push(chunk)
        job.engine.flush()
      }
    } else {
      const reader = new ObjectReader(job, 'destination', { ...pinObject(ref, first.stat), sizeBytes }, sizeBytes)
      for await (const chunk of reader.bytes({ start: 0, endInclusive: sizeBytes - 1 }, first, { fresh })) {
        stream.push(chunk)
        job.engine.flush()
      }
      // a broken reply may have been gone on with out of a cache
      if (reader.cached) throw fromCache()
    }
    return { readBack: { sizeBytes: stream.sizeBytes, digests: hexDigests(stream.digests()) }, stat: first.stat }
  } catch (error) {
    stream.abandon()
    first.discard()
    throw error
  }
}

function errorOf(job: CopyJob, conclusion: { readonly verdict: string; readonly because: string }, source?: SourceJudgement): SealiftError | null {
  if (conclusion.verdict === 'verified') return null
  if (conclusion.verdict === 'mismatch' && source?.state === 'inconsistent') {
    const { bucket, key } = job.sourceRef
    return new SealiftError('ERR_SOURCE_INCONSISTENT', `source ${bucket}/${key} contradicts itself: two equal reads differ from the digest it states`, {
      context: { bucket, key },
    })
  }
  const { bucket, key } = job.destinationRef
  const code = conclusion.verdict === 'mismatch' ? 'ERR_INTEGRITY_MISMATCH' : 'ERR_UNVERIFIED'
  return new SealiftError(code, `destination ${bucket}/${key}: ${conclusion.because}`, { context: { bucket, key } })
}
