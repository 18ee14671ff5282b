import { type ClaimSource, invalidOption, type ProviderProfile, validateProfile } from '@sealift/core'
import { deepFreeze } from './deep-freeze.ts'
import { checkDefinitionFields } from './definition-fields.ts'
import { extendProfile, type ProfileChanges } from './extend-profile.ts'
import type { ClientAdvice, ProviderDefinition, ResponseFingerprint } from './provider-definition.ts'
import { providerDefinitions } from './provider-definitions.ts'

/** A whole profile, or what differs from the profile that `extends` names. */
export type ProfileInput = ProviderProfile | (ProfileChanges & { readonly extends: string })

/** A {@link ProviderDefinition} as a caller writes it: what is left out is empty. */
export interface ProviderInput {
  readonly profile: ProfileInput
  readonly hosts?: readonly string[]
  readonly labels?: Readonly<Record<string, string>>
  readonly fingerprints?: readonly ResponseFingerprint[]
  readonly client?: ClientAdvice
  readonly sources?: readonly ClaimSource[]
}

export interface DefineProviderOptions {
  /** Which profiles `extends` may name. Default: those of this package */
  readonly bases?: readonly ProviderDefinition[]
  /** How an error names the definition. Default `provider` */
  readonly option?: string
}

const FIELDS = ['profile', 'hosts', 'labels', 'fingerprints', 'client', 'sources'] as const

/**
 * Checks a definition and makes it whole. The input is not changed; the result is a frozen copy and plain JSON data.
 * @throws `ERR_INVALID_OPTION` naming the field, its value and what was expected, e.g. `provider.profile.etag.single`; also for a field that does not exist
 */
export function defineProvider(input: ProviderInput, options: DefineProviderOptions = {}): ProviderDefinition {
  const { bases = providerDefinitions, option = 'provider' } = options
  checkDefinitionFields(input, option, FIELDS)
  const profile = wholeProfile(input.profile, bases, `${option}.profile`)
  validateProfile(profile, `${option}.profile`)
  const definition: ProviderDefinition = {
    profile,
    hosts: input.hosts ?? [],
    ...(input.labels === undefined ? {} : { labels: input.labels }),
    fingerprints: input.fingerprints ?? [],
    client: input.client ?? {},
    ...(input.sources === undefined ? {} : { sources: input.sources }),
  }
  return deepFreeze(structuredClone(definition))
}

function wholeProfile(profile: ProfileInput, bases: readonly ProviderDefinition[], option: string): ProviderProfile {
  if (typeof profile !== 'object' || profile === null || !('extends' in profile)) return profile
  const { extends: baseId, ...changes } = profile
  const base = bases.find((definition) => definition.profile.id === baseId)
  if (base === undefined) throw invalidOption(`${option}.extends`, baseId, `the id of a known provider: ${bases.map(({ profile: { id } }) => id).join(', ')}`)
  return extendProfile(base.profile, changes, option)
}
