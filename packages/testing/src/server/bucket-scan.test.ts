import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scanBucket } from './bucket-scan.ts'
import { BucketState } from './bucket-state.ts'
import { toBytes } from './byte-string.ts'
import { foreignObject } from './foreign-object.ts'
import { GeneratedObjects } from './generated-objects.ts'

interface Row {
  readonly key: string
  readonly isPrefix: boolean
}

/** The definition: every key in byte order, rolled up at the first delimiter behind the prefix. */
function naive(keys: readonly string[], prefix: string, delimiter: string): Row[] {
  const rows: Row[] = []
  for (const key of [...new Set(keys)].sort((a, b) => Buffer.compare(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1')))) {
    if (!key.startsWith(prefix)) continue
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    const row = cut < 0 ? { key, isPrefix: false } : { key: key.slice(0, cut + delimiter.length), isPrefix: true }
    if (rows.at(-1)?.key !== row.key || !row.isPrefix) rows.push(row)
  }
  return rows
}

const key = fc
  .array(fc.constantFrom('a', 'b', '/', 'é', '\u{10000}', '\uFFFE', ' '), { minLength: 1, maxLength: 6 })
  .map((letters) => toBytes(letters.join('')))

describe('scanBucket', () => {
  it('pages through stored and generated keys as the definition says, wherever the pages end', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(key, { maxLength: 25 }),
        fc.uniqueArray(key, { maxLength: 25 }),
        fc.constantFrom('', 'a', 'a/', 'é'),
        fc.constantFrom('', '/', 'b'),
        fc.integer({ min: 1, max: 7 }),
        (stored, generated, prefix, delimiter, pageSize) => {
          const bucket = new BucketState('b', 0)
          for (const one of stored) bucket.add(foreignObject(one, 'x'))
          const texts = generated.map((one) => Buffer.from(one, 'latin1').toString('utf8'))
          bucket.generated.push(new GeneratedObjects({ bucket: 'b', count: texts.length, keyOf: (i) => texts[i] ?? '', sizeBytes: 1 }, 0))
          const rows: Row[] = []
          let after = ''
          for (let more = true; more; ) {
            more = false
            let n = 0
            for (const row of scanBucket(bucket, { prefix: toBytes(prefix), delimiter, after }, () => true)) {
              if (n++ === pageSize) {
                more = true
                break
              }
              rows.push(row)
              after = row.key
            }
          }
          expect(rows).toEqual(naive([...stored, ...generated], toBytes(prefix), delimiter))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('hides generated objects that were deleted', () => {
    const bucket = new BucketState('b', 0)
    bucket.generated.push(new GeneratedObjects({ bucket: 'b', count: 3, keyOf: (i) => `k${i}`, sizeBytes: 1 }, 0))
    expect(bucket.remove('k1', 'null')).toBe(true)
    expect([...scanBucket(bucket, { prefix: '', delimiter: '', after: '' }, (one) => bucket.current(one) !== undefined)].map((row) => row.key)).toEqual([
      'k0',
      'k2',
    ])
    expect(bucket.isEmpty).toBe(false)
    bucket.remove('k0', 'null')
    bucket.remove('k2', 'null')
    expect(bucket.isEmpty).toBe(true)
  })
})
