import { describe, expect, test } from 'vitest'
import { ABC_CRC64ECMA, ABC_ONE_PART_ETAG, KNOWN_BYTES } from '../../test/verdict-table/known-bytes.ts'
import { genericProfile } from '../generic-profile.ts'
import type { EtagSemantics, ProviderProfile } from '../ports/provider-profile.ts'
import { type ClaimingStat, sourceClaims } from './source-claims.ts'
import { judgeSource, type SourceRead } from './source-judgement.ts'

const { abc, abd } = KNOWN_BYTES
const NO_POLICY = { secondRead: 'never', canReadAgain: true } as const

function profile(etag: Partial<EtagSemantics>, checksums: Partial<ProviderProfile['checksums']> = {}): ProviderProfile {
  return {
    ...genericProfile,
    etag: { single: 'yes', multipart: 'yes', part: 'yes', opaqueWith: ['sse-kms', 'sse-c'], inCompleteReply: true, ...etag },
    checksums: { ...genericProfile.checksums, ...checksums },
  }
}

function stat(some: Partial<ClaimingStat>): ClaimingStat {
  return { etag: null, checksums: [], encryption: 'none', lastModified: null, metadata: { user: {} }, sizeBytes: 3, fromCache: false, ...some }
}

function read(some: ClaimingStat, by: ProviderProfile, more: Partial<SourceRead> = {}): SourceRead {
  return {
    sizeBytes: 3,
    digests: { ...abc.digests, crc32c: '364b3fb7', crc64ecma: ABC_CRC64ECMA },
    multipartEtags: [abc.multipartEtag],
    composites: {},
    layoutKnown: false,
    tls: false,
    offered: sourceClaims(some, by),
    ...more,
  }
}

const aws = profile({}, { returned: 'yes' })
const minio = profile({ onePartAmbiguous: true }, { returned: 'yes' })
const r2 = profile({ multipartSince: '2023-06-21' })

