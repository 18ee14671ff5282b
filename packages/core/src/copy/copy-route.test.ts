import { describe, expect, it } from 'vitest'
import { genericProfile } from '../generic-profile.ts'
import type { ProviderProfile } from '../ports/provider-profile.ts'
import type { SourceClaim } from '../verify/source-claims.ts'
import { checkObjectSize, chooseLayout, chooseRoute, chooseWriteLayout, DEFAULT_PART_SIZE_BYTES } from './copy-route.ts'
import { explicitLayout, uniformLayout } from './part-plan.ts'

const MIB = 1024 * 1024
const md5: SourceClaim = {
  method: 'etag-md5',
  algorithm: 'md5',
  type: 'FULL_OBJECT',
  expected: '0'.repeat(32),
  strength: 'binding',
  partCount: null,
  trust: 'profile',
}
const checksMd5: ProviderProfile = { ...genericProfile, checksums: { ...genericProfile.checksums, contentMd5: 'yes' } }
const settings = { memoryBytes: 64 * MIB, layout: 'preserve' as const, partSizeBytes: null }

describe('chooseRoute', () => {
  const route = (sizeBytes: number, over: Partial<Parameters<typeof chooseRoute>[0]> = {}): string =>
    chooseRoute({ sizeBytes, sourcePartCount: null, claims: [md5], destination: checksMd5, settings, ...over }).kind

  it('holds what fits in memory, to the byte', () => {
    expect(route(0)).toBe('held')
    expect(route(64 * MIB)).toBe('held')
    expect(route(64 * MIB + 1)).toBe('streamed')
  })
  it('streams by one PUT only with a trusted digest that the destination checks', () => {
    expect(route(65 * MIB, { claims: [{ ...md5, strength: 'candidate' }] })).toBe('parts')
    expect(route(65 * MIB, { destination: genericProfile })).toBe('parts')
    expect(route(65 * MIB, { claims: [] })).toBe('parts')
    expect(route(65 * MIB, { sourcePartCount: 9 })).toBe('parts')
    expect(route(65 * MIB, { settings: { ...settings, layout: 'own' } })).toBe('parts')
    expect(route(checksMd5.limits.maxSinglePutBytes + 1)).toBe('parts')
  })
  it('takes a stored checksum that the destination verifies', () => {
    const crc: SourceClaim = { ...md5, method: 'stored-checksum', algorithm: 'crc32' }
    const verifies = { ...genericProfile, checksums: { ...genericProfile.checksums, verifiedOnWrite: ['crc32' as const] } }
    expect(route(65 * MIB, { claims: [crc], destination: verifies })).toBe('streamed')
    expect(route(65 * MIB, { claims: [{ ...crc, type: 'COMPOSITE' }], destination: verifies })).toBe('parts')
  })
})

describe('chooseLayout', () => {
  const limits = { ...genericProfile.limits, equalParts: false, maxParts: 10_000 }
  it('keeps the layout of the source where it is permitted', () => {
    const layout = uniformLayout(20 * MIB, 8 * MIB)
    expect(chooseLayout(20 * MIB, { layout, origin: 'derived' }, false, limits, settings)).toEqual({ layout, origin: 'derived' })
  })
  it('falls back to its own where it is not: unequal parts, too many, too small', () => {
    const own = { layout: uniformLayout(40 * MIB, DEFAULT_PART_SIZE_BYTES), origin: 'own' }
    const unequal = explicitLayout([20 * MIB, 8 * MIB, 12 * MIB])
    expect(chooseLayout(40 * MIB, { layout: unequal, origin: 'attributes' }, false, { ...limits, equalParts: true }, settings)).toEqual(own)
    expect(chooseLayout(40 * MIB, { layout: uniformLayout(40 * MIB, 5 * MIB), origin: 'attributes' }, false, { ...limits, maxParts: 4 }, settings)).toEqual(own)
    expect(chooseLayout(40 * MIB, { layout: uniformLayout(40 * MIB, MIB), origin: 'attributes' }, false, limits, settings)).toEqual(own)
  })
  it('writes a single object by one PUT, and an object of unknown layout in parts of 16 MiB', () => {
    expect(chooseLayout(40 * MIB, null, true, limits, settings)).toEqual({ layout: null, origin: 'single' })
    expect(chooseLayout(40 * MIB, null, false, limits, settings)).toEqual({ layout: uniformLayout(40 * MIB, 16 * MIB), origin: 'own' })
    expect(chooseLayout(16 * MIB, null, false, limits, settings)).toEqual({ layout: null, origin: 'single' })
  })
})

describe('chooseWriteLayout', () => {
  it('cuts an object that is not held into parts that memory can hold', () => {
    const chosen = chooseWriteLayout({ kind: 'parts' }, 30 * MIB, null, true, genericProfile.limits, { ...settings, memoryBytes: 6 * MIB })
    expect(chosen).toEqual({ layout: uniformLayout(30 * MIB, 6 * MIB), origin: 'own' })
  })
  it('has no parts on the streamed route', () => {
    expect(chooseWriteLayout({ kind: 'streamed', claim: md5 as never }, 30 * MIB, null, true, genericProfile.limits, settings)).toEqual({
      layout: null,
      origin: 'single',
    })
  })
})

describe('checkObjectSize', () => {
  it('names both sizes where the provider takes no such object', () => {
    const small = { ...genericProfile, limits: { ...genericProfile.limits, maxObjectBytes: 100 } }
    expect(() => checkObjectSize({ bucket: 'b', key: 'k' }, 100, small)).not.toThrow()
    expect(() => checkObjectSize({ bucket: 'b', key: 'k' }, 101, small)).toThrow(/101 bytes.*at most 100 bytes/)
  })
})
