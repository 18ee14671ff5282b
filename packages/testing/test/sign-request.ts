import { createHash, createHmac } from 'node:crypto'
import type { S3TestServer } from '@sealift/testing'
import type { RawRequest } from './open-server.ts'

export interface SignOptions {
  readonly accessKeyId?: string
  readonly secretAccessKey?: string
  readonly region?: string
  /** @defaultValue now */
  readonly date?: Date
  /** `x-amz-content-sha256`. @defaultValue the SHA-256 of the body */
  readonly payload?: string
  /** Headers that are sent without being signed. */
  readonly unsigned?: Readonly<Record<string, string>>
}

/** What signed chunks go on from. */
export interface SeedSignature {
  readonly signingKey: Buffer
  readonly amzDate: string
  readonly scope: string
  readonly signature: string
}

/** A SigV4 signer of the tests' own: written from AWS's description, so that the server is not checked against itself. */
export function signRequest(server: S3TestServer, request: RawRequest, options: SignOptions = {}): { request: RawRequest; seed: SeedSignature } {
  const { accessKeyId = server.credentials.accessKeyId, secretAccessKey = server.credentials.secretAccessKey, region = server.region } = options
  const amzDate = (options.date ?? new Date()).toISOString().replace(/[-:]|\.\d{3}/g, '')
  const payload =
    options.payload ??
    createHash('sha256')
      .update(request.body ?? '')
      .digest('hex')
  const headers: Record<string, string> = { host: `127.0.0.1:${server.port}`, 'x-amz-date': amzDate, 'x-amz-content-sha256': payload, ...request.headers }
  const names = Object.keys(headers).sort()
  const [path = '', query = ''] = request.path.split('?', 2)
  const canonicalQuery = query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => (pair.includes('=') ? pair : `${pair}=`))
    .sort()
    .join('&')
  const canonical = [
    request.method ?? 'GET',
    path,
    canonicalQuery,
    ...names.map((name) => `${name}:${(headers[name] ?? '').trim()}`),
    '',
    names.join(';'),
    payload,
  ].join('\n')
  const scope = `${amzDate.slice(0, 8)}/${region}/s3/aws4_request`
  const signingKey = [amzDate.slice(0, 8), region, 's3', 'aws4_request'].reduce<Buffer>((key, part) => hmac(key, part), Buffer.from(`AWS4${secretAccessKey}`))
  const signature = hmac(signingKey, `AWS4-HMAC-SHA256\n${amzDate}\n${scope}\n${sha256(canonical)}`).toString('hex')
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`
  return { request: { ...request, headers: { ...headers, ...options.unsigned, authorization } }, seed: { signingKey, amzDate, scope, signature } }
}

/** aws-chunked framing with a signature for each chunk; with trailers also signed. */
export function signedChunks(seed: SeedSignature, chunks: readonly Uint8Array[], trailers: Readonly<Record<string, string>> = {}): Buffer {
  let previous = seed.signature
  const out: Buffer[] = []
  for (const chunk of [...chunks, new Uint8Array()]) {
    const toSign = ['AWS4-HMAC-SHA256-PAYLOAD', seed.amzDate, seed.scope, previous, sha256(''), sha256(chunk)].join('\n')
    previous = hmac(seed.signingKey, toSign).toString('hex')
    out.push(Buffer.from(`${chunk.length.toString(16)};chunk-signature=${previous}\r\n`), Buffer.from(chunk))
    if (chunk.length > 0) out.push(Buffer.from('\r\n'))
  }
  const lines = Object.entries(trailers).map(([name, value]) => `${name}:${value}`)
  if (lines.length > 0) {
    const toSign = ['AWS4-HMAC-SHA256-TRAILER', seed.amzDate, seed.scope, previous, sha256(lines.map((line) => `${line}\n`).join(''))].join('\n')
    lines.push(`x-amz-trailer-signature:${hmac(seed.signingKey, toSign).toString('hex')}`)
  }
  out.push(Buffer.from([...lines, '', ''].join('\r\n')))
  return Buffer.concat(out)
}

/** A presigned URL's request target. */
export function presign(server: S3TestServer, method: string, path: string, expiresSeconds: number, date: Date = new Date()): string {
  const amzDate = date.toISOString().replace(/[-:]|\.\d{3}/g, '')
  const scope = `${amzDate.slice(0, 8)}/${server.region}/s3/aws4_request`
  const query = Object.entries({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${server.credentials.accessKeyId}/${scope}`,
    'X-Amz-Date': amzDate,
    'X-Amz-Expires': String(expiresSeconds),
    'X-Amz-SignedHeaders': 'host',
  })
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
  const canonical = [method, path, query, `host:127.0.0.1:${server.port}`, '', 'host', 'UNSIGNED-PAYLOAD'].join('\n')
  const start = Buffer.from(`AWS4${server.credentials.secretAccessKey}`)
  const key = [amzDate.slice(0, 8), server.region, 's3', 'aws4_request'].reduce<Buffer>((one, part) => hmac(one, part), start)
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${amzDate}\n${scope}\n${sha256(canonical)}`).toString('hex')
  return `${path}?${query}&X-Amz-Signature=${signature}`
}

function hmac(key: Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest()
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}
