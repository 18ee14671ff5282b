import { invalidOption, type ProviderProfile } from '@sealift/core'
import { type HostMatch, matchHost } from './host-pattern.ts'
import { genericProvider } from './profiles/generic.ts'
import type { ProviderDefinition } from './provider-definition.ts'
import { builtInProviders, type ProviderRegistry } from './provider-registry.ts'

export interface DetectFromHostOptions {
  /** The bucket that is asked for by path style: AWS tells directory buckets and access points by their names. */
  readonly bucket?: string
  /** Default: the providers of this package */
  readonly providers?: ProviderRegistry
}

/** What a host name alone tells. Plain data. */
export interface HostDetection {
  readonly provider: ProviderDefinition
  /** That of the provider; the generic one where the host is nobody's */
  readonly profile: ProviderProfile
  /** A name says whose store it is, not which software and release answers: never more than `likely`. */
  readonly confidence: 'likely' | 'unknown'
  /** For people, one sentence each */
  readonly reasons: readonly string[]
  /** The region that the host names; null where it names none */
  readonly region: string | null
  /** The bucket in the host (virtual-host addressing); null where there is none */
  readonly bucket: string | null
}

const MAX_HOST_CHARACTERS = 253
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/

/**
 * Whose endpoint a host name is, by the name alone. Nothing is resolved and nothing is asked.
 *
 * Strict: the whole name has to fit one of the host patterns, so that `s3.amazonaws.com.example.net` and `s3-amazonaws.com` are nobody's. Names that are
 * not ASCII or hold `_`, empty labels or punycode are nobody's either, and so are addresses and `localhost`, unless a provider of the caller names exactly that.
 * @param host - as in a URL: upper case, a port and one trailing dot do not matter
 * @throws `ERR_INVALID_OPTION` where `host` is no string
 */
export function detectProviderFromHost(host: string, options: DetectFromHostOptions = {}): HostDetection {
  if (typeof host !== 'string') throw invalidOption('host', host, 'a host name')
  const registry = options.providers ?? builtInProviders
  const name = hostName(host)
  if (name === null) return unknownHost(registry, 'the host is not a plain DNS name')
  const literalOnly = IPV4.test(name) || name === 'localhost' || name.endsWith('.localhost')
  const found = bestMatch(registry, name, literalOnly)
  if (found === null) {
    return unknownHost(registry, literalOnly ? 'an address says nothing of the software behind it' : `no provider is known by the host ${name}`)
  }
  const named = options.bucket === undefined || found.match.bucket !== null ? null : hostName(`${options.bucket}.${name}`)
  const closer = named === null ? null : bestMatch(registry, named, literalOnly)
  const { provider, match } = closer !== null && closer.match.literalCharacters > found.match.literalCharacters ? closer : found
  const subject = provider === found.provider ? `the host ${name}` : `the bucket name at the host ${name}`
  return {
    provider,
    profile: provider.profile,
    confidence: 'likely',
    reasons: [`${subject} is one of ${provider.profile.name} (${match.pattern})`],
    region: match.region,
    bucket: found.match.bucket,
  }
}

function bestMatch(
  registry: ProviderRegistry,
  name: string,
  literalOnly: boolean,
): { readonly provider: ProviderDefinition; readonly match: HostMatch } | null {
  let best: { readonly provider: ProviderDefinition; readonly match: HostMatch } | null = null
  for (const provider of registry.definitions) {
    const match = matchHost(provider, name, literalOnly)
    if (match !== null && (best === null || match.literalCharacters > best.match.literalCharacters)) best = { provider, match }
  }
  return best
}

/** The name in lower case, without port and trailing dot; null where it is not a host name that S3 endpoints have. */
function hostName(host: string): string | null {
  // ASCII first: toLowerCase() makes a `k` of the Kelvin sign
  if (!/^[\x21-\x7e]+$/.test(host)) return null
  const name = host
    .replace(/:\d{1,5}$/, '')
    .replace(/\.$/, '')
    .toLowerCase()
  if (name.length > MAX_HOST_CHARACTERS) return null
  const labels = name.split('.')
  return labels.every((label) => LABEL.test(label) && !label.startsWith('xn--')) ? name : null
}

function unknownHost(registry: ProviderRegistry, reason: string): HostDetection {
  const provider = registry.byId('generic') ?? genericProvider
  return { provider, profile: provider.profile, confidence: 'unknown', reasons: [reason], region: null, bucket: null }
}
