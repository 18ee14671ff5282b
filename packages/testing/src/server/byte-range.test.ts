import { describe, expect, it } from 'vitest'
import { readRange } from './byte-range.ts'

describe('readRange', () => {
  it.each([
    [undefined, 10, null],
    ['bytes=0-9', 10, { start: 0, end: 10 }],
    ['bytes=0-0', 10, { start: 0, end: 1 }],
    ['bytes=5-', 10, { start: 5, end: 10 }],
    ['bytes=5-99', 10, { start: 5, end: 10 }],
    ['bytes=-3', 10, { start: 7, end: 10 }],
    ['bytes=-99', 10, { start: 0, end: 10 }],
    ['bytes=9-9', 10, { start: 9, end: 10 }],
    // what S3 does not understand is the whole object
    ['bytes=5-2', 10, null],
    ['bytes=0-1,4-5', 10, null],
    ['lines=0-1', 10, null],
    ['bytes=-', 10, null],
  ])('%s of %d bytes', (header, sizeBytes, expected) => {
    expect(readRange(header, sizeBytes)).toEqual(expected)
  })

  it.each([
    ['bytes=10-', 10],
    ['bytes=10-20', 10],
    ['bytes=-0', 10],
    ['bytes=0-', 0],
    ['bytes=-5', 0],
  ])('%s of %d bytes cannot be satisfied', (header, sizeBytes) => {
    expect(() => readRange(header, sizeBytes)).toThrow(expect.objectContaining({ status: 416, code: 'InvalidRange' }))
  })
})
