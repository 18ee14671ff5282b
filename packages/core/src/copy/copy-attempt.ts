import type { HashAlgorithm } from '../checksum/algorithm.ts'
import type { LayoutOrigin, Route } from '../object-result.ts'
import type { PutOptions } from '../ports/object-store.ts'
import type { Written } from '../verify/destination-evidence.ts'
import { type EvidencePlan, planEvidence } from '../verify/evidence-plan.ts'
import type { SourceJudgement } from '../verify/source-judgement.ts'
import type { CopyJob } from './copy-job.ts'
import { type CopyRoute, checkObjectSize, chooseRoute, chooseWriteLayout } from './copy-route.ts'
import type { HeldBuffer } from './held-buffer.ts'
import { checksumToKeep, type KeptChecksum } from './kept-checksum.ts'
import { type PartLayout, partRange } from './part-plan.ts'
import type { ReadDigests } from './read-hasher.ts'
import { serverSideRefusal } from './server-side-choice.ts'
import { candidateLayouts, type KnownLayout, knownLayout } from './source-layout.ts'
import type { SourceSession } from './source-session.ts'
import type { UploadSession } from './upload-session.ts'
import type { WriteOutcome } from './write-outcome.ts'

/** What was decided once for a state of the source, and is kept over its attempts. */
export interface CopyWork {
  readonly plan: EvidencePlan
  /** the source's own checksum, which goes with the write */
  readonly kept: KeptChecksum | null
  readonly route: CopyRoute
  readonly known: KnownLayout | null
  /** layouts to try where it is not known, likeliest first */
  readonly candidates: readonly PartLayout[]
  readonly write: Pick<PutOptions, 'metadata' | 'tags' | 'grants' | 'lock'>
  /** the upload that is open at the destination, over attempts */
  upload: UploadSession | null
  /** the layout of the write, fixed before the first byte goes out; null: one PUT */
  layout: PartLayout | null
  origin: LayoutOrigin
  /** memory for a held object, used again by the next attempt */
  held: HeldBuffer | null
  /** what the derivation of a held object found, by the MD5 of its bytes: equal bytes need no second search */
  derived: { readonly md5: string; readonly layout: PartLayout | null; readonly tried: readonly string[] } | null
}

/** How one attempt ended. */
export type AttemptResult =
  | { readonly kind: 'held-back'; readonly judgement: SourceJudgement; readonly digests: ReadDigests }
  | { readonly kind: 'written'; readonly judgement: SourceJudgement; readonly digests: ReadDigests; readonly outcome: WriteOutcome; readonly route: Route }

/** Decides route, layout and evidence for a state of the source. Asks the source for its layout where it has parts. */
export async function prepareWork(job: CopyJob, session: SourceSession, write: CopyWork['write']): Promise<CopyWork> {
  const { settings } = job
  const { sizeBytes, partCount } = session
  checkObjectSize(job.destinationRef, sizeBytes, job.destination.profile)
  const claims = session.claims.claims
  const { kept } = checksumToKeep(session.stat.checksums, job.destination.profile)
  const plan = planEvidence({
    hashes: settings.hashes,
    claims,
    destination: job.destination.profile,
    readBack: settings.verify.readBack,
    kept: kept?.algorithm,
  })
  const refusal = serverSideRefusal(job, session)
  if (job.serverSide !== undefined) job.observer.routeChosen?.({ route: refusal === null ? 'server-side' : 'through-us', reason: refusal })
  const route = chooseRoute({ sizeBytes, sourcePartCount: partCount, claims, destination: job.destination.profile, settings, serverSide: refusal === null })
  const hasComposite = claims.some((claim) => claim.type === 'COMPOSITE' && claim.method === 'stored-checksum')
  const parts = partCount ?? (hasComposite ? (claims.find((claim) => claim.partCount !== null)?.partCount ?? null) : null)
  const known = parts === null ? null : await knownLayout(job, session.pin, sizeBytes, parts)
  const likely = known === null && partCount !== null ? candidateLayouts(sizeBytes, partCount) : []
  // an ETag that is no digest (encrypted, or older than the provider's rule) tells no layout from another: nothing is hashed for it
  const candidates = claims.some((claim) => claim.method === 'etag-multipart') ? likely : []
  const first = known ?? rankedFirst(likely, job)
  const { limits } = job.destination.profile
  const chosen = chooseWriteLayout(route, sizeBytes, first, session.sourceIsSingle, limits, settings)
  return { plan, kept, route, known, candidates, write, upload: null, layout: chosen.layout, origin: chosen.origin, held: null, derived: null }
}

/** The first-ranked layout that the destination permits. */
function rankedFirst(candidates: readonly PartLayout[], job: CopyJob): { layout: PartLayout; origin: 'ranked' } | null {
  const layout = candidates[0]
  return layout === undefined || job.settings.layout === 'own' ? null : { layout, origin: 'ranked' }
}

/** Whether the bytes of this attempt may be written: never against a trusted digest, and never while another read may be made. */
export function mayCommit(job: CopyJob, session: SourceSession, judgement: SourceJudgement): boolean {
  if (judgement.state === 'inconsistent' || judgement.contradicted) return false
  if (judgement.state !== 'read-again') return true
  // no attempt is left for a second read: the only read there was goes out, and the verdict will say `unverified`; one that was demanded is not waived
  if (job.settings.verify.secondRead === 'always') return false
  return job.counters.attempts >= job.settings.attempts && session.reads.length === 1
}

/** No other read may follow this one. */
export function isOnlyRead(job: CopyJob): boolean {
  return job.settings.verify.secondRead === 'never' || job.counters.attempts >= job.settings.attempts
}

/** What goes out, for the destination leg. */
export function describeWritten(
  digests: ReadDigests,
  multipart: { readonly etag: string; readonly composites: Readonly<Partial<Record<HashAlgorithm, string>>> } | null,
  checked: Written['checked'],
): Written {
  return { sizeBytes: digests.sizeBytes, digests: digests.hex, multipartEtag: multipart?.etag ?? null, composites: multipart?.composites ?? {}, checked }
}

export function sameLayout(a: PartLayout | null, b: PartLayout | null): boolean {
  if (a === null || b === null || a.count !== b.count || a.sizeBytes !== b.sizeBytes) return false
  if (a.kind === 'uniform' && b.kind === 'uniform') return a.count === 1 || a.partSizeBytes === b.partSizeBytes
  for (let partNumber = 1; partNumber <= a.count; partNumber++) {
    if (partRange(a, partNumber).sizeBytes !== partRange(b, partNumber).sizeBytes) return false
  }
  return true
}
