import net from 'node:net'
import { resetTcp } from '../reset-tcp.ts'
import type { TcpFault } from './tcp-fault.ts'
import { TcpPipe } from './tcp-pipe.ts'

/** What happens to one connection. */
export interface TcpFaultRule {
  /** Reset at once; the target sees nothing. */
  readonly refuse?: boolean
  /** Client to server. */
  readonly up?: TcpFault
  /** Server to client. */
  readonly down?: TcpFault
}

/** Asked once for each connection, with its number from 1. */
export type TcpFaultChooser = (connectionNumber: number) => TcpFaultRule

/** Options of {@link startTcpFaultProxy}. */
export interface TcpFaultProxyOptions {
  /** @defaultValue host 127.0.0.1 */
  readonly target: { readonly host?: string; readonly port: number }
  /** @defaultValue everything passes */
  readonly rule?: TcpFaultRule | TcpFaultChooser
  /**
   * The port on 127.0.0.1 to listen at.
   * @defaultValue 0: any free one
   */
  readonly port?: number
}

/** A running proxy. */
export interface TcpFaultProxy extends AsyncDisposable {
  readonly host: string
  readonly port: number
  /** Connections so far. */
  readonly connections: number
  /** Bytes that were passed on, client to server. */
  readonly bytesUp: number
  /** Bytes that were passed on, server to client. */
  readonly bytesDown: number
  /** Replaces the rule, for connections from now on. */
  setRule(rule: TcpFaultRule | TcpFaultChooser): void
  /** Closes every connection at once; resolves when no socket and no timer is left. */
  close(): Promise<void>
}

/**
 * A TCP proxy on 127.0.0.1 that harms what passes: delay, rate, a changed byte, a clean cut, a reset, a stall. It knows nothing of HTTP, so
 * it works for TLS too. S3 signatures hold through it: the `Host` that the client signed is what the server sees.
 */
export async function startTcpFaultProxy(options: TcpFaultProxyOptions): Promise<TcpFaultProxy> {
  let rule = options.rule ?? {}
  const counts = { connections: 0, bytesUp: 0, bytesDown: 0 }
  const sockets = new Set<net.Socket>()
  const pipes = new Set<TcpPipe>()

  const hold = (socket: net.Socket): void => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
  }
  const server = net.createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    counts.connections += 1
    hold(client)
    const { refuse, up, down } = typeof rule === 'function' ? rule(counts.connections) : rule
    if (refuse === true) {
      resetTcp(client)
      return
    }
    const target = net.connect({ host: options.target.host ?? '127.0.0.1', port: options.target.port, noDelay: true, allowHalfOpen: true })
    hold(target)
    const reset = (): void => {
      resetTcp(client)
      resetTcp(target)
    }
    const upward = new TcpPipe(client, target, up ?? {}, reset, (bytes) => {
      counts.bytesUp += bytes
    })
    const downward = new TcpPipe(target, client, down ?? {}, reset, (bytes) => {
      counts.bytesDown += bytes
    })
    pipes.add(upward).add(downward)
    target.once('error', () => resetTcp(client))
    client.once('error', () => resetTcp(target))
    client.once('close', () => {
      upward.stop()
      downward.stop()
      pipes.delete(upward)
      pipes.delete(downward)
      target.destroy()
    })
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve))
  const { port } = server.address() as net.AddressInfo

  let closed: Promise<void> | null = null
  const close = (): Promise<void> => {
    closed ??= (async () => {
      const stopped = new Promise((resolve) => server.close(resolve))
      for (const pipe of pipes) pipe.stop()
      for (const socket of sockets) socket.destroy()
      await stopped
    })()
    return closed
  }
  return {
    host: '127.0.0.1',
    port,
    get connections() {
      return counts.connections
    },
    get bytesUp() {
      return counts.bytesUp
    },
    get bytesDown() {
      return counts.bytesDown
    },
    setRule(next: TcpFaultRule | TcpFaultChooser): void {
      rule = next
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
