import type { ObjectKind, Scale } from './object-kinds.ts'

/** What an object of one kind at one store offers the source leg. */
export interface SourceOffer {
  /**
   * - `binds`: a digest of the whole object that the store is trusted for: an equal one proves, two reads that differ from it condemn
   * - `proves`: a value that proves where it is equal, and says nothing for certain where it is not
   * - `nothing`: no value can be compared
   */
  readonly claim: 'binds' | 'proves' | 'nothing'
  /**
   * How its part sizes come to be known before the write.
   * - `single`: it has no parts
   * - `told`: the store tells each part's size, or the first one's where all are equal
   * - `mistold`: the store tells the count and the first part's size only, and the parts are not equal: they are taken for equal ones
   * - `derived`: found by size and ETag
   */
  readonly layout: 'single' | 'told' | 'mistold' | 'derived' | 'unknown'
  /** requests that ask for its part sizes */
  readonly questions: number
}

/** The store cannot hold such an object; why. */
export interface NotHeld {
  readonly notHeld: string
}

/** What proves a write. `reply`: the write's own reply; `head`: a HEAD after it; `read-back`: only its bytes, read again (after that HEAD). */
export type WriteProof = 'reply' | 'head' | 'read-back'

export interface DestinationOffer {
  readonly single: WriteProof
  /** a multipart write is looked at by HEAD in any case, for its size */
  readonly multipart: Exclude<WriteProof, 'reply'>
  /** a single PUT under SSE-KMS; null: refused or ignored there, so that none is asked for */
  readonly kms: WriteProof | null
  /** one PUT that carries a SHA-256, as the source's checksum is one (`checksum-composite`); left out: as `single` */
  readonly sha256?: WriteProof
  /** all parts but the last must have one size */
  readonly equalPartsOnly: boolean
  /** a body that was harmed on its way is refused; moto stores it */
  readonly bodies: 'checked' | 'unchecked'
  /** no reply names what was written: wrong bytes there may be somebody else's, so that nothing is condemned, written again or deleted */
  readonly nameless?: true
}

/** A store of the matrix: a personality of the kit, or a real server. */
export interface StoreFacts {
  /** also the personality's name, where it is one */
  readonly id: string
  readonly name: string
  readonly scale: Scale
  /** of `@sealift/provider-detect`; told to the engine */
  readonly profileId: string
  /** a made-up store with one odd habit: as an end of the legs, not in pairs nor in the full product */
  readonly legsOnly?: true
  readonly source: Readonly<Record<ObjectKind, SourceOffer | NotHeld>>
  readonly destination: DestinationOffer
}

export function isHeld(offer: SourceOffer | NotHeld): offer is SourceOffer {
  return !('notHeld' in offer)
}
