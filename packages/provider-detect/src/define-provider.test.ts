import { SealiftError, validateProfile } from '@sealift/core'
import { describe, expect, it } from 'vitest'
import { defineProvider, type ProviderInput } from './define-provider.ts'
import { cephProfile } from './profiles/ceph.ts'
import { minioProfile } from './profiles/minio.ts'
import { createProviderRegistry } from './provider-registry.ts'

const MEASURED = { source: 'measured: ExampleStore 4.2', date: '2026-11-21' } as const
const FINGERPRINT = { header: 'x-example-node', confidence: 'certain', ...MEASURED } as const
const PROFILE = { extends: 'ceph', id: 'ours', name: 'Our Ceph', sources: [] } as const

function errorOf(run: () => unknown): SealiftError {
  try {
    run()
  } catch (error) {
    if (SealiftError.is(error)) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('defineProvider', () => {
  it('makes what is left out empty', () => {
    expect(defineProvider({ profile: minioProfile })).toStrictEqual({ profile: minioProfile, hosts: [], fingerprints: [], client: {} })
  })

  it('copies: the input stays as it is, and changing it later changes nothing', () => {
    const input = { profile: structuredClone(minioProfile), hosts: ['s3.example.org'], client: { notes: ['one'] } }
    const before = structuredClone(input)
    const definition = defineProvider(input)
    expect(input).toStrictEqual(before)
    expect(Object.isFrozen(input.hosts)).toBe(false)
    input.hosts.push('s3.example.net')
    input.client.notes.push('two')
    expect(definition.hosts).toEqual(['s3.example.org'])
    expect(definition.client.notes).toEqual(['one'])
    expect(Object.isFrozen(definition.profile.etag.opaqueWith)).toBe(true)
  })

  it('is plain JSON, there and back', () => {
    const definition = defineProvider({
      profile: PROFILE,
      hosts: ['**.s3.{region}.example.org'],
      labels: { region: 'north|south' },
      fingerprints: [FINGERPRINT, { bodyElement: 'HostId', pattern: '[0-9a-f]{8}', confidence: 'likely', ...MEASURED }],
      client: {
        forcePathStyle: true,
        region: 'north',
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_SUPPORTED',
        notes: ['Hello.'],
      },
      sources: [{ claim: 'hosts', ...MEASURED }],
    })
    expect(defineProvider(JSON.parse(JSON.stringify(definition)))).toStrictEqual(definition)
  })

  it('extends: takes single fields, and the sources of what did not change', () => {
    const { profile } = defineProvider({
      profile: {
        extends: 'ceph',
        id: 'ours',
        name: 'Our Ceph',
        etag: { inCompleteReply: true },
        limits: { maxParts: 5000, minPartBytes: 1_048_576 },
        sources: [
          { claim: 'etag.inCompleteReply', ...MEASURED },
          { claim: 'limits', ...MEASURED },
        ],
      },
    })
    expect(validateProfile(profile)).toBe(profile)
    expect(profile).toMatchObject({ id: 'ours', name: 'Our Ceph', etag: { ...cephProfile.etag, inCompleteReply: true }, reads: cephProfile.reads })
    expect(profile.limits).toEqual({ ...cephProfile.limits, maxParts: 5000, minPartBytes: 1_048_576 })
    const claims = profile.sources.map(({ claim }) => claim)
    expect(claims.slice(0, 2)).toEqual(['etag.inCompleteReply', 'limits'])
    // Ceph's own words on the limits are gone, those on the ETags stay
    expect(claims.filter((claim) => claim.startsWith('limits'))).toEqual(['limits'])
    expect(claims).toContain('etag')
    // and Ceph itself is what it was
    expect(cephProfile.etag.inCompleteReply).toBe(false)
  })

  it('extends: a field that is changed needs a source of its own, one that is only repeated does not', () => {
    const error = errorOf(() => defineProvider({ profile: { ...PROFILE, etag: { single: 'no' }, sources: [{ claim: 'etag.part', ...MEASURED }] } }))
    expect(error.code).toBe('ERR_INVALID_OPTION')
    expect(error.message).toBe(`option provider.profile.sources: expected a source for "etag.single", which differs from ceph's`)
    expect(defineProvider({ profile: { ...PROFILE, etag: { single: 'yes', opaqueWith: ['sse-kms'] } } }).profile.etag).toEqual(cephProfile.etag)
  })

  it('extends: what a probe answered of the base is not taken over', () => {
    const probed = { profile: { ...cephProfile, probed: ['etag.single'] }, hosts: [], fingerprints: [], client: {} }
    expect(defineProvider({ profile: PROFILE }, { bases: [probed] }).profile.probed).toBeUndefined()
  })

  // what is given, the option that the error names, and what it says
  it.each<readonly [unknown, string, RegExp]>([
    [null, 'provider', /a plain object, got null/],
    ['ceph', 'provider', /a plain object, got "ceph"/],
    [{ profile: PROFILE, host: [] }, 'provider.host', /no such field/],
    [{}, 'provider.profile', /a plain object, got undefined/],
    [{ profile: 'ceph' }, 'provider.profile', /a plain object, got "ceph"/],
    [{ profile: { ...PROFILE, extends: 'cef' } }, 'provider.profile.extends', /a known provider: aws, .*, got "cef"/],
    [{ profile: { ...PROFILE, sources: undefined } }, 'provider.profile.sources', /an array, got undefined/],
    [{ profile: { ...PROFILE, sources: [null] } }, 'provider.profile.sources[0]', /a plain object/],
    [{ profile: { ...PROFILE, id: 'Ours' } }, 'provider.profile.id', /lower-case id/],
    [{ profile: { ...PROFILE, etags: {} } }, 'provider.profile.etags', /no such field/],
    [{ profile: { ...PROFILE, etag: null } }, 'provider.profile.etag', /a plain object, got null/],
    [{ profile: { ...PROFILE, etag: { sngle: 'yes' }, sources: [{ claim: 'etag', ...MEASURED }] } }, 'provider.profile.etag.sngle', /no such field/],
    [{ profile: { ...PROFILE, limits: { maxParts: 0 }, sources: [{ claim: 'limits', ...MEASURED }] } }, 'provider.profile.limits.maxParts', /whole number/],
    [{ profile: { ...minioProfile, reads: undefined } }, 'provider.profile.reads', /a plain object/],
    [{ profile: PROFILE, hosts: 's3.example.org' }, 'provider.hosts', /an array/],
    [{ profile: PROFILE, hosts: ['S3.example.org'] }, 'provider.hosts[0]', /lower case/],
    [{ profile: PROFILE, hosts: ['ok.example.org', 'https://s3.example.org'] }, 'provider.hosts[1]', /a host name/],
    [{ profile: PROFILE, hosts: [''] }, 'provider.hosts[0]', /a host name/],
    [{ profile: PROFILE, hosts: ['s3..example.org'] }, 'provider.hosts[0]', /a host name/],
    [{ profile: PROFILE, hosts: ['s3.**.example.org'] }, 'provider.hosts[0]', /a host name/],
    [{ profile: PROFILE, hosts: ['**'] }, 'provider.hosts[0]', /a host name/],
    [{ profile: PROFILE, hosts: ['*'] }, 'provider.hosts[0]', /two labels/],
    [{ profile: PROFILE, hosts: ['*.com'] }, 'provider.hosts[0]', /two labels/],
    [{ profile: PROFILE, hosts: ['s3.{x}.org'] }, 'provider.hosts[0]', /two labels/],
    [{ profile: PROFILE, hosts: ['s3.example.{tld}'] }, 'provider.hosts[0]', /two labels/],
    [{ profile: PROFILE, hosts: ['{a}.{a}.example.org'] }, 'provider.hosts[0]', /each name in braces once/],
    [{ profile: PROFILE, hosts: ['{bucket}.example.org'] }, 'provider.hosts[0]', /none called bucket/],
    [{ profile: PROFILE, hosts: ['{a}.example.org'], labels: { b: '.' } }, 'provider.labels.b', /a name that a host has in braces/],
    [{ profile: PROFILE, hosts: ['{a}.example.org'], labels: { a: '(' } }, 'provider.labels.a', /a regular expression/],
    [{ profile: PROFILE, hosts: ['{a}.example.org'], labels: { a: '(?<b>x)' } }, 'provider.labels.a', /without named groups/],
    [{ profile: PROFILE, hosts: ['{a}.example.org'], labels: { a: 'x'.repeat(201) } }, 'provider.labels.a', /200 characters/],
    [{ profile: PROFILE, labels: [] }, 'provider.labels', /a plain object/],
    [{ profile: PROFILE, fingerprints: {} }, 'provider.fingerprints', /an array/],
    [{ profile: PROFILE, fingerprints: [FINGERPRINT, { ...FINGERPRINT, header: 'X-Node' }] }, 'provider.fingerprints[1].header', /lower case/],
    [{ profile: PROFILE, fingerprints: [{ ...FINGERPRINT, header: undefined }] }, 'provider.fingerprints[0]', /either header or bodyElement/],
    [{ profile: PROFILE, fingerprints: [{ ...FINGERPRINT, bodyElement: 'HostId' }] }, 'provider.fingerprints[0]', /either header or bodyElement/],
    [{ profile: PROFILE, fingerprints: [{ ...FINGERPRINT, value: 'a', pattern: 'a' }] }, 'provider.fingerprints[0].pattern', /either value or pattern/],
    [{ profile: PROFILE, fingerprints: [{ ...FINGERPRINT, pattern: '[' }] }, 'provider.fingerprints[0].pattern', /regular expression/],
    [{ profile: PROFILE, fingerprints: [{ ...FINGERPRINT, confidence: 'sure' }] }, 'provider.fingerprints[0].confidence', /certain or likely/],
    [{ profile: PROFILE, fingerprints: [{ ...FINGERPRINT, source: undefined }] }, 'provider.fingerprints[0].source', /where it comes from/],
    [{ profile: PROFILE, fingerprints: [{ ...FINGERPRINT, date: '21.11.2026' }] }, 'provider.fingerprints[0].date', /ISO date/],
    [{ profile: PROFILE, fingerprints: [{ ...FINGERPRINT, regex: 'x' }] }, 'provider.fingerprints[0].regex', /no such field/],
    [{ profile: PROFILE, client: { forcePathStyle: 'yes' } }, 'provider.client.forcePathStyle', /true or false, got "yes"/],
    [{ profile: PROFILE, client: { region: '' } }, 'provider.client.region', /a region/],
    [{ profile: PROFILE, client: { requestChecksumCalculation: 'NEVER' } }, 'provider.client.requestChecksumCalculation', /WHEN_REQUIRED or WHEN_SUPPORTED/],
    [{ profile: PROFILE, client: { endpoint: 'x' } }, 'provider.client.endpoint', /no such field/],
    [{ profile: PROFILE, client: { notes: 'x' } }, 'provider.client.notes', /an array/],
    [{ profile: PROFILE, sources: [{ claim: 'etag', ...MEASURED }] }, 'provider.sources[0].claim', /hosts or client/],
  ])('%j: the error names %s', (input, option, message) => {
    const error = errorOf(() => defineProvider(input as ProviderInput))
    expect(error.code).toBe('ERR_INVALID_OPTION')
    expect(error.context.option).toBe(option)
    expect(error.message).toMatch(message)
  })
})

describe('createProviderRegistry', () => {
  it('holds the caller’s first, all of ours, and the generic one', () => {
    const registry = createProviderRegistry([{ profile: PROFILE }])
    expect(registry.definitions[0]?.profile.id).toBe('ours')
    expect(registry.byId('ours')).toBe(registry.definitions[0])
    expect(registry.byId('aws')?.profile.id).toBe('aws')
    expect(registry.definitions.at(-1)?.profile.id).toBe('generic')
    expect(registry.byId('nobody')).toBeUndefined()
    expect(registry.byId('toString')).toBeUndefined()
    expect(createProviderRegistry([]).byId('ours')).toBeUndefined()
    expect(Object.isFrozen(registry) && Object.isFrozen(registry.definitions)).toBe(true)
  })

  it('lets one extend another that stands before it', () => {
    const second = { extends: 'ours', id: 'theirs', name: 'Theirs', sources: [] }
    expect(createProviderRegistry([{ profile: PROFILE }, { profile: second }]).byId('theirs')?.profile.etag).toEqual(cephProfile.etag)
    expect(errorOf(() => createProviderRegistry([{ profile: second }, { profile: PROFILE }])).context.option).toBe('providers[0].profile.extends')
  })

  it.each<readonly [unknown, string]>([
    [undefined, 'providers'],
    [{ profile: PROFILE }, 'providers'],
    [[{ profile: PROFILE }, { profile: PROFILE }], 'providers[1].profile.id'],
    [[{ profile: PROFILE, hosts: ['*'] }], 'providers[0].hosts[0]'],
    [new Array(1), 'providers[0]'],
  ])('%j: the error names %s', (added, option) => {
    const error = errorOf(() => createProviderRegistry(added as ProviderInput[]))
    expect(error.code).toBe('ERR_INVALID_OPTION')
    expect(error.context.option).toBe(option)
  })
})
