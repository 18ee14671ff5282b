import {
  type DetectedProvider,
  invalidOption,
  openS3Endpoint,
  type ProviderProfile,
  type S3ClientLike,
  type S3Endpoint,
  type S3EndpointAddress,
  SealiftError,
} from '@sealift/core'
import { checkBucketAccess } from './bucket-access.ts'
import { detectProviderFromHost, type HostDetection } from './detect-provider-from-host.ts'
import { signsInBetween } from './in-between.ts'
import { type FingerprintMatch, matchFingerprints, type ReplyTraits } from './match-fingerprints.ts'
import { builtInProviders, type ProviderRegistry } from './provider-registry.ts'
import { unlessAborted } from './unless-aborted.ts'

export interface DetectProviderOptions {
  /** an abort rejects with `signal.reason` */
  readonly signal?: AbortSignal
  /** Default: the providers of this package; `createProviderRegistry` adds your own. */
  readonly providers?: ProviderRegistry
  /**
   * For the whole detection, in milliseconds; when it has passed, the answer is what is known until then.
   * @defaultValue 15000
   */
  readonly timeoutMs?: number
  /** account id, sent as `x-amz-expected-bucket-owner` with each request about the bucket */
  readonly expectedBucketOwner?: string
  /** for a bucket whose requesters pay: sent as `x-amz-request-payer` with each request about the bucket */
  readonly requestPayer?: 'requester'
}

const DEFAULT_TIMEOUT_MS = 15_000
const MAX_TIMER_MS = 2_147_483_647

/**
 * Which store a client talks to: by the host of its own endpoint, then by what one or two harmless requests show (a GET of a key that nobody has, a HEAD of
 * the bucket; without a bucket the list of buckets). The client is never changed. For `detect` of `migrateObject`.
 *
 * - `certain`: a known host over TLS (nothing is sent for it), or a reply that only this software gives
 * - `likely`: a known host without TLS that shows nothing, a known brand's reply under another host, a reply that an imitation may give, or one that came
 *   through a cache or a proxy. Its claims count as candidates only
 * - `unknown`: anything else, also a store that does not answer or contradicts itself; the profile is the generic one
 *
 * @returns reasons are for people: one sentence each, no credentials in them
 * @throws `ERR_INVALID_OPTION`; `signal.reason` on an abort
 *
 * @example
 * ```ts
 * const { profile, confidence, reasons } = await detectProvider(client, 'photos')
 * await migrateObject({ source: { client, bucket: 'photos', key: '1.jpg', profile }, destination, detect: detectProvider })
 * ```
 */
export async function detectProvider(client: S3ClientLike, bucket?: string, options: DetectProviderOptions = {}): Promise<DetectedProvider> {
  const { signal, timeoutMs, registry } = checkOptions(options)
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(new Error('the detection took too long')), timeoutMs)
  const bounded = signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal])
  try {
    const endpoint = await openS3Endpoint({ client, bucket, timeoutMs, expectedBucketOwner: options.expectedBucketOwner, requestPayer: options.requestPayer })
    signal?.throwIfAborted()
    return await detect(endpoint, bucket, registry, bounded)
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason
    if (limit.signal.aborted) return unknown(registry, [`nothing was known after ${timeoutMs} ms`])
    throw error
  } finally {
    clearTimeout(timer)
  }
}

