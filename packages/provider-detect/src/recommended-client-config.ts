import { invalidOption, type ProviderProfile } from '@sealift/core'
import { detectProviderFromHost } from './detect-provider-from-host.ts'
import type { ChecksumSetting } from './provider-definition.ts'
import { builtInProviders, type ProviderRegistry } from './provider-registry.ts'

/** What of an `S3Client`'s configuration depends on the provider; a field that is absent is best left to the SDK or to you. */
export interface RecommendedClientConfig {
  /** false: only virtual-host addressing works; absent: either does */
  readonly forcePathStyle?: boolean
  readonly region?: string
  readonly requestChecksumCalculation?: ChecksumSetting
  readonly responseChecksumValidation?: ChecksumSetting
}

export interface RecommendedClientConfigOptions {
  /** URL or host name: gives the region where the provider writes it into its hosts */
  readonly endpoint?: string
  /** Default: the providers of this package */
  readonly providers?: ProviderRegistry
}

/**
 * How a client of a provider should be set up, for `new S3Client({ ...recommendedClientConfig('r2'), endpoint, credentials })`. Pure.
 *
 * sealift itself sets its checksums per request and needs none of it; your own other requests do.
 * @param provider - an id, or a profile (a probed one, too); a profile of an id that nobody knows gets the cautious advice for any store
 * @throws `ERR_INVALID_OPTION` for an id that no provider has, or an endpoint that is no URL and no host name
 */
export function recommendedClientConfig(provider: string | ProviderProfile, options: RecommendedClientConfigOptions = {}): RecommendedClientConfig {
  const { endpoint, providers = builtInProviders } = options
  const id = typeof provider === 'string' ? provider : provider?.id
  if (typeof id !== 'string') throw invalidOption('provider', provider, 'the id of a provider, or a profile')
  const known = providers.byId(id)
  if (known === undefined && typeof provider === 'string') {
    throw invalidOption('provider', provider, `the id of a provider: ${providers.definitions.map((definition) => definition.profile.id).join(', ')}`)
  }
  const { notes: _, region: fixed, ...advice } = (known ?? providers.byId('generic'))?.client ?? {}
  const region = fixed ?? (endpoint === undefined ? null : regionOf(endpoint, id, providers))
  return { ...advice, ...(region === null ? {} : { region }) }
}

/** The region that the host names; only where it is a host of that very provider. */
function regionOf(endpoint: string, id: string, providers: ProviderRegistry): string | null {
  const found = detectProviderFromHost(hostOf(endpoint), { providers })
  return found.profile.id === id ? found.region : null
}

function hostOf(endpoint: string): string {
  if (typeof endpoint === 'string' && !endpoint.includes('/')) return endpoint
  if (typeof endpoint === 'string' && /^https?:\/\//i.test(endpoint) && URL.canParse(endpoint)) return new URL(endpoint).hostname
  // an endpoint may hold a user and a password
  throw invalidOption('endpoint', 'something else, which is not shown', 'a URL or a host name')
}
