import { S3Client } from '@aws-sdk/client-s3'
import { describe, expect, it, vi } from 'vitest'
import { askCredentials, isUsable, knownCredentials } from './client-credentials.ts'
import type { S3ClientLike } from './s3-client-like.ts'

const LASTING = { accessKeyId: 'AKID', secretAccessKey: 'secret' }

/** A client whose provider gives `given`, and how often it was asked. */
function clientOf(given: unknown): { readonly client: S3ClientLike; readonly provider: ReturnType<typeof vi.fn> } {
  const provider = vi.fn(async () => given)
  return { client: { config: { credentials: provider }, middlewareStack: { identify: () => [] }, send: async () => undefined }, provider }
}

describe('credentials that last', () => {
  it.each([
    ['permanent ones', LASTING],
    ['temporary ones with an hour to go', { ...LASTING, sessionToken: 't', expiration: new Date(Date.now() + 3_600_000) }],
  ])('%s are known for a second', async (_, given) => {
    vi.useFakeTimers({ toFake: ['performance'] })
    try {
      const { client } = clientOf(given)
      expect(knownCredentials(client)).toBeNull()
      expect(await askCredentials(client, false)).toBe(given)
      expect(knownCredentials(client)).toBe(given)
      vi.advanceTimersByTime(999)
      expect(knownCredentials(client)).toBe(given)
      vi.advanceTimersByTime(1)
      expect(knownCredentials(client)).toBeNull()
    } finally {
      vi.useRealTimers()
    }
  })

  it('are forgotten with a new provider, and with a question that fails', async () => {
    const { client } = clientOf(LASTING)
    await askCredentials(client, false)
    const config = client.config as { credentials: unknown }
    config.credentials = async () => ({ ...LASTING, accessKeyId: 'OTHER' })
    expect(knownCredentials(client)).toBeNull()
    expect(await askCredentials(client, false)).toMatchObject({ accessKeyId: 'OTHER' })
    expect(knownCredentials(client)).toMatchObject({ accessKeyId: 'OTHER' })
    const failing = async (): Promise<never> => {
      throw new Error('no')
    }
    const known = config.credentials
    config.credentials = failing
    await expect(askCredentials(client, false)).rejects.toThrow('no')
    config.credentials = known
    expect(knownCredentials(client)).toBeNull()
  })

  it('are not those that a refresh was to replace, in whatever order the answers come', async () => {
    const NEW = { ...LASTING, accessKeyId: 'NEW' }
    const answers: ((given: unknown) => void)[] = []
    const client = {
      config: { credentials: () => new Promise((resolve) => answers.push(resolve)) },
      middlewareStack: { identify: () => [] },
      send: async () => undefined,
    }
    const earlier = askCredentials(client, false)
    const refreshed = askCredentials(client, true)
    const beside = askCredentials(client, false)
    answers[2]?.(LASTING)
    await beside
    expect(knownCredentials(client)).toBeNull()
    answers[1]?.(NEW)
    await refreshed
    expect(knownCredentials(client)).toBe(NEW)
    answers[0]?.(LASTING)
    await earlier
    expect(knownCredentials(client)).toBe(NEW)
    const short = askCredentials(client, true)
    answers[3]?.({ ...NEW, sessionToken: 'soon gone' })
    await short
    expect(knownCredentials(client)).toBeNull()
  })

  it('of a client of the SDK', async () => {
    const client = new S3Client({ region: 'us-east-1', credentials: LASTING })
    expect(await askCredentials(client, false)).toMatchObject(LASTING)
    expect(knownCredentials(client)).toMatchObject(LASTING)
    client.destroy()
  })
})

describe('credentials that are asked for each time', () => {
  it.each([
    ['temporary ones that expire in five minutes', { ...LASTING, sessionToken: 't', expiration: new Date(Date.now() + 300_000) }],
    ['temporary ones without a date', { ...LASTING, sessionToken: 't' }],
    ['a date that is none', { ...LASTING, expiration: 'tomorrow' }],
    ['no secret', { accessKeyId: 'AKID' }],
    ['an empty access key', { ...LASTING, accessKeyId: '' }],
    ['nothing', undefined],
  ])('%s', async (_, given) => {
    const { client, provider } = clientOf(given)
    expect(await askCredentials(client, false)).toEqual(given ?? null)
    expect(knownCredentials(client)).toBeNull()
    await askCredentials(client, true)
    expect(provider.mock.calls).toEqual([[], [{ forceRefresh: true }]])
  })

  it('there is no provider', async () => {
    const client = { config: {}, middlewareStack: { identify: () => [] }, send: async () => undefined }
    expect(await askCredentials(client, false)).toBeNull()
    expect(knownCredentials(client)).toBeNull()
  })
})

it('what is usable has both halves', () => {
  expect(isUsable(LASTING)).toBe(true)
  expect(isUsable({ ...LASTING, accessKeyId: '' })).toBe(false)
  expect(isUsable({ accessKeyId: 'AKID' })).toBe(false)
})
