import type { HashAlgorithm } from '../checksum/algorithm.ts'
import { SealiftError } from '../errors.ts'
import { parseETag } from '../etag.ts'
import { ObjectStoreError } from '../object-store-error.ts'
import type { ObjectStat } from '../ports/object-store.ts'
import {
  type DestinationReply,
  destinationEvidence,
  judgeReadBacks,
  overturn,
  REASON_UNCONFIRMED,
  type ReadBack,
  type Written,
} from '../verify/destination-evidence.ts'
import type { Evidence } from '../verify/evidence.ts'
import { REASON_DIFFERS } from '../verify/source-judgement.ts'
import type { DestinationIdentity } from '../verify/verdict.ts'
import type { CopyJob } from './copy-job.ts'
import { isNamedByReply, isOurs, mayBeOurs, settle, writtenRef } from './destination-identity.ts'
import { pinObject } from './object-pin.ts'
import { ObjectReader } from './object-reader.ts'
import { hexDigests } from './read-hasher.ts'
import { withRetries } from './retry.ts'
import { sameEncoding } from './same-encoding.ts'
import type { WriteOutcome } from './write-outcome.ts'

/** How often an object is read back before it counts as undecided. */
const MAX_READ_BACKS = 4

export interface DestinationCheck {
  readonly evidence: readonly Evidence[]
  readonly identity: DestinationIdentity
  /** the last that was seen of the object; null: only the write's reply */
  readonly stat: ObjectStat | null
  readonly error: SealiftError | null
}

/**
 * Gathers the destination leg's evidence with the fewest requests: the write's reply, else a HEAD, else reading the object back.
 * @param sentEncoding - the Content-Encoding that went with the write: a read-back that comes in another one was transcoded on its way
 */
export async function checkDestination(job: CopyJob, outcome: WriteOutcome, sentEncoding?: string): Promise<DestinationCheck> {
  const profile = outcome.claims ?? job.destination.profile
  const { readBack } = job.settings.verify
  const replies: DestinationReply[] = outcome.receipt === null ? [] : [{ ...outcome.receipt, sizeBytes: null, fromCache: false }]
  let stat: ObjectStat | null = null
  const judge = (): Evidence[] => {
    const found = destinationEvidence(outcome.written, replies, profile, job.destinationTrust)
    return outcome.claims === undefined
      ? found
      : found.map((item) => (item.reason === REASON_UNCONFIRMED ? { ...item, reason: 'the copy may have it from the source' } : item))
  }
  let evidence = judge()
  // a multipart write is looked at once: its size, and the ETag where Complete's reply had none; so is one whose reply names no object, or not the right one
  if (outcome.ambiguous || !isNamedByReply(outcome) || outcome.written.multipartEtag !== null || !isSettled(evidence)) {
    const seen = await settle(job, outcome)
    if (!seen.ours || seen.stat === null) return otherObject(job, evidence, seen.stat)
    stat = seen.stat
    replies.push(stat)
    evidence = judge()
  }
  // an object that nothing names may be somebody else's: only its bytes can tell
  const named = stat === null || isOurs(outcome, stat)
  if (readBack === 'never') return { evidence, identity: named ? 'ours' : 'unknown', stat, error: null }
  if (named && isSettled(evidence) && readBack !== 'always') return { evidence, identity: 'ours', stat, error: null }
  return readBackUntilSettled(job, outcome, evidence, stat, sentEncoding)
}

/** A destination match beyond size, the size, and no difference. */
export function isSettled(evidence: readonly Evidence[]): boolean {
  const matches = evidence.filter((item) => item.outcome === 'match')
  const differs = evidence.some((item) => item.outcome === 'not-comparable' && item.reason === REASON_DIFFERS)
  return !differs && matches.some((item) => item.leg === 'destination') && matches.some((item) => item.method === 'size')
}

