import { ATTEMPTS, type FaultName, isAtRest } from './matrix-faults.ts'
import { MIN_PART_BYTES, type ObjectKind, partSizesOf } from './object-kinds.ts'
import { isHeld, type SourceOffer, type StoreFacts, type WriteProof } from './store-facts.ts'

// The expected side of the evidence matrix: from what is written down of the two stores, by the design's verdict rules. Nothing of core is imported here, nor
// by anything that this file imports (oracle.test.ts): what is wrong in the engine cannot be wrong here for the same reason.

/** The question that a cell asks. */
export interface CellQuestion {
  readonly source: StoreFacts
  readonly destination: StoreFacts
  readonly kind: ObjectKind
  readonly fault: FaultName
}

/** The answer that it must get. */
export interface Prediction {
  readonly verdict: 'verified' | 'mismatch' | 'failed' | 'unverified'
  readonly assurance: 'end-to-end' | 'destination-only' | 'none'
  readonly code: 'ERR_SOURCE_INCONSISTENT' | 'ERR_INTEGRITY_MISMATCH' | 'ERR_TRANSFER' | 'ERR_UNVERIFIED' | null
  readonly atRest: 'source' | 'earlier' | 'absent' | 'harmed'
  /** counted apart: every reading of one end is harmed alike, so that no reader could tell; or, `open`, nothing at the source could have told */
  readonly apart: 'open' | 'every-reading-wrong' | null
  /** `exactly`, or `at most` where tries that failed are counted */
  readonly requests: { readonly exactly: number } | { readonly atMost: number }
  /** what went out; null where nothing did */
  readonly route: 'single' | 'multipart' | null
}

const SEARCH_COSTS =
  'with real part sizes, a layout that is not there to be found costs 2 GiB of MD5 a copy (design 5.7): tried once, without a fault (test/real-clients has more)'

/** Why there is no such cell; null where there is. */
export function notApplicable({ source, destination, kind, fault }: CellQuestion): string | null {
  const offer = source.source[kind]
  if (!isHeld(offer)) return offer.notHeld
  if (kind === 'empty' && fault !== 'none') return 'there is no byte to harm'
  if (isCostly({ source, kind, fault }) && fault !== 'none') return SEARCH_COSTS
  // a real server's disk is not ours to harm, and moto has none
  if (isAtRest(fault) && destination.scale === 'real') return 'only the kit can be harmed at rest'
  return null
}

/** Whether a copy looks long and in vain for a layout of real part sizes: there is none, or the bytes that would fit it never come. */
export function isCostly({ source, kind, fault }: Pick<CellQuestion, 'source' | 'kind' | 'fault'>): boolean {
  const offer = source.source[kind]
  if (!isHeld(offer) || source.scale !== 'real') return false
  return offer.layout === 'unknown' || (offer.layout === 'derived' && fault === 'read-flip-always')
}

/** What a cell must come to. Call it only where {@link notApplicable} says null. */
export function predict(question: CellQuestion): Prediction {
  const { source, destination, kind, fault } = question
  const offer = source.source[kind] as SourceOffer
  const verified = {
    verdict: 'verified',
    assurance: offer.claim === 'nothing' ? 'destination-only' : 'end-to-end',
    code: null,
    atRest: 'source',
    apart: null,
  } as const
  const plan = planOf(question, offer.layout)
  const { reads, copy } = plan
  const exactly = (requests: number): Prediction['requests'] => ({ exactly: offer.questions + requests })
  const { route } = plan
  switch (fault) {
    case 'none':
      return { ...verified, requests: exactly(reads + copy), route }
    case 'read-flip-once':
    case 'read-cut-once':
      // read again, or resumed
      return { ...verified, requests: exactly(reads + 1 + copy), route }
    case 'read-flip-always': {
      if (offer.claim === 'binds') return { ...SOURCE_INCONSISTENT, requests: exactly(2), route: null }
      // the harmed bytes fit no layout that was not told
      const harmed = planOf(question, offer.layout === 'derived' ? 'unknown' : offer.layout)
      return { ...OPEN, requests: exactly(2 + harmed.copy), route: harmed.route }
    }
    case 'write-flip-once':
      if (destination.destination.bodies === 'checked') return { ...verified, requests: exactly(reads + copy + 1), route }
      // the part's own ETag shows it: sent again
      if (route === 'multipart') return { ...verified, requests: exactly(reads + copy + 1), route }
      // stored as it came: a HEAD, read back twice, then copied again
      return { ...verified, requests: exactly(reads + plan.bodies + 3 + 1 + copy), route }
    case 'write-cut-once':
      // a PUT without a reply may have been carried out: a HEAD has to look
      return { ...verified, requests: exactly(reads + copy + 1 + (route === 'single' && plan.heads === 0 ? 1 : 0)), route }
    case 'rest-flip-once':
      if (destination.destination.nameless === true) return { ...NOT_TOLD, requests: exactly(reads + copy + 1), route }
      return { ...verified, requests: exactly(reads + copy + 1 + 1 + copy), route }
    case 'rest-flip-always':
      if (destination.destination.nameless === true) return { ...NOT_TOLD, requests: exactly(reads + copy + 1), route }
      return { ...WRITTEN_WRONG, requests: atMost(offer, plan), route }
    case 'write-flip-always':
      if (destination.destination.bodies === 'unchecked' && route === 'single') return { ...WRITTEN_WRONG, requests: atMost(offer, plan), route }
      return { ...GIVEN_UP, requests: atMost(offer, plan), route: null }
    case 'read-cut-always':
    case 'write-cut-always':
      return { ...GIVEN_UP, requests: atMost(offer, plan), route: null }
  }
}

