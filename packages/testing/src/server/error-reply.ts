import { toText } from './byte-string.ts'
import type { Reply } from './exchange.ts'
import type { Personality } from './personality.ts'
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
  if (subject.method === 'HEAD' && personality.errors.xml === 'minio') {
    headers['x-minio-error-code'] = error.code
    headers['x-minio-error-desc'] = `"${error.message}"`
  }
  return { status: error.status, headers, body: errorDocument(personality, error, subject) }
}

/** An `<Error>` document; also the body of a 200 that is none. */
export function errorDocument(personality: Personality, error: S3Error, { bucket, key, requestId }: ErrorSubject): string {
  const { errors } = personality
  const message = errors.message ? (errors.messages[error.code] ?? error.message) : ''
  const head: readonly XmlChild[] = [element('Code', error.code), element('Message', message)]
  const details = Object.entries(error.details).map(([name, value]) => element(name, value))
  const resource = `/${bucket}${key === '' ? '' : `/${toText(key)}`}`
  switch (errors.xml) {
    case 'r2':
      return document('Error', head, '')
    case 'ceph':
      return document(
        'Error',
        [head, bucket === '' ? null : element('BucketName', bucket), element('RequestId', requestId), element('HostId', hostId(requestId))],
        '',
      )
    case 'swift':
      return document('Error', [head, element('RequestId', requestId), details], '')
    case 'minio':
      return document('Error', [
        head,
        key === '' ? null : element('Key', toText(key)),
        bucket === '' ? null : element('BucketName', bucket),
        element('Resource', resource),
        element('Region', personality.region),
        element('RequestId', requestId),
        element('HostId', MINIO_HOST_ID),
      ])
    case 'aws':
      return document('Error', [head, details, element('RequestId', requestId), element('HostId', AWS_HOST_ID)], '')
  }
}

/** sha256 of nothing in particular: MinIO's host id is 64 hex digits. */
export const MINIO_HOST_ID = 'dd9025bab4ad464b049177c95eb6ebf374d3b3fd1af9251148b658df7ac2e3e8'
export const AWS_HOST_ID = 'c2VhbGlmdCB0ZXN0IHNlcnZlcjogbm90IEFtYXpvbiBTMywgb25seSBzaGFwZWQgbGlrZSBpdA=='

function hostId(requestId: string): string {
  const pieces = requestId.split('-')
  return `${pieces[2] ?? ''}-${pieces[3] ?? ''}-default`
}
