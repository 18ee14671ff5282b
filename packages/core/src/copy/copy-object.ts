import { SealiftError } from '../errors.ts'
import type { LayoutOrigin, NotCarried, Route } from '../object-result.ts'
import { ObjectStoreError } from '../object-store-error.ts'
import type { ObjectStat } from '../ports/object-store.ts'
import { overturn } from '../verify/destination-evidence.ts'
import type { Assurance, Evidence, Verdict } from '../verify/evidence.ts'
import type { SourceJudgement } from '../verify/source-judgement.ts'
import { conclude } from '../verify/verdict.ts'
import { type Carried, gatherCarried, setTagsAfterWrite } from './carried-extras.ts'
import { setLockAfterWrite } from './carried-lock.ts'
import { missingMetadata } from './carried-metadata.ts'
import { type AttemptResult, type CopyWork, prepareWork } from './copy-attempt.ts'
import type { CopyJob } from './copy-job.ts'
import { checkDestination, type DestinationCheck } from './destination-check.ts'
import { writtenRef } from './destination-identity.ts'
import { discardMismatch } from './discard-mismatch.ts'
import { findExactLayout } from './exact-layout.ts'
import { copyHeld, releaseHeld } from './held-copy.ts'
import { remainingRace } from './overwrite-check.ts'
import { copyInParts } from './parts-copy.ts'
import type { HexDigests, ReadDigests } from './read-hasher.ts'
import { pauseBeforeRetry } from './retry.ts'
import { type CopyRefused, copyServerSide } from './server-side-copy.ts'
import { SourceSession } from './source-session.ts'
import { copyStreamed } from './streamed-copy.ts'
import type { WriteOutcome } from './write-outcome.ts'

/** What the copy of one object came to. */
export interface CopyResult {
  readonly verdict: Extract<Verdict, 'verified' | 'mismatch' | 'unverified'>
  readonly assurance: Assurance
  readonly because: string
  readonly evidence: readonly Evidence[]
  readonly digests: HexDigests
  readonly sizeBytes: number
  readonly route: Route | null
  readonly parts: { readonly count: number; readonly sizeBytes: number; readonly origin: LayoutOrigin } | null
  readonly sourceStat: ObjectStat
  /** null where nothing is left there */
  readonly destination: {
    readonly versionId: string | null
    readonly etag: string | null
    readonly sizeBytes: number | null
    readonly lastModified: Date | null
  } | null
  readonly error: SealiftError | null
}

/** The state of the attempts of one copy. */
interface Progress {
  session: SourceSession | null
  work: CopyWork | null
  carried: Carried | null
  /** a request was refused for its signature before */
  signatureRefused: boolean
}

/**
 * Copies one object and gathers the evidence for its verdict. Rejects with what stopped the copy (the caller makes `failed` of it), or with the signal's
 * reason; in either case no upload is left open that can be aborted.
 */
export async function copyObject(job: CopyJob): Promise<CopyResult> {
  const progress: Progress = { session: null, work: null, carried: null, signatureRefused: false }
  try {
    for (let attempt = 1; ; attempt++) {
      job.counters.attempts = attempt
      try {
        const result = await oneAttempt(job, progress, attempt > 1)
        if (result !== null) return result
      } catch (error) {
        await dropUpload(progress)
        if (job.signal.aborted || attempt >= job.settings.attempts || !(mayTryAgain(error) || wasHarmedOnItsWay(error, progress))) throw error
        if (changesSource(error)) forget(progress)
        job.history.length = 0
        if (error instanceof ObjectStoreError) await pauseBeforeRetry(job, 'source', attempt, error)
        else job.observer.retry({ attempt, reason: error.message, delayMs: 0 })
      }
    }
  } finally {
    progress.session?.close()
    if (progress.work !== null) releaseHeld(progress.work)
    await dropUpload(progress)
  }
}

