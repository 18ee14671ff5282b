import assert from 'node:assert/strict'
import type { ListedUpload, ObjectStore } from '@sealift/core'
import type { ConformanceCase } from './conformance-case.ts'

const metadata = { user: {} }

async function listed(store: ObjectStore, bucket: string, prefix: string): Promise<ListedUpload[]> {
  const uploads: ListedUpload[] = []
  for await (const upload of store.listUploads(bucket, prefix)) uploads.push(upload)
  return uploads
}

export const uploadListingCases: readonly ConformanceCase[] = [
  {
    name: 'lists the open uploads of a prefix, two of one key too',
    async run({ store, bucket, prefix, ref }) {
      const keys = ['a', 'a', 'b/c d+e%20?ü', 'b#&<>"']
      const created = await Promise.all(
        keys.map(async (name) => ({ key: ref(name).key, uploadId: (await store.createUpload(ref(name), { metadata })).uploadId })),
      )
      const uploads = await listed(store, bucket, prefix)
      assert.deepEqual(byId(uploads.map(({ key, uploadId }) => ({ key, uploadId }))), byId(created))
      for (const upload of uploads) assert.ok(upload.initiated !== null && Math.abs(upload.initiated.getTime() - Date.now()) < 600_000)
      assert.equal((await listed(store, bucket, ref('a').key)).length, 2)
      for (const { key, uploadId } of created) await store.abortUpload({ bucket, key }, uploadId)
      assert.deepEqual(await listed(store, bucket, prefix), [])
    },
  },
  {
    name: 'lists an upload whose key has control characters',
    async run({ store, bucket, prefix, ref }) {
      const place = ref('ctl-\u0001\u001f')
      const { uploadId } = await store.createUpload(place, { metadata })
      const uploads = await listed(store, bucket, prefix)
      await store.abortUpload(place, uploadId)
      assert.deepEqual(
        uploads.map(({ key }) => key),
        [place.key],
      )
    },
  },
  {
    name: 'lists 1,005 uploads over its pages',
    large: true,
    async run({ store, bucket, prefix, ref }) {
      const count = 1005
      const created: { key: string; uploadId: string }[] = []
      const inTurns = async (work: (index: number) => Promise<void>): Promise<void> => {
        let next = 0
        const worker = async (): Promise<void> => {
          while (next < count) {
            const index = next
            next += 1
            await work(index)
          }
        }
        await Promise.all(Array.from({ length: 16 }, worker))
      }
      await inTurns(async (index) => {
        const place = ref(`many-${index % 500}`)
        created.push({ key: place.key, uploadId: (await store.createUpload(place, { metadata })).uploadId })
      })
      const uploads = await listed(store, bucket, prefix)
      await inTurns(async (index) => {
        const upload = created[index]
        if (upload !== undefined) await store.abortUpload({ bucket, key: upload.key }, upload.uploadId)
      })
      assert.deepEqual(byId(uploads.map(({ key, uploadId }) => ({ key, uploadId }))), byId(created))
    },
  },
]

function byId<T extends { readonly uploadId: string }>(uploads: readonly T[]): T[] {
  return [...uploads].sort((left, right) => (left.uploadId < right.uploadId ? -1 : 1))
}
