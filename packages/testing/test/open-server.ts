import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { type S3ServerOptions, type S3TestServer, startS3Server } from '@sealift/testing'
import { afterEach } from 'vitest'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

/** A server with the bucket `b` and a client for it; both end with the test. The client does not retry. */
export async function openServer(options: S3ServerOptions = {}, config: S3ClientConfig = {}): Promise<{ server: S3TestServer; client: S3Client }> {
  const server = await startS3Server({ buckets: ['b'], ...options })
  const hasChecksums = server.personality.checksums.algorithms.length > 0
  const client = new S3Client({
    ...server.clientConfig,
    maxAttempts: 1,
    ...(hasChecksums ? {} : { requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' }),
    ...config,
  })
  open.push(server, { close: async () => client.destroy() })
  return { server, client }
}

/** What a bare HTTP request came to. */
export interface RawReply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface RawRequest {
  readonly method?: string
  /** Request target as it goes over the wire. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
}

/** One request whose target nothing normalises. Rejects when the connection breaks. */
export function rawRequest(server: S3TestServer, { method = 'GET', path, headers = {}, body }: RawRequest): Promise<RawReply> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ host: '127.0.0.1', port: server.port, method, path, headers, agent: false }, (response) => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** All bytes of a GetObject's body. */
export async function bytesOf(output: { Body?: { transformToByteArray(): Promise<Uint8Array> } | undefined }): Promise<Buffer> {
  return Buffer.from((await output.Body?.transformToByteArray()) ?? [])
}
