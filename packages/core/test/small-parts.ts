import type { ProviderProfile } from '@sealift/core'
import type { PersonalityDefinition, PersonalityName } from '@sealift/testing'

/** A server like the named one that takes parts from `minPartBytes` on: what is tried with parts need not be megabytes. */
export function personalityWithParts(base: PersonalityName, minPartBytes: number): PersonalityDefinition {
  return { id: `${base}-small-parts`, extends: base, limits: { minPartBytes } }
}

/** The profile that says so. */
export function profileWithParts(profile: ProviderProfile, minPartBytes: number): ProviderProfile {
  return { ...profile, limits: { ...profile.limits, minPartBytes } }
}
