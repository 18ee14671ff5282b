import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { TransportFailure } from '../transport-failure.ts'
import { READ_BYTES } from './http-client.ts'
import { ReplyBody } from './reply-body.ts'

function bodyOf(signal?: AbortSignal): { readonly body: ReplyBody; readonly calls: string[] } {
  const calls: string[] = []
  const note = (name: string) => (): void => {
    calls.push(name)
  }
  const body = new ReplyBody({ signal, waiting: note('waiting'), satisfied: () => {}, resume: note('resume'), consumed: note('consumed'), drop: note('drop') })
  return { body, calls }
}

const KIB = Buffer.alloc(64 * 1024, 'x')

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  let text = ''
  for await (const chunk of body) text += Buffer.from(chunk).toString()
  return text
}

describe('reading by chunks', () => {
  it('gives what came before and what comes later, in order', async () => {
    const { body, calls } = bodyOf()
    body.push(Buffer.from('a'))
    const text = textOf(body)
    await new Promise((resolve) => setImmediate(resolve))
    body.push(Buffer.from('b'))
    body.push(Buffer.from('c'))
    body.end()
    expect(await text).toBe('abc')
    expect(calls.filter((call) => call !== 'waiting')).toEqual(['consumed'])
  })

  it('holds the connection back at 128 KiB, and lets it go on when all was read', async () => {
    const { body, calls } = bodyOf()
    expect(body.push(KIB)).toBe(true)
    expect(body.push(KIB)).toBe(false)
    await body.next()
    expect(calls).toEqual([])
    await body.next()
    expect(calls).toEqual(['resume'])
  })

  it.each(['chunk by chunk', 'into a target'] as const)('a held connection goes on also where a small piece came after it was held, read %s', async (how) => {
    const { body, calls } = bodyOf()
    body.push(KIB)
    expect(body.push(KIB)).toBe(false)
    await body.next()
    expect(body.push(Buffer.from('from the record that was read already'))).toBe(false)
    expect(calls).toEqual([])
    if (how === 'into a target') void body.readInto(Buffer.alloc(1024 * 1024))
    else for (let chunk = 0; chunk < 2; chunk += 1) await body.next()
    expect(calls).toContain('resume')
  })

  it('the connection is free only after the last byte was taken', async () => {
    const { body, calls } = bodyOf()
    body.push(Buffer.from('a'))
    body.end()
    expect(calls).toEqual([])
    await body.next()
    expect(calls).toEqual(['consumed'])
    body.discard()
    expect(calls).toEqual(['consumed'])
  })

  it('leaving early drops it, also where everything came', async () => {
    for (const ended of [true, false]) {
      const { body, calls } = bodyOf()
      body.push(Buffer.from('a'))
      if (ended) body.end()
      for await (const _ of body) break
      body.discard()
      expect(calls).toEqual(ended ? ['consumed'] : ['drop'])
    }
    const unread = bodyOf()
    unread.body.push(Buffer.from('a'))
    unread.body.end()
    unread.body.discard()
    expect(unread.calls).toEqual(['drop'])
  })

  it('a failure comes after what had arrived, once; an abort at once', async () => {
    const failing = bodyOf()
    failing.body.push(Buffer.from('a'))
    failing.body.fail(new TransportFailure('connection', 'cut', 1), false)
    expect((await failing.body.next()).value).toEqual(Buffer.from('a'))
    await expect(failing.body.next()).rejects.toThrow('cut')
    expect(await failing.body.next()).toEqual({ done: true, value: undefined })
    const controller = new AbortController()
    const aborting = bodyOf(controller.signal)
    aborting.body.push(Buffer.from('a'))
    controller.abort('stop')
    await expect(aborting.body.next()).rejects.toBe('stop')
    expect(aborting.calls).toEqual(['drop'])
  })
})

describe('readInto', () => {
  it('fills the target with the same bytes, however they come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { maxLength: 8 }), fc.nat(8), async (chunks, before) => {
        const { body, calls } = bodyOf()
        for (const chunk of chunks.slice(0, before)) body.push(chunk)
        const early = before >= chunks.length
        if (early) body.end()
        const whole = Buffer.concat(chunks)
        const target = Buffer.alloc(whole.byteLength + 3, 0xee)
        const reading = body.readInto(target)
        for (const chunk of chunks.slice(before)) body.push(chunk)
        if (!early) body.end()
        expect(await reading).toBe(whole.byteLength)
        expect(target).toEqual(Buffer.concat([whole, Buffer.alloc(3, 0xee)]))
        expect(calls.filter((call) => call !== 'waiting')).toEqual(['consumed'])
      }),
    )
  })

  it('a target that is too small is a failure, and the connection goes', async () => {
    for (const queued of [true, false]) {
      const { body, calls } = bodyOf()
      if (queued) body.push(Buffer.from('hello'))
      const reading = body.readInto(new Uint8Array(4))
      if (!queued) body.push(Buffer.from('hello'))
      await expect(reading).rejects.toThrow('more than the expected 4 bytes')
      expect(calls.at(-1)).toBe('drop')
    }
  })

  it('a connection that breaks is a failure; one that waited goes on', async () => {
    const broken = bodyOf()
    const reading = broken.body.readInto(new Uint8Array(10))
    broken.body.push(Buffer.from('hello'))
    broken.body.fail(new TransportFailure('connection', 'cut', 1), false)
    await expect(reading).rejects.toThrow('cut')
    const held = bodyOf()
    held.body.push(KIB)
    held.body.push(KIB)
    const whole = held.body.readInto(new Uint8Array(200 * 1024))
    expect(held.calls).toEqual(['waiting', 'resume'])
    held.body.end()
    expect(await whole).toBe(128 * 1024)
  })
})

