import { genericProfile, type ProviderProfile } from '@sealift/core'
import { awsProfile } from './profiles/aws.ts'
import { b2Profile } from './profiles/b2.ts'
import { cephProfile } from './profiles/ceph.ts'
import { minioProfile } from './profiles/minio.ts'
import { r2Profile } from './profiles/r2.ts'
import { spacesProfile } from './profiles/spaces.ts'
import { swiftProfile } from './profiles/swift.ts'
import { wasabiProfile } from './profiles/wasabi.ts'

export { type DefineProviderOptions, defineProvider, type ProfileInput, type ProviderInput } from './define-provider.ts'
export { type DetectFromHostOptions, detectProviderFromHost, type HostDetection } from './detect-provider-from-host.ts'
export type { ProfileChanges } from './extend-profile.ts'
export type { ChecksumSetting, ClientAdvice, ProviderDefinition, ResponseFingerprint } from './provider-definition.ts'
export { providerDefinitions } from './provider-definitions.ts'
export { builtInProviders, createProviderRegistry, type ProviderRegistry } from './provider-registry.ts'
export { awsProfile, b2Profile, cephProfile, genericProfile, minioProfile, r2Profile, spacesProfile, swiftProfile, wasabiProfile }

/** Every profile of this package, and the generic one of core, by its id. */
export const profiles: Readonly<Record<string, ProviderProfile>> = Object.freeze(
  Object.fromEntries(
    [awsProfile, b2Profile, cephProfile, genericProfile, minioProfile, r2Profile, spacesProfile, swiftProfile, wasabiProfile].map((profile) => [
      profile.id,
      profile,
    ]),
  ),
)

/**
 * The profile with that id.
 * @param id - e.g. `ceph`
 * @returns undefined where no profile has it
 */
export function profileById(id: string): ProviderProfile | undefined {
  return Object.hasOwn(profiles, id) ? profiles[id] : undefined
}
