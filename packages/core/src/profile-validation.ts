import { type ChecksumAlgorithm, HASH_ALGORITHMS } from './checksum/algorithm.ts'
import { invalidOption } from './errors.ts'
import type { Claim, EncryptionKind, ProviderProfile } from './ports/provider-profile.ts'

const CLAIMS: readonly Claim[] = ['yes', 'candidate', 'no']
const ENCRYPTIONS: readonly EncryptionKind[] = ['none', 'sse-s3', 'sse-kms', 'sse-c']
const CHECKSUM_ALGORITHMS: readonly ChecksumAlgorithm[] = HASH_ALGORITHMS.filter((name) => name !== 'crc64ecma')
const VENDOR_HEADERS = ['x-goog-hash', 'x-oss-hash-crc64ecma', 'x-cos-hash-crc64ecma'] as const
const ISO_DATE = /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/
/** Profiles that were found right, and that nobody can change any more: a profile is given with every call. */
const checkedForGood = new WeakSet<object>()

/** Checks one value; throws with the path of what is wrong. */
type Check = (value: unknown, path: string) => void
type Shape = Readonly<Record<string, Check>>

/** What a profile holds, in the order of its type. A field that ends in `?` may be absent. */
const PROFILE: Check = object({
  id: text(/^[a-z0-9][a-z0-9._-]*$/, 'a lower-case id such as "ceph"'),
  name: text(/\S/, 'a name for people'),
  etag: object({
    single: claim,
    multipart: claim,
    part: claim,
    opaqueWith: listOf(ENCRYPTIONS),
    'multipartSince?': isoDate,
    'onePartAmbiguous?': boolean,
    'singleAmbiguous?': boolean,
    inCompleteReply: boolean,
    'mayBeAbsent?': boolean,
  }),
  checksums: object({
    returned: claim,
    verifiedOnWrite: listOf(CHECKSUM_ALGORITHMS),
    contentMd5: claim,
    multipartFullObject: listOf(CHECKSUM_ALGORITHMS),
    multipartComposite: listOf(CHECKSUM_ALGORITHMS),
    vendorHeaders: listOf(VENDOR_HEADERS),
  }),
  limits: object({
    minPartBytes: count,
    maxPartBytes: count,
    maxParts: count,
    maxObjectBytes: orNull(count),
    maxSinglePutBytes: count,
    equalParts: boolean,
    maxKeyBytes: count,
    maxMetadataBytes: orNull(count),
    maxMetadataValueBytes: orNull(count),
  }),
  reads: object({ range: claim, ifMatch: claim, partNumber: claim, objectAttributes: claim }),
  writes: object({
    ifNoneMatch: claim,
    'ifNoneMatchVersioned?': claim,
    'atomicPut?': claim,
    ifNoneMatchOnComplete: claim,
    deleteIfMatch: claim,
    sizeOnComplete: claim,
  }),
  metadata: object({
    tags: claim,
    tagsOnCreateUpload: claim,
    underscoreBecomesDash: boolean,
    storageClasses: storageClasses,
    websiteRedirect: claim,
    acl: claim,
    objectLock: claim,
    controlCharactersInKeys: claim,
  }),
  'copies?': object({
    object: claim,
    part: claim,
    ifMatch: claim,
    partIfMatch: claim,
    recomputes: claim,
    ifNoneMatch: claim,
    tags: claim,
    maxObjectBytes: count,
  }),
  sources: list(object({ claim: text(/\S/, 'the path of a claim such as "etag.multipart"'), source: text(/\S/, 'where the claim comes from'), date: isoDate })),
  'probed?': list(text(/^[a-z]+\.[A-Za-z0-9]+$/, 'the path of a claim such as "etag.multipart"')),
})

/**
 * Checks that a value is a whole and sensible provider profile: every field there, no field beside them (a misspelt one would say nothing, silently),
 * limits that fit each other, and every path in `sources` naming a claim.
 * @param value - anything, e.g. parsed JSON
 * @param option - how the error names the value
 * @defaultValue `option`: `'profile'`
 * @returns the same object
 * @throws `ERR_INVALID_OPTION` naming the wrong field, e.g. `source.profile.etag.single`
 */
