import { describe, expect, it } from 'vitest'
import { neverAborted } from '../abort.ts'
import { genericProfile } from '../generic-profile.ts'
import type { ProviderProfile } from '../ports/provider-profile.ts'
import { validateProfile } from '../profile-validation.ts'
import type { Location } from './location-options.ts'
import { asCandidate, chooseProfile } from './provider-choice.ts'

const sure: ProviderProfile = {
  ...genericProfile,
  id: 'sure',
  etag: { ...genericProfile.etag, single: 'yes', multipart: 'yes', part: 'yes' },
  checksums: { ...genericProfile.checksums, returned: 'yes', contentMd5: 'yes', verifiedOnWrite: ['crc32'] },
}
const location = { client: {} as Location['client'], bucket: 'b' }
const signal = new AbortController().signal

describe('chooseProfile', () => {
  it("takes the caller's own, without asking", async () => {
    const asked = (): never => {
      throw new Error('asked')
    }
    expect(await chooseProfile('source', { ...location, profile: sure }, asked, signal)).toBe(sure)
  })
  it('takes what was detected as certain, only candidates of what is likely, and nothing of a guess', async () => {
    const detect = (confidence: 'certain' | 'likely' | 'unknown') => async () => ({ profile: sure, confidence, reasons: [] })
    expect(await chooseProfile('source', location, detect('certain'), signal)).toEqual(sure)
    expect(await chooseProfile('source', location, detect('likely'), signal)).toEqual(asCandidate(sure))
    expect(await chooseProfile('source', location, detect('unknown'), signal)).toBe(genericProfile)
    expect(await chooseProfile('source', location, undefined, signal)).toBe(genericProfile)
  })
})

it('tells detect whose bucket it is, and who pays', async () => {
  const asked: unknown[] = []
  const detect = async (...args: readonly unknown[]) => {
    asked.push(args.slice(1))
    return { profile: sure, confidence: 'certain', reasons: [] } as const
  }
  await chooseProfile('source', { ...location, expectedBucketOwner: '123456789012', requestPayer: 'requester' }, detect, signal)
  await chooseProfile('destination', location, detect, signal)
  // the signal of all work that nobody can end would note whatever is made of it, for ever
  await chooseProfile('destination', location, detect, neverAborted)
  expect(asked).toEqual([
    ['b', { signal, expectedBucketOwner: '123456789012', requestPayer: 'requester' }],
    ['b', { signal }],
    ['b', {}],
  ])
})

describe('a directory bucket', () => {
  it.each(['data--use1-az4--x-s3', 'point--use1-az4--xa-s3'])('%s: no ETag is a digest, and Content-MD5 is not supported', async (bucket) => {
    const { etag, checksums } = await chooseProfile('destination', { ...location, bucket, profile: sure }, undefined, signal)
    expect([etag.single, etag.multipart, etag.part, checksums.contentMd5]).toEqual(['no', 'no', 'no', 'no'])
    expect(checksums.verifiedOnWrite).toEqual(['crc32'])
  })
})

describe('asCandidate', () => {
  it('leaves no claim that evidence could rest on, and a valid profile', () => {
    const weak = asCandidate(sure)
    expect([weak.etag.single, weak.etag.multipart, weak.etag.part, weak.checksums.returned, weak.checksums.contentMd5]).toEqual(Array(5).fill('candidate'))
    expect(weak.checksums.verifiedOnWrite).toEqual([])
    expect(() => validateProfile(weak)).not.toThrow()
  })
})
