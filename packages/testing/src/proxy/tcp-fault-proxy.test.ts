import { once } from 'node:events'
import net from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTcpFaultProxy, type TcpFaultChooser, type TcpFaultProxy, type TcpFaultRule } from './tcp-fault-proxy.ts'

/** Answers every byte with the same byte, and notes how each connection ended. */
let echo: net.Server
let proxy: TcpFaultProxy | null = null
let received: Buffer[]
let ends: string[]

beforeEach(async () => {
  received = []
  ends = []
  echo = net.createServer({ allowHalfOpen: true }, (socket) => {
    const index = received.push(Buffer.alloc(0)) - 1
    socket.on('data', (piece: Buffer) => {
      received[index] = Buffer.concat([received[index] ?? Buffer.alloc(0), piece])
      if (!socket.write(piece)) {
        socket.pause()
        socket.once('drain', () => socket.resume())
      }
    })
    socket.once('end', () => {
      ends.push('end')
      socket.end()
    })
    socket.once('error', (error: NodeJS.ErrnoException) => ends.push(String(error.code)))
  })
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
})

afterEach(async () => {
  await proxy?.close()
  proxy = null
  await new Promise((resolve) => echo.close(resolve))
})

async function start(rule?: TcpFaultRule | TcpFaultChooser): Promise<void> {
  proxy = await startTcpFaultProxy({ target: { port: (echo.address() as net.AddressInfo).port }, ...(rule === undefined ? {} : { rule }) })
}

/** Sends, ends (unless told to wait), and says what came back and how it ended. */
async function send(text: string | Buffer, options: { keepOpen?: boolean; waitMs?: number } = {}): Promise<{ body: string; end: string; tookMs: number }> {
  const began = Date.now()
  const socket = net.connect({ port: proxy?.port ?? 0, host: '127.0.0.1', allowHalfOpen: true })
  let end = 'open'
  const pieces: Buffer[] = []
  socket.on('data', (piece: Buffer) => pieces.push(piece))
  socket.once('end', () => {
    end = 'end'
    socket.end()
  })
  socket.once('error', (error: NodeJS.ErrnoException) => {
    end = String(error.code)
  })
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  await Promise.race([once(socket, 'connect').catch(() => {}), closed])
  if (options.keepOpen === true) socket.write(text)
  else socket.end(text)
  await Promise.race([closed, ...(options.waitMs === undefined ? [] : [new Promise((resolve) => setTimeout(resolve, options.waitMs))])])
  const tookMs = Date.now() - began
  socket.destroy()
  return { body: Buffer.concat(pieces).toString('latin1'), end, tookMs }
}

const text = 'the quick brown fox'

describe('startTcpFaultProxy', () => {
  it('passes everything without a rule, and counts', async () => {
    await start()
    expect(await send(text)).toMatchObject({ body: text, end: 'end' })
    const big = Buffer.alloc(8 << 20, 'abcdefg')
    const answer = await send(big)
    expect(answer.body === big.toString('latin1')).toBe(true)
    expect([proxy?.connections, proxy?.bytesUp, proxy?.bytesDown]).toEqual([2, big.length + 19, big.length + 19])
    expect(ends).toEqual(['end', 'end'])
  })

  it('asks the rule for each connection by its number', async () => {
    const asked: number[] = []
    await start((n) => {
      asked.push(n)
      return n === 2 ? { refuse: true } : {}
    })
    expect((await send(text)).body).toBe(text)
    expect(await send(text)).toMatchObject({ body: '', end: 'ECONNRESET' })
    expect((await send(text)).body).toBe(text)
    expect(asked).toEqual([1, 2, 3])
    expect(received.length).toBe(2)
    proxy?.setRule({ refuse: true })
    expect(await send(text)).toMatchObject({ body: '', end: 'ECONNRESET' })
  })

  it('delays both ways', async () => {
    await start({ up: { delayMs: 60 }, down: { delayMs: 60 } })
    const answer = await send(text)
    expect(answer).toMatchObject({ body: text, end: 'end' })
    expect(answer.tookMs).toBeGreaterThanOrEqual(118)
  })

  it('holds a rate', async () => {
    await start({ down: { rateBytesPerSecond: 1 << 20 } })
    const body = Buffer.alloc(512 * 1024, 'x')
    const answer = await send(body)
    expect(answer.body.length).toBe(body.length)
    expect(answer.tookMs).toBeGreaterThan(400)
    expect(answer.tookMs).toBeLessThan(1_500)
  })

  it.each(['up', 'down'] as const)('changes one byte (%s)', async (way) => {
    await start({ [way]: { corruptAt: 4 } })
    const wrong = Buffer.from(text)
    wrong.writeUInt8(wrong.readUInt8(4) ^ 0xff, 4)
    expect((await send(text)).body).toBe(wrong.toString('latin1'))
    expect(received[0]?.toString('latin1')).toBe(way === 'up' ? wrong.toString('latin1') : text)
  })

  it.each(['up', 'down'] as const)('ends cleanly after n bytes (%s)', async (way) => {
    await start({ [way]: { endAt: 9 } })
    expect(await send(text, { keepOpen: true })).toMatchObject({ body: 'the quick', end: 'end' })
    if (way === 'up') expect([received[0]?.toString(), ends]).toEqual(['the quick', ['end']])
  })

  it.each(['up', 'down'] as const)('resets after n bytes (%s)', async (way) => {
    await start({ [way]: { resetAt: 9 } })
    expect(await send(text, { keepOpen: true })).toMatchObject({ end: 'ECONNRESET', ...(way === 'down' ? { body: 'the quick' } : {}) })
    await expect.poll(() => ends).toEqual(['ECONNRESET'])
  })

  it('resets before the first byte with 0', async () => {
    await start({ down: { resetAt: 0 } })
    expect(await send(text, { keepOpen: true })).toMatchObject({ body: '', end: 'ECONNRESET' })
    expect(received[0]?.toString()).toBe(text)
  })

  it.each(['up', 'down'] as const)('stalls after n bytes and closes nothing (%s)', async (way) => {
    await start({ [way]: { stallAt: 9 } })
    expect(await send(text, { keepOpen: true, waitMs: 200 })).toMatchObject({ body: 'the quick', end: 'open' })
    expect(ends).toEqual([])
  })

  it('resets the client when the target refuses', async () => {
    await start()
    await new Promise((resolve) => echo.close(resolve))
    expect(await send(text)).toMatchObject({ body: '', end: 'ECONNRESET' })
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
  })

  it('leaves no socket and no timer after close()', async () => {
    const countTimers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    await start((n) => (n === 1 ? { up: { stallAt: 2 } } : { up: { delayMs: 60_000 } }))
    const clients = [1, 2, 3].map(() => net.connect(proxy?.port ?? 0, '127.0.0.1'))
    const gone = clients.map(async (client) => {
      client.on('error', () => {}).resume()
      client.write(text)
      await new Promise((resolve) => client.once('close', resolve))
    })
    await expect.poll(() => (proxy?.bytesUp ?? 0) >= 2 + 19 + 19).toBe(true)
    const timersBefore = countTimers()
    await proxy?.close()
    expect(countTimers()).toBe(timersBefore - 2)
    await proxy?.close()
    await Promise.all(gone)
    await expect.poll(() => new Promise((resolve) => echo.getConnections((_, count) => resolve(count)))).toBe(0)
  })
})
