import { describe, expect, test } from 'vitest'
import { ABC_CRC64ECMA, KNOWN_BYTES, type KnownBytes } from '../../test/verdict-table/known-bytes.ts'
import { lookUp, readPatternTable } from '../../test/verdict-table/pattern-table.ts'
import {
  AGREEMENT,
  CLIENT_DIGEST_MEANING,
  CLIENT_DIGESTS,
  type ClientDigestCase,
  MEANING_ORDER,
  type Meaning,
  type ProfileClaim,
  READS,
  type Reach,
  type Reads,
  SECOND_READ,
  SOURCE_CHECKSUM_MEANING,
  SOURCE_CHECKSUMS,
  SOURCE_ETAG_MEANING,
  SOURCE_ETAGS,
  SOURCE_REACH,
  SOURCE_STATE,
  type SourceChecksum,
  type SourceEtag,
  type State,
} from '../../test/verdict-table/source-expectations.ts'
import { genericProfile } from '../generic-profile.ts'
import type { StoredChecksum } from '../ports/object-store.ts'
import type { EncryptionKind, ProviderProfile } from '../ports/provider-profile.ts'
import type { Evidence } from './evidence.ts'
import { type ClaimingStat, type SourceClaims, sourceClaims } from './source-claims.ts'
import { judgeSource, type SourceRead } from './source-judgement.ts'
import { conclude } from './verdict.ts'

const { abc, abd, abe, abcd } = KNOWN_BYTES
const CLAIMS: readonly ProfileClaim[] = ['yes', 'candidate', 'no']
const STATES = readPatternTable<State>(SOURCE_STATE)
const REACHES = readPatternTable<Reach>(SOURCE_REACH)
const MEANINGS: readonly Meaning[] = ['contradicts', 'proves', 'doubts', 'silent']

/** Values that differ are those of `abcd`, which no read ever gives. */
const ETAGS: Readonly<Record<SourceEtag, string | null>> = {
  'md5-equal': `"${abc.digests.md5}"`,
  'md5-upper-case-equal': `"${abc.digests.md5.toUpperCase()}"`,
  'md5-different': `"${abcd.digests.md5}"`,
  'multipart-fits-a-tried-layout': `"${abc.multipartEtag}"`,
  'multipart-fits-no-tried-layout': `"${abcd.multipartEtag}"`,
  'multipart-differs-over-the-known-layout': `"${abcd.multipartEtag}"`,
  'multipart-nothing-tried': `"${abc.multipartEtag}"`,
  opaque: '"CKicn4fknNUCEAE="',
  'empty-quoted': '""',
  'weak-equal': `W/"${abc.digests.md5}"`,
  'weak-different': `W/"${abcd.digests.md5}"`,
  absent: null,
  'sse-kms-md5-shaped': `"${abcd.digests.md5}"`,
  'sse-c-md5-shaped': `"${abc.digests.md5}"`,
  'sse-kms-multipart-shaped': `"${abcd.multipartEtag}"`,
  'sse-s3-md5-equal': `"${abc.digests.md5}"`,
}

function encryptionOf(etag: SourceEtag): EncryptionKind {
  return (['sse-kms', 'sse-c', 'sse-s3'] as const).find((kind) => etag.startsWith(kind)) ?? 'none'
}

function checksumsOf(item: SourceChecksum): readonly StoredChecksum[] {
  const crc32 = { algorithm: 'crc32', header: 'x-amz-checksum-crc32' } as const
  const oss = { algorithm: 'crc64ecma', type: 'FULL_OBJECT', header: 'x-oss-hash-crc64ecma' } as const
  const cos = { ...oss, header: 'x-cos-hash-crc64ecma' } as const
  const all: Readonly<Record<SourceChecksum, readonly StoredChecksum[]>> = {
    none: [],
    'full-equal': [{ ...crc32, type: 'FULL_OBJECT', value: abc.digests.crc32 }],
    'full-different': [{ ...crc32, type: 'FULL_OBJECT', value: abcd.digests.crc32 }],
    'full-not-computed': [{ algorithm: 'xxhash3', type: 'FULL_OBJECT', value: '78af5f94892f3950', header: 'x-amz-checksum-xxhash3' }],
    'composite-equal-known-layout': [{ ...crc32, type: 'COMPOSITE', value: abc.composites.crc32 }],
    'composite-different-known-layout': [{ ...crc32, type: 'COMPOSITE', value: abcd.composites.crc32 }],
    'composite-unknown-layout': [{ ...crc32, type: 'COMPOSITE', value: abc.composites.crc32 }],
    'vendor-listed-equal': [{ ...oss, value: ABC_CRC64ECMA }],
    'vendor-listed-different': [{ ...oss, value: '0000000000000001' }],
    'vendor-unlisted-different': [{ ...cos, value: '0000000000000001' }],
  }
  return all[item]
}

