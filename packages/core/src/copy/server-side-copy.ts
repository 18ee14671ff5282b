import { SealiftError } from '../errors.ts'
import type { LayoutOrigin } from '../object-result.ts'
import { ObjectStoreError } from '../object-store-error.ts'
import type { ProviderProfile } from '../ports/provider-profile.ts'
import type { Written } from '../verify/destination-evidence.ts'
import type { SourceJudgement } from '../verify/source-judgement.ts'
import { completeUpload } from './complete-upload.ts'
import { type AttemptResult, type CopyWork, describeWritten, isOnlyRead, mayCommit, sameLayout } from './copy-attempt.ts'
import type { CopyJob } from './copy-job.ts'
import { copyWhole } from './copy-whole.ts'
import { predictedEtag } from './destination-check.ts'
import { discardMismatch } from './discard-mismatch.ts'
import { loseChecksum } from './kept-checksum.ts'
import { changedError, pinContradiction } from './object-pin.ts'
import { openUpload } from './open-upload.ts'
import { checkAbsent } from './overwrite-check.ts'
import { layoutPermitted, type PartLayout, partRanges } from './part-plan.ts'
import { type ReadDigests, ReadHasher } from './read-hasher.ts'
import { withRetries } from './retry.ts'
import { PART_CONCURRENCY, sendParts } from './send-parts.ts'
import { copySupport, heldSource, ownCopyLayout } from './server-side-choice.ts'
import { candidatesForRead } from './source-layout.ts'
import type { SourceSession } from './source-session.ts'
import type { WriteOutcome } from './write-outcome.ts'

/** Layouts that one read is hashed over: nothing is held, so that all of them are hashed side by side. */
const MAX_CANDIDATES = 32

/** The server does not make the copy, for a reason that another try will not mend: the bytes go through us then. */
export interface CopyRefused {
  readonly kind: 'refused'
  readonly reason: string
}

/**
 * Has the server copy the object inside the endpoint. The source is read and hashed all the same, before anything is written: the digests of the record
 * are of bytes that were read, and the source leg is judged before the commit. What is saved is the way of the bytes to the destination.
 */
export async function copyServerSide(job: CopyJob, session: SourceSession, work: CopyWork, fresh: boolean): Promise<AttemptResult | CopyRefused> {
  const own = ownCopyLayout(job.destination.profile, job.settings, session.sizeBytes)
  const layouts = layoutsToHash(job, session, work, own)
  const digests = await readSource(job, session, work, layouts, fresh)
  const judgement = session.judge(digests, work.known !== null)
  if (!mayCommit(job, session, judgement)) return { kind: 'held-back', judgement, digests }
  const chosen = chooseLayout(job, session, work, own, digests.multipartEtags, layouts)
  work.layout = chosen.layout
  work.origin = chosen.origin
  try {
    return await write(job, session, work, digests, judgement, layouts)
  } catch (error) {
    await work.upload?.abort()
    work.upload = null
    if (!(error instanceof ObjectStoreError) || job.signal.aborted || !mayBeRefusal(error)) throw error
    // the condition on the source, or its absence, may be what the server speaks of
    await checkSource(job, session)
    return {
      kind: 'refused',
      reason: `the server did not copy: ${error.reason}${error.context.serverCode === undefined ? '' : ` (${error.context.serverCode})`}`,
    }
  }
}

async function write(
  job: CopyJob,
  session: SourceSession,
  work: CopyWork,
  digests: ReadDigests,
  judgement: SourceJudgement,
  layouts: readonly PartLayout[],
): Promise<AttemptResult> {
  const { layout } = work
  const { source, held } = heldSource(job, session, layout !== null)
  const support = copySupport(job.destination.profile)
  const inherited = !(held && support.recomputes === 'yes')
  const written = describe(digests, layout, layouts)
  const base = {
    written,
    // what the store gives a copy is not known where it may be the source's own: the reply names it, else the bytes have to tell
    predictedEtag: support.recomputes === 'yes' || layout !== null ? predictedEtag(written, job.destination.profile) : null,
    opaqueWith: job.destination.profile.etag.opaqueWith,
    ...(inherited ? { claims: claimingNothing(job.destination.profile) } : {}),
  }
  let outcome: WriteOutcome
  if (layout === null) {
    const { metadata, grants, lock, tags } = work.write
    const withTags = support.tags === 'yes' && job.destination.profile.metadata.tags === 'yes' ? (tags ?? []) : undefined
    const options = { metadata, grants, lock, tags: withTags, sizeBytes: session.sizeBytes }
    outcome = await copyWhole(job, source, options, { ...base, startedAtMs: job.lostWrite.sinceMs ?? performance.now() })
  } else {
    outcome = { ...(await copyParts(job, session, work, layout, written, base.predictedEtag)), ...base }
  }
  if (!held) await checkCopied(job, session, outcome)
  return { kind: 'written', judgement, digests, outcome, route: 'server-side' }
}

