import type { ChecksumAlgorithm } from '../checksum/algorithm.ts'
import { fromBase64, fromHex } from '../checksum/digest.ts'
import { ObjectStoreError } from '../object-store-error.ts'
import { ChunkMemory } from './chunk-memory.ts'
import { type AttemptResult, type CopyWork, describeWritten } from './copy-attempt.ts'
import type { CopyJob } from './copy-job.ts'
import type { WriteAheadClaim } from './copy-route.ts'
import { predictedEtag } from './destination-check.ts'
import { headWritten, isOurs } from './destination-identity.ts'
import { loseChecksum } from './kept-checksum.ts'
import { canPin } from './object-pin.ts'
import { checkAbsent } from './overwrite-check.ts'
import { type ReadDigests, ReadHasher } from './read-hasher.ts'
import { mayBeDone } from './retry.ts'
import type { SourceSession } from './source-session.ts'
import type { WriteOutcome } from './write-outcome.ts'

/**
 * One PUT of a stream that does not fit in memory. The source's own trusted digest goes ahead of it as `Content-MD5` or `x-amz-checksum-*`, so that the
 * server refuses bytes that do not fit it: the source leg is judged before the commit, by the server.
 */
export async function copyStreamed(job: CopyJob, session: SourceSession, work: CopyWork, claim: WriteAheadClaim, fresh: boolean): Promise<AttemptResult> {
  // these bytes go out in the pass that is judged: a second read that is demanded has to come first
  if (job.settings.verify.secondRead === 'always' && session.reads.length === 0 && canPin(session.pin)) return readOnly(job, session, work, fresh)
  await checkAbsent(job)
  const hasher = new ReadHasher(job.engine, work.plan.algorithms, [], [])
  const memory = new ChunkMemory()
  const startedAtMs = performance.now()
  let digests: ReadDigests | null = null
  const stream = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for await (const chunk of session.bytes({ fresh, take: () => memory.take() })) {
        hasher.push(chunk)
        job.observer.progress({ bytesRead: job.counters.bytesRead, bytesWritten: job.counters.bytesWritten, sizeBytes: session.sizeBytes })
        yield chunk
      }
      digests = hasher.finish()
    } finally {
      hasher.abandon()
    }
  }
  const ahead = claim.method === 'stored-checksum' && claim.algorithm !== 'md5' ? claim.algorithm : null
  if (ahead !== work.kept?.algorithm)
    loseChecksum(job.notCarried, work.kept, 'one PUT of an object that does not fit in memory carries what the source says of its whole only')
  const conditional = job.settings.overwrite === 'never' && job.destination.profile.writes.ifNoneMatch === 'yes'
  const checked = { contentMd5: ahead === null, checksums: ahead === null ? [] : [ahead as ChecksumAlgorithm] }
  try {
    const receipt = await job.destination.put(
      job.destinationRef,
      { kind: 'stream', stream: stream(), sizeBytes: session.sizeBytes, onSent: (chunk) => memory.sent(chunk) },
      {
        ...work.write,
        signal: job.signal,
        contentMd5: ahead === null ? digestOf(claim) : undefined,
        checksums: ahead === null ? [] : [{ algorithm: ahead as ChecksumAlgorithm, digest: digestOf(claim) }],
        ifNoneMatch: conditional ? '*' : undefined,
      },
    )
    const read = digests as ReadDigests | null
    if (read === null)
      throw new ObjectStoreError('ERR_TRANSFER', 'the server answered before it had the whole body', { reason: 'invalid-reply', replied: true, context: {} })
    job.counters.bytesWritten += session.sizeBytes
    const written = describeWritten(read, null, checked)
    const outcome: WriteOutcome = {
      written,
      receipt,
      ambiguous: receipt.attempts > 1 || job.lostWrite.sinceMs !== null,
      head: null,
      startedAtMs,
      predictedEtag: predictedEtag(written, job.destination.profile),
      opaqueWith: job.destination.profile.etag.opaqueWith,
    }
    return { kind: 'written', judgement: session.judge(read, false), digests: read, outcome, route: 'single' }
  } catch (error) {
    const read = digests as ReadDigests | null
    if (!(error instanceof ObjectStoreError) || read === null || job.signal.aborted) throw error
    if (error.reason === 'bad-digest') {
      // the server got other bytes than the source promised: harmed on the way in, or on the way out
      const judgement = session.judge(read, false)
      if (judgement.state === 'proved' || judgement.state === 'accepted') throw error
      return { kind: 'held-back', judgement, digests: read }
    }
    if (!mayBeDone(error)) throw error
    job.lostWrite.sinceMs ??= startedAtMs
    const written = describeWritten(read, null, { contentMd5: false, checksums: [] })
    const outcome: WriteOutcome = {
      written,
      receipt: null,
      ambiguous: true,
      head: null,
      startedAtMs,
      predictedEtag: predictedEtag(written, job.destination.profile),
      opaqueWith: job.destination.profile.etag.opaqueWith,
    }
    const head = await headWritten(job, job.destinationRef)
    if (head === null || !isOurs(outcome, head)) throw error
    return { kind: 'written', judgement: session.judge(read, false), digests: read, outcome: { ...outcome, head }, route: 'single' }
  }
}

/** A read that is only hashed. */
async function readOnly(job: CopyJob, session: SourceSession, work: CopyWork, fresh: boolean): Promise<AttemptResult> {
  const hasher = new ReadHasher(job.engine, work.plan.algorithms, [], [])
  try {
    for await (const chunk of session.bytes({ fresh })) hasher.push(chunk)
    const digests = hasher.finish()
    return { kind: 'held-back', judgement: session.judge(digests, false), digests }
  } finally {
    hasher.abandon()
  }
}

function digestOf(claim: WriteAheadClaim): Uint8Array {
  return /^[0-9a-f]+$/.test(claim.expected) ? fromHex(claim.expected) : fromBase64(claim.expected)
}
