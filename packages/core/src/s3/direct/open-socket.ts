import { connect as connectTcp, isIP, type OnReadOpts, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type { HttpOrigin } from './http-client.ts'

/** The last TLS session of each origin; a new connection resumes it. */
const sessions = new Map<string, Buffer>()
const MAX_SESSIONS = 256

/**
 * Opens a connection; `onReady` is called once, when it can be used or has failed. The system's CAs and `NODE_EXTRA_CA_CERTS` are trusted.
 * @param onread - takes what is read, instead of the socket's stream
 */
export function openSocket(origin: HttpOrigin, onReady: (error: Error | null, socket: Socket) => void, onread: OnReadOpts): Socket {
  const socket = origin.tls ? openTls(origin, onread) : connectTcp({ host: origin.hostname, port: origin.port, noDelay: true, onread })
  socket.setNoDelay(true)
  socket.setKeepAlive(true, 60_000)
  let settled = false
  const settle = (error: Error | null): void => {
    if (settled) return
    settled = true
    onReady(error, socket)
  }
  socket.once(origin.tls ? 'secureConnect' : 'connect', () => settle(null))
  socket.on('error', (error) => settle(error))
  socket.once('close', () => settle(new Error('closed before it was connected')))
  return socket
}

function openTls(origin: HttpOrigin, onread: OnReadOpts): TLSSocket {
  const session = sessions.get(origin.key)
  // of the types only `connect` of node:net knows `onread`
  const reading = { onread }
  const socket = connectTls({
    host: origin.hostname,
    port: origin.port,
    // an address is no server name
    ...(isIP(origin.hostname) === 0 ? { servername: origin.hostname } : {}),
    ALPNProtocols: ['http/1.1'],
    ...(session === undefined ? {} : { session }),
    ...reading,
  })
  socket.on('session', (fresh: Buffer) => {
    if (sessions.size >= MAX_SESSIONS) sessions.clear()
    sessions.set(origin.key, fresh)
  })
  return socket
}