async function copyParts(
  job: CopyJob,
  session: SourceSession,
  work: CopyWork,
  layout: PartLayout,
  written: Written,
  predicted: string | null,
): Promise<WriteOutcome> {
  const copy = job.destination.uploadPartCopy?.bind(job.destination)
  if (copy === undefined) throw new TypeError('the store adapter cannot copy')
  const { source } = heldSource(job, session, true)
  await checkAbsent(job)
  // no checksum is announced: nobody computes one of these parts but the server
  loseChecksum(job.notCarried, work.kept, 'the server copies its parts, and no checksum is announced for them')
  const upload = await openUpload(job, session, work, layout, [])
  await sendParts(
    job,
    async (send) => {
      for (const range of partRanges(layout)) {
        const stretch = range.sizeBytes === 0 ? null : { start: range.start, endInclusive: range.endInclusive }
        const options = { sizeBytes: range.sizeBytes }
        await send((signal) =>
          upload.copyPart(
            range.partNumber,
            range.sizeBytes,
            () => copy(source, stretch, job.destinationRef, upload.uploadId, range.partNumber, { ...options, signal }),
            signal,
          ),
        )
      }
    },
    PART_CONCURRENCY,
  )
  await checkAbsent(job)
  const outcome = await completeUpload(job, upload, written, predicted)
  work.upload = null
  return outcome
}

/** After a copy that the server was not held to: another state of the source may be what it took. What it made is ours, and goes. */
async function checkCopied(job: CopyJob, session: SourceSession, outcome: WriteOutcome): Promise<void> {
  try {
    await checkSource(job, session)
  } catch (error) {
    if (SealiftError.is(error) && error.code === 'ERR_SOURCE_CHANGED' && job.settings.onMismatch === 'delete') await discardMismatch(job, outcome)
    throw error
  }
}

/** @throws `ERR_SOURCE_CHANGED` where the source is no longer what was read */
async function checkSource(job: CopyJob, session: SourceSession): Promise<void> {
  const { ref } = session.pin
  const stat = await withRetries(job, 'source', () => job.source.head(ref, { signal: job.signal })).catch((error: unknown) => {
    if (error instanceof ObjectStoreError && error.reason === 'not-found') throw changedError('source', ref, 'it is not there any more', error)
    throw error
  })
  const contradiction = pinContradiction(session.pin, stat)
  if (contradiction !== null) throw changedError('source', ref, contradiction)
}

/** A failure that the ordinary way may not have. */
function mayBeRefusal(error: ObjectStoreError): boolean {
  return !REMAINS.has(error.reason)
}

const REMAINS: ReadonlySet<string> = new Set(['credentials', 'throttled', 'transport', 'no-such-upload', 'no-such-bucket'])

async function readSource(job: CopyJob, session: SourceSession, work: CopyWork, layouts: readonly PartLayout[], fresh: boolean): Promise<ReadDigests> {
  const hasher = new ReadHasher(job.engine, work.plan.algorithms, layouts, work.plan.partAlgorithms)
  try {
    for await (const chunk of session.bytes({ fresh })) {
      hasher.push(chunk)
      job.observer.progress({ bytesRead: job.counters.bytesRead, bytesWritten: job.counters.bytesWritten, sizeBytes: session.sizeBytes })
    }
    return hasher.finish()
  } catch (error) {
    hasher.abandon()
    throw error
  }
}

/** The source's layout, or those it may have; and our own, where parts of our own may be needed. Nothing is written before all are hashed. */
function layoutsToHash(job: CopyJob, session: SourceSession, work: CopyWork, own: PartLayout | null): readonly PartLayout[] {
  const all = isOnlyRead(job) || job.settings.layout === 'exact'
  const sources = work.known !== null ? [work.known.layout] : candidatesForRead(work.candidates.slice(0, MAX_CANDIDATES), session.reads.length, all)
  return own === null || sources.some((layout) => sameLayout(layout, own)) ? sources : [...sources, own]
}

/** The source's layout where it is known by now and the destination takes it; else one CopyObject; else our own parts. */
function chooseLayout(
  job: CopyJob,
  session: SourceSession,
  work: CopyWork,
  own: PartLayout | null,
  etags: readonly string[],
  layouts: readonly PartLayout[],
): { readonly layout: PartLayout | null; readonly origin: LayoutOrigin } {
  const support = copySupport(job.destination.profile)
  if (job.settings.layout !== 'own' && support.part !== 'no' && session.partCount !== null) {
    const wanted = session.claims.claims.find((claim) => claim.method === 'etag-multipart')?.expected
    const derived = wanted === undefined ? undefined : layouts[etags.indexOf(wanted)]
    const source = work.known ?? (derived === undefined ? null : { layout: derived, origin: 'derived' as const })
    if (source !== null && layoutPermitted(source.layout, job.destination.profile.limits).permitted) return source
  }
  return own === null ? { layout: null, origin: 'single' } : { layout: own, origin: 'own' }
}

function describe(digests: ReadDigests, layout: PartLayout | null, layouts: readonly PartLayout[]): Written {
  const unchecked = { contentMd5: false, checksums: [] }
  if (layout === null) return describeWritten(digests, null, unchecked)
  const at = layouts.findIndex((candidate) => sameLayout(candidate, layout))
  const etag = digests.multipartEtags[at]
  if (etag === undefined) throw new SealiftError('ERR_INVALID_STATE', 'an object is copied in parts of a layout that was hashed')
  return describeWritten(digests, { etag, composites: at === 0 ? digests.composites : {} }, unchecked)
}

/** Whatever its replies say of the copy, they may have it from the source. */
function claimingNothing(profile: ProviderProfile): ProviderProfile {
  return {
    ...profile,
    etag: { ...profile.etag, single: 'candidate', multipart: 'candidate' },
    checksums: { ...profile.checksums, returned: 'candidate', vendorHeaders: [] },
  }
}
