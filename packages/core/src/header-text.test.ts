import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeHeaderText, encodeHeaderText, plainHeader } from './header-text.ts'

// by Python's email.header.Header(text, 'utf-8').encode(): the words of RFC 2047
const KNOWN: readonly (readonly [string, string])[] = [
  ['', ''],
  ['value', 'value'],
  ['a b  c', 'a b  c'],
  ['=?UTF-8?B?c23DuHI=?=', '=?UTF-8?B?c23DuHI=?='],
  ['smørrebrød', '=?UTF-8?B?c23DuHJyZWJyw7hk?='],
  ['🦑', '=?UTF-8?B?8J+mkQ==?='],
  [' lead', '=?UTF-8?B?IGxlYWQ=?='],
  ['a\r\nb', '=?UTF-8?B?YQ0KYg==?='],
  ['tab\there', '=?UTF-8?B?dGFiCWhlcmU=?='],
]

/** An RFC 2047 decoder of its own: words are joined, the blanks between them go. */
function decodeWords(text: string): string {
  const words = text.split(' ').map((word) => /^=\?UTF-8\?B\?([A-Za-z0-9+/=]*)\?=$/.exec(word)?.[1])
  return words.map((word) => Buffer.from(word ?? '', 'base64').toString('utf8')).join('')
}

describe('encodeHeaderText', () => {
  it.each(KNOWN)('%j becomes %j', (text, encoded) => {
    expect(encodeHeaderText(text)).toBe(encoded)
  })

  it('folds into words of at most 75 characters, and no character is split', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 150 }), (text) => {
        const encoded = encodeHeaderText(text)
        if (encoded === text) {
          expect(text).toMatch(/^[\x20-\x7e]*$/)
          return
        }
        for (const word of encoded.split(' ')) {
          expect(word.length).toBeLessThanOrEqual(75)
          expect(decodeWords(word)).not.toContain('\ufffd')
        }
        expect(decodeWords(encoded)).toBe(text)
      }),
    )
  })

  it('never lets a line break through', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[\r\n\0]/.test(encodeHeaderText(text))))
  })
})

describe('decodeHeaderText', () => {
  it.each([
    ['plain', 'plain'],
    ['smÃ¸r', 'smør'],
    ['sm\xf8r', 'sm\xf8r'],
    ['=?UTF-8?B?c23DuHI=?=', '=?UTF-8?B?c23DuHI=?='],
  ])('%j is read as %j', (wire, text) => {
    expect(decodeHeaderText(wire)).toBe(text)
  })

  it('gives back any text whose UTF-8 bytes came as Latin-1', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => decodeHeaderText(Buffer.from(text, 'utf8').toString('latin1')) === text))
  })
})

describe('plainHeader', () => {
  it.each(['a\r\nb', 'a\nb', 'ü', '\0'])('refuses %j', (value) => {
    expect(() => plainHeader('option', value)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_OPTION' }))
  })

  it('takes ASCII as it is', () => {
    expect(plainHeader('option', '"abc" d')).toBe('"abc" d')
  })
})
