import type { DueFaults } from './due-faults.ts'
import type { RequestIntake } from './request-intake.ts'
import type { S3Request } from './s3-request.ts'
import type { ServerState } from './server-state.ts'
import type { VerifiedSignature } from './signature.ts'
import type { StoredBody } from './stored-body.ts'

/** One request on its way through the server. */
export interface Exchange {
  readonly state: ServerState
  readonly request: S3Request
  readonly operation: string
  /** null for an anonymous request */
  readonly signature: VerifiedSignature | null
  readonly faults: DueFaults
  readonly intake: RequestIntake
}

/** A stretch of a stored body. */
export interface BodyRange {
  readonly body: StoredBody
  readonly start: number
  readonly end: number
}

/** What a handler answers. */
export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | BodyRange
  /** Sent without `Content-Length`. */
  readonly isOfUnknownLength?: boolean
}

export type Handler = (exchange: Exchange) => Reply | Promise<Reply>

/** An XML answer. */
export function xmlReply(body: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status: 200, headers: { 'content-type': 'application/xml', ...headers }, body }
}
