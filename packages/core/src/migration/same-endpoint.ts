import type { ServerSide } from '../copy/copy-job.ts'
import type { S3ClientLike } from '../s3/s3-client-like.ts'
import type { Location } from './location-options.ts'

interface ClientConfig {
  readonly credentials?: unknown
  readonly endpoint?: unknown
  readonly region?: unknown
  readonly useFipsEndpoint?: unknown
  readonly useDualstackEndpoint?: unknown
  readonly useAccelerateEndpoint?: unknown
}

/**
 * Whether a server-side copy may be tried between two locations: one client, or two with the same endpoint, region and credentials. Where that is not
 * certain it is refused, as the request is signed by the destination's client, and would read the source with its rights, or another store's object.
 * Nothing that is compared leaves this function.
 */
export async function serverSideBetween(source: Location, destination: Location): Promise<ServerSide> {
  return { refusal: await refusalBetween(source, destination), expectedBucketOwner: source.expectedBucketOwner, requestPayer: source.requestPayer }
}

async function refusalBetween(source: Location, destination: Location): Promise<string | null> {
  for (const { bucket } of [source, destination]) {
    // an access point may be in another region, and its name has another form in `x-amz-copy-source`
    if (bucket.startsWith('arn:')) return 'a bucket is named by an ARN'
    // copies of directory buckets are not signed by the session that the client has for them
    if (bucket.endsWith('--x-s3')) return 'a bucket is a directory bucket'
  }
  // the key would have to go to the request of the destination as well
  if (source.sse?.kind === 'sse-c') return 'the source is encrypted with a key of the customer'
  const [from, to] = [source.client, destination.client]
  if (from === to) return null
  if (!(await same(from, to, endpointOf))) return 'the endpoints differ, or cannot be told to be the same'
  if (!(await same(from, to, credentialsOf))) return 'the credentials differ, or cannot be told to be the same'
  return null
}

/** Equal, and known. */
async function same(a: S3ClientLike, b: S3ClientLike, identity: (config: ClientConfig) => Promise<string | null>): Promise<boolean> {
  const [one, other] = [await identity(a.config as ClientConfig).catch(() => null), await identity(b.config as ClientConfig).catch(() => null)]
  return one !== null && one === other
}

/** Scheme, host, port, path and region; of a client without an endpoint of its own what the SDK makes its endpoint from. Names of this machine are not folded. */
async function endpointOf(config: ClientConfig): Promise<string | null> {
  const region = await resolved(config.region)
  if (typeof region !== 'string') return null
  const endpoint = typeof config.endpoint === 'function' ? await resolved(config.endpoint) : undefined
  if (endpoint === undefined) {
    // an accelerated endpoint is refused by CopyObject across regions: it is not compared at all
    if (config.useAccelerateEndpoint === true) return null
    return JSON.stringify([region, (await resolved(config.useFipsEndpoint)) === true, (await resolved(config.useDualstackEndpoint)) === true])
  }
  const { protocol, hostname, port, path } = endpoint as { protocol?: string; hostname?: string; port?: number; path?: string }
  if (protocol === undefined || hostname === undefined) return null
  return JSON.stringify([region, protocol, hostname.toLowerCase(), port ?? (protocol === 'https:' ? 443 : 80), path ?? '/'])
}

async function credentialsOf(config: ClientConfig): Promise<string | null> {
  const { accessKeyId, secretAccessKey, sessionToken } = ((await resolved(config.credentials)) ?? {}) as Readonly<Record<string, unknown>>
  if (typeof accessKeyId !== 'string' || typeof secretAccessKey !== 'string') return null
  return JSON.stringify([accessKeyId, secretAccessKey, sessionToken ?? null])
}

async function resolved(value: unknown): Promise<unknown> {
  return typeof value === 'function' ? await value() : value
}
