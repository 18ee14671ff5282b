import { describe, expect, test } from 'vitest'
import { ABC_ONE_PART_ETAG, KNOWN_BYTES } from '../../test/verdict-table/known-bytes.ts'
import { genericProfile } from '../generic-profile.ts'
import type { ProviderProfile } from '../ports/provider-profile.ts'
import { type DestinationReply, destinationEvidence, judgeReadBacks, overturn, type ReadBack, type Written } from './destination-evidence.ts'
import type { Evidence } from './evidence.ts'
import { conclude } from './verdict.ts'

const { abc, abd } = KNOWN_BYTES

const certain: ProviderProfile = {
  ...genericProfile,
  etag: { single: 'yes', multipart: 'yes', part: 'yes', opaqueWith: ['sse-kms', 'sse-c'], inCompleteReply: true },
  checksums: { ...genericProfile.checksums, returned: 'yes', verifiedOnWrite: ['crc32'], contentMd5: 'yes' },
}
const put: Written = { sizeBytes: 3, digests: abc.digests, multipartEtag: null, composites: {}, checked: { contentMd5: true, checksums: ['crc32'] } }
const reply: DestinationReply = { etag: `"${abc.digests.md5}"`, checksums: [], encryption: 'none', sizeBytes: 3, fromCache: false }
const sourceMatch: Evidence = {
  leg: 'source',
  method: 'etag-md5',
  algorithm: 'md5',
  type: 'FULL_OBJECT',
  expected: abc.digests.md5,
  actual: abc.digests.md5,
  outcome: 'match',
  reason: null,
  trust: 'profile',
}

describe('a one-part upload where -1 is ambiguous (MinIO)', () => {
  const written: Written = { ...put, multipartEtag: ABC_ONE_PART_ETAG, checked: { contentMd5: false, checksums: [] } }
  const seen: DestinationReply = { ...reply, etag: `"${ABC_ONE_PART_ETAG}"` }

  test('an equal ETag proves nothing there, and proves elsewhere', () => {
    const minio = { ...certain, etag: { ...certain.etag, onePartAmbiguous: true } }
    expect(destinationEvidence(written, [seen], minio)[0]).toMatchObject({ method: 'etag-multipart', outcome: 'not-comparable' })
    expect(destinationEvidence(written, [seen], certain)[0]).toMatchObject({ method: 'etag-multipart', outcome: 'match' })
  })
})

describe('values that are not there', () => {
  test('a checked write whose value cannot be shown is no evidence', () => {
    const written: Written = { ...put, digests: { sha256: abc.digests.sha256 } }
    expect(destinationEvidence(written, [{ ...reply, etag: null }], certain).map((item) => `${item.method} ${item.outcome} ${item.reason}`)).toEqual([
      'server-checked-write not-comparable not computed',
      'server-checked-write not-comparable not computed',
      'size match null',
    ])
  })

  test('every match shows both values, and they are equal', () => {
    const found = destinationEvidence(put, [reply], certain)
    expect(found.map((item) => item.method)).toEqual(['etag-md5', 'server-checked-write', 'server-checked-write', 'size'])
    for (const item of found) expect([item.outcome, item.actual]).toEqual(['match', item.expected])
  })

  test('a reply without an ETag, or with an empty one, leaves the rest to speak', () => {
    for (const etag of [null, '', '""'])
      expect(
        destinationEvidence(put, [{ ...reply, etag }], certain)
          .filter((item) => item.outcome === 'match')
          .map((item) => item.method),
      ).toEqual(['server-checked-write', 'server-checked-write', 'size'])
  })
})

describe('read-backs', () => {
  const read = (digests: ReadBack['digests'], sizeBytes = 3): ReadBack => ({ sizeBytes, digests })

  test('are compared by the strongest digest that both sides have', () => {
    expect(judgeReadBacks(put, [read({ md5: abc.digests.md5 })])).toMatchObject({ state: 'proved', evidence: [{ algorithm: 'md5' }, { method: 'size' }] })
    expect(judgeReadBacks(put, [read(abc.digests)])).toMatchObject({ state: 'proved', evidence: [{ algorithm: 'sha256' }, { method: 'size' }] })
    const wrong = read({ md5: abd.digests.md5 })
    expect(judgeReadBacks(put, [wrong, wrong]).state).toBe('mismatch')
  })

  test('without a common digest are neither proof nor mismatch, however often', () => {
    const written: Written = { ...put, digests: { sha256: abc.digests.sha256 } }
    const other = read({ md5: abc.digests.md5 })
    const judged = judgeReadBacks(written, [other, other, other])
    expect(judged.state).toBe('read-again')
    expect(judged.evidence.map((item) => item.outcome)).toEqual(['not-comparable', 'not-comparable', 'not-comparable'])
    expect(conclude([sourceMatch, ...judged.evidence], 'ours', { sourceEvidence: 'if-available' }).verdict).toBe('unverified')
    // a wrong length needs no digest
    expect(judgeReadBacks(written, [read(other.digests, 2), read(other.digests, 2)]).state).toBe('mismatch')
  })

  test('by two algorithms are not the same observation', () => {
    expect(judgeReadBacks(put, [read({ md5: abd.digests.md5 }), read({ sha256: abd.digests.sha256 })]).state).toBe('read-again')
  })

  test('with the right digest over another length prove nothing', () => {
    expect(judgeReadBacks(put, [read(abc.digests, 4)]).state).toBe('read-again')
    expect(judgeReadBacks(put, [read(abc.digests, 4), read(abc.digests, 4)]).state).toBe('mismatch')
  })

  test('none yet: read', () => {
    expect(judgeReadBacks(put, [])).toEqual({ state: 'read-again', evidence: [] })
  })

  test('only a difference is overturned, never a match or a mismatch', () => {
    expect(overturn(sourceMatch)).toEqual(sourceMatch)
    const mismatch: Evidence = { ...sourceMatch, outcome: 'mismatch', reason: 'differs' }
    expect(overturn(mismatch)).toEqual(mismatch)
    expect(overturn({ ...sourceMatch, outcome: 'not-comparable', reason: 'differs' })).toMatchObject({ outcome: 'not-comparable', reason: 'overturned' })
    expect(overturn({ ...sourceMatch, outcome: 'not-comparable', reason: 'the ETag is opaque' }).reason).toBe('the ETag is opaque')
  })
})
