import type { ComparedObjects } from '../copy/compare-objects.ts'
import type { CopyJob } from '../copy/copy-job.ts'
import { parseETag } from '../etag.ts'
import type { EndpointResult } from '../object-result.ts'
import type { ObjectRef, ObjectStat } from '../ports/object-store.ts'
import type { ProviderProfile } from '../ports/provider-profile.ts'
import type { ObjectWork } from './object-run.ts'

/** One end of a copy as it goes into the record: the ETag without quotes. */
export function endResult(
  provider: string,
  ref: ObjectRef,
  stat: Pick<ObjectStat, 'etag' | 'versionId' | 'lastModified'>,
  sizeBytes: number | null,
): EndpointResult {
  return {
    provider,
    bucket: ref.bucket,
    key: ref.key,
    versionId: stat.versionId ?? ref.versionId ?? null,
    etag: stat.etag === null || stat.etag === '' ? null : parseETag(stat.etag).value,
    sizeBytes,
    lastModified: stat.lastModified ? isoText(stat.lastModified) : null,
  }
}

/** Objects of one run often have the same date, and formatting one takes as long as the rest of their end. */
const isoTexts = new Map<number, string>()
const MAX_ISO_TEXTS = 64

function isoText(date: Date): string {
  const timeMs = date.getTime()
  let text = isoTexts.get(timeMs)
  if (text === undefined) {
    text = date.toISOString()
    if (isoTexts.size >= MAX_ISO_TEXTS) isoTexts.clear()
    isoTexts.set(timeMs, text)
  }
  return text
}

/** An end that nothing is known of. */
export function missingEnd(provider: string, ref: ObjectRef): EndpointResult {
  return { provider, bucket: ref.bucket, key: ref.key, versionId: ref.versionId ?? null, etag: null, sizeBytes: null, lastModified: null }
}

/** The result of a comparison of two objects that were there. */
export function comparedResult(
  job: CopyJob,
  profiles: { readonly source: ProviderProfile; readonly destination: ProviderProfile },
  compared: ComparedObjects,
): Awaited<ReturnType<ObjectWork>> {
  const end = (side: 'source' | 'destination', ref: ObjectRef, stat: ObjectStat | null): EndpointResult =>
    stat === null ? missingEnd(profiles[side].id, ref) : endResult(profiles[side].id, ref, stat, stat.sizeBytes)
  return {
    source: end('source', job.sourceRef, compared.source),
    destination: end('destination', job.destinationRef, compared.destination),
    digests: compared.digests,
    verdict: compared.verdict,
    assurance: compared.assurance,
    evidence: compared.evidence,
    route: null,
    parts: null,
    ...(compared.error === null ? {} : { error: { code: compared.error.code, message: compared.error.message } }),
  }
}
