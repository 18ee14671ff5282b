import { readFileSync } from 'node:fs'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import * as sdk from '@aws-sdk/client-s3'
import { createS3ObjectStore, type ProviderProfile } from '@sealift/core'
import { awsProfile, cephProfile, minioProfile, r2Profile, swiftProfile } from '@sealift/provider-detect'
import { type ObjectStoreSubject, objectStoreConformance, startS3Server } from '@sealift/testing'
import { afterAll, describe, it } from 'vitest'
import { describeWithServer } from '../../../../test/servers/real-servers.ts'
import { directClientOf } from '../../src/s3/direct/direct-client.ts'
import { CEPH_EXCEPTIONS, KIT_EXCEPTIONS, SWIFT_EXCEPTIONS } from './object-store-exceptions.ts'

const runner = { describe, it }

interface Place {
  readonly endpoint: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  readonly caFile?: string | undefined
}

const TRANSPORTS = ['sdk', 'direct'] as const
type Transport = (typeof TRANSPORTS)[number]

/** A store through a client of its own, in the SDK's default settings: checksums WHEN_SUPPORTED. */
async function subjectOf(place: Place, profile: ProviderProfile, transport: Transport): Promise<ObjectStoreSubject> {
  const { client, busySockets } = transport === 'sdk' ? bySdk(place) : await direct(place)
  const bucket = `conformance-${Date.now().toString(36)}${Math.floor(Math.random() * 1e9).toString(36)}`
  await client.send(new sdk.CreateBucketCommand({ Bucket: bucket }))
  const store = await createS3ObjectStore({ client, profile, side: 'destination', transport })
  return { store, bucket, busySockets }
}

interface Connected {
  readonly client: sdk.S3Client
  readonly busySockets: () => number
}

function bySdk(place: Place): Connected {
  const agents = [
    new HttpAgent({ keepAlive: true }),
    new HttpsAgent({ keepAlive: true, ...(place.caFile === undefined ? {} : { ca: readFileSync(place.caFile) }) }),
  ] as const
  const client = new sdk.S3Client({ ...settings(place), requestHandler: { httpAgent: agents[0], httpsAgent: agents[1] } })
  return { client, busySockets: () => agents.reduce((sum, agent) => sum + Object.values(agent.sockets).flat().length, 0) }
}

/** Agents of its own would keep a client on the SDK: a private CA comes in as NODE_EXTRA_CA_CERTS would bring it. */
async function direct(place: Place): Promise<Connected> {
  if (place.caFile !== undefined) setDefaultCACertificates([...getCACertificates('default'), readFileSync(place.caFile, 'latin1')])
  const client = new sdk.S3Client(settings(place))
  const { http } = directClientOf(sdk, client)
  return { client, busySockets: () => http.busyConnections }
}

function settings({ endpoint, region, credentials }: Place): sdk.S3ClientConfig {
  return { endpoint, region, credentials, forcePathStyle: true }
}

for (const transport of TRANSPORTS) {
  describeWithServer(['rgw-destination'], `objectStoreConformance over Ceph RGW, http, ${transport}`, (servers) => {
    objectStoreConformance(runner, {
      create: () => subjectOf(servers['rgw-destination'], cephProfile, transport),
      exceptions: CEPH_EXCEPTIONS,
      // over thousands of requests: here on the direct way, over our own server by the SDK
      withoutLarge: transport !== 'direct',
    })
  })

  describeWithServer(['rgw-destination'], `objectStoreConformance over Ceph RGW, https with a private CA, ${transport}`, (servers) => {
    const { tlsEndpoint, ...server } = servers['rgw-destination']
    if (tlsEndpoint === undefined) {
      const how = 'set RGW_TLS_PORT_A and RGW_TLS_PORT_B before test/servers/radosgw.sh start'
      it('skipped: Ceph RGW runs without TLS', (context) => {
        if (process.env['REQUIRE_REAL_SERVERS'] === '1') throw new Error(`RGW runs without TLS, and REQUIRE_REAL_SERVERS=1; ${how}`)
        context.skip(how)
      })
      return
    }
    objectStoreConformance(runner, {
      create: () => subjectOf({ ...server, endpoint: tlsEndpoint }, cephProfile, transport),
      exceptions: CEPH_EXCEPTIONS,
      // the same server as above
      withoutLarge: true,
    })
  })

  describeWithServer(['swift-destination'], `objectStoreConformance over OpenStack Swift, ${transport}`, (servers) => {
    objectStoreConformance(runner, {
      create: () => subjectOf(servers['swift-destination'], swiftProfile, transport),
      exceptions: SWIFT_EXCEPTIONS,
      // 40 s there; paging is tried on Ceph
      withoutLarge: true,
    })
  })

  for (const { personality, profile } of [
    { personality: 'aws', profile: awsProfile },
    { personality: 'minio', profile: minioProfile },
    { personality: 'r2', profile: r2Profile },
    { personality: 'ceph', profile: cephProfile },
    { personality: 'swift', profile: swiftProfile },
  ] as const) {
    describe(`objectStoreConformance over our own server as ${personality}, ${transport}`, () => {
      const closing: (() => Promise<unknown>)[] = []
      afterAll(() => Promise.all(closing.map((close) => close())))
      objectStoreConformance(runner, {
        create: async () => {
          const server = await startS3Server({ personality })
          closing.push(() => server.close())
          return subjectOf(server, profile, transport)
        },
        exceptions: KIT_EXCEPTIONS[personality],
        withoutLarge: personality !== 'aws' || transport !== 'sdk',
      })
    })
  }
}
