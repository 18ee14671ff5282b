import assert from 'node:assert/strict'
import { bytesBody, eventually, patternBytes } from './case-bytes.ts'
import type { ConformanceCase, ConformanceContext } from './conformance-case.ts'
import { rejectsWith } from './store-rejection.ts'

const metadata = { user: {} }

async function stored({ store, ref }: ConformanceContext, sizeBytes: number): Promise<void> {
  await store.put(ref('object'), bytesBody(patternBytes(sizeBytes)), { metadata })
}

/** Every call, with a signal. */
const CALLS: readonly { readonly name: string; run(context: ConformanceContext, signal: AbortSignal): Promise<unknown> }[] = [
  { name: 'head', run: ({ store, ref }, signal) => store.head(ref('object'), { signal }) },
  { name: 'read', run: ({ store, ref }, signal) => store.read(ref('object'), { signal }) },
  { name: 'put', run: ({ store, ref }, signal) => store.put(ref('new'), bytesBody(patternBytes(10)), { metadata, signal }) },
  { name: 'createUpload', run: ({ store, ref }, signal) => store.createUpload(ref('new'), { metadata, signal }) },
  { name: 'uploadPart', run: ({ store, ref }, signal) => store.uploadPart(ref('new'), 'id', 1, bytesBody(patternBytes(10)), { signal }) },
  { name: 'completeUpload', run: ({ store, ref }, signal) => store.completeUpload(ref('new'), 'id', [], { sizeBytes: 0, signal }) },
  { name: 'abortUpload', run: ({ store, ref }, signal) => store.abortUpload(ref('new'), 'id', { signal }) },
  { name: 'listParts', run: ({ store, ref }, signal) => firstOf(store.listParts(ref('new'), 'id', { signal })) },
  { name: 'listUploads', run: ({ store, bucket, prefix }, signal) => firstOf(store.listUploads(bucket, prefix, { signal })) },
  { name: 'delete', run: ({ store, ref }, signal) => store.delete(ref('object'), { signal }) },
  { name: 'getTags', run: ({ store, ref }, signal) => store.getTags(ref('object'), { signal }) },
  { name: 'putTags', run: ({ store, ref }, signal) => store.putTags(ref('object'), [], { signal }) },
  { name: 'getAclGrants', run: ({ store, ref }, signal) => store.getAclGrants(ref('object'), { signal }) },
]

export const abortCases: readonly ConformanceCase[] = [
  {
    name: 'every call with an aborted signal rejects with its reason and sends nothing',
    async run(context) {
      await stored(context, 10)
      const reason = { own: 'reason' }
      const signal = AbortSignal.abort(reason)
      for (const call of CALLS) await assert.rejects(call.run(context, signal), (error) => error === reason, call.name)
      await context.store.head(context.ref('object'))
      await rejectsWith(context.store.head(context.ref('new')), 'not-found')
    },
  },
  {
    name: 'every call that is aborted under way rejects with the reason',
    async run(context) {
      await stored(context, 10)
      const reason = new Error('enough')
      for (const call of CALLS) {
        const controller = new AbortController()
        const pending = call.run(context, controller.signal)
        controller.abort(reason)
        await assert.rejects(pending, (error) => error === reason, call.name)
      }
      await eventually(() => context.busySockets() === 0, 'no connection is busy')
    },
  },
  {
    name: 'an abort in the middle of a read ends it with the reason and drops the connection',
    async run(context) {
      await stored(context, 5_000_000)
      const before = context.busySockets()
      const controller = new AbortController()
      const reason = new Error('enough')
      const read = await context.store.read(context.ref('object'), { signal: controller.signal })
      let seen = 0
      const reading = (async () => {
        for await (const chunk of read.body) {
          seen += chunk.byteLength
          controller.abort(reason)
        }
      })()
      await assert.rejects(reading, (error) => error === reason)
      assert.ok(seen < 5_000_000)
      await eventually(() => context.busySockets() <= before, 'the connection is gone')
    },
  },
  {
    name: 'an abort between reply and first read ends the read with the reason',
    async run(context) {
      await stored(context, 5_000_000)
      const controller = new AbortController()
      const reason = new Error('enough')
      const read = await context.store.read(context.ref('object'), { signal: controller.signal })
      controller.abort(reason)
      await new Promise((resolve) => setTimeout(resolve, 20))
      await assert.rejects(firstOf(read.body), (error) => error === reason)
      await eventually(() => context.busySockets() === 0, 'the connection is gone')
    },
  },
  {
    name: 'an abort in the middle of a put rejects with the reason, ends the stream and stores nothing',
    async run(context) {
      const { store, ref } = context
      const controller = new AbortController()
      const reason = new Error('enough')
      let ended = false
      async function* endless(): AsyncGenerator<Uint8Array> {
        try {
          for (let sent = 0; ; sent += 1) {
            yield patternBytes(10_000)
            if (sent === 20) controller.abort(reason)
            await new Promise((resolve) => setTimeout(resolve, 1))
          }
        } finally {
          ended = true
        }
      }
      const pending = store.put(ref('object'), { kind: 'stream', stream: endless(), sizeBytes: 100_000_000 }, { metadata, signal: controller.signal })
      await assert.rejects(pending, (error) => error === reason)
      await eventually(() => ended, 'the stream was ended')
      await eventually(() => context.busySockets() === 0, 'the connection is gone')
      await rejectsWith(store.head(ref('object')), 'not-found')
    },
  },
  {
    name: 'a signal is left without listeners',
    async run(context) {
      await stored(context, 10)
      const controller = new AbortController()
      const { signal } = controller
      let listeners = 0
      const add = signal.addEventListener.bind(signal)
      const remove = signal.removeEventListener.bind(signal)
      signal.addEventListener = (...args: Parameters<typeof add>): void => {
        listeners += 1
        add(...args)
      }
      signal.removeEventListener = (...args: Parameters<typeof remove>): void => {
        listeners -= 1
        remove(...args)
      }
      await context.store.head(context.ref('object'), { signal })
      await context.store.put(context.ref('object'), bytesBody(patternBytes(10)), { metadata, signal })
      const read = await context.store.read(context.ref('object'), { signal })
      for await (const chunk of read.body) assert.ok(chunk.byteLength > 0)
      const dropped = await context.store.read(context.ref('object'), { signal })
      dropped.discard()
      await assert.rejects(context.store.head(context.ref('missing'), { signal }))
      assert.equal(listeners, 0)
    },
  },
]

async function firstOf<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item
  return undefined
}
