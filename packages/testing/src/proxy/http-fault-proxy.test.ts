import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import { SealiftError } from '@sealift/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FaultAction, FaultMatch, FaultRule } from '../faults/fault-rule.ts'
import { type HttpFaultProxy, startHttpFaultProxy } from './http-fault-proxy.ts'

interface Seen {
  readonly method: string
  readonly url: string
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
  readonly trailers: NodeJS.Dict<string>
  readonly port: number | undefined
}

interface Answer {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
  readonly trailers: NodeJS.Dict<string>
}

/** A store that keeps bodies by path, and what it was asked. */
let seen: Seen[] = []
let broken = 0
const stored = new Map<string, Buffer>()
let origin: http.Server
let proxy: HttpFaultProxy | null = null
let agent: http.Agent

beforeEach(async () => {
  seen = []
  broken = 0
  stored.clear()
  agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  const handle = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    const pieces: Buffer[] = []
    request.on('error', () => {})
    request.once('close', () => {
      if (!request.complete) broken += 1
    })
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const { method = '', url = '', rawHeaders, trailers } = request
      const body = Buffer.concat(pieces)
      seen.push({ method, url, rawHeaders, body, trailers, port: request.socket.remotePort })
      const path = url.split('?')[0] ?? ''
      if (method === 'PUT' || method === 'POST') {
        stored.set(path, body)
        response.writeHead(200, { ETag: '"0a1b2c"', 'X-MiXed-Case': 'kept' }).end(method === 'POST' ? '<Result/>' : '')
      } else if (!stored.has(path)) {
        // with a length, because Node's client closes after a HEAD without one
        response.writeHead(404, { 'Content-Length': 37 }).end(method === 'HEAD' ? '' : '<Error><Code>NoSuchKey</Code></Error>')
      } else if (method === 'DELETE') {
        stored.delete(path)
        response.writeHead(204).end()
      } else if (request.headers['if-none-match'] !== undefined) response.writeHead(304, { ETag: '"0a1b2c"' }).end()
      else {
        const content = stored.get(path) ?? Buffer.alloc(0)
        const headers = { ETag: '"0a1b2c"', 'Last-Modified': 'Sat, 21 Nov 2026 01:00:00 GMT' }
        if (url.includes('chunked') && method === 'HEAD') response.writeHead(200, { ...headers, 'Transfer-Encoding': 'chunked' }).end()
        else if (url.includes('chunked')) {
          response.writeHead(200, { ...headers, Trailer: 'x-checksum' })
          const step = content.length > 100 ? 40_000 : 7
          for (let at = 0; at < content.length; at += step) response.write(content.subarray(at, at + step))
          response.addTrailers({ 'x-checksum': 'abc' })
          response.end()
        } else response.writeHead(200, { ...headers, 'Content-Length': content.length }).end(method === 'HEAD' ? undefined : content)
      }
    })
  }
  origin = http.createServer(handle)
  origin.on('checkContinue', (request: http.IncomingMessage, response: http.ServerResponse) => {
    if (request.headers['x-refuse'] !== undefined) {
      response.writeHead(412, { Connection: 'close' }).end()
      return
    }
    response.writeContinue()
    handle(request, response)
  })
  await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve))
})

afterEach(async () => {
  agent.destroy()
  await proxy?.close()
  proxy = null
  origin.closeAllConnections()
  await new Promise((resolve) => origin.close(resolve))
})

async function start(...faults: readonly FaultRule[]): Promise<HttpFaultProxy> {
  proxy = await startHttpFaultProxy({ target: `http://127.0.0.1:${(origin.address() as net.AddressInfo).port}`, faults })
  return proxy
}

function rule(action: FaultAction, match: FaultMatch = {}): FaultRule {
  return { match, action }
}

