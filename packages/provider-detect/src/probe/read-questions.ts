import { NO_METADATA, probeBody, WRONG_ETAG } from './probe-body.ts'
import type { ProbeContext } from './probe-context.ts'
import type { ProbeObject } from './single-write-questions.ts'

const RANGE = { start: 1, endInclusive: 2 } as const

/** Whether a GET of two bytes gives two bytes. */
export async function askRange(context: ProbeContext, object: ProbeObject): Promise<void> {
  const ref = context.ref(object.name)
  const read = await context.read(async (options) => {
    const reply = await context.plain.read(ref, { ...options, range: RANGE })
    const chunks: Uint8Array[] = []
    for await (const chunk of reply.body) chunks.push(chunk)
    return { range: reply.range, bytes: Buffer.concat(chunks), fromCache: reply.stat.fromCache }
  })
  if (read.kind === 'unanswered') return context.leave('reads.range', `GET with Range: ${read.message}`)
  if (read.kind === 'refused') return context.answer('reads.range', 'no', `GET with Range was refused: ${read.message}`)
  if (read.value.fromCache) return context.leave('reads.range', 'the reply came from a cache')
  const exact = read.value.range !== null && read.value.bytes.equals(object.bytes.subarray(RANGE.start, RANGE.endInclusive + 1))
  context.answer('reads.range', exact ? 'yes' : 'no', exact ? 'GET with Range gave exactly these bytes' : 'GET with Range gave other bytes')
}

/** Whether GET and HEAD with a wrong `If-Match` are 412, and with the right one go through. */
export async function askIfMatch(context: ProbeContext, object: ProbeObject): Promise<void> {
  const ref = context.ref(object.name)
  const { etag } = object
  if (etag === null) return context.leave('reads.ifMatch', 'no reply had an ETag')
  const get = async (ifMatch: string) => {
    return context.read(async (options) => {
      const reply = await context.plain.read(ref, { ...options, ifMatch })
      reply.discard()
      return reply.stat
    })
  }
  const questions = [
    { what: 'GET with a wrong If-Match', ask: () => get(WRONG_ETAG), want: 'refused' },
    { what: 'HEAD with a wrong If-Match', ask: () => context.read((options) => context.plain.head(ref, { ...options, ifMatch: WRONG_ETAG })), want: 'refused' },
    { what: 'GET with the right If-Match', ask: () => get(etag), want: 'done' },
  ] as const
  for (const { what, ask, want } of questions) {
    const outcome = await ask()
    if (outcome.kind === 'unanswered') return context.leave('reads.ifMatch', `${what}: ${outcome.message}`)
    const heeded = outcome.kind === want && (outcome.kind === 'done' || outcome.reason === 'precondition-failed')
    if (!heeded) return context.answer('reads.ifMatch', 'no', `${what}: ${outcome.kind === 'done' ? 'answered as if it were right' : outcome.message}`)
  }
  context.answer('reads.ifMatch', 'yes', 'a wrong If-Match was 412 on GET and HEAD')
}

/** Whether PUT with `If-None-Match: *` makes a new object and spares one that is there. */
export async function askIfNoneMatch(context: ProbeContext): Promise<void> {
  const probe = await probeBody(48)
  const ref = context.ref('create-only')
  const put = () => context.write(ref, () => context.plain.put(ref, probe.body, { metadata: NO_METADATA, ifNoneMatch: '*' }))
  const first = await put()
  if (first.kind === 'unanswered') return context.leave('writes.ifNoneMatch', `PUT with If-None-Match: ${first.message}`)
  if (first.kind === 'refused') return context.answer('writes.ifNoneMatch', 'no', `PUT with If-None-Match of a new key was refused: ${first.message}`)
  const second = await put()
  if (second.kind === 'unanswered') return context.leave('writes.ifNoneMatch', `PUT with If-None-Match: ${second.message}`)
  const heeded = second.kind === 'refused' && second.reason === 'precondition-failed'
  context.answer(
    'writes.ifNoneMatch',
    heeded ? 'yes' : 'no',
    `PUT with If-None-Match of a key that is there: ${second.kind === 'done' ? 'done' : second.message}`,
  )
}

/** Whether DELETE with a wrong `If-Match` leaves the object where it is. */
export async function askDeleteIfMatch(context: ProbeContext): Promise<void> {
  const probe = await probeBody(48)
  const ref = context.ref('delete-if-match')
  const written = await context.write(ref, () => context.plain.put(ref, probe.body, { metadata: NO_METADATA }))
  if (written.kind !== 'done') return context.leave('writes.deleteIfMatch', `PUT: ${written.message}`)
  const deleted = await context.change(() => context.plain.delete(ref, { ifMatch: WRONG_ETAG }))
  if (deleted.kind === 'unanswered') return context.leave('writes.deleteIfMatch', `DELETE with a wrong If-Match: ${deleted.message}`)
  if (deleted.kind === 'done') return context.answer('writes.deleteIfMatch', 'no', 'DELETE with a wrong If-Match was accepted')
  if (deleted.reason !== 'precondition-failed') return context.answer('writes.deleteIfMatch', 'no', `DELETE with a wrong If-Match: ${deleted.message}`)
  const head = await context.read((options) => context.plain.head(ref, options))
  if (head.kind === 'unanswered') return context.leave('writes.deleteIfMatch', `HEAD after it: ${head.message}`)
  const there = head.kind === 'done'
  context.answer(
    'writes.deleteIfMatch',
    there ? 'yes' : 'no',
    there ? 'DELETE with a wrong If-Match was 412' : 'DELETE with a wrong If-Match was 412, and the object is gone',
  )
}
