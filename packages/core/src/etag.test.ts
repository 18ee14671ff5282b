import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseETag } from './etag.ts'

const HEX = 'd41d8cd98f00b204e9800998ecf8427e'

describe('parseETag', () => {
  it.each([
    [`"${HEX}"`, { kind: 'md5', value: HEX, weak: false }],
    [HEX, { kind: 'md5', value: HEX, weak: false }],
    [`"${HEX.toUpperCase()}"`, { kind: 'md5', value: HEX, weak: false }],
    [`&quot;${HEX}&quot;`, { kind: 'md5', value: HEX, weak: false }],
    [`W/"${HEX}"`, { kind: 'md5', value: HEX, weak: true }],
    [` "${HEX}" `, { kind: 'md5', value: HEX, weak: false }],
    [`"${HEX}-1"`, { kind: 'multipart', value: `${HEX}-1`, weak: false, partCount: 1 }],
    [`"${HEX}-10000"`, { kind: 'multipart', value: `${HEX}-10000`, weak: false, partCount: 10_000 }],
    [`"${HEX}-99999"`, { kind: 'multipart', value: `${HEX}-99999`, weak: false, partCount: 99_999 }],
    [`&quot;${HEX.toUpperCase()}-38&quot;`, { kind: 'multipart', value: `${HEX}-38`, weak: false, partCount: 38 }],
    [`W/"${HEX}-2"`, { kind: 'multipart', value: `${HEX}-2`, weak: true, partCount: 2 }],
    // not the forms of a digest: kept as they are
    [`"${HEX}-0"`, { kind: 'opaque', value: `${HEX}-0`, weak: false }],
    [`"${HEX}-01"`, { kind: 'opaque', value: `${HEX}-01`, weak: false }],
    [`"${HEX}-100000"`, { kind: 'opaque', value: `${HEX}-100000`, weak: false }],
    [`"${HEX}-N"`, { kind: 'opaque', value: `${HEX}-N`, weak: false }],
    [`"${HEX}-"`, { kind: 'opaque', value: `${HEX}-`, weak: false }],
    [`"${HEX}\n"`, { kind: 'opaque', value: `${HEX}\n`, weak: false }],
    [`"${HEX}0"`, { kind: 'opaque', value: `${HEX}0`, weak: false }],
    ['"CRC64NVME-rosUhgp5mIg="', { kind: 'opaque', value: 'CRC64NVME-rosUhgp5mIg=', weak: false }],
    ['"3858F62230AC3C915F300C664312C11F-9x"', { kind: 'opaque', value: '3858F62230AC3C915F300C664312C11F-9x', weak: false }],
    ['W/"Ab"', { kind: 'opaque', value: 'Ab', weak: true }],
    ['"W/x"', { kind: 'opaque', value: 'W/x', weak: false }],
    ['""', { kind: 'opaque', value: '', weak: false }],
    ['"', { kind: 'opaque', value: '"', weak: false }],
    ['W/', { kind: 'opaque', value: '', weak: true }],
    ['"open', { kind: 'opaque', value: '"open', weak: false }],
    ['""x""', { kind: 'opaque', value: '"x"', weak: false }],
  ] as const)('reads %j', (raw, parsed) => {
    expect(parseETag(raw)).toEqual(parsed)
  })

  it.each([[''], [undefined], [null], [5], [{}]])('refuses %j', (raw) => {
    expect(() => parseETag(raw as string)).toThrowError(expect.objectContaining({ code: 'ERR_INVALID_OPTION' }))
  })

  it('never throws on a string with something in it, and reads its own value again', () => {
    const text = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.string({ minLength: 1, unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('"', 'W', '/', '-', '&quot;', 'a', 'F', '0', '1', ' ', '\n'), minLength: 1 }),
      fc
        .tuple(
          fc.constantFrom('', 'W/'),
          fc.constantFrom('', '"', '&quot;'),
          fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'), minLength: 31, maxLength: 33 }),
          fc.constantFrom('', '-1', '-0', '-10000'),
        )
        .map(([weak, quote, hex, count]) => `${weak}${quote}${hex}${count}${quote}`),
    )
    fc.assert(
      fc.property(text, (raw) => {
        const parsed = parseETag(raw)
        expect(parseETag(`"${parsed.value}"`)).toEqual({ ...parsed, weak: false })
        if (parsed.kind === 'multipart') expect(parsed.value.endsWith(`-${parsed.partCount}`)).toBe(true)
        else expect(parsed.partCount).toBeUndefined()
      }),
      { numRuns: 2000 },
    )
  })

  it('knows every ETag of an MD5 and of parts', () => {
    const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 32 })
    fc.assert(
      fc.property(hex, fc.integer({ min: 1, max: 99_999 }), (digits, partCount) => {
        expect(parseETag(`"${digits}"`)).toEqual({ kind: 'md5', value: digits, weak: false })
        expect(parseETag(`"${digits.toUpperCase()}-${partCount}"`)).toEqual({ kind: 'multipart', value: `${digits}-${partCount}`, weak: false, partCount })
      }),
    )
  })
})
