import type { S3Client } from '@aws-sdk/client-s3'
import type { DetectProvider, Location, ProviderProfile } from '@sealift/core'
import type { KnownBytes } from './object-bytes.ts'

/** One end of a cell's copy. */
export interface StageEnd {
  readonly bucket: string
  readonly key: string
  readonly profile: ProviderProfile
  readonly sse?: NonNullable<Location['sse']>
  /** through the faults: what the engine gets */
  readonly client: S3Client
  /** past the faults: what the judge reads with */
  readonly plain: S3Client
}

/** A cell's ground, prepared: the source is there, the faults are armed. */
export interface Stage {
  readonly source: StageEnd
  readonly destination: StageEnd
  /** the engine is not told the profiles, and asks this instead */
  readonly detect?: DetectProvider
  /** every state that the source was in, the first one first; read after the copy */
  readonly sourceStates: () => Promise<readonly KnownBytes[]>
  /** how often each of the cell's faults took effect, in their order */
  readonly fired: () => readonly number[]
  /** ends the faults; the servers stay */
  readonly lift: () => Promise<void>
  /** removes what the cell wrote and closes what it opened */
  readonly close: () => Promise<void>
}
