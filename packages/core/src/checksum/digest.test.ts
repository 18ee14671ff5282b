import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DIGEST_VECTORS } from '../../test/vectors.ts'
import { DIGEST_BYTES, HASH_ALGORITHMS } from './algorithm.ts'
import { digestBytes, equalBytes, fromBase64, fromHex, toBase64, toHex } from './digest.ts'

describe('digest', () => {
  it('converts every known digest between hex and the header form', () => {
    for (const vector of DIGEST_VECTORS) {
      for (const algorithm of HASH_ALGORITHMS) {
        const bytes = fromHex(vector.digests[algorithm])
        expect(bytes.length).toBe(DIGEST_BYTES[algorithm])
        if (algorithm === 'crc64ecma') {
          expect(BigInt(`0x${toHex(bytes)}`).toString()).toBe(vector.headers.crc64ecma)
        } else {
          expect(toBase64(bytes)).toBe(vector.headers[algorithm])
          expect(toHex(fromBase64(vector.headers[algorithm]))).toBe(vector.digests[algorithm])
        }
      }
    }
  })

  it('round-trips bytes of any length, also of a view into a larger buffer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(10), (content, offset) => {
        const bytes = new Uint8Array(content.length + offset + 3).fill(0xaa).subarray(offset, offset + content.length)
        bytes.set(content)
        expect(equalBytes(fromHex(toHex(bytes)), content)).toBe(true)
        expect(equalBytes(fromBase64(toBase64(bytes)), content)).toBe(true)
      }),
    )
  })

  it('takes bytes as they are and hex in either case', () => {
    const bytes = fromHex('d41d8cd98f00b204e9800998ecf8427e')
    expect(digestBytes(bytes, 'md5')).toBe(bytes)
    expect(digestBytes('D41D8CD98F00B204E9800998ECF8427E', 'md5')).toEqual(bytes)
  })

  it.each([
    ['too few bytes', new Uint8Array(15)],
    ['too many bytes', new Uint8Array(17)],
    ['too little hex', 'd41d8cd98f00b204e9800998ecf8427'],
    ['a quoted ETag', '"d41d8cd98f00b204e9800998ecf8427e"'],
    ['base64', '1B2M2Y8AsgTpgAmY7PhCfg=='],
    ['not hex', 'z41d8cd98f00b204e9800998ecf8427e'],
    ['a line break after hex', 'd41d8cd98f00b204e9800998ecf8427\n'],
    ['nothing', undefined],
    ['a number', 5],
  ])('refuses %s as an MD5', (_what, value) => {
    expect(() => digestBytes(value as string, 'md5', 'partMd5s[3]')).toThrowError(
      expect.objectContaining({ code: 'ERR_INVALID_OPTION', context: expect.objectContaining({ option: 'partMd5s[3]' }) }),
    )
  })

  it('refuses text that is not hex or base64', () => {
    for (const text of ['0', 'xx', ' 00', '0g']) expect(() => fromHex(text)).toThrowError(expect.objectContaining({ code: 'ERR_INVALID_OPTION' }))
    for (const text of ['A', 'AAA', '====', 'A-_=', 'AAAA=', 'AAA=AAA=']) {
      expect(() => fromBase64(text)).toThrowError(expect.objectContaining({ code: 'ERR_INVALID_OPTION' }))
    }
  })
})
