import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { copySourceHeader } from './copy-source-header.ts'

describe('x-amz-copy-source', () => {
  it.each([
    ['plain', '/b/plain'],
    ['a+b', '/b/a%2Bb'],
    ['a b', '/b/a%20b'],
    ['a%20b', '/b/a%2520b'],
    ['what?versionId=x', '/b/what%3FversionId%3Dx'],
    ['../up/./x//y', '/b/../up/./x//y'],
    ['/lead', '/b//lead'],
    ["!'()*#&=", '/b/%21%27%28%29%2A%23%26%3D'],
    ['ü', '/b/%C3%BC'],
    ['😀', '/b/%F0%9F%98%80'],
    ['\u0001\n', '/b/%01%0A'],
  ])('%j', (key, header) => {
    expect(copySourceHeader({ bucket: 'b', key })).toBe(header)
  })

  it('a version', () => {
    expect(copySourceHeader({ bucket: 'b', key: 'k', versionId: 'a+b/c=' })).toBe('/b/k?versionId=a%2Bb/c%3D')
  })

  it('any key comes back by one percent-decoding, and never holds a second question mark', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (key) => {
        fc.pre(key.isWellFormed())
        const header = copySourceHeader({ bucket: 'b', key })
        expect(header).toMatch(/^[\x21-\x7e]+$/)
        expect(decodeURIComponent(header.slice('/b/'.length))).toBe(key)
        expect(header).not.toContain('?')
      }),
    )
  })
})