function profileOf(etag: ProfileClaim, returned: ProfileClaim): ProviderProfile {
  return {
    ...genericProfile,
    etag: { single: etag, multipart: etag, part: etag, opaqueWith: ['sse-kms', 'sse-c'], inCompleteReply: true },
    checksums: { ...genericProfile.checksums, returned, vendorHeaders: ['x-oss-hash-crc64ecma'] },
  }
}

function offered(
  etag: SourceEtag,
  etagClaim: ProfileClaim,
  checksum: SourceChecksum,
  returned: ProfileClaim,
  client: ClientDigestCase,
  fromCache = false,
): SourceClaims {
  const user: Record<string, string> = client === 'none' ? {} : { md5chksum: client === 'equal' ? 'kAFQmDzST7DWlj99KOF/cg==' : '4vxxTEcn7pOV8yTNLn8zHw==' }
  const stat: ClaimingStat = {
    etag: ETAGS[etag],
    checksums: checksumsOf(checksum),
    encryption: encryptionOf(etag),
    lastModified: new Date('2026-01-01T00:00:00Z'),
    metadata: { user },
    sizeBytes: 3,
    fromCache,
  }
  return sourceClaims(stat, profileOf(etagClaim, returned))
}

interface ReadShape {
  readonly etag: SourceEtag
  readonly checksum: SourceChecksum
  readonly tls: boolean
}

function readOf(bytes: KnownBytes, shape: ReadShape, claims: SourceClaims): SourceRead {
  return {
    sizeBytes: bytes.sizeBytes,
    digests: { ...bytes.digests, crc64ecma: bytes === abc ? ABC_CRC64ECMA : '00000000000000ff' },
    multipartEtags: shape.etag === 'multipart-nothing-tried' ? [] : [bytes.multipartEtag],
    composites: shape.checksum === 'composite-unknown-layout' ? {} : bytes.composites,
    layoutKnown: shape.etag === 'multipart-differs-over-the-known-layout',
    tls: shape.tls,
    offered: claims,
  }
}

const BYTES: Readonly<Record<string, KnownBytes>> = { A: abc, B: abd, C: abe }

function readsOf(reads: Reads, shape: ReadShape, claims: SourceClaims): SourceRead[] {
  return [...reads].map((letter) => readOf(BYTES[letter] ?? abc, shape, claims))
}

function meaningOf(...parts: readonly Meaning[]): Meaning {
  return MEANING_ORDER.find((meaning) => parts.includes(meaning)) ?? 'silent'
}

/** What a perfect destination adds. */
const PERFECT: readonly Evidence[] = [
  {
    leg: 'destination',
    method: 'read-back',
    algorithm: 'sha256',
    type: 'FULL_OBJECT',
    expected: abc.digests.sha256,
    actual: abc.digests.sha256,
    outcome: 'match',
    reason: null,
    trust: 'self',
  },
  { leg: 'both', method: 'size', algorithm: null, type: null, expected: '3', actual: '3', outcome: 'match', reason: null, trust: 'self' },
]

describe('the tables themselves', () => {
  test('exactly one row decides every combination', () => {
    let combinations = 0
    for (const meaning of MEANINGS)
      for (const agreement of ['single', 'twin', 'disagree'])
        for (const way of ['tls', 'plain']) {
          lookUp(REACHES, [meaning, agreement, way])
          for (const secondRead of SECOND_READ)
            for (const again of ['y', 'n']) {
              lookUp(STATES, [meaning, agreement, secondRead, again, way])
              combinations += 1
            }
        }
    expect(combinations).toBe(4 * 3 * 3 * 2 * 2)
  })
})

