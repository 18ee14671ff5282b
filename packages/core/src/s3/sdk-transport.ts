import type { DataReply, DataRequest, DataTransport } from './data-transport.ts'
import { calledOff } from './request-body.ts'
import type { S3ClientLike } from './s3-client-like.ts'
import { destroy, type Exchange, exchange, type ReplyStream, type SdkCommand } from './sdk-exchange.ts'
import { TransportFailure } from './transport-failure.ts'
import type { Deadlines } from './watchdog.ts'

type Sdk = typeof import('@aws-sdk/client-s3')

/** Data operations through the caller's own client. */
export function createSdkTransport(options: { sdk: Sdk; client: S3ClientLike; deadlines: Deadlines }): DataTransport {
  const { sdk, client, deadlines } = options
  return {
    async send(request) {
      // the SDK's handlers send a body that is begun to its end
      if (request.body?.kind === 'bytes' && request.body.mayComplete?.() === false) throw calledOff(0)
      const done = await exchange(client, commandFor(sdk, request), {
        headers: request.headers,
        query: request.query,
        streamReply: request.operation === 'GetObject' || request.operation === 'HeadObject',
        ownContentType: true,
        body: request.body,
        payloadSha256: request.payloadSha256,
        signal: request.signal,
        freshConnection: request.freshConnection,
        deadlines,
      })
      return dataReply(done, request)
    },
    close() {},
  }
}

function commandFor(sdk: Sdk, request: DataRequest): SdkCommand {
  const place = { Bucket: request.bucket, Key: request.key }
  switch (request.operation) {
    case 'GetObject':
      return new sdk.GetObjectCommand(place) as unknown as SdkCommand
    case 'HeadObject':
      return new sdk.HeadObjectCommand(place) as unknown as SdkCommand
    case 'PutObject':
      return new sdk.PutObjectCommand(place) as unknown as SdkCommand
    case 'UploadPart':
      return new sdk.UploadPartCommand({
        ...place,
        UploadId: request.query['uploadId'] ?? '',
        PartNumber: Number(request.query['partNumber']),
      }) as unknown as SdkCommand
  }
}

function dataReply(done: Exchange, request: DataRequest): DataReply {
  const reply = done.reply
  if (reply === null) {
    done.finish(true)
    throw new TransportFailure('connection', 'no reply', done.attempts)
  }
  const common = { status: reply.status, headers: reply.headers, attempts: done.attempts, tls: done.tls }
  if (reply.stream === null || request.operation === 'HeadObject') {
    destroyUnread(reply.stream)
    done.finish(false)
    const text = Buffer.from(reply.text, 'utf8')
    return {
      ...common,
      body: (async function* () {
        if (text.byteLength > 0) yield text
      })(),
      discard() {},
    }
  }
  const body = new ReplyBody(reply.stream, done, request.signal)
  return { ...common, body, discard: () => body.discard() }
}

/** A HEAD's reply has no body, but the stream must be read or dropped for its connection to come free. */
function destroyUnread(stream: ReplyStream | null): void {
  const readable = stream as { resume?: () => unknown } | null
  if (typeof readable?.resume === 'function') readable.resume()
  else destroy(stream)
}

/** The body of a reply under the idle watchdog. Read once. */
class ReplyBody implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array> {
  readonly #stream: ReplyStream
  readonly #exchange: Exchange
  readonly #signal: AbortSignal | undefined
  #iterator: AsyncIterator<Uint8Array> | null = null
  #ended = false

  constructor(stream: ReplyStream, done: Exchange, signal: AbortSignal | undefined) {
    this.#stream = stream
    this.#exchange = done
    this.#signal = signal
    // an abort or a broken connection before the first read emits an error that nobody hears yet
    const emitter = stream as { on?: (event: string, listener: () => void) => unknown }
    emitter.on?.('error', () => {})
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return this
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    if (this.#ended) return { done: true, value: undefined }
    const { watchdog } = this.#exchange
    watchdog.resume()
    try {
      this.#iterator ??= this.#stream[Symbol.asyncIterator]()
      const result = await this.#iterator.next()
      watchdog.pause()
      if (result.done === true) {
        if (this.#signal?.aborted === true || watchdog.expired !== null) throw new Error('ended early')
        this.#end(false)
      }
      return result
    } catch (error) {
      watchdog.pause()
      this.#end(true)
      if (this.#signal?.aborted === true) throw this.#signal.reason
      if (watchdog.expired !== null) throw new TransportFailure('idle', watchdog.message, this.#exchange.attempts)
      const code = (error as { code?: unknown }).code
      throw new TransportFailure('connection', typeof code === 'string' ? code : 'the reply ended early', this.#exchange.attempts)
    }
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.#end(true)
    return { done: true, value: undefined }
  }

  discard(): void {
    this.#end(true)
  }

  #end(drop: boolean): void {
    if (this.#ended) return
    this.#ended = true
    if (drop) destroy(this.#stream)
    this.#exchange.finish(drop)
  }
}
