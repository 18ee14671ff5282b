import { randomInt } from 'node:crypto'
import type { FaultAction, FaultHookInfo } from '../faults/fault-rule.ts'
import type { S3Operation } from '../faults/s3-operation.ts'
import { toText } from './byte-string.ts'
import type { Exchange, Reply } from './exchange.ts'
import { foreignObject } from './foreign-object.ts'
import { generatedObject } from './generated-objects.ts'
import type { StoredObject } from './object-state.ts'
import type { StoredBody } from './stored-body.ts'

/** What happens while a reply's body is on its way. */
export interface ReplyHooks {
  /** Runs once this many bytes were written; a body that it returns takes the place of the rest. */
  readonly afterBytes: number
  readonly run: () => Promise<StoredBody | null>
}

// above this the changed object gets an ETag that is no digest: computing one would take too long
const MAX_HASHED_BYTES = 256 * 1024 ** 2

/** Calls the `hook` fault of that moment, if one is due. */
export async function runHook(exchange: Exchange, when: FaultHookInfo['when'], status: number | null): Promise<void> {
  const { request, operation, faults } = exchange
  const hook = faults.peek('hook')
  if (hook === null || hook.when !== when) return
  faults.fired(hook)
  const partNumber = Number(request.query.get('partNumber') ?? 'NaN')
  await hook.run({
    operation: operation as S3Operation,
    bucket: request.bucket === '' ? null : request.bucket,
    key: request.key === '' ? null : toText(request.key),
    partNumber: Number.isInteger(partNumber) ? partNumber : null,
    requestNumber: faults.requestNumber,
    when,
    status,
  })
}

/** The faults that take place in the middle of a reply. */
export function replyHooks(exchange: Exchange, reply: Reply): ReplyHooks | null {
  const { faults } = exchange
  const hook = faults.peek('hook')
  if (hook?.when === 'during-reply') {
    const run = async (): Promise<null> => {
      await runHook(exchange, 'during-reply', reply.status)
      return null
    }
    return { afterBytes: hook.afterBytes ?? 0, run }
  }
  const change = faults.peek('source-changed')
  if (change === null || reply.body === undefined || typeof reply.body === 'string') return null
  const { body } = reply.body
  return { afterBytes: change.afterBytes, run: async () => changeSource(exchange, change, body) }
}

function changeSource({ state, request, faults }: Exchange, change: Extract<FaultAction, { kind: 'source-changed' }>, old: StoredBody): StoredBody | null {
  const bucket = state.buckets.get(request.bucket)
  if (bucket === undefined) return null
  faults.fired(change)
  const object = changedObject(request.key, change, old.sizeBytes, bucket.current(request.key))
  bucket.add(object)
  // with `mix` the rest of this very reply comes from the new object; where that one is shorter the old bytes stand
  return change.mix === true && object.body.sizeBytes >= old.sizeBytes ? object.body : null
}

function changedObject(
  key: string,
  change: Extract<FaultAction, { kind: 'source-changed' }>,
  sizeBytes: number,
  before: StoredObject | undefined,
): StoredObject {
  if (change.body !== undefined) return foreignObject(key, change.body, before?.description)
  const content = { bucket: '', sizeBytes, seed: randomInt(2 ** 32), ...(sizeBytes > MAX_HASHED_BYTES ? { etag: 'opaque' } : {}) }
  const object = generatedObject(key, content, Date.now())
  return before === undefined ? object : { ...object, description: before.description, tags: before.tags }
}
