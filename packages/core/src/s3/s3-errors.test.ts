import { describe, expect, it } from 'vitest'
import type { ErrorCode } from '../errors.ts'
import type { StoreFailureReason } from '../ports/object-store.ts'
import { type CallContext, invalidReply, isErrorDocument, replyError, transportError } from './s3-errors.ts'
import { TransportFailure } from './transport-failure.ts'

const SOURCE: CallContext = { side: 'source', operation: 'GetObject', bucket: 'bucket', key: 'key' }
const DESTINATION: CallContext = { side: 'destination', operation: 'PutObject', bucket: 'bucket', key: 'key' }

function reply(status: number, code: string | null, headers: Record<string, string> = {}) {
  return { status, headers, text: code === null ? '' : `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`, attempts: 1 }
}

describe('replyError', () => {
  it.each<[number, string | null, StoreFailureReason, ErrorCode, ErrorCode]>([
    // status, code; reason; code for a source, code for a destination
    [404, 'NoSuchKey', 'not-found', 'ERR_SOURCE_NOT_FOUND', 'ERR_DESTINATION_NOT_FOUND'],
    [404, 'NoSuchVersion', 'not-found', 'ERR_SOURCE_NOT_FOUND', 'ERR_DESTINATION_NOT_FOUND'],
    [404, null, 'not-found', 'ERR_SOURCE_NOT_FOUND', 'ERR_DESTINATION_NOT_FOUND'],
    [404, 'NoSuchBucket', 'no-such-bucket', 'ERR_SOURCE_NOT_FOUND', 'ERR_DESTINATION_NOT_FOUND'],
    [404, 'NoSuchUpload', 'no-such-upload', 'ERR_TRANSFER', 'ERR_TRANSFER'],
    [403, null, 'access-denied', 'ERR_ACCESS_DENIED', 'ERR_ACCESS_DENIED'],
    [403, 'AccessDenied', 'access-denied', 'ERR_ACCESS_DENIED', 'ERR_ACCESS_DENIED'],
    [403, 'SignatureDoesNotMatch', 'credentials', 'ERR_CREDENTIALS', 'ERR_CREDENTIALS'],
    [403, 'InvalidAccessKeyId', 'credentials', 'ERR_CREDENTIALS', 'ERR_CREDENTIALS'],
    [400, 'ExpiredToken', 'credentials', 'ERR_CREDENTIALS', 'ERR_CREDENTIALS'],
    [401, null, 'credentials', 'ERR_CREDENTIALS', 'ERR_CREDENTIALS'],
    [403, 'InvalidObjectState', 'archived', 'ERR_SOURCE_ARCHIVED', 'ERR_TRANSFER'],
    [412, null, 'precondition-failed', 'ERR_SOURCE_CHANGED', 'ERR_DESTINATION_CHANGED'],
    [412, 'PreconditionFailed', 'precondition-failed', 'ERR_SOURCE_CHANGED', 'ERR_DESTINATION_CHANGED'],
    [409, 'ConditionalRequestConflict', 'precondition-failed', 'ERR_SOURCE_CHANGED', 'ERR_DESTINATION_CHANGED'],
    [409, 'OperationAborted', 'server-error', 'ERR_TRANSFER', 'ERR_TRANSFER'],
    [409, 'SomethingElse', 'invalid-request', 'ERR_TRANSFER', 'ERR_TRANSFER'],
    [416, 'InvalidRange', 'range', 'ERR_TRANSFER', 'ERR_TRANSFER'],
    [416, null, 'range', 'ERR_TRANSFER', 'ERR_TRANSFER'],
    [400, 'BadDigest', 'bad-digest', 'ERR_TRANSFER', 'ERR_TRANSFER'],
    [400, 'InvalidDigest', 'bad-digest', 'ERR_TRANSFER', 'ERR_TRANSFER'],
    [400, 'XAmzContentSHA256Mismatch', 'bad-digest', 'ERR_TRANSFER', 'ERR_TRANSFER'],
    [400, 'RequestTimeout', 'incomplete-body', 'ERR_TRANSFER', 'ERR_TRANSFER'],
    [400, 'IncompleteBody', 'incomplete-body', 'ERR_TRANSFER', 'ERR_TRANSFER'],
    [408, 'RequestTimeout', 'incomplete-body', 'ERR_TRANSFER', 'ERR_TRANSFER'],
    [408, null, 'server-error', 'ERR_TRANSFER', 'ERR_TRANSFER'],
    [400, 'InvalidPart', 'invalid-part', 'ERR_TRANSFER', 'ERR_TRANSFER'],
    [400, 'InvalidPartOrder', 'invalid-part', 'ERR_TRANSFER', 'ERR_TRANSFER'],
    [400, 'EntityTooSmall', 'invalid-part', 'ERR_TRANSFER', 'ERR_TRANSFER'],
    [400, 'EntityTooLarge', 'too-large', 'ERR_OBJECT_TOO_LARGE', 'ERR_OBJECT_TOO_LARGE'],
    [413, null, 'too-large', 'ERR_OBJECT_TOO_LARGE', 'ERR_OBJECT_TOO_LARGE'],
    [503, 'SlowDown', 'throttled', 'ERR_THROTTLED', 'ERR_THROTTLED'],
    [503, 'SlowDownRead', 'throttled', 'ERR_THROTTLED', 'ERR_THROTTLED'],
    [503, 'SlowDownSomethingNew', 'throttled', 'ERR_THROTTLED', 'ERR_THROTTLED'],
    [400, 'ThrottlingSomethingNew', 'throttled', 'ERR_THROTTLED', 'ERR_THROTTLED'],
    [503, null, 'throttled', 'ERR_THROTTLED', 'ERR_THROTTLED'],
    [429, null, 'throttled', 'ERR_THROTTLED', 'ERR_THROTTLED'],
    [429, 'TooManyRequests', 'throttled', 'ERR_THROTTLED', 'ERR_THROTTLED'],
    [403, 'RequestRateLimitExceeded', 'throttled', 'ERR_THROTTLED', 'ERR_THROTTLED'],
    [503, 'ErrTooManyRequest', 'throttled', 'ERR_THROTTLED', 'ERR_THROTTLED'],
    [500, 'InternalError', 'server-error', 'ERR_TRANSFER', 'ERR_TRANSFER'],
    [500, null, 'server-error', 'ERR_TRANSFER', 'ERR_TRANSFER'],
    [502, null, 'server-error', 'ERR_TRANSFER', 'ERR_TRANSFER'],
    [504, null, 'server-error', 'ERR_TRANSFER', 'ERR_TRANSFER'],
    [200, 'InternalError', 'server-error', 'ERR_TRANSFER', 'ERR_TRANSFER'],
    [200, 'NeverHeardOf', 'server-error', 'ERR_TRANSFER', 'ERR_TRANSFER'],
    [200, 'SlowDown', 'throttled', 'ERR_THROTTLED', 'ERR_THROTTLED'],
    [501, 'NotImplemented', 'not-implemented', 'ERR_TRANSFER', 'ERR_TRANSFER'],
    [405, null, 'not-implemented', 'ERR_TRANSFER', 'ERR_TRANSFER'],
    [400, 'MalformedXML', 'invalid-request', 'ERR_TRANSFER', 'ERR_TRANSFER'],
    [400, null, 'invalid-request', 'ERR_TRANSFER', 'ERR_TRANSFER'],
    [301, 'PermanentRedirect', 'invalid-request', 'ERR_TRANSFER', 'ERR_TRANSFER'],
    [404, 'constructor', 'not-found', 'ERR_SOURCE_NOT_FOUND', 'ERR_DESTINATION_NOT_FOUND'],
  ])('%i %s: %s', (status, code, reason, sourceCode, destinationCode) => {
    expect(replyError(SOURCE, reply(status, code))).toMatchObject({ reason, code: sourceCode, replied: true })
    expect(replyError({ ...DESTINATION, operation: 'HeadObject' }, reply(status, code))).toMatchObject({ reason, code: destinationCode, replied: true })
  })

  it('an If-None-Match that fails says that the destination exists', () => {
    expect(replyError({ ...DESTINATION, ifNoneMatch: true, conditional: true }, reply(412, null)).code).toBe('ERR_DESTINATION_EXISTS')
    expect(replyError({ ...DESTINATION, ifNoneMatch: true, conditional: true }, reply(409, null))).toMatchObject({
      code: 'ERR_DESTINATION_EXISTS',
      reason: 'precondition-failed',
    })
  })

  it('NoSuchKey of an upload is NoSuchUpload (Ceph after an abort)', () => {
    expect(replyError({ ...DESTINATION, upload: true }, reply(404, 'NoSuchKey')).reason).toBe('no-such-upload')
    expect(replyError({ ...DESTINATION, upload: true }, reply(404, 'NoSuchBucket')).reason).toBe('no-such-bucket')
  })

  it('NoSuchKey in reply to a PUT is a body that ended too early (Ceph)', () => {
    const error = replyError({ ...DESTINATION, operation: 'PutObject' }, reply(404, 'NoSuchKey'))
    expect(error).toMatchObject({ reason: 'incomplete-body', code: 'ERR_TRANSFER', retryable: true })
    expect(replyError({ ...DESTINATION, operation: 'PutObject' }, reply(404, 'NoSuchBucket')).reason).toBe('no-such-bucket')
  })

  it('says where it happened, and what the server called it', () => {
    const error = replyError(SOURCE, {
      status: 403,
      headers: { 'x-amz-request-id': 'REQ' },
      text: '<Error><Code>AccessDenied</Code><Message>Not &lt;you&gt;</Message></Error>',
      attempts: 3,
    })
    expect(error.message).toBe('GetObject of "key" in bucket "bucket" (source): AccessDenied (status 403): Not <you>')
    expect(error).toMatchObject({ attempts: 3, context: { bucket: 'bucket', key: 'key', status: 403, serverCode: 'AccessDenied', requestId: 'REQ' } })
  })

  it('takes the code of a HEAD from MinIO’s header', () => {
    expect(replyError(SOURCE, reply(404, null, { 'x-minio-error-code': 'NoSuchBucket' })).reason).toBe('no-such-bucket')
  })

  it.each([
    ['7', 7000],
    ['0.5', 500],
    ['soon', null],
    [undefined, null],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ])('Retry-After %j', (value, expected) => {
    expect(replyError(SOURCE, reply(503, 'SlowDown', value === undefined ? {} : { 'retry-after': value })).retryAfterMs).toBe(expected)
  })

  it('cuts and cleans what a server says', () => {
    const text = `<Error><Code>X</Code><Message>${'long '.repeat(100)}</Message></Error>`
    expect(replyError(SOURCE, { status: 400, headers: {}, text, attempts: 1 }).message.length).toBeLessThan(300)
    const secret = '<Error><Code>AccessDenied</Code><Message>Authorization: AWS4 Credential=AKIA/1 Signature=abc at https://x/?y\r\nz</Message></Error>'
    const { message } = replyError(SOURCE, { status: 403, headers: {}, text: secret, attempts: 1 })
    expect(message).not.toMatch(/AKIA|abc|https|\r|\n/)
  })
})

