import {
  asCandidate,
  createS3ObjectStore,
  type DetectedProvider,
  genericProfile,
  invalidOption,
  type ObjectStore,
  openS3Endpoint,
  type ProviderProfile,
  type S3ClientLike,
  type S3Endpoint,
  type S3ObjectStoreOptions,
  SealiftError,
  validateProfile,
} from '@sealift/core'
import { checkBucketAccess } from './bucket-access.ts'
import { detectProvider } from './detect-provider.ts'
import { applyAnswers } from './probe/apply-answers.ts'
import { askAll } from './probe/ask-all.ts'
import { type CleanUpPlace, type ProbeLeftover, removeStale, removeTrace } from './probe/clean-up.ts'
import { PROBED_CLAIMS, type ProbeAnswer } from './probe/probe-answer.ts'
import { ProbeContext } from './probe/probe-context.ts'
import { newProbePrefix } from './probe/probe-name.ts'
import { refuseRetention } from './probe/refuse-retention.ts'
import { builtInProviders, type ProviderRegistry } from './provider-registry.ts'

export interface ProbeProviderOptions {
  /** What the answers are laid over. Default: what `detectProvider` finds, its claims as candidates where that is not certain */
  readonly profile?: ProviderProfile
  /** What that detection chooses from. Default: the providers of this package */
  readonly providers?: ProviderRegistry
  /**
   * Probes work below it, each in a folder of its own; nothing else in the bucket is looked at or touched. Printable ASCII, ends in `/`.
   * @defaultValue '.sealift-probe/'
   */
  readonly prefix?: string
  /** An abort rejects with `signal.reason`, after a write that was under way ended and everything was taken out again. */
  readonly signal?: AbortSignal
  /**
   * Make multipart uploads, too: some tiny ones, and one whose first part is as small as the store allows (5 MiB nearly everywhere).
   * @defaultValue true
   */
  readonly multipart?: boolean
  /**
   * Requests to ask with, clean-up apart; questions that are left then get no answer.
   * @defaultValue 400
   */
  readonly maxRequests?: number
  /**
   * To ask with, clean-up apart, in milliseconds; questions that are left then get no answer.
   * @defaultValue 300000
   */
  readonly timeoutMs?: number
  /**
   * How old the folder of an earlier probe must be, in milliseconds, to count as left behind. Keep it above the `timeoutMs` of all who probe this bucket.
   * @defaultValue 900000
   */
  readonly staleAfterMs?: number
  /** account id, sent as `x-amz-expected-bucket-owner` with every request, those of the detection included */
  readonly expectedBucketOwner?: string
  /** for a bucket whose requesters pay: sent as `x-amz-request-payer` with every request, those of the detection included */
  readonly requestPayer?: 'requester'
}

/** What a probe learned. Plain JSON data: keep it, and pass `profile` where a profile is wanted, also after `JSON.parse`. */
export interface ProbedProvider {
  /** the base profile with every answer in its place; `probed` names the claims that were answered */
  readonly profile: ProviderProfile
  /** one for every question, in the order of a profile */
  readonly answers: readonly ProbeAnswer[]
  /** what could not be taken out again, of this probe and of earlier ones; empty as a rule */
  readonly leftovers: readonly ProbeLeftover[]
  /** how the base profile was found: the reasons of the detection */
  readonly reasons: readonly string[]
  /** sent to learn the answers, clean-up apart */
  readonly requests: number
  /** ISO date and time */
  readonly startedAt: string
}

const MAX_TIMER_MS = 2_147_483_647
const DEFAULT_PREFIX = '.sealift-probe/'
/** for one request */
const REQUEST_TIMEOUT_MS = 15_000
const CLEAN_UP_TIMEOUT_MS = 60_000

