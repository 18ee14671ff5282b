import type { ChecksumAlgorithm } from '../checksum/algorithm.ts'
import { ObjectStoreError } from '../object-store-error.ts'
import type { PutOptions, WriteBody } from '../ports/object-store.ts'
import type { Written } from '../verify/destination-evidence.ts'
import type { CopyJob } from './copy-job.ts'
import { predictedEtag } from './destination-check.ts'
import { headWritten, isOurs, mayBeOurs } from './destination-identity.ts'
import { checkAbsent, existsError, putGuardsAlone } from './overwrite-check.ts'
import type { RawDigests } from './read-hasher.ts'
import { isRetryable, MAX_TRIES, mayBeDone, pauseBeforeRetry } from './retry.ts'
import type { WriteOutcome } from './write-outcome.ts'

export interface PutRequest {
  readonly bytes: Uint8Array
  /** told of each try that ended without success: its socket may still hold the bytes */
  readonly onDisturbed: () => void
  /** those that go with it, and SHA-256 */
  readonly raw: RawDigests
  /** asked before the last bytes of each try go out; false ends the write, and nothing is there of it */
  readonly mayComplete: (() => boolean) | undefined
  /** asked for when what came of a try is judged: some digests are made while the bytes are on their way */
  readonly written: () => Written
  readonly sendContentMd5: boolean
  readonly sendChecksums: readonly ChecksumAlgorithm[]
  readonly options: Pick<PutOptions, 'metadata' | 'tags' | 'grants' | 'lock'>
}

/**
 * Writes a held object by one PUT, at most four times, and settles what a lost reply leaves open.
 * @throws ObjectStoreError where `mayComplete` says no: nothing of this write is there
 * @throws `ERR_DESTINATION_EXISTS` where `overwrite: 'never'` meets somebody else's object
 */
export async function putObject(job: CopyJob, request: PutRequest): Promise<WriteOutcome> {
  const { profile } = job.destination
  const conditional = job.settings.overwrite === 'never' && profile.writes.ifNoneMatch === 'yes'
  const body: WriteBody = { kind: 'bytes', bytes: request.bytes, mayComplete: request.mayComplete }
  const startedAtMs = job.lostWrite.sinceMs ?? performance.now()
  const outcome = (part: Pick<WriteOutcome, 'receipt' | 'ambiguous' | 'head'>): WriteOutcome => {
    const written = request.written()
    return { written, startedAtMs, predictedEtag: predictedEtag(written, profile), opaqueWith: profile.etag.opaqueWith, ...part }
  }
  const looksFirst = job.settings.overwrite === 'never' && !putGuardsAlone(profile)
  let ambiguous = job.lostWrite.sinceMs !== null
  for (let tryNumber = 1; ; tryNumber++) {
    // before each try: a server that is busy may have us wait for minutes
    if (looksFirst) {
      // what is there may be what an earlier try wrote without getting a reply
      const earlier = ambiguous ? await lookForWritten(job, unanswered(request, outcome)) : null
      if (earlier !== null) return earlier
      await checkAbsent(job)
    }
    try {
      const receipt = await job.destination.put(job.destinationRef, body, {
        ...request.options,
        signal: job.signal,
        contentMd5: request.sendContentMd5 ? request.raw.md5 : undefined,
        checksums: request.sendChecksums.flatMap((algorithm) => {
          const digest = request.raw[algorithm]
          return digest === undefined ? [] : [{ algorithm, digest }]
        }),
        sha256: request.raw.sha256,
        ifNoneMatch: conditional ? '*' : undefined,
      })
      if (receipt.attempts > 1) request.onDisturbed()
      job.counters.bytesWritten += request.bytes.byteLength
      return outcome({ receipt, ambiguous: ambiguous || receipt.attempts > 1, head: null })
    } catch (error) {
      request.onDisturbed()
      if (!(error instanceof ObjectStoreError) || job.signal.aborted) throw error
      // bytes that must not be there never went out whole, whatever ended the try: it was called off, or had not come so far as to be asked about
      if (request.mayComplete?.() === false) throw error
      ambiguous ||= mayBeDone(error)
      if (ambiguous) job.lostWrite.sinceMs ??= startedAtMs
      const last = tryNumber >= MAX_TRIES || !isRetryable(error)
      // a 412 may be the answer to our own first try, and the last lost reply may have been a success: HEAD decides
      if (ambiguous && last) {
        const found = await findWritten(job, unanswered(request, outcome))
        if (found !== null) return found
      }
      if (error.reason === 'precondition-failed' && conditional) throw existsError(job, error)
      if (last) throw error
      await pauseBeforeRetry(job, 'destination', tryNumber, error)
    }
  }
}

/** A write that may be there, though no reply said so: nothing that went with it was seen to be checked. */
function unanswered(request: PutRequest, outcome: (part: Pick<WriteOutcome, 'receipt' | 'ambiguous' | 'head'>) => WriteOutcome): WriteOutcome {
  return { ...outcome({ receipt: null, ambiguous: true, head: null }), written: { ...request.written(), checked: { contentMd5: false, checksums: [] } } }
}

/** As {@link lookForWritten}, where the error of the write says more than one of the look at it. */
async function findWritten(job: CopyJob, outcome: WriteOutcome): Promise<WriteOutcome | null> {
  return await lookForWritten(job, outcome).catch((error: unknown) => {
    if (error instanceof ObjectStoreError) return null
    throw error
  })
}

async function lookForWritten(job: CopyJob, outcome: WriteOutcome): Promise<WriteOutcome | null> {
  const stat = await headWritten(job, job.destinationRef)
  if (stat === null || !(isOurs(outcome, stat) || mayBeOurs(outcome, stat))) return null
  return { ...outcome, head: stat }
}
