import { createHash, createHmac } from 'node:crypto'
import { S3Client } from '@aws-sdk/client-s3'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalQuery, EMPTY_SHA256, encodeKey, encodeUri, HmacKey, signedHeaders, type UnsignedRequest } from './sigv4.ts'

// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, "Examples: Signature Calculations"
const CREDENTIALS = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' }
const SCOPE = { region: 'us-east-1', service: 's3', atMs: Date.UTC(2013, 4, 24) }
const host = 'examplebucket.s3.amazonaws.com'

function sign(request: Partial<UnsignedRequest>, credentials: Parameters<typeof signedHeaders>[1] = CREDENTIALS, scope = SCOPE): Record<string, string> {
  const flat = signedHeaders({ method: 'GET', path: '/', query: '', headers: { host }, payloadHash: EMPTY_SHA256, ...request }, credentials, scope)
  return Object.fromEntries(flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1] ?? '']] : [])))
}

describe("AWS's published signatures", () => {
  it('GET object, with a range', () => {
    expect(sign({ path: '/test.txt', headers: { host, range: 'bytes=0-9' } })['authorization']).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    )
  })

  it('PUT object, with a key to encode and a storage class', () => {
    const payloadHash = '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072'
    expect(createHash('sha256').update('Welcome to Amazon S3.').digest('hex')).toBe(payloadHash)
    const headers = { host, date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' }
    expect(sign({ method: 'PUT', path: encodeKey('/test$file.text'), headers, payloadHash })['authorization']).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class, Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    )
  })

  it.each([
    ['a query parameter without a value', { lifecycle: '' }, 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
    ['two query parameters', { prefix: 'J', 'max-keys': '2' }, '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'],
  ])('%s', (_, query, signature) => {
    expect(sign({ query: canonicalQuery(query) })['authorization']).toContain(`Signature=${signature}`)
  })
})

describe('signedHeaders', () => {
  const names = (headers: Record<string, string>): string[] => (/SignedHeaders=([^,]*)/.exec(headers['authorization'] ?? '')?.[1] ?? '').split(';')

  it('signs every header that becomes state of the object, and a temporary token', () => {
    const headers = {
      host,
      'content-type': 'text/plain',
      'cache-control': 'no-cache',
      'content-disposition': 'x',
      'content-encoding': 'gzip',
      'content-language': 'de',
      expires: 'never',
      'content-md5': 'x',
      'content-length': '1',
      'if-match': '"e"',
      'x-amz-meta-a': 'b',
      'x-amz-tagging': 'a=b',
      'x-amz-storage-class': 'GLACIER',
    }
    const signed = sign({ method: 'PUT', headers: { ...headers, 'user-agent': 'x', 'accept-encoding': 'identity' } }, { ...CREDENTIALS, sessionToken: 'token' })
    expect(names(signed)).toEqual([...Object.keys(headers), 'x-amz-content-sha256', 'x-amz-date', 'x-amz-security-token'].sort())
    expect(signed).toMatchObject({ ...headers, 'user-agent': 'x', 'x-amz-security-token': 'token', 'x-amz-date': '20130524T000000Z' })
  })

  it('a value goes as it is and is signed as it is read', () => {
    const signed = sign({ headers: { host, 'x-amz-meta-a': '  a   b ' } })
    expect(signed['x-amz-meta-a']).toBe('  a   b ')
    expect(signed['authorization']).toBe(sign({ headers: { host, 'x-amz-meta-a': 'a b' } })['authorization'])
  })

  it('the key follows the secret, the day and the region', () => {
    const seen = new Set(
      [
        sign({}),
        sign({}, { ...CREDENTIALS, secretAccessKey: 'other' }),
        sign({}, CREDENTIALS, { ...SCOPE, atMs: SCOPE.atMs + 86_400_000 }),
        sign({}, CREDENTIALS, { ...SCOPE, region: 'eu-west-1' }),
      ].map((headers) => headers['authorization']),
    )
    expect(seen.size).toBe(4)
    expect(sign({})['authorization']).toBe(sign({})['authorization'])
  })
})

