import { describe, expect, test } from 'vitest'
import {
  CONTENT_MD5,
  CONTENT_MD5_MEANING,
  type ContentMd5Case,
  expectedVerdict,
  IDENTITIES,
  READ_BACK_MEANING,
  READ_BACKS,
  READ_BACKS_IN_PRODUCT,
  REPLY_CHECKSUM_MEANING,
  REPLY_CHECKSUMS,
  REPLY_ETAG_MEANING,
  REPLY_ETAGS,
  type ReadBackCase,
  type ReplyChecksum,
  type ReplyEtag,
  type ReplyMeaning,
  ROUTES,
  type RouteCase,
  SIZE_MEANING,
  SIZES,
  type SizeCase,
  SOURCE_EVIDENCE,
  VERDICT_RULES,
} from '../../test/verdict-table/destination-expectations.ts'
import { ABC_CRC64ECMA, ABC_CRC64NVME, KNOWN_BYTES, type KnownBytes } from '../../test/verdict-table/known-bytes.ts'
import type { ProfileClaim, Reach } from '../../test/verdict-table/source-expectations.ts'
import { genericProfile } from '../generic-profile.ts'
import type { StoredChecksum } from '../ports/object-store.ts'
import type { EncryptionKind, ProviderProfile } from '../ports/provider-profile.ts'
import { type DestinationReply, destinationEvidence, judgeReadBacks, overturn, type ReadBack, type Written } from './destination-evidence.ts'
import type { Evidence } from './evidence.ts'
import { REASON_DIFFERS, REASON_NO_LAYOUT } from './source-judgement.ts'
import { conclude } from './verdict.ts'

const { abc, abd, abe, abcd, ab } = KNOWN_BYTES
const CLAIMS: readonly ProfileClaim[] = ['yes', 'candidate', 'no']

interface Combination {
  readonly route: RouteCase
  readonly etag: ReplyEtag
  readonly etagClaim: ProfileClaim
  readonly checksum: ReplyChecksum
  readonly contentMd5: ContentMd5Case
  readonly size: SizeCase
}

function etagText(route: RouteCase, etag: ReplyEtag): string | null {
  const of = (bytes: KnownBytes): string => (route === 'single' ? bytes.digests.md5 : bytes.multipartEtag)
  const all: Readonly<Record<ReplyEtag, string | null>> = {
    equal: `"${of(abc)}"`,
    'upper-case-equal': `"${of(abc).toUpperCase()}"`,
    different: `"${of(abd)}"`,
    none: null,
    empty: '',
    'empty-quoted': '""',
    opaque: '"0b9f-not-a-digest"',
    'weak-equal': `W/"${of(abc)}"`,
    'sse-kms-different': `"${of(abd)}"`,
    'sse-c-equal': `"${of(abc)}"`,
  }
  return all[etag]
}

function returned(checksum: ReplyChecksum): readonly StoredChecksum[] {
  const full = (algorithm: 'crc32' | 'crc32c' | 'crc64nvme' | 'sha256', value: string): StoredChecksum[] => [
    { algorithm, type: 'FULL_OBJECT', value, header: `x-amz-checksum-${algorithm}` },
  ]
  const ecma = (header: string, value: string): StoredChecksum[] => [{ algorithm: 'crc64ecma', type: 'FULL_OBJECT', value, header }]
  const all: Readonly<Record<ReplyChecksum, readonly StoredChecksum[]>> = {
    none: [],
    'sent-crc32-checked-not-returned': [],
    'sent-crc32-checked-returned-equal': full('crc32', abc.digests.crc32),
    'sent-crc32-checked-returned-different': full('crc32', abd.digests.crc32),
    'sent-crc32-unchecked-returned-equal': full('crc32', abc.digests.crc32),
    'sent-crc32-unchecked-returned-different': full('crc32', abd.digests.crc32),
    'unsent-crc64nvme-returned-equal': full('crc64nvme', ABC_CRC64NVME),
    'unsent-crc64nvme-returned-different': full('crc64nvme', '0000000000000001'),
    'unsent-sha256-returned-equal': full('sha256', abc.digests.sha256),
    'unsent-sha256-composite-equal': [{ algorithm: 'sha256', type: 'COMPOSITE', value: abc.composites.sha256, header: 'x-amz-checksum-sha256' }],
    'unsent-crc32c-not-computed': full('crc32c', '364b3fb7'),
    'candidate-crc64nvme-returned-equal': full('crc64nvme', ABC_CRC64NVME),
    'candidate-crc64nvme-returned-different': full('crc64nvme', '0000000000000001'),
    'vendor-listed-crc64ecma-equal': ecma('x-oss-hash-crc64ecma', ABC_CRC64ECMA),
    'vendor-listed-crc64ecma-different': ecma('x-oss-hash-crc64ecma', '0000000000000001'),
    'vendor-unlisted-crc64ecma-equal': ecma('x-cos-hash-crc64ecma', ABC_CRC64ECMA),
  }
  return all[checksum]
}

