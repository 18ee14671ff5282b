import { invalidOption } from '../errors.ts'
import type { ServerSideEncryption } from './location-headers.ts'
import type { S3ClientLike } from './s3-client-like.ts'

/**
 * The customer's key of `sse-c` goes with every request: it never leaves this machine in plain text.
 * @throws `ERR_INVALID_OPTION` for an endpoint that is neither https nor on loopback
 */
export async function checkCustomerKeyWay(side: 'source' | 'destination', client: S3ClientLike, sse: ServerSideEncryption | undefined): Promise<void> {
  if (sse?.kind !== 'sse-c') return
  const config = client.config as { endpoint?: () => Promise<{ protocol?: string; hostname?: string }>; tls?: boolean }
  const endpoint = typeof config.endpoint === 'function' ? await config.endpoint() : undefined
  const secure = endpoint === undefined ? config.tls !== false : endpoint.protocol === 'https:' || isLoopback(endpoint.hostname ?? '')
  if (!secure) throw invalidOption(`${side}.sse`, 'sse-c over http', 'an https endpoint (the key goes with every request), or one on this machine')
}

/** An address that cannot leave the machine; a name other than `localhost` may be anything's. */
function isLoopback(hostname: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(hostname)
}
