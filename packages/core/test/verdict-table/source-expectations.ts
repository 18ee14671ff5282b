/**
 * What the design expects of the source leg, as data. Imports nothing from the code under test.
 * "Row" is a row of the evidence table, "rule" a verdict rule (docs/evidence-and-verdicts.md has both).
 */

export type ProfileClaim = 'yes' | 'candidate' | 'no'

/**
 * What one value that the source offers does to the source leg.
 * - `proves`: it equals ours
 * - `contradicts`: a trusted digest of the whole object, and it differs (rule 3)
 * - `doubts`: a value whose rule is known but which does not fit, so that a byte may have been flipped (rules 3 and 5)
 * - `silent`: nothing was compared, or a difference says nothing
 */
export type Meaning = 'proves' | 'contradicts' | 'doubts' | 'silent'

export const SOURCE_ETAGS = [
  'md5-equal',
  'md5-upper-case-equal',
  'md5-different',
  'multipart-fits-a-tried-layout',
  'multipart-fits-no-tried-layout',
  'multipart-differs-over-the-known-layout',
  'multipart-nothing-tried',
  'opaque',
  'empty-quoted',
  'weak-equal',
  'weak-different',
  'absent',
  'sse-kms-md5-shaped',
  'sse-c-md5-shaped',
  'sse-kms-multipart-shaped',
  'sse-s3-md5-equal',
] as const
export type SourceEtag = (typeof SOURCE_ETAGS)[number]

const NEVER: Readonly<Record<ProfileClaim, Meaning>> = { yes: 'silent', candidate: 'silent', no: 'silent' }

/** By what the profile claims of such ETags. */
export const SOURCE_ETAG_MEANING: Readonly<Record<SourceEtag, Readonly<Record<ProfileClaim, Meaning>>>> = {
  // row 3 "ETag is an MD5 and equals ours"; "methods are used only where the profile allows them"
  'md5-equal': { yes: 'proves', candidate: 'proves', no: 'silent' },
  // facts 1: lower-case before comparing (Alibaba writes upper case)
  'md5-upper-case-equal': { yes: 'proves', candidate: 'proves', no: 'silent' },
  // rule 3: differs from a trusted full-object digest; "only from a multipart or candidate ETag: rule 5"
  'md5-different': { yes: 'contradicts', candidate: 'doubts', no: 'silent' },
  // row 4 "multipart ETag equals ours over the known or derived layout"
  'multipart-fits-a-tried-layout': { yes: 'proves', candidate: 'proves', no: 'silent' },
  // rule 5 "follows a rule we know, and matches no layout": may be an unusual layout or a flipped byte
  'multipart-fits-no-tried-layout': { yes: 'doubts', candidate: 'doubts', no: 'silent' },
  'multipart-differs-over-the-known-layout': { yes: 'doubts', candidate: 'doubts', no: 'silent' },
  // rule 5 "not derivable alone never leads to verified"
  'multipart-nothing-tried': { yes: 'doubts', candidate: 'doubts', no: 'silent' },
  // facts 2, decision rule 3: opaque, compare only for equality on the same endpoint
  opaque: NEVER,
  'empty-quoted': NEVER,
  // section 5.1 "a weak ETag neither pins nor contradicts"; RFC 9110 8.8.1: it does not promise equal bytes
  'weak-equal': NEVER,
  'weak-different': NEVER,
  absent: NEVER,
  // row 3 "no SSE-KMS/SSE-C"; facts 2: keeps the form, digest part unpredictable
  'sse-kms-md5-shaped': NEVER,
  'sse-c-md5-shaped': NEVER,
  'sse-kms-multipart-shaped': NEVER,
  // facts 2 "AWS … plaintext or SSE-S3: MD5 hex of the content"
  'sse-s3-md5-equal': { yes: 'proves', candidate: 'proves', no: 'silent' },
}

export const SOURCE_CHECKSUMS = [
  'none',
  'full-equal',
  'full-different',
  'full-not-computed',
  'composite-equal-known-layout',
  'composite-different-known-layout',
  'composite-unknown-layout',
  'vendor-listed-equal',
  'vendor-listed-different',
  'vendor-unlisted-different',
] as const
export type SourceChecksum = (typeof SOURCE_CHECKSUMS)[number]

/** By what the profile claims of returned `x-amz-checksum-*`; a vendor header counts where the profile lists it. */
export const SOURCE_CHECKSUM_MEANING: Readonly<Record<SourceChecksum, Readonly<Record<ProfileClaim, Meaning>>>> = {
  none: NEVER,
  // row 1 "stored full-object checksum equals our digest"
  'full-equal': { yes: 'proves', candidate: 'proves', no: 'silent' },
  // rule 3: trusted full-object digest; a candidate is never trusted
  'full-different': { yes: 'contradicts', candidate: 'doubts', no: 'silent' },
  // nothing was compared, so nothing contradicts
  'full-not-computed': NEVER,
  // row 2 "equals ours over the source's known part layout"
  'composite-equal-known-layout': { yes: 'proves', candidate: 'proves', no: 'silent' },
  // rule 3: only a full-object digest contradicts; everything over parts goes the way of rule 5
  'composite-different-known-layout': { yes: 'doubts', candidate: 'doubts', no: 'silent' },
  // row 2 "never used to derive a layout"
  'composite-unknown-layout': NEVER,
  // row 1 "x-goog-hash, x-oss/cos-hash-crc64ecma"
  'vendor-listed-equal': { yes: 'proves', candidate: 'proves', no: 'proves' },
  'vendor-listed-different': { yes: 'contradicts', candidate: 'contradicts', no: 'contradicts' },
  'vendor-unlisted-different': NEVER,
}

