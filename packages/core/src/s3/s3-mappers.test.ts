import { describe, expect, it } from 'vitest'
import { encryptionFromHeaders } from './reply-encryption.ts'
import {
  announcedChecksumHeaders,
  checkHeaders,
  checksumsFromHeaders,
  completeChecksumHeaders,
  conditionHeaders,
  metadataFromHeaders,
  metadataToHeaders,
  objectStateHeaders,
  parseContentRange,
  receiptFromHeaders,
  statFromHeaders,
} from './s3-mappers.ts'

const INVALID = expect.objectContaining({ code: 'ERR_INVALID_OPTION' })

describe('statFromHeaders', () => {
  it('reads what a HEAD of AWS says', () => {
    const stat = statFromHeaders(
      {
        etag: '"9b2cf535f27731c974343645a3985328"',
        'content-length': '1234',
        'last-modified': 'Fri, 20 Nov 2026 10:00:00 GMT',
        date: 'Sat, 21 Nov 2026 01:02:03 GMT',
        'x-amz-version-id': '3HL4kqtJlcpXroDTDmJ',
        'x-amz-request-id': 'REQ1',
        'x-amz-tagging-count': '2',
        'x-amz-mp-parts-count': '7',
        'x-amz-server-side-encryption': 'AES256',
        'x-amz-object-lock-mode': 'GOVERNANCE',
        'x-amz-object-lock-retain-until-date': '2030-01-01T00:00:00Z',
        'x-amz-object-lock-legal-hold': 'ON',
        'x-amz-checksum-crc32': 'y/Q5Jg==',
        'x-amz-checksum-type': 'FULL_OBJECT',
        'content-type': 'text/plain',
        'x-amz-meta-name': 'value',
      },
      200,
    )
    expect(stat).toEqual({
      etag: '"9b2cf535f27731c974343645a3985328"',
      sizeBytes: 1234,
      lastModified: new Date('2026-11-20T10:00:00Z'),
      versionId: '3HL4kqtJlcpXroDTDmJ',
      checksums: [{ algorithm: 'crc32', type: 'FULL_OBJECT', value: 'cbf43926', header: 'x-amz-checksum-crc32' }],
      encryption: 'sse-s3',
      metadata: { contentType: 'text/plain', user: { name: 'value' } },
      tagCount: 2,
      partsCount: 7,
      lock: { mode: 'GOVERNANCE', retainUntil: '2030-01-01T00:00:00Z', legalHold: true },
      fromCache: false,
      serverDate: new Date('2026-11-21T01:02:03Z'),
      requestId: 'REQ1',
    })
  })

  it('knows nothing where the reply says nothing', () => {
    expect(statFromHeaders({}, 200)).toEqual({
      etag: null,
      sizeBytes: null,
      lastModified: null,
      versionId: null,
      checksums: [],
      encryption: 'none',
      metadata: { user: {} },
      tagCount: null,
      partsCount: null,
      lock: null,
      fromCache: false,
      serverDate: null,
      requestId: null,
    })
  })

  it('takes the whole size from Content-Range, and no part checksum, on a partial reply', () => {
    const headers = { 'content-length': '10', 'content-range': 'bytes 0-9/500', 'x-amz-checksum-crc32': 'y/Q5Jg==', 'x-goog-hash': 'crc32c=4waSgw==' }
    const stat = statFromHeaders(headers, 206)
    expect(stat.sizeBytes).toBe(500)
    expect(stat.checksums.map(({ header }) => header)).toEqual(['x-goog-hash'])
  })

  it.each([
    [{ age: '12' }, true],
    [{ age: '0' }, false],
    [{ 'x-cache': 'Hit from cloudfront' }, true],
    [{ 'x-cache': 'Miss from cloudfront' }, false],
    [{ 'x-cache': 'TCP_MEM_HIT from a123' }, true],
    [{ 'x-cache': 'RefreshHit from cloudfront' }, true],
    [{ 'cf-cache-status': 'HIT' }, true],
    [{ 'cf-cache-status': 'DYNAMIC' }, false],
    [{ 'cf-cache-status': 'BYPASS' }, false],
    [{ 'cf-cache-status': 'REVALIDATED' }, true],
    [{ 'cf-cache-status': 'STALE' }, true],
    [{ 'x-cache-status': 'HIT' }, true],
    [{ 'x-cache-status': 'MISS' }, false],
    [{ 'x-proxy-cache': 'HIT' }, true],
    [{ 'cdn-cache': 'HIT' }, true],
    [{ 'cache-status': 'OriginCache; hit; ttl=1100' }, true],
    [{ 'cache-status': 'OriginCache; fwd=uri-miss; stored' }, false],
    [{ 'x-cache': 'MISS, HIT' }, true],
    [{ 'x-cache': 'MISS, MISS', 'x-cache-hits': '0, 0' }, false],
    [{ 'x-cache-hits': '0, 2' }, true],
    [{ 'x-varnish': '1695353 1695312' }, true],
    [{ 'x-varnish': '1695353' }, false],
    [{ 'x-cache-lookup': 'Hit From MemoryCache' }, true],
    [{ 'x-cache-lookup': 'Cache Miss' }, false],
    [{ warning: '110 cache "Response is Stale"' }, true],
    [{ warning: '199 misc "x"' }, false],
  ])('%j: from a cache %s', (headers: Record<string, string>, expected) => {
    expect(statFromHeaders(headers, 200).fromCache).toBe(expected)
  })

  it.each(['abc', '-1', '1.5', '9007199254740993', ''])('a Content-Length of %j is unknown', (value) => {
    expect(statFromHeaders({ 'content-length': value }, 200).sizeBytes).toBeNull()
  })
})

