import { signalFor } from '../abort.ts'
import { genericProfile } from '../generic-profile.ts'
import type { Claim, ProviderProfile } from '../ports/provider-profile.ts'
import { validateProfile } from '../profile-validation.ts'
import type { Location } from './location-options.ts'
import type { DetectProvider } from './migrate-options.ts'

/** The profile of a location: the caller's own, else what `detect` finds, else the generic one; without ETag rules and Content-MD5 for a directory bucket. */
export async function chooseProfile(
  side: 'source' | 'destination',
  location: Location,
  detect: DetectProvider | undefined,
  signal: AbortSignal,
): Promise<ProviderProfile> {
  const profile = await profileOfEndpoint(side, location, detect, signal)
  return DIRECTORY_BUCKET.test(location.bucket) ? withoutDigests(profile) : profile
}

/** A Content-MD5 that is not looked at would prove what it must not. */
function withoutDigests(profile: ProviderProfile): ProviderProfile {
  return {
    ...profile,
    etag: { ...profile.etag, single: 'no', multipart: 'no', part: 'no' },
    checksums: { ...profile.checksums, contentMd5: 'no' },
  }
}

/**
 * Directory buckets of Amazon S3, and their access points, have random ETags whatever the endpoint's rule is, and do not support Content-MD5.
 * @see {@link https://docs.aws.amazon.com/AmazonS3/latest/userguide/directory-bucket-naming-rules.html}
 */
const DIRECTORY_BUCKET = /--xa?-s3$/

async function profileOfEndpoint(
  side: 'source' | 'destination',
  location: Location,
  detect: DetectProvider | undefined,
  signal: AbortSignal,
): Promise<ProviderProfile> {
  if (location.profile !== undefined) return location.profile
  if (detect === undefined) return genericProfile
  const { expectedBucketOwner, requestPayer } = location
  const detected = await detect(location.client, location.bucket, {
    ...signalFor(signal),
    ...(expectedBucketOwner === undefined ? {} : { expectedBucketOwner }),
    ...(requestPayer === undefined ? {} : { requestPayer }),
  })
  const profile = validateProfile(detected.profile, `${side}: profile of detect()`)
  if (detected.confidence === 'certain') return profile
  return detected.confidence === 'likely' ? asCandidate(profile) : genericProfile
}

/** The same profile where no claim that evidence may rest on is certain: it gives candidates only. */
export function asCandidate(profile: ProviderProfile): ProviderProfile {
  const weaken = (claim: Claim): Claim => (claim === 'yes' ? 'candidate' : claim)
  return {
    ...profile,
    etag: { ...profile.etag, single: weaken(profile.etag.single), multipart: weaken(profile.etag.multipart), part: weaken(profile.etag.part) },
    checksums: {
      ...profile.checksums,
      returned: weaken(profile.checksums.returned),
      contentMd5: weaken(profile.checksums.contentMd5),
      verifiedOnWrite: [],
      vendorHeaders: [],
    },
    reads: {
      ...profile.reads,
      objectAttributes: profile.reads.objectAttributes === 'yes' ? 'no' : profile.reads.objectAttributes,
      partNumber: weaken(profile.reads.partNumber),
    },
    writes: {
      ifNoneMatch: weaken(profile.writes.ifNoneMatch),
      ifNoneMatchOnComplete: weaken(profile.writes.ifNoneMatchOnComplete),
      deleteIfMatch: weaken(profile.writes.deleteIfMatch),
      sizeOnComplete: weaken(profile.writes.sizeOnComplete),
    },
  }
}
