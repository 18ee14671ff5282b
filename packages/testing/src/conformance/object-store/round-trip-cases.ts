import assert from 'node:assert/strict'
import { bytesBody, eventually, patternBytes, readAll, sha256, streamBody } from './case-bytes.ts'
import type { ConformanceCase, ConformanceContext } from './conformance-case.ts'

const NO_METADATA = { metadata: { user: {} } }

async function comesBack(context: ConformanceContext, name: string, bytes: Uint8Array): Promise<void> {
  const ref = context.ref(name)
  const read = await context.store.read(ref)
  assert.equal(read.bodyBytes, bytes.byteLength)
  assert.equal(read.stat.sizeBytes, bytes.byteLength)
  assert.equal(read.range, null)
  assert.ok((await readAll(read)).equals(bytes), 'the bytes differ')
  const stat = await context.store.head(ref)
  assert.equal(stat.sizeBytes, bytes.byteLength)
  assert.equal(stat.etag, read.stat.etag)
  assert.ok(stat.lastModified instanceof Date && Math.abs(stat.lastModified.getTime() - Date.now()) < 600_000)
  assert.ok(stat.serverDate instanceof Date)
}

/** 128 KiB is where the adapter begins to send slices; the others are its neighbours and the usual edges. */
const SIZES = [0, 1, 2, 1000, 65_536, 131_071, 131_072, 131_073, 1_000_003]

export const roundTripCases: readonly ConformanceCase[] = [
  ...SIZES.map((sizeBytes) => ({
    name: `bytes of ${sizeBytes} come back as they were put`,
    async run(context: ConformanceContext): Promise<void> {
      const bytes = patternBytes(sizeBytes)
      const receipt = await context.store.put(context.ref('object'), bytesBody(bytes), NO_METADATA)
      assert.equal(receipt.attempts, 1)
      await comesBack(context, 'object', bytes)
    },
  })),
  ...[0, 1, 100_000, 3_000_001].map((sizeBytes) => ({
    name: `a stream of ${sizeBytes} bytes comes back as it was put`,
    async run(context: ConformanceContext): Promise<void> {
      const bytes = patternBytes(sizeBytes)
      const receipt = await context.store.put(context.ref('object'), streamBody(bytes), NO_METADATA)
      assert.equal(receipt.attempts, 1)
      await comesBack(context, 'object', bytes)
    },
  })),
  {
    name: 'the memory of a chunk that was sent may be used again',
    async run(context) {
      const bytes = patternBytes(3_000_001)
      let told = 0
      async function* chunks(): AsyncGenerator<Uint8Array> {
        for (let offset = 0; offset < bytes.byteLength; offset += 150_000) yield Buffer.from(bytes.subarray(offset, offset + 150_000))
      }
      const onSent = (chunk: Uint8Array): void => {
        told += chunk.byteLength
        chunk.fill(0)
      }
      await context.store.put(context.ref('object'), { kind: 'stream', stream: chunks(), sizeBytes: bytes.byteLength, onSent }, NO_METADATA)
      assert.ok(told <= bytes.byteLength, `${told} bytes are said to be sent, of ${bytes.byteLength}`)
      await comesBack(context, 'object', bytes)
    },
  },
  ...[0, 1, 100_000, 3_000_001].map((sizeBytes) => ({
    name: `${sizeBytes} bytes come back in memory of the caller's`,
    async run(context: ConformanceContext): Promise<void> {
      const bytes = patternBytes(sizeBytes)
      await context.store.put(context.ref('object'), bytesBody(bytes), NO_METADATA)
      const read = await context.store.read(context.ref('object'))
      if (read.bodyIn === undefined) return read.discard()
      const memory = Buffer.alloc(300_000)
      const chunks: Buffer[] = []
      for await (const chunk of read.bodyIn(() => memory)) {
        assert.equal(chunk.buffer, memory.buffer)
        chunks.push(Buffer.from(chunk))
      }
      assert.ok(Buffer.concat(chunks).equals(bytes), 'the bytes differ')
      await eventually(() => context.busySockets() === 0, 'no socket is busy')
    },
  })),
  {
    name: 'a known SHA-256 of the body is taken as it is',
    async run(context) {
      const bytes = patternBytes(200_000)
      await context.store.put(context.ref('object'), bytesBody(bytes), { ...NO_METADATA, sha256: sha256(bytes) })
      await comesBack(context, 'object', bytes)
    },
  },
  {
    name: 'an ETag of a PUT is that of the HEAD',
    async run(context) {
      const ref = context.ref('object')
      const receipt = await context.store.put(ref, bytesBody(patternBytes(100)), NO_METADATA)
      assert.ok(receipt.etag !== null)
      assert.equal((await context.store.head(ref)).etag, receipt.etag)
    },
  },
  {
    name: 'an object is replaced',
    async run(context) {
      const ref = context.ref('object')
      await context.store.put(ref, bytesBody(patternBytes(1000, 1)), NO_METADATA)
      await context.store.put(ref, bytesBody(patternBytes(10, 2)), NO_METADATA)
      await comesBack(context, 'object', patternBytes(10, 2))
    },
  },
  {
    name: 'a deleted object is gone, and deleting it again is no error',
    async run(context) {
      const ref = context.ref('object')
      await context.store.put(ref, bytesBody(patternBytes(10)), NO_METADATA)
      await context.store.delete(ref)
      await assert.rejects(context.store.head(ref))
      await context.store.delete(ref)
    },
  },
]