async function detect(endpoint: S3Endpoint, bucket: string | undefined, registry: ProviderRegistry, signal: AbortSignal): Promise<DetectedProvider> {
  let address: S3EndpointAddress
  try {
    address = await unlessAborted(endpoint.address(), signal)
  } catch (error) {
    if (signal.aborted || !SealiftError.is(error)) throw error
    return unknown(registry, [`the client gives no endpoint: ${error.message}`])
  }
  const byHost = detectProviderFromHost(address.host, { providers: registry, ...(bucket === undefined ? {} : { bucket }) })
  if (byHost.confidence !== 'unknown' && address.tls)
    return { profile: byHost.profile, confidence: 'certain', reasons: [...byHost.reasons, 'TLS vouches for the name'] }
  const replies: ReplyTraits[] = []
  const silence: string[] = []
  for (const question of bucket === undefined ? (['service'] as const) : (['missing-object', 'bucket'] as const)) {
    try {
      replies.push(await unlessAborted(endpoint.ask(question, { signal }), signal))
    } catch (error) {
      if (signal.aborted || !SealiftError.is(error)) throw error
      silence.push(error.message)
      break
    }
    const judged = judge(byHost, replies, registry)
    if (judged.confidence === 'certain') return judged
  }
  const judged = judge(byHost, replies, registry)
  return { ...judged, reasons: [...judged.reasons, ...silence] }
}

/** What host and replies say together. Pure. */
function judge(byHost: HostDetection, replies: readonly ReplyTraits[], registry: ProviderRegistry): DetectedProvider {
  const own = byHost.confidence === 'unknown' ? null : byHost.provider
  const matches = matchFingerprints(registry.definitions, replies, own)
  if (own !== null) {
    const shown = matches.find((match) => match.definition === own)
    if (shown !== undefined) return throughProxy(shown, 'certain', byHost.reasons, replies)
    return { profile: own.profile, confidence: 'likely', reasons: [...byHost.reasons, 'without TLS, and its replies do not show it'] }
  }
  // a brand has hosts of its own: under another name it may be a proxy, a CNAME or an imitation; software runs under any name
  const isSure = (match: FingerprintMatch): boolean => match.confidence === 'certain' && match.definition.hosts.length === 0
  const software = matches.filter(isSure)
  const [candidate, ...others] = software.length > 0 ? software : matches
  if (candidate === undefined) return unknown(registry, [...byHost.reasons, ...(replies.length === 0 ? [] : ['no known store replies like that'])])
  if (others.length > 0)
    return unknown(registry, [...byHost.reasons, 'the replies look like several stores at once', ...[candidate, ...others].flatMap((match) => match.reasons)])
  return throughProxy(candidate, isSure(candidate) ? 'certain' : 'likely', byHost.reasons, replies)
}

function throughProxy(
  match: FingerprintMatch,
  confidence: 'certain' | 'likely',
  reasons: readonly string[],
  replies: readonly ReplyTraits[],
): DetectedProvider {
  const own = new Set(match.definition.fingerprints.map((fingerprint) => fingerprint.header))
  const between = signsInBetween(replies).filter((name) => !own.has(name))
  return {
    profile: match.definition.profile,
    confidence: between.length > 0 ? 'likely' : confidence,
    reasons: [...reasons, ...match.reasons, ...between.map((name) => `the reply header ${name} tells of a cache or proxy in between`)],
  }
}

function unknown(registry: ProviderRegistry, reasons: readonly string[]): DetectedProvider {
  const profile = registry.byId('generic')?.profile as ProviderProfile
  return { profile, confidence: 'unknown', reasons }
}

function checkOptions(options: DetectProviderOptions): {
  readonly signal: AbortSignal | undefined
  readonly timeoutMs: number
  readonly registry: ProviderRegistry
} {
  if (typeof options !== 'object' || options === null) throw invalidOption('options', options, 'an object')
  const { signal, timeoutMs = DEFAULT_TIMEOUT_MS, providers = builtInProviders } = options
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw invalidOption('signal', signal, 'an AbortSignal')
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > MAX_TIMER_MS)
    throw invalidOption('timeoutMs', timeoutMs, 'a whole number of milliseconds from 1')
  if (typeof providers?.byId !== 'function') throw invalidOption('providers', providers, 'what createProviderRegistry gives')
  checkBucketAccess(options)
  signal?.throwIfAborted()
  return { signal, timeoutMs, registry: providers }
}
