import { isIPv6 } from 'node:net'
import type { S3ClientLike } from '../s3-client-like.ts'
import type { SdkCommand } from '../sdk-exchange.ts'
import type { HttpOrigin } from './http-client.ts'

/** Where the client's own resolver sends requests for a bucket, and how it signs them. */
export interface BucketRoute {
  readonly origin: HttpOrigin
  /** as the SDK writes it: the port only where it is not the scheme's own */
  readonly host: string
  /** what goes before the key: `/`, `/bucket/`, `/prefix/bucket/` */
  readonly basePath: string
  readonly region: string
  readonly service: string
}

interface Resolved {
  readonly request: { readonly protocol: string; readonly hostname: string; readonly port?: number; readonly path: string; readonly query: object }
  readonly context: {
    readonly endpointV2?: { readonly properties?: { readonly authSchemes?: readonly AuthScheme[] }; readonly headers?: object }
    readonly __smithy_context?: { readonly selectedHttpAuthScheme?: { readonly httpAuthOption?: { readonly schemeId?: string }; readonly signer?: object } }
  }
}

interface AuthScheme {
  readonly name?: string
  readonly signingName?: string
  readonly signingRegion?: string
  readonly disableDoubleEncoding?: boolean
}

const PROBE_KEY = 'sealift'
/** Endpoints with sessions, several regions, or code of their own behind them. */
const SPECIAL_BUCKET = /^arn:|^[a-z]+:\/\/|--(?:x|xl|op|ol)-s3$|\.mrap$/i

/**
 * Asks the SDK where it would send a HeadObject: the command runs as far as the build step and is never sent. So endpoint configuration, addressing style,
 * path prefixes and region are what the SDK makes of them.
 * @returns a text where requests cannot go direct: why
 * @throws whatever keeps the SDK from resolving (credentials that cannot be had, a bucket name that it refuses)
 */
export async function resolveBucketRoute(sdk: typeof import('@aws-sdk/client-s3'), client: S3ClientLike, bucket: string): Promise<BucketRoute | string> {
  if (SPECIAL_BUCKET.test(bucket)) return 'the bucket is an ARN, an access point of a special kind, or a directory bucket'
  const command = new sdk.HeadObjectCommand({ Bucket: bucket, Key: PROBE_KEY }) as unknown as SdkCommand
  let resolved: Resolved | null = null
  const add = command.middlewareStack.add as (middleware: unknown, options: object) => void
  add.call(
    command.middlewareStack,
    (_next: unknown, context: Resolved['context']) => async (args: { request: Resolved['request'] }) => {
      resolved = { request: args.request, context }
      return { response: {}, output: { $metadata: {} } }
    },
    { step: 'build', priority: 'low', name: 'sealiftRoute', override: true },
  )
  await client.send(command as never)
  return resolved === null ? 'the client does not run its commands as the SDK does' : routeOf(resolved, client)
}

async function routeOf({ request, context }: Resolved, client: S3ClientLike): Promise<BucketRoute | string> {
  const schemes = context.endpointV2?.properties?.authSchemes ?? []
  const [scheme] = schemes
  const selected = context.__smithy_context?.selectedHttpAuthScheme
  if (scheme === undefined || schemes.length !== 1 || scheme.name !== 'sigv4' || scheme.signingName !== 's3' || scheme.signingRegion === undefined) {
    return 'the endpoint wants another signature than plain SigV4 for s3'
  }
  if (selected?.httpAuthOption?.schemeId !== 'aws.auth#sigv4' || selected.signer?.constructor.name !== 'AwsSdkSigV4Signer')
    return 'the client signs in its own way'
  const { signer } = client.config as { signer?: (scheme: AuthScheme) => Promise<object> }
  // as the SDK itself does before it signs
  if (typeof signer !== 'function' || (await signer(scheme)).constructor.name !== 'SignatureV4MultiRegion') return 'the client has a signer of its own'
  if (Object.keys(context.endpointV2?.headers ?? {}).length > 0) return 'the endpoint wants headers of its own'
  if (!request.path.endsWith(`/${PROBE_KEY}`) || Object.keys(request.query).length > 0) return 'the endpoint has an unusual path'
  if (request.protocol !== 'https:' && request.protocol !== 'http:') return `the endpoint's protocol is ${request.protocol}`
  const tls = request.protocol === 'https:'
  const bare = request.hostname.replace(/^\[|\]$/g, '')
  const bracketed = isIPv6(bare) ? `[${bare}]` : bare
  const port = request.port ?? (tls ? 443 : 80)
  return {
    origin: { key: `${request.protocol}//${bracketed}:${port}`, tls, hostname: bare, port },
    host: request.port === undefined ? bracketed : `${bracketed}:${request.port}`,
    basePath: request.path.slice(0, -PROBE_KEY.length),
    region: scheme.signingRegion,
    service: scheme.signingName,
  }
}
