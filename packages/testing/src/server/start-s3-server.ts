import { createHash, randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { invalidOption } from '@sealift/core'
import { toBytes, toText } from './byte-string.ts'
import { resolvePersonality } from './define-personality.ts'
import { singleETag } from './etag-text.ts'
import { FaultPlan } from './fault-plan.ts'
import { foreignObject, PLAIN_DESCRIPTION } from './foreign-object.ts'
import { GeneratedBody } from './generated-body.ts'
import { type GeneratedContent, type GeneratedFamily, type GeneratedObject, GeneratedObjects, generatedObject } from './generated-objects.ts'
import { LazyETag } from './object-state.ts'
import { requestListener } from './request-listener.ts'
import { RequestLog } from './request-log.ts'
import { rememberRawSocket } from './reset-socket.ts'
import {
  DEFAULT_LOGGED_REQUESTS,
  type OpenUpload,
  type PutPastProtocolOptions,
  type S3ServerOptions,
  type S3TestServer,
  type StoredDescription,
} from './s3-server-options.ts'
import { addBucket, bucketOf, type ServerState } from './server-state.ts'
import { bodyBuffer, FlippedBody } from './stored-body.ts'

/**
 * Starts an S3 for tests and demos on 127.0.0.1: signatures are checked, everything is in memory, nothing is a store to rely on.
 * @throws SealiftError `ERR_INVALID_OPTION` for an option that cannot be used
 */
export async function startS3Server(options: S3ServerOptions = {}): Promise<S3TestServer> {
  checkOptions(options)
  const personality = resolvePersonality(options.personality ?? 'aws')
  const credentials = options.credentials ?? {
    accessKeyId: `SEALIFT${randomBytes(6).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(24).toString('hex'),
  }
  const state: ServerState = {
    personality,
    region: options.region ?? personality.region,
    credentials: [credentials],
    buckets: new Map(),
    discardBodies: options.discardBodies ?? false,
    owner: 'sealift-test',
    generatedBodies: [],
    cache: new Map(),
  }
  for (const name of options.buckets ?? []) if (!state.buckets.has(name)) addBucket(state, name)
  for (const objects of options.objects ?? []) addGenerated(state, objects)
  const plan = new FaultPlan()
  plan.replace(options.faults ?? [])
  const log = new RequestLog(options.maxLoggedRequests ?? DEFAULT_LOGGED_REQUESTS)
  const listener = requestListener(state, plan, log)
  const httpOptions = { maxHeaderSize: 64 * 1024, keepAliveTimeout: 30_000, insecureHTTPParser: false }
  const server = options.tls === undefined ? createServer(httpOptions, listener) : createTlsServer({ ...httpOptions, ...options.tls }, listener)
  server.on('checkContinue', listener)
  server.on('connection', rememberRawSocket)
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
    createBucket: (name, { objectLock = false } = {}) => {
      if (state.buckets.has(name)) return
      const bucket = addBucket(state, name)
      if (!objectLock) return
      bucket.versioning = 'Enabled'
      bucket.objectLock = true
    },
    put: (bucket, key, bytes, put = {}) => putPastProtocol(state, bucket, key, bytes, put),
    peek: (bucket, key) => {
      const object = state.buckets.get(bucket)?.current(toBytes(key))
      return object === undefined ? null : bodyBuffer(object.body)
    },
    describe: (bucket, key) => describeStored(state, bucket, key),
    corruptAtRest: (bucket, key, offset) => {
      const object = bucketOf(state, bucket).current(toBytes(key))
      if (object === undefined) throw invalidOption('key', key, `the key of an object in ${bucket}`)
      if (offset < 0 || offset >= object.body.sizeBytes) throw invalidOption('offset', offset, `a byte of ${object.body.sizeBytes}`)
      bucketOf(state, bucket).hold(object)
      object.rightBody ??= object.body
      object.body = new FlippedBody(object.body, offset)
    },
    keys: (bucket) => keysOf(state, bucket),
    uploads: (bucket) => openUploads(state, bucket),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function checkOptions(options: S3ServerOptions): void {
  const { port, credentials, maxLoggedRequests } = options
  if (port !== undefined && (!Number.isInteger(port) || port < 0 || port > 65_535)) throw invalidOption('port', port, 'a whole number from 0 to 65535')
  if (credentials !== undefined && (!credentials.accessKeyId || !credentials.secretAccessKey)) {
    throw invalidOption('credentials', 'an access key or a secret that is empty', 'accessKeyId and secretAccessKey')
  }
  if (maxLoggedRequests !== undefined) checkCount('maxLoggedRequests', maxLoggedRequests, 0)
  for (const name of options.buckets ?? []) {
    if (!/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,254}$/.test(name)) throw invalidOption('buckets', name, 'bucket names')
  }
}

function checkCount(option: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) throw invalidOption(option, value, `a whole number from ${least}`)
}

function addGenerated(state: ServerState, objects: GeneratedObject | GeneratedFamily): void {
  checkCount('objects.sizeBytes', objects.sizeBytes, 0)
  if (objects.partSizeBytes !== undefined) checkCount('objects.partSizeBytes', objects.partSizeBytes, 1)
  if (!('key' in objects)) checkCount('objects.count', objects.count, 0)
  const bucket = state.buckets.get(objects.bucket) ?? addBucket(state, objects.bucket)
  if ('key' in objects) {
    const object = generatedObject(toBytes(objects.key), withETag(state, objects), Date.now())
    bucket.add(object)
    if (object.body instanceof GeneratedBody) state.generatedBodies.push(object.body)
  } else bucket.generated.push(new GeneratedObjects(withETag(state, objects), Date.now()))
}

/** As the personality makes them: made up where it makes them up. */
function withETag<T extends GeneratedContent>({ personality }: ServerState, content: T): T {
  const kind = content.partSizeBytes === undefined ? personality.etag.single : personality.etag.multipart
  return kind === 'opaque' ? { etag: 'opaque', ...content } : content
}

function putPastProtocol(state: ServerState, bucketName: string, key: string, bytes: string | Uint8Array, options: PutPastProtocolOptions): void {
  const bucket = state.buckets.get(bucketName) ?? addBucket(state, bucketName)
  const object = foreignObject(toBytes(key), bytes, {
    ...PLAIN_DESCRIPTION,
    headers: { ...options.headers, ...(options.contentType === undefined ? {} : { 'content-type': options.contentType }) },
    metadata: Object.fromEntries(Object.entries(options.metadata ?? {}).map(([name, value]) => [name.toLowerCase(), toBytes(value)])),
    storageClass: options.storageClass ?? state.personality.features.defaultStorageClass,
  })
  const etag = options.etag ?? singleETag(createHash('md5').update(bytes).digest('hex'), object.description, state.personality)
  bucket.add({
    ...object,
    tags: Object.entries(options.tags ?? {}),
    etag: new LazyETag(etag),
    acl: options.grants ?? [],
    retention: options.retention ?? null,
    legalHold: options.legalHold ?? null,
  })
}

function describeStored(state: ServerState, bucketName: string, key: string): StoredDescription | null {
  const object = state.buckets.get(bucketName)?.current(toBytes(key))
  if (object === undefined) return null
  const { headers, metadata, storageClass } = object.description
  return {
    headers: { ...headers },
    metadata: Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, toText(value)])),
    storageClass,
    tags: Object.fromEntries(object.tags),
    grants: object.acl,
    retention: object.retention,
    legalHold: object.legalHold ?? false,
  }
}

function keysOf(state: ServerState, bucketName: string): string[] {
  const bucket = bucketOf(state, bucketName)
  const keys = new Set<string>()
  for (const source of [bucket.keys, ...bucket.generated.map((objects) => objects.keys)]) {
    for (let i = 0; i < source.count; i++) keys.add(source.keyAt(i))
  }
  return [...keys]
    .filter((key) => bucket.current(key) !== undefined)
    .sort((a, b) => (a < b ? -1 : 1))
    .map(toText)
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
        parts: [...upload.parts.values()]
          .map(({ partNumber, sizeBytes, etag }) => ({ partNumber, sizeBytes, etag }))
          .sort((a, b) => a.partNumber - b.partNumber),
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
