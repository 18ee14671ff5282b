import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CHUNK_BYTES, ChunkMemory } from './chunk-memory.ts'

function taken(memory: ChunkMemory): Uint8Array {
  const chunk = memory.take()
  if (chunk === null) throw new Error('no memory')
  return chunk
}

describe('ChunkMemory', () => {
  it('lends no memory twice at a time, and uses again what was sent', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(7), { maxLength: 60 }), (turns) => {
        const memory = new ChunkMemory()
        const made = new Set<ArrayBufferLike>()
        const lent: Uint8Array[] = []
        let most = 0
        let untold = 0
        for (const turn of turns) {
          const sent = lent[turn]
          if (sent !== undefined) {
            // what is sent is a view of it
            memory.sent(sent.subarray(turn, turn + 10))
            lent.splice(turn, 1)
            untold = 0
          } else if (untold === 8) {
            expect(memory.take()).toBeNull()
          } else {
            const chunk = taken(memory)
            expect(chunk.byteLength).toBe(CHUNK_BYTES)
            expect(lent.map(({ buffer }) => buffer)).not.toContain(chunk.buffer)
            made.add(chunk.buffer)
            lent.push(chunk)
            most = Math.max(most, lent.length)
            untold += 1
          }
        }
        expect(made.size).toBe(most)
      }),
    )
  })

  it('takes nothing twice, and nothing that is not its own', () => {
    const memory = new ChunkMemory()
    const chunk = taken(memory)
    memory.sent(chunk)
    memory.sent(chunk)
    memory.sent(Buffer.alloc(CHUNK_BYTES))
    const [first, second] = [taken(memory), taken(memory)]
    expect(first.buffer).toBe(chunk.buffer)
    expect(second.buffer).not.toBe(chunk.buffer)
  })
})
