import type { ObjectRef, ObjectStore } from '@sealift/core'

/** What a case works with. Keys are its own: `prefix` is unlike any other case's. */
export interface ConformanceContext {
  readonly store: ObjectStore
  readonly bucket: string
  readonly prefix: string
  ref(name: string): ObjectRef
  busySockets(): number
}

/** One behaviour. The name says it; `run` rejects where it does not hold. */
export interface ConformanceCase {
  readonly name: string
  /** makes more than a thousand requests, to fill a page */
  readonly large?: boolean
  run(context: ConformanceContext): Promise<void>
}
