import assert from 'node:assert/strict'
import type { WriteBody } from '@sealift/core'
import { bytesBody, eventually, md5, patternBytes, readAll, sha256, streamBody } from './case-bytes.ts'
import type { ConformanceCase } from './conformance-case.ts'
import { rejectsWith } from './store-rejection.ts'

const BYTES = patternBytes(200_000, 7)
const OTHER = patternBytes(200_000, 8)
const metadata = { user: {} }
/** about what goes out in one piece, and in several */
const CALLED_OFF_SIZES = [0, 1, 5_000, 100_000, 131_072, 131_073, 1_048_576]

export const writeCheckCases: readonly ConformanceCase[] = [
  {
    name: 'a right Content-MD5 is taken, of bytes and of a stream',
    async run({ store, ref }) {
      await store.put(ref('bytes'), bytesBody(BYTES), { metadata, contentMd5: md5(BYTES) })
      await store.put(ref('stream'), streamBody(BYTES), { metadata, contentMd5: md5(BYTES) })
      assert.ok((await readAll(await store.read(ref('stream')))).equals(BYTES))
    },
  },
  {
    name: 'a wrong Content-MD5 of bytes is refused, and nothing is stored',
    async run({ store, ref }) {
      const error = await rejectsWith(store.put(ref('object'), bytesBody(BYTES), { metadata, contentMd5: md5(OTHER) }), 'bad-digest')
      assert.equal(error.retryable, true)
      await rejectsWith(store.head(ref('object')), 'not-found')
    },
  },
  {
    name: 'a wrong Content-MD5 of a stream is refused, and nothing is stored',
    async run({ store, ref }) {
      await rejectsWith(store.put(ref('object'), streamBody(BYTES), { metadata, contentMd5: md5(OTHER) }), 'bad-digest')
      await rejectsWith(store.head(ref('object')), 'not-found')
    },
  },
  {
    name: 'a wrong SHA-256 of the body is refused, and nothing is stored',
    async run({ store, ref }) {
      await rejectsWith(store.put(ref('object'), bytesBody(BYTES), { metadata, sha256: sha256(OTHER) }), 'bad-digest')
      await rejectsWith(store.head(ref('object')), 'not-found')
    },
  },
  {
    name: 'a stream that ends early is an error, and nothing is stored',
    async run({ store, ref }) {
      const error = await rejectsWith(store.put(ref('object'), streamBody(BYTES, BYTES.byteLength + 1), { metadata }), 'incomplete-body')
      assert.equal(error.replied, false)
      await rejectsWith(store.head(ref('object')), 'not-found')
    },
  },
  {
    name: 'a stream that is too long is an error, and nothing is stored',
    async run({ store, ref }) {
      await rejectsWith(store.put(ref('object'), streamBody(BYTES, BYTES.byteLength - 1), { metadata }), 'incomplete-body')
      await rejectsWith(store.head(ref('object')), 'not-found')
    },
  },
  {
    name: "a stream's own error is what the put rejects with, and nothing is stored",
    async run({ store, ref }) {
      const own = new Error('the source broke')
      async function* breaking(): AsyncGenerator<Uint8Array> {
        yield BYTES.subarray(0, 100_000)
        throw own
      }
      await assert.rejects(
        store.put(ref('object'), { kind: 'stream', stream: breaking(), sizeBytes: BYTES.byteLength }, { metadata }),
        (error) => error === own,
      )
      await rejectsWith(store.head(ref('object')), 'not-found')
    },
  },
  {
    name: 'a put that may complete is asked about, and whole',
    async run({ store, ref }) {
      if (store.asksToComplete !== true) return
      for (const sizeBytes of CALLED_OFF_SIZES) {
        let asked = 0
        const bytes = patternBytes(sizeBytes, 9)
        await store.put(ref(`object-${sizeBytes}`), { kind: 'bytes', bytes, mayComplete: () => (asked += 1) > 0 }, { metadata, contentMd5: md5(bytes) })
        assert.ok(asked > 0, `nobody was asked about ${sizeBytes} bytes`)
        assert.ok((await readAll(await store.read(ref(`object-${sizeBytes}`)))).equals(bytes))
      }
    },
  },
  {
    name: 'a put that may not complete is called off: what was there stays, and nothing comes of it',
    async run({ store, ref, busySockets }) {
      if (store.asksToComplete !== true) return
      await store.put(ref('there'), bytesBody(OTHER), { metadata })
      for (const sizeBytes of CALLED_OFF_SIZES) {
        const body: WriteBody = { kind: 'bytes', bytes: patternBytes(sizeBytes, 9), mayComplete: () => false }
        // with nothing that the server could refuse it by but its length
        for (const name of ['there', `absent-${sizeBytes}`]) await rejectsWith(store.put(ref(name), body, { metadata }), 'called-off')
      }
      await eventually(() => busySockets() === 0, 'no socket is busy')
      assert.ok((await readAll(await store.read(ref('there')))).equals(OTHER))
      for (const sizeBytes of CALLED_OFF_SIZES) await rejectsWith(store.head(ref(`absent-${sizeBytes}`)), 'not-found')
    },
  },
  {
    name: 'a put into a missing bucket is no-such-bucket, of bytes and of a stream',
    async run({ store, bucket }) {
      const ref = { bucket: `${bucket}-missing`, key: 'object' }
      await rejectsWith(store.put(ref, bytesBody(BYTES), { metadata }), 'no-such-bucket')
      await rejectsWith(store.put(ref, streamBody(BYTES), { metadata }), ['no-such-bucket', 'transport'])
    },
  },
]