describe('transportError', () => {
  it.each([
    ['connect', 'transport', 'ERR_TIMEOUT', false],
    ['first-byte', 'transport', 'ERR_TIMEOUT', false],
    ['idle', 'transport', 'ERR_TIMEOUT', false],
    ['connection', 'transport', 'ERR_TRANSFER', false],
    ['credentials', 'credentials', 'ERR_CREDENTIALS', false],
    ['request', 'invalid-request', 'ERR_TRANSFER', false],
    ['body', 'incomplete-body', 'ERR_TRANSFER', false],
    ['called-off', 'called-off', 'ERR_TRANSFER', false],
    ['reply', 'invalid-reply', 'ERR_TRANSFER', true],
  ] as const)('%s: %s', (kind, reason, code, replied) => {
    expect(transportError(SOURCE, new TransportFailure(kind, 'what', 2))).toMatchObject({ reason, code, replied, attempts: 2 })
  })
})

describe('invalidReply', () => {
  it('is a reply, and worth another try', () => {
    expect(invalidReply(SOURCE, 'what', 1)).toMatchObject({ reason: 'invalid-reply', replied: true, retryable: true })
  })
})

describe('isErrorDocument', () => {
  it.each([
    ['<Error><Code>X</Code></Error>', true],
    ['<?xml version="1.0" encoding="UTF-8"?>\n<Error>', true],
    ['   \n\n<?xml version="1.0"?><Error xmlns="x">', true],
    ['<s3:Error>', true],
    ['<Errors>', false],
    ['<CompleteMultipartUploadResult><Error>', false],
    ['', false],
    ['text <Error>', false],
  ])('%j: %s', (text, expected) => {
    expect(isErrorDocument(text)).toBe(expected)
  })
})