/**
 * Learns by tiny writes what a bucket's endpoint really does: ETag rules, which checksums and digests it refuses when they are wrong, which it gives back,
 * conditions, ranges, tags, uploads. The answers override the table. The client is never changed.
 *
 * It writes about 30 objects of 48 bytes (and one upload of 5 MiB and a byte) below a prefix of its own, and takes out everything, every version and every
 * upload, after success, failure and abort; what a probe that was killed left there is taken out by the next one. Needs to read, write, list and delete
 * below the prefix. A bucket that locks every new object (default retention) is not probed: what is written there cannot be taken out again.
 *
 * @throws `ERR_INVALID_OPTION`; `ERR_INVALID_STATE` for a bucket with default retention, before anything is written where the store says so
 * (GetObjectLockConfiguration), else after the first object, which the message names; what the store answers to the very first write (`ERR_ACCESS_DENIED`, `ERR_CREDENTIALS`, `ERR_DESTINATION_NOT_FOUND`, …);
 * `signal.reason` on an abort
 *
 * @example
 * ```ts
 * const probed = await probeProvider(client, 'new')
 * await writeFile('profile.json', JSON.stringify(probed.profile))
 * await migrateObject({ source, destination: { client, bucket: 'new', profile: probed.profile } })
 * ```
 */
export async function probeProvider(client: S3ClientLike, bucket: string, options: ProbeProviderOptions = {}): Promise<ProbedProvider> {
  const resolved = checkOptions(bucket, options)
  const { signal, prefix: root, maxRequests, timeoutMs } = resolved
  const startedAt = new Date()
  const endAtMs = performance.now() + timeoutMs
  const { profile: base, reasons } = await baseProfile(client, bucket, options, signal)
  let requests = 0
  const count = (info: { readonly attempts: number }): void => {
    requests += info.attempts
  }
  const access = { expectedBucketOwner: options.expectedBucketOwner, requestPayer: options.requestPayer }
  const endpoint = await openS3Endpoint({ client, bucket, timeoutMs: REQUEST_TIMEOUT_MS, ...access })
  await refuseRetention(endpoint, bucket, signal)
  const asking = await openStore({ client, profile: askingProfile(base), onRequest: count, ...access })
  const plain = await openStore({ client, profile: plainProfile(base), onRequest: count, ...access })
  // counted by nobody: cleaning up is never cut short by a budget
  const cleaner = await openStore({ client, profile: plainProfile(base), onRequest: () => {}, ...access })
  const place: CleanUpPlace = { store: cleaner, endpoint, bucket }
  try {
    const stale = await removeStale(place, root, startedAt.getTime() - resolved.staleAfterMs, signal)
    const context = new ProbeContext({
      asking,
      plain,
      bucket,
      prefix: newProbePrefix(root, startedAt.getTime()),
      signal,
      mayAsk: () => requests < maxRequests && performance.now() < endAtMs,
    })
    let leftovers: readonly ProbeLeftover[] = []
    try {
      await askAll(context, base, resolved.multipart)
      await belieRefusals(context, endpoint, signal)
    } finally {
      leftovers = await removeTrace(place, context.prefix, context.trace, AbortSignal.timeout(CLEAN_UP_TIMEOUT_MS))
    }
    signal.throwIfAborted()
    const answers = PROBED_CLAIMS.map((claim) => context.answers.get(claim) ?? { claim, value: null, reason: 'not asked: requests or time were used up' })
    return {
      profile: applyAnswers(base, answers, startedAt.toISOString().slice(0, 10)),
      answers,
      leftovers: [...stale, ...leftovers],
      reasons,
      requests,
      startedAt: startedAt.toISOString(),
    }
  } finally {
    for (const store of [asking, plain, cleaner]) store.close()
  }
}

/** What was refused must not be there: a store that says no and does it all the same has checked nothing. Without the right to list, the refusal stands. */
async function belieRefusals(context: ProbeContext, endpoint: S3Endpoint, signal: AbortSignal): Promise<void> {
  if (context.refusedKeys.size === 0) return
  try {
    for await (const { key } of endpoint.versions(context.prefix, { signal })) {
      const claim = context.refusedKeys.get(key)
      if (claim !== undefined) context.answer(claim, claim === 'checksums.contentMd5' ? 'candidate' : [], 'a write was refused and is there all the same')
    }
  } catch (error) {
    if (signal.aborted || !SealiftError.is(error)) throw error
  }
}

