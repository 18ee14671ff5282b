import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { type MigrateObjectOptions, type ProviderProfile, SealiftEvents } from '@sealift/core'
import { type PersonalityName, type S3ServerOptions, type S3TestServer, startS3Server } from '@sealift/testing'
import { afterEach } from 'vitest'
import { profileOf } from './copy-ground.ts'
import { personalityWithParts, profileWithParts } from './small-parts.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

/** The ground takes parts of this size. */
export const SMALL_PART_BYTES: number = 64 * 1024

/** One server with the buckets `from` and `to`, so that it can copy by itself. */
export interface ServerSideGround {
  readonly server: S3TestServer
  readonly client: S3Client
  /** what `object:route` said, in order */
  readonly routes: readonly { readonly route: string; readonly reason: string | null }[]
  secondClient(config?: S3ClientConfig): S3Client
  options(extra?: Partial<Omit<MigrateObjectOptions, 'source' | 'destination'>>, profile?: Partial<ProviderProfile>): MigrateObjectOptions
}

export async function openServerSideGround(personality: PersonalityName, serverOptions: S3ServerOptions = {}): Promise<ServerSideGround> {
  const server = await startS3Server({ personality: personalityWithParts(personality, SMALL_PART_BYTES), buckets: ['from', 'to'], ...serverOptions })
  const client = new S3Client({ ...server.clientConfig, maxAttempts: 1 })
  const events = new SealiftEvents()
  const routes: { route: string; reason: string | null }[] = []
  events.on('object:route', ({ route, reason }) => routes.push({ route, reason }))
  open.push({
    async close() {
      client.destroy()
      await server.close()
    },
  })
  return {
    server,
    client,
    routes,
    secondClient: (config = {}) => {
      const second = new S3Client({ ...server.clientConfig, maxAttempts: 1, ...config })
      open.push({ close: async () => second.destroy() })
      return second
    },
    options: (extra = {}, changed = {}) => {
      const profile = { ...profileWithParts(profileOf(personality), SMALL_PART_BYTES), ...changed }
      return {
        source: { client, bucket: 'from', key: 'key', profile },
        destination: { client, bucket: 'to', profile },
        events,
        settleMs: 600,
        serverSideCopy: true,
        ...extra,
      }
    },
  }
}
