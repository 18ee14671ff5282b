import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import type { WriteBody } from '@sealift/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { bytes, directStore, failureOf, NO_METADATA, REF, textOf } from './direct-store.ts'
import { rawReply, rawServer } from './raw-server.ts'
import { errorDocument } from './scripted-server.ts'

const LARGE = Buffer.alloc(20_000_000, 'abcdefg')

/** A socket that is not read does not show that the other side went. */
function stopReading(socket: Socket): void {
  socket.pause()
  setTimeout(() => socket.resume(), 1_000)
}

afterEach(() => vi.restoreAllMocks())

describe('early replies', () => {
  it.each([
    [403, 'AccessDenied', 'access-denied'],
    [400, 'BadDigest', 'bad-digest'],
    [503, 'SlowDown', 'throttled'],
  ])('a %d before the whole body was sent is the reply, and its connection goes', async (status, code, reason) => {
    // nothing of the body is read: it cannot all be sent
    await using server = await rawServer(
      (_, socket) => {
        stopReading(socket)
        socket.write(rawReply(status, {}, errorDocument(code)))
      },
      { when: 'head' },
    )
    const store = await directStore(server.endpoint)
    expect(await failureOf(store.put(REF, bytes(LARGE), NO_METADATA))).toMatchObject({ reason, replied: true, attempts: 1 })
    await vi.waitFor(() => expect(server.connections()).toBe(0), { timeout: 3_000 })
  })

  it.each([100_000, 500_000])('a body of %d bytes that is called off: the server never has all of it, and its connection goes', async (sizeBytes) => {
    const whole = Buffer.alloc(sizeBytes, 'x')
    const arrived = { bytes: 0, closed: false }
    await using server = await rawServer(
      ({ body }, socket) => {
        arrived.bytes += body.byteLength
        socket.on('data', (chunk) => (arrived.bytes += chunk.byteLength))
        socket.on('close', () => (arrived.closed = true))
      },
      { when: 'head' },
    )
    const store = await directStore(server.endpoint)
    const refusal = await failureOf(store.put(REF, { kind: 'bytes', bytes: whole, mayComplete: () => false }, NO_METADATA))
    expect(refusal).toMatchObject({ reason: 'called-off', retryable: false, replied: false, attempts: 1 })
    await vi.waitFor(() => expect(arrived.closed).toBe(true))
    expect(arrived.bytes).toBeGreaterThan(0)
    expect(arrived.bytes).toBeLessThan(sizeBytes)
  })

  it.each([1, 100_000, 500_000])('what the question itself throws is what the put of %d bytes rejects with', async (sizeBytes) => {
    await using server = await rawServer((_, socket) => socket.write(rawReply(200, { etag: '"e"' }, '')))
    const store = await directStore(server.endpoint)
    const own = new Error('no answer')
    const mayComplete = (): boolean => {
      throw own
    }
    await expect(store.put(REF, { kind: 'bytes', bytes: Buffer.alloc(sizeBytes, 'x'), mayComplete }, NO_METADATA)).rejects.toBe(own)
    expect(server.seen).toEqual([])
    await vi.waitFor(() => expect(server.connections()).toBe(0))
  })

  it('the question is asked while the body is on its way, and what is held back follows the answer', async () => {
    const whole = Buffer.alloc(100_000, 'y')
    await using server = await rawServer((_, socket) => socket.write(rawReply(200, { etag: '"e"' }, '')))
    const store = await directStore(server.endpoint)
    let seenWhenAsked = -1
    const mayComplete = (): boolean => {
      seenWhenAsked = server.seen.length
      return true
    }
    expect(await store.put(REF, { kind: 'bytes', bytes: whole, mayComplete }, NO_METADATA)).toMatchObject({ etag: '"e"' })
    expect(seenWhenAsked).toBe(0)
    expect(server.seen[0]?.body.equals(whole)).toBe(true)
  })

  it('of a stream it is told what was sent, and not what the connection broke on', async () => {
    await using server = await rawServer((_, socket) => socket.write(rawReply(200, { etag: '"e"' }, '')))
    await using deaf = await rawServer(
      (_, socket) => {
        stopReading(socket)
        setTimeout(() => socket.destroy(), 100)
      },
      { when: 'head' },
    )
    const pieces = Array.from({ length: 40 }, (_, at) => Buffer.alloc(500_000, at))
    const sent: Uint8Array[] = []
    const body = (): WriteBody => ({
      kind: 'stream',
      stream: (async function* () {
        yield* pieces
      })(),
      sizeBytes: 20_000_000,
      onSent: (piece) => sent.push(piece),
    })
    await (await directStore(server.endpoint)).put(REF, body(), NO_METADATA)
    expect(sent).toEqual(pieces)
    expect(server.seen[0]?.body.equals(Buffer.concat(pieces))).toBe(true)
    sent.length = 0
    expect(await failureOf((await directStore(deaf.endpoint)).put(REF, body(), NO_METADATA))).toMatchObject({ reason: 'transport' })
    expect(sent.length).toBeLessThan(39)
    expect(sent).toEqual(pieces.slice(0, sent.length))
  })

  it('a refused stream is ended', async () => {
    await using server = await rawServer((_, socket) => socket.write(rawReply(403, {}, errorDocument('AccessDenied'))), { when: 'head' })
    const store = await directStore(server.endpoint)
    let ended = false
    const stream = (async function* () {
      try {
        for (;;) {
          yield Buffer.alloc(10_000)
          await new Promise((resolve) => setTimeout(resolve, 1))
        }
      } finally {
        ended = true
      }
    })()
    expect(await failureOf(store.put(REF, { kind: 'stream', stream, sizeBytes: 1_000_000_000 }, NO_METADATA))).toMatchObject({
      reason: 'access-denied',
      replied: true,
    })
    await vi.waitFor(() => expect(ended).toBe(true))
    await vi.waitFor(() => expect(server.connections()).toBe(0), { timeout: 3_000 })
  })

  it('a success before the whole body was sent is none', async () => {
    await using server = await rawServer(
      (_, socket) => {
        stopReading(socket)
        socket.write(rawReply(200, { etag: '"e"' }))
      },
      { when: 'head' },
    )
    const store = await directStore(server.endpoint)
    const error = await failureOf(store.put(REF, bytes(LARGE), NO_METADATA))
    expect(error).toMatchObject({ reason: 'invalid-reply', replied: true })
    expect(error.message).toContain('status 200 before the whole body was sent')
    await vi.waitFor(() => expect(server.connections()).toBe(0), { timeout: 3_000 })
  })
})

