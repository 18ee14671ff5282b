import type * as S3 from '@aws-sdk/client-s3'
import { throwIfAborted } from '../abort.ts'
import { invalidOption, SealiftError } from '../errors.ts'
import { ObjectStoreError } from '../object-store-error.ts'
import type { StoreOptions } from '../ports/object-store.ts'
import type { WireHeaders } from './data-transport.ts'
import { locationHeaders } from './location-headers.ts'
import { type RequestListener, S3Caller } from './s3-call.ts'
import { isS3ClientLike, type S3ClientLike } from './s3-client-like.ts'
import { type CallContext, invalidReply, transportError } from './s3-errors.ts'
import { exchange, neverSent, type SdkCommand } from './sdk-exchange.ts'
import { createSdkTransport } from './sdk-transport.ts'
import { TransportFailure } from './transport-failure.ts'

export interface S3EndpointOptions {
  /** the caller's own client; never changed */
  readonly client: S3ClientLike
  /** absent: only the service itself can be asked */
  readonly bucket?: string | undefined
  /** for a connection, a reply's header, and between two chunks; default 10,000 */
  readonly timeoutMs?: number | undefined
  /** account id, sent as `x-amz-expected-bucket-owner` with every request that names the bucket */
  readonly expectedBucketOwner?: string | undefined
  readonly requestPayer?: 'requester' | undefined
  /** Told of every request after its reply's header came, or it failed. */
  readonly onRequest?: RequestListener | undefined
}

/** Where the client's own resolver sends its requests. */
export interface S3EndpointAddress {
  /** lower case, without port; the bucket is part of it under virtual-host addressing */
  readonly host: string
  readonly tls: boolean
}

/** A reply as the server sent it, errors included. */
export interface S3EndpointReply {
  readonly status: number
  /** names in lower case */
  readonly headers: WireHeaders
  /** a small XML body; empty for anything else */
  readonly text: string
}

/**
 * What can be asked without changing anything: a key that nobody has, the bucket (HEAD), the service (the list of buckets).
 */
export type S3EndpointQuestion = 'missing-object' | 'bucket' | 'service'

/** One version, or delete marker, of a key. `versionId` is null where the bucket's listing knows none. */
export interface ListedVersion {
  readonly key: string
  readonly versionId: string | null
}

/** What a bucket locks every new object with. Plain JSON data. */
export interface DefaultRetention {
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE'
  /** as the bucket's configuration has it: `30 days`, `1 years` */
  readonly period: string
}

/** An endpoint as detection and probing see it: its address, its raw replies, and every version below a prefix. */
export interface S3Endpoint {
  /** Nothing is sent for it. */
  address(): Promise<S3EndpointAddress>
  /** Any HTTP reply resolves. Rejects `ObjectStoreError` (`reason: 'transport'`) without one, or with the signal's reason. */
  ask(question: S3EndpointQuestion, options?: StoreOptions): Promise<S3EndpointReply>
  /** Versions, delete markers and plain objects whose key starts with `prefix`, all pages; keys of printable ASCII only. */
  versions(prefix: string, options?: StoreOptions): AsyncIterable<ListedVersion>
  /**
   * The bucket's default retention, by GetObjectLockConfiguration; null: it has none.
   * Rejects `ObjectStoreError` where the store does not answer that.
   */
  defaultRetention(options?: StoreOptions): Promise<DefaultRetention | null>
}

/** A key that nobody has; the random half keeps caches from answering. */
const missingKey = (): string => `.sealift-detect/${crypto.randomUUID()}`

/**
 * Opens an endpoint for questions that belong to no object.
 * @throws SealiftError `ERR_INVALID_OPTION`
 * @experimental
 */
