import type { Socket } from 'node:net'

/**
 * Ends a TCP connection with RST; one whose FIN is just going out is only closed. libuv refuses to reset that one (EINVAL), and Node lets go of it all the same:
 * it would stay open for as long as the peer likes.
 * @param above - the TLS socket that lies on it
 */
export function resetTcp(socket: Socket, above: Socket = socket): void {
  const isEnding = [socket, above].some(({ writableEnded, writableFinished }) => writableEnded && !writableFinished)
  if (isEnding) socket.destroy()
  else socket.resetAndDestroy()
}
