import type { ErrorCode } from '@sealift/core'
import type { AtRest, Expectation } from './cell.ts'

/** The fault was recovered from: the right bytes are there, proved from end to end. */
export const VERIFIED: Expectation = { verdicts: ['verified'], assurance: 'end-to-end', codes: [], atRest: ['source'] }

/** As {@link VERIFIED}, from a source that offers nothing comparable: two of its reads agreed. */
export const VERIFIED_BY_READS: Expectation = { ...VERIFIED, assurance: 'destination-only' }

/** A transfer error; by default nothing new is at the destination. */
export function failed(codes: ErrorCode | readonly ErrorCode[], atRest: AtRest | readonly AtRest[] = 'earlier'): Expectation {
  return { verdicts: ['failed'], assurance: 'none', codes: [codes].flat(), atRest: [atRest].flat() }
}

/** What the destination holds could not be proved to be ours. */
export function unverified(codes: ErrorCode | readonly ErrorCode[], atRest: AtRest): Expectation {
  return { verdicts: ['unverified'], assurance: 'none', codes: [codes].flat(), atRest: [atRest] }
}

/** Both reads of the source agree and differ from a trusted digest of the whole object (verdict rule 3); nothing is written. */
export const SOURCE_INCONSISTENT: Expectation = {
  verdicts: ['mismatch'],
  assurance: 'none',
  codes: ['ERR_SOURCE_INCONSISTENT'],
  atRest: ['earlier'],
  apart: 'every-reading-wrong',
  because: 'rule 3: if both reads agree with each other and differ from a trusted full-object digest, the source contradicts itself',
}

/** Every read of the source is harmed alike and nothing that it offers binds. */
export const OPEN: Expectation = {
  verdicts: ['verified'],
  assurance: 'destination-only',
  codes: [],
  atRest: ['harmed'],
  apart: 'open',
  because: 'rule 5: equal digests of two reads allow destination-only',
}

/** Any of several outcomes that the design's words allow. */
export function either(because: string, first: Expectation, ...others: readonly Expectation[]): Expectation {
  const all = [first, ...others]
  const apart = all.find((item) => item.apart !== undefined)?.apart
  return {
    ...first,
    ...(apart === undefined ? {} : { apart }),
    verdicts: [...new Set(all.flatMap(({ verdicts }) => verdicts))],
    codes: [...new Set(all.flatMap(({ codes }) => codes))],
    atRest: [...new Set(all.flatMap(({ atRest }) => atRest))],
    because,
  }
}
