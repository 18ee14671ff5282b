import type { HashAlgorithm } from '../checksum/algorithm.ts'
import type { CopySettings } from '../copy/copy-job.ts'
import { invalidOption } from '../errors.ts'
import type { ProviderProfile } from '../ports/provider-profile.ts'
import type { ResultStore } from '../ports/result-store.ts'
import type { S3ClientLike } from '../s3/s3-client-like.ts'
import { VERDICTS, type Verdict } from '../verify/evidence.ts'
import type { SealiftEvents } from './events.ts'
import { checkHashes, checkKey, checkLocation, type DestinationLocation, type SourceLocation } from './location-options.ts'
import { checkObject, flag, oneOf, optionalText, wholeNumber } from './option-checks.ts'

/** What a provider detection gives; `detectProvider` of `@sealift/provider-detect` is one. */
export interface DetectedProvider {
  readonly profile: ProviderProfile
  /** `likely`: its claims count as candidates only */
  readonly confidence: 'certain' | 'likely' | 'unknown'
  readonly reasons: readonly string[]
}

export type DetectProvider = (
  client: S3ClientLike,
  bucket?: string,
  options?: { readonly signal?: AbortSignal; readonly expectedBucketOwner?: string; readonly requestPayer?: 'requester' },
) => Promise<DetectedProvider>

export interface VerifyOptions {
  /** read the written object again: when nothing else can prove it, always, or never. Default `when-needed` */
  readonly readBack?: 'when-needed' | 'always' | 'never'
  /** `required`: an object whose source offers nothing comparable is `unverified`, not `destination-only`. Default `if-available` */
  readonly sourceEvidence?: 'if-available' | 'required'
  /** read the source a second time: when nothing else can be compared, always, or never. Default `when-needed` */
  readonly secondRead?: 'when-needed' | 'always' | 'never'
}

export interface MigrateObjectOptions {
  readonly source: SourceLocation
  readonly destination: DestinationLocation
  /** digests to compute and record. Default MD5, SHA-1, SHA-256, CRC32; the evidence adds what it needs */
  readonly hashes?: readonly HashAlgorithm[]
  /** asked for a location without `profile` */
  readonly detect?: DetectProvider
  /** where the result is recorded */
  readonly store?: ResultStore
  readonly events?: SealiftEvents
  /** an abort rejects with `signal.reason`, leaves no verdict, no row, no open upload */
  readonly signal?: AbortSignal
  /** records under one task; the same key again replaces its row. Default: a task of its own */
  readonly taskId?: string
  readonly verify?: VerifyOptions
  /** verdicts that resolve; every other rejects, with `.result`. Default verified, skipped, planned */
  readonly accept?: readonly Verdict[]
  /** what to do with an object that is there. Default `always` */
  readonly overwrite?: 'always' | 'never' | 'if-different'
  /** what to do with a destination object that was proved wrong. Default `delete` */
  readonly onMismatch?: 'delete' | 'keep'
  /** `preserve`: the source's part layout where it is known in time; `exact`: may read twice for it; `own`: ignore it. Default `preserve` */
  readonly layout?: 'preserve' | 'exact' | 'own'
  /**
   * Allow the server to make the copy where both locations have the same endpoint and credentials (CopyObject, or UploadPartCopy in the source's parts). The
   * source is read and hashed all the same; its bytes do not go back to the store. Where the copy could not be held to the state of the source that was
   * read, or not be proved, or the server refuses it, the bytes come through us: the event `object:route` says why. Default false
   */
  readonly serverSideCopy?: boolean
  readonly carry?: { readonly acl?: boolean; readonly retention?: boolean; readonly legalHold?: boolean }
  /** source storage class → destination storage class, for those that are named differently */
  readonly storageClasses?: Readonly<Record<string, string>>
  /** of our own layout; default 16 MiB, scaled to the destination's part count */
  readonly partSizeBytes?: number
  /** whole copies, source changes and second reads together. Default 3 */
  readonly attempts?: number
  /** for the whole object; default none */
  readonly timeoutMs?: number
  /** without a byte in either direction. Default 30,000 */
  readonly idleTimeoutMs?: number
  /** how long an eventually consistent destination may take to show what was written. Default 10,000 */
  readonly settleMs?: number
  /** reading speed of this object; default unlimited */
  readonly bytesPerSecond?: number
  /** for the object's buffers. Default 64 MiB, at least 5 MiB */
  readonly memoryBytes?: number
  /**
   * How GET, PUT, HEAD and parts go: `direct` over our own connections (a tenth of the SDK's CPU), `sdk` through the client, `auto` direct wherever the client
   * allows it (no agent, CA, proxy or middleware of its own, plain SigV4); the event `object:transport` says which, and why. Default `auto`
   */
  readonly transport?: 'auto' | 'sdk' | 'direct'
}

export interface ResolvedOptions {
  readonly settings: CopySettings
  readonly sourceKey: string
  readonly destinationKey: string
  readonly accept: readonly Verdict[]
  readonly timeoutMs: number | null
  readonly idleTimeoutMs: number
  readonly taskId: string | null
  readonly serverSideCopy: boolean
  readonly transport: 'auto' | 'sdk' | 'direct'
}

const MIB = 1024 * 1024
const MAX_TIMER_MS = 2_147_483_647

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
  'overwrite',
  'onMismatch',
  'layout',
  'serverSideCopy',
  'carry',
  'storageClasses',
  'partSizeBytes',
  'attempts',
  'timeoutMs',
  'idleTimeoutMs',
  'settleMs',
  'bytesPerSecond',
  'memoryBytes',
  'transport',
] as const