/** One whole copy, or one more read of the source. Null: try again. */
async function oneAttempt(job: CopyJob, progress: Progress, fresh: boolean): Promise<CopyResult | null> {
  const session = (progress.session ??= await SourceSession.open(job, fresh))
  progress.carried ??= await gatherCarried(job, session)
  const work = (progress.work ??= await prepareWork(job, session, progress.carried.write))
  const exact = await findExactLayout(job, session, work)
  if (exact?.contradicted === true) return heldBack(job, session, exact, null)
  const attempt = await run(job, session, work, fresh)
  if (attempt.kind === 'refused') {
    // the bytes go through us: in the same attempt, over the same state of the source
    if (job.serverSide !== undefined) job.serverSide.refusal = attempt.reason
    progress.work = null
    return oneAttempt(job, progress, true)
  }
  if (attempt.kind === 'held-back') return heldBack(job, session, attempt.judgement, attempt.digests)
  const check = await checkDestination(job, attempt.outcome, progress.carried.write.metadata.contentEncoding)
  const result = concludeCopy(job, session, work, attempt, check)
  if (result.verdict === 'mismatch') {
    // under `overwrite: 'never'` our own wrong object would stand in the way of the next try; a wrong version would stay behind it for ever
    const removeNow = job.settings.overwrite === 'never' || namesVersion(attempt.outcome)
    const removed = removeNow && job.settings.onMismatch === 'delete' ? await discardMismatch(job, attempt.outcome) : null
    if (removed !== null) job.history.push(removed)
    if (job.counters.attempts < job.settings.attempts && (job.settings.overwrite !== 'never' || removed !== null)) {
      job.history.push(
        ...result.evidence.filter((item) => item.outcome === 'mismatch').map((item) => overturn({ ...item, outcome: 'not-comparable', reason: 'differs' })),
      )
      job.observer.retry({ attempt: job.counters.attempts, reason: result.because, delayMs: 0 })
      return null
    }
    return removed === null ? discard(job, attempt.outcome, result) : { ...result, evidence: [...result.evidence, removed] }
  }
  if (check.identity === 'ours') {
    const ref = writtenRef(job, attempt.outcome)
    await setTagsAfterWrite(job, progress.carried, ref, sentWith(attempt.route, work))
    await setLockAfterWrite(job, progress.carried.write.lock, ref)
  }
  job.notCarried.push(...progress.carried.notCarried, ...shownMissing(check, progress.carried), ...unconfirmedEncryption(check, attempt.outcome))
  return result
}

/** What request the tags went with. */
function sentWith(route: Route, work: CopyWork): 'put' | 'create' | 'copy' {
  if (route === 'single') return 'put'
  return route === 'multipart' || work.layout !== null ? 'create' : 'copy'
}

function namesVersion(outcome: WriteOutcome): boolean {
  const versionId = outcome.receipt?.versionId ?? null
  return versionId !== null && versionId !== 'null'
}

function run(job: CopyJob, session: SourceSession, work: CopyWork, fresh: boolean): Promise<AttemptResult | CopyRefused> {
  switch (work.route.kind) {
    case 'server-side':
      return copyServerSide(job, session, work, fresh)
    case 'held':
      return copyHeld(job, session, work, fresh)
    case 'parts':
      return copyInParts(job, session, work, fresh)
    case 'streamed':
      return copyStreamed(job, session, work, work.route.claim, fresh)
  }
}

/** The bytes were not written: read again while attempts are left, else say why. */
function heldBack(job: CopyJob, session: SourceSession, judgement: SourceJudgement, digests: ReadDigests | null): CopyResult | null {
  const { bucket, key } = job.sourceRef
  if (judgement.state === 'inconsistent') {
    const error = new SealiftError('ERR_SOURCE_INCONSISTENT', `source ${bucket}/${key} contradicts itself: two equal reads differ from the digest it states`, {
      context: { bucket, key },
    })
    return {
      verdict: 'mismatch',
      assurance: 'none',
      because: 'the source contradicts itself',
      evidence: judgement.evidence,
      digests: digests?.hex ?? {},
      sizeBytes: session.sizeBytes,
      route: null,
      parts: null,
      sourceStat: session.stat,
      destination: null,
      error,
    }
  }
  if (job.counters.attempts < job.settings.attempts) {
    job.observer.retry({ attempt: job.counters.attempts, reason: 'one read of the source is not enough', delayMs: 0 })
    return null
  }
  throw new SealiftError(
    'ERR_TRANSFER',
    `source ${bucket}/${key}: no two of ${session.reads.length} reads gave the same bytes, or they differ from what it states; nothing was written`,
    {
      context: { bucket, key },
    },
  )
}

