import { SealiftError } from '../errors.ts'
import type { LayoutOrigin } from '../object-result.ts'
import type { ObjectRef } from '../ports/object-store.ts'
import type { PartLimits, ProviderProfile } from '../ports/provider-profile.ts'
import type { SourceClaim } from '../verify/source-claims.ts'
import type { CopySettings } from './copy-job.ts'
import { choosePartSize, layoutPermitted, type PartLayout, uniformLayout } from './part-plan.ts'

export const DEFAULT_PART_SIZE_BYTES: number = 16 * 1024 * 1024

/** The claim of the source that becomes the check of an unbuffered write, so that the server refuses corrupted bytes in the same pass. */
export type WriteAheadClaim = SourceClaim & { readonly method: 'stored-checksum' | 'etag-md5' }

/**
 * How an object's bytes go.
 * - `held`: the whole object is held in memory, judged, then written by one PUT or in parts
 * - `parts`: streamed once, written in parts of a fixed layout
 * - `streamed`: one PUT of a stream, checked by the server against the source's own digest
 * - `server-side`: copied inside the endpoint, after one read that is only hashed
 */
export type CopyRoute =
  | { readonly kind: 'held' }
  | { readonly kind: 'parts' }
  | { readonly kind: 'streamed'; readonly claim: WriteAheadClaim }
  | { readonly kind: 'server-side' }

export interface RouteInput {
  readonly sizeBytes: number
  /** parts by the source's ETag; null: it is not a multipart ETag */
  readonly sourcePartCount: number | null
  readonly claims: readonly SourceClaim[]
  readonly destination: ProviderProfile
  readonly settings: Pick<CopySettings, 'memoryBytes' | 'layout'>
  /** the server may copy it inside the endpoint */
  readonly serverSide?: boolean
}

/** Pure. */
export function chooseRoute(input: RouteInput): CopyRoute {
  const { sizeBytes, settings, destination } = input
  if (input.serverSide === true) return { kind: 'server-side' }
  if (sizeBytes <= settings.memoryBytes) return { kind: 'held' }
  const single = settings.layout !== 'own' && input.sourcePartCount === null && sizeBytes <= destination.limits.maxSinglePutBytes
  const claim = single ? input.claims.find((candidate) => isWriteAhead(candidate, destination)) : undefined
  return claim === undefined ? { kind: 'parts' } : { kind: 'streamed', claim: claim as WriteAheadClaim }
}

/** A trusted digest of the whole source object that the destination is known to check. */
function isWriteAhead(claim: SourceClaim, destination: ProviderProfile): boolean {
  if (claim.strength !== 'binding' || claim.type !== 'FULL_OBJECT') return false
  if (claim.algorithm === 'md5') return destination.checksums.contentMd5 === 'yes'
  return claim.method === 'stored-checksum' && destination.checksums.verifiedOnWrite.some((algorithm) => algorithm === claim.algorithm)
}

export interface DestinationLayout {
  /** null: one PUT */
  readonly layout: PartLayout | null
  readonly origin: LayoutOrigin
}

/**
 * The part layout of the write: the source's where it is known and the destination permits it, else our own. Pure.
 * @param source - the source's layout; null: not known, or the source is one PUT
 * @throws `ERR_OBJECT_TOO_LARGE` where nothing fits
 */
export function chooseLayout(
  sizeBytes: number,
  source: { readonly layout: PartLayout; readonly origin: LayoutOrigin } | null,
  sourceIsSingle: boolean,
  limits: PartLimits,
  settings: Pick<CopySettings, 'layout' | 'partSizeBytes'>,
): DestinationLayout {
  if (settings.layout !== 'own') {
    if (source !== null && layoutPermitted(source.layout, limits).permitted) return source
    if (sourceIsSingle && sizeBytes <= limits.maxSinglePutBytes) return { layout: null, origin: 'single' }
  }
  const partSizeBytes = choosePartSize(sizeBytes, settings.partSizeBytes ?? DEFAULT_PART_SIZE_BYTES, limits)
  if (sizeBytes <= partSizeBytes && sizeBytes <= limits.maxSinglePutBytes) return { layout: null, origin: 'single' }
  return { layout: uniformLayout(sizeBytes, partSizeBytes), origin: 'own' }
}

/** The layout of the write for each route: an object that is not held whole goes in parts, of our own choice small enough to be held one by one. Pure. */
export function chooseWriteLayout(
  route: CopyRoute,
  sizeBytes: number,
  source: { readonly layout: PartLayout; readonly origin: LayoutOrigin } | null,
  sourceIsSingle: boolean,
  limits: PartLimits,
  settings: Pick<CopySettings, 'layout' | 'partSizeBytes' | 'memoryBytes'>,
): DestinationLayout {
  // a copy inside the endpoint fixes its layout after the read
  if (route.kind === 'streamed' || route.kind === 'server-side') return { layout: null, origin: 'single' }
  if (route.kind === 'held') return chooseLayout(sizeBytes, source, sourceIsSingle, limits, settings)
  if (settings.layout !== 'own' && source !== null && layoutPermitted(source.layout, limits).permitted) return source
  const wanted = settings.partSizeBytes ?? Math.min(DEFAULT_PART_SIZE_BYTES, settings.memoryBytes)
  return { layout: uniformLayout(sizeBytes, choosePartSize(sizeBytes, wanted, limits)), origin: 'own' }
}

/** @throws `ERR_OBJECT_TOO_LARGE` naming both sizes */
export function checkObjectSize(ref: ObjectRef, sizeBytes: number, profile: ProviderProfile): void {
  const limit = profile.limits.maxObjectBytes
  if (limit === null || sizeBytes <= limit) return
  throw new SealiftError('ERR_OBJECT_TOO_LARGE', `${ref.bucket}/${ref.key} has ${sizeBytes} bytes; ${profile.name} takes at most ${limit} bytes an object`, {
    context: { bucket: ref.bucket, key: ref.key, expected: `at most ${limit} bytes`, actual: `${sizeBytes} bytes` },
  })
}
