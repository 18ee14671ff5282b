import { createServer, type IncomingHttpHeaders, type OutgoingHttpHeaders, request as sendRequest } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as the client sent it, secrets included. */
export interface EditorRequest {
  readonly method: string
  /** decoded path and query, without the host */
  readonly url: string
  readonly headers: IncomingHttpHeaders
}

/** A reply on its way back; whatever an edit changes is what the client gets. */
export interface EditableReply {
  status: number
  /** names in lower case; an array goes as so many lines */
  headers: OutgoingHttpHeaders
  body: Buffer
  /** bytes of the body after which the connection breaks */
  cutAt?: number
}

export interface ReplyEditor {
  readonly endpoint: string
  readonly requests: EditorRequest[]
  close(): Promise<void>
}

/**
 * A plain reverse proxy in front of a server of the kit. Requests pass unchanged, their Host among them, so that signatures hold; replies are what
 * `edit` makes of them. For small objects: bodies are held.
 */
export async function editReplies(target: { readonly port: number }, edit: (request: EditorRequest, reply: EditableReply) => void): Promise<ReplyEditor> {
  const requests: EditorRequest[] = []
  const server = createServer((incoming, outgoing) => {
    const request = { method: incoming.method ?? '', url: incoming.url ?? '', headers: incoming.headers }
    requests.push(request)
    const headers: string[] = []
    // a HEAD, and a GET without a body, must not get a Transfer-Encoding
    for (let i = 0; i < incoming.rawHeaders.length; i += 2) headers.push(incoming.rawHeaders[i] ?? '', incoming.rawHeaders[i + 1] ?? '')
    const onward = sendRequest({ host: '127.0.0.1', port: target.port, method: request.method, path: request.url, headers, agent: false }, (got) => {
      const chunks: Buffer[] = []
      got.on('data', (chunk: Buffer) => chunks.push(chunk))
      got.on('end', () => {
        const reply: EditableReply = { status: got.statusCode ?? 0, headers: { ...got.headers }, body: Buffer.concat(chunks) }
        edit(request, reply)
        delete reply.headers.connection
        outgoing.writeHead(reply.status, reply.headers)
        if (reply.cutAt !== undefined) {
          outgoing.write(reply.body.subarray(0, reply.cutAt), () => setImmediate(() => outgoing.destroy()))
          return
        }
        outgoing.end(request.method === 'HEAD' ? undefined : reply.body)
      })
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
