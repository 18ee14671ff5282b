import type { ProviderProfile } from '../ports/provider-profile.ts'
import type { EvidenceTrust } from './evidence.ts'

/** The claims of a profile that evidence rests on. */
export type EvidenceClaim =
  | 'etag.single'
  | 'etag.multipart'
  | 'checksums.returned'
  | 'checksums.verifiedOnWrite'
  | 'checksums.contentMd5'
  | 'checksums.vendorHeaders'

/**
 * Who vouches for a comparison that rests on a claim: the probe that answered it at this very endpoint, else whoever gave the profile. Pure.
 * @param otherwise - who vouches for what was not probed
 */
export function vouching(profile: ProviderProfile, claim: EvidenceClaim, otherwise: EvidenceTrust): EvidenceTrust {
  return profile.probed?.includes(claim) === true ? 'probe' : otherwise
}
