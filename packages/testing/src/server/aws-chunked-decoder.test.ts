import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AwsChunkedDecoder } from './aws-chunked-decoder.ts'
import type { VerifiedSignature } from './signature.ts'

// the example of https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html: 65,536 and 1,024 bytes of the letter a
const SIGNING_KEY = ['20130524', 'us-east-1', 's3', 'aws4_request'].reduce(
  (key, part) => createHmac('sha256', key).update(part).digest(),
  Buffer.from('AWS4wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'),
)
const SEED: VerifiedSignature = {
  signingKey: SIGNING_KEY,
  scope: '20130524/us-east-1/s3/aws4_request',
  amzDate: '20130524T000000Z',
  signature: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
  payload: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
}
const EXAMPLE = Buffer.concat([
  Buffer.from('10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n'),
  Buffer.alloc(65_536, 'a'),
  Buffer.from('\r\n400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n'),
  Buffer.alloc(1024, 'a'),
  Buffer.from('\r\n0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n'),
])

function decode(decoder: AwsChunkedDecoder, framed: Buffer, cuts: readonly number[] = []): Buffer {
  const bounds = [0, ...[...cuts].sort((a, b) => a - b), framed.length]
  const out: Uint8Array[] = []
  for (let i = 1; i < bounds.length; i++) out.push(...decoder.push(framed.subarray(bounds[i - 1], bounds[i])))
  return Buffer.concat(out)
}

describe('AwsChunkedDecoder', () => {
  it('decodes the documented example however it is cut, and checks its signatures', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(EXAMPLE.length), { maxLength: 20 }), (cuts) => {
        const decoder = new AwsChunkedDecoder(SEED)
        expect(decode(decoder, EXAMPLE, cuts).equals(Buffer.alloc(66_560, 'a'))).toBe(true)
        expect(decoder.isDone).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  it('refuses a byte that was changed in any chunk', () => {
    for (const at of [100, 65_536, 66_700, EXAMPLE.length - 70]) {
      const changed = Buffer.from(EXAMPLE)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(() => decode(new AwsChunkedDecoder(SEED), changed)).toThrow()
    }
  })

  it('gives the trailer of an unsigned body', () => {
    const decoder = new AwsChunkedDecoder(null)
    const framed = Buffer.from('5\r\nhello\r\n1\r\n!\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n')
    expect(decode(decoder, framed).toString()).toBe('hello!')
    expect([...decoder.trailers]).toEqual([['x-amz-checksum-crc32', 'AAAAAA==']])
  })

  it('does not take a cut body for a whole one', () => {
    for (let end = 0; end < EXAMPLE.length - 2; end += 997) {
      const decoder = new AwsChunkedDecoder(SEED)
      decode(decoder, EXAMPLE.subarray(0, end))
      expect(decoder.isDone).toBe(false)
    }
  })

  it.each(['zz\r\n', '5\r\nhelloX\r\n', '-1\r\n', '5;chunk-signature=short\r\n'])('refuses broken framing %j', (framed) => {
    expect(() => decode(new AwsChunkedDecoder(null), Buffer.from(framed))).toThrow(expect.objectContaining({ code: 'IncompleteBody' }))
  })
})
