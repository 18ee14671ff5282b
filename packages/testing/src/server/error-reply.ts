import { toText } from './byte-string.ts'
import type { Reply } from './exchange.ts'
import type { ErrorElement, Personality } from './personality.ts'
import type { S3Error } from './s3-error.ts'
import { document, element, type XmlChild } from './xml-writer.ts'

/** What an error document names beside the error. */
export interface ErrorSubject {
  readonly bucket: string
  readonly key: string
  readonly requestId: string
  readonly method: string
}

/** The answer to a failed request, in the shape of the personality. */
export function errorReply(personality: Personality, error: S3Error, subject: ErrorSubject): Reply {
  const headers: Record<string, string> = { 'content-type': 'application/xml', ...error.headers }
  // a HEAD has no body: MinIO puts the code into headers
  if (subject.method === 'HEAD' && personality.errors.codeInHeadHeaders) {
    headers['x-minio-error-code'] = error.code
    headers['x-minio-error-desc'] = `"${error.message}"`
  }
  return { status: error.status, headers, body: errorDocument(personality, error, subject) }
}

/** An `<Error>` document; also the body of a 200 that is none. */
export function errorDocument(personality: Personality, error: S3Error, { bucket, key, requestId }: ErrorSubject): string {
  const { errors, region } = personality
  const elements: Readonly<Record<ErrorElement, () => XmlChild>> = {
    details: () => Object.entries(error.details).map(([name, value]) => element(name, value)),
    Key: () => (key === '' ? null : element('Key', toText(key))),
    BucketName: () => (bucket === '' ? null : element('BucketName', bucket)),
    Resource: () => element('Resource', `/${bucket}${key === '' ? '' : `/${toText(key)}`}`),
    Region: () => element('Region', region),
    RequestId: () => element('RequestId', requestId),
    HostId: () => element('HostId', errors.hostId.replace('{requestId}', requestId).replace('{zone}', zoneOf(requestId))),
  }
  const message = errors.message ? (errors.messages[error.code] ?? error.message) : ''
  const children = [element('Code', error.code), element('Message', message), ...errors.elements.map((name) => elements[name]())]
  return document('Error', children, errors.namespace === null ? '' : ` xmlns="${errors.namespace}"`)
}

function zoneOf(requestId: string): string {
  const pieces = requestId.split('-')
  return `${pieces[2] ?? ''}-${pieces[3] ?? ''}-default`
}
