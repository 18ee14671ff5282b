import { compareObjects } from '../copy/compare-objects.ts'
import type { ObjectResult } from '../object-result.ts'
import { checkLocation, type DestinationLocation, type SourceLocation } from './location-options.ts'
import { type MigrateObjectOptions, resolveMigrateOptions } from './migrate-options.ts'
import { runObject } from './object-run.ts'
import { checkObject, oneOf, optionalText } from './option-checks.ts'
import { comparedResult } from './result-shape.ts'

const OPTIONS = [
  'source',
  'destination',
  'hashes',
  'detect',
  'store',
  'events',
  'signal',
  'taskId',
  'verify',
  'accept',
  'attempts',
  'timeoutMs',
  'idleTimeoutMs',
  'bytesPerSecond',
  'memoryBytes',
  'transport',
  'depth',
] as const satisfies readonly (keyof VerifyObjectOptions)[]

export interface VerifyObjectOptions
  extends Pick<
    MigrateObjectOptions,
    | 'hashes'
    | 'detect'
    | 'store'
    | 'events'
    | 'signal'
    | 'taskId'
    | 'accept'
    | 'attempts'
    | 'timeoutMs'
    | 'idleTimeoutMs'
    | 'bytesPerSecond'
    | 'memoryBytes'
    | 'transport'
  > {
  readonly source: SourceLocation
  readonly destination: DestinationLocation & { readonly versionId?: string }
  readonly verify?: Pick<NonNullable<MigrateObjectOptions['verify']>, 'sourceEvidence' | 'secondRead'>
  /** `read-back` reads both objects; `metadata` compares what the stores say of them, and is `unverified` where that proves nothing. Default `read-back` */
  readonly depth?: 'metadata' | 'read-back'
}

/**
 * The same evidence and verdicts for two objects that are both there; nothing is copied or written.
 * Resolves and rejects like {@link migrateObject}.
 */
export async function verifyObject(options: VerifyObjectOptions): Promise<ObjectResult> {
  checkObject('options', options, OPTIONS)
  const { depth: given, destination, ...rest } = options
  const depth = oneOf('depth', given, ['read-back', 'metadata'], 'read-back')
  if (rest.verify !== undefined) checkObject('verify', rest.verify, ['sourceEvidence', 'secondRead'])
  checkLocation('destination', destination, ['versionId'])
  const { versionId: version, ...place } = destination
  const versionId = optionalText('destination.versionId', version, 1024)
  const resolved = resolveMigrateOptions({ ...rest, destination: place })
  return runObject(
    {
      ...resolved,
      source: options.source,
      destination: place,
      detect: options.detect,
      store: options.store,
      events: options.events,
      signal: options.signal,
      recordedOptions: { ...resolved.settings, operation: 'verifyObject', depth },
    },
    async (job, profiles) => {
      const placed = versionId === undefined ? job : { ...job, destinationRef: { ...job.destinationRef, versionId } }
      return comparedResult(placed, profiles, await compareObjects(placed, depth))
    },
  )
}
