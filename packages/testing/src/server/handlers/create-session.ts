import { randomBytes } from 'node:crypto'
import { type Exchange, type Reply, xmlReply } from '../exchange.ts'
import { S3Error } from '../s3-error.ts'
import { bucketOf } from '../server-state.ts'
import { document, element } from '../xml-writer.ts'

const SESSION_MS = 300_000

/** CreateSession of directory buckets: credentials of five minutes. That they run out, and their token, is not checked. */
export function createSession({ state, request }: Exchange): Reply {
  if (!state.personality.signature.services.includes('s3express')) throw new S3Error(501, 'NotImplemented')
  bucketOf(state, request.bucket)
  const session = { accessKeyId: `SEALIFTS${randomBytes(6).toString('hex').toUpperCase()}`, secretAccessKey: randomBytes(24).toString('hex') }
  state.credentials.push(session)
  return xmlReply(
    document('CreateSessionResult', [
      element(
        'Credentials',
        element('SessionToken', randomBytes(48).toString('base64')),
        element('SecretAccessKey', session.secretAccessKey),
        element('AccessKeyId', session.accessKeyId),
        element('Expiration', new Date(Date.now() + SESSION_MS).toISOString()),
      ),
    ]),
  )
}