describe('checksumsFromHeaders', () => {
  // of "123456789", base64: the check values of the CRC catalogue and of the SHA standards
  it.each([
    ['crc32', 'y/Q5Jg==', 'cbf43926'],
    ['crc32c', '4waSgw==', 'e3069283'],
    ['crc64nvme', 'rosUhgpIc5g=', 'ae8b14860a487398'],
    ['sha1', '98O8HYCOBHMq32eZZczDTKfuNEE=', 'f7c3bc1d808e04732adf679965ccc34ca7ee3441'],
    ['sha256', 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
  ] as const)('%s as hex', (algorithm, base64, hex) => {
    const header = `x-amz-checksum-${algorithm}`
    expect(checksumsFromHeaders({ [header]: base64 })).toEqual([{ algorithm, type: 'FULL_OBJECT', value: hex, header }])
  })

  it('a composite stays as it came', () => {
    expect(checksumsFromHeaders({ 'x-amz-checksum-crc32': 'y/Q5Jg==-3', 'x-amz-checksum-type': 'COMPOSITE' })).toEqual([
      { algorithm: 'crc32', type: 'COMPOSITE', value: 'y/Q5Jg==-3', header: 'x-amz-checksum-crc32' },
    ])
  })

  it.each([
    { 'x-amz-checksum-crc32': 'y/Q5Jg==', 'x-amz-checksum-type': 'COMPOSITE' },
    { 'x-amz-checksum-crc32': 'AAAA' },
    { 'x-amz-checksum-sha256': 'y/Q5Jg==' },
    { 'x-amz-checksum-crc32': 'not base64!' },
    { 'x-amz-checksum-crc32': '' },
    { 'x-goog-hash': 'crc32c=AAAA,sha7=y/Q5Jg==' },
    { 'x-oss-hash-crc64ecma': '-1' },
    { 'x-oss-hash-crc64ecma': '18446744073709551616' },
  ])('%j says nothing that can be compared', (headers: Record<string, string>) => {
    expect(checksumsFromHeaders(headers)).toEqual([])
  })

  it('reads the vendors’ own: two values in x-goog-hash, decimals in the crc64ecma headers', () => {
    expect(checksumsFromHeaders({ 'x-goog-hash': 'crc32c=4waSgw==, md5=JfnnlDI7RTiF9RgfGg2Wpg==', 'x-cos-hash-crc64ecma': '11051210869376104954' })).toEqual([
      { algorithm: 'crc32c', type: 'FULL_OBJECT', value: 'e3069283', header: 'x-goog-hash' },
      { algorithm: 'md5', type: 'FULL_OBJECT', value: '25f9e794323b453885f5181f1a0d96a6', header: 'x-goog-hash' },
      // 0x995dc9bbdf1939fa, the check value of CRC-64/XZ
      { algorithm: 'crc64ecma', type: 'FULL_OBJECT', value: '995dc9bbdf1939fa', header: 'x-cos-hash-crc64ecma' },
    ])
  })
})

describe('metadata', () => {
  it.each([
    ['aws-chunked', undefined],
    ['aws-chunked,gzip', 'gzip'],
    ['gzip, aws-chunked', 'gzip'],
    ['gzip,AWS-Chunked,br', 'gzip,br'],
    ['', undefined],
    ['gzip', 'gzip'],
  ])('content-encoding %j is read as %j', (raw, expected) => {
    expect(metadataFromHeaders({ 'content-encoding': raw }).contentEncoding).toBe(expected)
  })

  it('survives the way out and back', () => {
    const metadata = {
      contentType: 'a/b',
      cacheControl: 'no-cache',
      contentDisposition: 'inline',
      contentEncoding: 'gzip',
      contentLanguage: 'de',
      expires: 'never',
      websiteRedirect: '/there',
      storageClass: 'GLACIER',
      user: { one: '1', 'two-2': 'b' },
    }
    expect(metadataFromHeaders(metadataToHeaders(metadata))).toEqual(metadata)
  })

  it('reads raw UTF-8, keeps Latin-1, and takes __proto__ for a name', () => {
    const { user } = metadataFromHeaders({ 'x-amz-meta-a': 'smÃ¸r', 'x-amz-meta-b': 'sm\xf8r', 'x-amz-meta-__proto__': 'x' })
    expect(Object.entries(user)).toEqual([
      ['a', 'smør'],
      ['b', 'smør'],
      ['__proto__', 'x'],
    ])
  })

  it.each(['a:b', 'a b', 'a\r\nb', 'ü', 'a\0'])('refuses the metadata name %j', (name) => {
    expect(() => metadataToHeaders({ user: { [name]: 'x' } })).toThrow(INVALID)
  })

  it('writes tags, grants and lock of a write', () => {
    expect(
      objectStateHeaders({
        metadata: { user: {} },
        tags: [{ key: 'a b', value: 'c&d=é' }],
        grants: { 'x-amz-grant-read': 'id="abc"' },
        lock: { mode: 'COMPLIANCE', retainUntil: '2030-01-01T00:00:00Z', legalHold: true },
      }),
    ).toEqual({
      'x-amz-tagging': 'a%20b=c%26d%3D%C3%A9',
      'x-amz-grant-read': 'id="abc"',
      'x-amz-object-lock-mode': 'COMPLIANCE',
      'x-amz-object-lock-retain-until-date': '2030-01-01T00:00:00Z',
      'x-amz-object-lock-legal-hold': 'ON',
    })
    expect(objectStateHeaders({ metadata: { user: {} }, tags: [], lock: { mode: null, retainUntil: null, legalHold: false } })).toEqual({})
    expect(() => objectStateHeaders({ metadata: { user: {} }, grants: { 'x-amz-grant-read': 'a\r\nb: c' } })).toThrow(INVALID)
  })
})

describe('request headers', () => {
  it('checks go as base64', () => {
    const digest = Buffer.from('25f9e794323b453885f5181f1a0d96a6', 'hex')
    expect(checkHeaders({ contentMd5: digest, checksums: [{ algorithm: 'crc32', digest: Buffer.from('cbf43926', 'hex') }] })).toEqual({
      'content-md5': 'JfnnlDI7RTiF9RgfGg2Wpg==',
      'x-amz-checksum-crc32': 'y/Q5Jg==',
    })
    expect(checkHeaders({})).toEqual({})
  })

  it('a digest that is a view of a larger buffer goes alone', () => {
    const whole = Buffer.from('00000000cbf43926ffffffff', 'hex')
    expect(checkHeaders({ checksums: [{ algorithm: 'crc32', digest: new Uint8Array(whole.buffer, whole.byteOffset + 4, 4) }] })).toEqual({
      'x-amz-checksum-crc32': 'y/Q5Jg==',
    })
  })

  it('announced and completing checksums', () => {
    expect(announcedChecksumHeaders({ algorithm: 'crc64nvme', type: 'FULL_OBJECT' })).toEqual({
      'x-amz-checksum-algorithm': 'CRC64NVME',
      'x-amz-checksum-type': 'FULL_OBJECT',
    })
    expect(completeChecksumHeaders({ algorithm: 'crc32', type: 'FULL_OBJECT', value: 'cbf43926' })).toEqual({
      'x-amz-checksum-crc32': 'y/Q5Jg==',
      'x-amz-checksum-type': 'FULL_OBJECT',
    })
    expect(completeChecksumHeaders({ algorithm: 'crc32', type: 'COMPOSITE', value: 'y/Q5Jg==-3' })).toEqual({
      'x-amz-checksum-crc32': 'y/Q5Jg==-3',
      'x-amz-checksum-type': 'COMPOSITE',
    })
  })

  it('conditions go raw, and without line breaks', () => {
    expect(conditionHeaders({ ifMatch: 'W/"a b"', ifNoneMatch: '*' })).toEqual({ 'if-match': 'W/"a b"', 'if-none-match': '*' })
    expect(() => conditionHeaders({ ifMatch: '"a"\r\nx: y' })).toThrow(INVALID)
  })
})

describe('parseContentRange', () => {
  it.each([
    ['bytes 0-9/10', { start: 0, endInclusive: 9, sizeBytes: 10 }],
    ['bytes 5-5/*', { start: 5, endInclusive: 5, sizeBytes: null }],
    ['bytes 0-10/10', null],
    ['bytes 9-5/10', null],
    ['bytes */10', null],
    ['items 0-9/10', null],
    ['bytes 0-9007199254740993/9007199254740999', null],
    ['', null],
    [undefined, null],
  ])('%j', (value, expected) => {
    expect(parseContentRange(value)).toEqual(expected)
  })
})

describe('receiptFromHeaders', () => {
  it.each([
    [{ etag: '"a"' }, undefined, '"a"'],
    [{}, '"b"', '"b"'],
    // Ceph 16 answers Complete with an empty ETag
    [{}, '', null],
    [{ etag: '""' }, undefined, null],
    [{}, undefined, null],
  ])('headers %j and body %j: ETag %j', (headers: Record<string, string>, inBody, expected) => {
    expect(receiptFromHeaders(headers, 2, inBody)).toMatchObject({ etag: expected, attempts: 2 })
  })
})

describe('encryptionFromHeaders', () => {
  it.each([
    [{}, 'none'],
    [{ 'x-amz-server-side-encryption': 'AES256' }, 'sse-s3'],
    [{ 'x-amz-server-side-encryption': 'aws:kms' }, 'sse-kms'],
    [{ 'x-amz-server-side-encryption': 'aws:kms:dsse' }, 'sse-kms'],
    [{ 'x-amz-server-side-encryption-customer-algorithm': 'AES256' }, 'sse-c'],
    [{ 'x-oss-server-side-encryption': 'AES256' }, 'sse-s3'],
    [{ 'x-oss-server-side-encryption': 'KMS' }, 'sse-kms'],
    [{ 'x-cos-server-side-encryption-customer-algorithm': 'AES256' }, 'sse-c'],
    [{ 'ibm-sse-kp-enabled': 'false' }, 'none'],
    [{ 'ibm-sse-kp-enabled': 'true' }, 'sse-kms'],
    [{ 'x-amz-server-side-encryption': '' }, 'none'],
    [{ 'x-amz-server-side-encryption': 'aws:fsx' }, 'sse-kms'],
  ])('%j is %s', (headers: Record<string, string>, expected) => {
    expect(encryptionFromHeaders(headers)).toBe(expected)
  })
})