function concludeCopy(
  job: CopyJob,
  session: SourceSession,
  work: CopyWork,
  attempt: Extract<AttemptResult, { kind: 'written' }>,
  check: DestinationCheck,
): CopyResult {
  const versionId = attempt.outcome.receipt?.versionId ?? check.stat?.versionId ?? null
  const evidence = [...attempt.judgement.evidence, ...check.evidence, ...job.history, ...remainingRace(job, attempt.route, versionId)]
  const conclusion = conclude(evidence, check.identity, { sourceEvidence: job.settings.verify.sourceEvidence })
  const seen = check.stat ?? attempt.outcome.head
  const receipt = attempt.outcome.receipt
  const { layout } = work
  const { bucket, key } = job.destinationRef
  const failure =
    conclusion.verdict === 'mismatch'
      ? (['ERR_INTEGRITY_MISMATCH', 'does not hold the bytes that were sent'] as const)
      : (['ERR_UNVERIFIED', conclusion.because] as const)
  return {
    ...conclusion,
    evidence,
    digests: attempt.digests.hex,
    sizeBytes: session.sizeBytes,
    route: attempt.route,
    parts: {
      count: layout?.count ?? 1,
      sizeBytes:
        layout === null ? session.sizeBytes : layout.kind === 'uniform' ? Math.min(layout.partSizeBytes, session.sizeBytes) : Math.max(...layout.sizes),
      origin: work.origin,
    },
    sourceStat: session.stat,
    destination: {
      versionId: receipt?.versionId ?? seen?.versionId ?? null,
      etag: seen?.etag ?? receipt?.etag ?? null,
      sizeBytes: seen?.sizeBytes ?? (conclusion.verdict === 'verified' ? session.sizeBytes : null),
      lastModified: seen?.lastModified ?? null,
    },
    error:
      conclusion.verdict === 'verified'
        ? null
        : (check.error ?? new SealiftError(failure[0], `destination ${bucket}/${key}: ${failure[1]}`, { context: { bucket, key } })),
  }
}

async function discard(job: CopyJob, outcome: WriteOutcome, result: CopyResult): Promise<CopyResult> {
  if (job.settings.onMismatch === 'keep') return result
  return { ...result, evidence: [...result.evidence, await discardMismatch(job, outcome)] }
}

/** Metadata that a reply of the destination shows to be missing. */
function shownMissing(check: DestinationCheck, carried: Carried): NotCarried[] {
  return check.stat === null || check.identity !== 'ours' ? [] : missingMetadata(carried.write.metadata, check.stat.metadata, carried.notCarried)
}

/** An encryption that was asked for and that no reply confirms: some stores leave the request for it unheeded. */
function unconfirmedEncryption(check: DestinationCheck, outcome: WriteOutcome): NotCarried[] {
  const reply = check.stat ?? outcome.receipt
  if (check.identity !== 'ours' || reply?.encryptionShown !== false) return []
  return [{ what: 'encryption', name: reply.encryption, reason: 'it was asked for, and no reply of the destination says that the object has it' }]
}

function mayTryAgain(error: unknown): error is SealiftError {
  // an upload that somebody aborted, or a lifecycle rule, is made anew
  return SealiftError.is(error) && (error.retryable || (error instanceof ObjectStoreError && error.reason === 'no-such-upload'))
}

/** A signed header that changes on its way is refused as a wrong signature; wrong credentials are as well, so that it is tried again only once. */
function wasHarmedOnItsWay(error: unknown, progress: Progress): error is SealiftError {
  if (!(error instanceof ObjectStoreError) || error.context.serverCode !== 'SignatureDoesNotMatch' || progress.signatureRefused) return false
  progress.signatureRefused = true
  return true
}

/** After these, what is known of the source no longer holds. */
function changesSource(error: SealiftError): boolean {
  return error.code === 'ERR_SOURCE_CHANGED'
}

/** Starts over from a new state of the source. */
function forget(progress: Progress): void {
  progress.session?.close()
  if (progress.work !== null) releaseHeld(progress.work)
  progress.session = null
  progress.work = null
  progress.carried = null
}

async function dropUpload(progress: Progress): Promise<void> {
  const upload = progress.work?.upload ?? null
  if (progress.work !== null) progress.work.upload = null
  await upload?.abort()
}
