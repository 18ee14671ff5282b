import { type AddressInfo, createServer, type Socket } from 'node:net'

/** A request as its bytes came. */
export interface RawRequest {
  readonly method: string
  /** raw: path and query */
  readonly target: string
  /** names in lower case */
  readonly headers: Readonly<Record<string, string>>
  /** as much of the body as came before the script was called */
  readonly body: Buffer
  /** counts connections, from 1 */
  readonly connection: number
}

export interface RawServer extends AsyncDisposable {
  readonly port: number
  readonly endpoint: string
  readonly seen: readonly RawRequest[]
  connections(): number
}

/** Writes raw bytes, or nothing. */
export type RawScript = (request: RawRequest, socket: Socket, count: number) => void

/** A server on loopback that answers with the very bytes of its script. It is called with the whole request, or (`when: 'head'`) once its head came. */
export async function rawServer(script: RawScript, options: { readonly when?: 'whole' | 'head'; readonly host?: string } = {}): Promise<RawServer> {
  const seen: RawRequest[] = []
  const sockets = new Set<Socket>()
  let count = 0
  const server = createServer((socket) => {
    const connection = (count += 1)
    let bytes = Buffer.alloc(0)
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk])
      for (;;) {
        const end = bytes.indexOf('\r\n\r\n')
        if (end === -1) return
        const [line = '', ...fields] = bytes.subarray(0, end).toString('latin1').split('\r\n')
        const [method = '', target = ''] = line.split(' ')
        const headers = Object.fromEntries(
          fields.map((field) => [field.slice(0, field.indexOf(':')).toLowerCase(), field.slice(field.indexOf(':') + 1).trim()]),
        )
        const whole = end + 4 + Number(headers['content-length'] ?? 0)
        if (options.when !== 'head' && bytes.byteLength < whole) return
        const request = { method, target, headers, body: bytes.subarray(end + 4, whole), connection }
        seen.push(request)
        if (options.when === 'head') socket.removeAllListeners('data')
        bytes = bytes.subarray(whole)
        script(request, socket, seen.length)
        if (options.when === 'head') return
      }
    })
  })
  const host = options.host ?? '127.0.0.1'
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, host, resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    endpoint: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    seen,
    connections: () => sockets.size,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A reply's bytes: status, headers, a body with its length. */
export function rawReply(status: number, headers: Readonly<Record<string, string>> = {}, body = ''): string {
  const fields = Object.entries({ 'content-length': String(Buffer.byteLength(body)), ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} Text\r\n${fields.join('')}\r\n${body}`
}
