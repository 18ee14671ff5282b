import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { ConnectionLost } from './connection-lost.ts'
import type { DueFaults } from './due-faults.ts'
import type { Reply } from './exchange.ts'
import { flipHeader } from './flip-header.ts'
import type { ReplyHooks } from './reply-hooks.ts'
import { resetSocket } from './reset-socket.ts'
import { flipped } from './stored-body.ts'

const RESET_PAUSE_MS = 25

/**
 * Writes a reply, with back-pressure and the faults of the response leg.
 * The caller ends the response.
 * @param onWritten - told of every stretch of body bytes that was written
 * @throws `ConnectionLost` when the connection broke, by itself or by a fault
 */
export async function writeReply(
  response: ServerResponse,
  method: string,
  reply: Reply,
  faults: DueFaults,
  hooks: ReplyHooks | null,
  onWritten: (bytes: number) => void,
): Promise<void> {
  const headers: Record<string, string> = { ...reply.headers }
  const name = faults.peek('flip-header', 'response')
  if (name !== null && flipHeader(headers, name.name)) faults.fired(name)
  const length = bodyLength(reply)
  if (length !== null && reply.isOfUnknownLength !== true && !('content-length' in headers)) headers['content-length'] = String(length)
  response.writeHead(reply.status, headers)
  if (method === 'HEAD' || reply.status === 204 || reply.status === 304 || reply.body === undefined) {
    // a HEAD has no body to happen in: what was to happen after so many bytes happens right away
    if (method === 'HEAD') await hooks?.run()
    return
  }
  await writeBody(response, reply.body, faults, hooks, onWritten)
}

function bodyLength(reply: Reply): number | null {
  if (reply.status === 204 || reply.status === 304) return null
  if (reply.body === undefined) return 0
  return typeof reply.body === 'string' ? Buffer.byteLength(reply.body) : reply.body.end - reply.body.start
}

async function writeBody(
  response: ServerResponse,
  body: NonNullable<Reply['body']>,
  faults: DueFaults,
  hooks: ReplyHooks | null,
  onWritten: (bytes: number) => void,
): Promise<void> {
  const flip = faults.peek('flip', 'response')
  const cut = faults.peek('truncate', 'response') ?? faults.peek('reset', 'response') ?? faults.peek('stall', 'response')
  let written = 0
  for await (const piece of bodyPieces(body, hooks)) {
    const end = cut !== null && cut.at <= written + piece.length ? cut.at - written : piece.length
    let bytes = piece.subarray(0, end)
    const offset = (flip?.at ?? -1) - written
    if (flip !== null && offset >= 0 && offset < bytes.length) {
      faults.fired(flip)
      bytes = flipped(bytes, offset)
    }
    written += bytes.length
    onWritten(bytes.length)
    await write(response, bytes)
    if (cut !== null && written === cut.at) {
      faults.fired(cut)
      await breakOff(response, cut.kind)
    }
  }
}

async function* bodyPieces(body: NonNullable<Reply['body']>, hooks: ReplyHooks | null): AsyncGenerator<Uint8Array> {
  if (typeof body === 'string') {
    yield Buffer.from(body)
    return
  }
  const turn = hooks === null ? body.end : Math.min(body.end, body.start + hooks.afterBytes)
  yield* body.body.read(body.start, turn)
  if (hooks === null || turn - body.start < hooks.afterBytes) return
  const replaced = await hooks.run()
  yield* (replaced ?? body.body).read(turn, body.end)
}

async function write(response: ServerResponse, bytes: Uint8Array): Promise<void> {
  if (response.destroyed) throw new ConnectionLost()
  if (bytes.length === 0 || response.write(bytes)) return
  const closed = new AbortController()
  try {
    await Promise.race([once(response, 'drain', { signal: closed.signal }), once(response, 'close', { signal: closed.signal })])
  } finally {
    closed.abort()
  }
  if (response.destroyed) throw new ConnectionLost()
}

async function breakOff(response: ServerResponse, kind: 'truncate' | 'reset' | 'stall'): Promise<never> {
  const { socket } = response
  if (socket !== null && !socket.destroyed) {
    response.flushHeaders()
    // the bytes before the break must have left before it
    await new Promise<void>((resolve) => socket.write('', () => resolve()))
    if (kind === 'truncate') socket.end()
    else if (kind === 'reset') {
      // data and RST that arrive together are an orderly end to libuv: the reader has to have taken the data first
      await sleep(RESET_PAUSE_MS, undefined, { ref: false })
      resetSocket(socket)
    } else await new Promise<void>((resolve) => socket.once('close', () => resolve()))
  }
  throw new ConnectionLost()
}
