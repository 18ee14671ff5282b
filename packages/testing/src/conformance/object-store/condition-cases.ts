import assert from 'node:assert/strict'
import { bytesBody, patternBytes, readAll } from './case-bytes.ts'
import type { ConformanceCase } from './conformance-case.ts'
import { rejectsWith } from './store-rejection.ts'

const metadata = { user: {} }
const WRONG_ETAG = '"00000000000000000000000000000000"'

export const conditionCases: readonly ConformanceCase[] = [
  {
    name: 'a put with If-None-Match writes once, and then is precondition-failed',
    async run({ store, ref }) {
      const first = patternBytes(100, 1)
      await store.put(ref('object'), bytesBody(first), { metadata, ifNoneMatch: '*' })
      await rejectsWith(store.put(ref('object'), bytesBody(patternBytes(100, 2)), { metadata, ifNoneMatch: '*' }), 'precondition-failed')
      assert.ok((await readAll(await store.read(ref('object')))).equals(first))
    },
  },
  {
    name: 'a put with If-Match of another ETag is precondition-failed',
    async run({ store, ref }) {
      const first = patternBytes(100, 1)
      await store.put(ref('object'), bytesBody(first), { metadata })
      await rejectsWith(store.put(ref('object'), bytesBody(patternBytes(100, 2)), { metadata, ifMatch: WRONG_ETAG }), 'precondition-failed')
      assert.ok((await readAll(await store.read(ref('object')))).equals(first))
    },
  },
  {
    name: 'a delete with If-Match of another ETag is precondition-failed',
    async run({ store, ref }) {
      await store.put(ref('object'), bytesBody(patternBytes(100)), { metadata })
      await rejectsWith(store.delete(ref('object'), { ifMatch: WRONG_ETAG }), 'precondition-failed')
      await store.head(ref('object'))
    },
  },
  {
    name: 'a delete with If-Match of the own ETag deletes',
    async run({ store, ref }) {
      const { etag } = await store.put(ref('object'), bytesBody(patternBytes(100)), { metadata })
      assert.ok(etag !== null)
      await store.delete(ref('object'), { ifMatch: etag })
      await rejectsWith(store.head(ref('object')), 'not-found')
    },
  },
]
