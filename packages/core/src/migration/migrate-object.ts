import { compareObjects } from '../copy/compare-objects.ts'
import type { CopyJob } from '../copy/copy-job.ts'
import { copyObject } from '../copy/copy-object.ts'
import { checkAbsent } from '../copy/overwrite-check.ts'
import { SealiftError } from '../errors.ts'
import type { ObjectResult } from '../object-result.ts'
import type { ProviderProfile } from '../ports/provider-profile.ts'
import { type MigrateObjectOptions, resolveMigrateOptions } from './migrate-options.ts'
import { type ObjectWork, runObject } from './object-run.ts'
import { comparedResult, endResult, missingEnd } from './result-shape.ts'

/**
 * Copies one object from one S3-compatible store to another and proves it.
 *
 * Resolves when the verdict is among `accept` (by default `verified`, `skipped`, `planned`), else rejects with a {@link SealiftError} that carries
 * the same `ObjectResult` as `.result`. With `store`, the result is recorded in either case.
 *
 * @throws `ERR_INVALID_OPTION` before anything is sent; `ERR_CREDENTIALS`, `ERR_SOURCE_NOT_FOUND`, `ERR_SOURCE_CHANGED`, `ERR_SOURCE_ARCHIVED`,
 * `ERR_SOURCE_INCONSISTENT`, `ERR_ACCESS_DENIED`, `ERR_DESTINATION_NOT_FOUND`, `ERR_DESTINATION_CHANGED`, `ERR_OBJECT_TOO_LARGE`,
 * `ERR_INTEGRITY_MISMATCH`, `ERR_UNVERIFIED`, `ERR_TIMEOUT`, `ERR_THROTTLED`, `ERR_TRANSFER` by what happened; `ERR_STORE` where the row could not
 * be written; `signal.reason` on an abort
 * @example
 * ```ts
 * const result = await migrateObject({
 *   source: { client: legacy, bucket: 'photos', key: '2019/1.jpg' },
 *   destination: { client: archive, bucket: 'photos-2' },
 * })
 * console.log(result.verdict, result.assurance, result.digests.sha256)
 * ```
 */
export async function migrateObject(options: MigrateObjectOptions): Promise<ObjectResult> {
  const resolved = resolveMigrateOptions(options)
  const { settings } = resolved
  return runObject(
    {
      ...resolved,
      source: options.source,
      destination: options.destination,
      detect: options.detect,
      store: options.store,
      events: options.events,
      signal: options.signal,
      recordedOptions: { ...settings, serverSideCopy: resolved.serverSideCopy, operation: 'migrateObject' },
    },
    migrate,
  )
}

const migrate: ObjectWork = async (job, profiles) => {
  if (job.settings.overwrite === 'if-different') {
    const equal = await provedEqual(job, profiles)
    if (equal !== null) return equal
  }
  await checkAbsent(job)
  const copied = await copyObject(job)
  return {
    source: endResult(profiles.source.id, job.sourceRef, copied.sourceStat, copied.sizeBytes),
    destination:
      copied.destination === null
        ? missingEnd(profiles.destination.id, job.destinationRef)
        : endResult(profiles.destination.id, job.destinationRef, copied.destination, copied.destination.sizeBytes),
    digests: copied.digests,
    verdict: copied.verdict,
    assurance: copied.assurance,
    evidence: copied.evidence,
    route: copied.route,
    parts: copied.parts,
    ...(copied.error === null ? {} : { error: { code: copied.error.code, message: copied.error.message } }),
  }
}

/**
 * Under `overwrite: 'if-different'`: the result `skipped` where the two objects are proved equal by what the stores say of them, or, under
 * `readBack: 'always'`, by their bytes.
 */
async function provedEqual(
  job: CopyJob,
  profiles: { readonly source: ProviderProfile; readonly destination: ProviderProfile },
): Promise<Awaited<ReturnType<ObjectWork>> | null> {
  const compared = await compareObjects(job, job.settings.verify.readBack === 'always' ? 'read-back' : 'metadata').catch((error: unknown) => {
    if (SealiftError.is(error) && error.code === 'ERR_DESTINATION_NOT_FOUND') return null
    throw error
  })
  if (compared?.verdict !== 'verified') return null
  return { ...comparedResult(job, profiles, compared), verdict: 'skipped' }
}
