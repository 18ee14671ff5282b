import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InterimFilter } from './interim-filter.ts'

const REPLY = 'HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\nHTTP/1.1 100'

function passed(wire: string, cuts: readonly number[]): string {
  const filter = new InterimFilter()
  filter.expectReply()
  const ends = [...cuts, wire.length].sort((a, b) => a - b)
  let from = 0
  let out = ''
  for (const end of ends) {
    const rest = filter.pass(Buffer.from(wire.slice(from, end)))
    if (rest !== null) out += rest.toString()
    from = end
  }
  return out
}

describe('InterimFilter', () => {
  it.each([
    ['nothing in front', REPLY],
    ['a 100', `HTTP/1.1 100 Continue\r\n\r\n${REPLY}`],
    ['others too', `HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 102 x\r\n\r\n${REPLY}`],
    ['two, with headers', `HTTP/1.1 100 Continue\r\nx: y\r\n\r\nHTTP/1.1 100\r\n\r\n${REPLY}`],
  ])('%s, however it is cut', (_, wire) => {
    fc.assert(fc.property(fc.array(fc.nat(wire.length), { maxLength: 5 }), (cuts) => passed(wire, cuts) === REPLY))
  })

  it('anything else goes through', () => {
    for (const wire of ['HTTP/1.1 101 x\r\n\r\n', 'garbage', 'HTTP/1.0 200 OK\r\n\r\n']) expect(passed(wire, [])).toBe(wire)
  })

  it('an interim reply without an end is handed on at last', () => {
    expect(passed(`HTTP/1.1 100 ${'x'.repeat(20_000)}`, [10_000])).toHaveLength(20_013)
  })

  it('looks only where a reply begins', () => {
    const filter = new InterimFilter()
    expect(filter.pass(Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'))?.toString()).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    filter.expectReply()
    expect(filter.pass(Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'))).toBeNull()
    expect(filter.pass(Buffer.from('HTTP/1.1 200'))?.toString()).toBe('HTTP/1.1 200')
    expect(filter.pass(Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'))?.toString()).toBe('HTTP/1.1 100 Continue\r\n\r\n')
  })
})