const SOURCE_INCONSISTENT = {
  verdict: 'mismatch',
  assurance: 'none',
  code: 'ERR_SOURCE_INCONSISTENT',
  atRest: 'earlier',
  apart: 'every-reading-wrong',
} as const
const OPEN = { verdict: 'verified', assurance: 'destination-only', code: null, atRest: 'harmed', apart: 'open' } as const
const WRITTEN_WRONG = { verdict: 'mismatch', assurance: 'none', code: 'ERR_INTEGRITY_MISMATCH', atRest: 'absent', apart: null } as const
const NOT_TOLD = { verdict: 'unverified', assurance: 'none', code: 'ERR_UNVERIFIED', atRest: 'harmed', apart: null } as const
const GIVEN_UP = { verdict: 'failed', assurance: 'none', code: 'ERR_TRANSFER', atRest: 'earlier', apart: null } as const

interface Plan {
  readonly route: 'single' | 'multipart'
  /** whole reads of the source */
  readonly reads: number
  /** bodies that are written */
  readonly bodies: number
  readonly heads: number
  /** requests of one write and of what proves it */
  readonly copy: number
}

function planOf({ source, destination, kind, fault }: CellQuestion, layout: SourceOffer['layout']): Plan {
  const offer = source.source[kind] as SourceOffer
  const target = destination.destination
  const cut = layout === 'unknown' ? null : partSizesOf(kind, source.scale, source.destination.equalPartsOnly)
  const parts = cut !== null && layout === 'mistold' ? takenForEqual(cut) : cut
  const written = parts !== null && isTaken(parts, destination) ? parts : null
  const proof: WriteProof = written !== null ? target.multipart : proofOfPut(kind, target)
  const heads = written !== null || proof !== 'reply' ? 1 : 0
  const readBacks = proof === 'read-back' || isAtRest(fault) ? 1 : 0
  const bodies = written?.length ?? 1
  return {
    route: written === null ? 'single' : 'multipart',
    reads: offer.claim === 'nothing' ? 2 : 1,
    bodies,
    heads,
    // Create and Complete
    copy: bodies + (written === null ? 0 : 2) + heads + readBacks,
  }
}

function proofOfPut(kind: ObjectKind, { single, kms, sha256 = single }: StoreFacts['destination']): WriteProof {
  if (kind === 'sse-kms') return kms ?? single
  return kind === 'checksum-composite' ? sha256 : single
}

/** As many parts, all but the last of the first one's size. */
function takenForEqual(parts: readonly number[]): readonly number[] {
  const first = parts[0] ?? 0
  const total = parts.reduce((sum, size) => sum + size, 0)
  return parts.map((_, at) => (at < parts.length - 1 ? first : total - at * first))
}

function isTaken(parts: readonly number[], { scale, destination }: StoreFacts): boolean {
  const full = parts.slice(0, -1)
  const last = parts.at(-1) ?? 0
  const equal = full.every((size) => size === full[0]) && last <= (full[0] ?? last)
  return (equal || !destination.equalPartsOnly) && full.every((size) => size >= MIN_PART_BYTES[scale])
}

/** Four tries of every read and body, a HEAD and two read-backs a copy, and a HEAD and a DELETE of what was proved wrong. */
function atMost(offer: SourceOffer, { bodies, copy }: Plan): Prediction['requests'] {
  return { atMost: offer.questions + ATTEMPTS.always * (4 + copy + 3 * bodies + 3) + 2 }
}

/** The word of a prediction in tables. */
export function predictionWord({ verdict, assurance, apart }: Prediction): string {
  if (apart === 'open') return 'open'
  return verdict === 'verified' ? assurance : verdict
}
