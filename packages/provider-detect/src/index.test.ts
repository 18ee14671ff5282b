import { type ProviderProfile, validateProfile } from '@sealift/core'
import { describe, expect, it } from 'vitest'
import * as provider from './index.ts'

/** Paths of what in plain data is not frozen. */
function unfrozen(value: unknown, path: string = 'value'): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return [...(Object.isFrozen(value) ? [] : [path]), ...Object.entries(value).flatMap(([name, inner]) => unfrozen(inner, `${path}.${name}`))]
}

const all: readonly ProviderProfile[] = Object.values(provider.profiles)

/** The paths of all single claims of a profile: `etag.single`, `limits.maxParts`, … */
function claimPaths(profile: ProviderProfile): readonly string[] {
  const { id: _id, name: _name, sources: _sources, ...groups } = profile
  return Object.entries(groups).flatMap(([group, fields]) => Object.keys(fields).map((field) => `${group}.${field}`))
}

// what the package promises to know; sorted
const IDS: readonly string[] = [
  'aws',
  'aws-access-point',
  'aws-china',
  'aws-govcloud',
  'aws-object-lambda',
  'b2',
  'ceph',
  'cloudian',
  'cloudserver',
  'contabo',
  'cos',
  'ecs',
  'exoscale',
  'express',
  'fastly',
  'garage',
  'gcs',
  'generic',
  'hetzner',
  'ibm-cos',
  'idrive-e2',
  'linode',
  'localstack',
  'minio',
  'moto',
  'obs',
  'oracle',
  'oss',
  'ovh',
  'r2',
  'rclone',
  'rustfs',
  'scaleway',
  'seaweedfs',
  'spaces',
  'storagegrid',
  'storj',
  'supabase',
  'swift',
  'tigris',
  'versitygw',
  'vultr',
  'wasabi',
]

describe('profiles', () => {
  it('holds one profile for each provider, each under an id of its own', () => {
    expect(provider.providerDefinitions.map(({ profile }) => profile.id).sort()).toEqual(IDS)
    expect(Object.keys(provider.profiles).sort()).toEqual(IDS)
  })

  it.each(all)('$id: is a valid profile under its own id', (profile) => {
    expect(validateProfile(profile)).toBe(profile)
    expect(provider.profileById(profile.id)).toBe(profile)
  })

  it.each(all)('$id: is exported as its id and `Profile`, in camel case', (profile) => {
    const name = profile.id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
    expect((provider as Record<string, unknown>)[`${name}Profile`]).toBe(profile)
  })

  it.each(all)('$id: is plain JSON', (profile) => {
    expect(JSON.parse(JSON.stringify(profile))).toStrictEqual(profile)
  })

  it.each(all)('$id: every claim has a source', (profile) => {
    const named = profile.sources.map((source) => source.claim)
    const without = claimPaths(profile).filter((path) => !named.some((claim) => path === claim || path.startsWith(`${claim}.`)))
    expect(without).toEqual([])
  })

  it.each(all)('$id: no claim has two sources under the same path', (profile) => {
    const named = profile.sources.map((source) => source.claim)
    expect(new Set(named).size).toBe(named.length)
  })

  it.each(all)('$id: a claim whose source is unconfirmed is never `yes`', (profile) => {
    const sourceOf = (path: string): string | undefined => {
      const fitting = profile.sources.filter(({ claim }) => path === claim || path.startsWith(`${claim}.`))
      // the most exact path speaks
      return fitting.sort((a, b) => b.claim.length - a.claim.length)[0]?.source
    }
    const claimAt = (path: string): unknown => path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], profile)
    // what is listed there counts as a `yes`, too
    const bold = claimPaths(profile).filter(
      (path) =>
        sourceOf(path) === 'unconfirmed' &&
        (claimAt(path) === 'yes' || (/verifiedOnWrite|vendorHeaders/.test(path) && (claimAt(path) as readonly unknown[]).length > 0)),
    )
    expect(bold).toEqual([])
  })

  it.each(all)('$id: is frozen to its leaves', (profile) => {
    expect(unfrozen(profile)).toEqual([])
  })

  it.each(all)('$id: a multipart upload can hold an object of 5 GB', (profile) => {
    const { maxParts, maxPartBytes } = profile.limits
    expect(maxParts * maxPartBytes).toBeGreaterThanOrEqual(5_000_000_000)
  })
})

