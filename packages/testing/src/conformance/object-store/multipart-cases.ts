import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { CompletedPart, ListedPart, ObjectRef, ObjectStore } from '@sealift/core'
import { bytesBody, md5, md5Hex, patternBytes, readAll, streamBody } from './case-bytes.ts'
import type { ConformanceCase } from './conformance-case.ts'
import { rejectsWith } from './store-rejection.ts'

/** The smallest part that every server takes. */
const PART_BYTES = 5 * 1024 * 1024
const metadata = { user: {} }

async function putPart(store: ObjectStore, ref: ObjectRef, uploadId: string, partNumber: number, bytes: Uint8Array): Promise<CompletedPart> {
  const { etag } = await store.uploadPart(ref, uploadId, partNumber, bytesBody(bytes), { contentMd5: md5(bytes) })
  assert.ok(etag !== null)
  return { partNumber, etag, checksums: [] }
}

async function listed(store: ObjectStore, ref: ObjectRef, uploadId: string): Promise<ListedPart[]> {
  const parts: ListedPart[] = []
  for await (const part of store.listParts(ref, uploadId)) parts.push(part)
  return parts
}

export const multipartCases: readonly ConformanceCase[] = [
  {
    name: 'parts become the object that they are parts of, with the ETag of their MD5s',
    async run({ store, ref }) {
      const [first, second] = [patternBytes(PART_BYTES, 1), patternBytes(1000, 2)]
      const { uploadId } = await store.createUpload(ref('object'), { metadata: { contentType: 'text/x-test', user: { a: 'b' } } })
      const parts = [await putPart(store, ref('object'), uploadId, 1, first), await putPart(store, ref('object'), uploadId, 2, second)]
      await store.completeUpload(ref('object'), uploadId, parts, { sizeBytes: PART_BYTES + 1000 })
      const read = await store.read(ref('object'))
      assert.equal(read.stat.sizeBytes, PART_BYTES + 1000)
      assert.equal(read.stat.metadata.contentType, 'text/x-test')
      assert.deepEqual(read.stat.metadata.user, { a: 'b' })
      const expected = createHash('md5').update(md5(first)).update(md5(second)).digest('hex')
      assert.equal(read.stat.etag?.replaceAll('"', ''), `${expected}-2`)
      assert.ok((await readAll(read)).equals(Buffer.concat([first, second])))
    },
  },
  {
    name: 'the ETag of Complete is that of the HEAD, or there is none',
    async run({ store, ref }) {
      const { uploadId } = await store.createUpload(ref('object'), { metadata })
      const part = await putPart(store, ref('object'), uploadId, 1, patternBytes(1000))
      const receipt = await store.completeUpload(ref('object'), uploadId, [part], { sizeBytes: 1000 })
      const { etag } = await store.head(ref('object'))
      if (receipt.etag !== null) assert.equal(receipt.etag, etag)
    },
  },
  {
    name: 'a part can be a stream, and its ETag is the MD5 of the bytes',
    async run({ store, ref }) {
      const bytes = patternBytes(300_000)
      const { uploadId } = await store.createUpload(ref('object'), { metadata })
      const { etag } = await store.uploadPart(ref('object'), uploadId, 1, streamBody(bytes))
      assert.equal(etag?.replaceAll('"', ''), md5Hex(bytes))
      await store.completeUpload(ref('object'), uploadId, [{ partNumber: 1, etag: etag ?? '', checksums: [] }], { sizeBytes: bytes.byteLength })
      assert.ok((await readAll(await store.read(ref('object')))).equals(bytes))
    },
  },
  {
    name: 'a wrong Content-MD5 of a part is refused, and the part is not there',
    async run({ store, ref }) {
      const { uploadId } = await store.createUpload(ref('object'), { metadata })
      const bytes = patternBytes(200_000)
      await rejectsWith(store.uploadPart(ref('object'), uploadId, 1, bytesBody(bytes), { contentMd5: md5(patternBytes(200_000, 9)) }), 'bad-digest')
      assert.deepEqual(await listed(store, ref('object'), uploadId), [])
      await store.abortUpload(ref('object'), uploadId)
    },
  },
  {
    name: 'lists the parts of an upload in order, a part that was sent twice once',
    async run({ store, ref }) {
      const { uploadId } = await store.createUpload(ref('object'), { metadata })
      await putPart(store, ref('object'), uploadId, 3, patternBytes(300, 3))
      await putPart(store, ref('object'), uploadId, 1, patternBytes(100, 1))
      await putPart(store, ref('object'), uploadId, 1, patternBytes(200, 2))
      const parts = await listed(store, ref('object'), uploadId)
      assert.deepEqual(
        parts.map(({ partNumber, sizeBytes, etag }) => ({ partNumber, sizeBytes, etag: etag.replaceAll('"', '') })),
        [
          { partNumber: 1, sizeBytes: 200, etag: md5Hex(patternBytes(200, 2)) },
          { partNumber: 3, sizeBytes: 300, etag: md5Hex(patternBytes(300, 3)) },
        ],
      )
      await store.abortUpload(ref('object'), uploadId)
    },
  },
  {
    name: 'lists 1,005 parts over its pages',
    large: true,
    async run({ store, ref }) {
      const count = 1005
      const { uploadId } = await store.createUpload(ref('object'), { metadata })
      try {
        // the last one first: where the number is too high, it says so at once
        await store.uploadPart(ref('object'), uploadId, count, bytesBody(Buffer.from([count % 256])))
        let next = 1
        const worker = async (): Promise<void> => {
          while (next < count) {
            const partNumber = next
            next += 1
            await store.uploadPart(ref('object'), uploadId, partNumber, bytesBody(Buffer.from([partNumber % 256])))
          }
        }
        await Promise.all(Array.from({ length: 16 }, worker))
        const parts = await listed(store, ref('object'), uploadId)
        assert.deepEqual(
          parts.map(({ partNumber }) => partNumber),
          Array.from({ length: count }, (_, index) => index + 1),
        )
      } finally {
        await store.abortUpload(ref('object'), uploadId)
      }
    },
  },
  {
    name: 'an aborted upload is gone: no-such-upload to list and to send; aborting again is no error',
    async run({ store, ref }) {
      const { uploadId } = await store.createUpload(ref('object'), { metadata })
      await putPart(store, ref('object'), uploadId, 1, patternBytes(100))
      await store.abortUpload(ref('object'), uploadId)
      await rejectsWith(listed(store, ref('object'), uploadId), 'no-such-upload')
      await rejectsWith(store.uploadPart(ref('object'), uploadId, 2, bytesBody(patternBytes(10))), 'no-such-upload')
      await store.abortUpload(ref('object'), uploadId)
      await rejectsWith(store.head(ref('object')), 'not-found')
    },
  },
  {
    name: 'to complete an aborted upload is no-such-upload',
    async run({ store, ref }) {
      const { uploadId } = await store.createUpload(ref('object'), { metadata })
      const part = await putPart(store, ref('object'), uploadId, 1, patternBytes(100))
      await store.abortUpload(ref('object'), uploadId)
      await rejectsWith(store.completeUpload(ref('object'), uploadId, [part], { sizeBytes: 100 }), 'no-such-upload')
      await rejectsWith(store.head(ref('object')), 'not-found')
    },
  },
  {
    name: 'Complete refuses a part that is not there, or has another ETag, or is too small',
    async run({ store, ref }) {
      const { uploadId } = await store.createUpload(ref('object'), { metadata })
      const first = await putPart(store, ref('object'), uploadId, 1, patternBytes(100))
      const second = await putPart(store, ref('object'), uploadId, 2, patternBytes(200))
      const complete = (parts: readonly CompletedPart[]): Promise<unknown> => store.completeUpload(ref('object'), uploadId, parts, { sizeBytes: 300 })
      await rejectsWith(complete([first, { ...second, partNumber: 5 }]), 'invalid-part')
      await rejectsWith(complete([{ ...first, etag: '"00000000000000000000000000000000"' }]), 'invalid-part')
      await rejectsWith(complete([first, second]), 'invalid-part')
      await store.abortUpload(ref('object'), uploadId)
      await rejectsWith(store.head(ref('object')), 'not-found')
    },
  },
]