async function readBackUntilSettled(
  job: CopyJob,
  outcome: WriteOutcome,
  replies: Evidence[],
  seen: ObjectStat | null,
  sentEncoding: string | undefined,
): Promise<DestinationCheck> {
  const readBacks: ReadBack[] = []
  let stat = seen
  let disturbed = 0
  for (;;) {
    let reading: { readonly readBack: ReadBack; readonly stat: ObjectStat } | null
    try {
      reading = await readOnce(job, outcome, stat, readBacks.length > 0 || disturbed > 0)
    } catch (error) {
      const changed = SealiftError.is(error) && (error.code === 'ERR_DESTINATION_CHANGED' || error.code === 'ERR_DESTINATION_NOT_FOUND')
      if (!changed || job.signal.aborted) throw error
      // it may be a stale reply of an eventually consistent store: ask until it settles, then read again
      disturbed++
      const now = await settle(job, outcome)
      if (!now.ours || now.stat === null || disturbed >= MAX_READ_BACKS) return otherObject(job, replies, now.stat)
      stat = now.stat
      continue
    }
    if (reading === null) return otherObject(job, replies, stat)
    stat = reading.stat
    readBacks.push(reading.readBack)
    const judged = judgeReadBacks(outcome.written, readBacks)
    if (judged.state === 'proved') return { evidence: [...replies.map(overturn), ...judged.evidence], identity: 'ours', stat, error: null }
    // bytes that came in another encoding than they were sent in (a store or a proxy unpacked or packed them) are not those that are stored
    const transcoded = !sameEncoding(sentEncoding, reading.stat.metadata.contentEncoding)
    const found = transcoded
      ? judged.evidence.map((item) => (item.outcome === 'mismatch' ? { ...item, outcome: 'not-comparable' as const } : item))
      : judged.evidence
    if (judged.state === 'mismatch' || readBacks.length >= MAX_READ_BACKS)
      return { evidence: [...replies, ...found], identity: isOurs(outcome, reading.stat) ? 'ours' : 'unknown', stat, error: null }
  }
}

async function readOnce(
  job: CopyJob,
  outcome: WriteOutcome,
  seen: ObjectStat | null,
  fresh: boolean,
): Promise<{ readBack: ReadBack; stat: ObjectStat } | null> {
  const ref = writtenRef(job, outcome)
  // what a HEAD showed to be ours comes first: the reply's own ETag may be what was harmed
  const etag = seen?.etag ?? outcome.receipt?.etag ?? null
  // If-Match compares strongly: a weak ETag would never fit
  const ifMatch = ref.versionId === undefined && etag !== null && !parseETag(etag).weak ? etag : undefined
  const first = await withRetries(job, 'destination', (tryNumber) =>
    job.destination.read(ref, { signal: job.signal, freshConnection: fresh || tryNumber > 1, ifMatch }),
  ).catch((error: unknown) => {
    if (error instanceof ObjectStoreError && error.reason === 'precondition-failed') {
      throw new SealiftError('ERR_DESTINATION_CHANGED', `destination ${ref.bucket}/${ref.key} is not the object that was written`, {
        context: { bucket: ref.bucket, key: ref.key },
        cause: error,
      })
    }
    throw error
  })
  const another = (): SealiftError =>
    new SealiftError('ERR_DESTINATION_CHANGED', `destination ${ref.bucket}/${ref.key} answered with another object than was written`, {
      context: { bucket: ref.bucket, key: ref.key },
    })
  if (first.stat.fromCache || !(isOurs(outcome, first.stat) || mayBeOurs(outcome, first.stat))) {
    first.discard()
    throw another()
  }
  const algorithms = (Object.keys(outcome.written.digests) as HashAlgorithm[]).filter(
    (algorithm) => algorithm === 'md5' || algorithm === 'sha256' || algorithm === 'sha1' || algorithm === 'sha512',
  )
  const stream = job.engine.open(algorithms)
  try {
    const sizeBytes = first.stat.sizeBytes ?? first.bodyBytes
    if (sizeBytes === null) {
      for await (const chunk of first.body) push(job, stream, chunk)
    } else {
      const reader = new ObjectReader(job, 'destination', pinObject(ref, first.stat), sizeBytes)
      for await (const chunk of reader.bytes({ start: 0, endInclusive: sizeBytes - 1 }, first, { fresh })) push(job, stream, chunk)
      // a broken reply may have been gone on with out of a cache
      if (reader.cached) throw another()
    }
    return { readBack: { sizeBytes: stream.sizeBytes, digests: hexDigests(stream.digests()) }, stat: first.stat }
  } catch (error) {
    stream.abandon()
    throw error
  }
}

function push(job: CopyJob, stream: { push(chunk: Uint8Array): void }, chunk: Uint8Array): void {
  stream.push(chunk)
  job.engine.flush()
}

function otherObject(job: CopyJob, evidence: readonly Evidence[], stat: ObjectStat | null): DestinationCheck {
  const { bucket, key } = job.destinationRef
  const how = stat === null ? 'it is not there' : 'it is another object than the one written'
  const error = new SealiftError('ERR_DESTINATION_CHANGED', `destination ${bucket}/${key} after ${job.settings.settleMs} ms: ${how}`, {
    context: { bucket, key },
  })
  return { evidence, identity: 'other', stat, error }
}

/** The ETag that the destination must show for these bytes by its profile; null where it cannot be told. */
export function predictedEtag(written: Written, profile: CopyJob['destination']['profile']): string | null {
  if (written.multipartEtag !== null) return profile.etag.multipart === 'yes' ? written.multipartEtag : null
  return profile.etag.single === 'yes' ? (written.digests.md5 ?? null) : null
}
