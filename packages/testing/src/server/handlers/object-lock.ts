import { type Exchange, type Reply, xmlReply } from '../exchange.ts'
import { receiveDocument } from '../request-body.ts'
import { parseRequestXml, textOf } from '../request-xml.ts'
import { S3Error } from '../s3-error.ts'
import { headerOf } from '../s3-request.ts'
import { bucketOf } from '../server-state.ts'
import { document, element } from '../xml-writer.ts'
import { heldObject } from './held-object.ts'

/** GetObjectRetention. */
export function getObjectRetention(exchange: Exchange): Reply {
  needLock(exchange)
  const { retention } = heldObject(exchange)
  if (retention === null) throw new S3Error(404, 'NoSuchObjectLockConfiguration')
  return xmlReply(document('Retention', [element('Mode', retention.mode), element('RetainUntilDate', retention.until)]))
}

/** PutObjectRetention: may lengthen; shortening GOVERNANCE needs the bypass, COMPLIANCE never shortens. */
export async function putObjectRetention(exchange: Exchange): Promise<Reply> {
  needLock(exchange)
  const root = parseRequestXml(await receiveDocument(exchange), 'Retention')
  const mode = textOf(root, 'Mode')
  const until = Date.parse(textOf(root, 'RetainUntilDate') ?? '')
  if ((mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') || Number.isNaN(until)) throw new S3Error(400, 'MalformedXML')
  const object = heldObject(exchange)
  const mayBypass = object.retention?.mode === 'GOVERNANCE' && headerOf(exchange.request, 'x-amz-bypass-governance-retention') === 'true'
  if (object.retention !== null && until < Date.parse(object.retention.until) && !mayBypass) throw new S3Error(403, 'AccessDenied')
  object.retention = { mode, until: new Date(until).toISOString() }
  return { status: 200 }
}

/** GetObjectLegalHold. */
export function getObjectLegalHold(exchange: Exchange): Reply {
  needLock(exchange)
  const { legalHold } = heldObject(exchange)
  if (legalHold === null) throw new S3Error(404, 'NoSuchObjectLockConfiguration')
  return xmlReply(document('LegalHold', [element('Status', legalHold ? 'ON' : 'OFF')]))
}

/** PutObjectLegalHold. */
export async function putObjectLegalHold(exchange: Exchange): Promise<Reply> {
  needLock(exchange)
  const status = textOf(parseRequestXml(await receiveDocument(exchange), 'LegalHold'), 'Status')
  if (status !== 'ON' && status !== 'OFF') throw new S3Error(400, 'MalformedXML')
  heldObject(exchange).legalHold = status === 'ON'
  return { status: 200 }
}

/** GetObjectLockConfiguration. */
export function getObjectLockConfiguration({ state, request }: Exchange): Reply {
  const bucket = bucketOf(state, request.bucket)
  const rule = state.personality.features.defaultRetention
  if (rule !== null) return xmlReply(withDefaultRetention(rule))
  if (!bucket.objectLock) throw new S3Error(404, 'ObjectLockConfigurationNotFoundError', undefined, { BucketName: bucket.name })
  return xmlReply(bucket.documents.get('object-lock') ?? document('ObjectLockConfiguration', [element('ObjectLockEnabled', 'Enabled')]))
}

function withDefaultRetention({ mode, days }: { readonly mode: string; readonly days: number }): string {
  const retention = element('DefaultRetention', element('Mode', mode), element('Days', String(days)))
  return document('ObjectLockConfiguration', [element('ObjectLockEnabled', 'Enabled'), element('Rule', retention)])
}

/** PutObjectLockConfiguration. */
export async function putObjectLockConfiguration(exchange: Exchange): Promise<Reply> {
  const bucket = bucketOf(exchange.state, exchange.request.bucket)
  const body = await receiveDocument(exchange)
  parseRequestXml(body, 'ObjectLockConfiguration')
  if (bucket.versioning !== 'Enabled')
    throw new S3Error(409, 'InvalidBucketState', 'Versioning must be Enabled on the bucket to apply a Object Lock configuration')
  bucket.objectLock = true
  bucket.documents.set('object-lock', body.toString('utf8'))
  return { status: 200 }
}

function needLock({ state, request }: Exchange): void {
  if (!bucketOf(state, request.bucket).objectLock) throw new S3Error(400, 'InvalidRequest', 'Bucket is missing Object Lock Configuration')
}