describe('connections that are kept', () => {
  it('serve one request after another, for several stores of a client', async () => {
    await using server = await rawServer((_, socket) => socket.write(rawReply(200, { etag: '"e"' }, 'hello')))
    for (let i = 0; i < 3; i++) {
      const store = await directStore(server.endpoint)
      expect(await textOf((await store.read(REF)).body)).toBe('hello')
      store.close()
    }
    expect(server.seen.map(({ connection }) => connection)).toEqual([1, 1, 1])
  })

  it('are not kept where the server says so', async () => {
    await using server = await rawServer((_, socket) => socket.end(rawReply(200, { connection: 'close' }, 'hello')))
    const store = await directStore(server.endpoint)
    for (let i = 0; i < 3; i++) expect(await textOf((await store.read(REF)).body)).toBe('hello')
    expect(server.seen.map(({ connection }) => connection)).toEqual([1, 2, 3])
  })

  it('closed by the server while they were idle: the next request goes over another, and is sent once', async () => {
    await using server = await rawServer((_, socket) => {
      socket.write(rawReply(200, { etag: '"e"' }, 'hello'))
      setTimeout(() => socket.end(), 20)
    })
    const store = await directStore(server.endpoint)
    expect(await textOf((await store.read(REF)).body)).toBe('hello')
    await vi.waitFor(() => expect(server.connections()).toBe(0), { timeout: 3_000 })
    expect(await store.put(REF, bytes('x'), NO_METADATA)).toMatchObject({ attempts: 1 })
    expect(server.seen).toHaveLength(2)
  })

  it('requests of one turn go out, each over its own; one that is given up leaves the others alone', async () => {
    await using server = await rawServer((request, socket) => {
      setTimeout(() => socket.write(rawReply(200, { etag: '"e"' }, request.method === 'GET' ? request.target : '')), 20)
    })
    const store = await directStore(server.endpoint)
    const readOf = async (key: string, signal?: AbortSignal): Promise<string> => textOf((await store.read({ ...REF, key }, { signal })).body)
    await Promise.all([readOf('a'), readOf('b'), readOf('c')])
    const controller = new AbortController()
    const replies = [readOf('d'), store.put({ ...REF, key: 'e' }, bytes('x'), NO_METADATA), readOf('f', controller.signal)]
    const reason = new Error('no more')
    // past the microtasks that hand the requests to their connections
    for (let i = 0; i < 50; i++) await Promise.resolve()
    controller.abort(reason)
    const [first, second, third] = await Promise.allSettled(replies)
    expect(first).toMatchObject({ value: expect.stringContaining('/d') })
    expect(second).toMatchObject({ value: { etag: '"e"', attempts: 1 } })
    expect(third).toEqual({ status: 'rejected', reason })
    const later = server.seen.slice(3)
    expect(
      later
        .map(({ target }) => target.slice(-1))
        .filter((key) => key !== 'f')
        .sort(),
    ).toEqual(['d', 'e'])
    expect(new Set(later.map(({ connection }) => connection)).size).toBe(later.length)
    expect(later.every(({ connection }) => connection <= 3)).toBe(true)
  })

  const closingAtTheNext = (how: 'end' | 'reset') =>
    rawServer((request, socket) => {
      // the race: the request was on its way when the server gave the connection up
      if (request.connection === 1 && server1.served) {
        server1.served = false
        return how === 'end' ? socket.end() : socket.resetAndDestroy()
      }
      server1.served = true
      socket.write(rawReply(200, { etag: '"e"' }, request.method === 'HEAD' ? '' : 'hello'))
    })
  const server1 = { served: false }

  it.each(['end', 'reset'] as const)('%s under a GET or HEAD: asked once more over a fresh one, and counted', async (how) => {
    for (const method of ['read', 'head'] as const) {
      server1.served = false
      await using server = await closingAtTheNext(how)
      const store = await directStore(server.endpoint)
      expect(await textOf((await store.read(REF)).body)).toBe('hello')
      expect(await store[method](REF)).toMatchObject({ attempts: 2 })
      expect(server.seen).toHaveLength(3)
    }
  })

  it.each(['end', 'reset'] as const)('%s under a PUT: uncertain, and not sent again', async (how) => {
    server1.served = false
    await using server = await closingAtTheNext(how)
    const store = await directStore(server.endpoint)
    expect(await textOf((await store.read(REF)).body)).toBe('hello')
    expect(await failureOf(store.put(REF, bytes('x'), NO_METADATA))).toMatchObject({ reason: 'transport', replied: false, attempts: 1 })
    expect(server.seen).toHaveLength(2)
  })

  it('a fresh connection that is closed is a failure at once', async () => {
    await using server = await rawServer((_, socket) => socket.resetAndDestroy())
    const store = await directStore(server.endpoint)
    expect(await failureOf(store.read(REF))).toMatchObject({ reason: 'transport', replied: false, attempts: 1 })
    expect(server.seen).toHaveLength(1)
  })

  it('a reset in the middle of a PUT is uncertain', async () => {
    await using server = await rawServer((_, socket) => setTimeout(() => socket.resetAndDestroy(), 20), { when: 'head' })
    const store = await directStore(server.endpoint)
    expect(await failureOf(store.put(REF, bytes(LARGE), NO_METADATA))).toMatchObject({ reason: 'transport', replied: false, attempts: 1 })
  })
})

