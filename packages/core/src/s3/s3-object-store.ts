import { invalidOption } from '../errors.ts'
import type { ObjectStore } from '../ports/object-store.ts'
import type { ProviderProfile } from '../ports/provider-profile.ts'
import { checkCustomerKeyWay } from './customer-key-way.ts'
import type { DataTransport } from './data-transport.ts'
import { createRoutedTransport, refused, type TransportListener } from './direct/data-routing.ts'
import { directClientOf } from './direct/direct-client.ts'
import { locationHeaders, type ServerSideEncryption } from './location-headers.ts'
import { type RequestListener, S3Caller } from './s3-call.ts'
import { isS3ClientLike, type S3ClientLike } from './s3-client-like.ts'
import { createControlOperations } from './s3-control-operations.ts'
import { createCopyOperations } from './s3-copy-operations.ts'
import { createDataOperations } from './s3-data-operations.ts'
import { createListOperations } from './s3-list-operations.ts'
import { createSdkTransport } from './sdk-transport.ts'
import type { Deadlines } from './watchdog.ts'

export type { TransportListener } from './direct/data-routing.ts'

export interface S3ObjectStoreOptions {
  /** the caller's own client; never changed */
  readonly client: S3ClientLike
  readonly profile: ProviderProfile
  /** decides the codes of errors: a missing object is `ERR_SOURCE_NOT_FOUND` or `ERR_DESTINATION_NOT_FOUND` */
  readonly side: 'source' | 'destination'
  readonly sse?: ServerSideEncryption | undefined
  /** account id, sent as `x-amz-expected-bucket-owner` */
  readonly expectedBucketOwner?: string | undefined
  readonly requestPayer?: 'requester' | undefined
  /** default 10,000 */
  readonly connectTimeoutMs?: number | undefined
  /** from the request's last byte to the reply's header; default 60,000 */
  readonly firstByteTimeoutMs?: number | undefined
  /** between two chunks, in either direction; default 30,000 */
  readonly idleTimeoutMs?: number | undefined
  /**
   * How objects' data goes. `direct`: over connections of our own, signed with what the client resolves, at a tenth of the SDK's cost; rejected where the
   * client is a special one. `auto`: direct where the client and the bucket allow it, else `sdk`. Everything but data always goes by the SDK.
   * @defaultValue 'auto'
   */
  readonly transport?: 'auto' | 'sdk' | 'direct' | undefined
  /** Told when the way of a bucket's data is chosen, and when it changes. */
  readonly onTransport?: TransportListener | undefined
  /** Told of every call after its reply's header came, or it failed. */
  readonly onRequest?: RequestListener | undefined
}

/**
 * An `ObjectStore` over an S3-compatible endpoint, through the caller's own client.
 *
 * Everything is set per command: checksum headers are the ones asked for and no others, stream bodies go with their length and an unsigned payload
 * (never `aws-chunked`), replies are not validated by the SDK, keys go as their bytes.
 * Bodies that are handed over must not change until the call settled.
 *
 * @throws SealiftError `ERR_INVALID_OPTION`
 * @experimental
 */
