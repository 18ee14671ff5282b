import type { IncomingMessage } from 'node:http'
import { type ByteString, percentDecode } from './byte-string.ts'

/** What a request asks, taken from its raw target: nothing is normalised, keys are bytes. */
export interface S3Request {
  readonly method: string
  /** Path as it came, percent-encoded, without the query. */
  readonly rawPath: string
  /** Bucket and key in the path; with a virtual host the bucket is not part of `rawPath`. Empty when there is none. */
  readonly bucket: string
  readonly key: ByteString
  /** Decoded query parameters in their order, as bytes. */
  readonly parameters: readonly (readonly [name: string, value: ByteString])[]
  /** The same by name; the last one wins. */
  readonly query: ReadonlyMap<string, ByteString>
  readonly incoming: IncomingMessage
}

/** Reads a request's target. Virtual-host style is taken from a `Host` that is a name below `localhost` (`bucket.localhost`, `bucket.s3.localhost`). */
export function readS3Request(incoming: IncomingMessage): S3Request {
  let target = incoming.url ?? '/'
  // absolute-form, as a client behind a proxy sends it
  if (!target.startsWith('/')) target = target.replace(/^[a-z]+:\/\/[^/?]*/i, '') || '/'
  const mark = target.indexOf('?')
  const rawPath = mark < 0 ? target : target.slice(0, mark)
  const parameters = mark < 0 ? [] : readParameters(target.slice(mark + 1))
  const virtualBucket = bucketOfHost(incoming.headers.host ?? '')
  let bucket = virtualBucket
  let key: ByteString
  if (virtualBucket === '') {
    const slash = rawPath.indexOf('/', 1)
    bucket = percentDecode(slash < 0 ? rawPath.slice(1) : rawPath.slice(1, slash))
    key = slash < 0 ? '' : percentDecode(rawPath.slice(slash + 1))
  } else key = percentDecode(rawPath.slice(1))
  return { method: incoming.method ?? 'GET', rawPath, bucket, key, parameters, query: new Map(parameters), incoming }
}

/** One header as text; a list of values is joined as HTTP says. */
export function headerOf(request: S3Request, name: string): string | undefined {
  const value = request.incoming.headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}

function readParameters(query: string): [string, ByteString][] {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=')
      return equals < 0 ? [percentDecode(pair, true), ''] : [percentDecode(pair.slice(0, equals), true), percentDecode(pair.slice(equals + 1), true)]
    })
}

function bucketOfHost(host: string): string {
  const name = host.replace(/:\d+$/, '').toLowerCase()
  return /^(.+?)(?:\.s3)?\.localhost$/.exec(name)?.[1] ?? ''
}