async function call(
  method: string,
  path: string,
  options: {
    body?: Buffer | string
    headers?: http.OutgoingHttpHeaders | readonly string[]
    chunked?: boolean
    trailers?: http.OutgoingHttpHeaders
    timeoutMs?: number
  } = {},
): Promise<Answer> {
  if (proxy === null) throw new Error('no proxy')
  const { port } = new URL(proxy.endpoint)
  const signal = AbortSignal.timeout(options.timeoutMs ?? 5_000)
  return await new Promise((resolve, reject) => {
    const pieces: Buffer[] = []
    const broke = (error: Error): void => reject(Object.assign(error, { received: Buffer.concat(pieces).toString() }))
    const request = http.request(
      { host: '127.0.0.1', port, method, path, agent, signal, ...(options.headers === undefined ? {} : { headers: options.headers }) },
      (response) => {
        response.on('data', (piece: Buffer) => pieces.push(piece))
        response.once('error', broke)
        response.once('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            rawHeaders: response.rawHeaders,
            body: Buffer.concat(pieces),
            trailers: response.trailers,
          }),
        )
      },
    )
    request.once('error', broke)
    if (options.body === undefined) request.end()
    else if (options.chunked === true) {
      const body = Buffer.from(options.body)
      for (let at = 0; at < body.length; at += 10) request.write(body.subarray(at, at + 10))
      if (options.trailers !== undefined) request.addTrailers(options.trailers)
      request.end()
    } else request.end(options.body)
  })
}

const content = Buffer.from('the quick brown fox jumps over the lazy dog')
/** Byte 5 of {@link content}, 'u', with its lowest bit inverted. */
const flipped = Buffer.from('the qtick brown fox jumps over the lazy dog')

