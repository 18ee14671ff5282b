import { describe, expect, it } from 'vitest'
import { builtInProviders, genericProfile, profiles, recommendedClientConfig } from './index.ts'

describe('recommendedClientConfig', () => {
  it.each([
    ['r2', 'auto'],
    ['ceph', undefined],
  ])('%s: region %s', (id, region) => {
    const config = recommendedClientConfig(id)
    expect(config.region).toBe(region)
    expect(config).toMatchObject({ forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' })
    expect(config).not.toHaveProperty('notes')
  })

  it.each([
    ['aws', 'https://s3.eu-west-1.amazonaws.com', 'eu-west-1'],
    ['aws', 's3.eu-west-1.amazonaws.com', 'eu-west-1'],
    ['wasabi', 'https://s3.eu-central-1.wasabisys.com/', 'eu-central-1'],
    // not that provider's host: nothing is guessed
    ['wasabi', 'https://s3.eu-west-1.amazonaws.com', undefined],
    ['aws', 'https://s3.eu-west-1.amazonaws.com.example.net', undefined],
  ])('%s at %s: region %s', (id, endpoint, region) => {
    expect(recommendedClientConfig(id, { endpoint }).region).toBe(region)
  })

  it('a profile is known by its id; an unknown one gets the advice for any store', () => {
    expect(recommendedClientConfig(profiles.swift ?? genericProfile)).toEqual(recommendedClientConfig('swift'))
    expect(recommendedClientConfig({ ...genericProfile, id: 'ours' })).toEqual(recommendedClientConfig('generic'))
  })

  it('every provider has one, of nothing but the four fields', () => {
    for (const { profile } of builtInProviders.definitions) {
      const names = Object.keys(recommendedClientConfig(profile.id))
      expect(names.filter((name) => !['forcePathStyle', 'region', 'requestChecksumCalculation', 'responseChecksumValidation'].includes(name))).toEqual([])
    }
  })

  it('wrong input is named, and an endpoint is not shown', () => {
    expect(() => recommendedClientConfig('nobody')).toThrow(/provider/)
    expect(() => recommendedClientConfig(undefined as never)).toThrow(/provider/)
    const call = (): unknown => recommendedClientConfig('aws', { endpoint: 'user:secret@//' })
    expect(call).toThrow(/endpoint/)
    expect(call).not.toThrow(/secret/)
  })
})
