import type { ProviderProfile } from '@sealift/core'
import { providerDefinitions } from './provider-definitions.ts'

/** Every profile of this package, and the generic one of core, by its id. */
export const profiles: Readonly<Record<string, ProviderProfile>> = /* @__PURE__ */ Object.freeze(
  Object.fromEntries(providerDefinitions.map(({ profile }) => [profile.id, profile])),
)

/**
 * The profile with that id.
 * @param id - e.g. `ceph`
 * @returns undefined where no profile has it
 */
export function profileById(id: string): ProviderProfile | undefined {
  return Object.hasOwn(profiles, id) ? profiles[id] : undefined
}