describe('the source leg over every combination', () => {
  for (const reads of READS) {
    test(`reads ${reads}`, () => {
      const wrong: string[] = []
      let rows = 0
      for (const etag of SOURCE_ETAGS)
        for (const etagClaim of CLAIMS)
          for (const checksum of SOURCE_CHECKSUMS)
            for (const returned of CLAIMS)
              for (const client of CLIENT_DIGESTS) {
                const claims = offered(etag, etagClaim, checksum, returned, client)
                const meaning = meaningOf(SOURCE_ETAG_MEANING[etag][etagClaim], SOURCE_CHECKSUM_MEANING[checksum][returned], CLIENT_DIGEST_MEANING[client])
                for (const tls of [true, false]) {
                  const way = tls ? 'tls' : 'plain'
                  const read = readsOf(reads, { etag, checksum, tls }, claims)
                  const reach = lookUp(REACHES, [meaning, AGREEMENT[reads], way])
                  for (const secondRead of SECOND_READ)
                    for (const canReadAgain of [true, false]) {
                      rows += 1
                      const state = lookUp(STATES, [meaning, AGREEMENT[reads], secondRead, canReadAgain ? 'y' : 'n', way])
                      const judged = judgeSource(read, { secondRead, canReadAgain })
                      const concluded = conclude([...judged.evidence, ...PERFECT], 'ours', { sourceEvidence: 'if-available' })
                      const said = `${judged.state} ${concluded.verdict} ${concluded.assurance}`
                      const wanted = `${state} ${VERDICT_OF[reach]}`
                      if (said !== wanted)
                        wrong.push(
                          `${[meaning, etag, etagClaim, checksum, returned, client, way, secondRead, canReadAgain].join(' | ')}: ${said}, not ${wanted}`,
                        )
                    }
                }
              }
      expect({ count: wrong.length, first: wrong.slice(0, 12) }).toEqual({ count: 0, first: [] })
      // 16 ETags × 3 claims × 10 checksums × 3 claims × 3 client digests × TLS × policy × can read again: nothing was dropped
      expect(rows).toBe(16 * 3 * 10 * 3 * 3 * 2 * 3 * 2)
    }, 120_000)
  }
})

const VERDICT_OF: Readonly<Record<Reach, string>> = {
  'end-to-end': 'verified end-to-end',
  'destination-only': 'verified destination-only',
  none: 'unverified none',
  mismatch: 'mismatch none',
}

describe('replies that state different things of the same object', () => {
  // `ok` states the right CRC-32, `f` and `g` wrong ones (a header harmed on the way), `-` none; the bytes are always the same
  const stated: Readonly<Record<string, string>> = { ok: abc.digests.crc32, f: abd.digests.crc32, g: abe.digests.crc32 }
  const readStating = (what: string): SourceRead => {
    const value = stated[what]
    const checksums: StoredChecksum[] = value === undefined ? [] : [{ algorithm: 'crc32', type: 'FULL_OBJECT', value, header: 'x-amz-checksum-crc32' }]
    const stat: ClaimingStat = { etag: null, checksums, encryption: 'none', lastModified: null, metadata: { user: {} }, sizeBytes: 3, fromCache: false }
    return readOf(abc, { etag: 'absent', checksum: 'none', tls: true }, sourceClaims(stat, profileOf('yes', 'yes')))
  }

  // rule 3: "a difference is never judged on one observation"; the same stated value has to differ twice
  test.each([
    ['f', 'read-again', 'unverified'],
    ['ok', 'proved', 'verified'],
    ['f ok', 'proved', 'verified'],
    ['ok f', 'read-again', 'unverified'],
    ['f g', 'read-again', 'unverified'],
    ['f f', 'inconsistent', 'mismatch'],
    ['- f', 'read-again', 'unverified'],
    // a header that went missing does not make the first one wrong
    ['f -', 'read-again', 'unverified'],
    ['f - ok', 'proved', 'verified'],
    ['f - f', 'inconsistent', 'mismatch'],
    ['f g f', 'inconsistent', 'mismatch'],
    ['- -', 'accepted', 'verified'],
  ])('%s: %s, %s', (sequence, state, verdict) => {
    const judged = judgeSource(sequence.split(' ').map(readStating), { secondRead: 'when-needed', canReadAgain: true })
    expect(judged.state).toBe(state)
    expect(judged.contradicted).toBe(state === 'inconsistent' || verdict === 'unverified')
    expect(conclude([...judged.evidence, ...PERFECT], 'ours', { sourceEvidence: 'if-available' }).verdict).toBe(verdict)
  })
})

describe('a reply from a cache', () => {
  test('offers nothing to compare, whatever it says', () => {
    let rows = 0
    for (const etag of SOURCE_ETAGS)
      for (const claim of CLAIMS)
        for (const checksum of SOURCE_CHECKSUMS)
          for (const client of CLIENT_DIGESTS) {
            const claims = offered(etag, claim, checksum, claim, client, true)
            expect(claims.claims).toEqual([])
            expect(claims.notComparable.every((item) => item.outcome === 'not-comparable' && item.leg === 'source')).toBe(true)
            rows += 1
          }
    expect(rows).toBe(16 * 3 * 10 * 3)
  })
})
