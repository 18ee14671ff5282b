/**
 * What the design expects of the destination leg, and of the verdict, as data. Imports nothing from the code under test.
 */
import type { ProfileClaim, Reach } from './source-expectations.ts'

export const ROUTES = ['single', 'multipart'] as const
export type RouteCase = (typeof ROUTES)[number]

/**
 * What one thing that the destination said does to the destination leg.
 * - `proves`: a match beyond size; `proves-with-size`: one that leaves no room for another length
 * - `differs`: a value that should be equal is not: a read-back has to settle it (rule 3)
 * - `silent`: nothing could be compared
 */
export type ReplyMeaning = 'proves' | 'proves-with-size' | 'differs' | 'silent'

export const REPLY_ETAGS = [
  'equal',
  'upper-case-equal',
  'different',
  'none',
  'empty',
  'empty-quoted',
  'opaque',
  'weak-equal',
  'sse-kms-different',
  'sse-c-equal',
] as const
export type ReplyEtag = (typeof REPLY_ETAGS)[number]

const NEVER: Readonly<Record<ProfileClaim, ReplyMeaning>> = { yes: 'silent', candidate: 'silent', no: 'silent' }

/** Row "ETag is an MD5, or a multipart ETag over the layout we wrote, and equals ours". A candidate proves nothing here: it may be an echo. */
export const REPLY_ETAG_MEANING: Readonly<Record<RouteCase, Readonly<Record<ReplyEtag, Readonly<Record<ProfileClaim, ReplyMeaning>>>>>> = {
  single: {
    // row "sizes": a matching whole-object MD5 implies the size
    equal: { yes: 'proves-with-size', candidate: 'silent', no: 'silent' },
    'upper-case-equal': { yes: 'proves-with-size', candidate: 'silent', no: 'silent' },
    // rule 3: a difference is judged by reading back; "unequal ETags never prove unequal content by themselves"
    different: { yes: 'differs', candidate: 'silent', no: 'silent' },
    none: NEVER,
    // "from HEAD where the reply lacks it (Ceph answers Complete with an empty ETag)"
    empty: NEVER,
    'empty-quoted': NEVER,
    // not an MD5, so it cannot be compared with one
    opaque: NEVER,
    'weak-equal': NEVER,
    'sse-kms-different': NEVER,
    'sse-c-equal': NEVER,
  },
  multipart: {
    // an MD5 over part MD5s is not a whole-object MD5: the size is not implied
    equal: { yes: 'proves', candidate: 'silent', no: 'silent' },
    'upper-case-equal': { yes: 'proves', candidate: 'silent', no: 'silent' },
    different: { yes: 'differs', candidate: 'silent', no: 'silent' },
    none: NEVER,
    empty: NEVER,
    'empty-quoted': NEVER,
    opaque: NEVER,
    'weak-equal': NEVER,
    'sse-kms-different': NEVER,
    'sse-c-equal': NEVER,
  },
}

export const REPLY_CHECKSUMS = [
  'none',
  'sent-crc32-checked-not-returned',
  'sent-crc32-checked-returned-equal',
  'sent-crc32-checked-returned-different',
  'sent-crc32-unchecked-returned-equal',
  'sent-crc32-unchecked-returned-different',
  'unsent-crc64nvme-returned-equal',
  'unsent-crc64nvme-returned-different',
  'unsent-sha256-returned-equal',
  'unsent-sha256-composite-equal',
  'unsent-crc32c-not-computed',
  'candidate-crc64nvme-returned-equal',
  'candidate-crc64nvme-returned-different',
  'vendor-listed-crc64ecma-equal',
  'vendor-listed-crc64ecma-different',
  'vendor-unlisted-crc64ecma-equal',
] as const
export type ReplyChecksum = (typeof REPLY_CHECKSUMS)[number]

/** Rows "stored checksum returned by HEAD, or in the write's reply" and "server-checked write". All meanings that a case has at once. */
export const REPLY_CHECKSUM_MEANING: Readonly<Record<ReplyChecksum, readonly ReplyMeaning[]>> = {
  none: [],
  // "server-checked write: a checksum header computed from the bytes before they were sent"; a CRC does not imply the size
  'sent-crc32-checked-not-returned': ['proves'],
  'sent-crc32-checked-returned-equal': ['proves'],
  // rule 3: the difference has to be settled although the write was checked
  'sent-crc32-checked-returned-different': ['proves', 'differs'],
  // "a server that echoes proves nothing", neither for nor against
  'sent-crc32-unchecked-returned-equal': ['silent'],
  'sent-crc32-unchecked-returned-different': ['silent'],
  // "the profile is certain": the server computed it by itself (AWS adds CRC64NVME)
  'unsent-crc64nvme-returned-equal': ['proves'],
  'unsent-crc64nvme-returned-different': ['differs'],
  // "a matching whole-object MD5 or stronger implies it"
  'unsent-sha256-returned-equal': ['proves-with-size'],
  // over parts: not whole-object
  'unsent-sha256-composite-equal': ['proves'],
  'unsent-crc32c-not-computed': ['silent'],
  'candidate-crc64nvme-returned-equal': ['silent'],
  'candidate-crc64nvme-returned-different': ['silent'],
  'vendor-listed-crc64ecma-equal': ['proves'],
  'vendor-listed-crc64ecma-different': ['differs'],
  'vendor-unlisted-crc64ecma-equal': ['silent'],
}

