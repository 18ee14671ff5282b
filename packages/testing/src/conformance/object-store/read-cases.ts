import assert from 'node:assert/strict'
import { bytesBody, eventually, patternBytes, readAll } from './case-bytes.ts'
import type { ConformanceCase, ConformanceContext } from './conformance-case.ts'
import { rejectsWith } from './store-rejection.ts'

const SIZE_BYTES = 300_000

async function stored({ store, ref }: ConformanceContext, sizeBytes = SIZE_BYTES): Promise<Uint8Array> {
  const bytes = patternBytes(sizeBytes)
  await store.put(ref('object'), bytesBody(bytes), { metadata: { user: {} } })
  return bytes
}

const RANGES: readonly { readonly start: number; readonly endInclusive?: number; readonly gets: readonly [number, number] }[] = [
  { start: 0, endInclusive: 0, gets: [0, 0] },
  { start: 0, endInclusive: SIZE_BYTES - 1, gets: [0, SIZE_BYTES - 1] },
  { start: 1, endInclusive: 70_000, gets: [1, 70_000] },
  { start: 100, gets: [100, SIZE_BYTES - 1] },
  { start: SIZE_BYTES - 1, gets: [SIZE_BYTES - 1, SIZE_BYTES - 1] },
  { start: 5, endInclusive: SIZE_BYTES + 1000, gets: [5, SIZE_BYTES - 1] },
]

export const readCases: readonly ConformanceCase[] = [
  {
    name: 'ranges give the bytes that were asked for',
    async run(context) {
      const bytes = await stored(context)
      for (const { start, endInclusive, gets } of RANGES) {
        const range = endInclusive === undefined ? { start } : { start, endInclusive }
        const read = await context.store.read(context.ref('object'), { range })
        assert.deepEqual(read.range, { start: gets[0], endInclusive: gets[1] })
        assert.equal(read.stat.sizeBytes, SIZE_BYTES)
        assert.equal(read.bodyBytes, gets[1] - gets[0] + 1)
        assert.ok((await readAll(read)).equals(bytes.subarray(gets[0], gets[1] + 1)), `bytes of range ${start}-${endInclusive ?? ''}`)
      }
    },
  },
  {
    name: 'a range behind the end is refused as a range',
    async run(context) {
      await stored(context, 100)
      await rejectsWith(context.store.read(context.ref('object'), { range: { start: 100 } }), 'range')
    },
  },
  {
    name: 'a range of an empty object is refused as a range',
    async run(context) {
      await stored(context, 0)
      await rejectsWith(context.store.read(context.ref('object'), { range: { start: 0 } }), 'range')
    },
  },
  {
    name: 'a read of a missing key is not-found, as is a HEAD',
    async run({ store, ref }) {
      const read = await rejectsWith(store.read(ref('missing')), 'not-found')
      const head = await rejectsWith(store.head(ref('missing')), 'not-found')
      for (const error of [read, head]) {
        assert.match(error.code, /_NOT_FOUND$/)
        assert.ok(error.message.includes('missing'), error.message)
        assert.equal(error.context.key, ref('missing').key)
        assert.equal(error.context.status, 404)
        assert.equal(error.retryable, false)
        assert.equal(error.replied, true)
      }
    },
  },
  {
    name: 'a read in a missing bucket is no-such-bucket',
    async run({ store, bucket }) {
      await rejectsWith(store.read({ bucket: `${bucket}-missing`, key: 'object' }), 'no-such-bucket')
    },
  },
  {
    name: 'If-Match with the own ETag reads, with another one it is precondition-failed',
    async run(context) {
      const { store, ref } = context
      const bytes = await stored(context, 50)
      const { etag } = await store.head(ref('object'))
      assert.ok(etag !== null)
      assert.ok((await readAll(await store.read(ref('object'), { ifMatch: etag }))).equals(bytes))
      const read = await store.read(ref('object'), { ifMatch: etag, range: { start: 10 } })
      assert.ok((await readAll(read)).equals(bytes.subarray(10)))
      await rejectsWith(store.read(ref('object'), { ifMatch: '"00000000000000000000000000000000"' }), 'precondition-failed')
      await rejectsWith(store.head(ref('object'), { ifMatch: '"00000000000000000000000000000000"' }), 'precondition-failed')
    },
  },
  {
    name: 'a fresh connection reads the same',
    async run(context) {
      const bytes = await stored(context)
      const read = await context.store.read(context.ref('object'), { freshConnection: true })
      assert.ok((await readAll(read)).equals(bytes))
      assert.equal((await context.store.head(context.ref('object'), { freshConnection: true })).sizeBytes, SIZE_BYTES)
    },
  },
  {
    name: 'a discarded read drops its connection and reads nothing more',
    async run(context) {
      await stored(context, 5_000_000)
      const before = context.busySockets()
      const read = await context.store.read(context.ref('object'))
      read.discard()
      read.discard()
      await eventually(() => context.busySockets() <= before, 'the connection is gone')
      await assert.rejects(readAll(read), 'a discarded body must not look like a whole one')
    },
  },
  {
    name: 'a read that is left in the middle drops its connection',
    async run(context) {
      await stored(context, 5_000_000)
      const before = context.busySockets()
      const read = await context.store.read(context.ref('object'))
      for await (const chunk of read.body) {
        assert.ok(chunk.byteLength > 0)
        break
      }
      await eventually(() => context.busySockets() <= before, 'the connection is gone')
    },
  },
  {
    name: 'a hundred reads, one after another, leave no connection busy',
    async run(context) {
      const bytes = await stored(context, 2000)
      const before = context.busySockets()
      for (let round = 0; round < 100; round += 1) {
        const read = await context.store.read(context.ref('object'))
        if (round % 3 === 0) read.discard()
        else assert.equal((await readAll(read)).byteLength, bytes.byteLength)
      }
      await eventually(() => context.busySockets() <= before, 'no connection is busy')
    },
  },
]
