import { S3Client } from '@aws-sdk/client-s3'
import { type MigrateObjectOptions, migrateObject, type ObjectResult, type ProviderProfile, verifyObject } from '@sealift/core'
import { type PersonalityDefinition, type PersonalityName, type S3TestServer, startS3Server } from '@sealift/testing'
import { afterEach } from 'vitest'
import { profileOf } from './copy-ground.ts'
import { type EditableReply, type EditorRequest, editReplies, type ReplyEditor } from './reply-editor.ts'
import { personalityWithParts, profileWithParts } from './small-parts.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

/** Changes what a server of the kit answers, for what no personality does. */
export type Edit = (request: EditorRequest, reply: EditableReply) => void

export interface EditedGround {
  readonly source: S3TestServer
  readonly destination: S3TestServer
  readonly sourceWire: ReplyEditor
  readonly destinationWire: ReplyEditor
  /** past the editor, to make objects with */
  readonly plainSourceClient: S3Client
  /** Copies `from/key` to `to/key`, and resolves with any verdict. */
  copy(
    extra?: Partial<MigrateObjectOptions>,
    sse?: { source?: MigrateObjectOptions['source']['sse']; destination?: MigrateObjectOptions['source']['sse'] },
  ): Promise<ObjectResult>
  /** Reads `from/key` and `to/key`, and compares them; resolves with any verdict. */
  verify(): Promise<ObjectResult>
}

/** Two servers like Amazon's, each behind an editor of its replies, and the profiles that the copy believes. */
export async function openEdited(options: {
  readonly source?: Edit
  readonly destination?: Edit
  readonly sourceProfile?: ProviderProfile
  readonly destinationProfile?: ProviderProfile
  /** both servers take parts from this size on, and so say the profiles that are not given */
  readonly minPartBytes?: number
  readonly personalities?: { readonly source?: 'aws' | 'minio' | 'ceph' | 'swift' | 'r2'; readonly destination?: 'aws' | 'minio' | 'ceph' | 'swift' | 'r2' }
}): Promise<EditedGround> {
  const { personalities = {}, minPartBytes } = options
  const like = (name: PersonalityName): PersonalityName | PersonalityDefinition =>
    minPartBytes === undefined ? name : personalityWithParts(name, minPartBytes)
  const claimsOf = (name: PersonalityName): ProviderProfile => (minPartBytes === undefined ? profileOf(name) : profileWithParts(profileOf(name), minPartBytes))
  const source = await startS3Server({ personality: like(personalities.source ?? 'aws'), buckets: ['from'] })
  const destination = await startS3Server({ personality: like(personalities.destination ?? 'aws'), buckets: ['to'] })
  // an edited ETag comes back in conditions, which the server behind the editor cannot know
  for (const server of [source, destination]) server.setFaults([{ match: { times: 'always' }, action: { kind: 'ignore-conditions' } }])
  const sourceWire = await editReplies(source, options.source ?? (() => {}))
  const destinationWire = await editReplies(destination, options.destination ?? (() => {}))
  const plainSourceClient = new S3Client({ ...source.clientConfig, maxAttempts: 1 })
  const sourceClient = new S3Client({ ...source.clientConfig, endpoint: sourceWire.endpoint, maxAttempts: 1 })
  const destinationClient = new S3Client({ ...destination.clientConfig, endpoint: destinationWire.endpoint, maxAttempts: 1 })
  open.push({
    async close() {
      plainSourceClient.destroy()
      sourceClient.destroy()
      destinationClient.destroy()
      for (const one of [sourceWire, destinationWire, source, destination]) await one.close()
    },
  })
  return {
    source,
    destination,
    sourceWire,
    destinationWire,
    plainSourceClient,
    copy: (extra = {}, sse = {}) =>
      migrateObject({
        source: {
          client: sourceClient,
          bucket: 'from',
          key: 'key',
          profile: options.sourceProfile ?? claimsOf(personalities.source ?? 'aws'),
          ...(sse.source === undefined ? {} : { sse: sse.source }),
        },
        destination: {
          client: destinationClient,
          bucket: 'to',
          profile: options.destinationProfile ?? claimsOf(personalities.destination ?? 'aws'),
          ...(sse.destination === undefined ? {} : { sse: sse.destination }),
        },
        accept: ['verified', 'unverified', 'mismatch', 'failed', 'skipped'],
        settleMs: 600,
        ...extra,
      }),
    verify: () =>
      verifyObject({
        source: { client: sourceClient, bucket: 'from', key: 'key', profile: options.sourceProfile ?? claimsOf(personalities.source ?? 'aws') },
        destination: { client: destinationClient, bucket: 'to', profile: options.destinationProfile ?? claimsOf(personalities.destination ?? 'aws') },
        depth: 'read-back',
        accept: ['verified', 'unverified', 'mismatch', 'failed'],
      }),
  }
}