export async function openS3Endpoint(options: S3EndpointOptions): Promise<S3Endpoint> {
  const { client, bucket, timeoutMs = 10_000 } = options
  if (!isS3ClientLike(client)) throw invalidOption('client', client, 'an AWS SDK v3 S3Client')
  if (bucket !== undefined && (typeof bucket !== 'string' || bucket === '')) throw invalidOption('bucket', bucket, 'the name of a bucket')
  const { always } = locationHeaders(options)
  const sdk = await import('@aws-sdk/client-s3')
  const deadlines = { connectTimeoutMs: timeoutMs, firstByteTimeoutMs: timeoutMs, idleTimeoutMs: timeoutMs }
  const caller = new S3Caller({ client, transport: createSdkTransport({ sdk, client, deadlines }), deadlines, onRequest: options.onRequest })
  const named = (): string => {
    if (bucket === undefined) throw invalidOption('bucket', bucket, 'the name of a bucket')
    return bucket
  }

  async function address(): Promise<S3EndpointAddress> {
    const command = bucket === undefined ? new sdk.ListBucketsCommand({}) : new sdk.HeadBucketCommand({ Bucket: bucket })
    const call: CallContext = { side: 'source', operation: 'the look-up of the endpoint', bucket: bucket ?? '', key: null }
    const found = await addressOf(client, command as unknown as SdkCommand).catch(async (error: unknown) => {
      throw transportError(call, await neverSent(client.config, error))
    })
    if (found === null) throw new SealiftError('ERR_INVALID_STATE', 'the client does not resolve an endpoint as the SDK does')
    return found
  }

  async function ask(question: S3EndpointQuestion, asked: StoreOptions = {}): Promise<S3EndpointReply> {
    throwIfAborted(asked.signal)
    const key = question === 'missing-object' ? missingKey() : null
    const command =
      question === 'service'
        ? new sdk.ListBucketsCommand({})
        : key === null
          ? new sdk.HeadBucketCommand({ Bucket: named() })
          : new sdk.GetObjectCommand({ Bucket: named(), Key: key })
    const call: CallContext = { side: 'source', operation: command.constructor.name.replace(/Command$/, ''), bucket: bucket ?? '', key }
    try {
      const done = await exchange(client, command as unknown as SdkCommand, {
        headers: question === 'service' ? {} : always,
        streamReply: false,
        ownContentType: false,
        xmlReply: 'declared',
        signal: asked.signal,
        deadlines,
      })
      done.finish(false)
      options.onRequest?.({ operation: call.operation, attempts: done.attempts })
      if (done.reply === null) throw invalidReply(call, 'no reply', done.attempts)
      return { status: done.reply.status, headers: done.reply.headers, text: done.reply.text }
    } catch (error) {
      if (!(error instanceof TransportFailure)) throw error
      options.onRequest?.({ operation: call.operation, attempts: error.attempts })
      throw transportError(call, error)
    }
  }

  async function* versions(prefix: string, asked: StoreOptions = {}): AsyncGenerator<ListedVersion> {
    const call: CallContext = { side: 'destination', operation: 'ListObjectVersions', bucket: named(), key: prefix }
    try {
      yield* versionPages(call, prefix, asked.signal)
    } catch (error) {
      // stores without versions do not know the operation
      if (!(error instanceof ObjectStoreError) || !WITHOUT_VERSIONS.has(error.reason)) throw error
      yield* plainPages(prefix, asked.signal)
    }
  }

  async function* versionPages(call: CallContext, prefix: string, signal: AbortSignal | undefined): AsyncGenerator<ListedVersion> {
    const seen = new Set<string>()
    let markers: { KeyMarker?: string; VersionIdMarker?: string } = {}
    for (;;) {
      const command = new sdk.ListObjectVersionsCommand({ Bucket: call.bucket, Prefix: prefix, ...markers })
      const page = await caller.control<S3.ListObjectVersionsCommandOutput>(call, command, { headers: always, xmlReply: 'sniffed', signal })
      const { output } = page
      for (const { Key, VersionId } of [...(output.Versions ?? []), ...(output.DeleteMarkers ?? [])]) {
        if (Key?.startsWith(prefix) === true) yield { key: Key, versionId: VersionId ?? null }
      }
      if (output.IsTruncated !== true) return
      markers = {
        ...(output.NextKeyMarker === undefined ? {} : { KeyMarker: output.NextKeyMarker }),
        ...(output.NextVersionIdMarker === undefined ? {} : { VersionIdMarker: output.NextVersionIdMarker }),
      }
      const place = JSON.stringify(markers)
      if (markers.KeyMarker === undefined || seen.has(place)) throw invalidReply(call, 'the listing does not advance', page.attempts)
      seen.add(place)
    }
  }

  async function* plainPages(prefix: string, signal: AbortSignal | undefined): AsyncGenerator<ListedVersion> {
    const call: CallContext = { side: 'destination', operation: 'ListObjectsV2', bucket: named(), key: prefix }
    const seen = new Set<string>()
    let token: string | undefined
    for (;;) {
      const command = new sdk.ListObjectsV2Command({ Bucket: call.bucket, Prefix: prefix, ...(token === undefined ? {} : { ContinuationToken: token }) })
      const page = await caller.control<S3.ListObjectsV2CommandOutput>(call, command, { headers: always, xmlReply: 'sniffed', signal })
      for (const { Key } of page.output.Contents ?? []) if (Key?.startsWith(prefix) === true) yield { key: Key, versionId: null }
      if (page.output.IsTruncated !== true) return
      token = page.output.NextContinuationToken
      if (token === undefined || seen.has(token)) throw invalidReply(call, 'the listing does not advance', page.attempts)
      seen.add(token)
    }
  }

  async function defaultRetention(asked: StoreOptions = {}): Promise<DefaultRetention | null> {
    const call: CallContext = { side: 'destination', operation: 'GetObjectLockConfiguration', bucket: named(), key: null }
    const command = new sdk.GetObjectLockConfigurationCommand({ Bucket: call.bucket })
    try {
      const { output } = await caller.control<S3.GetObjectLockConfigurationCommandOutput>(call, command, {
        headers: always,
        xmlReply: 'sniffed',
        signal: asked.signal,
      })
      const { Mode: mode, Days: days, Years: years } = output.ObjectLockConfiguration?.Rule?.DefaultRetention ?? {}
      if (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') return null
      return { mode, period: years === undefined ? `${days ?? '?'} days` : `${years} years` }
    } catch (error) {
      if (error instanceof ObjectStoreError && error.context.serverCode === 'ObjectLockConfigurationNotFoundError') return null
      throw error
    }
  }

  return { address, ask, versions, defaultRetention }
}

/** How a store answers ListObjectVersions that does not know it. */
const WITHOUT_VERSIONS: ReadonlySet<ObjectStoreError['reason']> = new Set(['not-implemented', 'invalid-request', 'invalid-reply', 'access-denied'])

interface ResolvedRequest {
  readonly protocol: string
  readonly hostname: string
}

/** Runs a command as far as its endpoint is known; it is never sent. */
async function addressOf(client: S3ClientLike, command: SdkCommand): Promise<S3EndpointAddress | null> {
  let found: S3EndpointAddress | null = null
  const add = command.middlewareStack.add as (middleware: unknown, options: object) => void
  add.call(
    command.middlewareStack,
    () => async (args: { readonly request: ResolvedRequest }) => {
      const { protocol, hostname } = args.request
      found = { host: hostname.toLowerCase(), tls: protocol === 'https:' }
      return { response: {}, output: { $metadata: {} } }
    },
    { step: 'build', priority: 'high', name: 'sealiftAddress', override: true },
  )
  await client.send(command as never)
  return found
}