const CONTENT_MD5_CLAIM: Readonly<Record<ContentMd5Case, ProfileClaim>> = {
  'not-sent': 'yes',
  'sent-yes': 'yes',
  'sent-candidate': 'candidate',
  'sent-no': 'no',
}

function profileOf(at: Combination): ProviderProfile {
  const { etagClaim, checksum } = at
  return {
    ...genericProfile,
    etag: { single: etagClaim, multipart: etagClaim, part: etagClaim, opaqueWith: ['sse-kms', 'sse-c'], inCompleteReply: true },
    checksums: {
      ...genericProfile.checksums,
      returned: checksum.startsWith('candidate') ? 'candidate' : 'yes',
      verifiedOnWrite: checksum.startsWith('sent-crc32-checked') ? ['crc32'] : [],
      contentMd5: CONTENT_MD5_CLAIM[at.contentMd5],
      vendorHeaders: ['x-oss-hash-crc64ecma'],
    },
  }
}

function writtenOf(at: Pick<Combination, 'route' | 'checksum' | 'contentMd5'>): Written {
  return {
    sizeBytes: abc.sizeBytes,
    digests: { ...abc.digests, crc64nvme: ABC_CRC64NVME, crc64ecma: ABC_CRC64ECMA },
    multipartEtag: at.route === 'multipart' ? abc.multipartEtag : null,
    composites: abc.composites,
    checked: { contentMd5: at.contentMd5 !== 'not-sent', checksums: at.checksum.startsWith('sent-') ? ['crc32'] : [] },
  }
}

function repliesOf(at: Combination): DestinationReply[] {
  const encryption: EncryptionKind = (['sse-kms', 'sse-c'] as const).find((kind) => at.etag.startsWith(kind)) ?? 'none'
  const reply: DestinationReply = { etag: etagText(at.route, at.etag), checksums: returned(at.checksum), encryption, sizeBytes: null, fromCache: false }
  if (at.size === 'unsaid') return [reply]
  const head = { ...reply, sizeBytes: at.size === 'equal' ? abc.sizeBytes : abcd.sizeBytes, fromCache: at.size === 'from-a-cache-different' }
  // a cached HEAD shows an older object in everything
  return [reply, head.fromCache ? { ...head, etag: `"${abd.digests.md5}"`, checksums: [] } : head]
}

const READ_BACK_BYTES: Readonly<Record<string, KnownBytes>> = { '=': abc, W: abd, V: abe, S: abcd, T: ab }

function readBacksOf(letters: ReadBackCase): ReadBack[] {
  return [...letters].map((letter) => {
    const bytes = READ_BACK_BYTES[letter] ?? abc
    return { sizeBytes: bytes.sizeBytes, digests: { md5: bytes.digests.md5, sha256: bytes.digests.sha256 } }
  })
}

/** The source leg's evidence for every way in which it may have ended. */
const SOURCES: Readonly<Record<string, { readonly reach: Reach; readonly evidence: readonly Evidence[] }>> = {
  matched: { reach: 'end-to-end', evidence: [source('etag-md5', 'match', null)] },
  'over TLS': { reach: 'destination-only', evidence: [source('tls', 'match', null)] },
  'read twice': { reach: 'destination-only', evidence: [source('etag-multipart', 'not-comparable', REASON_NO_LAYOUT), source('second-read', 'match', null)] },
  doubted: { reach: 'none', evidence: [source('etag-multipart', 'not-comparable', REASON_NO_LAYOUT), source('tls', 'match', null)] },
  nothing: { reach: 'none', evidence: [] },
  contradictory: { reach: 'mismatch', evidence: [source('etag-md5', 'mismatch', REASON_DIFFERS), source('second-read', 'match', null)] },
}

function source(method: Evidence['method'], outcome: Evidence['outcome'], reason: string | null): Evidence {
  return { leg: 'source', method, algorithm: 'md5', type: 'FULL_OBJECT', expected: abc.digests.md5, actual: abc.digests.md5, outcome, reason, trust: 'profile' }
}

describe('the tables themselves', () => {
  test('every rule of the verdict decides some combination', () => {
    const used = new Set<string>()
    for (const replies of [[], ['proves'], ['proves-with-size'], ['differs']] as ReplyMeaning[][])
      for (const size of ['equal', 'differs', 'unsaid'] as const)
        for (const readBack of ['none', 'proved', 'mismatch', 'read-again'] as const)
          for (const identity of IDENTITIES)
            for (const reach of ['end-to-end', 'destination-only', 'none', 'mismatch'] as const)
              for (const sourceEvidence of SOURCE_EVIDENCE) {
                const facts = { replies, size, readBack, identity, source: reach, sourceEvidence }
                used.add(VERDICT_RULES.find(([, applies]) => applies(facts))?.[0] ?? 'none')
              }
    expect([...used].sort()).toEqual(VERDICT_RULES.map(([rule]) => rule).sort())
  })
})

