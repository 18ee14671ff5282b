import { readFileSync } from 'node:fs'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { createS3ObjectStore, type ProviderProfile } from '@sealift/core'
import { awsProfile, cephProfile, minioProfile, r2Profile, swiftProfile } from '@sealift/provider-detect'
import { type ObjectStoreSubject, objectStoreConformance, startS3Server } from '@sealift/testing'
import { afterAll, describe, it } from 'vitest'
import { describeWithServer } from '../../../../test/servers/real-servers.ts'
import { CEPH_EXCEPTIONS, KIT_EXCEPTIONS, SWIFT_EXCEPTIONS } from './object-store-exceptions.ts'

const runner = { describe, it }

interface Place {
  readonly endpoint: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  readonly caFile?: string | undefined
}

/** A store through a client of its own, in the SDK's default settings: checksums WHEN_SUPPORTED. */
async function subjectOf(place: Place, profile: ProviderProfile): Promise<ObjectStoreSubject> {
  const agents = [
    new HttpAgent({ keepAlive: true }),
    new HttpsAgent({ keepAlive: true, ...(place.caFile === undefined ? {} : { ca: readFileSync(place.caFile) }) }),
  ] as const
  const client = new S3Client({
    endpoint: place.endpoint,
    region: place.region,
    credentials: place.credentials,
    forcePathStyle: true,
    requestHandler: { httpAgent: agents[0], httpsAgent: agents[1] },
  })
  const bucket = `conformance-${Date.now().toString(36)}${Math.floor(Math.random() * 1e9).toString(36)}`
  await client.send(new CreateBucketCommand({ Bucket: bucket }))
  const store = await createS3ObjectStore({ client, profile, side: 'destination' })
  return { store, bucket, busySockets: () => agents.reduce((sum, agent) => sum + Object.values(agent.sockets).flat().length, 0) }
}

describeWithServer(['rgw-destination'], 'objectStoreConformance over Ceph RGW, http', (servers) => {
  objectStoreConformance(runner, { create: () => subjectOf(servers['rgw-destination'], cephProfile), exceptions: CEPH_EXCEPTIONS })
})

describeWithServer(['rgw-destination'], 'objectStoreConformance over Ceph RGW, https with a private CA', (servers) => {
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
    create: () => subjectOf({ ...server, endpoint: tlsEndpoint }, cephProfile),
    exceptions: CEPH_EXCEPTIONS,
    // the same server as above
    withoutLarge: true,
  })
})

describeWithServer(['swift-destination'], 'objectStoreConformance over OpenStack Swift', (servers) => {
  objectStoreConformance(runner, { create: () => subjectOf(servers['swift-destination'], swiftProfile), exceptions: SWIFT_EXCEPTIONS })
})

for (const { personality, profile } of [
  { personality: 'aws', profile: awsProfile },
  { personality: 'minio', profile: minioProfile },
  { personality: 'r2', profile: r2Profile },
  { personality: 'ceph', profile: cephProfile },
  { personality: 'swift', profile: swiftProfile },
] as const) {
  describe(`objectStoreConformance over our own server as ${personality}`, () => {
    const closing: (() => Promise<unknown>)[] = []
    afterAll(() => Promise.all(closing.map((close) => close())))
    objectStoreConformance(runner, {
      create: async () => {
        const server = await startS3Server({ personality })
        closing.push(() => server.close())
        return subjectOf(server, profile)
      },
      exceptions: KIT_EXCEPTIONS[personality],
      withoutLarge: personality !== 'aws',
    })
  })
}
