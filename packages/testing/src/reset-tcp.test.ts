import { once } from 'node:events'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { resetTcp } from './reset-tcp.ts'

let close: () => void = () => {}
afterEach(() => close())

/** A connection whose other end closes nothing by itself. */
async function connection(): Promise<net.Socket> {
  const server = net.createServer({ allowHalfOpen: true })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const peer = net.connect({ port: (server.address() as net.AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true })
  peer.on('error', () => {}).resume()
  const [ours] = (await once(server, 'connection')) as [net.Socket]
  ours.on('error', () => {}).resume()
  close = () => {
    peer.destroy()
    server.close()
  }
  return ours
}

it.each([
  ['an open connection', () => {}, () => {}],
  ['an open connection that is destroyed right after', () => {}, (socket: net.Socket) => socket.destroy()],
  ['one whose FIN is going out', (socket: net.Socket) => socket.end(), () => {}],
  ['one whose FIN is going out, twice', (socket: net.Socket) => socket.end(), (socket: net.Socket) => resetTcp(socket)],
] as const)('leaves nothing of %s', async (_, before, after) => {
  const ours = await connection()
  const sockets = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length
  const open = sockets()
  before(ours)
  resetTcp(ours)
  after(ours)
  const deadlineMs = performance.now() + 2_000
  // ours; the peer's may go with it
  while (sockets() >= open && performance.now() < deadlineMs) await sleep(10)
  expect(sockets()).toBeLessThan(open)
  expect(ours.destroyed).toBe(true)
})
