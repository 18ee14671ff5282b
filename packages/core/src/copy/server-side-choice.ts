import type { CopySource } from '../ports/object-store.ts'
import type { CopySupport, ProviderProfile } from '../ports/provider-profile.ts'
import type { CopyJob, CopySettings } from './copy-job.ts'
import { canPin } from './object-pin.ts'
import { choosePartSize, type PartLayout, uniformLayout } from './part-plan.ts'
import type { SourceSession } from './source-session.ts'

/** What holds where a profile says nothing: everything may be tried, and nothing proves but reading back. The size is the smallest of the documented limits. */
const UNKNOWN_SUPPORT: CopySupport = {
  object: 'candidate',
  part: 'candidate',
  ifMatch: 'candidate',
  partIfMatch: 'candidate',
  recomputes: 'candidate',
  ifNoneMatch: 'candidate',
  tags: 'no',
  maxObjectBytes: 5_000_000_000,
}

/** Parts of our own choice: no memory is held for them, and each is one small request. */
const OWN_PART_BYTES = 256 * 1024 * 1024

export function copySupport(profile: ProviderProfile): CopySupport {
  return profile.copies ?? UNKNOWN_SUPPORT
}

/**
 * Why this object is not copied inside the endpoint; null where it is (design: server-side copy). It is refused where it could not be proved as well as a
 * copy through us: without a state of the source to hold the server to, or where only a read-back could tell and none is allowed. Pure.
 */
export function serverSideRefusal(job: CopyJob, session: Pick<SourceSession, 'pin' | 'sizeBytes' | 'stat'>): string | null {
  const { serverSide, destination, settings } = job
  if (serverSide === undefined) return 'not asked for'
  if (serverSide.refusal !== null) return serverSide.refusal
  if (destination.copyObject === undefined || destination.uploadPartCopy === undefined) return 'the store adapter cannot copy'
  const support = copySupport(destination.profile)
  const { name } = destination.profile
  const whole = support.object !== 'no' && session.sizeBytes <= support.maxObjectBytes
  if (!whole && support.part === 'no')
    return support.object === 'no' ? `${name} has no server-side copy` : `${name} copies at most ${support.maxObjectBytes} bytes`
  if (!canPin(session.pin)) return 'the source has no strong ETag and no version to hold the copy to'
  if (session.stat.encryption === 'sse-c') return 'the source is encrypted with a key of the customer'
  if (settings.verify.readBack === 'never' && !provableByReply(support, session.pin.ref.versionId !== undefined))
    return `${name} does not promise that a copy fits the state of the source that was read, or that its ETag is of the copied bytes, and reading back is not allowed`
  return null
}

/** Parts of our own, for an object that one CopyObject does not take, or that the caller wants in parts; null: neither, or there is no UploadPartCopy. Pure. */
export function ownCopyLayout(profile: ProviderProfile, settings: Pick<CopySettings, 'layout' | 'partSizeBytes'>, sizeBytes: number): PartLayout | null {
  const support = copySupport(profile)
  if (support.part === 'no') return null
  const wanted = choosePartSize(sizeBytes, settings.partSizeBytes ?? OWN_PART_BYTES, profile.limits)
  const inParts = support.object === 'no' || sizeBytes > support.maxObjectBytes || (settings.layout === 'own' && sizeBytes > wanted)
  return inParts ? uniformLayout(sizeBytes, wanted) : null
}

/** The copy's own replies may prove it: they are of the bytes that were copied, and the server refuses another state of the source. */
function provableByReply(support: CopySupport, hasVersion: boolean): boolean {
  return support.recomputes === 'yes' && (hasVersion || (support.ifMatch === 'yes' && support.partIfMatch === 'yes'))
}

/** How the requests of a copy name the source, and whether the server is known to hold it to the state that was read. */
export interface HeldSource {
  readonly source: CopySource
  /** false: the source is looked at again after the copy, and the copy's own replies prove nothing */
  readonly held: boolean
}

/** @param parts - whether UploadPartCopy or CopyObject is sent. Pure. */
export function heldSource(job: CopyJob, session: Pick<SourceSession, 'pin'>, parts: boolean): HeldSource {
  const support = copySupport(job.destination.profile)
  const honoured = parts ? support.partIfMatch : support.ifMatch
  const { ref, ifMatch } = session.pin
  return {
    source: {
      ref,
      ifMatch: honoured === 'no' || ifMatch === null ? undefined : ifMatch,
      expectedBucketOwner: job.serverSide?.expectedBucketOwner,
      requestPayer: job.serverSide?.requestPayer,
    },
    // a version never changes
    held: ref.versionId !== undefined || (honoured === 'yes' && ifMatch !== null),
  }
}
