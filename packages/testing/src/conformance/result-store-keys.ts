import assert from 'node:assert/strict'
import { collect, sampleResult, started, withoutRecordedAt } from './result-store-samples.ts'
import type { ResultStoreSuite } from './result-store-subject.ts'

/** In UTF-8 byte order. UTF-16 order would put U+FF5E after the emoji, a locale would put `B` after `a`. */
const ODD_KEYS: readonly string[] = [
  '',
  '\u0000',
  '\u0000\u0000',
  '\u0000\u0001',
  '\u0000a',
  '\u0001',
  '\u0001\u0000',
  '\u0001\u0001',
  '\u0001\u0002',
  '\u0001\u0003d800',
  '\u0002',
  '\t',
  '\n',
  '\r\n',
  '\u001f',
  ' ',
  ' leading',
  '%00',
  '%2e%2e/',
  "'; DROP TABLE integrity_results; --",
  '+ ?#&=',
  '.',
  '..',
  '../../etc/passwd',
  '//',
  '/a//b/',
  'A',
  'B',
  'a',
  'a\u0000',
  'a\u0000b',
  'a ',
  'a/',
  'a/../b',
  'a/b',
  'aa',
  'b',
  'e\u0301',
  'é',
  '日本語',
  '\ud7ff',
  '\ue000',
  '\uff5e',
  '\ufffd',
  '\u{10000}',
  '😀',
  '😀/\n',
  '\u{10ffff}',
]

/** Keys are bytes: every one comes back as it was, none is taken for another, and their order is that of their UTF-8. */
export function resultStoreKeys({ describe, test }: ResultStoreSuite): void {
  describe('keys', () => {
    test('odd keys come back, apart from each other, in UTF-8 byte order', async (store) => {
      const task = await started(store, 't')
      const results = ODD_KEYS.map((key) => sampleResult('t', { key }))
      await store.saveResults(task, [...results].reverse())
      const rows = await collect(store.results())
      assert.deepEqual(
        rows.map((row) => row.source.key),
        ODD_KEYS,
      )
      assert.deepEqual(rows.map(withoutRecordedAt), results)
      for (const key of ODD_KEYS) assert.equal((await store.findVerified({ bucket: 'legacy', key }))?.source.key, key)
      await store.saveResults(task, results)
      assert.equal((await store.getTask('t'))?.totalObjects, ODD_KEYS.length)
    })

    test('keys of 1,024 bytes and version ids beside them', async (store) => {
      const task = await started(store, 't')
      const keys = ['\u0001'.repeat(1024), 'x'.repeat(1024), 'é'.repeat(512), '😀'.repeat(256)]
      const results = keys.map((key) => sampleResult('t', { key, versionId: 'v'.repeat(128) }))
      await store.saveResults(task, results)
      assert.deepEqual((await collect(store.results())).map(withoutRecordedAt), results)
    })

    test('a lone surrogate is kept, and is another key than its replacement', async (store) => {
      const task = await started(store, 't')
      const keys = ['x\ud800', 'x\udc00y', 'x\ufffd', 'x\udc00\ud800']
      await store.saveResults(
        task,
        keys.map((key) => sampleResult('t', { key })),
      )
      assert.deepEqual((await collect(store.results())).map((row) => row.source.key).sort(), [...keys].sort())
    })

    test('versions of a key are rows of their own, in byte order; an empty version is none', async (store) => {
      const task = await started(store, 't')
      const versions = ['v2', null, 'null', 'V1', '', '\u0000']
      for (const versionId of versions) await store.saveResults(task, [sampleResult('t', { versionId })])
      assert.deepEqual(
        (await collect(store.results())).map((row) => row.source.versionId),
        [null, '\u0000', 'V1', 'null', 'v2'],
      )
    })
  })
}