describe('provider definitions', () => {
  const definitions = provider.providerDefinitions.map((definition) => ({ id: definition.profile.id, definition }))

  it.each(definitions)('$id: passes the checks of a definition that a caller writes', ({ definition }) => {
    expect(provider.defineProvider(definition)).toStrictEqual(definition)
  })

  it.each(definitions)('$id: is plain JSON, frozen to its leaves', ({ definition }) => {
    expect(JSON.parse(JSON.stringify(definition))).toStrictEqual(definition)
    expect(unfrozen(definition)).toEqual([])
  })

  it.each(definitions)('$id: its hosts and its client settings have sources', ({ definition }) => {
    const named = (definition.sources ?? []).map(({ claim }) => claim).sort()
    expect(named).toEqual(definition.hosts.length === 0 ? ['client'] : ['client', 'hosts'])
  })

  it.each(definitions)('$id: a fingerprint without a source is never certain', ({ definition }) => {
    expect(definition.fingerprints.filter(({ source, confidence }) => source === 'unconfirmed' && confidence === 'certain')).toEqual([])
  })

  it('no two providers have the same host pattern with the same labels', () => {
    const patterns = provider.providerDefinitions.flatMap(({ hosts, labels }) =>
      hosts.map((host) => `${host} ${host.includes('{region}') ? labels?.region : ''}`),
    )
    expect(patterns.filter((pattern, index) => patterns.indexOf(pattern) !== index)).toEqual([])
  })
})

describe('profileById', () => {
  it.each(['', 'nobody', 'toString', '__proto__'])('has no profile for %j', (id) => {
    expect(provider.profileById(id)).toBeUndefined()
  })
})

// What test servers were seen to do (Ceph RGW 16.2.15, Swift 2.30.1), as literal data: these two must never drift.
describe('measured profiles', () => {
  it('ceph', () => {
    const { etag, checksums, limits, reads, writes, metadata } = provider.cephProfile
    expect(etag).toEqual({ single: 'yes', multipart: 'yes', part: 'yes', opaqueWith: ['sse-kms'], inCompleteReply: false })
    expect(checksums).toMatchObject({ returned: 'no', verifiedOnWrite: [], contentMd5: 'yes' })
    expect(limits).toMatchObject({ minPartBytes: 5 * 1024 ** 2, maxParts: 10_000, equalParts: false })
    expect(reads).toEqual({ range: 'yes', ifMatch: 'yes', partNumber: 'no', objectAttributes: 'no' })
    expect(writes).toEqual({
      ifNoneMatch: 'yes',
      ifNoneMatchVersioned: 'no',
      atomicPut: 'yes',
      ifNoneMatchOnComplete: 'no',
      deleteIfMatch: 'no',
      sizeOnComplete: 'no',
    })
    expect(metadata).toMatchObject({ tags: 'yes', tagsOnCreateUpload: 'no', underscoreBecomesDash: true, websiteRedirect: 'yes' })
  })

  it('swift', () => {
    const { etag, checksums, limits, reads, writes, metadata } = provider.swiftProfile
    expect(etag).toMatchObject({ single: 'yes', multipart: 'yes', part: 'yes', inCompleteReply: true })
    expect(checksums).toMatchObject({ returned: 'no', verifiedOnWrite: [], contentMd5: 'yes' })
    expect(limits).toMatchObject({ maxParts: 1000, maxSinglePutBytes: 5_368_709_122, maxMetadataValueBytes: 256, equalParts: false })
    expect(reads).toEqual({ range: 'yes', ifMatch: 'yes', partNumber: 'no', objectAttributes: 'no' })
    expect(writes).toEqual({ ifNoneMatch: 'no', atomicPut: 'yes', ifNoneMatchOnComplete: 'yes', deleteIfMatch: 'yes', sizeOnComplete: 'no' })
    expect(metadata).toMatchObject({ tags: 'no', storageClasses: ['STANDARD'], websiteRedirect: 'no', objectLock: 'no', controlCharactersInKeys: 'yes' })
  })
})
