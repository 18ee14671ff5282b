import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { FaultRule } from '../faults/fault-rule.ts'
import { toBytes, toText } from './byte-string.ts'
import { FaultPlan, type FiredServerFault, type ServerFaultRule } from './fault-plan.ts'
import { foreignObject, PLAIN_DESCRIPTION } from './foreign-object.ts'
import { generatedObject, GeneratedObjects, type GeneratedFamily, type GeneratedObject } from './generated-objects.ts'
import { LazyETag } from './object-state.ts'
import { PERSONALITIES, type Personality, type PersonalityName } from './personality.ts'
import { aws } from './personalities/aws.ts'
import { ceph } from './personalities/ceph.ts'
import { minio } from './personalities/minio.ts'
import { r2 } from './personalities/r2.ts'
import { swift } from './personalities/swift.ts'
import { requestListener } from './request-listener.ts'
import type { LoggedRequest } from './request-log.ts'
import { addBucket, bucketOf, type ServerState } from './server-state.ts'
import type { Credentials } from './signature.ts'
import { bodyBuffer, FlippedBody } from './stored-body.ts'

const BUILT_IN: Readonly<Record<PersonalityName, Personality>> = { aws, minio, ceph, swift, r2 }

/** How many requests the log keeps when nothing else is said. */
export const DEFAULT_LOGGED_REQUESTS: number = 100_000

export interface S3ServerOptions {
  /**
   * How the server behaves: the name of a kind of store, or a {@link Personality} of your own.
   * @defaultValue `'aws'`
   */
  readonly personality?: PersonalityName | Personality
  /** Buckets that exist from the start; those that `objects` name exist too. */
  readonly buckets?: readonly string[]
  /** Objects that are there from the start and whose bytes are made when they are read. */
  readonly objects?: readonly (GeneratedObject | GeneratedFamily)[]
  readonly faults?: readonly (ServerFaultRule | FaultRule)[]
  /** @defaultValue a free one */
  readonly port?: number
  /** @defaultValue made up */
  readonly credentials?: Credentials
  /** @defaultValue what the personality says: `us-east-1`, or `auto` for r2 */
  readonly region?: string
  /** Serve https with this certificate (PEM). */
  readonly tls?: { readonly key: string | Buffer; readonly cert: string | Buffer }
  /** Keep sizes and digests of uploads, not their bytes: for objects larger than the memory. Reading one of them is a 500. @defaultValue false */
  readonly discardBodies?: boolean
  /** Requests that the log keeps; the oldest go first. @defaultValue 100000 */
  readonly maxLoggedRequests?: number
}

/** What an S3Client takes to talk to the server. */
export interface S3ClientConfigLike {
  readonly endpoint: string
  readonly region: string
  readonly credentials: Credentials
  readonly forcePathStyle: true
}

/** A running server. */
export interface S3TestServer {
  readonly endpoint: string
  readonly port: number
  readonly region: string
  readonly credentials: Credentials
  /** For `new S3Client(server.clientConfig)`. */
  readonly clientConfig: S3ClientConfigLike
  readonly personality: Personality
  /** What was asked, oldest first. */
  readonly requests: readonly LoggedRequest[]
  /** How many requests were answered since the start (or `clearRequests`), by operation. */
  readonly requestCounts: Readonly<Record<string, number>>
  clearRequests(): void
  /** Replaces the faults; counts start anew. */
  setFaults(faults: readonly (ServerFaultRule | FaultRule)[]): void
  /** The faults that took effect, oldest first; emptied by `setFaults`. */
  readonly firedFaults: readonly FiredServerFault[]
  /** Makes a bucket past the protocol; one that exists stays as it is. */
  createBucket(name: string): void
  /** Stores an object past the protocol, as somebody else might. */
  put(bucket: string, key: string, bytes: string | Uint8Array, options?: PutPastProtocolOptions): void
  /** The bytes at rest, or null when there is no such object. Do not ask it for objects larger than the memory. */
  peek(bucket: string, key: string): Buffer | null
  /** Inverts the lowest bit of a stored byte; ETag and checksums stay as they are. */
  corruptAtRest(bucket: string, key: string, offset: number): void
  /** Keys of the bucket's objects (delete markers left out), in UTF-8 byte order. */
  keys(bucket: string): string[]
  /** Multipart uploads that are neither completed nor aborted. */
  uploads(bucket?: string): readonly OpenUpload[]
  /** Ends all connections and stops. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export interface PutPastProtocolOptions {
  readonly contentType?: string
  readonly metadata?: Readonly<Record<string, string>>
  readonly tags?: Readonly<Record<string, string>>
  readonly storageClass?: string
  /** Unquoted. @defaultValue the MD5 */
  readonly etag?: string
}

/** A multipart upload that is under way. */
export interface OpenUpload {
  readonly bucket: string
  readonly key: string
  readonly uploadId: string
  readonly initiatedAt: number
  readonly parts: readonly { readonly partNumber: number; readonly sizeBytes: number; readonly etag: string }[]
}

/**
 * Starts an S3 for tests and demos on 127.0.0.1: signatures are checked, everything is in memory, nothing is a store to rely on.
 * @throws `TypeError` for an option that is out of bounds
 */