describe('read-backs', () => {
  test.each(READ_BACKS.filter((letters) => letters !== '').map((letters) => [letters, READ_BACK_MEANING[letters]] as const))('%s is %s', (letters, wanted) => {
    const judged = judgeReadBacks(writtenOf({ route: 'single', checksum: 'none', contentMd5: 'not-sent' }), readBacksOf(letters))
    expect(judged.state).toBe(wanted)
    expect(judged.evidence.some((item) => item.outcome === 'mismatch')).toBe(wanted === 'mismatch')
  })
})

/** Source leg, identity and policy: with every one of them a destination leg is concluded. */
const ENDINGS = Object.entries(SOURCES).flatMap(([name, leg]) =>
  IDENTITIES.flatMap((identity) => SOURCE_EVIDENCE.map((sourceEvidence) => ({ name, leg, identity, sourceEvidence }))),
)

/** What the read-backs say does not depend on the replies. */
const JUDGED = Object.fromEntries(
  ROUTES.map((route) => {
    const written = writtenOf({ route, checksum: 'none', contentMd5: 'not-sent' })
    return [route, Object.fromEntries(READ_BACKS.map((letters) => [letters, letters === '' ? null : judgeReadBacks(written, readBacksOf(letters))]))]
  }),
) as Readonly<Record<RouteCase, Readonly<Record<ReadBackCase, ReturnType<typeof judgeReadBacks> | null>>>>

function remember<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key) ?? make()
  known.set(key, found)
  return found
}

describe('the destination leg and the verdict over every combination', () => {
  for (const route of ROUTES)
    for (const etagClaim of CLAIMS)
      test(`${route}, ETag claim ${etagClaim}`, () => {
        // many combinations give the same evidence, and the same facts: each is concluded, and looked up, once
        const concluded = new Map<string, string[]>()
        const expected = new Map<string, string[]>()
        const wrong: string[] = []
        let rows = 0
        for (const etag of REPLY_ETAGS)
          for (const checksum of REPLY_CHECKSUMS)
            for (const contentMd5 of CONTENT_MD5)
              for (const size of SIZES) {
                const at: Combination = { route, etag, etagClaim, checksum, contentMd5, size }
                const written = writtenOf(at)
                const replies: readonly ReplyMeaning[] = [
                  REPLY_ETAG_MEANING[route][etag][etagClaim],
                  ...REPLY_CHECKSUM_MEANING[checksum],
                  CONTENT_MD5_MEANING[route][contentMd5],
                ]
                const replied = destinationEvidence(written, repliesOf(at), profileOf(at))
                const overturned = replied.map(overturn)
                const keys = [JSON.stringify(replied), JSON.stringify(overturned)] as const
                for (const readBack of READ_BACKS_IN_PRODUCT) {
                  const judged = JUDGED[route][readBack]
                  const proved = judged?.state === 'proved'
                  const said = remember(concluded, `${keys[proved ? 1 : 0]} ${readBack}`, () =>
                    ENDINGS.map(({ leg, identity, sourceEvidence }) => {
                      const evidence = [...leg.evidence, ...(proved ? overturned : replied), ...(judged?.evidence ?? [])]
                      const { verdict, assurance } = conclude(evidence, identity, { sourceEvidence })
                      return `${verdict} ${assurance}`
                    }),
                  )
                  const facts = { replies, size: SIZE_MEANING[size], readBack: READ_BACK_MEANING[readBack] }
                  const wanted = remember(expected, `${replies.join('+')} ${facts.size} ${facts.readBack}`, () =>
                    ENDINGS.map(({ leg, identity, sourceEvidence }) => expectedVerdict({ ...facts, identity, source: leg.reach, sourceEvidence })),
                  )
                  for (const [index, answer] of wanted.entries()) {
                    rows += 1
                    if (said[index] === answer) continue
                    const { name, identity, sourceEvidence } = ENDINGS[index] as (typeof ENDINGS)[number]
                    wrong.push(`${[etag, checksum, contentMd5, size, readBack, name, identity, sourceEvidence].join(' | ')}: ${said[index]}, not ${answer}`)
                  }
                }
              }
        expect({ count: wrong.length, first: wrong.slice(0, 12) }).toEqual({ count: 0, first: [] })
        // 10 ETags × 16 checksums × 4 Content-MD5 × 4 sizes × 9 read-backs × 6 source legs × 3 identities × 2 policies: nothing was dropped
        expect(rows).toBe(10 * 16 * 4 * 4 * 9 * 6 * 3 * 2)
      }, 120_000)
})