async function baseProfile(
  client: S3ClientLike,
  bucket: string,
  options: ProbeProviderOptions,
  signal: AbortSignal,
): Promise<{ readonly profile: ProviderProfile; readonly reasons: readonly string[] }> {
  if (options.profile !== undefined) return { profile: options.profile, reasons: ['the base profile was given'] }
  const { providers = builtInProviders, expectedBucketOwner, requestPayer } = options
  const detected: DetectedProvider = await detectProvider(client, bucket, {
    signal,
    providers,
    ...(expectedBucketOwner === undefined ? {} : { expectedBucketOwner }),
    ...(requestPayer === undefined ? {} : { requestPayer }),
  })
  const reasons = [`detected as ${detected.profile.id} (${detected.confidence})`, ...detected.reasons]
  if (detected.confidence === 'certain') return { profile: detected.profile, reasons }
  return { profile: detected.confidence === 'likely' ? asCandidate(detected.profile) : genericProfile, reasons }
}

function openStore(options: Pick<S3ObjectStoreOptions, 'client' | 'profile' | 'onRequest' | 'expectedBucketOwner' | 'requestPayer'>): Promise<ObjectStore> {
  return createS3ObjectStore({
    ...options,
    side: 'destination',
    transport: 'sdk',
    connectTimeoutMs: REQUEST_TIMEOUT_MS,
    firstByteTimeoutMs: REQUEST_TIMEOUT_MS,
    idleTimeoutMs: REQUEST_TIMEOUT_MS,
  })
}

/** Sends what is to be learned about: the checksum mode, and the size on Complete. */
function askingProfile(base: ProviderProfile): ProviderProfile {
  return { ...base, checksums: { ...base.checksums, returned: 'candidate' }, writes: { ...base.writes, sizeOnComplete: 'yes' } }
}

function plainProfile(base: ProviderProfile): ProviderProfile {
  return { ...base, checksums: { ...base.checksums, returned: 'no' }, writes: { ...base.writes, sizeOnComplete: 'no' } }
}

interface ResolvedProbe {
  readonly signal: AbortSignal
  readonly prefix: string
  readonly multipart: boolean
  readonly maxRequests: number
  readonly timeoutMs: number
  readonly staleAfterMs: number
}

function checkOptions(bucket: string, options: ProbeProviderOptions): ResolvedProbe {
  if (typeof bucket !== 'string' || bucket === '') throw invalidOption('bucket', bucket, 'the name of a bucket')
  if (typeof options !== 'object' || options === null) throw invalidOption('options', options, 'an object')
  const { signal, prefix = DEFAULT_PREFIX, multipart = true, maxRequests = 400, timeoutMs = 300_000, staleAfterMs = 900_000 } = options
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw invalidOption('signal', signal, 'an AbortSignal')
  if (typeof prefix !== 'string' || !/^[\x21-\x7e]{1,200}\/$/.test(prefix) || /^\/|\/\/|(?:^|\/)\.{1,2}\//.test(prefix))
    throw invalidOption('prefix', prefix, 'at most 201 printable ASCII characters ending in "/", no empty segments, no "." or ".."')
  if (typeof multipart !== 'boolean') throw invalidOption('multipart', multipart, 'true or false')
  const whole = (option: string, value: number, least: number, most: number): void => {
    if (!Number.isInteger(value) || value < least || value > most) throw invalidOption(option, value, `a whole number from ${least} to ${most}`)
  }
  whole('maxRequests', maxRequests, 1, 10_000)
  whole('timeoutMs', timeoutMs, 1, MAX_TIMER_MS)
  whole('staleAfterMs', staleAfterMs, 0, Number.MAX_SAFE_INTEGER)
  if (options.profile !== undefined) validateProfile(options.profile)
  checkBucketAccess(options)
  signal?.throwIfAborted()
  return { signal: signal ?? new AbortController().signal, prefix, multipart, maxRequests, timeoutMs, staleAfterMs }
}