describe('without faults', () => {
  it('passes the request target and the header lines byte for byte', async () => {
    await start()
    const path = "/b/a%2Fb//../c%20d+e%7E~;x='?list-type=2&prefix=%E2%82%AC&empty&X=%2f"
    await call('GET', path, { headers: ['X-First', 'One', 'x-SECOND', '  spaced  ', 'Host', 'signed.example:1234', 'X-First', 'Again'] })
    expect(seen[0]?.url).toBe(path)
    expect(seen[0]?.rawHeaders.slice(0, 8)).toEqual(['X-First', 'One', 'x-SECOND', 'spaced', 'Host', 'signed.example:1234', 'X-First', 'Again'])
    const answer = await call('PUT', '/b/k', { body: content })
    expect(answer.rawHeaders).toContain('X-MiXed-Case')
  })

  it('uses one connection to the server for many requests on one connection, replies without a body among them', async () => {
    await start()
    expect((await call('PUT', '/b/k', { body: content })).status).toBe(200)
    const head = await call('HEAD', '/b/k')
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, '43', 0])
    expect((await call('GET', '/b/k', { headers: { 'If-None-Match': '"0a1b2c"' } })).status).toBe(304)
    expect((await call('GET', '/b/k')).body).toEqual(content)
    expect((await call('DELETE', '/b/k')).status).toBe(204)
    expect((await call('HEAD', '/b/k')).status).toBe(404)
    expect((await call('GET', '/b/k')).status).toBe(404)
    expect(new Set(seen.map(({ port }) => port)).size).toBe(1)
    expect(proxy?.requests.map(({ operation, serverStatus, clientStatus }) => [operation, serverStatus, clientStatus])).toEqual([
      ['PutObject', 200, 200],
      ['HeadObject', 200, 200],
      ['GetObject', 304, 304],
      ['GetObject', 200, 200],
      ['DeleteObject', 204, 204],
      ['HeadObject', 404, 404],
      ['GetObject', 404, 404],
    ])
  })

  it('passes chunked bodies and trailers both ways', async () => {
    await start()
    await call('PUT', '/b/k', {
      body: content,
      chunked: true,
      headers: { Trailer: 'x-amz-checksum-crc32', 'Transfer-Encoding': 'chunked' },
      trailers: { 'x-amz-checksum-crc32': 'AAAA' },
    })
    expect(seen[0]?.body).toEqual(content)
    expect(seen[0]?.trailers).toEqual({ 'x-amz-checksum-crc32': 'AAAA' })
    const answer = await call('GET', '/b/k?chunked')
    expect(answer.body).toEqual(content)
    expect(answer.trailers).toEqual({ 'x-checksum': 'abc' })
    expect((await call('HEAD', '/b/k?chunked')).status).toBe(200)
    expect((await call('GET', '/b/k')).body).toEqual(content)
  })

  it('passes a body of 8 MiB both ways', async () => {
    await start()
    const big = Buffer.alloc(8 << 20, 'abcdefghi')
    await call('PUT', '/b/k', { body: big })
    expect(seen[0]?.body.equals(big)).toBe(true)
    expect((await call('GET', '/b/k')).body.equals(big)).toBe(true)
    expect((await call('GET', '/b/k?chunked')).body.equals(big)).toBe(true)
  })

  it('passes Expect: 100-continue, and a refusal in its place', async () => {
    await start()
    const { port } = new URL(proxy?.endpoint ?? '')
    const put = async (headers: http.OutgoingHttpHeaders): Promise<string> =>
      await new Promise((resolve, reject) => {
        const heard: string[] = []
        const request = http.request({
          host: '127.0.0.1',
          port,
          method: 'PUT',
          path: '/b/e',
          agent: false,
          headers: { Expect: '100-continue', 'Content-Length': content.length, ...headers },
        })
        request.flushHeaders()
        request.once('continue', () => {
          heard.push('continue')
          request.end(content)
        })
        request.once('response', (response) => {
          heard.push(String(response.statusCode))
          response.resume()
          response.once('close', () => resolve(heard.join(' ')))
        })
        request.once('error', reject)
      })
    expect(await put({})).toBe('continue 200')
    expect(stored.get('/b/e')).toEqual(content)
    expect(await put({ 'X-Refuse': '1' })).toBe('412')
  })

  it('breaks the reply off where the server does', async () => {
    const half = net.createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'))
    })
    await new Promise<void>((resolve) => half.listen(0, '127.0.0.1', resolve))
    proxy = await startHttpFaultProxy({ target: `http://127.0.0.1:${(half.address() as net.AddressInfo).port}` })
    await expect(call('GET', '/b/k')).rejects.toMatchObject({ code: 'ECONNRESET', received: 'half' })
    half.close()
  })

  it('takes no stray bytes after a HEAD for the next reply', async () => {
    // as Swift's web server does
    const eventlet = net.createServer((socket) => {
      socket.on('error', () => {})
      socket.on('data', (piece) => {
        const chunked = 'HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n'
        socket.write(chunked + (piece.toString().startsWith('HEAD') ? '0\r\n\r\n' : '2\r\nno\r\n0\r\n\r\n'))
      })
    })
    await new Promise<void>((resolve) => eventlet.listen(0, '127.0.0.1', resolve))
    proxy = await startHttpFaultProxy({ target: `http://127.0.0.1:${(eventlet.address() as net.AddressInfo).port}` })
    const socket = net.connect(Number(new URL(proxy.endpoint).port), '127.0.0.1')
    const replies = async (request: string, end: string): Promise<string> => {
      let text = ''
      socket.write(`${request}\r\nHost: x\r\n\r\n`)
      while (!text.endsWith(end)) text += String((await once(socket, 'data'))[0])
      return text
    }
    expect(await replies('HEAD /b/k HTTP/1.1', '\r\n\r\n')).toBe('HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n')
    expect(await replies('GET /b/k HTTP/1.1', '0\r\n\r\n')).toContain('\r\nno\r\n')
    expect(await replies('HEAD /b/k HTTP/1.1', '\r\n\r\n')).toMatch(/^HTTP\/1.1 404/)
    socket.destroy()
    await proxy.close()
    eventlet.close()
  })

  it('passes a reply that lasts until the server closes', async () => {
    const old = net.createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nETag: "1"\r\n\r\nall of it'))
    })
    await new Promise<void>((resolve) => old.listen(0, '127.0.0.1', resolve))
    proxy = await startHttpFaultProxy({ target: `http://127.0.0.1:${(old.address() as net.AddressInfo).port}` })
    expect((await call('GET', '/b/k')).body.toString()).toBe('all of it')
    old.close()
  })

  it('closes to the server when the client gives up, and to the client when the server does', async () => {
    await start()
    const socket = net.connect(Number(new URL(proxy?.endpoint ?? '').port), '127.0.0.1')
    socket.on('error', () => {}).resume()
    socket.write('PUT /b/k HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nnot all of it')
    await expect.poll(() => new Promise((resolve) => origin.getConnections((_, count) => resolve(count)))).toBe(1)
    socket.destroy()
    await expect.poll(() => broken).toBe(1)
    const idle = net.connect(Number(new URL(proxy?.endpoint ?? '').port), '127.0.0.1')
    idle.on('error', () => {}).resume()
    const closed = once(idle, 'close')
    idle.write('HEAD /b/none HTTP/1.1\r\nHost: x\r\n\r\n')
    await expect.poll(() => seen.length).toBe(1)
    origin.closeIdleConnections()
    await closed
  })

  it('keeps requests on many connections apart', async () => {
    await start()
    agent.destroy()
    agent = new http.Agent({ keepAlive: true, maxSockets: 40 })
    await Promise.all(
      Array.from({ length: 120 }, async (_, i) => {
        const body = Buffer.alloc((i * 7919) % 100_000, `${i} `)
        await call('PUT', `/b/${i}`, { body, chunked: i % 3 === 0 && body.length < 1_000, timeoutMs: 15_000 })
        expect((await call('GET', `/b/${i}${i % 2 === 0 ? '?chunked' : ''}`, { timeoutMs: 15_000 })).body.equals(body)).toBe(true)
      }),
    )
    expect(proxy?.requests.length).toBe(240)
  })

  it('resets the client when the server refuses connections', async () => {
    await start()
    origin.closeAllConnections()
    await new Promise((resolve) => origin.close(resolve))
    await expect(call('GET', '/b/k')).rejects.toMatchObject({ code: 'ECONNRESET' })
    origin.listen(0, '127.0.0.1')
    await once(origin, 'listening')
  })
})