describe('deadlines', () => {
  const short = { connectTimeoutMs: 200, firstByteTimeoutMs: 300, idleTimeoutMs: 300 }

  it('a server that takes no more of a body: idle', async () => {
    await using server = await rawServer((_, socket) => stopReading(socket), { when: 'head' })
    const store = await directStore(server.endpoint, {}, short)
    expect(await failureOf(store.put(REF, bytes(LARGE), NO_METADATA))).toMatchObject({ code: 'ERR_TIMEOUT', reason: 'transport', replied: false })
    await vi.waitFor(() => expect(server.connections()).toBe(0), { timeout: 3_000 })
  })

  it('a connection that is refused is a failure at once', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    await new Promise((resolve) => server.close(resolve))
    const store = await directStore(`http://127.0.0.1:${port}`, {}, short)
    const error = await failureOf(store.read(REF))
    expect(error).toMatchObject({ reason: 'transport', replied: false, attempts: 1 })
    expect(error.message).toContain('ECONNREFUSED')
  })

  it('a signal ends each phase', async () => {
    await using silent = await rawServer(() => {})
    await using stalling = await rawServer((_, socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello'))
    const aborting = (): AbortSignal => {
      const controller = new AbortController()
      setTimeout(() => controller.abort('stop'), 50)
      return controller.signal
    }
    const quiet = await directStore(silent.endpoint)
    await expect(quiet.read(REF, { signal: aborting() })).rejects.toBe('stop')
    await expect(quiet.put(REF, bytes(LARGE), { ...NO_METADATA, signal: aborting() })).rejects.toBe('stop')
    await expect(quiet.read(REF, { signal: AbortSignal.abort('before') })).rejects.toBe('before')
    const store = await directStore(stalling.endpoint)
    const controller = new AbortController()
    const read = await store.read(REF, { signal: controller.signal })
    setTimeout(() => controller.abort('stop'), 50)
    await expect(textOf(read.body)).rejects.toBe('stop')
    await vi.waitFor(() => expect(silent.connections() + stalling.connections()).toBe(0), { timeout: 3_000 })
  })
})

it('a process whose copies are done ends by itself', async () => {
  await using server = await rawServer((_, socket) => socket.write(rawReply(200, { etag: '"e"' }, 'hello')))
  const directory = await mkdtemp(join(tmpdir(), 'sealift-exit-'))
  const own = (path: string): string => pathToFileURL(fileURLToPath(new URL(path, import.meta.url))).href
  const script = join(directory, 'script.mts')
  await writeFile(
    script,
    `import { directStore, REF, textOf, bytes, NO_METADATA } from '${own('./direct-store-plain.ts')}'
     const store = await directStore('${server.endpoint}')
     await store.put(REF, bytes('x'), NO_METADATA)
     console.log(await textOf((await store.read(REF)).body))
     const at = performance.now()
     process.on('exit', () => console.log(Math.round(performance.now() - at)))`,
  )
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@sealift/source', '--experimental-strip-types', script], { timeout: 15_000 })
    const [text, afterMs] = stdout.trim().split('\n')
    expect(text).toBe('hello')
    expect(Number(afterMs)).toBeLessThan(2_000)
  } finally {
    await rm(directory, { recursive: true })
  }
})