export async function createS3ObjectStore(options: S3ObjectStoreOptions): Promise<ObjectStore> {
  const { client, profile, side } = options
  if (!isS3ClientLike(client)) throw invalidOption('client', client, 'an AWS SDK v3 S3Client')
  if (side !== 'source' && side !== 'destination') throw invalidOption('side', side, "'source' or 'destination'")
  const mode = options.transport ?? 'auto'
  if (mode !== 'auto' && mode !== 'sdk' && mode !== 'direct') throw invalidOption('transport', options.transport, "'auto', 'sdk' or 'direct'")
  const deadlines = {
    connectTimeoutMs: timeout('connectTimeoutMs', options.connectTimeoutMs, 10_000),
    firstByteTimeoutMs: timeout('firstByteTimeoutMs', options.firstByteTimeoutMs, 60_000),
    idleTimeoutMs: timeout('idleTimeoutMs', options.idleTimeoutMs, 30_000),
  }
  const location = locationHeaders(options)
  await checkCustomerKeyWay(side, client, options.sse)
  const sdk = loadedSdk ?? (await loadSdk())
  const transport = await dataTransport({ sdk, client, deadlines, mode, onTransport: options.onTransport })
  const onPlain = (): void => {
    if (store.tls) store.tls = false
  }
  const caller = new S3Caller({ client, transport, deadlines, onRequest: options.onRequest, onPlain })
  const shared = { sdk, caller, side, profile, location }
  const data = createDataOperations(shared)
  const control = createControlOperations(shared)
  const copy = createCopyOperations(shared)
  const list = createListOperations(shared)
  // one of these is made for each end of each object: name by name, as spreading four objects takes longer than making them; and without a getter, which
  // would give every object a hidden class of its own, that keeps it and all it holds until the next full collection
  const store = {
    profile,
    tls: await usesTls(client),
    // the SDK's way asks before it sends anything: right as well, but nothing is gained by it
    asksToComplete: mode !== 'sdk',
    head: data.head,
    read: data.read,
    put: data.put,
    uploadPart: data.uploadPart,
    createUpload: control.createUpload,
    completeUpload: control.completeUpload,
    abortUpload: control.abortUpload,
    delete: control.delete,
    getTags: control.getTags,
    putTags: control.putTags,
    getAclGrants: control.getAclGrants,
    putRetention: control.putRetention,
    putLegalHold: control.putLegalHold,
    copyObject: copy.copyObject,
    uploadPartCopy: copy.uploadPartCopy,
    listParts: list.listParts,
    listUploads: list.listUploads,
    partSizes: list.partSizes,
    close: (options: Parameters<ObjectStore['close']>[0]) => transport.close(options),
  } satisfies ObjectStore
  return store
}

let loadedSdk: typeof import('@aws-sdk/client-s3') | null = null

/** Each `import()` asks the loader again, also for what is there. */
async function loadSdk(): Promise<typeof import('@aws-sdk/client-s3')> {
  loadedSdk = await import('@aws-sdk/client-s3')
  return loadedSdk
}

async function dataTransport(options: {
  readonly sdk: typeof import('@aws-sdk/client-s3')
  readonly client: S3ClientLike
  readonly deadlines: Deadlines
  readonly mode: 'auto' | 'sdk' | 'direct'
  readonly onTransport: TransportListener | undefined
}): Promise<DataTransport> {
  const { sdk, client, deadlines, mode, onTransport } = options
  const bySdk = createSdkTransport({ sdk, client, deadlines })
  if (mode === 'sdk') return bySdk
  const direct = directClientOf(sdk, client)
  if (mode === 'direct') {
    const eligibility = await direct.eligibility()
    if (eligibility.transport !== 'direct') throw refused(eligibility.reason)
  }
  return createRoutedTransport({ direct, sdk: bySdk, deadlines, mode, onTransport })
}

/** What endpoints said; each of them parses its URL anew. One may be a function: it is asked again after a while, and each reply tells its own way. */
const knownTls = new WeakMap<S3ClientLike, { readonly tls: boolean; readonly untilMs: number }>()
const TLS_LIFE_MS = 60_000

/** The scheme of the client's own endpoint; without one the SDK's resolver decides, by `tls`. */
async function usesTls(client: S3ClientLike): Promise<boolean> {
  const config = client.config as { endpoint?: () => Promise<{ protocol?: string }>; tls?: boolean }
  if (typeof config.endpoint !== 'function') return config.tls !== false
  const known = knownTls.get(client)
  const nowMs = performance.now()
  if (known !== undefined && nowMs < known.untilMs) return known.tls
  const tls = (await config.endpoint())?.protocol === 'https:'
  knownTls.set(client, { tls, untilMs: nowMs + TLS_LIFE_MS })
  return tls
}

function timeout(option: string, value: number | undefined, fallbackMs: number): number {
  if (value === undefined) return fallbackMs
  // the largest delay that a timer of Node keeps
  if (!Number.isInteger(value) || value < 1 || value > 2_147_483_647) throw invalidOption(option, value, 'a whole number of milliseconds from 1')
  return value
}
