import { toText } from './byte-string.ts'
import { bareETag } from './etag-text.ts'
import type { Exchange } from './exchange.ts'
import type { StoredObject } from './object-state.ts'
import { S3Error } from './s3-error.ts'
import { headerOf } from './s3-request.ts'

/** What the conditions of a read come to. */
export type ReadVerdict = 'go' | 'not-modified'

/** Checks If-Match and its like on a read. @throws `PreconditionFailed` */
export function checkReadConditions(exchange: Exchange, object: StoredObject, rawETag: string, prefix = ''): ReadVerdict {
  const { request } = exchange
  const etag = bareETag(exchange.state.personality, rawETag)
  const modifiedMs = Math.floor(object.lastModifiedMs / 1000) * 1000
  const header = (name: string): string | undefined => headerOf(request, prefix + name)
  const ifMatch = header('if-match')
  const ifNoneMatch = header('if-none-match')
  const since = Date.parse(header('if-modified-since') ?? '')
  const until = Date.parse(header('if-unmodified-since') ?? '')
  if ([ifMatch, ifNoneMatch, header('if-modified-since'), header('if-unmodified-since')].every((one) => one === undefined)) return 'go'
  if (exchange.faults.take('ignore-conditions') !== null || exchange.state.personality.reads.conditions === 'ignored') return 'go'
  if (ifMatch !== undefined && !matchesETag(ifMatch, etag)) throw new S3Error(412, 'PreconditionFailed', undefined, { Condition: 'If-Match' })
  if (ifMatch === undefined && !Number.isNaN(until) && modifiedMs > until)
    throw new S3Error(412, 'PreconditionFailed', undefined, { Condition: 'If-Unmodified-Since' })
  if (ifNoneMatch !== undefined) {
    if (!matchesETag(ifNoneMatch, etag)) return 'go'
  } else if (Number.isNaN(since) || modifiedMs > since) return 'go'
  // a copy has no 304
  if (prefix !== '') throw new S3Error(412, 'PreconditionFailed')
  return 'not-modified'
}

/** Checks If-Match and If-None-Match of a PUT, copy or Complete, as the personality does. `etag` is the present object's, null when there is none. */
export function checkWriteConditions(exchange: Exchange, etag: string | null, what: 'put' | 'complete'): void {
  const { request, state, faults } = exchange
  const ifMatch = headerOf(request, 'if-match')
  const ifNoneMatch = headerOf(request, 'if-none-match')
  if (ifMatch === undefined && ifNoneMatch === undefined) return
  if (faults.take('ignore-conditions') !== null) return
  const rules = state.personality.conditionalWrites
  if (what === 'put' && typeof rules.put === 'object') throw new S3Error(rules.put.status, rules.put.code, rules.put.message)
  if (what === 'complete' && typeof rules.complete === 'object') throw new S3Error(rules.complete.status, rules.complete.code, rules.complete.message)
  if ((what === 'complete' ? rules.complete : rules.put) === 'ignored') return
  // measured: Ceph RGW 16.2.15 writes a new version, whatever the condition says; suspended, it looks at it
  if (what === 'put' && rules.put === 'unquoted-etag-only' && state.buckets.get(request.bucket)?.versioning === 'Enabled') return
  const { status, code, message } = what === 'complete' ? rules.completeError : { status: 412, code: 'PreconditionFailed', message: undefined }
  const failed = (condition: string): S3Error => new S3Error(status, code, message, { Condition: condition })
  if (ifNoneMatch !== undefined && etag !== null && matchesETag(ifNoneMatch, etag)) throw failed('If-None-Match')
  if (ifMatch === undefined) return
  if (rules.put === 'unquoted-etag-only' && what === 'put') {
    if (etag !== ifMatch) throw failed('If-Match')
    return
  }
  if (etag === null) throw new S3Error(404, 'NoSuchKey', undefined, { Key: toText(request.key) })
  if (!matchesETag(ifMatch, etag)) throw failed('If-Match')
}

/** Whether a list of entity tags, quoted or not, names this one. */
export function matchesETag(condition: string, etag: string): boolean {
  return condition.split(',').some((tag) => {
    const value = tag
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1')
    return value === '*' || value === etag
  })
}