/**
 * Checks every option and fills in the defaults.
 * @throws `ERR_INVALID_OPTION` naming the option, the value and what was expected
 */
export function resolveMigrateOptions(options: MigrateObjectOptions): ResolvedOptions {
  checkObject('options', options, OPTIONS)
  checkLocation('source', options.source, ['versionId'])
  checkLocation('destination', options.destination, [])
  const sourceKey = checkKey('source.key', options.source.key)
  const destinationKey = options.destination.key === undefined ? sourceKey : checkKey('destination.key', options.destination.key)
  optionalText('source.versionId', options.source.versionId, 1024)
  checkPorts(options)
  const verify = options.verify ?? {}
  checkObject('verify', verify, ['readBack', 'sourceEvidence', 'secondRead'])
  if (verify.secondRead === 'always' && options.attempts === 1)
    throw invalidOption('attempts', 1, "at least 2 with verify.secondRead 'always', since a second read counts as an attempt")
  const carry = options.carry ?? {}
  checkObject('carry', carry, ['acl', 'retention', 'legalHold'])
  const when = ['when-needed', 'always', 'never'] as const
  return {
    sourceKey,
    destinationKey,
    accept: checkAccept(options.accept),
    timeoutMs: options.timeoutMs === undefined ? null : wholeNumber('timeoutMs', options.timeoutMs, { least: 1, most: MAX_TIMER_MS, unit: 'milliseconds' }, 0),
    idleTimeoutMs: wholeNumber('idleTimeoutMs', options.idleTimeoutMs, { least: 1, most: MAX_TIMER_MS, unit: 'milliseconds' }, 30_000),
    serverSideCopy: flag('serverSideCopy', options.serverSideCopy, false),
    transport: oneOf('transport', options.transport, ['auto', 'sdk', 'direct'], 'auto'),
    taskId: optionalText('taskId', options.taskId, 255) ?? null,
    settings: {
      hashes: checkHashes(options.hashes),
      verify: {
        readBack: oneOf('verify.readBack', verify.readBack, when, 'when-needed'),
        sourceEvidence: oneOf('verify.sourceEvidence', verify.sourceEvidence, ['if-available', 'required'], 'if-available'),
        secondRead: oneOf('verify.secondRead', verify.secondRead, when, 'when-needed'),
      },
      overwrite: oneOf('overwrite', options.overwrite, ['always', 'never', 'if-different'], 'always'),
      onMismatch: oneOf('onMismatch', options.onMismatch, ['delete', 'keep'], 'delete'),
      layout: oneOf('layout', options.layout, ['preserve', 'exact', 'own'], 'preserve'),
      carry: {
        acl: flag('carry.acl', carry.acl, false),
        retention: flag('carry.retention', carry.retention, false),
        legalHold: flag('carry.legalHold', carry.legalHold, false),
      },
      storageClassMap: checkStorageClasses(options.storageClasses),
      kmsKeyMap: options.destination.sse?.kind === 'sse-kms' ? (options.destination.sse.keyIds ?? null) : null,
      partSizeBytes:
        options.partSizeBytes === undefined
          ? null
          : wholeNumber('partSizeBytes', options.partSizeBytes, { least: 5 * MIB, most: 5 * 1024 * MIB, unit: 'bytes' }, 0),
      attempts: wholeNumber('attempts', options.attempts, { least: 1, most: 100, unit: 'attempts' }, 3),
      settleMs: wholeNumber('settleMs', options.settleMs, { least: 0, most: MAX_TIMER_MS, unit: 'milliseconds' }, 10_000),
      memoryBytes: wholeNumber('memoryBytes', options.memoryBytes, { least: 5 * MIB, most: 64 * 1024 * MIB, unit: 'bytes' }, 64 * MIB),
      bytesPerSecond:
        options.bytesPerSecond === undefined
          ? null
          : wholeNumber('bytesPerSecond', options.bytesPerSecond, { least: 1, most: Number.MAX_SAFE_INTEGER, unit: 'bytes a second' }, 0),
    },
  }
}

function checkPorts(options: MigrateObjectOptions): void {
  if (options.detect !== undefined && typeof options.detect !== 'function')
    throw invalidOption('detect', options.detect, 'a function, e.g. detectProvider of @sealift/provider-detect')
  const store: unknown = options.store
  if (store !== undefined && typeof (store as { saveResults?: unknown } | null)?.saveResults !== 'function')
    throw invalidOption('store', store, 'a ResultStore')
  const events: unknown = options.events
  if (events !== undefined && typeof (events as { rawListeners?: unknown } | null)?.rawListeners !== 'function')
    throw invalidOption('events', events, 'a SealiftEvents')
  const signal: unknown = options.signal
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw invalidOption('signal', signal, 'an AbortSignal')
}

function checkAccept(accept: unknown): readonly Verdict[] {
  if (accept === undefined) return ['verified', 'skipped', 'planned']
  if (!Array.isArray(accept)) throw invalidOption('accept', accept, `an array of ${VERDICTS.join(', ')}`)
  for (const verdict of accept) if (!(VERDICTS as readonly unknown[]).includes(verdict)) throw invalidOption('accept', verdict, VERDICTS.join(', '))
  return accept as Verdict[]
}

function checkStorageClasses(value: unknown): Readonly<Record<string, string>> {
  if (value === undefined) return {}
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalidOption('storageClasses', value, 'an object of storage class names')
  for (const [name, target] of Object.entries(value)) {
    if (typeof target !== 'string' || !/^[A-Z0-9_-]{1,64}$/i.test(target)) throw invalidOption(`storageClasses.${name}`, target, 'the name of a storage class')
  }
  return value as Record<string, string>
}
