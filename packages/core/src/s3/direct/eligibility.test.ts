import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { inspectClient } from './eligibility.ts'

function clientWith(config: S3ClientConfig = {}): S3Client {
  return new S3Client({ region: 'us-east-1', endpoint: 'http://127.0.0.1:1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, ...config })
}

class OwnAgent extends HttpAgent {}

describe('inspectClient', () => {
  it.each<[string, S3ClientConfig]>([
    ['in its defaults', {}],
    ['with time-outs', { requestHandler: { requestTimeout: 1000, connectionTimeout: 1000 } }],
    ['with agents of more sockets', { requestHandler: { httpAgent: { maxSockets: 200 }, httpsAgent: { maxSockets: 200, keepAliveMsecs: 5 } } }],
    ['with retries of its own', { maxAttempts: 7, retryMode: 'adaptive' }],
    ['that signs for virtual hosts, dual stack, FIPS', { forcePathStyle: false, useDualstackEndpoint: true, useFipsEndpoint: true }],
  ])('a client %s goes direct', async (_, config) => expect(await inspectClient(clientWith(config))).toEqual({ transport: 'direct' }))

  it.each<[string, S3ClientConfig, RegExp]>([
    ['an agent', { requestHandler: { httpAgent: new HttpAgent() } }, /agent of its own/],
    ['an agent for TLS', { requestHandler: { httpsAgent: new HttpsAgent() } }, /agent of its own/],
    ['an agent of a class of its own', { requestHandler: { httpAgent: new OwnAgent() } }, /agent of its own/],
    ['a CA', { requestHandler: { httpsAgent: { ca: 'PEM' } } }, /agent has an option of its own \(ca\)/],
    ['no checks of certificates', { requestHandler: { httpsAgent: { rejectUnauthorized: false } } }, /rejectUnauthorized/],
    ['a local address', { requestHandler: { httpAgent: { localAddress: '127.0.0.2' } } }, /localAddress/],
    ['a way of its own to look up names', { requestHandler: { httpAgent: { lookup: () => {} } } }, /lookup/],
    ['a request handler', { requestHandler: { handle: async () => ({ response: {} as never }) } as never }, /request handler of its own/],
    ['accelerated endpoints', { useAccelerateEndpoint: true }, /accelerated/],
    ['buckets for endpoints', { bucketEndpoint: true }, /buckets for endpoints/],
    ['another encoding of paths', { signingEscapePath: true } as S3ClientConfig, /another encoding/],
    ['extensions', { extensions: [{ configure: () => {} }] }, /extensions/],
  ])('a client with %s goes by the SDK', async (_, config, reason) => {
    expect(await inspectClient(clientWith(config))).toEqual({ transport: 'sdk', reason: expect.stringMatching(reason) })
  })

  it('middleware of its own keeps a client on the SDK, named or not', async () => {
    const named = clientWith()
    named.middlewareStack.add((next) => next, { step: 'build', name: 'mine' })
    expect(await inspectClient(named)).toEqual({ transport: 'sdk', reason: 'the client has middleware of its own (mine)' })
    const unnamed = clientWith()
    unnamed.middlewareStack.add((next) => next)
    expect(await inspectClient(unnamed)).toMatchObject({ transport: 'sdk', reason: expect.stringMatching(/middleware of its own/) })
  })

  it('what a handler shows only after its first request is waited for', async () => {
    const client = clientWith()
    const shown: Record<string, unknown> = {}
    class NodeHttpHandler {
      httpHandlerConfigs(): Record<string, unknown> {
        return shown
      }
    }
    client.config.requestHandler = new NodeHttpHandler() as never
    expect(await inspectClient(client)).toMatchObject({ transport: 'unknown' })
    shown['httpAgent'] = new HttpAgent({ keepAlive: true, maxSockets: 50 })
    expect(await inspectClient(client)).toEqual({ transport: 'direct' })
    shown['httpAgent'] = new HttpAgent({ localAddress: '127.0.0.2' })
    expect(await inspectClient(client)).toMatchObject({ transport: 'sdk', reason: expect.stringMatching(/localAddress/) })
  })
})
