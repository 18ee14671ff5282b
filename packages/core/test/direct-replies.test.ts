import { describe, expect, it, vi } from 'vitest'
import { SocketConnection } from '../src/s3/direct/socket-connection.ts'
import { bytes, directStore, failureOf, NO_METADATA, REF, textOf } from './direct-store.ts'
import { rawReply, rawServer } from './raw-server.ts'

const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n'
const HINTS = 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'

describe('interim replies', () => {
  it.each([
    ['100', CONTINUE],
    ['103', HINTS],
    ['several', CONTINUE + HINTS + CONTINUE],
    ['100 twice', CONTINUE + CONTINUE],
  ])('%s in front of a reply is passed over, on every request of a connection', async (_, interim) => {
    await using server = await rawServer((request, socket) => socket.write(interim + rawReply(200, { etag: '"e"' }, request.method === 'GET' ? 'hello' : '')))
    const store = await directStore(server.endpoint)
    for (let i = 0; i < 3; i++) expect(await textOf((await store.read(REF)).body)).toBe('hello')
    expect(await store.put(REF, bytes('x'), NO_METADATA)).toMatchObject({ etag: '"e"', attempts: 1 })
    expect(new Set(server.seen.map(({ connection }) => connection)).size).toBe(1)
  })

  it('a 100 in pieces', async () => {
    await using server = await rawServer(async (_, socket) => {
      for (const piece of ['HTTP/1.1 1', '00 Cont', 'inue\r\n', '\r', '\nHTTP/1.1 200 OK\r\ncontent-le', 'ngth: 2\r\n\r\nhi']) {
        socket.write(piece)
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    })
    const store = await directStore(server.endpoint)
    expect(await textOf((await store.read(REF)).body)).toBe('hi')
  })

  it('a switch of protocols is no reply', async () => {
    await using server = await rawServer((_, socket) => socket.write('HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'))
    const store = await directStore(server.endpoint)
    expect(await failureOf(store.read(REF))).toMatchObject({ reason: 'transport', replied: false })
  })
})

describe('replies of every shape', () => {
  it('chunked, with extensions and trailers', async () => {
    await using server = await rawServer((_, socket) =>
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nx-trailer: 1\r\n\r\n'),
    )
    const store = await directStore(server.endpoint)
    const read = await store.read(REF)
    expect(read.bodyBytes).toBeNull()
    expect(await textOf(read.body)).toBe('hello world')
    expect(await textOf((await store.read(REF)).body)).toBe('hello world')
    expect(server.seen.map(({ connection }) => connection)).toEqual([1, 1])
  })

  it('chunked and cut short is not whole', async () => {
    await using server = await rawServer((_, socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n'))
    const store = await directStore(server.endpoint)
    expect(await failureOf(store.read(REF).then((read) => textOf(read.body)))).toMatchObject({ reason: 'transport', replied: false })
  })

  it('without a length: to the end of the connection', async () => {
    await using server = await rawServer((_, socket) => socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhello'))
    const store = await directStore(server.endpoint)
    const read = await store.read(REF)
    expect(read.bodyBytes).toBeNull()
    expect(await textOf(read.body)).toBe('hello')
  })

  it('HTTP/1.0', async () => {
    await using server = await rawServer((_, socket) => socket.end('HTTP/1.0 200 OK\r\ncontent-length: 5\r\n\r\nhello'))
    const store = await directStore(server.endpoint)
    expect(await textOf((await store.read(REF)).body)).toBe('hello')
  })

  it('a HEAD has a length and no body, and its connection serves again where the server says so', async () => {
    await using server = await rawServer((request, socket) =>
      socket.write(
        request.method === 'HEAD'
          ? 'HTTP/1.1 200 OK\r\nconnection: keep-alive\r\ncontent-length: 5000\r\netag: "e"\r\n\r\n'
          : rawReply(200, { etag: '"e"' }, 'hello'),
      ),
    )
    const store = await directStore(server.endpoint)
    expect(await store.head(REF)).toMatchObject({ sizeBytes: 5000, etag: '"e"' })
    expect(await textOf((await store.read(REF)).body)).toBe('hello')
    expect(server.seen.map(({ connection }) => connection)).toEqual([1, 1])
  })

  it('a HEAD whose server sends a body all the same does no harm to the next request', async () => {
    await using server = await rawServer((_, socket) => socket.write(`HTTP/1.1 200 OK\r\nconnection: keep-alive\r\ncontent-length: 5\r\n\r\nwrong`))
    const store = await directStore(server.endpoint)
    await store.head(REF)
    const outcome = await store.read(REF).then(
      (read) => textOf(read.body),
      (error: { reason?: string }) => error.reason,
    )
    expect(['wrong', 'transport']).toContain(outcome)
  })

  it('a 204 to a write is a success without a body, though it declares one', async () => {
    await using server = await rawServer((_, socket, count) =>
      socket.write(count === 1 ? 'HTTP/1.1 204 No Content\r\netag: "e"\r\n\r\n' : rawReply(204, { etag: '"f"', 'content-length': '5' })),
    )
    const store = await directStore(server.endpoint)
    expect(await store.put(REF, bytes('x'), NO_METADATA)).toMatchObject({ etag: '"e"' })
    expect(await store.put(REF, bytes('x'), NO_METADATA)).toMatchObject({ etag: '"f"' })
  })

  it('a header that comes twice: the first length counts, others are joined; values are Latin-1', async () => {
    await using server = await rawServer((_, socket) =>
      socket.write(
        Buffer.from(
          'HTTP/1.1 200 OK\r\nETag: "a"\r\nETag: "b"\r\nX-Amz-Meta-A: 1\r\nx-amz-meta-a: 2\r\nx-amz-meta-u: \xe9\r\ncontent-length: 0\r\n\r\n',
          'latin1',
        ),
      ),
    )
    const store = await directStore(server.endpoint)
    expect(await store.head(REF)).toMatchObject({ etag: '"a"', metadata: { user: { a: '1, 2', u: 'é' } } })
  })

  it('a header of 60 KiB is read, a larger one is refused by name', async () => {
    await using server = await rawServer((request, socket) =>
      socket.write(rawReply(200, { 'x-amz-meta-a': 'x'.repeat(request.target.includes('large') ? 70_000 : 60_000) })),
    )
    const store = await directStore(server.endpoint)
    expect((await store.head(REF)).metadata.user['a']).toHaveLength(60_000)
    const error = await failureOf(store.head({ ...REF, key: 'large' }))
    expect(error).toMatchObject({ reason: 'invalid-reply', replied: true })
    expect(error.message).toContain("the reply's header is larger than 65536 bytes")
  })

  it.each([
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['a broken header', 'HTTP/1.1 200 OK\r\nno colon here\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
    ['a length and chunks', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'],
    ['a length below nothing', 'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n'],
  ])('%s is a broken connection, never an object', async (_, wire) => {
    await using server = await rawServer((_request, socket) => socket.write(wire))
    const store = await directStore(server.endpoint)
    expect(await failureOf(store.read(REF).then((read) => textOf(read.body)))).toMatchObject({ reason: 'transport', replied: false })
    expect(await failureOf(store.put(REF, bytes('x'), NO_METADATA))).toMatchObject({ reason: 'transport', replied: false, attempts: 1 })
    await vi.waitFor(() => expect(server.connections()).toBe(0))
  })
})

describe('partial replies', () => {
  it.each([
    ['before a byte', ''],
    ['in the status line', 'HTTP/1.1 20'],
    ['in the header', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n'],
    ['in the body', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel'],
  ])('cut %s: no reply, and the write is uncertain', async (_, wire) => {
    await using server = await rawServer((_request, socket) => socket.end(wire))
    const store = await directStore(server.endpoint)
    expect(await failureOf(store.read(REF).then((read) => textOf(read.body)))).toMatchObject({ reason: 'transport', replied: false, attempts: 1 })
    const body = wire.includes('\r\n\r\n')
    if (!body) expect(await failureOf(store.put(REF, bytes('x'), NO_METADATA))).toMatchObject({ reason: 'transport', replied: false, attempts: 1 })
    await vi.waitFor(() => expect(server.connections()).toBe(0))
  })

  it('what came before the cut is handed on first', async () => {
    await using server = await rawServer((_, socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhello'))
    const store = await directStore(server.endpoint)
    const read = await store.read(REF)
    let text = ''
    const reading = (async () => {
      for await (const chunk of read.body) text += Buffer.from(chunk).toString()
    })()
    expect(await failureOf(reading)).toMatchObject({ reason: 'transport' })
    expect(text).toBe('hello')
  })

  it('more than was declared is not taken for a second reply', async () => {
    await using server = await rawServer((_, socket) => socket.write(`${rawReply(200, {}, 'hello')}${rawReply(200, {}, 'other')}`))
    const store = await directStore(server.endpoint)
    expect(await textOf((await store.read(REF)).body)).toBe('hello')
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await textOf((await store.read(REF)).body)).toBe('hello')
    expect(server.seen.map(({ connection }) => connection)).toEqual([1, 2])
  })
})

it('a reader that is slow holds the connection back, and loses nothing', async () => {
  const size = 8_000_000
  let written = 0
  await using server = await rawServer((_, socket) => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${size}\r\n\r\n`)
    const more = (): void => {
      while (written < size) {
        written += 50_000
        if (!socket.write(Buffer.alloc(50_000, written % 251))) return void socket.once('drain', more)
      }
    }
    more()
  })
  const store = await directStore(server.endpoint)
  const read = await store.read(REF)
  await new Promise((resolve) => setTimeout(resolve, 300))
  // what the kernel's buffers hold on both sides
  expect(written).toBeLessThan(size)
  let seen = 0
  for await (const chunk of read.body) {
    for (let i = 0; i < chunk.byteLength; i += 10_000) expect(chunk[i]).toBe((Math.floor((seen + i) / 50_000 + 1) * 50_000) % 251)
    seen += chunk.byteLength
  }
  expect(seen).toBe(size)
})

describe('a success while bytes of the body are still in the socket', () => {
  const BODY = bytes('x'.repeat(100_000))

  it('is none: its memory may not be used again yet', async () => {
    await using server = await rawServer((_, socket) => socket.write(rawReply(200, { etag: '"e"' })))
    const store = await directStore(server.endpoint)
    using unsent = vi.spyOn(SocketConnection.prototype, 'unsentBytes', 'get').mockReturnValue(1)
    const error = await failureOf(store.put(REF, BODY, NO_METADATA))
    expect(error).toMatchObject({ reason: 'invalid-reply', replied: true })
    expect(error.message).toContain('status 200 before the whole body was sent')
    expect(unsent).toHaveBeenCalled()
    await vi.waitFor(() => expect(server.connections()).toBe(0), { timeout: 3_000 })
  })

  it('counts where they are gone in the next turn, as TLS reports it', async () => {
    await using server = await rawServer((_, socket) => socket.write(rawReply(200, { etag: '"e"' })))
    const store = await directStore(server.endpoint)
    using unsent = vi.spyOn(SocketConnection.prototype, 'unsentBytes', 'get').mockReturnValueOnce(1)
    expect(await store.put(REF, BODY, NO_METADATA)).toMatchObject({ etag: '"e"', attempts: 1 })
    expect(unsent).toHaveBeenCalled()
  })
})
