import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { NativeHashEngine } from '../hash/native-hash-engine.ts'
import { HeldDigests } from './later-digests.ts'
import { digestWhole } from './read-hasher.ts'

const BYTES = Buffer.alloc(20_000, 'sealift')
const hex = (algorithm: string): string => createHash(algorithm).update(BYTES).digest('hex')

async function heldDigests(): Promise<{ readonly held: HeldDigests; readonly asked: string[][] }> {
  const engine = await NativeHashEngine.create()
  const asked: string[][] = []
  const first = digestWhole(engine, ['md5', 'sha256'], BYTES)
  const digest: NativeHashEngine['digest'] = (algorithms, bytes) => {
    asked.push([...algorithms])
    return engine.digest(algorithms, bytes)
  }
  const spied = { algorithms: engine.algorithms, open: engine.open.bind(engine), flush: engine.flush.bind(engine), close: engine.close.bind(engine), digest }
  return { held: new HeldDigests(spied, BYTES, first, ['sha1', 'crc32']), asked }
}

it('completes the digests once, in the order of HASH_ALGORITHMS', async () => {
  const { held, asked } = await heldDigests()
  expect(Object.keys(held.current.hex)).toEqual(['md5', 'sha256'])
  const complete = held.complete()
  expect(Object.keys(complete.hex)).toEqual(['md5', 'sha1', 'sha256', 'crc32'])
  expect(Object.keys(complete.raw)).toEqual(['md5', 'sha1', 'sha256', 'crc32'])
  expect(complete.hex).toMatchObject({ md5: hex('md5'), sha1: hex('sha1'), sha256: hex('sha256') })
  expect(held.complete()).toBe(complete)
  expect(asked).toEqual([['sha1', 'crc32']])
})

it('hashes while the bytes are on their way', async () => {
  const { held, asked } = await heldDigests()
  const askedWhenSent: number[] = []
  const sent = await held.completeWhile(
    (async () => {
      askedWhenSent.push(asked.length)
      await sleep(5)
      askedWhenSent.push(asked.length)
      return 'reply'
    })(),
  )
  expect(sent).toBe('reply')
  expect(askedWhenSent).toEqual([0, 1])
  expect(held.current.hex.sha1).toBe(hex('sha1'))
})

it('rejects with what ended the sending, and reads the bytes no more once it has', async () => {
  const { held, asked } = await heldDigests()
  const reason = new Error('no')
  await expect(held.completeWhile(Promise.reject(reason))).rejects.toBe(reason)
  // hashed before the refusal was told, and not after it
  expect(asked).toHaveLength(1)
  await sleep(5)
  expect(asked).toHaveLength(1)
})