describe('chunksIn', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  /** Memory that is used for every chunk, as a reader does that is done with a chunk when it asks for the next. */
  const reused = (sizeBytes: number): (() => Uint8Array) => {
    const memory = Buffer.alloc(sizeBytes)
    return () => memory
  }

  it('gives the same bytes, however they come, each chunk in the memory that was taken for it', async () => {
    const piece = fc.integer({ min: 1, max: READ_BYTES })
    const sizes = fc.integer({ min: READ_BYTES, max: 3 * READ_BYTES })
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), fc.nat(12), sizes, fc.infiniteStream(fc.boolean()), async (pieces, before, memoryBytes, pauses) => {
        const { body, calls } = bodyOf()
        let at = 0
        const chunks = pieces.map((sizeBytes) => Buffer.alloc(sizeBytes, (at += 1)))
        for (const chunk of chunks.slice(0, before)) body.push(chunk)
        const early = before >= chunks.length
        if (early) body.end()
        const take = reused(memoryBytes)
        const reading = (async () => {
          const got: Buffer[] = []
          for await (const chunk of body.chunksIn(take)) {
            expect(chunk.buffer).toBe(take().buffer)
            got.push(Buffer.from(chunk))
            if (pauses.next().value === true) await new Promise((resolve) => setImmediate(resolve))
          }
          return Buffer.concat(got)
        })()
        for (const chunk of chunks.slice(before)) {
          body.push(chunk)
          if (pauses.next().value === true) await new Promise((resolve) => setImmediate(resolve))
        }
        if (!early) body.end()
        expect((await reading).equals(Buffer.concat(chunks))).toBe(true)
        expect(calls.filter((call) => call !== 'waiting' && call !== 'resume')).toEqual(['consumed'])
      }),
    )
  })

  it('what finds no memory comes in its own, and what comes after it does not', async () => {
    const { body, calls } = bodyOf()
    const memory = Buffer.alloc(READ_BYTES)
    const given = [memory, null, memory, null]
    const chunks: Buffer[] = []
    const reading = (async () => {
      for await (const chunk of body.chunksIn(() => given.shift() ?? null)) chunks.push(chunk.buffer === memory.buffer ? Buffer.from(chunk) : (chunk as Buffer))
    })()
    const pieces = ['a', 'b', 'c', 'd', 'e'].map((letter) => Buffer.from(letter))
    for (const piece of pieces) {
      body.push(piece)
      await new Promise((resolve) => setImmediate(resolve))
    }
    body.end()
    await reading
    expect(chunks).toEqual(pieces)
    expect(chunks.map((chunk) => pieces.some((piece) => piece === chunk))).toEqual([false, true, false, true, true])
    expect(calls.at(-1)).toBe('consumed')
  })

  it('a chunk is handed on when one more piece may not fit, and with the first piece after 50 ms', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const { body } = bodyOf()
    const chunks = body.chunksIn(reused(4 * READ_BYTES))
    const full = chunks.next()
    for (let piece = 0; piece < 4; piece += 1) body.push(Buffer.alloc(READ_BYTES - 1))
    expect((await full).value?.byteLength).toBe(4 * READ_BYTES - 4)
    const slow = chunks.next()
    await new Promise((resolve) => setImmediate(resolve))
    body.push(Buffer.from('a'))
    vi.advanceTimersByTime(51)
    body.push(Buffer.from('b'))
    expect((await slow).value).toEqual(Buffer.from('ab'))
  })

  it('a held connection goes on once all of the queue was taken', async () => {
    const { body, calls } = bodyOf()
    body.push(KIB)
    body.push(KIB)
    const chunks = body.chunksIn(reused(READ_BYTES))
    await chunks.next()
    expect(calls).toEqual([])
    await chunks.next()
    expect(calls).toEqual(['resume'])
  })

  it('a failure comes after what had arrived; nothing comes after an abort', async () => {
    for (const queued of [true, false]) {
      const { body } = bodyOf()
      if (queued) body.push(Buffer.from('a'))
      const chunks = body.chunksIn(reused(2 * READ_BYTES))
      const first = chunks.next()
      await new Promise((resolve) => setImmediate(resolve))
      if (!queued) body.push(Buffer.from('a'))
      body.fail(new TransportFailure('connection', 'cut', 1), false)
      expect((await first).value).toEqual(Buffer.from('a'))
      await expect(chunks.next()).rejects.toThrow('cut')
    }
    const failing = bodyOf()
    const pending = failing.body.chunksIn(reused(2 * READ_BYTES)).next()
    const rejected = expect(pending).rejects.toBe('stop')
    await new Promise((resolve) => setImmediate(resolve))
    failing.body.push(Buffer.from('a'))
    failing.body.fail('stop', true)
    await rejected
    const controller = new AbortController()
    const aborted = bodyOf(controller.signal)
    aborted.body.push(Buffer.from('a'))
    controller.abort('stop')
    await expect(aborted.body.chunksIn(reused(2 * READ_BYTES)).next()).rejects.toBe('stop')
    expect(aborted.calls).toEqual(['drop'])
  })

  it('leaving early drops the connection, and nothing is written to the memory any more', async () => {
    const { body, calls } = bodyOf()
    body.push(Buffer.from('a'))
    const take = reused(READ_BYTES)
    for await (const _ of body.chunksIn(take)) {
      body.push(Buffer.from('b'))
      break
    }
    body.push(Buffer.from('c'))
    expect(take()[0]).toBe('a'.charCodeAt(0))
    expect(calls).toEqual(['drop'])
  })

  it('memory that a piece may not fit is refused', async () => {
    const { body, calls } = bodyOf()
    await expect(body.chunksIn(reused(READ_BYTES - 1)).next()).rejects.toThrow(TypeError)
    expect(calls).toEqual(['drop'])
  })
})