describe('encodeKey', () => {
  it.each([
    ['a/../b', 'a/../b'],
    ['a//b/', 'a//b/'],
    ['%2E', '%252E'],
    ['./x', './x'],
    ['a b+c', 'a%20b%2Bc'],
    ["!'()*", '%21%27%28%29%2A'],
    ['?#&=:@,;$', '%3F%23%26%3D%3A%40%2C%3B%24'],
    ['é', '%C3%A9'],
    ['😀', '%F0%9F%98%80'],
    ['\u0001\n', '%01%0A'],
  ])('%j', (key, encoded) => expect(encodeKey(key)).toBe(encoded))

  it('names each key in its own way, and says its bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (key) => {
        const encoded = encodeKey(key)
        expect(encoded).toMatch(/^(?:[A-Za-z0-9\-._~/]|%[0-9A-F]{2})*$/)
        expect(decodeURIComponent(encoded)).toBe(key)
      }),
    )
  })
})

describe('HmacKey', () => {
  it('gives what node:crypto gives', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 64 }),
        fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '\n', '/', 'é', '日', '🙂'), maxLength: 1200 }), { minLength: 1, maxLength: 4 }),
        (key, texts) => {
          const hmac = new HmacKey(key)
          for (const text of texts) expect(hmac.sign(text)).toBe(createHmac('sha256', key).update(text, 'utf8').digest('hex'))
        },
      ),
    )
  })

  it('refuses a key that would have to be hashed first', () => {
    expect(() => new HmacKey(new Uint8Array(65))).toThrow(RangeError)
  })
})

describe("the SDK's own signer", () => {
  const client = new S3Client({ region: 'eu-west-1', credentials: { ...CREDENTIALS, sessionToken: 'token' } })
  const token = fc.string({ unit: fc.constantFrom(...'abcXYZ019-'), minLength: 1, maxLength: 8 })
  const value = fc.string({ unit: fc.constantFrom(...'abc XYZ019/=+,;"'), maxLength: 20 })

  it('gives the same signature', async () => {
    const signer = await client.config.signer({ name: 'sigv4', signingName: 's3', signingRegion: 'eu-west-1', properties: {} })
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'PUT', 'HEAD'),
        fc.string({ unit: 'grapheme' }),
        fc.dictionary(token, value, { maxKeys: 4 }),
        fc.dictionary(token, value, { maxKeys: 4 }),
        fc.date({ min: new Date('2001-01-01'), max: new Date('2099-01-01'), noInvalidDate: true }),
        async (method, key, query, metadata, date) => {
          const path = `/bucket/${encodeKey(key)}`
          const headers: Record<string, string> = { host: 'localhost:9000' }
          for (const [name, text] of Object.entries(metadata)) headers[`x-amz-meta-${name.toLowerCase()}`] = text
          const theirs = (await signer.sign(
            { method, protocol: 'http:', hostname: 'localhost', port: 9000, path, query, headers: { ...headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } },
            { signingDate: date, signingRegion: 'eu-west-1', signingService: 's3' },
          )) as { headers: Record<string, string> }
          const ours = sign(
            { method, path, query: canonicalQuery(query), headers, payloadHash: 'UNSIGNED-PAYLOAD' },
            { ...CREDENTIALS, sessionToken: 'token' },
            { region: 'eu-west-1', service: 's3', atMs: date.getTime() },
          )
          expect(ours['authorization']).toBe(theirs.headers['authorization'])
        },
      ),
      { numRuns: 200 },
    )
  })

  it('encodes queries in the same way', () => {
    expect(canonicalQuery({ uploadId: 'a+/=b', partNumber: '7' })).toBe('partNumber=7&uploadId=a%2B%2F%3Db')
    expect(encodeUri('a/b')).toBe('a%2Fb')
  })
})