describe('faults', () => {
  it('aims at the n-th request of an operation, so many times', async () => {
    const status: FaultAction = { kind: 'status', status: 503 }
    await start(
      rule(status, { operation: ['UploadPart'], partNumber: 2, nth: 2, times: 2 }),
      rule(status, { operation: 'GetObject', key: 'k/€', bucket: 'b', times: 'always' }),
    )
    const parts: number[] = []
    for (let i = 0; i < 5; i++) {
      parts.push((await call('PUT', '/b/k?partNumber=1&uploadId=u', { body: 'x' })).status)
      parts.push((await call('PUT', '/b/k?partNumber=2&uploadId=u', { body: 'x' })).status)
    }
    expect(parts).toEqual([200, 200, 200, 503, 200, 503, 200, 200, 200, 200])
    stored.set('/b/k/%E2%82%AC', content)
    for (let i = 0; i < 3; i++) expect((await call('GET', '/b/k/%E2%82%AC')).status).toBe(503)
    expect((await call('GET', '/b/k')).status).toBe(200)
    expect(proxy?.firedFaults.map(({ operation, partNumber, requestNumber }) => [operation, partNumber, requestNumber])).toEqual([
      ['UploadPart', 2, 4],
      ['UploadPart', 2, 6],
      ['GetObject', null, 11],
      ['GetObject', null, 12],
      ['GetObject', null, 13],
    ])
    proxy?.setFaults([])
    expect((await call('GET', '/b/k/%E2%82%AC')).status).toBe(200)
  })

  it.each([{ chunked: false }, { chunked: true }])('flips a byte of the request (chunked: $chunked)', async ({ chunked }) => {
    await start(rule({ kind: 'flip', leg: 'request', at: 5 }))
    await call('PUT', '/b/k', { body: content, chunked })
    expect(stored.get('/b/k')).toEqual(flipped)
    await call('PUT', '/b/k', { body: content, chunked })
    expect(stored.get('/b/k')).toEqual(content)
    expect(proxy?.firedFaults.length).toBe(1)
  })

  it.each(['/b/k', '/b/k?chunked'])('flips a byte of the reply (%s)', async (path) => {
    await start(rule({ kind: 'flip', leg: 'response', at: 5 }))
    stored.set('/b/k', content)
    const answer = await call('GET', path)
    expect(answer.body).toEqual(flipped)
    expect(answer.headers['etag']).toBe('"0a1b2c"')
    expect((await call('GET', path)).body).toEqual(content)
  })

  it('does not fire where the body ends before the offset', async () => {
    await start(rule({ kind: 'flip', leg: 'response', at: content.length }), rule({ kind: 'reset', leg: 'response', at: content.length }, { nth: 2 }))
    stored.set('/b/k', content)
    expect((await call('GET', '/b/k')).body).toEqual(content)
    expect((await call('GET', '/b/k')).body).toEqual(content)
    expect(proxy?.firedFaults).toEqual([])
    expect(proxy?.requests[0]?.rule).not.toBeNull()
  })

  it.each(['truncate', 'reset'] as const)('%s: the reply ends after n bytes of its body', async (kind) => {
    await start(rule({ kind, leg: 'response', at: 9 }, { operation: 'GetObject', times: 2 }))
    stored.set('/b/k', content)
    for (const path of ['/b/k', '/b/k?chunked']) await expect(call('GET', path)).rejects.toMatchObject({ code: 'ECONNRESET', received: 'the quick' })
    expect(proxy?.firedFaults.length).toBe(2)
    expect((await call('GET', '/b/k')).body).toEqual(content)
  })

  it('truncate closes in good order and reset does not', async () => {
    await start(rule({ kind: 'truncate', leg: 'response', at: 9 }), rule({ kind: 'reset', leg: 'response', at: 9 }, { nth: 2 }))
    stored.set('/b/k', content)
    const ends: string[] = []
    for (let i = 0; i < 2; i++) {
      const socket = net.connect(Number(new URL(proxy?.endpoint ?? '').port), '127.0.0.1')
      socket.resume()
      socket.write('GET /b/k HTTP/1.1\r\nHost: x\r\n\r\n')
      socket.once('end', () => ends.push('end'))
      socket.once('error', (error: NodeJS.ErrnoException) => ends.push(String(error.code)))
      await once(socket, 'close').catch(() => {})
    }
    expect(ends).toEqual(['end', 'ECONNRESET'])
  })

  it.each(['truncate', 'reset'] as const)('%s: the request ends after n bytes of its body', async (kind) => {
    await start(rule({ kind, leg: 'request', at: 9 }))
    await expect(call('PUT', '/b/k', { body: content })).rejects.toMatchObject({ code: 'ECONNRESET' })
    await expect.poll(() => broken).toBe(1)
    expect(stored.size).toBe(0)
    expect(proxy?.firedFaults.length).toBe(1)
    expect((await call('PUT', '/b/k', { body: content })).status).toBe(200)
  })

  it.each(['request', 'response'] as const)('stall: nothing more of the %s, and nothing is closed', async (leg) => {
    await start(rule({ kind: 'stall', leg, at: 9 }))
    stored.set('/b/k', content)
    const stalled = leg === 'request' ? call('PUT', '/b/k', { body: content, timeoutMs: 300 }) : call('GET', '/b/k', { timeoutMs: 300 })
    const began = Date.now()
    await expect(stalled).rejects.toMatchObject({ code: 'ABORT_ERR' })
    expect(Date.now() - began).toBeGreaterThan(250)
    expect(proxy?.firedFaults.length).toBe(1)
    // the next one goes well, on a connection of its own
    expect((await call('GET', '/b/k')).body).toEqual(content)
  })

  it('lost-reply: the server did it, the client hears nothing', async () => {
    await start(rule({ kind: 'lost-reply' }, { operation: 'CompleteMultipartUpload' }))
    await expect(call('POST', '/b/k?uploadId=u', { body: '<Complete/>' })).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(stored.get('/b/k')?.toString()).toBe('<Complete/>')
    expect(proxy?.requests[0]).toMatchObject({ operation: 'CompleteMultipartUpload', serverStatus: 200, clientStatus: null })
  })

  it('never-arrives: the server sees nothing', async () => {
    await start(rule({ kind: 'never-arrives' }))
    await expect(call('PUT', '/b/k', { body: content })).rejects.toMatchObject({ code: expect.stringMatching(/ECONNRESET|EPIPE/) })
    expect(seen).toEqual([])
    expect(proxy?.firedFaults.length).toBe(1)
  })

  it('status: an S3 error in place of the server, and the connection lives on', async () => {
    await start(
      rule({ kind: 'status', status: 503, retryAfterSeconds: 7 }),
      rule({ kind: 'status', status: 429, code: 'Slow' }, { nth: 2 }),
      rule({ kind: 'status', status: 500 }, { nth: 3 }),
    )
    const first = await call('PUT', '/b/k', { body: Buffer.alloc(1 << 20) })
    expect([first.status, first.headers['retry-after'], /<Code>(\w+)</.exec(first.body.toString())?.[1]]).toEqual([503, '7', 'SlowDown'])
    expect((await call('GET', '/b/k')).body.toString()).toContain('<Code>Slow</Code>')
    const head = await call('HEAD', '/b/k')
    expect([head.status, head.body.length]).toEqual([500, 0])
    expect(seen).toEqual([])
    expect((await call('PUT', '/b/k', { body: content })).status).toBe(200)
  })

  it('status: an upload that waits for 100-continue is refused at once', async () => {
    await start(rule({ kind: 'status', status: 503 }))
    const answer = await call('PUT', '/b/k', { headers: { Expect: '100-continue', 'Content-Length': '43' }, body: Buffer.alloc(0), timeoutMs: 2_000 })
    expect([answer.status, answer.headers.connection]).toEqual([503, 'close'])
  })

  it.each([
    { done: false, carriedOut: 0 },
    { done: true, carriedOut: 1 },
  ])('error-in-200 (done: $done)', async ({ done, carriedOut }) => {
    await start(rule({ kind: 'error-in-200', done }))
    const answer = await call('POST', '/b/k?uploadId=u', { body: '<Complete/>' })
    expect([answer.status, /<Error><Code>(\w+)</.exec(answer.body.toString())?.[1]]).toEqual([200, 'InternalError'])
    expect(seen.length).toBe(carriedOut)
    expect((await call('GET', '/b/k')).status).toBe(done ? 200 : 404)
  })

  it('stale-head: what was before the write, what the rule says, or nothing', async () => {
    await start()
    const head: FaultMatch = { operation: 'HeadObject', key: 'k' }
    expect((await call('HEAD', '/b/k')).status).toBe(404)
    await call('PUT', '/b/k', { body: 'first' })
    proxy?.setFaults([rule({ kind: 'stale-head', head: 'previous' }, head)])
    expect((await call('HEAD', '/b/k')).status).toBe(404)
    expect((await call('HEAD', '/b/k')).headers['content-length']).toBe('5')
    await call('PUT', '/b/k', { body: 'second' })
    proxy?.setFaults([
      rule({ kind: 'stale-head', head: 'previous' }, head),
      rule({ kind: 'stale-head', head: 404 }, { ...head, nth: 2 }),
      rule({ kind: 'stale-head', head: { etag: '"old"', 'content-length': '3' } }, { ...head, nth: 3 }),
    ])
    const stale = await call('HEAD', '/b/k')
    expect([stale.status, stale.headers['content-length'], stale.headers['etag']]).toEqual([200, '5', '"0a1b2c"'])
    expect((await call('HEAD', '/b/k')).status).toBe(404)
    const given = await call('HEAD', '/b/k')
    expect([given.status, given.headers['content-length'], given.headers['etag']]).toEqual([200, '3', '"old"'])
    expect((await call('HEAD', '/b/k')).headers['content-length']).toBe('6')
    expect(proxy?.firedFaults.length).toBe(4)
  })

  it('flip-header: one character of one header, on either way', async () => {
    await start(
      rule({ kind: 'flip-header', leg: 'response', name: 'etag' }),
      rule({ kind: 'flip-header', leg: 'request', name: 'X-Amz-Meta-A' }, { nth: 2 }),
      rule({ kind: 'flip-header', leg: 'request', name: 'x-absent' }, { nth: 3 }),
    )
    expect((await call('PUT', '/b/k', { body: content })).headers['etag']).toBe('"1a1b2c"')
    await call('PUT', '/b/k', { body: content, headers: ['Host', 'h', 'x-amz-meta-a', 'abc', 'content-length', '43'] })
    expect(seen[1]?.rawHeaders.slice(0, 4)).toEqual(['Host', 'h', 'x-amz-meta-a', 'bbc'])
    await call('PUT', '/b/k', { body: content })
    expect(proxy?.firedFaults.length).toBe(2)
  })

  it('echo-checksum: the claim comes back', async () => {
    await start(rule({ kind: 'echo-checksum' }))
    const answer = await call('PUT', '/b/k', { body: content, headers: { 'x-amz-checksum-crc32': 'AAAAAA==', 'Content-Length': content.length } })
    expect(answer.headers['x-amz-checksum-crc32']).toBe('AAAAAA==')
  })

  it('delay: the request waits', async () => {
    await start(rule({ kind: 'delay', delayMs: 200 }))
    const began = Date.now()
    await call('GET', '/b/k')
    expect(Date.now() - began).toBeGreaterThanOrEqual(195)
  })

  it('hook: awaited before the request, before the reply, and in the middle of its body', async () => {
    const told: unknown[] = []
    const big = Buffer.alloc(3 << 20, 'x')
    stored.set('/b/k', big)
    const hook = (when: 'before-forward' | 'before-reply' | 'during-reply', nth: number, afterBytes?: number): FaultRule =>
      rule(
        {
          kind: 'hook',
          when,
          ...(afterBytes === undefined ? {} : { afterBytes }),
          run: async (info) => {
            told.push([info.when, info.operation, info.key, info.status, seen.length])
            await new Promise((resolve) => setTimeout(resolve, 20))
            if (when === 'before-forward') stored.set('/b/k', content)
          },
        },
        { nth },
      )
    await start(
      hook('during-reply', 1, 100_000),
      hook('before-reply', 2),
      hook('before-forward', 3),
      hook('during-reply', 4, content.length),
      hook('during-reply', 5, content.length + 1),
    )
    expect((await call('GET', '/b/k')).body.equals(big)).toBe(true)
    expect((await call('GET', '/b/k')).body.equals(big)).toBe(true)
    for (let i = 0; i < 3; i++) expect((await call('GET', '/b/k')).body).toEqual(content)
    expect(told).toEqual([
      ['during-reply', 'GetObject', 'k', 200, 1],
      ['before-reply', 'GetObject', 'k', 200, 2],
      ['before-forward', 'GetObject', 'k', null, 2],
      ['during-reply', 'GetObject', 'k', 200, 4],
    ])
    expect(proxy?.hookErrors).toEqual([])
  })

  it('hook: what it throws is kept, and its connection closed', async () => {
    await start(
      rule({
        kind: 'hook',
        when: 'before-forward',
        run: () => {
          throw new Error('in the hook')
        },
      }),
    )
    await expect(call('GET', '/b/k')).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(proxy?.hookErrors).toEqual([new Error('in the hook')])
    expect((await call('GET', '/b/k')).status).toBe(404)
  })
})

