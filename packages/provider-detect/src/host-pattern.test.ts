import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { detectProviderFromHost } from './detect-provider-from-host.ts'
import { matchHost } from './host-pattern.ts'
import { providerDefinitions } from './provider-definitions.ts'

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'
const REGIONS = ['us-west-2', 'us-gov-west-1', 'cn-north-1', 'nyc3', 'us-west-004', 'fr-par', 'us-south', 'cn-hangzhou', 'eu2', 'eu1', 'us-southeast-1', 'gra']
const word = fc.string({ unit: fc.constantFrom(...LETTERS), minLength: 3, maxLength: 12 })

/** Host names that a pattern may fit: stars and names filled in, with a bucket or without one. */
function hostOf(pattern: string): fc.Arbitrary<string> {
  const withBucket = pattern.startsWith('**.')
  const rest = withBucket ? pattern.slice(3) : pattern
  return fc
    .record({ bucket: fc.array(word, { maxLength: 3 }), region: fc.constantFrom(...REGIONS), fill: fc.array(word, { minLength: 4, maxLength: 4 }) })
    .map((values) => {
      let next = 0
      const host = rest.replace(/\{region\}|\{[a-z]+\}|\*/g, (token) => (token === '{region}' ? values.region : (values.fill[next++] as string)))
      return withBucket && values.bucket.length > 0 ? `${values.bucket.join('.')}.${host}` : host
    })
}

const somebodys = fc.constantFrom(...providerDefinitions.flatMap(({ hosts }) => hosts)).chain(hostOf)

describe('host patterns', () => {
  it('what is behind a name makes it nobody’s, whatever stands before it', () => {
    fc.assert(
      fc.property(somebodys, word, fc.constantFrom('com', 'net', 'example', 'cn'), (host, name, end) => {
        expect(detectProviderFromHost(`${host}.${name}.${end}`).confidence).toBe('unknown')
        expect(detectProviderFromHost(`${host}${name}`).confidence).toBe('unknown')
        expect(detectProviderFromHost(`${host}/${name}`).confidence).toBe('unknown')
        expect(detectProviderFromHost(`${name}@${host}`).confidence).toBe('unknown')
      }),
    )
  })

  it('a character within the last two labels cannot be another one', () => {
    fc.assert(
      fc.property(somebodys, fc.nat(), fc.constantFrom(...LETTERS, '-', '_', '.'), (host, position, letter) => {
        const start = host.lastIndexOf('.', host.lastIndexOf('.') - 1) + 1
        const at = start + (position % (host.length - start))
        const changed = `${host.slice(0, at)}${letter}${host.slice(at + 1)}`
        // the one vendor whose second label has a number in it
        fc.pre(changed !== host && !host.includes('idrivee2'))
        const before = detectProviderFromHost(host)
        const after = detectProviderFromHost(changed)
        expect(after.confidence === 'unknown' || after.profile.id !== before.profile.id).toBe(true)
      }),
    )
  })

  it('upper case, a port and a trailing dot change nothing', () => {
    fc.assert(
      fc.property(somebodys, fc.integer({ min: 1, max: 65_535 }), (host, port) => {
        const { profile, region, bucket, confidence } = detectProviderFromHost(host)
        expect(detectProviderFromHost(`${host.toUpperCase()}.:${port}`)).toMatchObject({ profile, region, bucket, confidence })
      }),
    )
  })

  it('any text is an answer, never an error, and at most `likely`', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(['likely', 'unknown']).toContain(detectProviderFromHost(text).confidence)
      }),
    )
  })

  it('the most exact of a provider’s own patterns counts', () => {
    const definition = {
      ...(providerDefinitions[0] as (typeof providerDefinitions)[number]),
      hosts: ['**.{region}.example.org', 'eu.example.org', '**.s3.{region}.example.org'],
    }
    expect(matchHost(definition, 'eu.example.org', false)).toEqual({ pattern: 'eu.example.org', literalCharacters: 14, bucket: null, region: null })
    expect(matchHost(definition, 'abc.s3.us-west-2.example.org', false)).toMatchObject({
      pattern: '**.s3.{region}.example.org',
      bucket: 'abc',
      region: 'us-west-2',
    })
    expect(matchHost({ ...definition, hosts: ['**.example.org'] }, 'ab.example.org', false)).toBeNull()
  })
})
