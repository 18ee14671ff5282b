import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createSocketServer } from 'node:net'
import { Line, type LineRates } from './line.ts'
import { LineConnection } from './line-connection.ts'

// An S3 that costs little, so that what is measured is the client: keys say their size (`<bytes>/<anything>`), bodies are one repeated pattern,
// signatures are not looked at, a Content-MD5 is believed, and so is that an object of the right size is the pattern.
// It is no store: it keeps size and ETag of the objects written last.
// `main.ts`, or, behind a line that all connections share, `main.ts <bytes per second> <ms each way>`. The line is in the server's process, as one of its own
// would take more of the machine from the client than the server does.

const PATTERN = Buffer.allocUnsafe(1024 * 1024)
for (let index = 0; index < PATTERN.length; index += 1) PATTERN[index] = (index * 2_654_435_761) >>> 13
const MAX_OBJECTS = 20_000
const LAST_MODIFIED = new Date(Date.UTC(2026, 0, 1)).toUTCString()

interface Kept {
  readonly sizeBytes: number
  readonly etag: string
}
interface Upload {
  readonly parts: Map<number, { readonly md5: Buffer; readonly sizeBytes: number }>
}

const written = new Map<string, Kept>()
const uploads = new Map<string, Upload>()
const sourceMd5s = new Map<number, string>()
const counts = { requests: 0, bySdk: 0, byOperation: {} as Record<string, number> }

const server = createServer((request, reply) => {
  answer(request, reply).catch((error: unknown) => {
    process.stderr.write(`benchmark server: ${error instanceof Error ? error.stack : String(error)}\n`)
    reply.destroy()
  })
})
server.keepAliveTimeout = 60_000
server.requestTimeout = 0
const [bytesPerSecond, delayMs] = process.argv.slice(2).map(Number)
const listener = bytesPerSecond === undefined || delayMs === undefined ? server : behindLine({ bytesPerSecond, delayMs })
listener.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (listener.address() as AddressInfo).port })
})
// the benchmark that started this server ends it by closing the channel
process.once('disconnect', () => process.exit(0))
process.on('message', (question: 'counts' | 'clear') => {
  if (question === 'clear') {
    written.clear()
    Object.assign(counts, { requests: 0, bySdk: 0, byOperation: {} })
  }
  process.send?.({ counts })
})

function behindLine(rates: LineRates) {
  const line = new Line(rates)
  return createSocketServer({ noDelay: true }, (client) => void server.emit('connection', new LineConnection(client, line)))
}

async function answer(request: IncomingMessage, reply: ServerResponse): Promise<void> {
  const { method = '', url = '' } = request
  const at = url.indexOf('?')
  const path = at < 0 ? url : url.slice(0, at)
  const query = new URLSearchParams(at < 0 ? '' : url.slice(at + 1))
  note(method, query, request)
  if (method === 'GET' || method === 'HEAD') return await read(request, reply, path, query)
  if (method === 'PUT') return await write(request, reply, path, query)
  const body = await drain(request)
  if (method === 'POST' && query.has('uploads')) return begin(reply)
  if (method === 'POST' && query.has('uploadId')) return complete(reply, path, query.get('uploadId') ?? '', body)
  reply.writeHead(method === 'DELETE' ? 204 : 501).end()
}

function note(method: string, query: URLSearchParams, request: IncomingMessage): void {
  const names = [...query.keys()].filter((name) => name !== 'x-id')
  const operation = names.length === 0 ? method : `${method}?${names.join('&')}`
  counts.requests += 1
  counts.byOperation[operation] = (counts.byOperation[operation] ?? 0) + 1
  if (/aws-sdk-js/.test(request.headers['user-agent'] ?? '')) counts.bySdk += 1
}

