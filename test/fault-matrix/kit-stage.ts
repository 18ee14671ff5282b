import { PutBucketVersioningCommand } from '@aws-sdk/client-s3'
import type { ProviderProfile } from '@sealift/core'
import { awsProfile, cephProfile } from '@sealift/provider-detect'
import { type PersonalityDefinition, type S3TestServer, startS3Server } from '@sealift/testing'
import type { Cell } from './cell.ts'
import { faultRules, type StageHands } from './fault-rules.ts'
import { changedBytes, EARLIER, FOREIGN, type KnownBytes, sourceBytes } from './object-bytes.ts'
import { opaque } from './opaque-profile.ts'
import { headHeaders, plainClient, upload } from './plain-requests.ts'
import { ownCertificate } from './secure-matrix.ts'
import { KIT_MIN_PART_BYTES } from './shapes.ts'
import type { Stage } from './stage.ts'

interface Kit {
  readonly personality: PersonalityDefinition
  readonly profile: ProviderProfile
}

const KITS: Readonly<Record<'kit-ceph' | 'kit-aws', Kit>> = {
  'kit-ceph': withSmallParts('ceph', cephProfile),
  'kit-aws': withSmallParts('aws', awsProfile),
}

function withSmallParts(id: 'ceph' | 'aws', profile: ProviderProfile): Kit {
  return {
    personality: { id, extends: id, limits: { minPartBytes: KIT_MIN_PART_BYTES } },
    profile: { ...profile, limits: { ...profile.limits, minPartBytes: KIT_MIN_PART_BYTES } },
  }
}

const BUCKET = 'matrix'
const SOURCE_KEY = 'source'

/** Two servers of the kit for one cell, each with its own faults. */
export async function kitStage(cell: Cell): Promise<Stage> {
  if (cell.ground === 'rgw' || cell.ground === 'evidence') throw new Error(`${cell.id} does not run over the kit`)
  const { personality, profile } = KITS[cell.ground]
  const { shape, row } = cell
  const { setting = {} } = row
  const source = await startS3Server({ personality, buckets: [BUCKET], ...ownCertificate })
  const destination = await startS3Server({ personality, buckets: [BUCKET], ...ownCertificate })
  const clients = [source, source, destination, destination].map(({ clientConfig }) => plainClient({ ...clientConfig, maxAttempts: 1 })) as Quadruple
  const [sourceClient, sourcePlain, destinationClient, destinationPlain] = clients
  const first = sourceBytes(shape)
  const states: KnownBytes[] = [first]
  const hands: StageHands = {
    async changeSource() {
      const changed = changedBytes(shape, states.length)
      states.push(changed)
      source.put(BUCKET, SOURCE_KEY, changed.bytes)
    },
    async writeAsSomebodyElse() {
      destination.put(BUCKET, cell.id, FOREIGN)
    },
    earlierHead: null,
  }
  if (setting.versionedSource === true) await keepVersions(sourcePlain)
  if (setting.versionedDestination === true) await keepVersions(destinationPlain)
  await upload(sourcePlain, BUCKET, SOURCE_KEY, first.bytes, shape.partSizeBytes)
  if (setting.emptyDestination !== true) destination.put(BUCKET, cell.id, EARLIER)
  const armed: StageHands = setting.emptyDestination === true ? hands : { ...hands, earlierHead: await headHeaders(destinationPlain, BUCKET, cell.id) }
  const rules = { source: faultRules(cell, 'source', armed), destination: faultRules(cell, 'destination', armed) }
  source.setFaults(rules.source.map(({ rule }) => rule))
  destination.setFaults(rules.destination.map(({ rule }) => rule))
  const fired = (): number[] => {
    const counts = row.faults(shape).map(() => 0)
    for (const [server, armedRules] of [[source, rules.source] as const, [destination, rules.destination] as const]) {
      for (const { rule } of server.firedFaults) {
        const at = armedRules.find((item) => item.rule === rule)?.fault
        if (at !== undefined) counts[at] = (counts[at] ?? 0) + 1
      }
    }
    return counts
  }
  let counted: readonly number[] | null = null
  return {
    source: { bucket: BUCKET, key: SOURCE_KEY, profile: setting.opaqueSource === true ? opaque(profile) : profile, client: sourceClient, plain: sourcePlain },
    destination: { bucket: BUCKET, key: cell.id, profile, client: destinationClient, plain: destinationPlain },
    async sourceStates() {
      const now = source.peek(BUCKET, SOURCE_KEY)
      return now === null || states.some(({ bytes }) => bytes.equals(now)) ? states : [...states, await stateNow(source, now)]
    },
    fired: () => counted ?? fired(),
    async lift() {
      counted = fired()
      source.setFaults([])
      destination.setFaults([])
    },
    async close() {
      for (const client of clients) client.destroy()
      await Promise.all([source.close(), destination.close()])
    },
  }
}

type Client = ReturnType<typeof plainClient>
type Quadruple = [Client, Client, Client, Client]

async function keepVersions(client: Client): Promise<void> {
  await client.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: 'Enabled' } }))
}

/** The state that the kit's own fault left: bytes that it made up. */
async function stateNow(server: S3TestServer, bytes: Buffer): Promise<KnownBytes> {
  const client = plainClient(server.clientConfig)
  try {
    const { etag = '' } = await headHeaders(client, BUCKET, SOURCE_KEY)
    return { bytes, etag: etag.replaceAll('"', '') }
  } finally {
    client.destroy()
  }
}
