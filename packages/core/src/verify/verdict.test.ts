import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Evidence, EvidenceLeg, EvidenceMethod } from './evidence.ts'
import { conclude, type DestinationIdentity, type VerdictPolicy } from './verdict.ts'

// Written from the evidence table of the design, not taken from the code under test.
const DESTINATION_METHODS: readonly EvidenceMethod[] = ['read-back', 'stored-checksum', 'etag-md5', 'etag-multipart', 'server-checked-write']
const STRONG_SOURCE_METHODS: readonly EvidenceMethod[] = ['stored-checksum', 'etag-md5', 'etag-multipart', 'client-digest']
const METHODS: readonly EvidenceMethod[] = [...DESTINATION_METHODS, 'client-digest', 'second-read', 'tls', 'size']
const LEGS: readonly EvidenceLeg[] = ['source', 'destination', 'both']
const UNSETTLED = 'differs'
const REASONS = [null, UNSETTLED, 'overturned', 'no tried layout gives it', 'differs, but such a value does not bind', 'implied', 'the ETag is opaque'] as const

/** Any evidence at all, sensible or not: a leg with a method that does not belong there, a match with a reason, a mismatch without values. */
const anyEvidence: fc.Arbitrary<Evidence> = fc.record({
  leg: fc.constantFrom(...LEGS),
  method: fc.constantFrom(...METHODS),
  algorithm: fc.constantFrom('md5', 'sha256', 'crc32', null),
  type: fc.constantFrom('FULL_OBJECT' as const, 'COMPOSITE' as const, null),
  expected: fc.constantFrom('aa', 'bb', null),
  actual: fc.constantFrom('aa', 'bb', null),
  outcome: fc.oneof(
    { weight: 6, arbitrary: fc.constant('match' as const) },
    { weight: 2, arbitrary: fc.constant('not-comparable' as const) },
    { weight: 1, arbitrary: fc.constant('mismatch' as const) },
  ),
  reason: fc.constantFrom(...REASONS),
  trust: fc.constantFrom('profile' as const, 'probe' as const, 'self' as const),
})

/** What a verified object needs, so that the arbitrary rest is often the only obstacle. */
const SOUND: readonly Evidence[] = [match('source', 'etag-md5'), match('destination', 'read-back'), match('both', 'size')]

const anyList: fc.Arbitrary<readonly Evidence[]> = fc
  .tuple(fc.array(anyEvidence, { maxLength: 6 }), fc.subarray([...SOUND]))
  .chain(([some, sound]) => fc.shuffledSubarray([...some, ...sound], { minLength: some.length + sound.length }))
const anyIdentity: fc.Arbitrary<DestinationIdentity> = fc.constantFrom('ours', 'ours', 'ours', 'other', 'unknown')
const anyPolicy: fc.Arbitrary<VerdictPolicy> = fc.record({ sourceEvidence: fc.constantFrom('if-available' as const, 'required' as const) })

function match(leg: EvidenceLeg, method: EvidenceMethod): Evidence {
  return { leg, method, algorithm: 'md5', type: 'FULL_OBJECT', expected: 'aa', actual: 'aa', outcome: 'match', reason: null, trust: 'profile' }
}

function hasMatch(evidence: readonly Evidence[], leg: EvidenceLeg, methods: readonly EvidenceMethod[]): boolean {
  return evidence.some((item) => item.outcome === 'match' && item.leg === leg && methods.includes(item.method))
}

function always(holds: (evidence: readonly Evidence[], identity: DestinationIdentity, policy: VerdictPolicy) => void): void {
  fc.assert(fc.property(anyList, anyIdentity, anyPolicy, holds), { numRuns: 3000 })
}

