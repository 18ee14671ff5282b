import assert from 'node:assert/strict'
import { bytesBody, patternBytes } from './case-bytes.ts'
import type { ConformanceCase } from './conformance-case.ts'

const BODY = bytesBody(patternBytes(10))

export const metadataCases: readonly ConformanceCase[] = [
  {
    name: 'keeps the system headers',
    async run({ store, ref }) {
      const metadata = {
        contentType: 'text/plain; charset=utf-8',
        cacheControl: 'max-age=60, no-transform',
        contentDisposition: 'attachment; filename="a b.txt"',
        contentEncoding: 'gzip',
        contentLanguage: 'de-CH',
        expires: 'Thu, 01 Dec 2033 16:00:00 GMT',
      }
      await store.put(ref('object'), BODY, { metadata: { ...metadata, user: {} } })
      const { metadata: found } = await store.head(ref('object'))
      assert.deepEqual({ ...found, user: {}, storageClass: undefined }, { ...metadata, user: {}, storageClass: undefined })
    },
  },
  {
    name: 'keeps user metadata of ASCII byte for byte',
    async run({ store, ref }) {
      const user = { plain: 'value', 'with-dash': 'a=b; c="d"', 'rfc-2047': '=?UTF-8?B?c23DuHI=?=', digits: '0123', path: '/a/b c?d#e%20+' }
      await store.put(ref('object'), BODY, { metadata: { user } })
      assert.deepEqual((await store.head(ref('object'))).metadata.user, user)
    },
  },
  {
    name: 'writes user metadata outside of ASCII as RFC 2047 text',
    async run({ store, ref }) {
      await store.put(ref('object'), BODY, { metadata: { user: { word: 'smørrebrød', breaks: 'a\r\nx-amz-acl: public-read' } } })
      const { user } = (await store.head(ref('object'))).metadata
      // =?UTF-8?B?…?= of the UTF-8 bytes, by `printf smørrebrød | base64`
      assert.equal(user['word'], '=?UTF-8?B?c23DuHJyZWJyw7hk?=')
      assert.equal(user['breaks'], '=?UTF-8?B?YQ0KeC1hbXotYWNsOiBwdWJsaWMtcmVhZA==?=')
      assert.deepEqual(Object.keys(user).sort(), ['breaks', 'word'])
    },
  },
  {
    name: 'keeps an underscore in a metadata name',
    async run({ store, ref }) {
      await store.put(ref('object'), BODY, { metadata: { user: { under_score: '1' } } })
      assert.deepEqual((await store.head(ref('object'))).metadata.user, { under_score: '1' })
    },
  },
  {
    name: 'keeps two blanks in a metadata value',
    async run({ store, ref }) {
      await store.put(ref('object'), BODY, { metadata: { user: { gap: 'a  b' } } })
      assert.deepEqual((await store.head(ref('object'))).metadata.user, { gap: 'a  b' })
    },
  },
  {
    name: 'says nothing of aws-chunked',
    async run({ store, ref }) {
      await store.put(ref('object'), BODY, { metadata: { user: {} } })
      assert.equal((await store.head(ref('object'))).metadata.contentEncoding, undefined)
    },
  },
  {
    name: 'keeps tags that are set afterwards',
    async run({ store, ref }) {
      const tags = [
        { key: 'k1', value: 'v 1+2&3=4' },
        { key: 'k2', value: '' },
      ]
      await store.put(ref('object'), BODY, { metadata: { user: {} } })
      await store.putTags(ref('object'), tags)
      assert.deepEqual(sorted((await store.getTags(ref('object'))).tags), tags)
      await store.putTags(ref('object'), [])
      assert.deepEqual((await store.getTags(ref('object'))).tags, [])
    },
  },
  {
    name: 'keeps tags of a put',
    async run({ store, ref }) {
      const tags = [
        { key: 'a b', value: 'c+d/e' },
        { key: 'ö', value: '1' },
      ]
      await store.put(ref('object'), BODY, { metadata: { user: {} }, tags })
      assert.deepEqual(sorted((await store.getTags(ref('object'))).tags), tags)
    },
  },
]

function sorted<T extends { readonly key: string }>(tags: readonly T[]): T[] {
  return [...tags].sort((left, right) => (left.key < right.key ? -1 : 1))
}
