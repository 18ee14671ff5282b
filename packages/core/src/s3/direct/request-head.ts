import { TransportFailure } from '../transport-failure.ts'
import type { HttpRequest } from './http-client.ts'

const PATH = /^\/[\x21-\x7e]*$/
const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/
const NO_VALUE = /[^\t\x20-\x7e\x80-\xff]/

/**
 * The head of a request, as Latin-1 text. `Host` comes first (RFC 9110, 7.2).
 * @throws TransportFailure for what would break out of its line; values may be secret, and are not shown
 */
export function requestHead({ method, path, headers, freshConnection, attempt }: HttpRequest): string {
  if (!PATH.test(path)) throw new TransportFailure('request', 'invalid request path', attempt)
  let host = ''
  let rest = ''
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] as string
    const value = headers[at + 1] as string
    if (!isName(name)) throw new TransportFailure('request', 'invalid header key', attempt)
    if (NO_VALUE.test(value)) throw new TransportFailure('request', `invalid ${name} header`, attempt)
    if (name === 'host') host = value
    else rest += `${name}: ${value}\r\n`
  }
  return `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: ${freshConnection ? 'close' : 'keep-alive'}\r\n${rest}\r\n`
}

/** Names that were found right: nearly every request has the same ones. */
const knownNames = new Set<string>()
const MAX_KNOWN_NAMES = 256

function isName(name: string): boolean {
  if (knownNames.has(name)) return true
  if (!NAME.test(name)) return false
  // users' own names are many
  if (knownNames.size < MAX_KNOWN_NAMES && !name.startsWith('x-amz-meta-')) knownNames.add(name)
  return true
}
