import { invalidOption } from '../../errors.ts'
import type { DataReply, DataRequest, DataTransport } from '../data-transport.ts'
import { TransportFailure } from '../transport-failure.ts'
import type { Deadlines } from '../watchdog.ts'
import type { BucketDecision, DirectClient } from './direct-client.ts'
import { sendDirect } from './direct-exchange.ts'
import { withinDeadline } from './within-deadline.ts'

/** Told when the way of a bucket's data is chosen, and when it changes. `reason` says why it is not direct; null where it is. */
export type TransportListener = (info: { readonly transport: 'direct' | 'sdk'; readonly reason: string | null }) => void

const MAX_TOLD = 1_000

/**
 * Data operations by the direct path where the client and the bucket allow it, else by the SDK.
 *
 * @param options - `mode: 'direct'` never takes the SDK: a bucket that cannot go direct rejects with `ERR_INVALID_OPTION`
 */
export function createRoutedTransport(options: {
  readonly direct: DirectClient
  readonly sdk: DataTransport
  readonly deadlines: Deadlines
  readonly mode: 'auto' | 'direct'
  readonly onTransport: TransportListener | undefined
}): DataTransport {
  const { direct, sdk, deadlines, mode, onTransport } = options
  const told = new Map<string, string | null>()

  function tell(bucket: string, reason: string | null): void {
    if (onTransport === undefined || told.get(bucket) === reason) return
    if (told.size >= MAX_TOLD) told.clear()
    told.set(bucket, reason)
    onTransport({ transport: reason === null ? 'direct' : 'sdk', reason })
  }

  async function decide(request: DataRequest): Promise<BucketDecision> {
    // the SDK reports in its own words what keeps it from resolving a bucket
    const safe = direct.decide(request.bucket).catch((error: unknown): BucketDecision | Promise<BucketDecision> => {
      if (mode === 'direct') return unresolved(error)
      return { transport: 'sdk', reason: 'the client cannot resolve the bucket' }
    })
    return withinDeadline(safe, { signal: request.signal, timeoutMs: deadlines.firstByteTimeoutMs })
  }

  /** As the SDK transport puts it. */
  async function unresolved(error: unknown): Promise<never> {
    await direct.credentials(false)
    const { message } = (error ?? {}) as { message?: unknown }
    throw new TransportFailure('request', `the client does not send it: ${typeof message === 'string' ? message : 'no reason given'}`, 0)
  }

  async function send(request: DataRequest): Promise<DataReply> {
    const decision = direct.decided(request.bucket) ?? (await decide(request))
    if (decision.transport === 'sdk') {
      if (mode === 'direct') throw refused(decision.reason)
      tell(request.bucket, decision.reason)
      return sdk.send(request)
    }
    tell(request.bucket, null)
    const { reply, leave } = await sendDirect({ client: direct, route: decision.route, request, deadlines })
    if (leave === null || mode === 'direct') return reply
    direct.leaveToSdk(request.bucket, leave)
    tell(request.bucket, leave)
    if (request.body?.kind === 'stream') return reply
    const again = await sdk.send(request).catch((error: unknown) => {
      throw error instanceof TransportFailure ? new TransportFailure(error.kind, error.message, error.attempts + reply.attempts) : error
    })
    return { ...again, attempts: again.attempts + reply.attempts, body: again.body, discard: () => again.discard() }
  }

  return {
    send,
    close(options) {
      sdk.close(options)
      if (options?.idleConnections === true) direct.http.dropIdle()
    },
  }
}

/** For `transport: 'direct'` where the client or a bucket cannot go direct. */
export function refused(reason: string): Error {
  return invalidOption('transport', 'direct', `'auto' or 'sdk': ${reason}`)
}
