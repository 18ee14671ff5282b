import { invalidOption, SealiftError } from '../errors.ts'
import { askCredentials, knownCredentials } from '../s3/client-credentials.ts'
import type { S3ClientLike } from '../s3/s3-client-like.ts'
import type { DestinationLocation, Location, SourceLocation } from './location-options.ts'

interface ClientConfig {
  readonly credentials?: unknown
  readonly endpoint?: unknown
  readonly region?: unknown
}

/**
 * A client that has no credentials is found before anything is sent.
 * @throws `ERR_CREDENTIALS`
 */
export async function checkCredentials(side: 'source' | 'destination', location: Location): Promise<void> {
  const { client } = location
  const { credentials } = client.config as ClientConfig
  if (typeof credentials !== 'function' || knownCredentials(client) !== null) return
  try {
    const given = await askCredentials(client, false)
    if (typeof given?.accessKeyId === 'string' && given.accessKeyId !== '') return
  } catch {
    // what a provider says of its failure may hold what it tried with: it is not passed on
  }
  throw new SealiftError('ERR_CREDENTIALS', `${side}.client gives no credentials: expected an S3Client whose credentials resolve to an access key`, {
    context: { option: `${side}.client`, bucket: location.bucket, expected: 'credentials that resolve to an access key' },
  })
}

/**
 * The same object on the same endpoint is no copy.
 * @throws `ERR_INVALID_OPTION`
 */
export async function checkNotSame(options: {
  readonly source: SourceLocation
  readonly destination: DestinationLocation
  readonly sourceKey: string
  readonly destinationKey: string
}): Promise<void> {
  const { source, destination } = options
  if (source.bucket !== destination.bucket || options.sourceKey !== options.destinationKey || source.versionId !== undefined) return
  if (source.client !== destination.client && (await endpointOf(source.client)) !== (await endpointOf(destination.client))) return
  throw invalidOption(
    'destination',
    `${destination.bucket}/${options.destinationKey}`,
    'another object than the source: the endpoint, the bucket and the key are the same',
  )
}

/** The names of this machine are one. */
function hostOf(hostname: string): string {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(hostname) ? 'loopback' : hostname.toLowerCase()
}

/** Scheme, host and port, or the region of a client without an endpoint of its own. */
async function endpointOf(client: S3ClientLike): Promise<string> {
  const { endpoint, region } = client.config as ClientConfig
  if (typeof endpoint === 'function') {
    const resolved = (await endpoint()) as { protocol?: string; hostname?: string; port?: number; path?: string } | undefined
    if (resolved?.hostname !== undefined)
      return `${hostOf(resolved.hostname)}:${resolved.port ?? (resolved.protocol === 'https:' ? 443 : 80)}${resolved.path ?? ''}`
  }
  return typeof region === 'function' ? `region ${String(await region())}` : 'unknown'
}