async function read(request: IncomingMessage, reply: ServerResponse, path: string, query: URLSearchParams): Promise<void> {
  if (query.has('tagging')) return xml(reply, '<Tagging><TagSet></TagSet></Tagging>')
  const kept = path.startsWith('/source/') ? sourceObject(path) : written.get(path)
  if (kept === undefined) {
    reply.writeHead(404, { 'content-type': 'application/xml' }).end(request.method === 'HEAD' ? undefined : '<Error><Code>NoSuchKey</Code></Error>')
    return
  }
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
  const start = range === null ? 0 : Number(range[1])
  const end = range === null || range[2] === '' ? kept.sizeBytes - 1 : Math.min(Number(range[2]), kept.sizeBytes - 1)
  reply.writeHead(range === null ? 200 : 206, {
    'content-length': end - start + 1,
    'content-type': 'application/octet-stream',
    'accept-ranges': 'bytes',
    'last-modified': LAST_MODIFIED,
    etag: `"${kept.etag}"`,
    'x-amz-request-id': 'benchmark',
    ...(range === null ? {} : { 'content-range': `bytes ${start}-${end}/${kept.sizeBytes}` }),
  })
  if (request.method === 'HEAD') {
    reply.end()
    return
  }
  for (let offset = start; offset <= end && !reply.destroyed; ) {
    const from = offset % PATTERN.length
    const piece = PATTERN.subarray(from, Math.min(PATTERN.length, from + 256 * 1024, from + end - offset + 1))
    offset += piece.length
    if (!reply.write(piece) && !reply.destroyed) await Promise.race([once(reply, 'drain'), once(reply, 'close')])
  }
  reply.end()
}

async function write(request: IncomingMessage, reply: ServerResponse, path: string, query: URLSearchParams): Promise<void> {
  const given = request.headers['content-md5']
  // a whole object of the size that its key says is taken for the pattern: its MD5 is known
  const whole = query.size === 0 || (query.size === 1 && query.has('x-id'))
  const known = given === undefined && whole ? knownMd5(path, Number(request.headers['content-length'])) : given
  const hash = known === undefined ? createHash('md5') : null
  let sizeBytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length
    hash?.update(chunk)
  }
  const md5 = hash?.digest() ?? Buffer.from(String(known), 'base64')
  const upload = uploads.get(query.get('uploadId') ?? '')
  if (upload !== undefined) upload.parts.set(Number(query.get('partNumber')), { md5, sizeBytes })
  else if (!query.has('tagging')) keep(path, { sizeBytes, etag: md5.toString('hex') })
  reply.writeHead(200, { etag: `"${md5.toString('hex')}"`, 'content-length': 0, 'x-amz-request-id': 'benchmark' }).end()
}

function knownMd5(path: string, sizeBytes: number): string | undefined {
  const size = /^\/[^/]+\/(\d+)\//.exec(path)?.[1]
  return Number(size) === sizeBytes ? Buffer.from(sourceObject(`/source/${size}/`).etag, 'hex').toString('base64') : undefined
}

function begin(reply: ServerResponse): void {
  const uploadId = randomUUID()
  uploads.set(uploadId, { parts: new Map() })
  xml(reply, `<InitiateMultipartUploadResult><UploadId>${uploadId}</UploadId></InitiateMultipartUploadResult>`)
}

function complete(reply: ServerResponse, path: string, uploadId: string, body: string): void {
  const upload = uploads.get(uploadId)
  uploads.delete(uploadId)
  const named = [...body.matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)].map((match) => upload?.parts.get(Number(match[1])))
  const hash = createHash('md5')
  let sizeBytes = 0
  for (const part of named) {
    if (part === undefined) {
      reply.writeHead(400).end('<Error><Code>InvalidPart</Code></Error>')
      return
    }
    hash.update(part.md5)
    sizeBytes += part.sizeBytes
  }
  const etag = `${hash.digest('hex')}-${named.length}`
  keep(path, { sizeBytes, etag })
  xml(reply, `<CompleteMultipartUploadResult><ETag>"${etag}"</ETag></CompleteMultipartUploadResult>`)
}

function sourceObject(path: string): Kept {
  const sizeBytes = Number(/^\/source\/(\d+)\//.exec(path)?.[1] ?? 0)
  let etag = sourceMd5s.get(sizeBytes)
  if (etag === undefined) {
    const hash = createHash('md5')
    for (let left = sizeBytes; left > 0; left -= PATTERN.length) hash.update(PATTERN.subarray(0, Math.min(left, PATTERN.length)))
    etag = hash.digest('hex')
    sourceMd5s.set(sizeBytes, etag)
  }
  return { sizeBytes, etag }
}

function keep(path: string, kept: Kept): void {
  written.delete(path)
  written.set(path, kept)
  const [oldest] = written.keys()
  if (written.size > MAX_OBJECTS && oldest !== undefined) written.delete(oldest)
}

async function drain(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

function xml(reply: ServerResponse, text: string): void {
  reply.writeHead(200, { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(text) }).end(text)
}
