import type { ProviderProfile } from '@sealift/core'

/** The profile of a store that vouches for nothing: no ETag, no checksum can be compared. */
export function opaque(profile: ProviderProfile): ProviderProfile {
  return {
    ...profile,
    id: 'opaque',
    etag: { ...profile.etag, single: 'no', multipart: 'no', part: 'no' },
    checksums: { ...profile.checksums, returned: 'no', verifiedOnWrite: [], contentMd5: 'candidate', multipartFullObject: [], multipartComposite: [] },
  }
}
