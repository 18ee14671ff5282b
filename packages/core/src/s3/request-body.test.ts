import type { Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { requestBodySource } from './request-body.ts'

const MOST_BYTES = 128 * 1024

describe('a stream', () => {
  it('goes out in slices, each of them progress, and a chunk is sent when its last slice is', async () => {
    const sizes = fc.array(fc.nat(3 * MOST_BYTES), { maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(sizes, fc.boolean(), async (chunkSizes, plain) => {
        let at = 0
        const chunks: readonly Uint8Array[] = chunkSizes.map((sizeBytes) => {
          const chunk = Buffer.alloc(sizeBytes + 2, (at += 1)).subarray(1, sizeBytes + 1)
          return plain ? new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength) : chunk
        })
        const sizeBytes = chunkSizes.reduce((sum, one) => sum + one, 0)
        async function* stream(): AsyncGenerator<Uint8Array> {
          yield* chunks
        }
        const told: Uint8Array[] = []
        let progress = 0
        const source = requestBodySource(
          { kind: 'stream', stream: stream(), sizeBytes, onSent: (chunk) => told.push(chunk) },
          { onProgress: () => (progress += 1), onWait() {}, onError() {} },
        )
        const slices: Buffer[] = []
        for await (const slice of source.open() as Readable) {
          const whole = Buffer.from(slice)
          slices.push(whole)
          expect(whole.byteLength).toBeLessThanOrEqual(MOST_BYTES)
          const before = told.length
          source.onSent(slice)
          const gone = slices.reduce((sum, one) => sum + one.byteLength, 0)
          const ended = chunks.filter(({ byteLength }, index) => byteLength > 0 && chunkSizes.slice(0, index + 1).reduce((a, b) => a + b) <= gone)
          expect(told.map((chunk) => chunks.indexOf(chunk))).toEqual(ended.map((chunk) => chunks.indexOf(chunk)))
          expect(told.length - before).toBeLessThanOrEqual(1)
        }
        expect(Buffer.concat(slices).equals(Buffer.concat(chunks))).toBe(true)
        expect(progress).toBeGreaterThanOrEqual(slices.length)
        expect([source.unfinished, source.error]).toEqual([false, null])
      }),
    )
  })
})
