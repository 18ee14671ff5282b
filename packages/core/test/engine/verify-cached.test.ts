import { describe, expect, it } from 'vitest'
import { md5, patternBytes } from '../copy-ground.ts'
import { type Edit, type EditedGround, openEdited } from '../edited-ground.ts'

const BYTES = patternBytes(50_000, 94)
const ROTTEN = patternBytes(50_000, 95)

/** Edits the replies to a GET of the destination, which are counted from 1. */
async function openWith(held: Buffer, edit: (count: number, reply: Parameters<Edit>[1]) => void): Promise<EditedGround> {
  let count = 0
  const ground = await openEdited({
    destination: (request, reply) => {
      if (request.method === 'GET') edit((count += 1), reply)
    },
  })
  ground.source.put('from', 'key', BYTES)
  ground.destination.put('to', 'key', held)
  return ground
}

/** What a cache kept of the object when it was right. */
function fromCache(reply: Parameters<Edit>[1]): void {
  reply.body = BYTES.subarray(BYTES.byteLength - reply.body.byteLength)
  reply.headers['etag'] = `"${md5(BYTES)}"`
  reply.headers['age'] = '12'
}

function readsOfDestination(ground: EditedGround): number {
  return ground.destinationWire.requests.filter(({ method }) => method === 'GET').length
}

describe("verifyObject, depth 'read-back', with a cache before the destination", () => {
  it.each([
    ['a length', true],
    ['chunks', false],
  ])('the right bytes out of the cache, with %s, say nothing of the rotten ones that are stored', async (_, hasLength) => {
    const ground = await openWith(ROTTEN, (_count, reply) => {
      fromCache(reply)
      if (!hasLength) delete reply.headers['content-length']
    })
    const result = await ground.verify()
    expect(result).toMatchObject({ verdict: 'failed', assurance: 'none', attempts: 3, error: { code: 'ERR_DESTINATION_CHANGED' } })
    expect(result.error?.message).toContain('from a cache')
    expect(readsOfDestination(ground)).toBe(3)
  })

  it('one reply out of the cache: the object itself is read after it', async () => {
    const held = await openWith(BYTES, (count, reply) => {
      if (count === 1) fromCache(reply)
    })
    expect(await held.verify()).toMatchObject({ verdict: 'verified', attempts: 2 })
    const rotten = await openWith(ROTTEN, (count, reply) => {
      if (count === 1) fromCache(reply)
    })
    expect(await rotten.verify()).toMatchObject({ verdict: 'mismatch' })
  })

  it('a broken reply that is gone on with out of the cache proves nothing', async () => {
    const half = Buffer.concat([BYTES.subarray(0, 20_000), ROTTEN.subarray(20_000)])
    const ground = await openWith(half, (count, reply) => {
      reply.headers['etag'] = `"${md5(BYTES)}"`
      if (count % 2 === 1) reply.cutAt = 20_000
      else fromCache(reply)
    })
    const result = await ground.verify()
    expect(result).toMatchObject({ verdict: 'failed', assurance: 'none', attempts: 3, error: { code: 'ERR_DESTINATION_CHANGED' } })
    expect(readsOfDestination(ground)).toBe(6)
  })
})
