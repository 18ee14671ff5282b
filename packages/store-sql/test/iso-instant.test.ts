import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isoInstant } from '../src/check-input.ts'

describe('isoInstant', () => {
  it('gives every instant in the one form that is stored', () => {
    expect(isoInstant('x', '2026-01-31T13:00:00+01:00')).toBe('2026-01-31T12:00:00.000Z')
    expect(isoInstant('x', '2026-01-31')).toBe('2026-01-31T00:00:00.000Z')
    expect(isoInstant('x', '2024-02-29T23:59:59.999Z')).toBe('2024-02-29T23:59:59.999Z')
    fc.assert(
      fc.property(fc.date({ min: new Date('0000-01-01T00:00:00.000Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }), (date) => {
        expect(isoInstant('x', date.toISOString())).toBe(date.toISOString())
      }),
    )
  })

  it('is what Date makes of a text, wherever Date makes something of it', () => {
    const number = (most: number, width: number) => fc.integer({ min: 0, max: most }).map((value) => String(value).padStart(width, '0'))
    const nearly = fc
      .tuple(number(9_999, 4), number(13, 2), number(32, 2), number(25, 2), number(61, 2), number(61, 2), number(999, 3))
      .map(([year, month, day, hour, minute, second, ms]) => `${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`)
    fc.assert(
      fc.property(nearly, (text) => {
        const time = Date.parse(text)
        if (Number.isNaN(time)) expect(() => isoInstant('x', text)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_OPTION' }))
        else expect(isoInstant('x', text)).toBe(new Date(time).toISOString())
      }),
      { numRuns: 5_000 },
    )
  })
})