export function validateProfile(value: unknown, option: string = 'profile'): ProviderProfile {
  if (typeof value === 'object' && value !== null && checkedForGood.has(value)) return value as ProviderProfile
  PROFILE(value, option)
  const profile = value as ProviderProfile
  const { limits } = profile
  if (limits.minPartBytes > limits.maxPartBytes) {
    throw invalidOption(`${option}.limits.minPartBytes`, limits.minPartBytes, `at most limits.maxPartBytes (${limits.maxPartBytes})`)
  }
  profile.sources.forEach((source, index) => {
    if (!hasPath(profile, source.claim)) throw invalidOption(`${option}.sources[${index}].claim`, source.claim, 'the path of a field of this profile')
  })
  profile.probed?.forEach((claim, index) => {
    if (!hasPath(profile, claim)) throw invalidOption(`${option}.probed[${index}]`, claim, 'the path of a field of this profile')
  })
  if (isDeeplyFrozen(profile)) checkedForGood.add(profile)
  return profile
}

function isDeeplyFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  if (!Object.isFrozen(value) || (prototype !== Object.prototype && prototype !== Array.prototype)) return false
  // a getter may answer otherwise the next time
  return Object.values(Object.getOwnPropertyDescriptors(value)).every((property) => 'value' in property && isDeeplyFrozen(property.value))
}

function object(shape: Shape): Check {
  const fields = Object.entries(shape).map(([name, check]) => ({ name: name.replace(/\?$/, ''), optional: name.endsWith('?'), check }))
  return (value, path) => {
    if (!isPlainObject(value)) throw invalidOption(path, value, 'a plain object')
    for (const field of fields) {
      const given = value[field.name]
      if (given === undefined && field.optional) continue
      field.check(given, `${path}.${field.name}`)
    }
    const unknown = Object.keys(value).find((name) => !fields.some((field) => field.name === name))
    if (unknown !== undefined) throw invalidOption(`${path}.${unknown}`, value[unknown], 'no such field in a provider profile')
  }
}

function list(check: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value)) throw invalidOption(path, value, 'an array')
    // not forEach: it would skip the holes of a sparse array
    for (let index = 0; index < value.length; index++) check(value[index], `${path}[${index}]`)
  }
}

function listOf(allowed: readonly string[]): Check {
  const items = list((value, path) => {
    if (!allowed.includes(value as string)) throw invalidOption(path, value, `one of ${allowed.join(', ')}`)
  })
  return (value, path) => {
    items(value, path)
    const names = value as readonly string[]
    if (new Set(names).size !== names.length) throw invalidOption(path, names.join(', '), 'each name once')
  }
}

function claim(value: unknown, path: string): void {
  if (!CLAIMS.includes(value as Claim)) throw invalidOption(path, value, `one of ${CLAIMS.join(', ')}`)
}

function boolean(value: unknown, path: string): void {
  if (typeof value !== 'boolean') throw invalidOption(path, value, 'true or false')
}

function count(value: unknown, path: string): void {
  if (!Number.isSafeInteger(value) || (value as number) < 1) throw invalidOption(path, value, 'a whole number from 1 to 2^53-1')
}

function orNull(check: Check): Check {
  return (value, path) => {
    if (value !== null) check(value, path)
  }
}

function text(pattern: RegExp, expected: string): Check {
  return (value, path) => {
    if (typeof value !== 'string' || !pattern.test(value)) throw invalidOption(path, value, expected)
  }
}

function isoDate(value: unknown, path: string): void {
  const [, year, month, day] = (typeof value === 'string' ? ISO_DATE.exec(value) : null) ?? []
  if (day === undefined || Number(day) > daysOfMonth(Number(year), Number(month))) throw invalidOption(path, value, 'an ISO date such as "2026-11-20"')
}

function daysOfMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

function storageClasses(value: unknown, path: string): void {
  list(text(/^[A-Za-z0-9_-]+$/, 'a storage class such as "STANDARD"'))(value, path)
  const names = value as readonly string[]
  if (names.length === 0) throw invalidOption(path, value, 'at least one storage class, the default first')
  if (new Set(names).size !== names.length) throw invalidOption(path, names.join(', '), 'each storage class once')
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  // not by identity with Object.prototype: an object of another realm (a worker, a vm) passes too
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function hasPath(profile: ProviderProfile, path: string): boolean {
  let value: unknown = profile
  for (const name of path.split('.')) {
    if (!isPlainObject(value) || !Object.hasOwn(value, name)) return false
    value = value[name]
  }
  return true
}
