import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe } from 'node:diagnostics_channel'
import type { ClientRequest } from 'node:http'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'

export interface ConnectionListener {
  /** A new socket was opened for the request; it is not usable yet. */
  connecting(): void
  /** The request has a usable connection. */
  connected(): void
}

const listeners = new AsyncLocalStorage<ConnectionListener>()
let subscribed = false

/**
 * Runs `send` and tells the listener of the connection of the HTTP request that it makes. The client's handler and agents show nothing of
 * their sockets, and must not be changed: Node's own diagnostics channel does. Requests that nobody watches cost one look.
 * A handler that does not use `node:http` (HTTP/2, fetch) is not seen: there the listener stays silent.
 */
export function watchConnection<T>(listener: ConnectionListener, send: () => T): T {
  if (!subscribed) {
    subscribed = true
    subscribe('http.client.request.created', (message) => {
      const current = listeners.getStore()
      if (current !== undefined) watchRequest((message as { request: ClientRequest }).request, current)
    })
  }
  return listeners.run(listener, send)
}

function watchRequest(request: ClientRequest, listener: ConnectionListener): void {
  request.once('socket', (socket: Socket) => {
    const secure = (socket as TLSSocket).encrypted === true
    // a reused socket is ready
    if (!socket.connecting && !(secure && request.reusedSocket === false && (socket as TLSSocket).getProtocol() === null)) return listener.connected()
    listener.connecting()
    socket.once(secure ? 'secureConnect' : 'connect', () => listener.connected())
  })
}