describe('conclude, for any evidence whatever', () => {
  test('verified needs our own object, a destination match beyond size, the size, and nothing that differs', () => {
    let verified = 0
    always((evidence, identity, policy) => {
      if (conclude(evidence, identity, policy).verdict !== 'verified') return
      verified += 1
      expect(identity).toBe('ours')
      expect(hasMatch(evidence, 'destination', DESTINATION_METHODS)).toBe(true)
      expect(hasMatch(evidence, 'both', ['size'])).toBe(true)
      expect(evidence.some((item) => item.outcome === 'mismatch')).toBe(false)
      expect(evidence.some((item) => item.outcome === 'not-comparable' && item.reason === UNSETTLED)).toBe(false)
    })
    // a property that is never reached proves nothing
    expect(verified).toBeGreaterThan(100)
  })

  test('end-to-end exactly where a strong value of the source matched', () => {
    always((evidence, identity, policy) => {
      const { verdict, assurance } = conclude(evidence, identity, policy)
      expect(assurance === 'none').toBe(verdict !== 'verified')
      if (verdict !== 'verified') return
      expect(assurance === 'end-to-end').toBe(hasMatch(evidence, 'source', STRONG_SOURCE_METHODS))
      if (assurance === 'destination-only') expect(hasMatch(evidence, 'source', ['second-read', 'tls'])).toBe(true)
    })
  })

  test('required turns destination-only into unverified and changes nothing else', () => {
    always((evidence, identity) => {
      const free = conclude(evidence, identity, { sourceEvidence: 'if-available' })
      const strict = conclude(evidence, identity, { sourceEvidence: 'required' })
      if (free.assurance === 'destination-only') expect([strict.verdict, strict.assurance]).toEqual(['unverified', 'none'])
      else expect(strict).toEqual(free)
    })
  })

  test('a mismatch never raises a verdict, and forbids verified', () => {
    const rank = { verified: 2, unverified: 1, mismatch: 0 }
    fc.assert(
      fc.property(anyList, anyEvidence, fc.nat(), anyIdentity, anyPolicy, (evidence, more, at, identity, policy) => {
        const before = conclude(evidence, identity, policy).verdict
        const place = at % (evidence.length + 1)
        const after = conclude([...evidence.slice(0, place), { ...more, outcome: 'mismatch' }, ...evidence.slice(place)], identity, policy).verdict
        expect(rank[after]).toBeLessThanOrEqual(rank[before])
        expect(after).not.toBe('verified')
      }),
      { numRuns: 3000 },
    )
  })

  test('what was not comparable never raises a verdict', () => {
    const rank = { verified: 2, unverified: 1, mismatch: 1 }
    fc.assert(
      fc.property(anyList, anyEvidence, anyIdentity, anyPolicy, (evidence, more, identity, policy) => {
        const before = conclude(evidence, identity, policy).verdict
        const after = conclude([...evidence, { ...more, outcome: 'not-comparable' }], identity, policy).verdict
        expect(rank[after]).toBeLessThanOrEqual(rank[before])
        expect(after === 'mismatch').toBe(before === 'mismatch')
      }),
      { numRuns: 3000 },
    )
  })

  test('mismatch only where something mismatches, on the destination leg only for our own object', () => {
    let mismatches = 0
    always((evidence, identity, policy) => {
      if (conclude(evidence, identity, policy).verdict !== 'mismatch') return
      mismatches += 1
      expect(evidence.some((item) => item.outcome === 'mismatch' && (item.leg === 'source' || identity === 'ours'))).toBe(true)
    })
    expect(mismatches).toBeGreaterThan(100)
  })

  test('the order of the evidence decides nothing', () => {
    always((evidence, identity, policy) => {
      const there = conclude(evidence, identity, policy)
      const back = conclude([...evidence].reverse(), identity, policy)
      expect([back.verdict, back.assurance]).toEqual([there.verdict, there.assurance])
    })
  })

  test('a verdict always says why', () => {
    always((evidence, identity, policy) => {
      expect(conclude(evidence, identity, policy).because).toMatch(/^\S.{5,}$/)
    })
  })
})

describe('conclude, single cases', () => {
  const policy: VerdictPolicy = { sourceEvidence: 'if-available' }

  test('no evidence is unverified', () => {
    expect(conclude([], 'ours', policy)).toMatchObject({ verdict: 'unverified', assurance: 'none' })
  })

  test.each(METHODS.filter((method) => !DESTINATION_METHODS.includes(method)))('%s on the destination leg proves nothing of the stored bytes', (method) => {
    expect(conclude([match('source', 'etag-md5'), match('destination', method), match('both', 'size')], 'ours', policy).verdict).toBe('unverified')
  })

  test.each(DESTINATION_METHODS)('%s on the destination leg proves it', (method) => {
    expect(conclude([match('source', 'etag-md5'), match('destination', method), match('both', 'size')], 'ours', policy).verdict).toBe('verified')
  })

  test('an equal size on one leg alone is not the size of the copy', () => {
    for (const leg of ['source', 'destination'] as const)
      expect(conclude([match('source', 'etag-md5'), match('destination', 'read-back'), match(leg, 'size')], 'ours', policy).verdict).toBe('unverified')
  })

  test('reads of the source that differ are not mended by TLS, but by one that agrees', () => {
    const differ: Evidence = { ...match('source', 'second-read'), actual: null, outcome: 'not-comparable', reason: 'no earlier read gave the same digests' }
    const destination = [match('destination', 'read-back'), match('both', 'size')]
    expect(conclude([differ, match('source', 'tls'), ...destination], 'ours', policy).verdict).toBe('unverified')
    expect(conclude([match('source', 'second-read'), ...destination], 'ours', policy).assurance).toBe('destination-only')
  })

  test("a foreign object's differing bytes are no mismatch of ours", () => {
    const other: Evidence = { ...match('destination', 'read-back'), actual: 'bb', outcome: 'mismatch', reason: UNSETTLED }
    expect(conclude([match('source', 'etag-md5'), other], 'other', policy).verdict).toBe('unverified')
    expect(conclude([match('source', 'etag-md5'), other], 'unknown', policy).verdict).toBe('unverified')
    expect(conclude([match('source', 'etag-md5'), other], 'ours', policy).verdict).toBe('mismatch')
  })
})
