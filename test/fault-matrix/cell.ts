import type { Assurance, ErrorCode, MigrateObjectOptions, Verdict } from '@sealift/core'
import type { FaultAction, FaultMatch, TcpFaultRule } from '@sealift/testing'
import type { Shape, ShapeName } from './shapes.ts'

/** Where a cell runs: real RGW behind fault proxies, or the in-process server with its own faults. */
export const GROUNDS = ['rgw', 'kit-ceph', 'kit-aws'] as const
export type Ground = (typeof GROUNDS)[number]

export const FREQUENCIES = ['once', 'always'] as const
export type Frequency = (typeof FREQUENCIES)[number]

export type Side = 'source' | 'destination'

/** What happens to a request, in words that every ground can carry out. */
export type MatrixAction =
  | Exclude<FaultAction, { readonly kind: 'source-changed' | 'second-writer' | 'stale-head' | 'hook' }>
  /** somebody replaces the source after this many bytes of a reply; the reply goes on with the old bytes or, with `mix` (kit only), with the new */
  | { readonly kind: 'source-changed'; readonly afterBytes: number; readonly mix?: boolean }
  /** somebody else writes the destination's key just before the request, or just after it was carried out */
  | { readonly kind: 'second-writer'; readonly when: 'before' | 'after' }
  /** a HEAD that is behind: no such object, or the object that was there before the copy */
  | { readonly kind: 'stale-head'; readonly head: 'missing' | 'earlier' }

export interface RequestFault {
  readonly at: Side
  /** `times` comes from the cell's frequency where it is left out */
  readonly match: Omit<FaultMatch, 'bucket' | 'key'>
  /** under `once`, the first matching request to be hit; `always` begins with the very first */
  readonly onceNth?: number
  readonly action: MatrixAction
}

/** A fault of the connection, below HTTP (RGW only). The client opens a connection for each request then. */
export interface ConnectionFault {
  readonly at: Side
  /** the connection that is hit, from 1; under `always` it and all after it */
  readonly connection: number
  readonly rule: TcpFaultRule
}

export type MatrixFault = RequestFault | ConnectionFault

/** What lies at the destination afterwards. */
export type AtRest =
  /** the source's bytes, of the very state that the result names */
  | 'source'
  /** the object that was there before, untouched */
  | 'earlier'
  /** what somebody else wrote meanwhile, untouched */
  | 'second-writer'
  /** no object */
  | 'absent'
  /** bytes that are not the source's: only where theory leaves no way to tell */
  | 'harmed'

/** What a cell must come to; written down from the design's sections 4 and 5, never computed. */
export interface Expectation {
  /** one; more only where the design's words allow more (`because` says which) */
  readonly verdicts: readonly Verdict[]
  readonly assurance: Assurance
  /** of the result's error; empty: it has none */
  readonly codes: readonly ErrorCode[]
  readonly atRest: readonly AtRest[]
  /** the sentence of the design behind anything that is not plain */
  readonly because?: string
  /**
   * Counted apart. `open`: the case that theory leaves open, the same harm in every read of a source that offers nothing that binds.
   * `every-reading-wrong`: every reading of one end is harmed in the same way, so that no reader can tell the store from its way.
   */
  readonly apart?: 'open' | 'every-reading-wrong'
}

/** How the ground is prepared; each default is the plain case. */
export interface Setting {
  /** the destination's bucket keeps versions */
  readonly versionedDestination?: boolean
  /** the version's id in a reply of the destination is what is harmed: the judge looks at the key instead */
  readonly harmedVersionId?: boolean
  /** the source's bucket keeps versions */
  readonly versionedSource?: boolean
  /** nothing is at the destination before; default: another object is */
  readonly emptyDestination?: boolean
  /** the source was uploaded through the protocol, so that its checksums are stored (kit only; on RGW it always was) */
  readonly uploadedSource?: boolean
  /** the source's profile vouches for nothing, so that nothing can be compared */
  readonly opaqueSource?: boolean
  /** an abort is hit as well, or Create's replies are: uploads may be left, each named in `orphans` or found by `abortUploads` */
  readonly mayLeaveUploads?: boolean
}

export type CellOptions = Pick<MigrateObjectOptions, 'verify' | 'overwrite' | 'attempts'>

/** One fault on one way, with what it must come to for every shape, frequency and ground that it is tried with. */
export interface Row {
  readonly name: string
  readonly shapes: readonly ShapeName[]
  readonly grounds?: readonly Ground[]
  readonly setting?: Setting
  readonly options?: CellOptions
  readonly faults: (shape: Shape) => readonly MatrixFault[]
  /** left out: the row is not tried with that frequency */
  readonly once?: Expectation
  readonly always?: Expectation
  /** what differs for some shapes or grounds; the first that fits holds */
  readonly except?: readonly {
    readonly shapes?: readonly ShapeName[]
    readonly grounds?: readonly Ground[]
    readonly once?: Expectation
    readonly always?: Expectation
  }[]
}

/** One copy of one object under one fault. */
export interface Cell {
  /** `ground/row/shape/frequency`, also the key at the destination */
  readonly id: string
  readonly row: Row
  /** `evidence`: a cell of the evidence matrix, which brings its own stages */
  readonly ground: Ground | 'evidence'
  readonly shape: Shape
  readonly frequency: Frequency
  readonly expected: Expectation
}
