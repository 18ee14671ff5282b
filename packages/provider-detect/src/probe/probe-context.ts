import { type ObjectRef, type ObjectStore, ObjectStoreError, type StoreFailureReason, type StoreOptions } from '@sealift/core'
import type { ProbeAnswer, ProbedClaim, ProbedClaims } from './probe-answer.ts'

/** The probe asks no further: its requests or its time are used up. */
export class ProbeEnded extends Error {}

/** What one request came to: done, refused by the store, or no answer at all. */
export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'refused'; readonly reason: StoreFailureReason; readonly message: string; readonly error: ObjectStoreError }
  | { readonly kind: 'unanswered'; readonly message: string; readonly error: ObjectStoreError }

/** Failures that say something about the store, not about the question. */
const NO_ANSWER: ReadonlySet<StoreFailureReason> = new Set([
  'throttled',
  'server-error',
  'transport',
  'incomplete-body',
  'invalid-reply',
  'access-denied',
  'credentials',
  'no-such-bucket',
  'archived',
])

/** What the probe put into the bucket and has to take out again. */
export interface ProbeTrace {
  readonly objects: { readonly key: string; readonly versionId: string | null }[]
  readonly uploads: { readonly key: string; readonly uploadId: string }[]
  /** a write ended without a reply: it may take effect later */
  lostWrite: boolean
}

/**
 * What all questions share. Writes are never broken off: one that is under way at an abort is waited for, so that nothing appears after the clean-up.
 */
export class ProbeContext {
  /** asks for checksums, and names the size on Complete */
  readonly asking: ObjectStore
  /** sends nothing that a store might not know */
  readonly plain: ObjectStore
  readonly bucket: string
  readonly prefix: string
  readonly trace: ProbeTrace = { objects: [], uploads: [], lostWrite: false }
  /** keys whose write was refused: one of them in the bucket belies the refusal */
  readonly refusedKeys: Map<string, ProbedClaim> = new Map()
  /** what a wrong digest of a part comes to was asked */
  partsChecked = false
  readonly #answers: Map<ProbedClaim, ProbeAnswer> = new Map()
  readonly #signal: AbortSignal
  readonly #mayAsk: () => boolean

  constructor(options: {
    readonly asking: ObjectStore
    readonly plain: ObjectStore
    readonly bucket: string
    readonly prefix: string
    readonly signal: AbortSignal
    readonly mayAsk: () => boolean
  }) {
    this.asking = options.asking
    this.plain = options.plain
    this.bucket = options.bucket
    this.prefix = options.prefix
    this.#signal = options.signal
    this.#mayAsk = options.mayAsk
  }

  ref(name: string): ObjectRef {
    return { bucket: this.bucket, key: `${this.prefix}${name}` }
  }

  /** A read; ends at once on an abort. */
  async read<T>(request: (options: StoreOptions) => Promise<T>): Promise<Outcome<T>> {
    this.#check()
    return this.#outcome(request({ signal: this.#signal }))
  }

  /** A write; is waited for, also on an abort. */
  async write<T extends { readonly versionId?: string | null }>(ref: ObjectRef, request: () => Promise<T>): Promise<Outcome<T>> {
    this.#check()
    this.trace.objects.push({ key: ref.key, versionId: null })
    const outcome = await this.#outcome(request())
    if (outcome.kind === 'done' && typeof outcome.value.versionId === 'string') this.trace.objects.push({ key: ref.key, versionId: outcome.value.versionId })
    if (outcome.kind === 'unanswered' && !outcome.error.replied) this.trace.lostWrite = true
    this.#signal.throwIfAborted()
    return outcome
  }

  /** Any other change: waited for, and nothing that has to be taken out again. */
  async change<T>(request: () => Promise<T>): Promise<Outcome<T>> {
    this.#check()
    const outcome = await this.#outcome(request())
    this.#signal.throwIfAborted()
    return outcome
  }

  /** Begins an upload; it is noted until it is known to be gone. */
  async begin(ref: ObjectRef, request: () => Promise<{ readonly uploadId: string }>): Promise<Outcome<string>> {
    this.#check()
    const outcome = await this.#outcome(request())
    if (outcome.kind === 'done') this.trace.uploads.push({ key: ref.key, uploadId: outcome.value.uploadId })
    if (outcome.kind === 'unanswered' && !outcome.error.replied) this.trace.lostWrite = true
    this.#signal.throwIfAborted()
    return outcome.kind === 'done' ? { kind: 'done', value: outcome.value.uploadId } : outcome
  }

  answer<C extends ProbedClaim>(claim: C, value: ProbedClaims[C] | null, reason: string): void {
    this.#answers.set(claim, { claim, value, reason })
  }

  /** No answer, where there is none yet. */
  leave(claim: ProbedClaim, reason: string): void {
    if (!this.#answers.has(claim)) this.answer(claim, null, reason)
  }

  valueOf<C extends ProbedClaim>(claim: C): ProbedClaims[C] | null {
    return (this.#answers.get(claim)?.value ?? null) as ProbedClaims[C] | null
  }

  get answers(): ReadonlyMap<ProbedClaim, ProbeAnswer> {
    return this.#answers
  }

  #check(): void {
    this.#signal.throwIfAborted()
    if (!this.#mayAsk()) throw new ProbeEnded()
  }

  async #outcome<T>(request: Promise<T>): Promise<Outcome<T>> {
    try {
      return { kind: 'done', value: await request }
    } catch (error) {
      if (!(error instanceof ObjectStoreError)) throw error
      const seen = error.context.status === undefined ? error.reason : `${error.context.status} ${error.context.serverCode ?? error.reason}`
      if (NO_ANSWER.has(error.reason)) return { kind: 'unanswered', message: seen, error }
      return { kind: 'refused', reason: error.reason, message: seen, error }
    }
  }
}