export const CONTENT_MD5 = ['not-sent', 'sent-yes', 'sent-candidate', 'sent-no'] as const
export type ContentMd5Case = (typeof CONTENT_MD5)[number]

/** Row "server-checked write: Content-MD5"; "on multipart every part so checked … and the size seen by HEAD". */
export const CONTENT_MD5_MEANING: Readonly<Record<RouteCase, Readonly<Record<ContentMd5Case, ReplyMeaning>>>> = {
  single: { 'not-sent': 'silent', 'sent-yes': 'proves-with-size', 'sent-candidate': 'silent', 'sent-no': 'silent' },
  multipart: { 'not-sent': 'silent', 'sent-yes': 'proves', 'sent-candidate': 'silent', 'sent-no': 'silent' },
}

export const SIZES = ['equal', 'different', 'unsaid', 'from-a-cache-different'] as const
export type SizeCase = (typeof SIZES)[number]

/** Row "sizes"; rule 7 "a reply from a cache is not-comparable". */
export const SIZE_MEANING: Readonly<Record<SizeCase, 'equal' | 'differs' | 'unsaid'>> = {
  equal: 'equal',
  different: 'differs',
  unsaid: 'unsaid',
  'from-a-cache-different': 'unsaid',
}

/** Readings of the destination, oldest first. `=` as written; `W`, `V` wrong bytes of the right size; `S`, `T` a wrong size. */
export const READ_BACKS = ['', '=', 'W', 'S', 'W=', 'S=', 'WW', 'WV', 'SS', 'ST', 'WS', 'WV=', 'WVW', 'WVV', 'WSS', 'WSW', 'WST', 'WS='] as const
export type ReadBackCase = (typeof READ_BACKS)[number]

/** Those that go through the whole product; the others only add longer ways to the same ends, and are judged on their own. */
export const READ_BACKS_IN_PRODUCT: readonly ReadBackCase[] = ['', '=', 'W', 'S=', 'WW', 'WV', 'ST', 'WV=', 'WSW']

/** Rule 3, destination leg: "the same wrong digest twice, or a wrong size seen twice, is mismatch"; an equal one overturns what was before it. */
export const READ_BACK_MEANING: Readonly<Record<ReadBackCase, 'none' | 'proved' | 'mismatch' | 'read-again'>> = {
  '': 'none',
  '=': 'proved',
  // never on one observation
  W: 'read-again',
  S: 'read-again',
  'W=': 'proved',
  'S=': 'proved',
  WW: 'mismatch',
  WV: 'read-again',
  SS: 'mismatch',
  ST: 'mismatch',
  WS: 'read-again',
  'WV=': 'proved',
  WVW: 'mismatch',
  WVV: 'mismatch',
  WSS: 'mismatch',
  WSW: 'mismatch',
  WST: 'mismatch',
  'WS=': 'proved',
}

export const IDENTITIES = ['ours', 'other', 'unknown'] as const
export type IdentityCase = (typeof IDENTITIES)[number]

export const SOURCE_EVIDENCE = ['if-available', 'required'] as const

export type ExpectedVerdict = 'verified end-to-end' | 'verified destination-only' | 'unverified none' | 'mismatch none'

export interface DestinationFacts {
  readonly replies: readonly ReplyMeaning[]
  readonly size: 'equal' | 'differs' | 'unsaid'
  readonly readBack: 'none' | 'proved' | 'mismatch' | 'read-again'
  readonly identity: IdentityCase
  readonly source: Reach
  readonly sourceEvidence: (typeof SOURCE_EVIDENCE)[number]
}

/** The rules in the order in which they decide; the first that applies is the answer. */
export const VERDICT_RULES: readonly (readonly [rule: string, applies: (facts: DestinationFacts) => boolean, answer: ExpectedVerdict])[] = [
  ['rule 3, source leg: the source contradicts itself, whatever the destination holds', (f) => f.source === 'mismatch', 'mismatch none'],
  ['rule 7: destination evidence counts only for the object that our own write named', (f) => f.identity !== 'ours', 'unverified none'],
  ['rule 3, destination leg: the same wrong thing twice', (f) => f.readBack === 'mismatch', 'mismatch none'],
  ['rule 3: never on one observation, and never verified beside it', (f) => f.readBack === 'read-again', 'unverified none'],
  [
    'rule 3: a difference that no read-back settled',
    (f) => f.readBack === 'none' && (f.size === 'differs' || f.replies.includes('differs')),
    'unverified none',
  ],
  ['rule 2: no evidence is its own verdict', (f) => f.readBack === 'none' && !f.replies.some((reply) => reply.startsWith('proves')), 'unverified none'],
  ['rule 1: equal sizes, seen or implied', (f) => f.readBack === 'none' && f.size === 'unsaid' && !f.replies.includes('proves-with-size'), 'unverified none'],
  ['rule 1: nothing stands in for the source leg', (f) => f.source === 'none', 'unverified none'],
  ['rule 1: the source leg matched too', (f) => f.source === 'end-to-end', 'verified end-to-end'],
  ['rule 1: required turns destination-only into unverified', (f) => f.sourceEvidence === 'required', 'unverified none'],
  ['rule 1: the source offers nothing comparable', () => true, 'verified destination-only'],
]

export function expectedVerdict(facts: DestinationFacts): ExpectedVerdict {
  for (const [, applies, answer] of VERDICT_RULES) if (applies(facts)) return answer
  throw new Error('no rule applies')
}
