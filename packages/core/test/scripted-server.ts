import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** A request as it came over the wire. */
export interface SeenRequest {
  readonly method: string
  /** raw: path and query */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** counts connections, from 1 */
  readonly connection: number
}

export interface ScriptedServer extends AsyncDisposable {
  readonly endpoint: string
  readonly port: number
  readonly seen: readonly SeenRequest[]
  /** connections that are open now */
  connections(): number
}

/** What a script gets: the request (its body is read unless `readBody` is false) and the raw reply to write. */
export type Script = (request: SeenRequest, reply: ServerResponse, raw: IncomingMessage) => void

/** A server on loopback that answers as it is told: no S3, only HTTP. */
export async function scriptedServer(script: Script, options: { readonly readBody?: boolean } = {}): Promise<ScriptedServer> {
  const seen: SeenRequest[] = []
  const sockets = new Map<Socket, number>()
  let count = 0
  const server = createServer((raw, reply) => {
    const chunks: Buffer[] = []
    const answer = (): void => {
      const request = {
        method: raw.method ?? '',
        url: raw.url ?? '',
        headers: raw.headers,
        body: Buffer.concat(chunks),
        connection: sockets.get(raw.socket) ?? 0,
      }
      seen.push(request)
      script(request, reply, raw)
    }
    raw.on('error', () => {})
    reply.on('error', () => {})
    if (options.readBody === false) return answer()
    raw.on('data', (chunk: Buffer) => chunks.push(chunk))
    raw.on('end', answer)
  })
  server.on('connection', (socket) => {
    count += 1
    sockets.set(socket, count)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    port,
    seen,
    connections: () => sockets.size,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.keys()) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** An error document as S3 writes it. */
export function errorDocument(code: string, message = 'a message'): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message><RequestId>REQ</RequestId></Error>`
}
