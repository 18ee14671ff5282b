import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MalformedReply, type ReplyHead, ReplyParser } from './reply-parser.ts'

interface Parsed {
  readonly head: ReplyHead | null
  readonly body: string
  /** `clean`, `more` for bytes after it; null: not ended */
  readonly end: 'clean' | 'more' | null
  readonly error: string | null
  /** the reply was whole when the connection ended */
  readonly wholeAtEnd: boolean
}

function parse(pieces: readonly string[], options: { readonly head?: boolean; readonly ended?: boolean } = {}): Parsed {
  let head: ReplyHead | null = null
  let body = ''
  let end: Parsed['end'] = null
  const parser = new ReplyParser(
    {
      onHead: (given) => {
        head = given
      },
      onBody: (bytes) => {
        expect(bytes.byteLength).toBeGreaterThan(0)
        body += Buffer.from(bytes).toString('latin1')
      },
      onReplyEnd: (clean) => {
        expect(end).toBeNull()
        end = clean ? 'clean' : 'more'
      },
    },
    options.head === true,
  )
  let error: string | null = null
  // one buffer for all reads, as a connection has it
  const memory = Buffer.alloc(Math.max(1, ...pieces.map((piece) => piece.length)))
  for (const piece of pieces) {
    if (piece === '' || end !== null) continue
    try {
      parser.push(memory.subarray(0, memory.write(piece, 'latin1')))
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(MalformedReply)
      error = (thrown as MalformedReply).message
      break
    }
    memory.fill(0x2a)
  }
  const wholeAtEnd = options.ended === true && error === null && end === null && parser.end()
  return { head, body, end, error, wholeAtEnd }
}