describe('ETags that say less than they seem to', () => {
  test('a plain MD5 ETag of a trusted provider binds', () => {
    const { claims } = sourceClaims(stat({ etag: `"${abc.digests.md5}"` }), aws)
    expect(claims).toEqual([
      { method: 'etag-md5', algorithm: 'md5', type: 'FULL_OBJECT', expected: abc.digests.md5, strength: 'binding', partCount: null, trust: 'profile' },
    ])
  })

  test('a multipart ETag never binds: its layout may be an unusual one', () => {
    const { claims } = sourceClaims(stat({ etag: `"${abc.multipartEtag}"` }), aws)
    expect(claims).toMatchObject([{ method: 'etag-multipart', type: 'COMPOSITE', strength: 'candidate', partCount: 2 }])
  })

  test('10,000 parts are parts', () => {
    const { claims } = sourceClaims(stat({ etag: '"860df6524f1300aab8ff4bbe75852ada-10000"' }), aws)
    expect(claims).toMatchObject([{ method: 'etag-multipart', partCount: 10_000 }])
  })

  // MinIO cmd/utils.go: 16 random bytes and `-1` mark "this is no checksum"
  test('MinIO -1 that fits no layout is doubtful, never a contradiction', () => {
    const random = stat({ etag: '"0123456789abcdef0123456789abcdef-1"' })
    const one = read(random, minio)
    expect(judgeSource([one], { secondRead: 'when-needed', canReadAgain: true }).state).toBe('read-again')
    expect(judgeSource([one, one], { secondRead: 'when-needed', canReadAgain: true }).state).toBe('accepted')
    expect(judgeSource([{ ...one, tls: true }], NO_POLICY).state).toBe('unproved')
  })

  test('MinIO -1 of a real one-part upload proves: md5(md5(x))-1', () => {
    const real = stat({ etag: `"${ABC_ONE_PART_ETAG}"` })
    expect(judgeSource([read(real, minio, { multipartEtags: [ABC_ONE_PART_ETAG] })], NO_POLICY).state).toBe('proved')
  })

  // Cloudflare R2 release notes: the AWS formula since 2023-06-21, opaque with the same form before
  test.each([
    ['2023-06-20T23:59:59Z', 0],
    ['2022-09-06T00:00:00Z', 0],
    ['2023-06-21T00:00:00Z', 1],
    ['2026-01-01T00:00:00Z', 1],
    [null, 0],
  ] as const)('R2 multipart, last modified %s: %i claims', (date, count) => {
    const found = sourceClaims(stat({ etag: `"${abc.multipartEtag}"`, lastModified: date === null ? null : new Date(date) }), r2)
    expect(found.claims).toHaveLength(count)
    expect(found.notComparable).toHaveLength(1 - count)
  })

  test('R2 single uploads are MD5s of any age', () => {
    expect(sourceClaims(stat({ etag: `"${abc.digests.md5}"`, lastModified: new Date('2022-06-01') }), r2).claims).toMatchObject([
      { method: 'etag-md5', strength: 'binding' },
    ])
  })

  test.each([
    ['sse-kms', 'md5', `"${abd.digests.md5}"`],
    ['sse-c', 'md5', `"${abd.digests.md5}"`],
    ['sse-kms', 'multipart', `"${abd.multipartEtag}"`],
    ['sse-c', 'multipart', `"${abd.multipartEtag}"`],
  ] as const)('%s: an ETag of %s form is opaque, and said to be so', (encryption, _, etag) => {
    const found = sourceClaims(stat({ etag, encryption }), aws)
    expect(found.claims).toEqual([])
    expect(found.notComparable).toMatchObject([{ outcome: 'not-comparable', expected: etag, reason: `the ETag is opaque under ${encryption}` }])
  })

  test('SSE-S3 leaves the MD5 an MD5', () => {
    expect(sourceClaims(stat({ etag: `"${abc.digests.md5}"`, encryption: 'sse-s3' }), aws).claims).toHaveLength(1)
  })

  test.each([
    ['weak', `W/"${abd.digests.md5}"`],
    ["Swift's SLO, the letter N", '"d41d8cd98f00b204e9800998ecf8427e-N"'],
    ["VersityGW's CRC64NVME", '"CRC64NVME-BeXKuz/B+us="'],
    ['AWS directory bucket', '"a1b2c3d4e5f6g7h8"'],
    ['OCI', '"7a3f2d10-8b4e-4c55-9d7e-0a1b2c3d4e5f"'],
    ['quoted nothing', '""'],
    ['SHA-256 shaped (HCP)', `"${abc.digests.sha256}"`],
    ['leading zero in the part count', `"${abc.digests.md5}-02"`],
  ])('%s is not comparable', (_, etag) => {
    const found = sourceClaims(stat({ etag }), aws)
    expect(found.claims).toEqual([])
    expect(found.notComparable).toMatchObject([{ leg: 'source', outcome: 'not-comparable', expected: etag }])
  })

  test('an ETag of nothing, unquoted, is no ETag', () => {
    expect(sourceClaims(stat({ etag: '' }), aws).claims).toEqual([])
  })

  // Alibaba OSS writes upper-case hex
  test.each([`"${abc.digests.md5.toUpperCase()}"`, abc.digests.md5, `&quot;${abc.digests.md5}&quot;`])('%s equals our MD5', (etag) => {
    expect(judgeSource([read(stat({ etag }), aws)], NO_POLICY).state).toBe('proved')
  })

  test('upper-case multipart ETags equal ours, too', () => {
    expect(judgeSource([read(stat({ etag: `"${abc.multipartEtag.toUpperCase()}"` }), aws)], NO_POLICY).state).toBe('proved')
  })

  // s3rver and gofakes3 give a multipart object the plain MD5 of its bytes
  test('a plain MD5 on a multipart object equals ours all the same', () => {
    expect(judgeSource([read(stat({ etag: `"${abc.digests.md5}"` }), aws, { multipartEtags: [] })], NO_POLICY).state).toBe('proved')
  })
})

