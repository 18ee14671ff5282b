import { describe, expect, it } from 'vitest'
import { explainPair, genericProfile, profiles } from './index.ts'

const profileOf = (id: string): (typeof profiles)[string] => {
  const profile = profiles[id]
  if (profile === undefined) throw new Error(id)
  return profile
}

function object(from: string, to: string, kind: string, options = {}): ReturnType<typeof explainPair>['objects'][number] {
  const found = explainPair(profileOf(from), profileOf(to), options).objects.find((item) => item.kind === kind)
  if (found === undefined) throw new Error(kind)
  return found
}

describe('explainPair', () => {
  // by hand, from the rules of evidence: two requests where the replies carry it
  it('Ceph to Swift, a small object: one GET, one PUT, end to end', () => {
    expect(object('ceph', 'swift', 'small')).toMatchObject({
      sourceEvidence: ['etag-md5 md5', 'tls'],
      destinationEvidence: ['etag-md5 md5', 'server-checked-write md5'],
      verified: { atLeast: true, atBest: true },
      assurance: { atLeast: 'end-to-end', atBest: 'end-to-end' },
      extraRequests: { atLeast: [], atBest: [] },
      sameEtag: true,
    })
  })

  it('Ceph to Swift, parts of a usual size: the layout is derived, one HEAD looks at what was written', () => {
    expect(object('ceph', 'swift', 'multipart')).toMatchObject({
      assurance: { atLeast: 'end-to-end', atBest: 'end-to-end' },
      extraRequests: { atLeast: ['HEAD looks at what was written'], atBest: ['HEAD looks at what was written'] },
      layout: { atLeast: 'derived', atBest: 'derived' },
      sameEtag: true,
    })
  })

  it('Ceph to Swift, parts that nothing gives: a second read, and no more than the destination', () => {
    const found = object('ceph', 'swift', 'multipart-unusual')
    expect(found.assurance).toEqual({ atLeast: 'destination-only', atBest: 'destination-only' })
    expect(found.extraRequests.atLeast).toContain('the source is read a second time')
  })

  it('an SSE-KMS source over TLS is proved at the destination only, without TLS by a second read', () => {
    expect(object('ceph', 'swift', 'small-sse-kms')).toMatchObject({
      assurance: { atLeast: 'destination-only', atBest: 'destination-only' },
      extraRequests: { atLeast: [], atBest: [] },
      sourceEvidence: ['tls'],
      sameEtag: null,
    })
    expect(object('ceph', 'swift', 'small-sse-kms', { sourceTls: false }).extraRequests.atLeast).toEqual(['the source is read a second time'])
  })

  it('a policy that wants source evidence makes it unverified', () => {
    const found = object('ceph', 'swift', 'small-sse-kms', { verify: { sourceEvidence: 'required' } })
    expect(found.verified).toEqual({ atLeast: false, atBest: false })
  })

  it('an unknown destination is read back', () => {
    expect(object('ceph', 'generic', 'small')).toMatchObject({
      destinationEvidence: ['read-back sha256'],
      extraRequests: { atLeast: ['HEAD looks at what was written', 'the written object is read back'] },
    })
  })

  it('Swift has no tags, no lock, no classes: they are listed', () => {
    const { notCarried, limits } = explainPair(profileOf('aws'), profileOf('swift'))
    expect(new Set(notCarried.map((item) => item.what))).toEqual(
      new Set(['tags', 'checksum', 'website-redirect', 'acl', 'retention', 'legal-hold', 'storage-class']),
    )
    expect(notCarried.filter((item) => item.what === 'storage-class').map((item) => item.name)).toContain('GLACIER')
    expect(limits.some((limit) => limit.includes('1000 parts'))).toBe(true)
    expect(limits.some((limit) => limit.includes('256 bytes in one metadata value'))).toBe(true)
  })

  it('every profile, to and from some: plain JSON, and verified by default', () => {
    const some = ['aws', 'ceph', 'generic'].map(profileOf)
    for (const profile of Object.values(profiles)) {
      for (const [source, destination] of some.flatMap((other) => [[profile, other] as const, [other, profile] as const])) {
        const explained = explainPair(source, destination)
        expect(JSON.parse(JSON.stringify(explained))).toEqual(explained)
        for (const item of explained.objects) {
          // with the default options everything can be proved somehow: read back, and over TLS
          expect([source.id, destination.id, item.kind, item.verified]).toEqual([source.id, destination.id, item.kind, { atLeast: true, atBest: true }])
        }
      }
    }
  }, 60_000)

  it('wrong input is named', () => {
    expect(() => explainPair({ ...genericProfile, name: '' }, genericProfile)).toThrow(/source\.name/)
    expect(() => explainPair(genericProfile, {} as never)).toThrow(/destination\.id/)
    expect(() => explainPair(genericProfile, genericProfile, { sourceTls: 'yes' as never })).toThrow(/sourceTls/)
  })
})
