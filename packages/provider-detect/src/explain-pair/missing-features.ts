import type { Claim, NotCarried, ProviderProfile } from '@sealift/core'

/** What the source may hold beside the bytes and the destination cannot. Pure. */
export function missingFeatures(source: ProviderProfile, destination: ProviderProfile): readonly NotCarried[] {
  const lost: NotCarried[] = []
  const { metadata: has } = source
  const { metadata: takes } = destination
  const lose = (what: NotCarried['what'], held: Claim, taken: Claim, does: string, needed: 'yes' | 'candidate'): void => {
    const enough = taken === 'yes' || (needed === 'candidate' && taken === 'candidate')
    if (held !== 'no' && !enough) lost.push({ what, name: null, reason: `${destination.name} ${taken === 'no' ? 'does not' : 'is not known to'} ${does}` })
  }
  lose('tags', has.tags, takes.tags, 'keep object tags', 'candidate')
  lose('website-redirect', has.websiteRedirect, takes.websiteRedirect, 'keep it', 'yes')
  lose('acl', has.acl, takes.acl, 'keep object ACLs', 'yes')
  lose('retention', has.objectLock, takes.objectLock, 'lock objects', 'yes')
  lose('legal-hold', has.objectLock, takes.objectLock, 'lock objects', 'yes')
  lose('checksum', source.checksums.returned, destination.checksums.returned, 'keep checksums', 'yes')
  for (const storageClass of has.storageClasses) {
    if (storageClass === 'STANDARD' || takes.storageClasses.includes(storageClass)) continue
    lost.push({
      what: 'storage-class',
      name: storageClass,
      reason: `${destination.name} has no storage class ${storageClass}; its default is used, unless you map it`,
    })
  }
  return lost
}

type LimitText = (source: ProviderProfile, destination: ProviderProfile) => string | null

/** Limits of the destination that an object of the source may pass, a sentence each. */
export const MISSING: readonly LimitText[] = [
  tighter('maxObjectBytes', (limit, name) => `${name} takes objects of at most ${limit} bytes; larger ones are ERR_OBJECT_TOO_LARGE`),
  tighter('maxParts', (limit, name) => `${name} takes at most ${limit} parts; a source layout of more is not reproduced, so that the ETags differ`),
  tighter('maxKeyBytes', (limit, name) => `${name} takes keys of at most ${limit} bytes`),
  tighter('maxMetadataBytes', (limit, name) => `${name} takes ${limit} bytes of metadata; what does not fit is in notCarried`),
  tighter('maxMetadataValueBytes', (limit, name) => `${name} takes ${limit} bytes in one metadata value; a longer one is in notCarried`),
  (source, destination) =>
    destination.limits.equalParts && !source.limits.equalParts
      ? `${destination.name} wants equal parts; a source layout of unequal ones is not reproduced, so that the ETags differ`
      : null,
  (source, destination) =>
    destination.limits.minPartBytes > source.limits.minPartBytes
      ? `${destination.name} takes parts of at least ${destination.limits.minPartBytes} bytes; a source layout of smaller ones is not reproduced`
      : null,
  (source, destination) =>
    destination.metadata.underscoreBecomesDash && !source.metadata.underscoreBecomesDash ? `${destination.name} stores metadata a_b under the name a-b` : null,
  (source, destination) =>
    destination.metadata.controlCharactersInKeys === 'no' && source.metadata.controlCharactersInKeys !== 'no'
      ? `${destination.name} takes no control characters in keys`
      : null,
]

type Limit = 'maxObjectBytes' | 'maxParts' | 'maxKeyBytes' | 'maxMetadataBytes' | 'maxMetadataValueBytes'

/** Says something only where the destination is tighter than the source. */
function tighter(limit: Limit, say: (limit: number, name: string) => string): LimitText {
  return (source, destination) => {
    const taken = destination.limits[limit]
    return taken !== null && (source.limits[limit] ?? Number.POSITIVE_INFINITY) > taken ? say(taken, destination.name) : null
  }
}
