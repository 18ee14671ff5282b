import type { S3Operation } from './s3-operation.ts'

/**
 * Which requests a fault hits. A field that is left out matches everything.
 *
 * Each rule counts the requests that its fields match, in the order in which their heads arrive, and hits those
 * from the `nth` on, `times` of them. So `{ operation: 'UploadPart', nth: 2 }` hits the second UploadPart, once.
 */
export interface FaultMatch {
  readonly operation?: S3Operation | readonly S3Operation[]
  readonly bucket?: string
  /** The decoded key (UTF-8). */
  readonly key?: string
  /** From `?partNumber=`; a part's upload, or a read of one part. */
  readonly partNumber?: number
  /**
   * The first matching request to be hit, from 1.
   * @defaultValue 1
   */
  readonly nth?: number
  /**
   * How many matching requests are hit, from the `nth` on.
   * @defaultValue 1
   */
  readonly times?: number | 'always'
}

/** The direction of a message's way: client to server, or server to client. */
export type WireLeg = 'request' | 'response'

/** What a hook is told. */
export interface FaultHookInfo {
  readonly operation: S3Operation
  readonly bucket: string | null
  readonly key: string | null
  readonly partNumber: number | null
  /** The n-th request since the start, from 1. */
  readonly requestNumber: number
  readonly when: 'before-forward' | 'before-reply' | 'during-reply'
  /** The status that the server gave; null before it was asked. */
  readonly status: number | null
}

/**
 * What happens to a request that a rule hits.
 *
 * Offsets (`at`, `afterBytes`) are in bytes of the message's body as it is on the wire, from 0: the framing of
 * `Transfer-Encoding: chunked` does not count, that of `aws-chunked` does. A fault whose offset the body does not reach does not fire.
 */
export type FaultAction =
  /** The lowest bit of byte `at` is inverted: on its way to the server, on its way back, or (`rest`, in-process server only) in what is stored. */
  | { readonly kind: 'flip'; readonly leg: WireLeg | 'rest'; readonly at: number }
  /** `at` bytes of the body pass, then the connection is closed in good order; the declared length stands. A cut request gets no answer. */
  | { readonly kind: 'truncate'; readonly leg: WireLeg; readonly at: number }
  /** `at` bytes of the body pass, then the connections are reset (RST). */
  | { readonly kind: 'reset'; readonly leg: WireLeg; readonly at: number }
  /** `at` bytes of the body pass, then nothing more, and nothing is closed. */
  | { readonly kind: 'stall'; readonly leg: WireLeg; readonly at: number }
  /** Answered with this status and an S3 error document; the server never sees the request. `code` has a default for 429, 500 and 503. */
  | { readonly kind: 'status'; readonly status: number; readonly code?: string; readonly retryAfterSeconds?: number }
  /** Answered with 200 and an error document. With `done` the server carries the request out all the same. Defaults: `InternalError`, false. */
  | { readonly kind: 'error-in-200'; readonly code?: string; readonly done?: boolean }
  /** Carried out by the server; its reply is lost and the client's connection is reset. */
  | { readonly kind: 'lost-reply' }
  /** The client's connection is reset; the server never sees the request. */
  | { readonly kind: 'never-arrives' }
  /** The request waits this long before it is carried out. */
  | { readonly kind: 'delay'; readonly delayMs: number }
  /**
   * The object is replaced while it is being read, after this many body bytes were sent (in-process server only; with the proxy
   * a `hook` does it). The bytes of the read go on from the old object, or, with `mix`, from the new one.
   */
  | { readonly kind: 'source-changed'; readonly afterBytes: number; readonly body?: string | Uint8Array; readonly mix?: boolean }
  /**
   * A HEAD is answered from the past: with 404, with these headers (status 200; nothing else of the true answer is kept), or with `'previous'`,
   * the last reply that a HEAD or GET of the key had before the latest write to it passed (404 when there was none).
   */
  | { readonly kind: 'stale-head'; readonly head: Readonly<Record<string, string>> | 404 | 'previous' }
  /** One character of a header's value becomes another: the first decimal digit another decimal digit or, where there is none, the first letter another letter. */
  | { readonly kind: 'flip-header'; readonly leg: WireLeg; readonly name: string }
  /** Somebody else writes `body` at the request's key just before or just after it is carried out (in-process server only; with the proxy a `hook` does it). */
  | { readonly kind: 'second-writer'; readonly when: 'before' | 'after'; readonly body?: string | Uint8Array }
  /** `If-Match`, `If-None-Match` and their like are not looked at (in-process server only: in the proxy the signature forbids it). */
  | { readonly kind: 'ignore-conditions' }
  /** The reply repeats the checksums that the request's headers claimed, whatever the bytes were; the in-process server does not check them either. */
  | { readonly kind: 'echo-checksum' }
  /** `run` is awaited before the request is forwarded, before its reply is given, or after `afterBytes` bytes of the reply's body. */
  | {
      readonly kind: 'hook'
      readonly when: FaultHookInfo['when']
      readonly afterBytes?: number
      readonly run: (info: FaultHookInfo) => void | Promise<void>
    }

/** The kinds of {@link FaultAction}. */
export type FaultKind = FaultAction['kind']

/**
 * One fault: which requests, and what happens to them. When several rules hit one request, the first in the list wins (in the in-process
 * server `delay`, `ignore-conditions` and `echo-checksum` go together with any other).
 *
 * No reply at all to a request that was carried out, and no reset either, is a `hook` before the reply that does not end.
 */
export interface FaultRule {
  readonly match: FaultMatch
  readonly action: FaultAction
}

/** A fault that took effect. */
export interface FiredFault {
  readonly rule: FaultRule
  readonly operation: S3Operation
  readonly bucket: string | null
  readonly key: string | null
  readonly partNumber: number | null
  /** The n-th request since the start, from 1. */
  readonly requestNumber: number
}