describe('vendor headers', () => {
  const gcs = profile({ single: 'candidate', multipart: 'no' }, { returned: 'no', vendorHeaders: ['x-goog-hash'] })
  const oss = profile({ multipart: 'no' }, { returned: 'no', vendorHeaders: ['x-oss-hash-crc64ecma'] })
  const crc32c = (value: string): ClaimingStat =>
    stat({ etag: '"CKicn4fknNUCEAE="', checksums: [{ algorithm: 'crc32c', type: 'FULL_OBJECT', value, header: 'x-goog-hash' }] })
  const ecma = (value: string): ClaimingStat => stat({ checksums: [{ algorithm: 'crc64ecma', type: 'FULL_OBJECT', value, header: 'x-oss-hash-crc64ecma' }] })

  test('x-goog-hash crc32c of "abc" proves, also where x-amz-checksum is unknown there', () => {
    expect(judgeSource([read(crc32c('364b3fb7'), gcs)], NO_POLICY).state).toBe('proved')
  })

  test('x-goog-hash crc32c that differs twice is a contradiction', () => {
    const wrong = read(crc32c('364b3fb8'), gcs)
    expect(judgeSource([wrong], NO_POLICY).state).toBe('read-again')
    const judged = judgeSource([wrong, wrong], NO_POLICY)
    expect(judged.state).toBe('inconsistent')
    expect(judged.evidence.filter((item) => item.outcome === 'mismatch')).toMatchObject([
      { method: 'stored-checksum', algorithm: 'crc32c', expected: '364b3fb8', actual: '364b3fb7' },
    ])
  })

  // 3231342946509354535 in the header
  test('x-oss-hash-crc64ecma of "abc" proves', () => {
    expect(BigInt(`0x${ABC_CRC64ECMA}`)).toBe(3231342946509354535n)
    expect(judgeSource([read(ecma(ABC_CRC64ECMA), oss)], NO_POLICY).state).toBe('proved')
  })

  test('a vendor header that the profile does not list is not believed', () => {
    const found = sourceClaims(ecma('0000000000000001'), aws)
    expect(found.claims).toEqual([])
    expect(found.notComparable).toMatchObject([{ method: 'stored-checksum', reason: 'the provider does not vouch for it' }])
  })
})

describe('order and record', () => {
  test('full-object checksums come first, then composites, ETag, and what clients left', () => {
    const found = sourceClaims(
      stat({
        etag: `"${abc.multipartEtag}"`,
        checksums: [
          { algorithm: 'crc32', type: 'COMPOSITE', value: abc.composites.crc32, header: 'x-amz-checksum-crc32' },
          { algorithm: 'crc64nvme', type: 'FULL_OBJECT', value: '05e5cabb3fc1faeb', header: 'x-amz-checksum-crc64nvme' },
        ],
        metadata: { user: { md5chksum: 'kAFQmDzST7DWlj99KOF/cg==' } },
      }),
      aws,
    )
    expect(found.claims.map((claim) => `${claim.method} ${claim.type} ${claim.strength} ${claim.partCount}`)).toEqual([
      'stored-checksum FULL_OBJECT binding null',
      'stored-checksum COMPOSITE candidate 2',
      'etag-multipart COMPOSITE candidate 2',
      'client-digest FULL_OBJECT hint null',
    ])
  })

  test('a cached reply keeps its values in the record, as not comparable', () => {
    const found = sourceClaims(stat({ etag: `"${abd.digests.md5}"`, fromCache: true }), aws)
    expect(found).toMatchObject({ claims: [], notComparable: [{ method: 'etag-md5', expected: abd.digests.md5, reason: 'the reply came from a cache' }] })
  })

  test('a second read is shown by a digest that both reads have', () => {
    const first = { ...read(stat({}), aws), digests: { md5: abc.digests.md5 } }
    const judged = judgeSource([first, read(stat({}), aws)], NO_POLICY)
    expect(judged.state).toBe('accepted')
    expect(judged.evidence).toMatchObject([{ method: 'second-read', algorithm: 'md5', expected: abc.digests.md5, actual: abc.digests.md5, outcome: 'match' }])
  })

  test('reads that share no digest, or differ in length, do not agree', () => {
    const now = read(stat({}), aws)
    expect(
      judgeSource(
        [
          { ...now, digests: { sha1: 'aa' } },
          { ...now, digests: { md5: abc.digests.md5 } },
        ],
        NO_POLICY,
      ).state,
    ).toBe('unproved')
    expect(judgeSource([{ ...now, sizeBytes: 4 }, now], NO_POLICY).state).toBe('unproved')
  })

  test('no read yet: read', () => {
    expect(judgeSource([], NO_POLICY)).toMatchObject({ state: 'read-again', evidence: [] })
  })
})
