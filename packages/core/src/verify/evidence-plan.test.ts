import { describe, expect, test } from 'vitest'
import { HASH_ALGORITHMS } from '../checksum/algorithm.ts'
import { genericProfile } from '../generic-profile.ts'
import type { EtagSemantics, ProviderProfile } from '../ports/provider-profile.ts'
import { canProveByWrite, planEvidence } from './evidence-plan.ts'
import type { SourceClaim } from './source-claims.ts'

function destination(etag: Partial<EtagSemantics>, checksums: Partial<ProviderProfile['checksums']>): ProviderProfile {
  return { ...genericProfile, etag: { ...genericProfile.etag, ...etag }, checksums: { ...genericProfile.checksums, ...checksums } }
}

function claim(algorithm: SourceClaim['algorithm'], type: SourceClaim['type']): SourceClaim {
  return { method: 'stored-checksum', algorithm, type, expected: '00', strength: 'candidate', partCount: null, trust: 'profile' }
}

const checked = destination({ single: 'yes', multipart: 'yes' }, { contentMd5: 'yes' })

describe('planEvidence', () => {
  test('computes what was asked for, MD5 always, and what the source offers, in the order of HASH_ALGORITHMS, each once', () => {
    const plan = planEvidence({
      hashes: ['crc32', 'sha256', 'crc32'],
      claims: [claim('crc64nvme', 'FULL_OBJECT'), claim('sha256', 'FULL_OBJECT'), claim('sha1', 'COMPOSITE')],
      destination: checked,
      readBack: 'when-needed',
    })
    expect(plan.algorithms).toEqual(['md5', 'sha256', 'crc32', 'crc64nvme'])
    expect(plan.partAlgorithms).toEqual(['md5', 'sha1'])
  })

  test('all eleven algorithms keep that order', () => {
    const plan = planEvidence({ hashes: [...HASH_ALGORITHMS].reverse(), claims: [], destination: checked, readBack: 'never' })
    expect(plan.algorithms).toEqual([...HASH_ALGORITHMS])
  })

  test('what nothing is judged or sent by can come later: neither MD5 nor SHA-256, nor the strongest, nor what the source states or the write carries', () => {
    const later = (hashes: Parameters<typeof planEvidence>[0]['hashes'], claims: SourceClaim[], profile: ProviderProfile): readonly string[] =>
      planEvidence({ hashes, claims, destination: profile, readBack: 'when-needed' }).laterAlgorithms
    const four = ['md5', 'sha1', 'sha256', 'crc32'] as const
    expect(later(four, [], checked)).toEqual(['sha1', 'crc32'])
    expect(later(four, [claim('sha1', 'FULL_OBJECT')], checked)).toEqual(['crc32'])
    expect(later(four, [claim('crc32', 'COMPOSITE')], checked)).toEqual(['sha1'])
    expect(later(four, [], destination({}, { verifiedOnWrite: ['crc32'] }))).toEqual(['sha1'])
    expect(later(['sha1'], [], checked)).toEqual([])
    expect(later(['sha512', 'sha256', 'sha1'], [], checked)).toEqual(['sha1'])
    // any choice: the rest is enough to judge and to send
    for (let mask = 0; mask < 1 << HASH_ALGORITHMS.length; mask += 1) {
      const hashes = HASH_ALGORITHMS.filter((_, at) => (mask >> at) & 1)
      const plan = planEvidence({ hashes, claims: [claim('crc32c', 'FULL_OBJECT')], destination: checked, readBack: 'never' })
      for (const algorithm of plan.laterAlgorithms) {
        expect(plan.algorithms).toContain(algorithm)
        expect(['md5', 'sha256', 'crc32c', ...plan.sendChecksums]).not.toContain(algorithm)
      }
    }
  })

  // Content-MD5 is "the most portable write check"; where it is not known to be checked, a checksum that is
  test.each([
    ['yes', ['crc32'], true, []],
    ['candidate', ['crc32'], true, ['crc32']],
    ['candidate', [], true, []],
    ['no', ['sha1', 'crc32c'], false, ['crc32c']],
    ['no', ['sha256', 'crc32'], false, ['crc32']],
    ['no', [], false, []],
  ] as const)('Content-MD5 %s, %j checked on write: sends %s and %j', (contentMd5, verifiedOnWrite, sendContentMd5, sendChecksums) => {
    const plan = planEvidence({ hashes: [], claims: [], destination: destination({}, { contentMd5, verifiedOnWrite }), readBack: 'when-needed' })
    expect(plan).toMatchObject({ sendContentMd5, sendChecksums })
    // what is sent is computed, over the object and over every part
    for (const algorithm of sendChecksums) {
      expect(plan.algorithms).toContain(algorithm)
      expect(plan.partAlgorithms).toContain(algorithm)
    }
  })

  test('the CRC-64 that a destination says of what it holds is computed where nothing else can prove the write', () => {
    const oss = destination({}, { vendorHeaders: ['x-oss-hash-crc64ecma'] })
    const plan = (profile: ProviderProfile, readBack: 'when-needed' | 'always'): ReturnType<typeof planEvidence> =>
      planEvidence({ hashes: ['sha256'], claims: [], destination: profile, readBack })
    expect(plan(oss, 'when-needed')).toMatchObject({ algorithms: ['md5', 'sha256', 'crc64ecma'], partAlgorithms: ['md5'], provableByWrite: true })
    // read back anyway, or Content-MD5 proves it: not worth the hash
    expect(plan(oss, 'always').algorithms).toEqual(['md5', 'sha256'])
    expect(plan(destination({}, { vendorHeaders: ['x-oss-hash-crc64ecma'], contentMd5: 'yes' }), 'when-needed').algorithms).toEqual(['md5', 'sha256'])
  })

  test('never a header that the destination is known not to take', () => {
    for (const contentMd5 of ['yes', 'candidate', 'no'] as const)
      for (const verifiedOnWrite of [[], ['crc32'], ['sha512'], ['xxhash3', 'crc64nvme']] as const) {
        const plan = planEvidence({ hashes: ['sha1'], claims: [], destination: destination({}, { contentMd5, verifiedOnWrite }), readBack: 'when-needed' })
        expect(plan.sendContentMd5 && contentMd5 === 'no').toBe(false)
        for (const algorithm of plan.sendChecksums) expect(verifiedOnWrite).toContain(algorithm)
      }
  })

  test('readBack "always" is not proved by the write alone', () => {
    expect(planEvidence({ hashes: [], claims: [], destination: checked, readBack: 'always' }).provableByWrite).toBe(false)
    expect(planEvidence({ hashes: [], claims: [], destination: checked, readBack: 'when-needed' }).provableByWrite).toBe(true)
  })
})

describe('canProveByWrite', () => {
  test.each([
    ['nothing is known', {}, {}, 'none', false],
    ['trusted ETags', { single: 'yes', multipart: 'yes' }, {}, 'none', true],
    ['only single ETags trusted', { single: 'yes', multipart: 'no' }, {}, 'none', false],
    ['trusted ETags under SSE-KMS', { single: 'yes', multipart: 'yes' }, {}, 'sse-kms', false],
    ['checked Content-MD5 under SSE-KMS', { single: 'yes', multipart: 'yes' }, { contentMd5: 'yes' }, 'sse-kms', true],
    ['a checked checksum', {}, { verifiedOnWrite: ['crc32'] }, 'none', true],
    ['a checksum that is only returned may be an echo', {}, { returned: 'yes' }, 'none', false],
  ] as const)('%s', (_, etag, checksums, encryption, wanted) => {
    expect(canProveByWrite(destination(etag, checksums), encryption)).toBe(wanted)
  })
})
