import { S3Client } from '@aws-sdk/client-s3'
import { afterEach } from 'vitest'
import { type ScriptedServer, type SeenRequest, scriptedServer } from '../scripted-server.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

/** How one GET is answered; what is left out is as a good server does it. */
export interface BareReply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** bytes of the body that are sent before the connection ends */
  readonly cutAt?: number
  /** chunked, without Content-Length */
  readonly withoutLength?: boolean
}

export interface BareSource {
  readonly client: S3Client
  readonly seen: readonly SeenRequest[]
  readonly server: ScriptedServer
  gets(): readonly SeenRequest[]
}

const LAST_MODIFIED = 'Fri, 20 Nov 2026 10:00:00 GMT'

/**
 * One object at any key, from a server that need not be a good one.
 * @param answer - by the number of the GET, from 1; HEAD is number 0
 */
export async function bareSource(
  bytes: Buffer,
  headers: Readonly<Record<string, string>>,
  answer: (get: number, request: SeenRequest) => BareReply = () => ({}),
): Promise<BareSource> {
  let gets = 0
  const server = await scriptedServer((request, reply) => {
    const number = request.method === 'GET' ? ++gets : 0
    const given = answer(number, request)
    const range = /^bytes=(\d+)-(\d*)$/.exec(String(request.headers.range ?? ''))
    const start = range === null ? 0 : Number(range[1])
    const end = range === null || range[2] === '' ? bytes.length - 1 : Number(range[2])
    const body = given.body ?? bytes.subarray(start, end + 1)
    const partial: Record<string, string> = range === null || given.status === 200 ? {} : { 'content-range': `bytes ${start}-${end}/${bytes.length}` }
    const length: Record<string, string> = given.withoutLength === true ? {} : { 'content-length': String(body.length) }
    reply.writeHead(given.status ?? (range === null ? 200 : 206), { 'last-modified': LAST_MODIFIED, ...headers, ...partial, ...length, ...given.headers })
    if (request.method === 'HEAD') return void reply.end()
    if (given.cutAt === undefined) return void reply.end(body)
    reply.write(body.subarray(0, given.cutAt), () => reply.destroy())
  })
  const client = new S3Client({
    endpoint: server.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: 'AKIABARE', secretAccessKey: 'bare' },
  })
  open.push({
    async close() {
      client.destroy()
      await server[Symbol.asyncDispose]()
    },
  })
  return { client, server, seen: server.seen, gets: () => server.seen.filter(({ method }) => method === 'GET') }
}
