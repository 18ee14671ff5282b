import { encodeHeaderText } from '../header-text.ts'
import type { NotCarried } from '../object-result.ts'
import type { ObjectLockState, ObjectMetadata, ObjectTag } from '../ports/object-store.ts'
import type { Claim, ProviderProfile } from '../ports/provider-profile.ts'

export interface CarryInput {
  readonly metadata: ObjectMetadata
  readonly tags: readonly ObjectTag[]
  readonly lock: ObjectLockState | null
  readonly destination: ProviderProfile
  readonly carry: { readonly retention: boolean; readonly legalHold: boolean }
  readonly storageClassMap: Readonly<Record<string, string>>
  readonly kmsKeyMap: Readonly<Record<string, string>> | null
}

export interface CarryPlan {
  readonly metadata: ObjectMetadata
  readonly tags: readonly ObjectTag[]
  readonly lock: ObjectLockState | null
  readonly notCarried: readonly NotCarried[]
}

const SYSTEM_HEADERS = ['contentType', 'cacheControl', 'contentDisposition', 'contentEncoding', 'contentLanguage', 'expires'] as const

/** What of an object's metadata the destination can hold, and what it cannot. Pure. */
export function planCarry(input: CarryInput): CarryPlan {
  const { destination } = input
  const notCarried: NotCarried[] = []
  const metadata: { -readonly [Name in keyof ObjectMetadata]: ObjectMetadata[Name] } = { user: carryUser(input.metadata.user, destination, notCarried) }
  for (const header of SYSTEM_HEADERS) {
    const value = input.metadata[header]
    if (value !== undefined && value !== '') metadata[header] = value
  }
  const storageClass = carryStorageClass(input, notCarried)
  if (storageClass !== null) metadata.storageClass = storageClass
  const kmsKeyId = carryKmsKey(input, notCarried)
  if (kmsKeyId !== null) metadata.kmsKeyId = kmsKeyId
  if (input.metadata.websiteRedirect !== undefined) {
    if (destination.metadata.websiteRedirect === 'yes') metadata.websiteRedirect = input.metadata.websiteRedirect
    else notCarried.push({ what: 'website-redirect', name: null, reason: lacks(destination, destination.metadata.websiteRedirect, 'keep it') })
  }
  const keepsTags = destination.metadata.tags !== 'no'
  if (input.tags.length > 0 && !keepsTags) notCarried.push({ what: 'tags', name: null, reason: `${destination.name} has no object tags` })
  return { metadata, tags: keepsTags ? input.tags : [], lock: carryLock(input, notCarried), notCarried }
}

/** Why a kind is left out: the store is known to lack it, or not known to have it. */
function lacks({ name }: ProviderProfile, claim: Claim, does: string): string {
  return claim === 'no' ? `${name} does not ${does}` : `${name} is not known to ${does}`
}

function carryUser(user: Readonly<Record<string, string>>, destination: ProviderProfile, notCarried: NotCarried[]): Record<string, string> {
  const { maxMetadataValueBytes, maxMetadataBytes } = destination.limits
  const carried: Record<string, string> = {}
  const taken = new Set<string>()
  let totalBytes = 0
  for (const name of Object.keys(user).sort()) {
    const value = user[name] ?? ''
    const drop = (reason: string): number => notCarried.push({ what: 'metadata', name, reason })
    // as it is sent: text that is not ASCII grows
    const valueBytes = encodeHeaderText(value).length
    const sizeBytes = Buffer.byteLength(name) + valueBytes
    const renamed = destination.metadata.underscoreBecomesDash ? name.replaceAll('_', '-') : name
    if (renamed !== name && (taken.has(renamed) || Object.hasOwn(user, renamed))) {
      drop(`${destination.name} stores it under the name ${renamed}, which another entry has`)
    } else if (maxMetadataValueBytes !== null && valueBytes > maxMetadataValueBytes) {
      drop(`its value has ${valueBytes} bytes, ${destination.name} takes ${maxMetadataValueBytes}`)
    } else if (maxMetadataBytes !== null && totalBytes + sizeBytes > maxMetadataBytes) {
      drop(`all metadata together would pass the ${maxMetadataBytes} bytes that ${destination.name} takes`)
    } else {
      taken.add(renamed)
      if (renamed !== name) notCarried.push({ what: 'metadata', name, reason: `${destination.name} stores it under the name ${renamed}` })
      totalBytes += sizeBytes
      carried[name] = value
    }
  }
  return carried
}

function carryStorageClass(input: CarryInput, notCarried: NotCarried[]): string | null {
  const held = input.metadata.storageClass
  if (held === undefined) return null
  const wanted = input.storageClassMap[held] ?? held
  const classes = input.destination.metadata.storageClasses
  if (classes.includes(wanted)) return wanted === classes[0] ? null : wanted
  if (wanted !== 'STANDARD')
    notCarried.push({ what: 'storage-class', name: held, reason: `${input.destination.name} has no storage class ${wanted}; its default is used` })
  return null
}

function carryKmsKey({ metadata: { kmsKeyId: held }, kmsKeyMap }: CarryInput, notCarried: NotCarried[]): string | null {
  if (kmsKeyMap === null || held === undefined) return null
  const mapped = Object.hasOwn(kmsKeyMap, held) ? kmsKeyMap[held] : undefined
  if (mapped !== undefined) return mapped
  notCarried.push({ what: 'encryption', name: held, reason: 'destination.sse.keyIds does not name this key; the one for all other objects is used' })
  return null
}

function carryLock(input: CarryInput, notCarried: NotCarried[]): ObjectLockState | null {
  const { lock, carry, destination } = input
  if (lock === null) return null
  const keeps = destination.metadata.objectLock === 'yes'
  const reason = lacks(destination, destination.metadata.objectLock, 'lock objects')
  const retention = carry.retention && lock.mode !== null
  const hold = carry.legalHold && lock.legalHold
  if (retention && !keeps) notCarried.push({ what: 'retention', name: null, reason })
  if (hold && !keeps) notCarried.push({ what: 'legal-hold', name: null, reason })
  if (!keeps || (!retention && !hold)) return null
  return { mode: retention ? lock.mode : null, retainUntil: retention ? lock.retainUntil : null, legalHold: hold }
}

/** What a reply of the destination shows to be missing of what was sent; entries that are listed already are left out. Pure. */
export function missingMetadata(sent: ObjectMetadata, held: ObjectMetadata, listed: readonly NotCarried[]): NotCarried[] {
  const missing: NotCarried[] = []
  const knows = (what: NotCarried['what'], name: string): boolean => listed.some((item) => item.what === what && item.name === name)
  for (const [name, value] of Object.entries(sent.user)) {
    // what is not ASCII went as RFC 2047 text, and may be shown so
    if (held.user[name] === value || held.user[name] === encodeHeaderText(value) || knows('metadata', name)) continue
    missing.push({ what: 'metadata', name, reason: held.user[name] === undefined ? 'the destination does not show it' : 'the destination shows another value' })
  }
  for (const header of SYSTEM_HEADERS) {
    const value = sent[header]
    if (value === undefined || sameHeader(value, held[header]) || knows('header', header)) continue
    missing.push({
      what: 'header',
      name: header,
      reason: held[header] === undefined ? 'the destination does not show it' : 'the destination shows another value',
    })
  }
  return missing
}

function sameHeader(sent: string, held: string | undefined): boolean {
  if (held === undefined) return false
  const plain = (text: string): string => text.replaceAll(/\s+/g, '').toLowerCase()
  return plain(sent) === plain(held)
}
