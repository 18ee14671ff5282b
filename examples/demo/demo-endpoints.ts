import { S3Client } from '@aws-sdk/client-s3'
import { genericProfile, type ProviderProfile } from '@sealift/core'
import { profileById } from '@sealift/provider-detect'
import { type S3TestServer, startS3Server } from '@sealift/testing'

/** One end of the demo. */
export interface DemoEndpoint {
  readonly client: S3Client
  readonly profile: ProviderProfile
  readonly title: string
  /** null: a real endpoint, where no faults can be scripted */
  readonly server: S3TestServer | null
  close(): Promise<void>
}

/** The endpoint that `S3_SRC_…` or `S3_DST_…` names, else an in-process server of the given personality. */
export async function openEndpoint(prefix: 'S3_SRC' | 'S3_DST', personality: 'ceph' | 'aws'): Promise<DemoEndpoint> {
  const endpoint = process.env[`${prefix}_ENDPOINT`]
  if (endpoint === undefined) {
    const server = await startS3Server({ personality })
    const client = new S3Client(server.clientConfig)
    const close = async (): Promise<void> => {
      client.destroy()
      await server.close()
    }
    return {
      client,
      server,
      profile: profileById(personality) ?? genericProfile,
      title: `in-process server, personality ${personality}`,
      close,
    }
  }
  const client = new S3Client({
    endpoint,
    region: process.env[`${prefix}_REGION`] ?? 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: required(`${prefix}_ACCESS_KEY_ID`), secretAccessKey: required(`${prefix}_SECRET_ACCESS_KEY`) },
  })
  // S3_SRC_PROFILE and S3_DST_PROFILE name what the server is; without it the demo is cautious, and reads back
  const profile = profileById(process.env[`${prefix}_PROFILE`] ?? 'generic') ?? genericProfile
  return { client, profile, title: `${endpoint}, profile ${profile.id}`, server: null, close: async () => client.destroy() }
}

function required(name: string): string {
  const value = process.env[name]
  if (value === undefined || value === '') throw new Error(`set ${name}, too`)
  return value
}
