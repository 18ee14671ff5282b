import { describe, expect, it } from 'vitest'
import { cachedPrepare } from '../src/drivers/statement-cache.ts'
import type { PreparedStatement } from '../src/drivers/types.ts'

function counting(): { readonly prepared: string[]; readonly prepare: (sql: string) => PreparedStatement } {
  const prepared: string[] = []
  const prepare = cachedPrepare((sql) => {
    prepared.push(sql)
    return { reader: true, all: () => [sql], run: () => ({ changes: 0, lastInsertRowid: 0 }), iterate: () => [sql].values() }
  })
  return { prepared, prepare }
}

describe('cachedPrepare', () => {
  it('prepares a text once', () => {
    const { prepared, prepare } = counting()
    expect([prepare('a').all([]), prepare('b').all([]), prepare('a').all([])]).toEqual([['a'], ['b'], ['a']])
    expect(prepared).toEqual(['a', 'b'])
  })

  it('keeps the 48 texts that were used last', () => {
    const { prepared, prepare } = counting()
    for (let index = 0; index < 48; index += 1) prepare(`s${index}`)
    prepare('s0')
    prepare('one more')
    prepared.length = 0
    prepare('s0')
    prepare('s2')
    expect(prepared).toEqual([])
    prepare('s1')
    expect(prepared).toEqual(['s1'])
  })

  it('keeps no text above 64 KiB', () => {
    const { prepared, prepare } = counting()
    const long = 'x'.repeat(65_537)
    prepare(long)
    prepare(long)
    expect(prepared.length).toBe(2)
  })

  it('each iteration has a statement of its own', () => {
    const { prepared, prepare } = counting()
    expect([...prepare('a').iterate([]), ...prepare('a').iterate([])]).toEqual(['a', 'a'])
    expect(prepared).toEqual(['a', 'a', 'a'])
  })
})
