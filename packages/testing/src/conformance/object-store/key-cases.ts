import assert from 'node:assert/strict'
import { bytesBody, readAll } from './case-bytes.ts'
import type { ConformanceCase } from './conformance-case.ts'

const KEYS: readonly { readonly what: string; readonly key: string }[] = [
  { what: 'a dot-dot segment', key: 'a/../b' },
  { what: 'a dot segment', key: './dot' },
  { what: 'dots that lead out', key: '../../out' },
  { what: 'two slashes', key: 'double//slash' },
  { what: 'a leading slash', key: '/leading' },
  { what: 'a trailing slash', key: 'folder/' },
  { what: 'a plus', key: 'one+two' },
  { what: 'a blank', key: 'one two' },
  { what: 'a percent sign that looks like an escape', key: 'one%20two%2Fthree%' },
  { what: 'a question mark', key: 'what?uploads=1&x' },
  { what: 'a hash', key: 'a#fragment' },
  { what: 'marks that URLs reserve', key: `!*'();:@&=+$,/[]<>"{}|\\^\`~` },
  { what: 'an emoji', key: '🦑/ünï/日本' },
  { what: 'decomposed letters', key: 'e\u0301 not é' },
]

/** All below the case's own prefix, so that nothing else of the bucket is met. */
export const keyCases: readonly ConformanceCase[] = [
  ...KEYS.map(({ what, key }) => ({ name: `a key with ${what} goes through exactly`, run: roundTrip(key) })),
  { name: 'a key of control characters goes through exactly', run: roundTrip('ctl-\u0001\u0002\t\u001f-\u007f') },
  { name: 'a key with a line break goes through exactly', run: roundTrip('line\r\nbreak') },
  {
    name: 'keys that a URL parser would fold are objects of their own',
    async run({ store, ref }) {
      const keys = ['x/../y', 'y', 'x/./y', 'x//y', 'x/y', 'x%2Fy', 'x+y', 'x y', 'x%20y']
      for (const key of keys) await store.put(ref(key), bytesBody(Buffer.from(key)), { metadata: { user: {} } })
      for (const key of keys) assert.equal((await readAll(await store.read(ref(key)))).toString(), key)
    },
  },
  {
    name: 'a key of 1024 bytes goes through exactly',
    async run(context) {
      const rest = 1024 - Buffer.byteLength(context.prefix)
      const key = 'é'.repeat(Math.floor(rest / 2)) + 'x'.repeat(rest % 2)
      await roundTrip(key)(context)
    },
  },
]

function roundTrip(key: string): ConformanceCase['run'] {
  return async ({ store, ref }) => {
    const place = ref(key)
    const bytes = Buffer.from(`content of ${key}`)
    await store.put(place, bytesBody(bytes), { metadata: { user: {} } })
    assert.equal((await store.head(place)).sizeBytes, bytes.byteLength)
    assert.ok((await readAll(await store.read(place))).equals(bytes))
    await store.delete(place)
    await assert.rejects(store.head(place))
  }
}
