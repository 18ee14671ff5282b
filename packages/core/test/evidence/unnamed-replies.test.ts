import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { migrateObject, type ObjectResult } from '@sealift/core'
import { describe, expect, it } from 'vitest'
import { openGround, profileOf, trail } from '../copy-ground.ts'
import { openEdited } from '../edited-ground.ts'
import { rawReply, rawServer } from '../raw-server.ts'

/** What stands in a store's place (a login page, a load balancer) answers a PUT well and keeps nothing. */
const SUCCESSES = {
  'no body and no ETag': rawReply(200),
  'an ETag of another kind': rawReply(200, { etag: '"5f3c-abc"' }),
  'an ETag that is weak and another': rawReply(200, { etag: 'W/"5f3c-abc"' }),
  204: 'HTTP/1.1 204 No Content\r\n\r\n',
  202: rawReply(202),
}
const PAGES = {
  'a page': rawReply(200, { 'content-type': 'text/html' }, '<html></html>'),
  'a page with an ETag of its own': rawReply(200, { 'content-type': 'text/html', etag: '"5f3c-abc"' }, '<!DOCTYPE html>\n<html></html>'),
}

async function copyToNobody(reply: string, when: 'head' | 'whole', provider: 'aws' | 'wasabi'): Promise<ObjectResult> {
  const ground = await openGround()
  await ground.sourceClient.send(new PutObjectCommand({ Bucket: 'from', Key: 'key', Body: Buffer.alloc(100_000, 7) }))
  await using nobody = await rawServer(
    ({ method }, socket) => {
      socket.write(method === 'PUT' ? reply : rawReply(404))
      if (when === 'head') socket.resume().end()
    },
    { when },
  )
  const client = new S3Client({ ...ground.destination.clientConfig, endpoint: nobody.endpoint, maxAttempts: 1 })
  const options = ground.options('key', { accept: ['verified', 'mismatch', 'unverified', 'failed'], attempts: 1, idleTimeoutMs: 5_000 })
  const result = await migrateObject({ ...options, destination: { ...options.destination, client, profile: profileOf(provider) } })
  client.destroy()
  return result
}

describe.each(['head', 'whole'] as const)('a PUT that is answered with success by somebody who keeps nothing, when the %s of it came', (when) => {
  it.each(Object.keys(SUCCESSES) as (keyof typeof SUCCESSES)[])('%s: not verified', async (which) => {
    expect(await copyToNobody(SUCCESSES[which], when, 'aws')).toMatchObject({
      verdict: 'unverified',
      assurance: 'none',
      error: { code: 'ERR_DESTINATION_CHANGED' },
    })
  })

  it.each(Object.keys(PAGES) as (keyof typeof PAGES)[])('%s: no reply of a store, whatever its rule for ETags', async (which) => {
    for (const provider of ['aws', 'wasabi'] as const)
      expect(await copyToNobody(PAGES[which], when, provider)).toMatchObject({ verdict: 'failed', assurance: 'none', error: { code: 'ERR_TRANSFER' } })
  })
})

it('a store whose PUT answers without an ETag: HEAD shows it, and it is verified', async () => {
  const ground = await openEdited({
    destination: ({ method }, reply) => {
      if (method === 'PUT') delete reply.headers['etag']
    },
  })
  await ground.plainSourceClient.send(new PutObjectCommand({ Bucket: 'from', Key: 'key', Body: Buffer.alloc(1_000, 7) }))
  expect(await ground.copy()).toMatchObject({ verdict: 'verified', assurance: 'end-to-end' })
  expect(trail(ground.destination)).toEqual(['PutObject 200', 'HeadObject 200'])
})

it('a store that has no ETag for it at all: the bytes decide', async () => {
  const ground = await openEdited({
    destinationProfile: { ...profileOf('aws'), etag: { ...profileOf('aws').etag, mayBeAbsent: true } },
    destination: (_request, reply) => {
      delete reply.headers['etag']
    },
  })
  await ground.plainSourceClient.send(new PutObjectCommand({ Bucket: 'from', Key: 'key', Body: Buffer.alloc(1_000, 7) }))
  expect(await ground.copy()).toMatchObject({ verdict: 'verified', assurance: 'end-to-end' })
  expect(trail(ground.destination)).toEqual(['PutObject 200', 'HeadObject 200', 'GetObject 200'])
})
