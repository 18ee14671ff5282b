import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { TurnWrites } from './turn-writes.ts'

it('what was added in one turn is written at its end, once, in order', async () => {
  const writes = new TurnWrites()
  const written: number[] = []
  for (const id of [1, 2, 3]) writes.add({ writeNow: () => written.push(id) })
  await Promise.resolve()
  expect(written).toEqual([])
  await turn()
  expect(written).toEqual([1, 2, 3])
  await turn()
  expect(written).toEqual([1, 2, 3])
})

it('what is added while others are written goes with the next turn', async () => {
  const writes = new TurnWrites()
  const written: number[] = []
  writes.add({
    writeNow: () => {
      written.push(1)
      writes.add({ writeNow: () => written.push(2) })
    },
  })
  await turn()
  expect(written).toEqual([1])
  await turn()
  expect(written).toEqual([1, 2])
})
