import { readFile } from 'node:fs/promises'
import { PERSONALITIES } from '@sealift/testing'
import { describe, expect, it } from 'vitest'
import { matrixStores } from './evidence-table.ts'
import { predict } from './oracle.ts'

/** Every module that a file of this folder imports, directly or not. */
async function importsOf(file: URL, seen = new Set<string>()): Promise<Set<string>> {
  const source = await readFile(file, 'utf8')
  for (const [, specifier = ''] of source.matchAll(/\bfrom\s+'([^']+)'/g)) {
    const name = specifier.startsWith('.') ? new URL(specifier, file).href : specifier
    if (seen.has(name)) continue
    seen.add(name)
    if (specifier.startsWith('.')) await importsOf(new URL(name), seen)
  }
  return seen
}

describe('the oracle of the evidence matrix', () => {
  const store = (id: string) => {
    const found = matrixStores(PERSONALITIES).find((facts) => facts.id === id)
    if (found === undefined) throw new Error(`no store ${id}`)
    return found
  }

  it.each(['oracle.ts', 'evidence-table.ts'])('%s imports nothing of the library', async (name) => {
    const imports = await importsOf(new URL(name, import.meta.url))
    expect([...imports].filter((item) => !item.includes('/test/evidence-matrix/'))).toEqual([])
  })

  it('names a personality that has no row, and a row whose personality is gone', () => {
    expect(() => matrixStores([...PERSONALITIES, 'newcomer'])).toThrow('no row in test/evidence-matrix/evidence-table.ts for the personality newcomer')
    expect(() => matrixStores(PERSONALITIES.filter((id) => id !== 'ceph'))).toThrow('has a row for ceph')
  })

  // a few answers written out, from the worked examples of docs/evidence-and-verdicts.md
  it('expects two requests of a small object between stores whose replies carry the evidence', () => {
    expect(predict({ source: store('aws'), destination: store('r2'), kind: 'small', fault: 'none' })).toEqual({
      verdict: 'verified',
      assurance: 'end-to-end',
      code: null,
      atRest: 'source',
      apart: null,
      requests: { exactly: 2 },
      route: 'single',
    })
  })

  it('expects no more than destination-only of a layout that cannot be found', () => {
    expect(predict({ source: store('ceph'), destination: store('aws'), kind: 'multipart-underivable', fault: 'none' })).toMatchObject({
      verdict: 'verified',
      assurance: 'destination-only',
      // two reads, one PUT
      requests: { exactly: 3 },
    })
  })

  it('expects a mismatch of wrong bytes at rest that are read back', () => {
    expect(predict({ source: store('minio'), destination: store('swift'), kind: 'small', fault: 'rest-flip-always' })).toMatchObject({
      verdict: 'mismatch',
      atRest: 'absent',
    })
  })
})
