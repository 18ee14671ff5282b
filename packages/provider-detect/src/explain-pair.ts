import {
  type Assurance,
  type ExpectedCopy,
  expectCopy,
  invalidOption,
  type NotCarried,
  type ProviderProfile,
  type VerifyOptions,
  validateProfile,
} from '@sealift/core'
import { MISSING, missingFeatures } from './explain-pair/missing-features.ts'
import { OBJECT_KINDS, type ObjectKind } from './explain-pair/object-kinds.ts'

export interface ExplainPairOptions {
  /**
   * The source is read over TLS.
   * @defaultValue true
   */
  readonly sourceTls?: boolean
  /** as for `migrateObject` */
  readonly verify?: VerifyOptions
}

/** What can be said of a copy in two ways: where what is only a candidate holds after all, and where it does not. Equal where nothing is a candidate. */
export interface AtLeastAtBest<T> {
  readonly atLeast: T
  readonly atBest: T
}

/** What a copy of one kind of object comes to, where nothing goes wrong. */
export interface ExplainedObject {
  readonly kind: ObjectKind
  /** for people */
  readonly description: string
  /** what can match on each leg, strongest first, e.g. `stored-checksum sha256`; at best */
  readonly sourceEvidence: readonly string[]
  readonly destinationEvidence: readonly string[]
  /** false: such an object ends `unverified` */
  readonly verified: AtLeastAtBest<boolean>
  readonly assurance: AtLeastAtBest<Assurance>
  /** beyond one GET and one write (a PUT; or Create, parts and Complete), and why each is sent */
  readonly extraRequests: AtLeastAtBest<readonly string[]>
  /** where the part layout comes from: `single` for one PUT, `own` where the source's is neither known nor found or cannot be reproduced */
  readonly layout: AtLeastAtBest<ExpectedCopy['layout']>
  /** both ETags are equal in the end; null: it cannot be told */
  readonly sameEtag: boolean | null
}

/** What can be proved between two providers, what it costs and what is lost. Plain JSON data. */
export interface PairExplanation {
  readonly source: { readonly id: string; readonly name: string }
  readonly destination: { readonly id: string; readonly name: string }
  readonly objects: readonly ExplainedObject[]
  /** what the destination cannot hold of what the source may have; each object's own list is in its result */
  readonly notCarried: readonly NotCarried[]
  /** limits of the destination that the source does not have, for people */
  readonly limits: readonly string[]
}

/**
 * What a migration between two providers will be able to prove, before it starts: by kind of object the evidence of each leg, the assurance to expect, the
 * extra requests, and what cannot be carried. Pure: it asks the same functions that plan and judge a copy, over made-up values, with default options and
 * objects that fit the default memory. Tags, metadata and detection cost requests of their own.
 *
 * @throws `ERR_INVALID_OPTION` naming a wrong field of a profile
 *
 * @example
 * ```ts
 * for (const object of explainPair(cephProfile, r2Profile).objects) console.log(object.kind, object.assurance.atLeast, object.extraRequests.atLeast)
 * ```
 */
export function explainPair(source: ProviderProfile, destination: ProviderProfile, options: ExplainPairOptions = {}): PairExplanation {
  validateProfile(source, 'source')
  validateProfile(destination, 'destination')
  const { sourceTls = true, verify = {} } = options
  if (typeof sourceTls !== 'boolean') throw invalidOption('sourceTls', sourceTls, 'true or false')
  const policy = { readBack: 'when-needed', sourceEvidence: 'if-available', secondRead: 'when-needed', ...verify } as const
  return {
    source: { id: source.id, name: source.name },
    destination: { id: destination.id, name: destination.name },
    objects: OBJECT_KINDS.map(({ kind, description, object }) => {
      const copy = (candidates: 'hold' | 'fail'): ExpectedCopy => expectCopy({ object, source, destination, sourceTls, verify: policy, candidates })
      const best = copy('hold')
      const least = copy('fail')
      const both = <T>(of: (copied: ExpectedCopy) => T): AtLeastAtBest<T> => ({ atLeast: of(least), atBest: of(best) })
      return {
        kind,
        description,
        sourceEvidence: matches(best, 'source'),
        destinationEvidence: matches(best, 'destination'),
        verified: both((copied) => copied.verdict === 'verified'),
        assurance: both((copied) => copied.assurance),
        extraRequests: both(extraRequests),
        layout: both((copied) => copied.layout),
        sameEtag: best.sameEtag === least.sameEtag ? best.sameEtag : null,
      }
    }),
    notCarried: missingFeatures(source, destination),
    limits: MISSING.flatMap((limit) => limit(source, destination) ?? []),
  }
}

function matches(copied: ExpectedCopy, leg: 'source' | 'destination'): string[] {
  const found = copied.evidence.filter((item) => item.leg === leg && item.outcome === 'match')
  return [...new Set(found.map((item) => [item.method, item.algorithm].filter((word) => word !== null).join(' ')))]
}

const WHY: Readonly<Record<string, string>> = {
  'source GetObject': 'the source is read a second time',
  'source HeadObject': 'HEAD ?partNumber=1 asks the source for its part layout',
  'source GetObjectAttributes': 'GetObjectAttributes asks the source for its part layout',
  'destination HeadObject': 'HEAD looks at what was written',
  'destination GetObject': 'the written object is read back',
}

/** Everything but the first GET and the write itself. */
function extraRequests(copied: ExpectedCopy): string[] {
  return copied.requests.flatMap(({ side, operation, count }) => {
    const why = WHY[`${side} ${operation}`]
    if (why === undefined) return []
    return Array.from({ length: `${side} ${operation}` === 'source GetObject' ? count - 1 : count }, () => why)
  })
}
