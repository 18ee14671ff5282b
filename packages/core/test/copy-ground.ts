import { createHash } from 'node:crypto'
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import type {
  DestinationLocation,
  MigrateObjectOptions,
  ProviderProfile,
  SealiftEventMap,
  SourceLocation,
  StoredResult,
  VerifyObjectOptions,
} from '@sealift/core'
import { SealiftError, SealiftEvents } from '@sealift/core'
import { profiles } from '@sealift/provider-detect'
import {
  type LoggedRequest,
  MemoryResultStore,
  type PersonalityDefinition,
  type PersonalityName,
  type S3ServerOptions,
  type S3TestServer,
  startS3Server,
} from '@sealift/testing'
import { afterEach } from 'vitest'
import { personalityWithParts, profileWithParts } from './small-parts.ts'

export const MIB: number = 1024 * 1024

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

/** An event as it was published. */
export interface HeardEvent {
  readonly name: keyof SealiftEventMap
  readonly payload: object
}

/** Two servers of the kit with the buckets `from` and `to`, a client for each, a store and a listener. All end with the test. */
export interface CopyGround {
  readonly source: S3TestServer
  readonly destination: S3TestServer
  readonly sourceClient: S3Client
  readonly destinationClient: S3Client
  readonly store: MemoryResultStore
  readonly events: SealiftEvents
  readonly heard: HeardEvent[]
  /** Options of a copy of `from/key`, with the profiles of the personalities. */
  options(
    key?: string,
    extra?: Partial<Omit<MigrateObjectOptions, 'source' | 'destination'>>,
  ): MigrateObjectOptions & {
    readonly source: SourceLocation & { readonly profile: ProviderProfile }
    readonly destination: DestinationLocation & { readonly profile: ProviderProfile }
  }
  /** The same for a verification. */
  verifyOptions(key?: string, extra?: Partial<Omit<VerifyObjectOptions, 'source' | 'destination'>>): VerifyObjectOptions
  /** Another client of the source's endpoint. */
  secondSourceClient(config?: S3ClientConfig): S3Client
  rows(): Promise<StoredResult[]>
  heardNames(): string[]
}

export interface GroundOptions {
  readonly source?: PersonalityName
  readonly destination?: PersonalityName
  readonly sourceServer?: S3ServerOptions
  readonly destinationServer?: S3ServerOptions
  readonly client?: S3ClientConfig
  /** both ends take parts from this size on, and their profiles say so. Ours are 5 MiB and more in any case */
  readonly minPartBytes?: number
}

export const EVENT_NAMES: readonly (keyof SealiftEventMap)[] = [
  'object:started',
  'object:progress',
  'part:completed',
  'object:verified',
  'object:mismatch',
  'object:unverified',
  'object:failed',
  'object:skipped',
  'object:retry',
  'throttled',
  'store:retry',
]

export async function openGround(options: GroundOptions = {}): Promise<CopyGround> {
  const from = options.source ?? 'aws'
  const to = options.destination ?? 'aws'
  const { minPartBytes } = options
  const like = (name: PersonalityName): PersonalityName | PersonalityDefinition =>
    minPartBytes === undefined ? name : personalityWithParts(name, minPartBytes)
  const claimsOf = (name: PersonalityName): ProviderProfile => (minPartBytes === undefined ? profileOf(name) : profileWithParts(profileOf(name), minPartBytes))
  const source = await startS3Server({ personality: like(from), buckets: ['from'], ...options.sourceServer })
  const destination = await startS3Server({ personality: like(to), buckets: ['to'], ...options.destinationServer })
  const sourceClient = new S3Client({ ...source.clientConfig, maxAttempts: 1, ...options.client })
  const destinationClient = new S3Client({ ...destination.clientConfig, maxAttempts: 1, ...options.client })
  const store = new MemoryResultStore()
  const events = new SealiftEvents()
  const heard: HeardEvent[] = []
  for (const name of EVENT_NAMES) events.on(name, (payload: object) => heard.push({ name, payload }))
  open.push({
    async close() {
      sourceClient.destroy()
      destinationClient.destroy()
      await source.close()
      await destination.close()
    },
  })
  return {
    source,
    destination,
    sourceClient,
    destinationClient,
    store,
    events,
    heard,
    options: (key = 'key', extra = {}) => ({
      source: { client: sourceClient, bucket: 'from', key, profile: claimsOf(from) },
      destination: { client: destinationClient, bucket: 'to', profile: claimsOf(to) },
      store,
      events,
      settleMs: 600,
      ...extra,
    }),
    verifyOptions: (key = 'key', extra = {}) => ({
      source: { client: sourceClient, bucket: 'from', key, profile: claimsOf(from) },
      destination: { client: destinationClient, bucket: 'to', profile: claimsOf(to) },
      store,
      events,
      ...extra,
    }),
    secondSourceClient: (config = {}) => {
      const client = new S3Client({ ...source.clientConfig, maxAttempts: 1, ...config })
      open.push({ close: async () => client.destroy() })
      return client
    },
    rows: () => rowsOf(store),
    heardNames: () => heard.map(({ name }) => name),
  }
}

export function profileOf(name: PersonalityName): ProviderProfile {
  const profile = profiles[name]
  if (profile === undefined) throw new Error(`no profile ${name}`)
  return profile
}

async function rowsOf(store: MemoryResultStore): Promise<StoredResult[]> {
  const rows: StoredResult[] = []
  for await (const row of store.results()) rows.push(row)
  return rows
}

/** What a call rejects with; fails where it resolves. */
export async function rejection(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (value) => {
      throw new Error(`resolved with ${JSON.stringify(value)}`)
    },
    (error: unknown) => error,
  )
}

/** The {@link SealiftError} that a call rejects with. */
export async function failure(call: Promise<unknown>): Promise<SealiftError> {
  const error = await rejection(call)
  if (!SealiftError.is(error)) throw error
  return error
}

export function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex')
}

/** The bytes that were asked of the server with each operation, in order: `PutObject 200`. */
export function trail(server: S3TestServer): string[] {
  return server.requests.map(({ operation, status }) => `${operation} ${status}`)
}

export function ofOperation(server: S3TestServer, operation: string): LoggedRequest[] {
  return server.requests.filter((request) => request.operation === operation)
}

/** Bytes that repeat nowhere near: byte `i` depends on every bit of `i`. */
export function patternBytes(sizeBytes: number, seed = 1): Buffer {
  const bytes = Buffer.allocUnsafe(sizeBytes)
  let state = seed >>> 0 || 1
  for (let i = 0; i < sizeBytes; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    bytes[i] = state >>> 24
  }
  return bytes
}