export async function startS3Server(options: S3ServerOptions = {}): Promise<S3TestServer> {
  const personality = resolvePersonality(options.personality ?? 'aws')
  const credentials = options.credentials ?? { accessKeyId: `SEALIFT${randomBytes(6).toString('hex').toUpperCase()}`, secretAccessKey: randomBytes(24).toString('hex') }
  const state: ServerState = {
    personality,
    region: options.region ?? personality.region,
    credentials: [credentials],
    buckets: new Map(),
    discardBodies: options.discardBodies ?? false,
    owner: 'sealift-test',
  }
  for (const name of options.buckets ?? []) if (!state.buckets.has(name)) addBucket(state, name)
  for (const objects of options.objects ?? []) addGenerated(state, objects)
  const plan = new FaultPlan()
  plan.replace(options.faults ?? [])
  const log = new RequestLog(options.maxLoggedRequests ?? DEFAULT_LOGGED_REQUESTS)
  const listener = requestListener(state, plan, (entry) => log.add(entry))
  const httpOptions = { maxHeaderSize: 64 * 1024, keepAliveTimeout: 30_000, insecureHTTPParser: false }
  const server = options.tls === undefined ? createServer(httpOptions, listener) : createTlsServer({ ...httpOptions, ...options.tls }, listener)
  await listen(server, options.port ?? 0)
  const { port } = server.address() as AddressInfo
  const endpoint = `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`
  const close = (): Promise<void> => stop(server)
  return {
    endpoint,
    port,
    region: state.region,
    credentials,
    clientConfig: { endpoint, region: state.region, credentials, forcePathStyle: true },
    personality,
    requests: log.entries,
    get requestCounts() {
      return Object.fromEntries(log.counts)
    },
    clearRequests: () => log.clear(),
    setFaults: (faults) => plan.replace(faults),
    firedFaults: plan.fired,
    createBucket: (name) => {
      if (!state.buckets.has(name)) addBucket(state, name)
    },
    put: (bucket, key, bytes, put = {}) => putPastProtocol(state, bucket, key, bytes, put),
    peek: (bucket, key) => {
      const object = state.buckets.get(bucket)?.current(toBytes(key))
      return object === undefined ? null : bodyBuffer(object.body)
    },
    corruptAtRest: (bucket, key, offset) => {
      const object = bucketOf(state, bucket).current(toBytes(key))
      if (object === undefined || offset < 0 || offset >= object.body.sizeBytes) throw new RangeError(`no byte ${offset} in ${bucket}/${key}`)
      bucketOf(state, bucket).hold(object)
      object.body = new FlippedBody(object.body, offset)
    },
    keys: (bucket) => keysOf(state, bucket),
    uploads: (bucket) => openUploads(state, bucket),
    close,
    [Symbol.asyncDispose]: close,
  }
}

class RequestLog {
  readonly entries: LoggedRequest[] = []
  readonly counts: Map<string, number> = new Map()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  add(entry: LoggedRequest): void {
    this.counts.set(entry.operation, (this.counts.get(entry.operation) ?? 0) + 1)
    this.entries.push(entry)
    if (this.entries.length > this.#most) this.entries.splice(0, this.entries.length - this.#most)
  }

  clear(): void {
    this.entries.length = 0
    this.counts.clear()
  }
}

function resolvePersonality(choice: PersonalityName | Personality): Personality {
  if (typeof choice === 'object') return choice
  const found = BUILT_IN[choice]
  if (found === undefined) throw new TypeError(`personality: got ${JSON.stringify(choice)}, expected one of ${PERSONALITIES.join(', ')} or a personality object`)
  return found
}

function addGenerated(state: ServerState, objects: GeneratedObject | GeneratedFamily): void {
  if (!Number.isSafeInteger(objects.sizeBytes) || objects.sizeBytes < 0) throw new TypeError(`objects.sizeBytes: got ${objects.sizeBytes}, expected a whole number from 0`)
  const bucket = state.buckets.get(objects.bucket) ?? addBucket(state, objects.bucket)
  if ('key' in objects) bucket.add(generatedObject(toBytes(objects.key), objects, Date.now()))
  else bucket.generated.push(new GeneratedObjects(objects, Date.now()))
}

function putPastProtocol(state: ServerState, bucketName: string, key: string, bytes: string | Uint8Array, options: PutPastProtocolOptions): void {
  const bucket = state.buckets.get(bucketName) ?? addBucket(state, bucketName)
  const object = foreignObject(toBytes(key), bytes, {
    ...PLAIN_DESCRIPTION,
    headers: options.contentType === undefined ? {} : { 'content-type': options.contentType },
    metadata: options.metadata ?? {},
    storageClass: options.storageClass ?? 'STANDARD',
  })
  bucket.add({ ...object, tags: Object.entries(options.tags ?? {}), etag: options.etag === undefined ? object.etag : new LazyETag(options.etag) })
}

function keysOf(state: ServerState, bucketName: string): string[] {
  const bucket = bucketOf(state, bucketName)
  const keys = new Set<string>()
  for (const source of [bucket.keys, ...bucket.generated.map((objects) => objects.keys)]) {
    for (let i = 0; i < source.count; i++) keys.add(source.keyAt(i))
  }
  return [...keys].filter((key) => bucket.current(key) !== undefined).sort((a, b) => (a < b ? -1 : 1)).map(toText)
}

function openUploads(state: ServerState, only: string | undefined): OpenUpload[] {
  return [...state.buckets.values()]
    .filter((bucket) => only === undefined || bucket.name === only)
    .flatMap((bucket) =>
      [...bucket.uploads.values()].map((upload) => ({
        bucket: bucket.name,
        key: toText(upload.key),
        uploadId: upload.uploadId,
        initiatedAt: upload.initiatedMs,
        parts: [...upload.parts.values()].map(({ partNumber, sizeBytes, etag }) => ({ partNumber, sizeBytes, etag })).sort((a, b) => a.partNumber - b.partNumber),
      })),
    )
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) {
      resolve()
      return
    }
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
