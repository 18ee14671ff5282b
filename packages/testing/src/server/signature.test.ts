import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { aws } from './personalities/aws.ts'
import { readS3Request, type S3Request } from './s3-request.ts'
import { type VerifiedSignature, verifySignature } from './signature.ts'

// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, sigv4-query-string-auth.html, sigv4-streaming.html
const CREDENTIALS = [{ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' }]
const NOW = Date.UTC(2013, 4, 24)
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

function request(method: string, url: string, headers: Record<string, string>): S3Request {
  const all = { host: 'examplebucket.s3.amazonaws.com', ...headers }
  return readS3Request({ method, url, headers: all, rawHeaders: Object.entries(all).flat() } as unknown as IncomingMessage)
}

function authorization(signedHeaders: string, signature: string): string {
  return `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=${signedHeaders},Signature=${signature}`
}

function verify(one: S3Request, now: number = NOW): VerifiedSignature | null {
  return verifySignature(one, CREDENTIALS, aws, 'us-east-1', now)
}

const DOCUMENTED: readonly (readonly [string, S3Request])[] = [
  [
    'GET with a Range',
    request('GET', '/test.txt', {
      range: 'bytes=0-9',
      'x-amz-content-sha256': EMPTY,
      'x-amz-date': '20130524T000000Z',
      authorization: authorization('host;range;x-amz-content-sha256;x-amz-date', 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41'),
    }),
  ],
  [
    'PUT of a key with a dollar sign',
    request('PUT', '/test%24file.text', {
      date: 'Fri, 24 May 2013 00:00:00 GMT',
      'x-amz-storage-class': 'REDUCED_REDUNDANCY',
      'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
      'x-amz-date': '20130524T000000Z',
      authorization: authorization(
        'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class',
        '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
      ),
    }),
  ],
  [
    'GET of a sub-resource',
    request('GET', '/?lifecycle', {
      'x-amz-content-sha256': EMPTY,
      'x-amz-date': '20130524T000000Z',
      authorization: authorization('host;x-amz-content-sha256;x-amz-date', 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'),
    }),
  ],
  [
    'GET with a query',
    request('GET', '/?max-keys=2&prefix=J', {
      'x-amz-content-sha256': EMPTY,
      'x-amz-date': '20130524T000000Z',
      authorization: authorization('host;x-amz-content-sha256;x-amz-date', '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'),
    }),
  ],
  [
    'a presigned GET',
    request(
      'GET',
      '/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
      {},
    ),
  ],
]

describe('verifySignature', () => {
  it.each(DOCUMENTED)('takes the example of the documentation: %s', (_, one) => {
    expect(verify(one)?.scope).toBe('20130524/us-east-1/s3/aws4_request')
  })

  it.each(DOCUMENTED)('refuses it with another path: %s', (_, one) => {
    expect(() => verify({ ...one, rawPath: '/other' })).toThrow(expect.objectContaining({ status: 403, code: 'SignatureDoesNotMatch' }))
  })

  it('tells an anonymous request', () => {
    expect(verify(request('GET', '/test.txt', {}))).toBeNull()
  })

  it('refuses a request that is a quarter of an hour off', () => {
    const [, one] = DOCUMENTED[0] ?? expect.fail()
    expect(verify(one, NOW + 15 * 60_000)).not.toBeNull()
    expect(() => verify(one, NOW + 15 * 60_000 + 1)).toThrow(expect.objectContaining({ code: 'RequestTimeTooSkewed' }))
    expect(() => verify(one, NOW - 15 * 60_000 - 1)).toThrow(expect.objectContaining({ code: 'RequestTimeTooSkewed' }))
  })

  it('refuses a presigned URL after its end', () => {
    const [, one] = DOCUMENTED[4] ?? expect.fail()
    expect(verify(one, NOW + 86_400_000)).not.toBeNull()
    expect(() => verify(one, NOW + 86_400_001)).toThrow(expect.objectContaining({ code: 'AccessDenied' }))
  })

  it.each([
    ['another scheme', 'AWS AKIAIOSFODNN7EXAMPLE:abc'],
    ['no scope', 'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE,SignedHeaders=host,Signature=00'],
    ['another service', authorization('host', '00').replace('/s3/', '/sqs/')],
    ['a scope of another day', authorization('host', '00').replace('20130524', '20130525')],
    ['no signature', authorization('host', '')],
  ])('refuses a header with %s', (_, header) => {
    const one = request('GET', '/test.txt', { 'x-amz-content-sha256': EMPTY, 'x-amz-date': '20130524T000000Z', authorization: header })
    expect(() => verify(one)).toThrow(expect.objectContaining({ status: 400 }))
  })
})
