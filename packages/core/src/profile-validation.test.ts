import { describe, expect, it } from 'vitest'
import { describeValue, SealiftError } from './errors.ts'
import { genericProfile } from './generic-profile.ts'
import { validateProfile } from './profile-validation.ts'

/** A copy of the generic profile with one field replaced (or removed, with `undefined`), by its path. */
function broken(path: string, value: unknown): unknown {
  const copy = structuredClone(genericProfile) as unknown as Record<string, unknown>
  const names = path.split('.')
  const last = names.pop() as string
  let parent = copy
  for (const name of names) parent = parent[name] as Record<string, unknown>
  if (value === undefined) delete parent[last]
  else parent[last] = value
  return copy
}

function errorOf(value: unknown, option?: string): SealiftError {
  try {
    validateProfile(value, option)
  } catch (error) {
    if (SealiftError.is(error)) return error
    throw error
  }
  throw new Error('validateProfile accepted the profile')
}

// what is set, to what; the path that the error must name, where it is not the same
const WRONG: readonly (readonly [path: string, value: unknown, named?: string])[] = [
  ['id', ''],
  ['id', 'Has Spaces'],
  ['id', undefined],
  ['name', '  '],
  ['etag', null],
  ['etag', []],
  ['etag.single', 'maybe'],
  ['etag.single', true],
  ['etag.multipart', undefined],
  ['etag.part', 1],
  ['etag.opaqueWith', 'sse-c'],
  ['etag.opaqueWith', ['sse-x'], 'etag.opaqueWith[0]'],
  ['etag.opaqueWith', ['sse-c', 'sse-c']],
  ['etag.opaqueWith', new Array(1), 'etag.opaqueWith[0]'],
  ['etag.multipartSince', '2023-13-01'],
  ['etag.multipartSince', '2023-02-30'],
  ['etag.multipartSince', '2023-02-29'],
  ['etag.multipartSince', '1900-02-29'],
  ['etag.multipartSince', '2023-04-31'],
  ['etag.multipartSince', '2023-00-10'],
  ['etag.multipartSince', '2023-01-00'],
  ['etag.multipartSince', 20230621],
  ['etag.multipartSince', '2023-06-21T00:00:00Z'],
  ['etag.onePartAmbiguous', 'yes'],
  ['etag.inCompleteReply', undefined],
  ['etag.mayBeAbsent', null],
  ['etag.multiPart', 'yes'],
  ['checksums.returned', 'YES'],
  ['checksums.verifiedOnWrite', undefined],
  ['checksums.verifiedOnWrite', ['crc32', 'CRC32C'], 'checksums.verifiedOnWrite[1]'],
  ['checksums.verifiedOnWrite', ['crc64ecma'], 'checksums.verifiedOnWrite[0]'],
  ['checksums.contentMd5', 'perhaps'],
  ['checksums.multipartFullObject', {}],
  ['checksums.multipartComposite', ['sha-256'], 'checksums.multipartComposite[0]'],
  ['checksums.vendorHeaders', ['x-amz-checksum-crc32'], 'checksums.vendorHeaders[0]'],
  ['limits.minPartBytes', 0],
  ['limits.minPartBytes', 5_000_000_001],
  ['limits.maxPartBytes', 5.5],
  ['limits.maxParts', '1000'],
  ['limits.maxParts', 2 ** 53],
  ['limits.maxObjectBytes', -1],
  ['limits.maxObjectBytes', undefined],
  ['limits.maxSinglePutBytes', null],
  ['limits.equalParts', 'no'],
  ['limits.maxKeyBytes', Number.NaN],
  ['limits.maxMetadataBytes', Number.POSITIVE_INFINITY],
  ['limits.maxMetadataValueBytes', 10n],
  ['reads.range', 'none'],
  ['reads.partNumber', undefined],
  ['reads.objectAttributes', false],
  ['writes.deleteIfMatch', 'ignored'],
  ['writes', 'yes'],
  ['metadata.tags', undefined],
  ['metadata.underscoreBecomesDash', 'no'],
  ['metadata.storageClasses', []],
  ['metadata.storageClasses', ['STANDARD', 'STANDARD']],
  ['metadata.storageClasses', ['A B'], 'metadata.storageClasses[0]'],
  ['metadata.acl', 0],
  ['sources', {}],
  ['sources', [{ claim: 'etag', source: '', date: '2026-11-20' }], 'sources[0].source'],
  ['sources', [{ claim: 'etag', source: 'a page', date: 'yesterday' }], 'sources[0].date'],
  ['sources', [{ claim: 'etag.triple', source: 'a page', date: '2026-11-20' }], 'sources[0].claim'],
  ['sources', [{ claim: 'constructor', source: 'a page', date: '2026-11-20' }], 'sources[0].claim'],
  ['sources', [{ claim: 'etag', source: 'a page', date: '2026-11-20', note: '' }], 'sources[0].note'],
  ['extra', 1],
]

describe('validateProfile', () => {
  it('returns the very object that it was given', () => {
    expect(validateProfile(genericProfile)).toBe(genericProfile)
  })

  it.each(WRONG.map(([path, value, named]) => ({ path, value, named, shown: describeValue(value) })))('refuses $path: $shown', ({ path, value, named }) => {
    const error = errorOf(broken(path, value), 'source.profile')
    expect(error.code).toBe('ERR_INVALID_OPTION')
    expect(error.context.option).toBe(`source.profile.${named ?? path}`)
    expect(error.message).toContain(`option source.profile.${named ?? path}: expected `)
  })

  it.each([null, undefined, 'ceph', 7, [], new Map(), () => genericProfile])('refuses %s as a profile', (value) => {
    expect(errorOf(value).context.option).toBe('profile')
  })

  it('accepts the optional fields', () => {
    const full = broken('etag', { ...genericProfile.etag, multipartSince: '2023-06-21', onePartAmbiguous: true, mayBeAbsent: true })
    expect(validateProfile(full)).toBe(full)
  })

  it('accepts leap days', () => {
    for (const date of ['2024-02-29', '2000-02-29']) expect(() => validateProfile(broken('etag.multipartSince', date))).not.toThrow()
  })

  it('looks again at a profile in which something can still be changed', () => {
    const loose = structuredClone(genericProfile) as unknown as { etag: { single: string }; sources: { date: string }[] }
    Object.freeze(loose)
    expect(validateProfile(loose)).toBe(loose)
    loose.etag.single = 'maybe'
    expect(errorOf(loose).context.option).toBe('profile.etag.single')
    let asked = 0
    const shifty = Object.freeze({
      ...(broken('id', 'shifty') as object),
      get name() {
        asked += 1
        return asked > 1 ? '' : 'Shifty'
      },
    })
    expect(validateProfile(shifty)).toBe(shifty)
    expect(errorOf(shifty).context.option).toBe('profile.name')
  })

  it('accepts an object without a prototype and one parsed from JSON', () => {
    expect(() => validateProfile(Object.assign(Object.create(null), genericProfile))).not.toThrow()
    expect(() => validateProfile(JSON.parse(JSON.stringify(genericProfile)))).not.toThrow()
  })
})

describe('genericProfile', () => {
  it('claims nothing that would let a difference count or a write prove something', () => {
    const { etag, checksums } = genericProfile
    expect([etag.single, etag.multipart, etag.part, checksums.returned, checksums.contentMd5]).not.toContain('yes')
    expect(checksums.verifiedOnWrite).toEqual([])
  })

  it('never asks what other stores answer with the bytes of the object', () => {
    expect(genericProfile.reads.partNumber).toBe('no')
    expect(genericProfile.reads.objectAttributes).toBe('no')
  })
})