describe('closing', () => {
  it('leaves no socket and no timer, also in the middle of things', async () => {
    const countTimers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    const timersBefore = countTimers()
    await start(
      rule({ kind: 'stall', leg: 'response', at: 3 }, { key: 'stalled' }),
      rule({ kind: 'delay', delayMs: 60_000 }, { key: 'delayed' }),
      rule({ kind: 'hook', when: 'before-reply', run: () => new Promise(() => {}) }, { key: 'hooked' }),
      rule({ kind: 'truncate', leg: 'request', at: 3 }, { key: 'cut' }),
    )
    for (const key of ['stalled', 'delayed', 'hooked', 'idle']) stored.set(`/b/${key}`, content)
    agent.destroy()
    agent = new http.Agent({ keepAlive: true })
    const pending = [...['stalled', 'delayed', 'hooked'].map((key) => call('GET', `/b/${key}`)), call('PUT', '/b/cut', { body: Buffer.alloc(1 << 20) })].map(
      (answer) =>
        answer.then(
          () => 'answered',
          () => 'broken',
        ),
    )
    expect((await call('GET', '/b/idle')).status).toBe(200)
    await expect.poll(() => proxy?.firedFaults.length).toBe(4)
    const began = Date.now()
    await proxy?.close()
    await proxy?.close()
    expect(Date.now() - began).toBeLessThan(1_000)
    expect(await Promise.all(pending)).toEqual(['broken', 'broken', 'broken', 'broken'])
    agent.destroy()
    await expect.poll(() => new Promise((resolve) => origin.getConnections((_, count) => resolve(count)))).toBe(0)
    // without `poll` in between, which has a timer of its own
    await new Promise((resolve) => setImmediate(resolve))
    expect(countTimers()).toBeLessThanOrEqual(timersBefore)
  })
})

describe('bad options', () => {
  it.each([
    { name: 'target', options: { target: 'ftp://127.0.0.1' } },
    { name: 'target', options: { target: '127.0.0.1:8101' } },
    { name: 'faults[0].action.kind', options: { target: 'http://127.0.0.1:1', faults: [rule({ kind: 'ignore-conditions' })] } },
    { name: 'faults[0].action.leg', options: { target: 'http://127.0.0.1:1', faults: [rule({ kind: 'flip', leg: 'rest', at: 0 })] } },
  ])('$name', async ({ name, options }) => {
    const error = await startHttpFaultProxy(options).catch((thrown: unknown) => thrown)
    expect(SealiftError.is(error) && [error.code, error.context.option]).toEqual(['ERR_INVALID_OPTION', name])
  })
})
