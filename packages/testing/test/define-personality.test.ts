import { definePersonality, type PersonalityDefinition, startS3Server } from '@sealift/testing'
import { expect, it } from 'vitest'
import { openServer, rawRequest } from './open-server.ts'
import { signRequest } from './sign-request.ts'

it('a definition keeps what it does not name of the personality that it extends', () => {
  const ceph = definePersonality({ extends: 'ceph', id: 'my-ceph' })
  const mine = definePersonality({ extends: 'ceph', id: 'mine', limits: { maxParts: 7 }, serverHeader: 'Mine' })
  expect(mine).toEqual({ ...ceph, id: 'mine', limits: { ...ceph.limits, maxParts: 7 }, serverHeader: 'Mine' })
  expect(definePersonality({ id: 'x' }).checksums).toEqual(definePersonality({ extends: 'aws', id: 'y' }).checksums)
  expect(definePersonality({ extends: mine, id: 'again' }).limits.maxParts).toBe(7)
})

it('a server takes a definition as it is', async () => {
  const { server } = await openServer({ personality: { extends: 'swift', id: 'mine', limits: { maxParts: 3 } } })
  expect([server.personality.id, server.personality.limits.maxParts, server.personality.reads.attributes]).toEqual(['mine', 3, 'object'])
})

it.each([
  [{ extends: 'nonesuch', id: 'x' }, 'personality'],
  [{ extends: 'aws', id: '' }, 'personality.id'],
  [{ extends: 'aws', id: 'x', limitz: {} }, 'personality.limitz'],
  [{ extends: 'aws', id: 'x', limits: { maxPart: 3 } }, 'personality.limits.maxPart'],
  [{ extends: 'aws', id: 'x', limits: 3 }, 'personality.limits'],
])('refuses %j', async (definition, option) => {
  const refused = { code: 'ERR_INVALID_OPTION', context: expect.objectContaining({ option }) }
  await expect(startS3Server({ personality: definition as unknown as PersonalityDefinition })).rejects.toMatchObject(refused)
})

it('a header that a front end changes must not be signed, as with Google and Accept-Encoding', async () => {
  const { server } = await openServer({ personality: { extends: 'gcs', id: 'front', signature: { changedHeaders: ['accept-encoding'] } } })
  server.put('b', 'k', 'abc')
  const headers = { 'accept-encoding': 'identity' }
  const signed = await rawRequest(server, signRequest(server, { path: '/b/k', headers }).request)
  expect([signed.status, signed.body.toString()]).toEqual([403, expect.stringContaining('<Code>SignatureDoesNotMatch<')])
  expect((await rawRequest(server, signRequest(server, { path: '/b/k' }, { unsigned: headers }).request)).body.toString()).toBe('abc')
})
