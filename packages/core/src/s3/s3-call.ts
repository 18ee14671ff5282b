import type { DataReply, DataRequest, DataTransport } from './data-transport.ts'
import type { S3ClientLike } from './s3-client-like.ts'
import { type CallContext, invalidReply, isErrorDocument, replyError, transportError } from './s3-errors.ts'
import { type Exchange, type ExchangeOptions, exchange, type RawReply, type SdkCommand } from './sdk-exchange.ts'
import { TransportFailure } from './transport-failure.ts'
import type { Deadlines } from './watchdog.ts'

/** Told of every call, after it ended. */
export type RequestListener = (info: { readonly operation: string; readonly attempts: number }) => void

/** Sends the two kinds of calls and turns what goes wrong into `ObjectStoreError`. */
export class S3Caller {
  readonly #client: S3ClientLike
  readonly #transport: DataTransport
  readonly #deadlines: Deadlines
  readonly #onRequest: RequestListener | undefined
  readonly #onPlain: (() => void) | undefined

  /** @param options - `onPlain`: told of a reply with data that came without TLS */
  constructor(options: {
    client: S3ClientLike
    transport: DataTransport
    deadlines: Deadlines
    onRequest: RequestListener | undefined
    onPlain?: () => void
  }) {
    this.#client = options.client
    this.#transport = options.transport
    this.#deadlines = options.deadlines
    this.#onRequest = options.onRequest
    this.#onPlain = options.onPlain
  }

  /** One of the four operations that move objects. Resolves for a 2xx only. */
  async data(call: CallContext, request: DataRequest): Promise<DataReply> {
    let reply: DataReply
    try {
      reply = await this.#transport.send(request)
    } catch (error) {
      throw this.#refused(call, error)
    }
    if (!reply.tls) this.#onPlain?.()
    this.#onRequest?.({ operation: call.operation, attempts: reply.attempts })
    if (reply.status >= 200 && reply.status < 300) return reply
    const text = await textOf(reply)
    throw replyError(call, { status: reply.status, headers: reply.headers, text, attempts: reply.attempts })
  }

  /** Any other command, by the SDK. */
  async control<Output>(
    call: CallContext,
    command: unknown,
    options: Omit<ExchangeOptions, 'deadlines' | 'streamReply' | 'ownContentType'> & {
      readonly ownContentType?: boolean
      /** what the server has to do before it answers takes so much longer than usual */
      readonly extraWaitMs?: number
    },
  ): Promise<{ readonly output: Output; readonly reply: RawReply; readonly attempts: number }> {
    const { extraWaitMs = 0, ...rest } = options
    const { firstByteTimeoutMs, idleTimeoutMs } = this.#deadlines
    const deadlines = { ...this.#deadlines, firstByteTimeoutMs: firstByteTimeoutMs + extraWaitMs, idleTimeoutMs: idleTimeoutMs + extraWaitMs }
    let done: Exchange
    try {
      done = await exchange(this.#client, command as SdkCommand, { ownContentType: false, ...rest, streamReply: false, deadlines })
    } catch (error) {
      throw this.#refused(call, error)
    }
    done.finish(false)
    this.#onRequest?.({ operation: call.operation, attempts: done.attempts })
    const { reply, attempts } = done
    if (reply === null) throw invalidReply(call, 'no reply', attempts)
    if (reply.status < 200 || reply.status >= 300 || isErrorDocument(reply.text)) throw replyError(call, { ...reply, attempts })
    if (done.error !== null) {
      const what = done.error instanceof TransportFailure ? done.error.message : 'the reply cannot be understood'
      throw invalidReply(call, what, attempts)
    }
    return { output: done.output as Output, reply, attempts }
  }

  /** What a reply's body ends with, in the port's terms. */
  bodyError(call: CallContext, error: unknown): unknown {
    return error instanceof TransportFailure ? transportError(call, error) : error
  }

  #refused(call: CallContext, error: unknown): unknown {
    if (error instanceof TransportFailure) this.#onRequest?.({ operation: call.operation, attempts: error.attempts })
    return this.bodyError(call, error)
  }
}

/** A small body as text; a broken one as far as it came. */
export async function textOf(reply: DataReply): Promise<string> {
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of reply.body) chunks.push(chunk)
  } catch (error) {
    if (!(error instanceof TransportFailure)) throw error
  }
  return Buffer.concat(chunks).toString('utf8')
}