const WIRES: readonly (readonly [name: string, wire: string, expected: Partial<Parsed>])[] = [
  ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: "a"\r\n\r\nhello', { body: 'hello', end: 'clean', error: null }],
  ['no reason', 'HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n', { body: '', end: 'clean', error: null }],
  ['nothing', 'HTTP/1.1 204 No Content\r\n\r\n', { end: 'clean' }],
  ['204 with a length', 'HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\n', { end: 'clean' }],
  [
    'chunks',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n5;a="b"\r\nhello\r\nA \r\n, world!!!\r\n0\r\nx: y\r\n\r\n',
    { body: 'hello, world!!!', end: 'clean' },
  ],
  [
    'interim replies',
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi',
    { body: 'hi', end: 'clean' },
  ],
  ['more than was said', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi!', { body: 'hi', end: 'more' }],
  ['more after chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nX', { body: '', end: 'more' }],
]

const REFUSED: readonly (readonly [name: string, wire: string])[] = [
  ['another protocol', 'SSH-2.0-OpenSSH\r\n\r\n'],
  ['HTTP/2', 'HTTP/2 200 OK\r\n\r\n'],
  ['two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
  ['status 000', 'HTTP/1.1 000 OK\r\n\r\n'],
  ['a switch', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
  ['an interim reply of HTTP/1.0', 'HTTP/1.0 100 Continue\r\n\r\n'],
  ['bare line feeds', 'HTTP/1.1 200 OK\ncontent-length: 0\n\n'],
  ['a line feed in a value', 'HTTP/1.1 200 OK\r\na: b\nc: d\r\ncontent-length: 0\r\n\r\n'],
  ['a carriage return in a value', 'HTTP/1.1 200 OK\r\na: b\rc: d\r\ncontent-length: 0\r\n\r\n'],
  ['NUL in a value', 'HTTP/1.1 200 OK\r\na: b\u0000\r\ncontent-length: 0\r\n\r\n'],
  ['a blank before the colon', 'HTTP/1.1 200 OK\r\ncontent-length : 0\r\n\r\n'],
  ['a folded line', 'HTTP/1.1 200 OK\r\na: b\r\n c\r\ncontent-length: 0\r\n\r\n'],
  ['no name', 'HTTP/1.1 200 OK\r\n: b\r\ncontent-length: 0\r\n\r\n'],
  ['no colon', 'HTTP/1.1 200 OK\r\nhello\r\ncontent-length: 0\r\n\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 1\r\n\r\na'],
  ['a list of lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1, 1\r\n\r\na'],
  ['an empty length', 'HTTP/1.1 200 OK\r\ncontent-length:\r\n\r\n'],
  ['a signed length', 'HTTP/1.1 200 OK\r\ncontent-length: +1\r\n\r\na'],
  ['a hex length', 'HTTP/1.1 200 OK\r\ncontent-length: 0x1\r\n\r\na'],
  ['a length beyond numbers', 'HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999\r\n\r\na'],
  ['a length and chunks', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['another coding', 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n'],
  ['two codings', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['chunks of HTTP/1.0', 'HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['a chunk without a size', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\r\nhello'],
  ['a chunk of a negative size', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n-1\r\nhello'],
  ['a chunk of a size beyond numbers', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffff\r\nhello'],
  ['a chunk longer than it says', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n'],
  ['a trailer that is none', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\nhello\r\n\r\n'],
]

describe('ReplyParser', () => {
  it.each(WIRES)('%s', (_, wire, expected) => {
    expect(parse([wire])).toMatchObject(expected)
    expect(parse([...wire])).toMatchObject(wire.endsWith('!') || wire.endsWith('X') ? { ...expected, end: 'clean' } : expected)
  })

  it.each(REFUSED)('refuses %s, however it comes', (_, wire) => {
    expect(parse([wire]).error).not.toBeNull()
    expect(parse([...wire]).error).not.toBeNull()
  })

  it('the same comes out however the bytes are cut', () => {
    const wire = fc.constantFrom(...WIRES.map(([, text]) => text), ...REFUSED.map(([, text]) => text))
    fc.assert(
      fc.property(wire, fc.array(fc.nat(200), { maxLength: 8 }), (text, cuts) => {
        const at = [...new Set([0, ...cuts.filter((cut) => cut < text.length), text.length])].sort((a, b) => a - b)
        const pieces = at.slice(1).map((end, index) => text.slice(at[index], end))
        const whole = parse([text])
        const cut = parse(pieces)
        expect(cut.error === null).toBe(whole.error === null)
        if (whole.error === null)
          expect({ ...cut, end: cut.end === 'more' ? 'clean' : cut.end }).toEqual({ ...whole, end: whole.end === 'more' ? 'clean' : whole.end })
      }),
    )
  })

  it('takes no bytes but those of the body, whatever comes', () => {
    const noise = fc.array(
      fc.oneof(
        fc.constantFrom(
          'HTTP/1.1 200 OK\r\n',
          'content-length: 3\r\n',
          'transfer-encoding: chunked\r\n',
          '\r\n',
          '3\r\nabc\r\n',
          '0\r\n',
          'HTTP/1.1 100 C\r\n\r\n',
          'abc',
        ),
        fc.string({ maxLength: 6, unit: 'binary-ascii' }),
      ),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(noise, fc.boolean(), (pieces, head) => {
        const parsed = parse(pieces, { head, ended: true })
        if (parsed.head === null) expect(parsed.body).toBe('')
        if (head) expect(parsed.body).toBe('')
        const declared = parsed.head?.headers['content-length']
        if (declared !== undefined) expect(parsed.body.length).toBeLessThanOrEqual(Number(declared))
      }),
      { numRuns: 2_000 },
    )
  })

  it('a HEAD has no body', () => {
    expect(parse(['HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n'], { head: true })).toMatchObject({ body: '', end: 'clean' })
    expect(parse(['HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello'], { head: true })).toMatchObject({ body: '', end: 'more' })
    expect(parse(['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'], { head: true })).toMatchObject({ end: 'clean' })
  })

  it('without a length the end of the connection is the end of the body; elsewhere it is none', () => {
    expect(parse(['HTTP/1.1 200 OK\r\n\r\nhello'], { ended: true })).toMatchObject({ body: 'hello', wholeAtEnd: true })
    for (const [, wire] of WIRES.filter(([name]) => name === 'a length' || name === 'chunks')) {
      for (let length = 0; length < wire.length - 1; length++) expect(parse([wire.slice(0, length)], { ended: true }).wholeAtEnd).toBe(false)
    }
  })

  it.each([
    ['HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n', true],
    ['HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: Keep-Alive\r\n\r\n', true],
    ['HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n', false],
    ['HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: x, Close\r\n\r\n', false],
    ['HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: x\r\nconnection: close\r\n\r\n', false],
    ['HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n', false],
    ['HTTP/1.0 200 OK\r\ncontent-length: 0\r\nconnection: keep-alive\r\n\r\n', false],
    ['HTTP/1.1 200 OK\r\n\r\n', false],
  ])('%j: may serve again %s', (wire, keepAlive) => {
    expect(parse([wire]).head?.keepAlive).toBe(keepAlive)
  })

  it('a HEAD may serve again only where the server says so', () => {
    expect(parse(['HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n'], { head: true }).head?.keepAlive).toBe(false)
    expect(parse(['HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: keep-alive\r\n\r\n'], { head: true }).head?.keepAlive).toBe(true)
  })

  it('heeds how long the server waits', () => {
    expect(parse(['HTTP/1.1 200 OK\r\nkeep-alive: max=5, timeout=7\r\ncontent-length: 0\r\n\r\n']).head?.idleSeconds).toBe(7)
    expect(parse(['HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n']).head?.idleSeconds).toBeNull()
  })

  it('what has no end is ended: a head, interim replies, trailers, a line of a chunk', () => {
    const long = 'x'.repeat(1_000)
    const head = Array.from({ length: 70 }, (_, at) => `a${at}: ${long}\r\n`)
    expect(parse(['HTTP/1.1 200 OK\r\n', ...head]).error).toBe('a head without an end')
    expect(parse(Array.from({ length: 70 }, () => `HTTP/1.1 103 Hints\r\na: ${long}\r\n\r\n`)).error).toBe('interim replies without an end')
    const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'
    expect(parse([chunked, '0\r\n', ...head]).error).toBe('trailers without an end')
    expect(parse([chunked, '5;', ...Array.from({ length: 10 }, () => long)]).error).toBe('a line of a chunk without an end')
  })

  it('a header __proto__ is a name like any other', () => {
    const { headers } = parse(['HTTP/1.1 200 OK\r\n__proto__: x\r\nconstructor: y\r\ncontent-length: 0\r\n\r\n']).head ?? { headers: {} }
    expect(Object.entries(headers)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
      ['content-length', '0'],
    ])
  })
})
