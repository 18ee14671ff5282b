import type { ObjectStat, WriteReceipt } from '../ports/object-store.ts'
import type { EncryptionKind, ProviderProfile } from '../ports/provider-profile.ts'
import type { Written } from '../verify/destination-evidence.ts'

/** What became of a write that the destination took, as far as its replies tell. */
export interface WriteOutcome {
  readonly written: Written
  /** the reply of the write; null: it never came, and a HEAD or a read-back stands in */
  readonly receipt: WriteReceipt | null
  /** a try of the write ended without a reply: a HEAD after the last reply is obligatory */
  readonly ambiguous: boolean
  /** the object that a HEAD showed to be ours, where the reply was lost */
  readonly head: ObjectStat | null
  /** monotonic, when the write began */
  readonly startedAtMs: number
  /** the ETag that the destination must show by its profile; null: it cannot be told */
  readonly predictedEtag: string | null
  /** encryptions under which it shows another one */
  readonly opaqueWith?: readonly EncryptionKind[]
  /** what its replies may claim, where that is less than the destination's profile says: a copy inside the store may have its values from the source */
  readonly claims?: ProviderProfile
}
