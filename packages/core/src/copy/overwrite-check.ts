import { SealiftError } from '../errors.ts'
import type { Route } from '../object-result.ts'
import type { ProviderProfile } from '../ports/provider-profile.ts'
import type { Evidence } from '../verify/evidence.ts'
import type { CopyJob } from './copy-job.ts'
import { headWritten } from './destination-identity.ts'
import { writtenWithin } from './server-clock.ts'

/**
 * Under `overwrite: 'never'`, looks whether the key is free where the server does not do so itself (design: conditional writes). The race between this
 * look and the write remains there.
 * @throws `ERR_DESTINATION_EXISTS`; `ERR_TRANSFER` where the object may be the one that an earlier try of ours wrote without getting a reply
 */
export async function checkAbsent(job: CopyJob): Promise<void> {
  if (job.settings.overwrite !== 'never') return
  const stat = await headWritten(job, job.destinationRef)
  if (stat === null) return
  const { sinceMs } = job.lostWrite
  if (sinceMs === null || !writtenWithin(stat, performance.now() - sinceMs)) throw existsError(job)
  const { bucket, key } = job.destinationRef
  throw new SealiftError('ERR_TRANSFER', `destination ${bucket}/${key} exists, and may be our own write, whose reply was lost; nothing more was written`, {
    context: { bucket, key },
  })
}

/** PUT `If-None-Match: *` is promised in any bucket, also in a versioned one: it needs no look before it. Pure. */
export function putGuardsAlone({ writes }: ProviderProfile): boolean {
  return writes.ifNoneMatch === 'yes' && (writes.ifNoneMatchVersioned ?? 'yes') === 'yes'
}

/**
 * For the record: under `overwrite: 'never'`, where the server does not promise the condition, an object written between our look and our write is lost.
 * @param versionId - of what was written, from a reply: tells a bucket with versioning; `null` is the one of a bucket where it is suspended
 */
export function remainingRace(job: Pick<CopyJob, 'settings' | 'destination'>, route: Route, versionId: string | null): Evidence[] {
  const isVersioned = versionId !== null && versionId !== 'null'
  if (job.settings.overwrite !== 'never' || isPromised(job.destination.profile, route, isVersioned)) return []
  const reason = "overwrite 'never': the provider does not promise If-None-Match here; an object written between HEAD and this write would have been lost"
  return [
    {
      leg: 'destination',
      method: 'server-checked-write',
      algorithm: null,
      type: null,
      expected: null,
      actual: null,
      outcome: 'not-comparable',
      reason,
      trust: 'self',
    },
  ]
}

function isPromised(profile: ProviderProfile, route: Route, isVersioned: boolean): boolean {
  const { writes, copies } = profile
  switch (route) {
    case 'single':
      return isVersioned ? putGuardsAlone(profile) : writes.ifNoneMatch === 'yes'
    case 'multipart':
      return writes.ifNoneMatchOnComplete === 'yes'
    case 'server-side':
      return copies?.ifNoneMatch === 'yes' && writes.ifNoneMatchOnComplete === 'yes'
  }
}

/** The error for an object that is there already under `overwrite: 'never'`. */
export function existsError(job: CopyJob, cause?: unknown): SealiftError {
  const { bucket, key } = job.destinationRef
  return new SealiftError('ERR_DESTINATION_EXISTS', `destination ${bucket}/${key} exists already, and overwrite is 'never'`, {
    context: { bucket, key },
    ...(cause === undefined ? {} : { cause }),
  })
}