export const CLIENT_DIGESTS = ['none', 'equal', 'different'] as const
export type ClientDigestCase = (typeof CLIENT_DIGESTS)[number]

/** Row 5: "a match proves; a difference is not-comparable (metadata goes stale)". */
export const CLIENT_DIGEST_MEANING: Readonly<Record<ClientDigestCase, Meaning>> = { none: 'silent', equal: 'proves', different: 'silent' }

/**
 * Several values together: the first of these that occurs.
 * Rule 1 "no binding mismatch on either leg" comes before a match; a match proves whatever else could not be compared.
 */
export const MEANING_ORDER: readonly Meaning[] = ['contradicts', 'proves', 'doubts', 'silent']

/** Whole reads of the source, oldest first; equal letters are equal bytes. The last one is what the destination gets. */
export const READS = ['A', 'AA', 'BA', 'ABA', 'BAA', 'CBA'] as const
export type Reads = (typeof READS)[number]

export type Agreement = 'single' | 'twin' | 'disagree'
/** Rule 5 "equal digests": another read gave the same bytes as the last one. */
export const AGREEMENT: Readonly<Record<Reads, Agreement>> = { A: 'single', AA: 'twin', BA: 'disagree', ABA: 'twin', BAA: 'twin', CBA: 'disagree' }

export const SECOND_READ = ['when-needed', 'always', 'never'] as const

export type State = 'proved' | 'accepted' | 'unproved' | 'read-again' | 'inconsistent'

/**
 * meaning | agreement | secondRead | can be read again | way -> state. `*` is any; every combination is named by exactly one row (a test counts).
 */
export const SOURCE_STATE = `
contradicts | single   | *           | *  | *     -> read-again    rule 3: never on one observation
contradicts | disagree | *           | *  | *     -> read-again    rule 3: only two reads that agree condemn
contradicts | twin     | *           | *  | *     -> inconsistent  rule 3: both reads agree and differ from a trusted digest
proves      | single   | when-needed | *  | *     -> proved        rule 1: the source leg matched
proves      | single   | never       | *  | *     -> proved        rule 1
proves      | single   | always      | y  | *     -> read-again    section 3: secondRead 'always'
proves      | single   | always      | n  | *     -> proved        5.1: one unbroken GET is the only read
proves      | twin     | *           | *  | *     -> proved        rule 1
proves      | disagree | *           | *  | *     -> proved        rule 3: the read that fits the source's value is believed, the other is not
doubts      | single   | when-needed | y  | *     -> read-again    rule 5: it is read a second time
doubts      | single   | always      | y  | *     -> read-again    rule 5
doubts      | single   | when-needed | n  | *     -> unproved      rule 5: not derivable alone never leads to verified
doubts      | single   | always      | n  | *     -> unproved      rule 5
doubts      | single   | never       | *  | *     -> unproved      rule 5: TLS does not stand in for a value that should have fitted
doubts      | twin     | *           | *  | *     -> accepted      rule 5: equal digests allow destination-only
doubts      | disagree | when-needed | y  | *     -> read-again    rule 5: neither read is believed alone
doubts      | disagree | always      | y  | *     -> read-again    rule 5
doubts      | disagree | when-needed | n  | *     -> unproved      rule 5
doubts      | disagree | always      | n  | *     -> unproved      rule 5
doubts      | disagree | never       | *  | *     -> unproved      rule 5
silent      | single   | when-needed | *  | tls   -> accepted      row 7 and rule 1: nothing comparable, and its bytes came over TLS
silent      | single   | never       | *  | tls   -> accepted      rule 1
silent      | single   | always      | y  | tls   -> read-again    section 3: secondRead 'always'
silent      | single   | always      | n  | tls   -> accepted      rule 1, 5.1
silent      | single   | when-needed | y  | plain -> read-again    row 6: the fall-back when nothing else can be compared
silent      | single   | always      | y  | plain -> read-again    row 6
silent      | single   | never       | *  | plain -> unproved      rule 1: plain HTTP with secondRead 'never' is unverified
silent      | single   | when-needed | n  | plain -> unproved      rule 1: where only one read is possible
silent      | single   | always      | n  | plain -> unproved      rule 1
silent      | twin     | *           | *  | *     -> accepted      row 6, rule 1: a second read agreed
silent      | disagree | when-needed | y  | *     -> read-again    rule 5: different digests, neither read is believed alone, TLS or not
silent      | disagree | always      | y  | *     -> read-again    rule 5
silent      | disagree | when-needed | n  | *     -> unproved      rule 5
silent      | disagree | always      | n  | *     -> unproved      rule 5
silent      | disagree | never       | *  | *     -> unproved      rule 5
`

/** What the verdict may be with a perfect destination, once no further read is to be had. */
export type Reach = 'end-to-end' | 'destination-only' | 'none' | 'mismatch'

/** meaning | agreement | way -> how far the proof reaches, whatever state the engine gave up in. */
export const SOURCE_REACH = `
contradicts | single   | *     -> none              rule 1: no verified beside a trusted digest that differs, even where another value matches
contradicts | disagree | *     -> none              rule 3: not settled, and not condemned on one observation
contradicts | twin     | *     -> mismatch          rule 3
proves      | *        | *     -> end-to-end        rule 1
doubts      | single   | *     -> none              rule 5
doubts      | twin     | *     -> destination-only  rule 5
doubts      | disagree | *     -> none              rule 5
silent      | single   | tls   -> destination-only  rule 1
silent      | single   | plain -> none              rule 1 and 2
silent      | twin     | *     -> destination-only  rule 1
silent      | disagree | *     -> none              rule 5
`
