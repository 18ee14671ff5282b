import type { Socket } from 'node:net'
import { resetTcp } from '../reset-tcp.ts'

// a TLS socket cannot be reset, the TCP socket below it can
const rawSockets = new Map<string, Socket>()

/** Remembers a TCP socket that TLS may come to lie on; forgets it when it closes. */
export function rememberRawSocket(socket: Socket): void {
  const name = nameOf(socket)
  rawSockets.set(name, socket)
  socket.once('close', () => rawSockets.delete(name))
}

/** Ends a connection with RST. */
export function resetSocket(socket: Socket): void {
  const raw = rawSockets.get(nameOf(socket)) ?? socket
  // the TLS socket above it ends by itself: where both are destroyed in one turn Node's HTTP server keeps a parser without a socket, and fails when it is closed
  if (raw.destroyed) socket.destroy()
  else resetTcp(raw, socket)
}

function nameOf(socket: Socket): string {
  return `${socket.localPort}<${socket.remotePort}`
}
