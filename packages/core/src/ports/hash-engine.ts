import type { HashAlgorithm } from '../checksum/algorithm.ts'

/**
 * Hashes many streams at once. `push` may only note a chunk; `flush` does the work that was noted, so that an engine can
 * hash several streams side by side (multi-buffer MD5). The native engine hashes in `push` and its `flush` does nothing.
 */
export interface HashEngine {
  /** A new stream. Throws `ERR_INVALID_OPTION` for an algorithm that the engine does not have ready. */
  open(algorithms: readonly HashAlgorithm[]): HashStream
  /** The same digests of bytes that are all there: for few of them cheaper than a stream. Absent: a stream has to be opened. */
  digest?(algorithms: readonly HashAlgorithm[], bytes: Uint8Array): Readonly<Partial<Record<HashAlgorithm, Uint8Array>>>
  /** Hash everything that was pushed. Call it once per turn, before a pushed buffer is reused. */
  flush(): void
  /** Frees what the engine holds; streams that are still open are abandoned. */
  close(): void
}

export interface HashStream {
  /** @param chunk - borrowed until the engine's `flush()` returns: do not change or reuse it before */
  push(chunk: Uint8Array): void
  /** Bytes pushed so far. */
  readonly sizeBytes: number
  /** Ends the stream: raw digests (CRCs and XXHASH big-endian) of everything pushed. A second call, or a push after it, throws `ERR_INVALID_STATE`. */
  digests(): Readonly<Partial<Record<HashAlgorithm, Uint8Array>>>
  /** Ends the stream without a result. Idempotent. */
  abandon(): void
}
