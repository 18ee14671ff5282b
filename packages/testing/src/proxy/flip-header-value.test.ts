import fc from 'fast-check'
import { expect, it } from 'vitest'
import { flipHeaderValue } from './flip-header-value.ts'

it.each([
  ['"0a1b2c"', '"1a1b2c"'],
  ['"abcdef-2"', '"abcdef-3"'],
  ['"abcdef"', '"bbcdef"'],
  ['AAAAAA==', 'BAAAAA=='],
  ['A0==', 'B0=='],
  ['Sat, 21 Nov 2026 01:00:00 GMT', 'Sat, 31 Nov 2026 01:00:00 GMT'],
  ['text/plain', 'sext/plain'],
  ['zZ', 'yZ'],
  ['9', '8'],
  ['', null],
  ['*', null],
])('%j becomes %j', (value, expected) => {
  expect(flipHeaderValue(value)).toBe(expected)
})

it('changes one character, into another of its kind', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^"?[0-9a-fA-F]{1,40}(-[0-9]{1,4})?"?$/), (value) => {
      const flipped = flipHeaderValue(value) ?? ''
      expect(flipped.length).toBe(value.length)
      const at = [...value].findIndex((character, i) => flipped[i] !== character)
      expect(at).toBeGreaterThanOrEqual(0)
      expect(value.slice(at + 1)).toBe(flipped.slice(at + 1))
      expect(/[0-9a-fA-F]/.test(flipped[at] ?? '')).toBe(true)
    }),
  )
})
