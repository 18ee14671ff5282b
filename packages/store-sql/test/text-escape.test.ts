import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapedJsonText, escapeJson, escapeText, unescapedJson, unescapeJson, unescapeText } from '../src/text-escape.ts'

// whole UTF-16, lone surrogates and the characters that are escaped among them
const anyText = fc
  .array(fc.oneof(fc.constantFrom(0, 1, 2, 3, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0x61, 0x64, 0x38), fc.integer({ min: 0, max: 0xffff })))
  .map((units) => String.fromCharCode(...units))
const wellFormed = anyText.map((text) => text.toWellFormed())

describe('escapeText', () => {
  it('writes three kinds of characters as sequences that begin with U+0001', () => {
    expect(escapeText('a\u0000b')).toBe('a\u0001\u0001b')
    expect(escapeText('a\u0001b')).toBe('a\u0001\u0002b')
    expect(escapeText('\ud800')).toBe('\u0001\u0003d800')
    expect(escapeText('x\udfff\ud83d')).toBe('x\u0001\u0003dfff\u0001\u0003d83d')
    expect(escapeText('plain, 😀, \u0002 \u0003d800 \\0 %00')).toBe('plain, 😀, \u0002 \u0003d800 \\0 %00')
  })

  it('is undone by unescapeText', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(unescapeText(escapeText(text))).toBe(text)
      }),
      { numRuns: 5_000 },
    )
  })

  it('leaves nothing that a database cannot hold', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(escapeText(text).includes('\u0000')).toBe(false)
        expect(escapeText(text).isWellFormed()).toBe(true)
      }),
      { numRuns: 5_000 },
    )
  })

  it('gives two texts two forms', () => {
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        expect(escapeText(a) === escapeText(b)).toBe(a === b)
      }),
      { numRuns: 5_000 },
    )
  })

  it('keeps the UTF-8 byte order', () => {
    const order = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))
    fc.assert(
      fc.property(wellFormed, wellFormed, (a, b) => {
        expect(order(escapeText(a), escapeText(b))).toBe(order(a, b))
      }),
      { numRuns: 10_000 },
    )
  })

  it('leaves a text alone that was written by somebody else', () => {
    expect(unescapeText('\u0001x\u0001')).toBe('\u0001x\u0001')
  })
})

describe('escapeJson', () => {
  it('escapes every string, names included, and is undone', () => {
    const value = { 'a\u0000': ['\u0001', { b: '\ud800', n: 1.5, t: true, x: null }], __proto__: 'x' }
    expect(JSON.stringify(escapeJson(value))).not.toMatch(/\\u0000|\\ud800/)
    expect(unescapeJson(escapeJson(value))).toEqual(value)
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(unescapeJson(escapeJson(json))).toEqual(JSON.parse(JSON.stringify(json)))
      }),
    )
  })
})

describe('escapedJsonText', () => {
  it('is the text of escapeJson, and is undone by unescapedJson', () => {
    expect(escapedJsonText({ a: 'plain \\u0000 "quoted"' })).toBe('{"a":"plain \\\\u0000 \\"quoted\\""}')
    expect(escapedJsonText({ 'a\u0000': '\ud800' })).toBe('{"a\\u0001\\u0001":"\\u0001\\u0003d800"}')
    const anyJson = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 3 }, anyText, fc.integer(), fc.boolean(), fc.constant(null), fc.array(tie('value')), fc.dictionary(anyText, tie('value'))),
    })).value
    fc.assert(
      fc.property(anyJson, (value) => {
        expect(escapedJsonText(value)).toBe(JSON.stringify(escapeJson(value)))
        expect(unescapedJson(escapedJsonText(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
      { numRuns: 2_000 },
    )
  })
})
